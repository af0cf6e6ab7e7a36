"""The cursor of the arrangement view: a cell in tracks × time, how much time a cell is, and what is selected.

Every edit is a line that names tracks, where and until where, and the selection moves along with it: so keys that are
pressed before the line before has run mean what they will mean then.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.project.clip import Clip
from hardcore.project.placement import between
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.chain import track_word
from hardcore.surfaces.screen.noteedits import reference
from hardcore.surfaces.screen.view import Shown

_WHOLE = {
    "remove": "/arrangement remove",
    "join": "/arrangement join",
    "copy": "/clipboard copy",
    "cut": "/clipboard cut",
}
# a cell is so many parts of a bar, or so many bars
ZOOMS = (-16, -8, -4, -2, 1, 2, 4, 8, 16, 32)


class Selection(NamedTuple):
    """A stretch of tracks that follow each other: places of tracks from 0, and ticks [start, end)."""

    first: int
    last: int
    start: int
    end: int

    def tracks(self, project: ProjectState) -> str:
        """Return the tracks as commands take them; those that hold clips."""
        chosen = project.tracks[self.first : self.last + 1]
        parts = [track for track in chosen if track.kind == "midi"] or chosen[:1]
        return ",".join(track_word(project, track) for track in parts)


def bar_text(project: ProjectState, tick: int) -> str:
    """Return a tick as commands take it, the beginning of a bar by its number alone: `5`, `5.2.1`."""
    return project.meter_map.position(tick).typed.removesuffix(".1.1")


class SongCursor:
    """Where the cursor of the arrangement is, and what is selected; None: what is under the cursor."""

    def __init__(self) -> None:
        self.tick = 0
        self.first_tick = 0
        self.selection: Selection | None = None
        self._anchor: tuple[int, int] | None = None
        self._zoom: int | None = None
        self._seen: ProjectState | None = None

    def cell_ticks(self, shown: Shown, cells: int) -> int:
        """Return how many ticks a cell is: as zoomed, else so many that the song fits."""
        bar = shown.project.meter_map.bar_ticks()
        if self._zoom is None:
            end = song_end(shown.project)
            fits = (zoom for zoom in range(2, len(ZOOMS)) if _ticks(zoom, bar) * max(1, cells - 4) >= end)
            return _ticks(next(fits, len(ZOOMS) - 1), bar)
        return _ticks(self._zoom, bar)

    def zoom(self, by: int, shown: Shown, cells: int) -> None:
        """Let a cell be less time (by 1) or more (−1)."""
        bar, now = shown.project.meter_map.bar_ticks(), self.cell_ticks(shown, cells)
        at = next(place for place in range(len(ZOOMS)) if _ticks(place, bar) >= now)
        self._zoom = min(max(at - by, 0), len(ZOOMS) - 1)
        self.tick -= self.tick % self.cell_ticks(shown, cells)

    def fit(self) -> None:
        """Let the song fit again."""
        self._zoom = None

    def scroll(self, cell: int, cells: int) -> None:
        """Bring the cursor into sight: page by page."""
        size = cell * max(1, cells - 1)
        if not self.first_tick <= self.tick < self.first_tick + size:
            self.first_tick = self.tick // size * size
        self.first_tick -= self.first_tick % cell

    def go(self, ticks: int, rows: int, shown: Shown, *, extend: bool = False) -> None:
        """Move by so much time and so many tracks; `extend`: what lies between is selected."""
        if extend and self._anchor is None:
            self._anchor = (shown.focus.place(shown.project)[0], self.tick)
        self.tick = max(0, self.tick + ticks)
        shown.focus.move(shown.project, rows, 0)
        if not extend:
            self.selection, self._anchor = None, None

    def extended(self, cell: int, shown: Shown) -> None:
        """Select what lies between where the selection began and the cursor."""
        if self._anchor is not None:
            row, tick = shown.focus.place(shown.project)[0], self.tick
            first, start = self._anchor
            rows, ticks = sorted((first, row)), sorted((start, tick))
            self.selection = Selection(rows[0], rows[1], ticks[0], ticks[1] + cell)

    def select(self, selection: Selection | None) -> None:
        """Select a stretch, or nothing."""
        self.selection, self._anchor = selection, None

    def chosen(self, shown: Shown) -> Selection | None:
        """Return what a key is about: what is selected, else the block under the cursor, which then is; or None."""
        if self.selection is None:
            project = shown.project
            row = shown.focus.place(project)[0]
            there = between(project.tracks[row].placements, self.tick, self.tick + 1)
            if there:
                self.selection = Selection(row, row, there[0].start_ticks, there[0].end_ticks)
        return self.selection

    def moved(self, by: int) -> None:
        """Move the selection and the cursor along with what was moved."""
        if self.selection is not None:
            start, end = self.selection.start + by, self.selection.end + by
            self.selection = self.selection._replace(start=start, end=end)
            self.tick = max(0, self.tick + by)


def _ticks(zoom: int, bar: int) -> int:
    return bar // -ZOOMS[zoom] if ZOOMS[zoom] < 0 else bar * ZOOMS[zoom]


def song_end(project: ProjectState) -> int:
    """Return where the arrangement ends, at least after eight bars."""
    end = max((track.placements[-1].end_ticks for track in project.tracks if track.placements), default=0)
    return max(end, project.meter_map.bar_start(8))


def next_edge(project: ProjectState, tick: int, way: int) -> int:
    """Return the next place where a section or block begins, or a marker is, to the right (1) or left (−1)."""
    bars = project.meter_map.bar_start
    edges = {0, song_end(project), *(marker.tick for marker in project.markers)}
    at = 0
    for section in project.sections:
        at += section.bars
        edges.add(bars(at))
    if not project.sections:
        edges |= {one.start_ticks for track in project.tracks for one in track.placements}
    there = [edge for edge in edges if (edge > tick if way > 0 else edge < tick)]
    return (min(there) if way > 0 else max(there)) if there else tick


def clip_to_place(shown: Shown, track: Track) -> Clip | None:
    """Return the clip that is placed by a key: the focused scene's, else the track's first; or None."""
    clip = shown.focus.clip(shown.project)
    if clip is not None and clip.id in track.places:
        return clip
    return next(iter(track.clips), None)


def edit_lines(action: str, cursor: SongCursor, cell: int, shown: Shown) -> Sequence[str]:
    """Return the line of a key that edits what is selected; the selection moves along."""
    project = shown.project
    if action in ("split", "paste", "place", "insert-time", "delete-time"):
        return _at_cursor(action, cursor, cell, shown)
    chosen = cursor.chosen(shown)
    if chosen is None:
        return []
    tracks = chosen.tracks(project)
    start, end = bar_text(project, chosen.start), bar_text(project, chosen.end)
    size = chosen.end - chosen.start
    if action in ("move-left", "move-right"):
        by = cell if action == "move-right" else -min(cell, chosen.start)
        if not by:
            return []
        cursor.moved(by)
        return [f"/arrangement move {tracks} {start} {bar_text(project, chosen.start + by)} --until {end}"]
    if action == "duplicate":
        cursor.moved(size)
        return [f"/arrangement duplicate {tracks} {start} --until {end}"]
    if action in ("longer", "shorter", "start-later", "start-earlier"):
        return _trimmed(action, cursor, chosen, cell, shown)
    return [f"{_WHOLE[action]} {tracks} {start} --until {end}"] if action in _WHOLE else []


def _trimmed(action: str, cursor: SongCursor, chosen: Selection, cell: int, shown: Shown) -> Sequence[str]:
    start, end = chosen.start, chosen.end
    start += {"start-later": cell, "start-earlier": -cell}.get(action, 0)
    end += {"longer": cell, "shorter": -cell}.get(action, 0)
    if not 0 <= start < end:
        return []
    project = shown.project
    track = track_word(project, project.tracks[chosen.first])
    cursor.select(chosen._replace(start=start, end=end))
    edge = f"--end {bar_text(project, end)}" if end != chosen.end else f"--start {bar_text(project, start)}"
    return [f"/arrangement trim {track} {bar_text(project, chosen.start)} {edge}"]


def _at_cursor(action: str, cursor: SongCursor, cell: int, shown: Shown) -> Sequence[str]:
    project, meters = shown.project, shown.project.meter_map
    at, track = bar_text(project, cursor.tick), shown.focus.track(project)
    there = cursor.selection
    if action == "split":
        return [f"/arrangement split {there.tracks(project) if there is not None else track_word(project, track)} {at}"]
    if action == "paste":
        return [f"/clipboard paste {at}"]
    bar = meters.bar_of(cursor.tick) + 1
    if action == "place":
        clip = clip_to_place(shown, track)
        return [f"/arrangement place {reference(project, clip)} {bar}"] if clip is not None else []
    start, end = (there.start, there.end) if there is not None else (cursor.tick, cursor.tick + cell)
    first = meters.bar_of(start)
    bars = max(1, meters.bar_of(end - 1) + 1 - first)
    return [f"/time {action.removesuffix('-time')} {first + 1} --bars {bars}"]
