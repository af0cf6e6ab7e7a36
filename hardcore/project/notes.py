"""Notes: a `Note` is what an edit takes and gives; a clip holds them as one immutable packed `NoteBlock`.

A quarter of a million pydantic notes cost 300 MB and 0.2 s a garbage collection; packed they cost 4 MB.
In a block notes are ordered by (start, pitch), and there is one note per (start, pitch): that pair is its address.
"""

from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from pydantic import GetCoreSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

from hardcore.project import chunks
from hardcore.project.chunks import SIZE, Chunks, Key
from hardcore.project.note import MAX_TICKS, RECORD, Note, ensure_sound, pack, unpack

__all__ = ["MAX_NOTES", "MAX_TICKS", "Note", "NoteBlock"]

MAX_NOTES = 65_536
# the context in which notes are serialized as packed bytes
PACKED = "packed"


class NoteBlock:
    """An immutable, ordered, packed set of notes, in chunks that an edit elsewhere leaves the same objects."""

    __slots__ = ("chunks",)
    chunks: Chunks

    def __init__(self, chunks: Chunks = ()) -> None:
        """Hold chunks that are cut as `chunks.cut` does; `of`, `decode` and `joined` take anything."""
        object.__setattr__(self, "chunks", chunks)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a NoteBlock is immutable")

    @classmethod
    def of(cls, notes: Iterable[Note]) -> "NoteBlock":
        """Return a block of `notes`; of two at the same start and pitch the later wins. Raises ValueError."""
        return cls(chunks.cut(_packed(notes)))

    @classmethod
    def decode(cls, data: bytes) -> "NoteBlock":
        """Return the block whose packed bytes are `data`, every field checked. Raises ValueError."""
        if len(data) % SIZE:
            raise ValueError("a note block has a wrong size")
        _ensure_few(len(data) // SIZE)
        ensure_sound(data)
        return cls(chunks.cut(data))

    @classmethod
    def joined(cls, chunks: Iterable[bytes]) -> "NoteBlock":
        """Return the block whose chunks these are, checked as by `decode`; they are kept if they are cut as here."""
        parts: list[bytes] = []
        size = 0
        for chunk in chunks:  # not all of them first: a file may say that there are billions
            size += len(chunk)
            if not chunk:
                raise ValueError("a chunk of notes is empty")
            _ensure_few(size // SIZE)
            parts.append(chunk)
        block = cls.decode(b"".join(parts))
        return cls(tuple(parts)) if block.chunks == tuple(parts) else block

    @property
    def data(self) -> bytes:
        """Return all notes packed, 16 bytes each."""
        return b"".join(self.chunks)

    def __len__(self) -> int:
        return sum(map(len, self.chunks)) // SIZE

    def __iter__(self) -> Iterator[Note]:
        return map(unpack, chain.from_iterable(map(RECORD.iter_unpack, self.chunks)))

    def __getitem__(self, index: int) -> Note:
        at = index * SIZE
        for chunk in self.chunks:
            if 0 <= at < len(chunk):
                return unpack(RECORD.unpack_from(chunk, at))
            at -= len(chunk)
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoteBlock) and self.chunks == other.chunks

    def __hash__(self) -> int:
        return hash(self.chunks)

    def __repr__(self) -> str:
        return f"NoteBlock({len(self)} notes)"

    def index(self, start_ticks: int, pitch: int) -> int:
        """Return the position of the first note at or after (start, pitch)."""
        place, inside = self._place((start_ticks, pitch))
        return sum(map(len, self.chunks[:place])) // SIZE + inside

    def _place(self, wanted: Key) -> tuple[int, int]:
        """Return which chunk a key belongs to, and how many of its notes come before it."""
        place = max(bisect_right(self.chunks, wanted, key=chunks.key) - 1, 0)
        return place, chunks.position(self.chunks[place], wanted) if self.chunks else 0

    def find(self, start_ticks: int, pitch: int) -> Note | None:
        """Return the note at (start, pitch), or None."""
        place, inside = self._place((start_ticks, pitch))
        if not self.chunks or inside * SIZE >= len(self.chunks[place]):
            return None
        note = unpack(RECORD.unpack_from(self.chunks[place], inside * SIZE))
        return note if (note.start_ticks, note.pitch) == (start_ticks, pitch) else None

    def add(self, note: Note) -> "NoteBlock":
        """Return the block with `note`, which replaces one at the same start and pitch. Raises ValueError."""
        packed, here = pack(note), (note.start_ticks, note.pitch)
        return self._spliced(here, (here[0], here[1] + 1), packed)

    def remove(self, start_ticks: int, pitch: int) -> "NoteBlock":
        """Return the block without the note at (start, pitch). Raises KeyError when there is none."""
        if self.find(start_ticks, pitch) is None:
            raise KeyError((start_ticks, pitch))
        return self._spliced((start_ticks, pitch), (start_ticks, pitch + 1), b"")

    def splice(self, start_ticks: int, end_ticks: int, notes: Iterable[Note]) -> "NoteBlock":
        """Return the block with the notes that start in [start, end) replaced by `notes`.

        Raises ValueError, also for a note that starts elsewhere.
        """
        listed = list(notes)
        for note in listed:
            if not start_ticks <= note.start_ticks < end_ticks:
                raise ValueError(f"a note at tick {note.start_ticks} is not in {start_ticks} to {end_ticks}")
        if end_ticks <= start_ticks:
            return self
        return self._spliced((start_ticks, 0), (end_ticks, 0), _packed(listed))

    def _spliced(self, low: Key, high: Key, packed: bytes) -> "NoteBlock":
        block = NoteBlock(chunks.spliced(self.chunks, low, high, packed))
        _ensure_few(len(block))
        return block

    def between(self, start_ticks: int, end_ticks: int) -> Iterator[Note]:
        """Return the notes that start in [start, end)."""
        place, inside = self._place((start_ticks, 0))
        for chunk in self.chunks[place:]:
            for note in map(unpack, RECORD.iter_unpack(memoryview(chunk)[inside * SIZE :])):
                if note.start_ticks >= end_ticks:
                    return
                yield note
            inside = 0

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
            python_schema=core_schema.no_info_plain_validator_function(cls._taken),
            serialization=core_schema.plain_serializer_function_ser_schema(cls._said, info_arg=True),
        )

    @classmethod
    def _taken(cls, value: Any) -> "NoteBlock":
        """Return a block as it is, or one of its packed words."""
        if isinstance(value, cls):
            return value
        if isinstance(value, dict) and value.keys() == {PACKED}:
            return cls.joined([b64decode(chunk, validate=True) for chunk in value[PACKED]])
        raise ValueError("notes are a NoteBlock")

    def _said(self, info: SerializationInfo) -> Any:
        """Return the notes as JSON has them: packed where the context asks for it, else field by field."""
        if info.context == PACKED:
            return {PACKED: [b64encode(chunk).decode() for chunk in self.chunks]}
        return [note._asdict() for note in self]


def _ensure_few(count: int) -> None:
    """Raise ValueError when a clip cannot hold so many notes."""
    if count > MAX_NOTES:
        raise ValueError(f"{count} notes in one clip; at most {MAX_NOTES}")


def _packed(notes: Iterable[Note]) -> bytes:
    """Return notes packed and in order; of two at the same start and pitch the later wins. Raises ValueError."""
    unique = {(note.start_ticks, note.pitch): note for note in notes}
    _ensure_few(len(unique))
    return b"".join(pack(unique[key]) for key in sorted(unique))
