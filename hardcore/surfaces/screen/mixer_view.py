"""The view `mixer`: a channel strip for each track, with upright meters, inserts and sends."""

from collections.abc import Callable, Sequence
from functools import partial

from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line, cut, fit
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.grid import Columns, columns_of
from hardcore.surfaces.screen.mixerstrip import FLOOR_DB, HOT_DB, TOP_DB, gain_text, peak_text, switches
from hardcore.surfaces.screen.mixing import mix
from hardcore.surfaces.screen.view import Shown

_MOVES = {"left": -1, "previous-track": -1, "right": 1, "next-track": 1}
_FIXED = 4
_TALLEST = 14


class MixerView:
    """Every channel side by side."""

    name = "mixer"

    def __init__(self) -> None:
        self._width = 80

    def wanted(self, width: int, shown: Shown) -> int:
        """Return names, four lines of values, the meters, and a line for each insert and send of the longest."""
        return _FIXED + _TALLEST + _extras(shown)

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the strips: what fits of inserts and sends, and meters in the rest."""
        self._width = width
        columns = columns_of(width, shown)
        extras = max(0, min(_extras(shown), height - _FIXED - 4))
        tall = max(0, height - _FIXED - extras)
        lines = [_names(columns, shown)]
        lines += [_meter_row(columns, row, tall, shown) for row in range(tall)]
        lines += [_row(columns, " peak", shown, lambda track: peak_text(track.id, shown, columns.cell - 2))]
        lines += [
            _row(columns, " gain", shown, lambda track: gain_text(track.mixer.gain_db)),
            _switches(columns, shown),
        ]
        for place in range(extras):
            label = " inserts" if place == 0 else ""
            lines.append(_row(columns, label, shown, partial(_extra, place=place, shown=shown)))
        return lines[:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus or mix."""
        if action in _MOVES:
            shown.focus.move(shown.project, _MOVES[action], 0)
            return []
        return mix(action, shown.focus.track(shown.project), shown.project)

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Focus a track."""
        place = columns_of(self._width, shown).at(column)
        if place is not None:
            shown.focus.go(shown.project, place, shown.focus.place(shown.project)[1])
        return []


def _names(columns: Columns, shown: Shown) -> Line:
    focus = shown.focus.place(shown.project)[0]
    line: Line = [("class:label", fit("", columns.label))]
    for place in columns.tracks:
        style, (left, right) = "class:track", (" ", " ")
        if place == focus:
            style, (left, right) = "class:track.focus", glyphs(shown.ascii_only).focus
        line.append((style, left + fit(shown.project.tracks[place].name, columns.cell - 2) + right))
    return line


def _row(columns: Columns, label: str, shown: Shown, text: Callable[[Track], str]) -> Line:
    line: Line = [("class:label", fit(label, columns.label))]
    for place in columns.tracks:
        line.append(("class:value", " " + fit(text(shown.project.tracks[place]), columns.cell - 1)))
    return line


def _switches(columns: Columns, shown: Shown) -> Line:
    line: Line = [("class:label", fit(" pan", columns.label))]
    for place in columns.tracks:
        line += switches(shown.project.tracks[place], columns.cell)
    return line


def _meter_row(columns: Columns, row: int, tall: int, shown: Shown) -> Line:
    """Return one row of all meters, the topmost first, with the level it stands for at the left."""
    level_db = TOP_DB - (TOP_DB - FLOOR_DB) * row / max(1, tall)
    signs = glyphs(shown.ascii_only)
    line: Line = [("class:label", fit(f"{level_db:>5.0f} dB" if row % 2 == 0 else "", columns.label))]
    for place in columns.tracks:
        track = shown.project.tracks[place]
        peak = shown.playback.peaks_db.get(track.id, -200.0)
        rms = shown.playback.rms_db.get(track.id, peak)
        style = "class:meter.hot" if level_db > HOT_DB else "class:meter"
        sign = signs.rms * 2 if rms >= level_db else signs.peak * 2 if peak >= level_db else signs.rest * 2
        lit = style if peak >= level_db else "class:meter.rest"
        lamp = ("class:clip", "CLIP") if row == 0 and track.id in shown.playback.clipped else ("", "    ")
        line += [("", " "), (lit, sign), ("", " "), (lamp[0], cut(lamp[1], columns.cell - 4))]
        line.append(("", " " * (columns.cell - 4 - min(4, columns.cell - 4))))
    return line


def _extras(shown: Shown) -> int:
    return max((len(track.effects) + len(track.sends) for track in shown.project.tracks), default=0)


def _extra(track: Track, place: int, shown: Shown) -> str:
    """Return an insert, or after them a send, of a channel."""
    if place < len(track.effects):
        effect = track.effects[place]
        return f"({effect.device})" if effect.bypass else effect.device
    place -= len(track.effects)
    if place >= len(track.sends):
        return ""
    send = track.sends[place]
    to = next((other.name for other in shown.project.tracks if other.id == send.target), "")
    return f"{'>' if shown.ascii_only else '→'}{send.gain_db:g} {to}"
