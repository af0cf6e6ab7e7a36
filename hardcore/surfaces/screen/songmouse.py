"""Dragging in the arrangement view: what a drag from one cell to another means, as the one line that it becomes.

A block moves, or at its first or last cell begins or ends elsewhere; a section moves before another, or at its last
cell gets longer or shorter; the ruler loops; what is empty is selected. The two cells decide, not the way between them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.project.placement import Placement, between
from hardcore.project.section import Section
from hardcore.project.sections import find_section, ticks_of
from hardcore.project.state import ProjectState
from hardcore.surfaces.screen.chain import track_word
from hardcore.surfaces.screen.songcursor import Selection, bar_text
from hardcore.surfaces.screen.songrows import Window
from hardcore.surfaces.screen.view import Cell

# blocks narrower than this are only moved
_WITH_EDGES = 3


class Frame(NamedTuple):
    """What the view drew last: its window, the rows above the tracks, and the track of each row below them."""

    window: Window
    top_rows: int
    rows: Sequence[int]

    def tick(self, column: int) -> int:
        """Return the tick of a column of the view; one outside is the nearest inside."""
        window = self.window
        return window.first + min(max(column - window.label, 0), window.cells - 1) * window.cell


class Drag(NamedTuple):
    """What a drag comes to: the line that does it, and the stretch it is about then; either may be none."""

    line: str = ""
    target: Selection | None = None


def dragged(start: Cell, now: Cell, frame: Frame, chosen: Selection | None, project: ProjectState) -> Drag:
    """Return what a drag from a cell to another means; `chosen` is what is selected, which moves as a whole."""
    if start.column < frame.window.label or start.column >= frame.window.label + frame.window.cells:
        return Drag()
    row = start.row - frame.top_rows
    if row == -1:
        return _looped(start, now, frame, project)
    if row < 0:
        return _section(start, now, frame, project) if start.row == 0 and project.sections else Drag()
    return _on_tracks(start, now, frame, chosen, project) if row < len(frame.rows) else Drag()


def _on_tracks(start: Cell, now: Cell, frame: Frame, chosen: Selection | None, project: ProjectState) -> Drag:
    place, tick = frame.rows[start.row - frame.top_rows], frame.tick(start.column)
    if chosen is not None and chosen.first <= place <= chosen.last and chosen.start <= tick < chosen.end:
        return _moved(chosen, start, now, frame, project)
    there = between(project.tracks[place].placements, tick, tick + 1)
    if there:
        return _block(place, there[0], start, now, frame, project)
    last = min(max(now.row - frame.top_rows, 0), len(frame.rows) - 1)
    rows = sorted((place, frame.rows[last]))
    ticks = sorted((tick, frame.tick(now.column)))
    return Drag(target=Selection(rows[0], rows[1], ticks[0], ticks[1] + frame.window.cell))


def _block(place: int, block: Placement, start: Cell, now: Cell, frame: Frame, project: ProjectState) -> Drag:
    window = frame.window
    cells = window.column(block.start_ticks), window.column(block.end_ticks - 1)
    whole = Selection(place, place, block.start_ticks, block.end_ticks)
    grabbed = start.column - window.label
    if cells[1] - cells[0] + 1 < _WITH_EDGES or grabbed not in cells:
        return _moved(whole, start, now, frame, project)
    by = frame.tick(now.column) - frame.tick(start.column)
    at_end = grabbed == cells[1]
    edge = (block.end_ticks if at_end else block.start_ticks) + by
    target = whole._replace(end=edge) if at_end else whole._replace(start=edge)
    if not by or not 0 <= target.start < target.end:
        return Drag(target=whole)
    name, option = track_word(project, project.tracks[place]), "--end" if at_end else "--start"
    return Drag(f"/arrangement trim {name} {bar_text(project, whole.start)} {option} {bar_text(project, edge)}", target)


def _moved(chosen: Selection, start: Cell, now: Cell, frame: Frame, project: ProjectState) -> Drag:
    by = max(frame.tick(now.column) - frame.tick(start.column), -chosen.start)
    target = chosen._replace(start=chosen.start + by, end=chosen.end + by)
    if not by:
        return Drag(target=target)
    first, until, to = (bar_text(project, tick) for tick in (chosen.start, chosen.end, target.start))
    return Drag(f"/arrangement move {chosen.tracks(project)} {first} {to} --until {until}", target)


def _section(start: Cell, now: Cell, frame: Frame, project: ProjectState) -> Drag:
    place, other = (_section_at(project, frame.tick(cell.column)) for cell in (start, now))
    if place is None:
        return Drag()
    first, end = ticks_of(project, place)
    window, bar_of, section = frame.window, project.meter_map.bar_of, project.sections[place]
    cells = window.column(first), window.column(end - 1)
    whole = Selection(0, len(project.tracks) - 1, first, end)
    if cells[0] < cells[1] == start.column - window.label:
        until = frame.tick(now.column) + window.cell
        bars = max(bar_of(until - 1) + 1 - bar_of(first), 1)
        target = whole._replace(end=project.meter_map.bar_start(bar_of(first) + bars))
        return Drag(f"/section resize {section_word(project, section)} {bars}" if bars != section.bars else "", target)
    if other == place:
        return Drag(target=whole)
    before = len(project.sections) if other is None else other + (other > place)
    named = section_word(project, project.sections[before]) if before < len(project.sections) else "end"
    target = (
        whole if other is None else whole._replace(start=ticks_of(project, other)[0], end=ticks_of(project, other)[1])
    )
    return Drag(f"/section move {section_word(project, section)} --before {named}", target)


def section_word(project: ProjectState, section: Section) -> str:
    """Return what names a section in a line: its name, in quotes where it is several words, else its id."""
    plain = all(letter.isalnum() or letter in " -_" for letter in section.name)
    if not plain or project.sections[find_section(project, section.name)] is not section:
        return section.id
    return f'"{section.name}"' if " " in section.name else section.name


def _section_at(project: ProjectState, tick: int) -> int | None:
    places = range(len(project.sections))
    return next((place for place in places if ticks_of(project, place)[0] <= tick < ticks_of(project, place)[1]), None)


def _looped(start: Cell, now: Cell, frame: Frame, project: ProjectState) -> Drag:
    ticks = sorted((frame.tick(start.column), frame.tick(now.column)))
    bar_of = project.meter_map.bar_of
    first, last = bar_of(ticks[0]), bar_of(ticks[1] + frame.window.cell - 1)
    bar_start = project.meter_map.bar_start
    target = Selection(0, len(project.tracks) - 1, bar_start(first), bar_start(last + 1))
    return Drag(f"/loop {first + 1} --bars {last + 1 - first}", target)
