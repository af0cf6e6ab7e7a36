"""Sleep: a track that is silent while others play is paused and costs nothing; its next note wakes it.

A track sleeps once it has had no note for as long as it may ring on, and its meter is at the floor then. What wakes it
stands before the note in the same bundle: both begin in the same block of the engine.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.score import own_tail_seconds
from hardcore.player.rest import REST_S
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


@dataclass
class Sleep:
    """Which tracks are paused, at `rate` frames a second.

    after_s   so long a track stays awake after it may have rung out
    """

    rate: int
    after_s: float = REST_S
    asleep: set[str] = field(default_factory=set)
    # Those that have slept since all were woken: what woke one may have been taken back before it was due.
    _slept: set[str] = field(default_factory=set)
    _last: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0

    def stir(self, track_id: str, sample: float) -> list[bytes]:
        """Note that something is done with a track at a sample; return what wakes it before that."""
        self._last[track_id] = max(sample, self._last.get(track_id, 0.0))
        if track_id not in self.asleep:
            return []
        self.asleep.remove(track_id)
        return [_run(track_id, True)]

    def wake(self, sample: float) -> list[bytes]:
        """Return what wakes every track; all are as if something had been done with them at a sample."""
        woken = [_run(track_id, True) for track_id in sorted(self._slept)]
        self.asleep.clear()
        self._slept.clear()
        self._last.clear()
        self._since = sample
        return woken

    def fall(self, project: ProjectState, sample: float, holding: Set[str], silent: Iterable[str]) -> list[bytes]:
        """Return what pauses the tracks that are silent at a sample and ring on no more.

        holding   tracks with a note that is down
        silent    tracks whose meters are at the floor
        """
        quiet = set(silent) - holding - self.asleep
        tired = [track.id for track in project.tracks if track.id in quiet and self._is_over(track, sample)]
        self.asleep.update(tired)
        self._slept.update(tired)
        return [_run(track_id, False) for track_id in tired]

    def _is_over(self, track: Track, sample: float) -> bool:
        # Hands play past the sequencer; groups, returns and the master sound by what others feed them.
        if track.kind != "midi" or track.midi_in is not None:
            return False
        last = max(self._last.get(track.id, 0.0), self._since)
        return sample - last > (own_tail_seconds(track) + self.after_s) * self.rate


def _run(track_id: str, on: bool) -> bytes:
    return message("/n_run", nodes.track_group(track_id), int(on))
