"""Meters: the level of every track as the engine reports it, and lamps that stay lit once a track went over 0 dBFS."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import log10

from hardcore.engine.osc import Argument
from hardcore.project.track import Track

# Below this is silence: a meter that rests says the same each time, so nothing is sent.
FLOOR_DB = -100.0


def decibels(level: float) -> float:
    """Return a linear level in dBFS with one decimal, `FLOOR_DB` at least."""
    return round(max(FLOOR_DB, 20 * log10(level)), 1) if level > 0 else FLOOR_DB


@dataclass
class Meters:
    """Peak and RMS by the number in a track's id: of the louder side, linear."""

    peaks: dict[int, float] = field(default_factory=dict)
    powers: dict[int, float] = field(default_factory=dict)
    over: set[int] = field(default_factory=set)

    def take(self, words: Sequence[Argument]) -> None:
        """Take in a `/meter node id peak_left peak_right rms_left rms_right`."""
        number, peak = int(words[1]), max(float(words[2]), float(words[3]))
        self.peaks[number], self.powers[number] = peak, max(float(words[4]), float(words[5]))
        if peak > 1:
            self.over.add(number)

    def peaks_db(self, tracks: Iterable[Track]) -> dict[str, float]:
        """Return the peak of each track that was heard of, in dBFS."""
        return _by_track(self.peaks, tracks)

    def rms_db(self, tracks: Iterable[Track]) -> dict[str, float]:
        """Return the RMS level of each track that was heard of, in dBFS, over about 0.15 s."""
        return _by_track(self.powers, tracks)

    def silent(self, tracks: Collection[Track]) -> bool:
        """Return whether no track that was heard of is above `FLOOR_DB`, in peak or RMS level."""
        return len(self.at_floor(tracks)) == len(_by_track(self.peaks, tracks))

    def at_floor(self, tracks: Collection[Track]) -> list[str]:
        """Return the tracks that were heard of and are not above `FLOOR_DB`, in peak or RMS level."""
        peaks, powers = _by_track(self.peaks, tracks), _by_track(self.powers, tracks)
        return [track for track, level in peaks.items() if level == powers[track] == FLOOR_DB]

    def clipped(self, tracks: Iterable[Track]) -> tuple[str, ...]:
        """Return the tracks whose lamp is lit."""
        return tuple(track.id for track in tracks if int(track.id[1:]) in self.over)


def _by_track(levels: dict[int, float], tracks: Iterable[Track]) -> dict[str, float]:
    numbers = ((track.id, int(track.id[1:])) for track in tracks)
    return {track_id: decibels(levels[number]) for track_id, number in numbers if number in levels}
