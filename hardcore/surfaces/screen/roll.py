"""Rows of notes: a piano roll or a drum grid in characters. What a note is shows by its signs, colour only repeats it.

A start is as tall as its velocity (`o`, `x`, `X` in plain letters), what follows is held. Beside the start, where a
step has room: `?` for a chance, 2 to 9 for hits, `~` for a slide, `<` and `>` for early and late.
"""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from hardcore.commands.clips.pianoroll import ACCENT, GHOST
from hardcore.music.meter import MeterMap
from hardcore.project.notes import Note, NoteBlock
from hardcore.surfaces.screen.cells import Line, fit
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.stepgrid import EARLY_TICKS, Window


class Row(NamedTuple):
    """A line of the roll: one pitch of a clip, called `label`. `style` is the label's."""

    track_id: str
    clip_id: str
    notes: NoteBlock
    length_ticks: int
    pitch: int
    label: str
    style: str = "class:row"


class Frame(NamedTuple):
    """What all rows of a drawing share. `cursor` is the place of its step in the window, −1 on rows without it."""

    window: Window
    meters: MeterMap
    step_ticks: int
    label_cells: int
    cursor: int
    ascii_only: bool


@lru_cache(maxsize=256)
def by_pitch(notes: NoteBlock) -> Mapping[int, tuple[Note, ...]]:
    """Return a clip's notes by pitch, each in order of time."""
    found: dict[int, list[Note]] = {}
    for note in notes:
        found.setdefault(note.pitch, []).append(note)
    return {pitch: tuple(played) for pitch, played in found.items()}


def note_at(notes: NoteBlock, pitch: int, tick: int, after_ticks: int) -> Note | None:
    """Return the note that starts in the step from `tick` to `after_ticks`, a little early ones included."""
    early = min(EARLY_TICKS, (after_ticks - tick) // 2)
    return next(
        (n for n in by_pitch(notes).get(pitch, ()) if tick - early <= n.start_ticks < after_ticks - early), None
    )


def held_at(notes: NoteBlock, pitch: int, tick: int) -> Note | None:
    """Return the note that has started before `tick` and still sounds there."""
    before = (n for n in reversed(by_pitch(notes).get(pitch, ())) if n.start_ticks < tick)
    note = next(before, None)
    return note if note is not None and note.end_ticks > tick else None


def roll(rows: tuple[Row, ...], focus: int, frame: Frame) -> list[Line]:
    """Return a line for each row; the cursor is on the row `focus`. A row that stays as it was is the same line."""
    others = frame._replace(cursor=-1)
    return [_line(row, frame if place == focus else others) for place, row in enumerate(rows)]


def ruler(frame: Frame, marks: str, now_ticks: int | None) -> Line:
    """Return the line above the rows: bar numbers, beats, the cursor and, while it plays, where it is."""
    window, signs = frame.window, glyphs(frame.ascii_only)
    line = list(_ground(window, frame.meters, window.end_ticks, signs.divide, signs.rest).replace(signs.divide, " "))
    for column, bar in window.bars:
        number = str(bar + 1)
        line[column : column + len(number)] = number[: len(line) - column]
    cells: list[tuple[str, str]] = [("class:label", letter) for letter in line]
    cells[window.columns[frame.cursor]] = ("class:row.focus", signs.cursor)
    if now_ticks is not None and window.ticks[0] <= now_ticks < window.end_ticks:
        cells[window.columns[bisect_right(window.ticks, now_ticks) - 1]] = ("class:now", signs.play)
    return [("class:label", fit(marks, frame.label_cells)), *_joined(cells)]


@lru_cache(maxsize=512)
def _line(row: Row, frame: Frame) -> Line:
    signs, focused = glyphs(frame.ascii_only), frame.cursor >= 0
    open_, close = signs.focus if focused else (" ", " ")
    style = "class:row.focus" if focused else row.style
    line: Line = [(style, f"{open_}{fit(row.label, frame.label_cells - 2)}{close}")]
    notes = by_pitch(row.notes).get(row.pitch, ())
    ground = _ground(frame.window, frame.meters, row.length_ticks, signs.divide, signs.rest)
    pieces, at = list[tuple[str, str]](), 0
    for start, style, text in _spans(notes, row.length_ticks, frame) if notes else ():
        pieces += [("class:label", ground[at:start]), (style, text)]
        at = start + len(text)
    pieces.append(("class:label", ground[at:]))
    return [*line, *(_with_cursor(pieces, frame) if focused else (piece for piece in pieces if piece[1]))]


def _with_cursor(pieces: list[tuple[str, str]], frame: Frame) -> Line:
    """Return a row with the cursor's step made to stand out."""
    cells = [(style, letter) for style, text in pieces for letter in text]
    first = frame.window.columns[frame.cursor]
    for column in range(first, first + frame.window.cell):
        cells[column] = (f"{cells[column][0]} class:cursor", cells[column][1])
    return _joined(cells)


def _joined(cells: list[tuple[str, str]]) -> Line:
    return [(style, "".join(letter for _, letter in run)) for style, run in groupby(cells, key=lambda cell: cell[0])]


@lru_cache(maxsize=64)
def _ground(window: Window, meters: MeterMap, length_ticks: int, divide: str, rest: str) -> str:
    """Return a row without notes: bar lines, and dots on beats as far as the clip goes."""
    text = [" "] * window.width
    for column, _ in window.bars:
        text[column] = divide
    text[-1] = divide if not window.after else " "
    unit, bar_start, bar_end = 1, 0, 0
    for tick, column in zip(window.ticks, window.columns, strict=True):
        if tick >= length_ticks:
            break
        if tick >= bar_end:
            bar = meters.bar_of(tick)
            bar_start, bar_end, unit = meters.bar_start(bar), meters.bar_start(bar + 1), meters.at(tick).unit_ticks
        if (tick - bar_start) % unit == 0:
            text[column] = rest
    return "".join(text)


def _spans(notes: tuple[Note, ...], length_ticks: int, frame: Frame) -> list[tuple[int, str, str]]:
    """Return the notes of a row as (first cell, style, text) from left to right; of two in one cell the louder shows.

    A note ends where the next one of its pitch begins.
    """
    window = frame.window
    first, end = window.ticks[0], min(window.end_ticks, length_ticks)
    spans: list[tuple[int, str, str]] = []
    loudest = 0
    for note in notes:
        if note.end_ticks <= first:
            continue
        if note.start_ticks >= end:
            break
        place = window.place(note.start_ticks, frame.step_ticks)
        if place < 0 and note.start_ticks >= first:
            continue  # it is drawn on the next page
        start = window.columns[max(place, 0)]
        lead = _lead(note, frame.ascii_only) + _marks(note)[: window.cell - 1] if place >= 0 else ""
        text = lead + glyphs(frame.ascii_only).held * (window.column(min(note.end_ticks, end)) - start - len(lead))
        if spans and spans[-1][0] == start:
            if note.velocity <= loudest:
                continue
            spans.pop()
        elif spans:
            begun, style, before = spans[-1]
            spans[-1] = (begun, style, before[: start - begun])
        loudest = note.velocity if place >= 0 else 0
        spans.append((start, _style(note), text))
    return spans


def _lead(note: Note, ascii_only: bool) -> str:
    levels = glyphs(ascii_only).velocities
    if ascii_only:
        return levels[(note.velocity >= GHOST) + (note.velocity >= ACCENT)]
    return levels[(note.velocity - 1) * len(levels) // 127]


def _marks(note: Note) -> str:
    chance = "?" if note.probability < 100 else ""
    hits = str(min(note.ratchet, 9)) if note.ratchet > 1 else ""
    beside = "" if not note.offset_ticks else "<" if note.offset_ticks < 0 else ">"
    return chance + hits + ("~" if note.slide else "") + beside


def _style(note: Note) -> str:
    if note.probability < 100:
        return "class:note.chance"
    return (
        "class:note.accent"
        if note.velocity >= ACCENT
        else "class:note.ghost"
        if note.velocity < GHOST
        else "class:note"
    )
