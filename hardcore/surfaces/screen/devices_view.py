"""The view `devices`: the focused track's instrument and effects, every parameter with a bar, its value and unit."""

from collections.abc import Sequence

from hardcore.project.device import Parameter
from hardcore.project.knobs import turned
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line, fit, line_width, safe
from hardcore.surfaces.screen.chain import Link, chain, chain_line, effect_word, title, track_word, window
from hardcore.surfaces.screen.dials import CELL, dial, help_line, number
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.mixing import mix
from hardcore.surfaces.screen.view import Shown

_TRACKS = {"previous-track": -1, "next-track": 1}
_STEPS = {"more": (1, False), "less": (-1, False), "much-more": (1, True), "much-less": (-1, True)}
# Lines above and below the parameters.
_HEAD, _FOOT = 2, 1


class DevicesView:
    """One track's chain. Its cursor is a device and a parameter, by name: both outlive edits."""

    name = "devices"

    def __init__(self) -> None:
        self._track, self._owner, self._parameter = "", "", ""
        self._place = 0
        self._width, self._rows, self._top = 80, 1, 0
        self._turned: tuple[ProjectState, str, str, float] | None = None

    def wanted(self, width: int, shown: Shown) -> int:
        """Return the rows of the device with most parameters, so that going along the chain moves nothing."""
        links = chain(shown.focus.track(shown.project))
        return _HEAD + max((len(link.device.shown) for link in links), default=1) + _FOOT

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the chain, the focused device's parameters, and what the focused one does."""
        self._width = width
        links = chain(shown.focus.track(shown.project))
        lines = [self._title(links, width, shown)]
        if not links:
            add = shown.keys.of("devices", "add")
            lines.append([("class:label", "   no instrument and no effects" + (f"; {add} adds one" if add else ""))])
            return lines[:height]
        place = self._device(links, shown)
        lines.append(chain_line(links, place, width, shown.ascii_only))
        self._rows = max(1, height - _HEAD - _FOOT)
        lines += self._parameters(links[place], width, shown)
        if height > len(lines):
            lines.append(help_line(links[place], self._pointed(links[place]), self._moved(links[place], shown), width))
        return lines[:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the cursor or the focus, turn a knob, or change the chain."""
        track = shown.focus.track(shown.project)
        if action in _TRACKS:
            shown.focus.move(shown.project, _TRACKS[action], 0)
            return []
        if action == "add":
            return [f"/effect add {track_word(shown.project, track)} "]
        links = chain(track)
        if action in ("mute", "solo") or not links:
            return mix(action, track, shown.project) if action in ("mute", "solo") else []
        link = links[self._device(links, shown)]
        if action in ("left", "right"):
            self._go(links, self._device(links, shown) + (1 if action == "right" else -1))
        elif action in ("up", "down"):
            self._point(link, self._pointed(link) + (1 if action == "down" else -1))
        elif action in _STEPS or action == "default":
            return self._turn(link, action, track, shown)
        elif link.effect is not None:
            return _rechain(action, link, track, shown.project)
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Point at a parameter; a click on the chain's line goes to the device there."""
        links = chain(shown.focus.track(shown.project))
        if not links:
            return []
        place = self._device(links, shown)
        if row == 1:
            line = chain_line(links, place, self._width, shown.ascii_only)
            seen = window(links, place, self._width)
            ends = (line_width(line[: 2 * count]) for count in range(1, len(seen) + 1))
            self._go(links, next((at for at, end in zip(seen, ends, strict=True) if column < end), place))
            return []
        columns = self._columns(links[place])
        across = column // max(1, self._width // columns)
        at = self._top + row - _HEAD + across * self._tall(links[place])
        if row >= _HEAD and row - _HEAD < min(self._rows, self._tall(links[place])):
            self._point(links[place], at)
        return []

    # The cursor.

    def _device(self, links: list[Link], shown: Shown) -> int:
        """Return the place of the focused device: the one pointed at, else the one where it was."""
        track = shown.focus.track(shown.project).id
        if track != self._track:
            self._track, self._owner, self._place = track, links[0].owner, 0
        found = next((place for place, link in enumerate(links) if link.owner == self._owner), None)
        self._place = min(self._place, len(links) - 1) if found is None else found
        self._owner = links[self._place].owner
        return self._place

    def _go(self, links: list[Link], place: int) -> None:
        self._place = min(max(place, 0), len(links) - 1)
        self._owner, self._parameter = links[self._place].owner, ""

    def _pointed(self, link: Link) -> int:
        names = [parameter.id for parameter in link.device.shown]
        return names.index(self._parameter) if self._parameter in names else 0

    def _point(self, link: Link, place: int) -> None:
        known = link.device.shown
        if known:
            self._parameter = known[min(max(place, 0), len(known) - 1)].id

    # What keys change.

    def _turn(self, link: Link, action: str, track: Track, shown: Shown) -> Sequence[str]:
        """Return the line that sets the parameter pointed at; none where it is at its end."""
        if not link.device.shown:
            return []
        parameter = link.device.shown[self._pointed(link)]
        old = link.value(parameter)
        last = self._turned
        if last is not None and last[0] is shown.project and last[1:3] == (link.owner, parameter.id):
            old = last[3]  # the line of the last press has not run yet
        new = link.default(parameter) if action == "default" else _stepped(parameter, old, action)
        if new == old:
            return []
        self._turned = (shown.project, link.owner, parameter.id, new)
        word = track_word(shown.project, track)
        if link.effect is None:
            return [f"/track set {word} {parameter.id} {number(new)}"]
        return [f"/effect set {word} {effect_word(track, link.effect)} {parameter.id}={number(new)}"]

    # Drawing.

    def _title(self, links: list[Link], width: int, shown: Shown) -> Line:
        track = shown.focus.track(shown.project)
        left, end = glyphs(shown.ascii_only).focus
        place = f" {shown.focus.place(shown.project)[0] + 1}/{len(shown.project.tracks)}  "
        told = title(links[self._device(links, shown)], shown.project) if links else ""
        name = f"{left}{safe(track.name)}{end}"
        line: Line = [("class:track.focus", name), ("class:label", place)]
        return [*line, ("class:value", fit(told, max(0, width - line_width(line))))]

    def _columns(self, link: Link) -> int:
        """Return in how many columns its parameters stand: as few as fit."""
        count = max(1, len(link.device.shown))
        return min(max(1, self._width // CELL), -(-count // self._rows))

    def _tall(self, link: Link) -> int:
        return -(-len(link.device.shown) // self._columns(link))

    def _parameters(self, link: Link, width: int, shown: Shown) -> list[Line]:
        """Return the parameters, column by column; those around the cursor where not all fit."""
        columns, tall = self._columns(link), self._tall(link)
        pointed = self._pointed(link)
        row = pointed % tall if tall else 0
        self._top = max(0, min(max(self._top, row - self._rows + 1), row, tall - self._rows))
        known, moved = link.device.shown, self._moved(link, shown)
        lines = []
        for at in range(self._top, min(tall, self._top + self._rows)):
            line: Line = []
            for place in range(at, len(known), tall):
                line += dial(link, known[place], width // columns, place == pointed, moved, shown.ascii_only)
            lines.append(line)
        return lines

    def _moved(self, link: Link, shown: Shown) -> set[str]:
        """Return the parameters of a device that automation moves, in any clip or along the arrangement."""
        track = shown.focus.track(shown.project)
        envelopes = (*track.automation, *(envelope for clip in track.clips for envelope in clip.automation))
        return {envelope.parameter for envelope in envelopes if envelope.owner == link.owner}


def _stepped(parameter: Parameter, value: float, action: str) -> float:
    steps, coarse = _STEPS[action]
    return turned(parameter, value, steps, coarse=coarse)


def _rechain(action: str, link: Link, track: Track, project: ProjectState) -> Sequence[str]:
    """Return the line that bypasses, moves or removes an effect; none at the ends of the chain."""
    assert link.effect is not None
    named = f"{track_word(project, track)} {effect_word(track, link.effect)}"
    if action == "bypass":
        return [f"/effect bypass {named}"]
    if action == "remove":
        return [f"/effect remove {named}"]
    if action in ("earlier", "later"):
        place = track.effects.index(link.effect) + 1 + (1 if action == "later" else -1)
        return [f"/effect move {named} {place}"] if 1 <= place <= len(track.effects) else []
    return []
