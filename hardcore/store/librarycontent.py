"""What a thing of the library holds, as bytes: JSON, or a small project as objects, each read by its own reader."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from hardcore.errors import UserError
from hardcore.project.libraryitem import Content
from hardcore.project.state import ProjectState
from hardcore.store.snapshot import packed, unpacked

JSON, OBJECTS = 1, 2


class Written(NamedTuple):
    """Content as it is stored: the number of its reader, the bytes, and a digest: equal content, equal digests."""

    format: int
    data: bytes
    digest: str


def written(content: ProjectState | Mapping[str, Any]) -> Written:
    """Return content as it is stored."""
    if isinstance(content, ProjectState):
        return Written(OBJECTS, *packed(content))
    data = json.dumps(content).encode()
    return Written(JSON, data, blake2b(data, digest_size=20).hexdigest())


def read(format: int, data: bytes) -> Content:
    """Return what bytes of any origin hold. Raises UserError."""
    if format == OBJECTS:
        return unpacked(data)
    if format != JSON:
        raise UserError(f"made by a newer hardcore (format {format})", "install the newest hardcore")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UserError("it cannot be read") from error
    if not isinstance(found, dict):
        raise UserError("it cannot be read")
    return found
