"""The rows of the arrangement view: sections, markers, ruler, tracks with blocks and their pictures, a lane."""

from typing import NamedTuple

from hardcore.project.automation import FADER, parameter_of
from hardcore.project.clip import Automation
from hardcore.project.placement import Placement, between
from hardcore.project.roles import DRUMS
from hardcore.project.section import starts
from hardcore.project.sectionkeys import key_of
from hardcore.project.track import Track
from hardcore.surfaces.screen.blockpicture import lane_picture, notes_picture
from hardcore.surfaces.screen.cells import Line, fit, safe, width
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.lanecursor import LaneCursor
from hardcore.surfaces.screen.view import Shown

Cells = list[tuple[str, str]]


class Window(NamedTuple):
    """What of the song is in sight: the width of the labels, the first tick, ticks a cell, how many cells."""

    label: int
    first: int
    cell: int
    cells: int

    @property
    def end(self) -> int:
        """Return the tick behind the last cell."""
        return self.first + self.cell * self.cells

    def column(self, tick: int) -> int:
        """Return the cell of a tick, from 0; it may lie outside."""
        return (tick - self.first) // self.cell


def joined(cells: Cells) -> Line:
    """Return cells as a line: neighbours of one style are one piece."""
    line: Line = []
    for style, letter in cells:
        if line and line[-1][0] == style:
            line[-1] = (style, line[-1][1] + letter)
        else:
            line.append((style, letter))
    return line


def section_row(window: Window, shown: Shown) -> Line:
    """Return the row of the sections: each from a bar on to the next, its name where it begins, its key if another."""
    project, sign = shown.project, glyphs(shown.ascii_only).divide
    text = [" "] * window.cells
    bars = starts(project.sections)
    styles = ["class:section"] * window.cells
    for place, section in enumerate(project.sections):
        first = window.column(project.meter_map.bar_start(bars[place]))
        last = window.column(project.meter_map.bar_start(bars[place + 1]) - 1) + 1
        before = project.sections[place - 1].lift if place else 0
        key = f" {key_of(project, section).short}" if section.lift != before else ""
        label = fit(f"{sign}{safe(section.name)}{key}", max(0, last - first))
        if width(label) == len(label):
            for column, letter in enumerate(label, first):
                if 0 <= column < window.cells:
                    text[column] = letter
                    styles[column] = "class:section.other" if place % 2 else "class:section"
    name = "sections" if project.sections else ""
    return [("class:label", fit(f" {name}", window.label)), *joined(list(zip(styles, text, strict=True)))]


def marker_row(window: Window, shown: Shown) -> Line:
    """Return the row of the markers, each a sign and its name."""
    text = [" "] * window.cells
    for marker in shown.project.markers:
        column = window.column(marker.tick)
        label = f"{glyphs(shown.ascii_only).marker}{safe(marker.name)}"
        if column >= 0 and width(label) == len(label):
            for at, letter in enumerate(label[: max(0, window.cells - column)], column):
                text[at] = letter
    return [("class:label", fit(" markers", window.label)), ("class:marker", "".join(text))]


def ruler_row(window: Window, cursor: int, shown: Shown) -> Line:
    """Return bar numbers with room between them, the loop, the playhead and the cursor."""
    meters, signs = shown.project.meter_map, glyphs(shown.ascii_only)
    cells: Cells = [("class:label", " ")] * window.cells
    loop = shown.playback.loop
    if loop is not None:
        first, last = window.column(loop.start_ticks), window.column(loop.end_ticks - 1)
        for column in range(max(0, first), min(last + 1, window.cells)):
            cells[column] = ("class:loop", signs.held)
    step = next(n for n in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512) if n * meters.bar_ticks() >= 6 * window.cell)
    bar = meters.bar_of(window.first) // step * step
    while (tick := meters.bar_start(bar)) < window.end:
        for at, letter in enumerate(str(bar + 1), window.column(tick)):
            if 0 <= at < window.cells:
                cells[at] = (cells[at][0], letter)
        bar += step
    now = window.column(int(shown.tick))
    if 0 <= now < window.cells:
        cells[now] = ("class:now", signs.play if shown.playback.playing else signs.stop)
    at = window.column(cursor)
    if 0 <= at < window.cells:
        cells[at] = ("class:row.focus", signs.cursor)
    unit = window.cell / meters.bar_ticks()
    label = f" {unit:g} bar{'s' if unit > 1 else ''}" if unit >= 1 else f" 1/{round(1 / unit)} bar"
    return [("class:label", fit(label, window.label)), *joined(cells)]


def track_rows(window: Window, track: Track, tall: int, shown: Shown) -> list[Cells]:
    """Return a track's rows as cells: blocks with names above pictures of their notes, or pictures alone."""
    signs = glyphs(shown.ascii_only)
    ground = _ground(window, shown)
    rows: list[Cells] = [list(ground) for _ in range(tall)]
    if not track.clips and track.automation:
        rows[-1] = [("class:lane", letter) for letter in _along(window, track, track.automation[0], shown)]
    pitched = track.role not in DRUMS
    for placed in between(track.placements, window.first, window.end):
        first = max(0, window.column(placed.start_ticks))
        last = min(window.cells, max(window.column(placed.end_ticks - 1) + 1, first + 1))
        starts_here = placed.start_ticks >= window.first
        style = "class:block.other" if _place(track, placed) % 2 else "class:block"
        for row, text in zip(rows, _texts(window, track, placed, (first, last, pitched, tall), shown), strict=True):
            for column in range(first, last):
                row[column] = (style, text[column - first])
        if starts_here and last > first:
            rows[0][first] = (f"{style} class:block.start", signs.edge)
    return rows


def _place(track: Track, placed: Placement) -> int:
    return track.places[placed.clip]


def _texts(
    window: Window, track: Track, placed: Placement, where: tuple[int, int, bool, int], shown: Shown
) -> list[str]:
    """Return what stands in a block: the picture, and above it the name where there are two rows."""
    first, last, pitched, tall = where
    clip = track.clips[track.places[placed.clip]]
    into = placed.offset_ticks + max(0, window.first + first * window.cell - placed.start_ticks)
    picture = notes_picture(
        clip.notes, clip.length_ticks, into % clip.length_ticks, window.cell, last - first, pitched, shown.ascii_only
    )
    rest = glyphs(shown.ascii_only).rest
    picture = picture.replace(" ", rest)
    if tall == 1:
        return [picture]
    name = safe(clip.name).removeprefix(f"{track.name} ")
    label = fit(f" {name}", last - first)
    held = glyphs(shown.ascii_only).rule
    label = (
        label.rstrip() + held * (len(label) - len(label.rstrip()))
        if width(label) == len(label)
        else held * (last - first)
    )
    return [label, picture]


def _ground(window: Window, shown: Shown) -> Cells:
    """Return an empty row: a dot where the bars are that the ruler numbers."""
    meters, rest = shown.project.meter_map, glyphs(shown.ascii_only).rest
    cells: Cells = [("class:label", " ")] * window.cells
    step = next(n for n in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512) if n * meters.bar_ticks() >= 4 * window.cell)
    bar = -(-meters.bar_of(window.first) // step) * step
    while (tick := meters.bar_start(bar)) < window.end:
        if 0 <= window.column(tick) < window.cells:
            cells[window.column(tick)] = ("class:label", rest)
        bar += step
    return cells


def _along(window: Window, track: Track, envelope: Automation, shown: Shown) -> str:
    parameter = parameter_of(track, envelope.owner, envelope.parameter) or FADER["gain_db"]
    span = (parameter.low, parameter.high)
    return lane_picture(envelope, span, window.first, window.cell, window.cells, shown.ascii_only)


def lane_row(window: Window, lane: LaneCursor, envelope: Automation | None, cursor: int, shown: Shown) -> Line:
    """Return the row of an automation lane: its height in each cell, its points marked, the cursor."""
    track, rest = shown.focus.track(shown.project), glyphs(shown.ascii_only).rest
    text = rest * window.cells if envelope is None else _along(window, track, envelope, shown)
    cells: Cells = [("class:lane", letter) for letter in text]
    for point in envelope.points if envelope is not None else ():
        column = window.column(point.tick)
        if 0 <= column < window.cells:
            cells[column] = ("class:lane.point", cells[column][1])
    column = window.column(cursor)
    if 0 <= column < window.cells:
        cells[column] = (f"{cells[column][0]} class:cursor", cells[column][1])
    return [("class:lane", fit(f" ~{lane.label(shown)}", window.label)), *joined(cells)]
