"""The view `arrangement`: tracks from top to bottom, time from left to right, sections above; keys shape the song."""

from collections.abc import Sequence
from itertools import pairwise

from hardcore.project.placement import between
from hardcore.project.section import starts
from hardcore.surfaces.screen.cells import Line, cut, fit, safe, width
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.lanecursor import LaneCursor
from hardcore.surfaces.screen.mixing import mix
from hardcore.surfaces.screen.songcursor import Selection, SongCursor, bar_text, edit_lines, next_edge, song_end
from hardcore.surfaces.screen.songmouse import Drag, Frame, dragged
from hardcore.surfaces.screen.songrows import (
    Cells,
    Window,
    joined,
    lane_row,
    marker_row,
    ruler_row,
    section_row,
    track_rows,
)
from hardcore.surfaces.screen.view import Cell, Shown

_TOP, _BOTTOM = 2, 1
_MOVES = {
    "left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1), "next-track": (0, 1), "previous-track": (0, -1),
}  # fmt: skip


class ArrangementView:
    """The song: its sections, what plays on each track, what moves, where the music is."""

    name = "arrangement"

    def __init__(self) -> None:
        self.cursor = SongCursor()
        self.lane = LaneCursor()
        self._window = Window(12, 0, 1, 1)
        self._rows: list[int] = []
        self._top_rows = _TOP
        self._drag: Drag | None = None

    def wanted(self, width: int, shown: Shown) -> int:
        """Return two rows for each track of clips, one for others, and the lines above and below."""
        lane = 1 if self.lane.key is not None else 0
        rows = sum(2 if track.kind == "midi" else 1 for track in shown.project.tracks)
        return _TOP + _BOTTOM + lane + bool(shown.project.markers) + rows

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return sections, markers, a ruler, the tracks, and what is under the cursor in words."""
        window = self._window = self._framed(width, shown)
        above = [section_row(window, shown)] if shown.project.sections and height > 3 else []
        if shown.project.markers and height > 5:
            above.append(marker_row(window, shown))
        above.append(ruler_row(window, self.cursor.tick, shown))
        self._top_rows = len(above)
        room = height - len(above) - (_BOTTOM if height > 4 else 0)
        lines, self._rows = self._tracks(window, room, shown)
        below = [self._words(width, shown)] if height > 4 else []
        return [*above, *lines, *below][:height]

    def _framed(self, width: int, shown: Shown) -> Window:
        label = 8 if width < 60 else 12
        cells = max(1, width - label)
        cell = self.cursor.cell_ticks(shown, cells)
        self.cursor.scroll(cell, cells)
        return Window(label, self.cursor.first_tick, cell, cells)

    def _tracks(self, window: Window, room: int, shown: Shown) -> tuple[list[Line], list[int]]:
        """Return the rows of the tracks that fit, the focused one among them, and which track each row is of."""
        tracks, focus = shown.project.tracks, shown.focus.place(shown.project)[0]
        count = len(tracks)
        lane = self.lane.envelope(shown) if room > 1 else None
        room -= self.lane.key is not None and room > 1
        large = room >= count + sum(track.kind == "midi" for track in tracks)
        fits = count if large else max(1, room)
        first = max(0, min(focus - fits // 2, count - fits))
        lines: list[Line] = []
        rows: list[int] = []
        for place in range(first, min(count, first + fits)):
            made = self._track(window, place, 2 if large and tracks[place].kind == "midi" else 1, shown)
            lines += made
            rows += [place] * len(made)
            if place == focus and self.lane.key is not None and room > 0:
                lines.append(lane_row(window, self.lane, lane, self.cursor.tick, shown))
                rows.append(place)
        return lines, rows

    def _track(self, window: Window, place: int, tall: int, shown: Shown) -> list[Line]:
        track = shown.project.tracks[place]
        focused = place == shown.focus.place(shown.project)[0]
        signs = glyphs(shown.ascii_only)
        open_, close = signs.focus if focused else (" ", " ")
        style = "class:row.focus" if focused else "class:track.muted" if track.mixer.mute else "class:row"
        mark = "M" if track.mixer.mute else "S" if track.mixer.solo else " "
        label = (style, f"{open_}{fit(track.name, window.label - 3)}{mark}{close}")
        rows = track_rows(window, track, tall, shown)
        lines = [[label, *self._marked(cells, window, place, shown)] for cells in rows]
        for line in lines[1:]:
            line[0] = (style, " " * window.label)
        return lines

    def _marked(self, cells: Cells, window: Window, place: int, shown: Shown) -> Line:
        """Return a track's cells with the selection, the cursor and the playhead."""
        chosen = self.cursor.selection if self._drag is None else self._drag.target
        if chosen is not None and chosen.first <= place <= chosen.last:
            first, last = max(0, window.column(chosen.start)), window.column(chosen.end - 1)
            for column in range(first, min(last + 1, window.cells)):
                cells[column] = (f"{cells[column][0]} class:selected", cells[column][1])
        column = window.column(int(shown.tick))
        if shown.playback.playing and 0 <= column < window.cells:
            text = glyphs(shown.ascii_only).divide if cells[column][1] in (" ", glyphs(shown.ascii_only).rest) else ""
            cells[column] = ("class:now", text or cells[column][1])
        column = window.column(self.cursor.tick)
        if place == shown.focus.place(shown.project)[0] and 0 <= column < window.cells:
            cells[column] = (f"{cells[column][0]} class:cursor", cells[column][1])
        return joined(cells)

    def _words(self, cells: int, shown: Shown) -> Line:
        """Return in words what is under the cursor, or selected."""
        project, tick = shown.project, self.cursor.tick
        track = shown.focus.track(project)
        at = bar_text(project, tick)
        chosen = self.cursor.selection
        if self._drag is not None:
            return [("class:name", cut(f" {self._drag.line or 'nothing moves'}", cells))]
        if self.lane.key is not None:
            keys = [shown.keys.of(self.name, action) for action in ("value-up", "value-down", "lane")]
            text = cut(f" {at}  {self.lane.words(tick, shown)}", cells)
            hint = f"   {keys[0]} higher  {keys[1]} lower  {keys[2]} next lane"
            return [("class:name", text), ("class:label", hint if width(text + hint) <= cells else "")]
        if chosen is not None:
            count = chosen.last - chosen.first + 1
            until = bar_text(project, chosen.end)
            who = track.name if count == 1 else f"{count} tracks"
            text = f" {safe(who)}  {bar_text(project, chosen.start)} to {until} selected"
            return [("class:name", cut(text, cells)), *self._hint(cells - width(text), shown)]
        there = between(track.placements, tick, tick + 1)
        if there:
            clip = project.find_clip(there[0].clip)[1]
            ends = bar_text(project, there[0].end_ticks)
            text = f" {at}  {safe(clip.name)}, {bar_text(project, there[0].start_ticks)} to {ends}"
        elif not project.arrangement:
            text = f" no song yet: /song makes one, {shown.keys.of(self.name, 'place')} puts a clip here"
        else:
            text = f" {at}  nothing on {safe(track.name)}"
        return [("class:name", cut(text, cells)), *self._hint(cells - width(text), shown)]

    def _hint(self, room: int, shown: Shown) -> Line:
        """Return the keys that do most, as many as there is room for."""
        names = {
            "move-right": "move", "longer": "longer", "split": "split", "duplicate": "again", "copy": "copy",
            "paste": "paste", "remove": "remove", "lane": "automation", "finer": "zoom",
        }  # fmt: skip
        text = "   "
        for action, what in names.items():
            more = f"{shown.keys.of(self.name, action)} {what}  "
            if width(text + more) > room:
                break
            text += more
        return [("class:label", text)] if len(text) > 3 else []

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the cursor, select, zoom, edit, mix."""
        cell = self._window.cell
        if action in ("lane", "next-lane"):
            self.lane.step(shown)
            return []
        if action in ("value-up", "value-down"):
            return self.lane.turn(1 if action == "value-up" else -1, self.cursor.tick, shown)
        name = action.removeprefix("select-")
        if name in _MOVES:
            columns, rows = _MOVES[name]
            self.cursor.go(columns * cell, rows, shown, extend=name != action)
            self.cursor.extended(cell, shown)
            if rows:
                self.lane.follow(shown)
            return []
        if action in ("finer", "coarser", "fit"):
            if action == "fit":
                self.cursor.fit()
            else:
                self.cursor.zoom(1 if action == "finer" else -1, shown, self._window.cells)
            return []
        return self._pressed(action, cell, shown)

    def _pressed(self, action: str, cell: int, shown: Shown) -> Sequence[str]:
        project = shown.project
        jumps = {"start": 0, "end": max(0, song_end(project) - cell)}
        if action in jumps or action in ("next-edge", "previous-edge"):
            to = jumps.get(action, next_edge(project, self.cursor.tick, 1 if action == "next-edge" else -1))
            self.cursor.go(to - self.cursor.tick, 0, shown)
            return []
        if action == "select-all":
            self.cursor.select(Selection(0, len(project.tracks) - 1, *self._section(shown)))
            return []
        if action == "play-here":
            return [f"/play {bar_text(project, self.cursor.tick)} --arrangement"]
        if action == "loop":
            return self._loop(shown, cell)
        return edit_lines(action, self.cursor, cell, shown) or mix(action, shown.focus.track(project), project)

    def _section(self, shown: Shown) -> tuple[int, int]:
        """Return the section under the cursor, in ticks; without sections the whole song."""
        project = shown.project
        bars, bar = starts(project.sections), project.meter_map.bar_of(self.cursor.tick)
        for first, last in pairwise(bars):
            if first <= bar < last:
                return project.meter_map.bar_start(first), project.meter_map.bar_start(last)
        return 0, song_end(project)

    def _loop(self, shown: Shown, cell: int) -> Sequence[str]:
        chosen = self.cursor.chosen(shown)
        start, end = (chosen.start, chosen.end) if chosen else (self.cursor.tick, self.cursor.tick + cell)
        loop, meters = shown.playback.loop, shown.project.meter_map
        first = meters.bar_of(start)
        bars = max(1, meters.bar_of(end - 1) + 1 - first)
        if loop is not None and loop.start_ticks == start:
            return ["/loop --off"]
        return [f"/loop {bar_text(shown.project, start)} --bars {bars}"]

    def drag(self, start: Cell, now: Cell, shown: Shown) -> None:
        """Show where what is dragged would be, and the line that would put it there."""
        self._drag = self._dragged(start, now, shown)

    def drop(self, start: Cell, end: Cell, shown: Shown) -> Sequence[str]:
        """Return the line of a drag; what was dragged is selected, so that it can be dragged on."""
        made, self._drag = self._dragged(start, end, shown), None
        if start.row >= self._top_rows and made.target is not None:
            self.cursor.select(made.target)
            self.cursor.tick = made.target.start
        return [made.line] if made.line else []

    def _dragged(self, start: Cell, now: Cell, shown: Shown) -> Drag:
        frame = Frame(self._window, self._top_rows, self._rows)
        return dragged(start, now, frame, self.cursor.selection, shown.project)

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Put the cursor on a cell; a second click selects the block there; the ruler seeks, a section is selected."""
        window, at = self._window, row - self._top_rows
        if column < window.label or column >= window.label + window.cells:
            if 0 <= at < len(self._rows):
                shown.focus.go(shown.project, self._rows[at], shown.focus.place(shown.project)[1])
                self.lane.follow(shown)
            return []
        tick = window.first + (column - window.label) * window.cell
        before = (shown.focus.place(shown.project)[0], self.cursor.tick)
        if at >= len(self._rows):
            return []
        self.cursor.go(tick - self.cursor.tick, 0, shown)
        if at < 0:
            if row == self._top_rows - 1:
                return [f"/seek {bar_text(shown.project, tick)}"]
            return self._pressed("select-all", window.cell, shown)
        shown.focus.go(shown.project, self._rows[at], shown.focus.place(shown.project)[1])
        self.lane.follow(shown)
        if before == (self._rows[at], tick):
            self.cursor.chosen(shown)
        return []
