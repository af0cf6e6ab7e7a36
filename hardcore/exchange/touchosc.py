"""A layout for TouchOSC: the mixer, the clip grid, transport and crossfader of a project. Pure.

A `.tosc` file is XML behind zlib: nodes with properties, values and messages. Every control sends, and shows what is
told to subscribers at, an address that `surfaces/osc/addresses.py` reads.
"""

import zlib
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as tree

from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS

WIDTH, HEIGHT, MOST = 1024, 768, 8
Frame = tuple[int, int, int, int]
_GREEN, _BLUE, _GOLD, _RED, _GREY = (
    (0.2, 0.8, 0.4, 1.0), (0.3, 0.6, 1.0, 1.0), (1.0, 0.8, 0.2, 1.0), (1.0, 0.3, 0.3, 1.0), (0.6, 0.6, 0.6, 1.0),
)  # fmt: skip
_GAP = 6
# How a button answers a finger, as the format numbers it.
_MOMENTARY, _TOGGLE = 0, 1


def layout(project: ProjectState) -> bytes:
    """Return the layout of the first eight tracks and scenes as a `.tosc` file; the same project, the same bytes."""
    root = tree.Element("lexml", version="3")
    page = _node(root, "GROUP", project.title, (0, 0, WIDTH, HEIGHT), _GREY)
    children = tree.SubElement(page, "children")
    tracks = [track for track in project.tracks if track.kind != "master"][:MOST]
    column = (WIDTH - 128) // MOST
    scenes = project.scenes[:MOST]
    row = (HEIGHT // 2) // MOST
    for at, track in enumerate(tracks):
        x, name, address = at * column, track.name, f"/track/{_plain(track.name)}"
        for down, scene in enumerate(scenes if track.kind in HOLDS_CLIPS else ()):
            slot = f"/slot/{_plain(track.name)}/{_plain(scene.name)}"
            _button(children, slot, (x, down * row, column - _GAP, row - _GAP), _GREEN, _MOMENTARY)
        _label(children, name, (x, HEIGHT // 2, column - _GAP, 30))
        half = column // 2
        for where, (switch, color) in enumerate((("mute", _GOLD), ("solo", _BLUE))):
            place = (x + where * half, HEIGHT // 2 + 34, half - _GAP, 40)
            _button(children, f"{address}/{switch}", place, color, _TOGGLE)
        _control(children, "FADER", f"{address}/fader", (x, HEIGHT // 2 + 80, column - _GAP, 230), _BLUE)
    for down, scene in enumerate(scenes):
        side = (MOST * column, down * row, WIDTH - MOST * column, row - _GAP)
        _button(children, f"/scene/{_plain(scene.name)}/launch", side, _GREY, _MOMENTARY)
    for down, (verb, color) in enumerate((("play", _GREEN), ("stop", _GREY), ("panic", _RED))):
        place = (MOST * column, HEIGHT // 2 + down * 100, WIDTH - MOST * column, 94)
        _button(children, f"/transport/{verb}", place, color, _MOMENTARY)
    _control(children, "FADER", "/crossfade", (0, HEIGHT - 68, WIDTH, 62), _GOLD, across=True)
    return zlib.compress(tree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _plain(name: str) -> str:
    """Return a name as an address has it: what would end a part of it is written out."""
    found = name.replace(" ", "_")
    return "".join(letter if letter.isalnum() or letter in "_-." else f"%{ord(letter):02X}" for letter in found)


def _button(parent: tree.Element, address: str, frame: Frame, color: tuple[float, ...], kind: int) -> None:
    node = _control(parent, "BUTTON", address, frame, color)
    properties = node.find("properties")
    assert properties is not None
    _property(properties, "i", "buttonType", str(kind))


def _label(parent: tree.Element, words: str, frame: Frame) -> None:
    node = _node(parent, "LABEL", words, frame, _GREY)
    _values(node, (("text", words),))


def _control(
    parent: tree.Element, kind: str, address: str, frame: Frame, color: tuple[float, ...], *, across: bool = False
) -> tree.Element:
    """Add a control that sends its value, 0 to 1, to an address, and takes it from there."""
    node = _node(parent, kind, address, frame, color)
    if across:
        properties = node.find("properties")
        assert properties is not None
        _property(properties, "i", "orientation", "1")
    _values(node, (("x", "0"), ("touch", "false")))
    osc = tree.SubElement(tree.SubElement(node, "messages"), "osc")
    settings = {"enabled": "1", "send": "1", "receive": "1", "feedback": "0", "connections": "1111111111"}
    for name, value in settings.items():
        tree.SubElement(osc, name).text = value
    trigger = tree.SubElement(tree.SubElement(osc, "triggers"), "trigger")
    for name, value in (("var", "x"), ("condition", "ANY")):
        tree.SubElement(trigger, name).text = value
    _partial(tree.SubElement(osc, "path"), "CONSTANT", "STRING", address)
    _partial(tree.SubElement(osc, "arguments"), "VALUE", "FLOAT", "x")
    return node


def _node(parent: tree.Element, kind: str, name: str, frame: Frame, color: tuple[float, ...]) -> tree.Element:
    node = tree.SubElement(parent, "node", ID=str(uuid5(NAMESPACE_URL, f"{kind} {name} {frame}")), type=kind)
    properties = tree.SubElement(node, "properties")
    _property(properties, "s", "name", name)
    _property(properties, "r", "frame", zip("xywh", map(str, frame), strict=True))
    _property(properties, "c", "color", zip("rgba", map(str, color), strict=True))
    return node


def _property(properties: tree.Element, kind: str, key: str, value: str | Iterable[tuple[str, str]]) -> None:
    one = tree.SubElement(properties, "property", type=kind)
    tree.SubElement(one, "key").text = key
    place = tree.SubElement(one, "value")
    if isinstance(value, str):
        place.text = value
        return
    for name, part in value:
        tree.SubElement(place, name).text = part


def _values(node: tree.Element, values: Iterable[tuple[str, str]]) -> None:
    held = tree.SubElement(node, "values")
    for key, default in values:
        one = tree.SubElement(held, "value")
        parts = {"key": key, "locked": "0", "lockedDefaultCurrent": "0", "default": default, "defaultPull": "0"}
        for name, text in parts.items():
            tree.SubElement(one, name).text = text


def _partial(parent: tree.Element, kind: str, conversion: str, value: str) -> None:
    one = tree.SubElement(parent, "partial")
    parts = {"type": kind, "conversion": conversion, "value": value, "scaleMin": "0", "scaleMax": "1"}
    for name, text in parts.items():
        tree.SubElement(one, name).text = text
