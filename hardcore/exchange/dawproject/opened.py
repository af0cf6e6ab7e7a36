"""A DAWproject of unknown origin, opened: its documents and files, each held to limits before and while it is read.

Nothing is unpacked under a name from the zip: a file goes where the reader says.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from pydantic import ValidationError

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.exchange.dawproject.devicestate import DeviceState
from hardcore.exchange.dawproject.markup import parse
from hardcore.exchange.dawproject.package import METADATA, PROJECT
from hardcore.project.recording import LARGEST_FILE

LARGEST_DOCUMENT, LARGEST_STATE = 256 << 20, 4 << 20
MOST_ENTRIES = 10_000
# of all that is read of one file, so that ten thousand names of one sound do not fill a disk
LARGEST_TOTAL = 8 << 30
_BLOCK = 1 << 20


class Opened:
    """What is in a DAWproject. Every method raises UserError in one line for what cannot be read."""

    def __init__(self, package: ZipFile, name: str) -> None:
        self._package, self._name = package, name
        self._left = LARGEST_TOTAL
        if len(package.infolist()) > MOST_ENTRIES:
            raise UserError(f"{name} holds {len(package.infolist())} files", f"{MOST_ENTRIES} at most")

    def document(self) -> Element:
        """Return the root of its project.xml."""
        with self._file(PROJECT, LARGEST_DOCUMENT) as file:
            root = parse(file, f"{PROJECT} of {self._name}")
        if root.tag != "Project":
            raise UserError(f"{PROJECT} of {self._name} is a {root.tag[:40]}", "a DAWproject begins with Project")
        return root

    def metadata(self) -> Element | None:
        """Return the root of its metadata.xml, None where it has none."""
        if METADATA not in self._package.NameToInfo:
            return None
        with self._file(METADATA, LARGEST_STATE) as file:
            return parse(file, f"{METADATA} of {self._name}")

    def state(self, path: str) -> DeviceState:
        """Return what a device of ours keeps in it."""
        with self._file(path, LARGEST_STATE) as file:
            content = file.read()
        try:
            return DeviceState.model_validate(json.loads(content))
        except (ValidationError, ValueError, RecursionError) as error:
            raise UserError(f"{path[:80]} is no state of a device") from error

    def unpack(self, path: str, target: Path) -> None:
        """Write a file of it to `target`."""
        with self._file(path, LARGEST_FILE) as source, target.open("wb") as file:
            while block := source.read(_BLOCK):
                checkpoint()
                file.write(block)

    @contextmanager
    def _file(self, path: str, largest: int) -> Iterator["_Bounded"]:
        entry = self._package.NameToInfo.get(path)
        if entry is None:
            raise UserError(f"{self._name} has no {path[:80]}", "is it a DAWproject?" if path == PROJECT else "")
        if entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise UserError(f"{path[:80]} of {self._name} is packed in a way that is not read")
        if entry.file_size > largest:
            raise UserError(f"{path[:80]} of {self._name} is too large", f"{largest >> 20} MiB at most")
        try:
            with self._package.open(entry) as source:
                yield _Bounded(source, min(largest, self._left), f"{path[:80]} of {self._name}", self._spent)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise UserError(f"{path[:80]} of {self._name} is damaged: {error}") from error

    def _spent(self, count: int) -> None:
        self._left -= count


class _Bounded:
    """Reads a file of a zip, and no more of it than may come: what its entry claims need not be true."""

    def __init__(self, source: IO[bytes], left: int, name: str, spent: Callable[[int], None]) -> None:
        self._source, self._left, self._name, self._spent = source, left, name, spent

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(block)
        if self._left < 0:
            raise UserError(f"{self._name} is too large")
        self._spent(len(block))
        return block


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Yield a DAWproject, opened. Raises UserError in one line for what is none."""
    try:
        with ZipFile(path) as package:
            yield Opened(package, path.name)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UserError(f"{path.name} is no DAWproject: {error}", "a zip with a project.xml") from error
