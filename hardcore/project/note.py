"""A note, and how it is packed: 16 bytes, ordered by (start, pitch), which is its address in a clip."""

import struct
from typing import NamedTuple

MAX_TICKS = 2**31 - 1

# start, length, pitch, velocity, probability, ratchet, offset, flags
RECORD = struct.Struct("<IIBBBBhH")
_SLIDE = 1


class Note(NamedTuple):
    """One note of a clip.

    start_ticks   from the start of the clip, ≥ 0
    length_ticks  ≥ 1; it may ring past the clip's end
    pitch         MIDI note 0–127 (60 is C4)
    velocity      1–127
    probability   chance to sound on each pass, percent 0–100
    ratchet       how many equal hits it is split into, 1–16
    offset_ticks  micro-timing, −1920…1920, added after the groove
    slide         glide into the next note instead of stopping (mono instruments)
    """

    start_ticks: int
    length_ticks: int
    pitch: int
    velocity: int = 100
    probability: int = 100
    ratchet: int = 1
    offset_ticks: int = 0
    slide: bool = False

    @property
    def end_ticks(self) -> int:
        """Return where the note stops, in ticks from the start of the clip."""
        return self.start_ticks + self.length_ticks


_LIMITS = {
    "start_ticks": (0, MAX_TICKS),
    "length_ticks": (1, MAX_TICKS),
    "pitch": (0, 127),
    "velocity": (1, 127),
    "probability": (0, 100),
    "ratchet": (1, 16),
    "offset_ticks": (-1920, 1920),
    "slide": (0, 1),
}

_WHOLE = {int, bool}


def pack(note: Note) -> bytes:
    """Return a note as 16 bytes, little-endian. Raises ValueError that names the value out of range."""
    if not (_are_whole(note) and _is_sound(*note)):
        for name, value in zip(Note._fields, note, strict=True):
            low, high = _LIMITS[name]
            if not (isinstance(value, int) and low <= value <= high):
                raise ValueError(f"note {name} {value} is out of range ({low} to {high})")
    return RECORD.pack(*note)


def _are_whole(note: Note) -> bool:
    return not set(map(type, note)) - _WHOLE


def _is_sound(
    start: int, length: int, pitch: int, velocity: int, probability: int, ratchet: int, offset: int, flags: int
) -> bool:
    return (
        0 <= start <= MAX_TICKS
        and 1 <= length <= MAX_TICKS
        and 0 <= pitch <= 127
        and 1 <= velocity <= 127
        and 0 <= probability <= 100
        and 1 <= ratchet <= 16
        and -1920 <= offset <= 1920
        and 0 <= flags <= _SLIDE
    )


def unpack(fields: tuple[int, ...]) -> Note:
    """Return the note of a record's fields."""
    start, length, pitch, velocity, probability, ratchet, offset, flags = fields
    return Note(start, length, pitch, velocity, probability, ratchet, offset, bool(flags & _SLIDE))


def ensure_sound(data: bytes) -> None:
    """Raise ValueError unless every packed note is in range and the order is strict."""
    before = (-1, -1)
    for fields in RECORD.iter_unpack(data):
        here = (fields[0], fields[2])
        if not _is_sound(*fields) or here <= before:
            raise ValueError("a note block holds notes out of range or out of order")
        before = here
