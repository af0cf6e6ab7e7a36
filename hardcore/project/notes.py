"""Notes: a `Note` is what an edit takes and gives; a clip holds them as one immutable packed `NoteBlock`.

A quarter of a million pydantic notes cost 300 MB and 0.2 s a garbage collection; packed they cost 4 MB.
In a block notes are ordered by (start, pitch), and there is one note per (start, pitch): that pair is its address.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MAX_NOTES = 65_536
MAX_TICKS = 2**31 - 1

# start, length, pitch, velocity, probability, ratchet, offset, flags
_RECORD = struct.Struct("<IIBBBBhH")
_SIZE = _RECORD.size
_KEY = struct.Struct("<I4xB")
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


def _pack(note: Note) -> bytes:
    for name, value in zip(Note._fields, note, strict=True):
        low, high = _LIMITS[name]
        if not (isinstance(value, int) and low <= value <= high):
            raise ValueError(f"note {name} {value} is out of range ({low} to {high})")
    return _RECORD.pack(*note[:7], _SLIDE if note.slide else 0)


def _unpack(fields: tuple[int, ...]) -> Note:
    start, length, pitch, velocity, probability, ratchet, offset, flags = fields
    return Note(start, length, pitch, velocity, probability, ratchet, offset, bool(flags & _SLIDE))


class NoteBlock:
    """An immutable, ordered, packed set of notes."""

    __slots__ = ("data",)
    data: bytes

    def __init__(self, data: bytes = b"") -> None:
        object.__setattr__(self, "data", data)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a NoteBlock is immutable")

    @classmethod
    def of(cls, notes: Iterable[Note]) -> "NoteBlock":
        """Return a block of `notes`; of two at the same start and pitch the later wins. Raises ValueError."""
        unique = {(note.start_ticks, note.pitch): note for note in notes}
        if len(unique) > MAX_NOTES:
            raise ValueError(f"{len(unique)} notes in one clip; at most {MAX_NOTES}")
        return cls(b"".join(_pack(unique[key]) for key in sorted(unique)))

    @classmethod
    def decode(cls, data: bytes) -> "NoteBlock":
        """Return the block whose packed bytes are `data`, every field checked. Raises ValueError."""
        if len(data) % _SIZE or len(data) > MAX_NOTES * _SIZE:
            raise ValueError("a note block has a wrong size")
        _check(data)
        return cls(data)

    def __len__(self) -> int:
        return len(self.data) // _SIZE

    def __iter__(self) -> Iterator[Note]:
        return map(_unpack, _RECORD.iter_unpack(self.data))

    def __getitem__(self, index: int) -> Note:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return _unpack(_RECORD.unpack_from(self.data, index * _SIZE))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoteBlock) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"NoteBlock({len(self)} notes)"

    def index(self, start_ticks: int, pitch: int) -> int:
        """Return the position of the first note at or after (start, pitch)."""
        low, high, wanted = 0, len(self), (start_ticks, pitch)
        while low < high:
            middle = (low + high) // 2
            if _KEY.unpack_from(self.data, middle * _SIZE) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, start_ticks: int, pitch: int) -> Note | None:
        """Return the note at (start, pitch), or None."""
        at = self.index(start_ticks, pitch)
        note = self[at] if at < len(self) else None
        return note if note and (note.start_ticks, note.pitch) == (start_ticks, pitch) else None

    def add(self, note: Note) -> "NoteBlock":
        """Return the block with `note`, which replaces one at the same start and pitch. Raises ValueError."""
        packed = _pack(note)
        at = self.index(note.start_ticks, note.pitch)
        skip = at + 1 if self.find(note.start_ticks, note.pitch) else at
        if skip == at and len(self) >= MAX_NOTES:
            raise ValueError(f"a clip holds at most {MAX_NOTES} notes")
        return NoteBlock(self.data[: at * _SIZE] + packed + self.data[skip * _SIZE :])

    def remove(self, start_ticks: int, pitch: int) -> "NoteBlock":
        """Return the block without the note at (start, pitch). Raises KeyError when there is none."""
        if self.find(start_ticks, pitch) is None:
            raise KeyError((start_ticks, pitch))
        at = self.index(start_ticks, pitch)
        return NoteBlock(self.data[: at * _SIZE] + self.data[(at + 1) * _SIZE :])

    def between(self, start_ticks: int, end_ticks: int) -> Iterator[Note]:
        """Return the notes that start in [start, end)."""
        for at in range(self.index(start_ticks, 0), self.index(end_ticks, 0)):
            yield self[at]

    def map(self, change: Callable[[Note], Note | None]) -> "NoteBlock":
        """Return the block with every note replaced by `change(note)`; None drops it. Raises ValueError."""
        return NoteBlock.of(new for note in self if (new := change(note)) is not None)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = core_schema.chain_schema(
            [
                handler(list[Note]),
                core_schema.no_info_plain_validator_function(cls.of),
            ]
        )
        return core_schema.json_or_python_schema(
            json_schema=listed,
            python_schema=core_schema.is_instance_schema(cls),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda block: [note._asdict() for note in block]
            ),
        )


def _check(data: bytes) -> None:
    """Raise ValueError unless every packed note is in range and the order is strict."""
    before = (-1, -1)
    for start, length, pitch, velocity, probability, ratchet, offset, flags in _RECORD.iter_unpack(data):
        sound = (
            start <= MAX_TICKS
            and 1 <= length <= MAX_TICKS
            and pitch <= 127
            and 1 <= velocity <= 127
            and probability <= 100
            and 1 <= ratchet <= 16
            and -1920 <= offset <= 1920
            and flags <= _SLIDE
        )
        if not sound or (start, pitch) <= before:
            raise ValueError("a note block holds notes out of range or out of order")
        before = (start, pitch)
