"""MIDI 1.0 channel messages as they come from a port: bytes to what they mean."""

from collections.abc import Sequence

from hardcore.project.hands import BEND, CONTROL, NOTE_OFF, NOTE_ON, POLY, PRESSURE, PROGRAM, Heard

SUSTAIN, TIMBRE, ALL_SOUND_OFF, ALL_NOTES_OFF = 64, 74, 120, 123
_BEND_CENTRE = 8192
_LENGTHS = {NOTE_OFF: 3, NOTE_ON: 3, POLY: 3, CONTROL: 3, PROGRAM: 2, PRESSURE: 2, BEND: 3}


def message_of(heard: Heard, channel: int) -> tuple[int, ...]:
    """Return the bytes of what was heard, on a channel from 1: what `parse` reads."""
    status = heard.kind + channel - 1
    if heard.kind == BEND:
        value = heard.value + _BEND_CENTRE
        return status, value & 127, value >> 7
    if heard.kind == PRESSURE:
        return status, heard.value
    return (status, heard.number) if heard.kind == PROGRAM else (status, heard.number, heard.value)


def parse(port: str, data: Sequence[int], at_s: float) -> Heard | None:
    """Return what a complete message means; None for system messages and for what is cut or no message."""
    if not data or not 0x80 <= data[0] < 0xF0:
        return None
    kind, channel = data[0] & 0xF0, (data[0] & 0x0F) + 1
    if len(data) != _LENGTHS[kind] or any(byte > 127 for byte in data[1:]):
        return None
    if kind == BEND:
        return Heard(port, kind, channel, 0, data[1] + 128 * data[2] - _BEND_CENTRE, at_s)
    if kind == PRESSURE:
        return Heard(port, kind, channel, 0, data[1], at_s)
    if kind == PROGRAM:
        return Heard(port, kind, channel, data[1], 0, at_s)
    if kind == NOTE_ON and data[2] == 0:
        return Heard(port, NOTE_OFF, channel, data[1], 0, at_s)
    return Heard(port, kind, channel, data[1], data[2], at_s)
