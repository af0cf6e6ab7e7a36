"""The session grid: tracks from left to right, scenes from top to bottom, and what each clip is doing."""

from functools import lru_cache
from typing import NamedTuple

from hardcore.project.clip import Clip
from hardcore.project.placement import between
from hardcore.project.playback import Launched
from hardcore.project.scene import Scene
from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line, fit, safe, split, width
from hardcore.surfaces.screen.glyphs import CellState, glyphs
from hardcore.surfaces.screen.nowplaying import playing_scene
from hardcore.surfaces.screen.view import CellWork, Shown

NARROWEST, WIDEST = 9, 18


class Columns(NamedTuple):
    """How tracks share the width: cells of the labels at the left, of a track, and which tracks are seen."""

    label: int
    cell: int
    tracks: tuple[int, ...]
    before: bool
    after: bool

    def at(self, column: int) -> int | None:
        """Return the track at a cell of the screen, None beside them."""
        place = (column - self.label) // self.cell
        return self.tracks[place] if column >= self.label and place < len(self.tracks) else None


def columns_of(cells: int, shown: Shown) -> Columns:
    """Return the columns for a width: page by page around the focus; the master stays in sight."""
    count, focus = len(shown.project.tracks), shown.focus.place(shown.project)[0]
    label = 8 if cells < 100 else 12
    fits = max(1, (cells - label) // NARROWEST)
    cell = min(WIDEST, max(NARROWEST, (cells - label) // min(count, fits)))
    if count <= fits:
        return Columns(label, cell, tuple(range(count)), False, False)
    page = max(1, fits - 1)
    first = min(focus // page * page, count - 1 - page)
    seen = tuple(range(max(0, first), max(0, first) + page))
    return Columns(label, cell, (*seen, count - 1) if fits > 1 else seen, first > 0, first + page < count - 1)


def rows_of(height: int, shown: Shown) -> range:
    """Return which scenes are seen in so many rows: page by page around the focus."""
    count, focus = len(shown.project.scenes), shown.focus.place(shown.project)[1]
    if height <= 0:
        return range(0)
    first = max(0, min(focus // height * height, count - height))
    return range(first, min(count, first + height))


def grid(columns: Columns, height: int, shown: Shown) -> list[Line]:
    """Return the names of the tracks and below them as many scenes as fit in `height` lines altogether."""
    rows = rows_of(height - 1, shown)
    lines = [_names(columns, rows, shown)]
    now = sounding(shown)
    plays = playing_scene(shown) if shown.playback.playing else None
    focus = shown.focus.place(shown.project)
    for row in rows:
        scene = shown.project.scenes[row]
        line = [_scene(scene, columns.label, scene is plays, shown, row == focus[1])]
        for place in columns.tracks:
            line += _slot(shown.project.tracks[place], scene, columns.cell, now, shown, (place, row) == focus)
        lines.append(line)
    return lines


def _names(columns: Columns, rows: range, shown: Shown) -> Line:
    left, right, up, down = glyphs(shown.ascii_only).more
    more = (columns.before, columns.after, rows.start > 0, rows.stop < len(shown.project.scenes))
    marks = "".join(sign for sign, there in zip((left, right, up, down), more, strict=True) if there)
    line: Line = [("class:label", fit(marks, columns.label))]
    focus = shown.focus.place(shown.project)[0]
    for place in columns.tracks:
        style = "class:track.focus" if place == focus else "class:track"
        line.append((style, " " + fit(shown.project.tracks[place].name, columns.cell - 1)))
    return line


def _scene(scene: Scene, cells: int, plays: bool, shown: Shown, focused: bool) -> tuple[str, str]:
    sign = glyphs(shown.ascii_only).states["playing"] if plays else " "
    return "class:scene.focus" if focused else "class:scene", f"{sign}{fit(scene.name, cells - 2)} "


def sounding(shown: Shown) -> dict[str, Launched]:
    """Return what each track plays: the clip launched, else the one its arrangement has here."""
    tick = int(shown.tick)
    placed = {
        track.id: Launched(clip=placed.clip, tick=placed.start_ticks - placed.offset_ticks)
        for track in shown.project.tracks
        for placed in between(track.placements, tick, tick + 1)
    }
    return placed | dict(shown.playback.clips) if placed else dict(shown.playback.clips)


def state_of(clip: Clip | None, track: Track, now: dict[str, Launched], shown: Shown) -> CellState:
    """Return what a slot is doing."""
    if clip is None:
        return "empty" if track.kind in ("midi", "audio") else "none"
    launched, queued = now.get(track.id), shown.playback.queue.get(track.id)
    if queued is not None and queued.clip == clip.id:
        return "queued"
    if launched is None or launched.clip != clip.id or not shown.playback.playing:
        return "stopped"
    if launched.tick > shown.tick:  # the player is ahead of what is heard
        return "queued"
    return "stopping" if queued is not None else "playing"


def _slot(track: Track, scene: Scene, cells: int, now: dict[str, Launched], shown: Shown, focused: bool) -> Line:
    """Return a cell: state, name, place in the loop in bars, and behind it all a bar that shows the same finer."""
    place = track.places.get(scene.slots.get(track.id, ""))
    clip = None if place is None else track.clips[place]
    state = state_of(clip, track, now, shown)
    signs = glyphs(shown.ascii_only)
    open_, close = signs.focus if focused else (" ", " ")
    style = f"class:cell.{state} class:cell.focus" if focused else f"class:cell.{state}"
    room = cells - 2
    work = shown.cells.get((track.id, scene.id))
    if clip is None and work is not None:
        return _generated(work, f"{open_}{{}}{close}", " class:cell.focus" if focused else "", room, shown)
    if clip is None:
        return [(style, f"{open_}{fit(signs.states[state], room)}{close}")]
    if state in ("stopped", "queued"):
        return [(style, f"{open_}{_words(clip.name, track.name, signs.states[state], '', room)}{close}")]
    share, count = (0.0, "")
    if state in ("playing", "stopping"):
        share, count = passed(clip, shown.tick - now[track.id].tick, shown)
    text = _words(clip.name, track.name, signs.states[state], count, room)
    done = round(share * room)
    return [(style, open_), *split(text, done, f"{style} class:cell.done", style), (style, close)]


def _generated(work: CellWork, frame: str, focus: str, room: int, shown: Shown) -> Line:
    """Return a cell that a job fills: queued, rendering with how far it is, or failed; `frame` stands around it."""
    state: CellState = "failed" if work.state == "failed" else "generating"
    words = f"{work.share:.0%}" if work.state == "running" else {"waiting": "queued"}.get(work.state, work.state)
    text = fit(f"{glyphs(shown.ascii_only).states[state]} {words}", room)
    return [(f"class:cell.{state}{focus}", frame.format(text))]


@lru_cache(maxsize=1 << 13)
def _words(name: str, track: str, sign: str, count: str, room: int) -> str:
    """Return what stands in a cell, exactly `room` cells: a sign, the clip's name, and where it is if there is room."""
    count = f" {count}" if count else ""
    # A clip is mostly called after its track, whose name stands above it.
    name = safe(name).removeprefix(f"{track} ")
    if room - 2 - width(count) < min(3, width(name)):
        count = ""
    return f"{sign} {fit(name, room - 2 - width(count))}{count}"


def passed(clip: Clip, ticks: float, shown: Shown) -> tuple[float, str]:
    """Return how much of its loop a clip has played, 0–1, and the same in bars, such as `3/8`; not for one bar."""
    if ticks < 0:
        return 0.0, ""
    into = ticks % clip.length_ticks
    bar = shown.project.meter_map.bar_ticks(max(0, int(shown.tick)))
    bars = -(-clip.length_ticks // bar)
    return into / clip.length_ticks, f"{int(into // bar) + 1}/{bars}" if bars > 1 else ""
