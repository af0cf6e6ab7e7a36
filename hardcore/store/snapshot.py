"""Snapshots: a project alone, as bytes: for a process that works on it, and for what the library keeps.

Objects are as in a project file, each with the version that names its reader, so an old snapshot is read as an old file
is.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory, Stored, digest, ensure_moderate, expand
from hardcore.store.schema import DIGEST_BYTES

# Names `read_snapshot` for whoever has only the file.
READER = f"{__name__}:read_snapshot"
_MAGIC = b"hardcore snapshot 1\n"
# Digest, bytes of the kind's name, version, bytes of payload and references.
_HEAD = struct.Struct(f"<{DIGEST_BYTES}sHHII")


def packed(project: ProjectState) -> tuple[bytes, str]:
    """Return a project as bytes, and the digest of its content: equal projects, equal digests. Raises UserError."""
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    parts = [_MAGIC + root]
    for stored in encoder.fresh:
        kind = stored.kind.encode()
        head = _HEAD.pack(stored.digest, len(kind), stored.version, len(stored.payload), len(stored.refs))
        parts += (head, kind, stored.payload, stored.refs)
    return b"".join(parts), root.hex()


def unpacked(data: bytes) -> ProjectState:
    """Return the project in bytes of any origin, checked. Raises UserError."""
    start = len(_MAGIC) + DIGEST_BYTES
    try:
        objects = {stored.digest: stored for stored in _objects(data, start)}
    except (ValueError, struct.error) as error:
        raise UserError(f"the snapshot of the project cannot be read: {error}") from error
    if not data.startswith(_MAGIC):
        raise UserError("that is no snapshot of a project")
    return Decoder(objects.get, Memory()).decode(data[len(_MAGIC) : start])


def write_snapshot(project: ProjectState, file: Path) -> None:
    """Write a project to a file. Raises UserError, OSError."""
    file.write_bytes(packed(project)[0])


def read_snapshot(file: Path) -> ProjectState:
    """Return the project in a file, checked. Raises UserError."""
    try:
        return unpacked(file.read_bytes())
    except OSError as error:
        raise UserError(f"the snapshot of the project cannot be read: {error}") from error


def _objects(data: bytes, at: int) -> Iterator[Stored]:
    """Yield the objects in a snapshot from a place on. Raises ValueError, struct.error."""
    total = 0
    while at < len(data):
        address, named, version, packed, referred = _HEAD.unpack_from(data, at)
        kind, payload, refs = at + _HEAD.size, at + _HEAD.size + named, at + _HEAD.size + named + packed
        at = refs + referred
        stored = Stored(address, data[kind:payload].decode(), version, data[payload:refs], data[refs:at])
        content = expand(stored.payload)
        total += len(content)
        ensure_moderate(total, len(data))
        checkpoint()
        if digest(stored.kind, version, content, stored.refs) != address:
            raise ValueError("a part is not what it was")
        yield stored
