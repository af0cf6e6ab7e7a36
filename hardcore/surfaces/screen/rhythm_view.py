"""The view `rhythm`: the rhythms there are, the variation that is tried beside its rhythm, or how a session fares."""

from collections.abc import Sequence

from hardcore.commands.rhythm.explorer import Variation
from hardcore.commands.rhythm.pane import Rhythms
from hardcore.commands.rhythm.session import SessionFigure, SessionView
from hardcore.surfaces.screen.cells import Line, cut, fit, right, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.view import Shown

_NAME, _FIGURE = 16, 9
# What the keys do while variations are tried; `keep` and `leave` also end a session.
_EXPLORE = {
    "next": "/rhythm explore next",
    "previous": "/rhythm explore back",
    "nearer": "/rhythm explore near",
    "farther": "/rhythm explore far",
    "keep": "/rhythm explore keep",
    "leave": "/rhythm explore leave",
}
_SESSION = {"keep": "/rhythm session keep ", "leave": "/rhythm session stop"}


class RhythmView:
    """Drums that are generated. Its cursor is a rhythm of the list; the rest is the studio's."""

    name = "rhythm"

    def __init__(self) -> None:
        self._at, self._top, self._rows = 0, 0, 0

    def wanted(self, width: int, shown: Shown) -> int:
        """Return a heading, a row for each rhythm, layer or figure, and a line of figures."""
        known = shown.rhythm
        if isinstance(known, Rhythms):
            return 1 + len(known.rows)
        return 2 + (len(known.bars) if isinstance(known, Variation) else len(known.figures) if known else 0)

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the list, the variation, or the session."""
        known = shown.rhythm
        if isinstance(known, Rhythms):
            return self._list(known, width, height, shown)
        if isinstance(known, Variation):
            return _variation(known, width, shown)[:height]
        return _session(known, width, shown)[:height] if known else []

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Go through the rhythms and try one, or through the variations; keep or leave them."""
        known = shown.rhythm
        if isinstance(known, Variation):
            return [_EXPLORE[action]] if action in _EXPLORE else []
        if isinstance(known, SessionView):
            return [_SESSION[action]] if action in _SESSION else []
        if not isinstance(known, Rhythms) or not known.rows:
            return []
        if action in ("next", "previous"):
            self._go(self._at + (1 if action == "next" else -1), known)
        name = known.names[self._place(known)]
        return {"keep": [f"/rhythm explore {name}"], "session": [f"/rhythm session {name}"]}.get(action, [])

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Choose a rhythm; a click on the chosen one tries it."""
        known = shown.rhythm
        if not isinstance(known, Rhythms) or not 1 <= row <= self._rows:
            return []
        before = self._place(known)
        self._go(self._top + row - 1, known)
        return self.press("keep", shown) if self._at == before else []

    def _place(self, known: Rhythms) -> int:
        return min(self._at, len(known.rows) - 1)

    def _go(self, place: int, known: Rhythms) -> None:
        self._at = min(max(place, 0), len(known.rows) - 1)

    def _list(self, known: Rhythms, width: int, height: int, shown: Shown) -> list[Line]:
        at, self._rows = self._place(known), max(0, min(height - 1, len(known.rows)))
        self._top = max(0, min(max(self._top, at - self._rows + 1), at))
        told = _told(shown, (("keep", "tries"), ("session", "plays on and on")))
        lines: list[Line] = [[("class:track", fit(f" rhythms{told}", width))]]
        for place in range(self._top, self._top + self._rows):
            name, mode, meter, bpm, about = known.rows[place]
            left, end = glyphs(shown.ascii_only).focus if place == at else (" ", " ")
            facts = f"{mode}  {fit(meter, 4)} {right(bpm, 5)} bpm  "
            lines.append([
                ("class:scene.focus" if place == at else "class:value", fit(f"{left}{name}{end}", _NAME + 4)),
                ("class:label", fit(facts + safe(about), max(0, width - _NAME - 4))),
            ])  # fmt: skip
        return lines


def _variation(known: Variation, width: int, shown: Shown) -> list[Line]:
    """Return a row for each layer: its bar in the rhythm, and in the variation where that differs."""
    what = f"variation {known.number} at {known.distance} %" if known.number else "as it is"
    keys = (("next", "next"), ("previous", "back"), ("nearer", "nearer"), ("farther", "farther"))
    told = _told(shown, (*keys, ("keep", "keeps it"), ("leave", "leaves")))
    lines: list[Line] = [[("class:track", fit(f" {safe(known.rhythm)}: {what}{told}", width))]]
    room = max(4, (width - _NAME - 6) // 2)
    cells = min(room, max((len(bar) for _, was, now in known.bars for bar in (was, now)), default=0))
    for name, was, now in known.bars:
        changed = was != now
        lines.append([
            ("class:label", fit(f" {name}", _NAME)),
            ("class:label", fit(was, cells)),
            ("class:key", " * " if changed else "   "),
            ("class:value" if changed else "class:label", fit(now, cells)),
        ])  # fmt: skip
    return [*lines, [("class:label", cut(f" {known.told()}", width))]]


def _session(known: SessionView, width: int, shown: Shown) -> list[Line]:
    """Return where the session is, and each figure beside its target."""
    of = f" of {known.bars}" if known.bars else ""
    where = f" {safe(known.rhythm)} in scene {safe(known.scene)}: bar {known.bar}{of}, {known.state}"
    told = _told(shown, (("keep", "keeps the last bars"), ("leave", "ends it")))
    lines: list[Line] = [[("class:track", fit(where + told, width))]]
    lines += [_figure(figure, width) for figure in known.figures]
    rescued = len(known.rescues)
    last = f"  told: {safe(known.words[-1])}" if known.words else ""
    return [*lines, [("class:label", cut(f" {rescued} rescue{'' if rescued == 1 else 's'}{last}", width))]]


def _figure(figure: SessionFigure, width: int) -> Line:
    name, now, mean, target, verdict = figure.row()
    return [
        ("class:label", fit(f" {name}", _NAME)),
        ("class:value", right(now, _FIGURE)),
        ("class:label", cut(f"  mean {fit(mean, 6)} target {fit(target or 'none', 10)} ", max(0, width - 50))),
        ("class:key" if verdict in ("above", "below") else "class:value", verdict),
    ]


def _told(shown: Shown, keys: Sequence[tuple[str, str]]) -> str:
    """Return the keys that matter here, as the heading says them."""
    known = ((shown.keys.of("rhythm", action), word) for action, word in keys)
    return "".join(f"  {key} {word}" for key, word in known if key)
