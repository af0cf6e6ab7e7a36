"""A block of the arrangement in small: its clip's name, and a picture of the notes that play in each cell."""

from bisect import bisect_right
from functools import lru_cache

from hardcore.project.clip import Automation
from hardcore.project.notes import NoteBlock
from hardcore.surfaces.screen.glyphs import glyphs

# a bar of drums is no wall
_DRUMS_SHARE = 0.6


@lru_cache(maxsize=1 << 11)
def notes_picture(
    notes: NoteBlock, length: int, offset: int, cell_ticks: int, cells: int, pitched: bool, ascii_only: bool
) -> str:
    """Return a letter a cell for what of a clip that loops plays in it, from `offset` ticks into it on.

    The higher the letter, the higher the notes on the whole, or of drums the more of them; a space plays nothing.
    """
    levels = glyphs(ascii_only).velocities
    if not notes:
        return " " * cells
    values = (_pitches if pitched else _hits)(notes, length, cell_ticks, offset, cells)
    low, high = _span(notes, pitched, values)
    letters = []
    for value in values:
        if value is None:
            letters.append(" ")
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        share *= 1.0 if pitched else _DRUMS_SHARE
        letters.append(levels[min(len(levels) - 1, int(share * len(levels)))])
    return "".join(letters)


def _span(notes: NoteBlock, pitched: bool, values: list[float | None]) -> tuple[float, float]:
    if not pitched:
        return 0.0, max((value for value in values if value is not None), default=1.0)
    pitches = [note.pitch for note in notes]
    return min(pitches), max(pitches) + 1e-6


def _pitches(notes: NoteBlock, length: int, cell_ticks: int, offset: int, cells: int) -> list[float | None]:
    """Return the mean pitch of what sounds in each cell, None for a rest."""
    found: list[float | None] = []
    ordered = list(notes)
    starts = [note.start_ticks for note in ordered]
    for cell in range(cells):
        first = (offset + cell * cell_ticks) % length
        last = bisect_right(starts, min(first + cell_ticks, length) - 1)
        heard = [note.pitch for note in ordered[max(0, last - 64) : last] if note.end_ticks > first]
        found.append(sum(heard) / len(heard) if heard else None)
    return found


def _hits(notes: NoteBlock, length: int, cell_ticks: int, offset: int, cells: int) -> list[float | None]:
    """Return how many notes begin in each cell, by their loudness, None for none."""
    found: list[float | None] = []
    for cell in range(cells):
        first = (offset + cell * cell_ticks) % length
        there = notes.between(first, min(first + cell_ticks, length))
        total = sum(note.velocity / 127 for note in there)
        found.append(total if total else None)
    return found


@lru_cache(maxsize=1 << 9)
def lane_picture(
    envelope: Automation, span: tuple[float, float], first: int, cell_ticks: int, cells: int, ascii_only: bool
) -> str:
    """Return a letter a cell for how high an envelope is there in its parameter's range, bent as its knob is."""
    levels = glyphs(ascii_only).velocities
    low, high = span
    letters = []
    for cell in range(cells):
        value = envelope.at(first + cell * cell_ticks + cell_ticks // 2)
        share = share_of(value, low, high)
        letters.append(levels[min(len(levels) - 1, max(0, int(share * len(levels))))])
    return "".join(letters)


def share_of(value: float, low: float, high: float, exponential: bool | None = None) -> float:
    """Return how far up a range a value is, 0–1; by ratio where the range is one of ratios, such as a frequency's."""
    import math

    by_ratio = (low > 0 and high / low > 50) if exponential is None else exponential
    if by_ratio and value > 0:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low) if high > low else 0.0
