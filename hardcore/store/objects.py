"""Objects: a project as small pieces, each stored once under the digest of its content.

An object is its own fields (JSON, or packed bytes for a chunk of notes) and `refs`, the digests of its children in
order; a child's kind says which field it belongs to. An edit makes new objects only from the change up to the root.
"""

import zlib
from collections.abc import Iterator
from hashlib import blake2b
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from hardcore.errors import Refused
from hardcore.model import Model
from hardcore.music.groove import GrooveTemplate
from hardcore.project.clip import Automation, Clip
from hardcore.project.multisample import Multisample
from hardcore.project.region import AudioRegion
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.store import schema
from hardcore.store.migrations import MIGRATIONS, OLD_LISTS
from hardcore.store.schema import DIGEST_BYTES, MAX_OBJECT_BYTES

# Of what is made here nothing is packed tighter than 107 to 1 (4,096 equal zones); nulls are, 1,028 to 1.
FREE_BYTES, MAX_RATIO = 2**25, 128


class Shape(NamedTuple):
    """How a model is stored: the fields that hold children, by their kind; `a.b` is field b of what a holds."""

    model: type[Model]
    fields: dict[str, str]


SHAPES: dict[str, Shape] = {
    "project": Shape(
        ProjectState,
        {
            "track": "tracks",
            "scenes": "scenes",
            "sections": "sections",
            "markers": "markers",
            "rules": "rules",
            "maps": "maps",
            "groove": "grooves",
        },
    ),
    # A track may have thousands of placements, and its instrument a thousand zones: a fader must not write them again.
    "track": Shape(
        Track,
        {
            "clip": "clips",
            "placements": "placements",
            "automation": "automation",
            "multisample": "instrument.multisample",
        },
    ),
    "multisample": Shape(Multisample, {}),
    "clip": Shape(Clip, {"notes": "notes", "region": "region", "automation": "automation"}),
    # by itself, so that what names artifacts is found without reading everything
    "region": Shape(AudioRegion, {}),
    "scene": Shape(Scene, {}),
    "groove": Shape(GrooveTemplate, {}),
    "automation": Shape(Automation, {}),
}
# What may stand in the place of a child: the notes of most clips are one chunk.
INSTEAD: dict[str, dict[str, str]] = {"clip": {"chunk": "notes"}}
# Rows of children that are an object of references: other edits write one reference for them all.
ROWS = {"scenes": "scene"}


class List(NamedTuple):
    """How a field that is one object is stored: what reads it from JSON values, and what writes it as JSON."""

    read: TypeAdapter[tuple[Any, ...]]
    write: TypeAdapter[tuple[Any, ...]]

    @classmethod
    def of(cls, model: type[Model], name: str) -> "List":
        """Return how a field of a model is stored."""
        field = model.model_fields[name]
        plain: Any = field.annotation
        annotation: Any = Annotated[plain, *field.metadata]
        # The field's own serializer looks at each child for what it is, which takes 1.6 times as long.
        return cls(TypeAdapter(annotation), TypeAdapter(plain, config=ConfigDict(defer_build=True)))


# Lists that are one object, however long.
LISTS: dict[str, List] = {
    "placements": List.of(Track, "placements"),
    **{name: List.of(ProjectState, name) for name in ("sections", "markers", "rules", "maps")},
}
SINGLE = ("notes", "chunk", "multisample", "region", *ROWS, *LISTS, *OLD_LISTS)
# what is an object of its own, unless it is empty: then it is none
APART = (*ROWS, *LISTS)
LEFT_OUT = {kind: {name for name in shape.fields.values() if "." not in name} for kind, shape in SHAPES.items()}


def _excluded(shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in shape.fields.values():
        outer, dot, inner = name.partition(".")
        found[outer] = {inner: True} if dot else True
    return found


# what is left out of an object's own content, as pydantic takes it
EXCLUDED = {kind: _excluded(shape) for kind, shape in SHAPES.items()}


def held(thing: Any, field: str) -> Any:
    """Return what a field holds; None where something on the way to it is None."""
    if "." not in field:
        return getattr(thing, field)
    for name in field.split("."):
        thing = getattr(thing, name, None)
    return thing


class Stored(NamedTuple):
    """An object as it lies in a file; `payload` is compressed, `refs` are the children's digests end to end."""

    digest: bytes
    kind: str
    version: int
    payload: bytes
    refs: bytes


def digest(kind: str, version: int, content: bytes, refs: bytes) -> bytes:
    """Return the address of an object. It covers the content before compression: zlib differs between systems."""
    hasher = blake2b(f"{kind} {version} {len(content)}\n".encode(), digest_size=DIGEST_BYTES)
    hasher.update(content)
    hasher.update(refs)
    return hasher.digest()


def expand(payload: bytes) -> bytes:
    """Return the content of a payload, 16 MiB at most. Raises ValueError, also for more than that."""
    decompressor = zlib.decompressobj()
    try:
        content = decompressor.decompress(payload, MAX_OBJECT_BYTES + 1)
    except zlib.error as error:
        raise ValueError("a payload is broken") from error
    if len(content) > MAX_OBJECT_BYTES:
        raise ValueError("an object is too large")
    if not decompressor.eof or decompressor.unused_data or decompressor.unconsumed_tail:
        raise ValueError("a payload is broken")
    return content


def ensure_moderate(content: int, packed: int) -> None:
    """Raise ValueError when objects hold more bytes unpacked than any that are made here."""
    if content > min(schema.MAX_CONTENT_BYTES, FREE_BYTES + MAX_RATIO * packed):
        raise ValueError("its content is too large")


def true_digest(stored: Stored) -> bytes | None:
    """Return the digest that an object should have by what it holds, None when it can't be unpacked."""
    try:
        return digest(stored.kind, stored.version, expand(stored.payload), stored.refs)
    except ValueError:
        return None


def mended(stored: Stored) -> Stored | None:
    """Return an object whose digest doesn't hold with the one bit, or the one word, right that makes it hold.

    None when there is none; trying takes about 20 µs for each bit.
    """
    kinds = (stored._replace(kind=kind) for kind in MIGRATIONS)
    versions = (stored._replace(version=number) for number in range(1, 10))
    for tried in (*kinds, *versions):
        if true_digest(tried) == stored.digest:
            return tried
    for payload in _flipped(stored.payload):
        if true_digest(tried := stored._replace(payload=payload)) == stored.digest:
            return tried
    for refs in _flipped(stored.refs):
        if true_digest(tried := stored._replace(refs=refs)) == stored.digest:
            return tried
    return None


def _flipped(data: bytes) -> Iterator[bytes]:
    """Yield `data` with one bit turned, each in turn."""
    whole = int.from_bytes(data, "big")
    for bit in range(8 * len(data)):
        yield (whole ^ 1 << bit).to_bytes(len(data), "big")


class Memory:
    """What is in a store: which object has which digest. Holds the objects, so an address is never reused."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[Any, bytes]] = {}
        self._objects: dict[bytes, tuple[str, Any]] = {}

    def digest(self, thing: Any) -> bytes | None:
        """Return the digest of this very object, None when it is not stored."""
        return known[1] if (known := self._digests.get(id(thing))) else None

    def object(self, address: bytes) -> tuple[str, Any] | None:
        """Return kind and object at a digest, None when it was not met yet."""
        return self._objects.get(address)

    def learn(self, kind: str, thing: Any, address: bytes) -> None:
        """Remember an object that is stored."""
        self._digests[id(thing)] = (thing, address)
        self._objects.setdefault(address, (kind, thing))

    def forget(self, things: list[tuple[Any, bytes]]) -> None:
        """Forget objects that could not be stored after all."""
        for thing, address in things:
            self._digests.pop(id(thing), None)
            self._objects.pop(address, None)


def ensure_size(kind: str, content: bytes) -> None:
    """Raise Refused when an object is larger than a file may hold."""
    if len(content) > MAX_OBJECT_BYTES:
        raise Refused(f"a {kind} of {len(content) // 2**20} MiB is too large to store")
