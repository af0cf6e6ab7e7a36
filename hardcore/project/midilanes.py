"""Lanes of MIDI: the pitch wheel, aftertouch and controllers of a track as envelopes, which go out as they came in.

The wheel is heard; of the rest a MIDI file says what it means.
"""

import re
from collections.abc import Iterable

from hardcore.project.device import Parameter

MIDI = "midi:"
BEND, PRESSURE = "midi:bend", "midi:pressure"
# Controllers that begin elsewhere than at 0: balance, sound controllers, the reverb send (General MIDI 2).
_PLAIN = {8: 64, **dict.fromkeys(range(71, 79), 64), 91: 40}
_NUMBERED = re.compile(r"midi:(cc|key)(0|[1-9]\d{0,2})")
MOST_BEND = 96.0
_BENT = Parameter(BEND, "semitones", -MOST_BEND, MOST_BEND, 0, help="the pitch wheel")
_PRESSED = Parameter(PRESSURE, "", 0, 127, 0, "int", "aftertouch of all keys")


def midi_parameter(name: str) -> Parameter | None:
    """Return what a lane moves: `midi:bend`, `midi:pressure`, `midi:cc1`, `midi:key60` (its aftertouch); else None."""
    if name in (BEND, PRESSURE):
        return _BENT if name == BEND else _PRESSED
    match = _NUMBERED.fullmatch(name)
    if match is None or int(match[2]) > (119 if match[1] == "cc" else 127):
        return None
    if match[1] == "key":
        return Parameter(name, "", 0, 127, 0, "int", f"aftertouch of key {match[2]}")
    return Parameter(name, "", 0, 127, _PLAIN.get(int(match[2]), 0), "int", f"controller {match[2]}")


def controller(number: int) -> str:
    """Return the lane of a controller."""
    return f"{MIDI}cc{number}"


def key_pressure(key: int) -> str:
    """Return the lane of the aftertouch of one key."""
    return f"{MIDI}key{key}"


def midi_name(name: str) -> str:
    """Return a lane as commands take it: `midi.bend`."""
    return name.replace(":", ".")


def numbered(names: Iterable[str], kind: str) -> dict[str, int]:
    """Return the number of each lane of a kind, `cc` or `key`."""
    found = ((name, _NUMBERED.fullmatch(name)) for name in names)
    return {name: int(match[2]) for name, match in found if match is not None and match[1] == kind}
