"""Sleep: a track that is silent while others play is paused and costs nothing; its next note or sound wakes it.

A track sleeps once it has had nothing to play for as long as it may ring on, and its meter is at the floor then; a
group or a return once all that feed it sleep, and have for as long as it may ring on itself. What wakes a track wakes
all that it feeds, and stands before the note in the same bundle: both begin in the same block of the engine.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.score import own_tail_seconds
from hardcore.player.rest import REST_S
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track


@dataclass
class Sleep:
    """Which tracks are paused, at `rate` frames a second.

    after_s   so long a track stays awake after it may have rung out
    asleep    those that are paused, and since which sample
    """

    rate: int
    after_s: float = REST_S
    asleep: dict[str, float] = field(default_factory=dict)
    # Those that have slept since all were woken: what woke one may have been taken back before it was due.
    _slept: set[str] = field(default_factory=set)
    _last: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0
    _routing: "_Routing | None" = None

    def stir(self, project: ProjectState, track_id: str, sample: float, until: float = 0.0) -> list[bytes]:
        """Note that something is done with a track at a sample, or goes on in it until another; return what wakes it
        and all that it feeds before that."""
        requests = []
        for one in self._routed(project).after.get(track_id, (track_id,)):
            self._last[one] = max(sample, until, self._last.get(one, 0.0))
            if self.asleep.pop(one, None) is not None:
                requests.append(_run(one, True))
        return requests

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
        quiet, feeding = set(silent) - holding - self.asleep.keys(), self._routed(project).before
        tired = [track.id for track in project.tracks if track.id in quiet and self._is_over(track, sample, feeding)]
        self.asleep.update(dict.fromkeys(tired, sample))
        self._slept.update(tired)
        return [_run(track_id, False) for track_id in tired]

    def _is_over(self, track: Track, sample: float, feeding: Mapping[str, Set[str]]) -> bool:
        # Hands play past the sequencer, and sounds that are tried past all tracks into the master.
        feeders = feeding.get(track.id, frozenset())
        if track.kind == "master" or track.midi_in is not None or not feeders <= self.asleep.keys():
            return False
        last = max(self._last.get(track.id, 0.0), self._since, *(self.asleep[one] for one in feeders), 0.0)
        return sample - last > (own_tail_seconds(track) + self.after_s) * self.rate

    def _routed(self, project: ProjectState) -> "_Routing":
        if self._routing is None or self._routing.project is not project:
            self._routing = _Routing.of(project)
        return self._routing


@dataclass(frozen=True)
class _Routing:
    """Which tracks of a project feed each track directly, and each track with all groups and returns that it feeds."""

    project: ProjectState
    before: Mapping[str, Set[str]]
    after: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, project: ProjectState) -> "_Routing":
        goals = {track.id: {send.target for send in track.sends} for track in project.tracks}
        for track in project.tracks:
            goals[track.id] |= {track.output} if track.output is not None else set()
        before: dict[str, set[str]] = {track_id: set() for track_id in goals}
        for track_id, fed in goals.items():
            for one in fed & before.keys():
                before[one].add(track_id)
        return cls(project, before, {track_id: tuple(_reached(track_id, goals)) for track_id in goals})


def _reached(track_id: str, goals: Mapping[str, Set[str]]) -> dict[str, None]:
    """Return a track and all that it feeds, through others as well; the master is never paused."""
    reached: dict[str, None] = {}
    coming = [track_id]
    while coming:
        one = coming.pop()
        if one not in reached and one in goals and one != MASTER_ID:
            reached[one] = None
            coming += sorted(goals[one])
    return reached


def _run(track_id: str, on: bool) -> bytes:
    return message("/n_run", nodes.track_group(track_id), int(on))
