"""A take: notes that were played, as the notes of a clip: on the grid that ran, or on one that is guessed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hardcore.music.tempoguess import guess_bpm
from hardcore.music.ticks import SIXTEENTH, WHOLE
from hardcore.project.note import Note

BEAT = WHOLE // 4
LOOPS = (1, 2, 4, 8, 16, 32)
# A note that long before a bar line is of that bar: hands are early.
EARLY = SIXTEENTH


class Played(NamedTuple):
    """A note that hands played.

    track        the id of the track that heard it
    on_s, off_s  when it began and ended, seconds of the machine's steady clock
    tick         where the music was when it began, going on where a loop begins again; None: it stood still
    """

    track: str
    pitch: int
    velocity: int
    on_s: float
    off_s: float
    tick: float | None


class Take(NamedTuple):
    """The notes of a clip and its length; `bpm` is the tempo that was guessed, None where the music ran."""

    notes: tuple[Note, ...]
    length_ticks: int
    bpm: float | None = None


def latest(played: Iterable[Played], now_s: float, within_s: float, pause_s: float) -> list[Played]:
    """Return the newest notes within a time, back to the last pause and to where the music began or stopped."""
    found: list[Played] = []
    for one in sorted(played, key=lambda note: note.on_s, reverse=True):
        if one.on_s < now_s - within_s:
            break
        if found and (found[-1].on_s - one.off_s > pause_s or (found[-1].tick is None) != (one.tick is None)):
            break
        found.append(one)
    return found[::-1]


def on_the_grid(played: Sequence[Played], ticks_per_s: float, bar_ticks: int, most_bars: int) -> Take:
    """Return the take of notes that were played while the music ran, from the bar line before the first one."""
    starts = [one.tick or 0.0 for one in played]
    first = int((starts[0] + EARLY) // bar_ticks) * bar_ticks
    end = max(start + (one.off_s - one.on_s) * ticks_per_s for start, one in zip(starts, played, strict=True))
    bars = _bars(end - first, bar_ticks, most_bars)
    notes = _notes(played, [start - first for start in starts], ticks_per_s, bars * bar_ticks)
    return Take(notes, bars * bar_ticks)


def unclocked(played: Sequence[Played], bar_ticks: int, most_bars: int, bpm: float | None = None) -> Take:
    """Return the take of notes that were played while the music stood still: the first one is the first beat.

    The tempo is guessed unless it is given. A last note on the first beat of what would be the next round ends it.
    """
    tempo = bpm or guess_bpm([one.on_s for one in played]) or 120.0
    ticks_per_s = tempo * BEAT / 60
    starts = [(one.on_s - played[0].on_s) * ticks_per_s for one in played]
    for bars in LOOPS:
        if len(played) > 3 and abs(starts[-1] - bars * bar_ticks) <= EARLY:
            whole = bars * bar_ticks
            exact = tempo if bpm else tempo * whole / starts[-1]
            starts = [start * exact / tempo for start in starts[:-1]]
            return Take(_notes(played[:-1], starts, exact * BEAT / 60, whole), whole, _round(exact))
    bars = _bars(starts[-1] + EARLY, bar_ticks, most_bars)
    return Take(_notes(played, starts, ticks_per_s, bars * bar_ticks), bars * bar_ticks, _round(tempo))


def recorded(played: Sequence[Played], start_ticks: int, length_ticks: int, beats_per_s: float) -> list[Note]:
    """Return notes of a clip that began at a tick and goes round, as they were played on it."""
    starts = [max(0, round((one.tick or 0.0) - start_ticks)) % length_ticks for one in played]
    return list(_notes(played, starts, beats_per_s * BEAT, length_ticks))


def bars_of(ticks: float, bar_ticks: int) -> int:
    """Return the length of a loop, in ticks, that holds so many ticks."""
    return _bars(ticks, bar_ticks, LOOPS[-1]) * bar_ticks


def _bars(ticks: float, bar_ticks: int, most: int) -> int:
    """Return how many bars of a loop hold so many ticks."""
    return next((bars for bars in LOOPS if bars * bar_ticks >= ticks - EARLY and bars <= most), most)


def _notes(
    played: Sequence[Played], starts: Sequence[float], ticks_per_s: float, length_ticks: int
) -> tuple[Note, ...]:
    found = []
    for one, start in zip(played, starts, strict=True):
        length = max(1, round((one.off_s - one.on_s) * ticks_per_s))
        if start < length_ticks:
            found.append(Note(max(0, round(start)), min(length, length_ticks), one.pitch, one.velocity))
    return tuple(found)


def _round(bpm: float) -> float:
    """Return a tempo as one would set it: whole where it is nearly so."""
    return float(round(bpm)) if abs(bpm - round(bpm)) < 0.35 else round(bpm, 1)
