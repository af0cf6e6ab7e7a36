"""A track's chain: its instrument and its effects in order, what they are set to, and how they are drawn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hardcore.errors import UserError
from hardcore.project.device import Device, Parameter
from hardcore.project.mixer import Effect
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line, width
from hardcore.surfaces.screen.glyphs import glyphs

_ARROW = 3
_WORD = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Link:
    """A device of a chain. `owner` is the effect's id, or the track's for its instrument.

    set   what is not as the catalogue has it
    own   where the defaults differ from the catalogue's: a sample brings some
    """

    owner: str
    device: Device
    set: Mapping[str, float]
    own: Mapping[str, float]
    effect: Effect | None = None
    sound: str = ""

    def default(self, parameter: Parameter) -> float:
        """Return the value of a parameter that was not set."""
        return self.own.get(parameter.id, parameter.default)

    def value(self, parameter: Parameter) -> float:
        """Return a parameter's value."""
        return self.set.get(parameter.id, self.default(parameter))

    @property
    def bypassed(self) -> bool:
        """Return whether sound passes it unchanged."""
        return self.effect is not None and self.effect.bypass


def chain(track: Track) -> list[Link]:
    """Return the devices that a track's sound goes through, in order."""
    links = []
    if track.instrument is not None:
        instrument = track.instrument
        own = instrument.sound.controls if instrument.sound else {}
        name = instrument.sound.name if instrument.sound else ""
        links.append(Link(track.id, instrument.definition, instrument.settings, own, sound=name))
    return [*links, *(Link(fx.id, fx.definition, fx.settings, {}, fx) for fx in track.effects)]


def window(links: list[Link], focus: int, columns: int) -> range:
    """Return the places of the devices that are seen in one line: those around the focus."""
    sizes = [width(_name(link)) + 2 + _ARROW for link in links]
    first = last = focus
    room = columns - 4 - sizes[focus]
    while first > 0 or last < len(links) - 1:
        ahead = last < len(links) - 1 and (first == 0 or last - focus <= focus - first)
        room -= sizes[last + 1 if ahead else first - 1]
        if room < 0:
            break
        first, last = (first, last + 1) if ahead else (first - 1, last)
    return range(first, last + 1)


def chain_line(links: list[Link], focus: int, columns: int, ascii_only: bool) -> Line:
    """Return the chain in one line around the focus; signs at its ends say that there is more.

    Its pieces are by turns what lies between devices and a device. What is bypassed stands in brackets.
    """
    signs = glyphs(ascii_only)
    seen = window(links, focus, columns)
    line: Line = []
    for place in seen:
        before = f" {signs.rule} " if place > seen[0] else f"{signs.more[0] if place else ' '} "
        left, right = signs.focus if place == focus else (" ", " ")
        style = "class:track.focus" if place == focus else "class:label" if links[place].bypassed else "class:value"
        line += [("class:label", before), (style, left + _name(links[place]) + right)]
    return [*line, ("class:label", f" {signs.more[1]}" if seen[-1] < len(links) - 1 else "")]


def _name(link: Link) -> str:
    return f"({link.device.id})" if link.bypassed else link.device.id


def track_word(project: ProjectState, track: Track) -> str:
    """Return what names a track in a line: its name where that is one word that means no other, else its id."""
    try:
        named = _WORD.fullmatch(track.name) is not None and project.find_track(track.name) is track
    except UserError:
        named = False
    return track.name if named else track.id


def scene_word(project: ProjectState, scene: Scene) -> str:
    """Return what names a scene in a line: its name where that is one word that means no other, else its id."""
    same = [other for other in project.scenes if scene.name.casefold() in (other.name.casefold(), other.id)]
    return scene.name if _WORD.fullmatch(scene.name) and len(same) == 1 else scene.id


def effect_word(track: Track, effect: Effect) -> str:
    """Return what names an effect in a line: its device's name for the first of its kind, else its id."""
    first = next(other for other in track.effects if other.device == effect.device)
    return effect.device if first is effect else effect.id


def title(link: Link, project: ProjectState) -> str:
    """Return what a device is: its name, what it does, and what it listens to."""
    sound = f" {link.sound}" if link.sound else ""
    side = link.effect.side if link.effect else None
    heard = next((f", hears {track.name}" for track in project.tracks if track.id == side), "") if side else ""
    state = ", bypassed" if link.bypassed else ""
    return f"{link.device.id}{sound}{heard}{state}: {link.device.help}"
