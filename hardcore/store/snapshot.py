"""Snapshots: a project alone in a file, for a process that works on it; the format is no promise to anyone."""

import struct
from collections.abc import Iterator
from pathlib import Path

from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory, Stored, true_digest
from hardcore.store.schema import DIGEST_BYTES

# Names `read_snapshot` for whoever has only the file.
READER = f"{__name__}:read_snapshot"
_MAGIC = b"hardcore snapshot 1\n"
# Digest, bytes of the kind's name, version, bytes of payload and references.
_HEAD = struct.Struct(f"<{DIGEST_BYTES}sHHII")


def write_snapshot(project: ProjectState, file: Path) -> None:
    """Write a project to a file. Raises UserError, OSError."""
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    with file.open("wb") as out:
        out.write(_MAGIC + root)
        for stored in encoder.fresh:
            kind = stored.kind.encode()
            head = _HEAD.pack(stored.digest, len(kind), stored.version, len(stored.payload), len(stored.refs))
            out.write(b"".join((head, kind, stored.payload, stored.refs)))


def read_snapshot(file: Path) -> ProjectState:
    """Return the project in a file, checked. Raises UserError."""
    try:
        data = file.read_bytes()
        start = len(_MAGIC) + DIGEST_BYTES
        objects = {stored.digest: stored for stored in _objects(data, start)}
    except (OSError, ValueError, struct.error) as error:
        raise UserError(f"the snapshot of the project cannot be read: {error}") from error
    if not data.startswith(_MAGIC):
        raise UserError("that is no snapshot of a project")
    return Decoder(objects.get, Memory()).decode(data[len(_MAGIC) : start])


def _objects(data: bytes, at: int) -> Iterator[Stored]:
    """Yield the objects in a snapshot from a place on. Raises ValueError, struct.error."""
    while at < len(data):
        address, named, version, packed, referred = _HEAD.unpack_from(data, at)
        kind, payload, refs = at + _HEAD.size, at + _HEAD.size + named, at + _HEAD.size + named + packed
        at = refs + referred
        stored = Stored(address, data[kind:payload].decode(), version, data[payload:refs], data[refs:at])
        if true_digest(stored) != address:
            raise ValueError("a part is not what it was")
        yield stored
