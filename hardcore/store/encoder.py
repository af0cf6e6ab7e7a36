"""The encoder: from a project to the objects that a store does not have yet."""

import zlib
from typing import Any

from hardcore.project.chunks import Chunks
from hardcore.project.chunks import runs as runs_of
from hardcore.project.notes import NoteBlock
from hardcore.project.state import ProjectState
from hardcore.store.migrations import current
from hardcore.store.objects import (
    APART,
    EXCLUDED,
    LISTS,
    ROWS,
    SHAPES,
    SINGLE,
    Memory,
    Stored,
    digest,
    ensure_size,
    held,
)


class Encoder:
    """Encodes projects into one store; what its `memory` knows is not encoded again.

    `fresh` collects new objects, children first, until `stored` or `failed` says what became of them; `content` is how
    many bytes they have unpacked.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.fresh: list[Stored] = []
        self.content = 0
        self._made: list[tuple[Any, bytes]] = []

    def encode(self, project: ProjectState) -> bytes:
        """Return the digest of the project; what is new in it is added to `fresh`. Raises UserError when too large."""
        return self._model("project", project)

    def stored(self) -> None:
        """Say that all of `fresh` is in the store."""
        self.fresh, self._made, self.content = [], [], 0

    def failed(self) -> None:
        """Say that nothing of `fresh` reached the store: it will be encoded again."""
        self.memory.forget(self._made)
        self.stored()

    def _model(self, kind: str, thing: Any) -> bytes:
        known = self.memory.digest(thing)
        if known:
            return known
        refs: list[bytes] = []
        for child, field in SHAPES[kind].fields.items():
            value = held(thing, field)
            if child not in SINGLE:
                refs += [self.memory.digest(each) or self._model(child, each) for each in value]
            elif value is not None and (value or child not in APART):
                refs.append(self._child(child, value))
        content = thing.model_dump_json(exclude=EXCLUDED[kind]).encode()
        return self._add(kind, thing, content, b"".join(refs))

    def _child(self, kind: str, thing: Any) -> bytes:
        if kind == "notes":
            return self._notes(thing)
        if kind in ROWS:
            return self._row(kind, thing)
        return self._list(kind, thing) if kind in LISTS else self._model(kind, thing)

    def _notes(self, notes: NoteBlock) -> bytes:
        if len(notes.chunks) == 1:
            return self._chunks(notes.chunks)
        known = self.memory.digest(notes)
        if known:
            return known
        runs = runs_of(notes.chunks)
        refs = self._chunks(notes.chunks) if len(runs) == 1 else b"".join(map(self._run, runs))
        return self._add("notes", notes, b"", refs)

    def _run(self, chunks: Chunks) -> bytes:
        refs = self._chunks(chunks)
        address = digest("chunks", current("chunks"), b"", refs)
        return address if self.memory.object(address) else self._add("chunks", chunks, b"", refs)

    def _chunks(self, chunks: Chunks) -> bytes:
        return b"".join([self.memory.digest(chunk) or self._add("chunk", chunk, chunk, b"") for chunk in chunks])

    def _row(self, kind: str, things: tuple[Any, ...]) -> bytes:
        known = self.memory.digest(things)
        if known:
            return known
        return self._add(kind, things, b"", b"".join([self._model(ROWS[kind], thing) for thing in things]))

    def _list(self, kind: str, things: tuple[Any, ...]) -> bytes:
        return self.memory.digest(things) or self._add(kind, things, LISTS[kind].write.dump_json(things), b"")

    def _add(self, kind: str, thing: Any, content: bytes, refs: bytes) -> bytes:
        ensure_size(kind, content)
        version = current(kind)
        address = digest(kind, version, content, refs)
        self.content += len(content)
        self.fresh.append(Stored(address, kind, version, zlib.compress(content, 1), refs))
        self.memory.learn(kind, thing, address)
        self._made.append((thing, address))
        return address
