"""A piano-roll in characters: one column a sixteenth, one row a pitch, bars between lines. Readable without colour."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from hardcore.music.meter import MeterMap
from hardcore.music.pitch import note_name
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note

ACCENT, GHOST = 110, 60
_LOUDER = " .-oxX"


class Column(NamedTuple):
    """A sixteenth of a bar; the last one of a bar may be shorter."""

    tick: int
    bar: int
    starts_bar: bool
    starts_beat: bool


def draw(notes: Sequence[Note], length_ticks: int, meter_map: MeterMap, *, width: int = 80, flats: bool = False) -> str:
    """Return the notes drawn, wrapped into as many systems as `width` columns need.

    `X` is an accented start (velocity 110 and up), `x` a start, `o` a ghost (below 60), `-` the note held, `.` a beat.
    The number of a bar stands above its line; a system that goes on inside a bar begins with `:` under `bar.beat`.
    """
    pitches = sorted({note.pitch for note in notes}, reverse=True)
    if not pitches:
        return "(empty)"
    columns = list(_columns(length_ticks, meter_map))
    rows = {pitch: "".join(row) for pitch, row in _rows(notes, columns).items()}
    label = max(len(note_name(pitch, flats)) for pitch in pitches) + 1
    names = {pitch: note_name(pitch, flats).ljust(label) for pitch in pitches}
    systems = []
    for first, last in _systems(columns, max(8, width - label - 1)):
        lines = [" " * label + _heading(columns[first:last], meter_map).rstrip()]
        bars = [first, *(place for place in range(first + 1, last) if columns[place].starts_bar), last]
        start = "|" if columns[first].starts_bar else ":"
        end = "|" if last == len(columns) or columns[last].starts_bar else ":"
        for pitch in pitches:
            row = "|".join([rows[pitch][a:b] for a, b in pairwise(bars)])
            lines.append(f"{names[pitch]}{start}{row}{end}")
        systems.append("\n".join(lines))
    return "\n\n".join(systems)


def _columns(length_ticks: int, meter_map: MeterMap) -> Iterator[Column]:
    bar = 0
    while (start := meter_map.bar_start(bar)) < length_ticks:
        unit = meter_map.at(start).unit_ticks
        for tick in range(start, min(meter_map.bar_start(bar + 1), length_ticks), SIXTEENTH):
            yield Column(tick, bar, tick == start, (tick - start) % unit == 0)
        bar += 1


def _rows(notes: Sequence[Note], columns: list[Column]) -> dict[int, list[str]]:
    """Return a row of characters for each pitch, over all columns; of two notes in one column the louder shows."""
    ground = ["." if column.starts_beat else " " for column in columns]
    ticks = [column.tick for column in columns]
    rows = {pitch: list(ground) for pitch in {note.pitch for note in notes}}
    for note in sorted(notes):
        row = rows[note.pitch]
        # Hand-played notes stand a little beside the grid: a start shows in the nearest column.
        first = max(0, bisect_right(ticks, note.start_ticks + SIXTEENTH // 2) - 1)
        last = bisect_right(ticks, note.end_ticks - 1) - 1
        sign = "X" if note.velocity >= ACCENT else "x" if note.velocity >= GHOST else "o"
        if _LOUDER.index(sign) > _LOUDER.index(row[first]):
            row[first] = sign
        if last > first:
            row[first + 1 : last + 1] = "-" * (last - first)
    return rows


def _systems(columns: list[Column], room: int) -> Iterator[tuple[int, int]]:
    """Return spans of columns that fit in `room` characters: whole bars, or beats of a bar that is wider than that."""
    first = 0
    while first < len(columns):
        last, used = first, 0
        while last < len(columns):
            used += 1 + (columns[last].starts_bar or last == first)
            if used > room:
                break
            last += 1
        if last < len(columns):
            last = _broken(columns, first, last)
        yield first, last
        first = last


def _broken(columns: list[Column], first: int, last: int) -> int:
    """Return the best place at or before `last` to end a system: after 1, 2, 4 … bars, else at a beat, else there."""
    bars = [place for place in range(first + 1, last + 1) if columns[place].starts_bar]
    if bars:
        return bars[(1 << (len(bars).bit_length() - 1)) - 1]
    beats = (place for place in range(last, first, -1) if columns[place].starts_beat)
    return next(beats, None) or max(last, first + 1)


def _heading(columns: Sequence[Column], meter_map: MeterMap) -> str:
    """Return the line of bar numbers; one that would touch the number before it is left out."""
    line = ""
    at = 0
    for place, column in enumerate(columns):
        if column.starts_bar or place == 0:
            number = str(column.bar + 1)
            if not column.starts_bar:
                number += f".{meter_map.position(column.tick).beat}"
            if not line or len(line) < at:
                line = line.ljust(at) + number
            at += 1
        at += 1
    return line
