"""What travels between the studio and its player: frames of JSON, and a project as what changed since the last one.

A frame is four bytes of length and that much JSON. What is the same object as before does not travel (see `delta`); on
the other side it stays the same object too, so the plan can skip it.
"""

import json
import struct
from collections.abc import Iterator
from typing import IO, Any

from pydantic_core import to_json

from hardcore.player import delta
from hardcore.project.state import ProjectState

_SIZE = struct.Struct(">I")
Words = dict[str, Any]
# What ends every note at MIDI outputs.
HUSH: Words = {"do": "hush"}


def frame(words: Words) -> bytes:
    """Return a message as one frame."""
    data = to_json(words)
    return _SIZE.pack(len(data)) + data


def frames(source: IO[bytes]) -> Iterator[Words]:
    """Yield the messages of a pipe until it closes; half a frame at its end is dropped."""
    while len(head := source.read(_SIZE.size)) == _SIZE.size:
        (size,) = _SIZE.unpack(head)
        data = source.read(size)
        if len(data) < size:
            return
        yield json.loads(data)


class Sender:
    """Remembers what the other side has, so that only changes are sent."""

    def __init__(self) -> None:
        self._sent: ProjectState | None = None

    def delta(self, project: ProjectState) -> Words:
        """Return what the other side needs to have `project`."""
        before, self._sent = self._sent, project
        return {"whole": delta.whole(project)} if before is None else {"changes": delta.changed(before, project)}


class Receiver:
    """The other side: puts projects together again."""

    def __init__(self) -> None:
        self._had: ProjectState | None = None

    def project(self, words: Words) -> ProjectState:
        """Return the project that a delta leads to. Raises ValueError for one that is damaged."""
        if "whole" in words:
            self._had = ProjectState.model_validate(words["whole"])
        elif self._had is None:
            raise ValueError("changes of a project that never came")
        else:
            self._had = delta.applied(self._had, words["changes"])
        return self._had
