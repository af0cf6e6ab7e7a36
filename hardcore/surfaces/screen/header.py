"""The header: the project, the music's place and state, and the engine in one line; trouble below it."""

from textwrap import wrap

from hardcore.project.state import ProjectState
from hardcore.surfaces.screen.cells import Line, cut, fit_line, pack, safe, width
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.nowplaying import now_playing, playing_key
from hardcore.surfaces.screen.view import Shown

# Trouble is said with its remedy, which may need a second line.
TROUBLE_ROWS = 2
# What goes first when the terminal is narrow.
_LEAST_FIRST = ("load", "grid", "meter", "sound", "key", "tempo", "title")


def header(columns: int, shown: Shown) -> list[Line]:
    """Return the lines above the view, each `columns` wide."""
    state = play_state(shown)
    left = f" {state} {where(shown.project, shown.tick)} "
    style = "class:header.playing" if shown.playback.playing else "class:header.stopped"
    rest = pack(_parts(shown), max(0, columns - width(left) - 2), _LEAST_FIRST)
    lines = [fit_line([(style, left), ("class:header", f" {rest}")], columns, "class:header")]
    if shown.playback.trouble:
        said = wrap(safe(shown.playback.trouble), max(1, columns - 4), max_lines=TROUBLE_ROWS, placeholder=" …")
        marks = (" ! ", *["   "] * TROUBLE_ROWS)
        lines += [fit_line([("class:trouble", mark + text)], columns) for mark, text in zip(marks, said, strict=False)]
    return lines


def play_state(shown: Shown) -> str:
    """Return whether it plays, as a sign and a word."""
    signs = glyphs(shown.ascii_only)
    return f"{signs.play} playing" if shown.playback.playing else f"{signs.stop} {shown.playback.transport}"


def where(project: ProjectState, tick: float) -> str:
    """Return a place as bar.beat.sixteenth, right-aligned so that it does not jump."""
    at = project.meter_map.position(max(0, int(tick)))
    return f"{at.bar:>3}.{at.beat}.{at.sixteenth}"


def _parts(shown: Shown) -> dict[str, str]:
    project, playback = shown.project, shown.playback
    tick = max(0, int(shown.tick))
    meter, quantum = project.meter_map.at(tick), playback.quantum
    bars = "" if "/" in quantum or quantum == "none" else " bar" if quantum == "1" else " bars"
    return {
        "title": cut(safe(project.title), 24),
        "state": shown.state,
        "heard": "" if shown.heard is None else f"hearing {shown.heard_words}",
        "plays": now_playing(shown).text(),
        "tempo": f"{round(project.tempo_map.at(tick), 2):g} bpm",
        "key": playing_key(shown).name,
        "meter": meter.text,
        "loop": "loop" if playback.loop else "",
        "click": "click" if playback.metronome else "",
        "grid": f"grid {quantum}{bars}",
        "sound": safe(playback.sound),
        "load": "" if playback.load_percent is None else f"load {playback.load_percent:.0f} %",
    }
