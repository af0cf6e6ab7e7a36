"""The words of the clip view: its title, with the place of the music in the clip, and the note under the cursor."""

from hardcore.commands.clips.clip import bars_of
from hardcore.commands.core.results import counted
from hardcore.commands.core.types import length_text
from hardcore.music.pitch import note_name
from hardcore.project.sectionkeys import key_in
from hardcore.surfaces.screen.cells import Line, cut, fit, pack, safe, width
from hardcore.surfaces.screen.clipcursor import ClipCursor
from hardcore.surfaces.screen.cliprows import Picked
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.grid import sounding, state_of
from hardcore.surfaces.screen.noteedits import described
from hardcore.surfaces.screen.stepgrid import Window
from hardcore.surfaces.screen.view import Shown

_LEAST_FIRST = ("where", "notes", "scene", "track", "bars", "page")


def now_ticks(picked: Picked, shown: Shown) -> int | None:
    """Return where in its loop a clip plays, None while it does not."""
    launched = sounding(shown).get(picked.track.id)
    if not shown.playback.playing or launched is None or launched.clip != picked.clip.id or shown.tick < launched.tick:
        return None
    return int(shown.tick - launched.tick) % picked.clip.length_ticks


def title(picked: Picked, seen: Window | None, cursor: ClipCursor, columns: int, shown: Shown) -> Line:
    """Return the name of the clip, its state, where it plays, and its figures."""
    project, clip = shown.project, picked.clip
    state = state_of(clip, picked.track, sounding(shown), shown)
    now = now_ticks(picked, shown)
    at = "" if now is None else f" {project.meter_map.position(now // 480 * 480).typed.partition('+')[0]}"
    name = f" {glyphs(shown.ascii_only).states[state]} {cut(safe(clip.name), max(8, columns // 3))}  {state}{at} "
    figures = {
        "track": f"track {safe(picked.track.name)}",
        "scene": f"scene {safe(picked.scene.name)}",
        "bars": counted_bars(bars_of(project, clip)),
        "page": "" if seen is None or not (seen.before or seen.after) else _page(seen, shown),
        "grid": f"grid {length_text(cursor.step_ticks)}",
        "notes": counted(len(clip.notes), "note"),
    }
    if clip.region is not None:
        tempo = "" if clip.region.bpm is None else f", {clip.region.bpm:g} bpm"
        figures |= {"grid": "", "notes": f"{clip.region.seconds:.2f} s{tempo}, warp {clip.region.warp}"}
    style = "class:header.playing" if now is not None else "class:header.stopped"
    rest = pack(figures, max(0, columns - width(name) - 1), _LEAST_FIRST)
    return [(style, cut(name, columns)), ("class:header", fit(f" {rest}", max(0, columns - width(name))))]


def counted_bars(bars: float) -> str:
    """Return `1 bar` or `2.5 bars`."""
    return f"{bars:g} bar{'' if bars == 1 else 's'}"


def _page(seen: Window, shown: Shown) -> str:
    meters = shown.project.meter_map
    first, last = meters.bar_of(seen.ticks[0]) + 1, meters.bar_of(seen.end_ticks - 1) + 1
    return f"bar {first}" if first == last else f"bars {first}-{last}"


def words(picked: Picked, cursor: ClipCursor, columns: int, shown: Shown) -> Line:
    """Return the note under the cursor in words."""
    project = shown.project
    note = cursor.note(picked, shown)
    pitch = note_name(cursor.pitch, key_in(project, picked.track, picked.clip).flats)
    what = f"{safe(picked.track.name)} {pitch}" if picked.is_drum else pitch
    if note is None:
        keys = shown.keys.of("clip", "toggle")
        return [("class:name", cut(f" {what} at {project.meter_map.position(cursor.tick).typed}: no note", columns)),
                ("class:label", f"   {keys} adds one" if keys else "")]  # fmt: skip
    held = "" if note.start_ticks + 120 >= cursor.tick else f", held at {project.meter_map.position(cursor.tick).typed}"
    said = f" {what} at {project.meter_map.position(note.start_ticks).typed}{held}: {described(note)}"
    return [("class:name", cut(said, columns))]
