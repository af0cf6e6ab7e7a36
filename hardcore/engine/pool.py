"""The pool: copies of the sounds that play, named by their hashes, in the one folder that a live engine can read.

Copies, since an engine follows a link and writes to what it leads to. A copy is checked each time before it is loaded,
and kept for as long as the project plays it.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from hardcore.project.multisample import Load
from hardcore.project.recording import decoded_path, file_digest, holds, is_plain, located
from hardcore.project.samples import sample


class _Copy(NamedTuple):
    """What a copy must hold."""

    sha256: str
    size: int


class Pool:
    """Copies in a folder that is nobody else's. They take time to copy and to hash: never ask where time is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies: dict[str, _Copy] = {}

    def hold(self, load: Load) -> Path | None:
        """Return the copy of the sound that a load is of, made where it is missing or no longer right.

        None when no file holds the content that is meant, or when it cannot be copied.
        """
        name = name_of(load)
        path, copy = self._folder / name, self._copies.get(name)
        if copy is not None and holds(path, *copy):
            return path
        self._remove(name)
        try:
            source, sha256 = _source(load)
            if source is not None:
                _copy(source, path)
                # What we decoded or cut out ourselves has no hash that is known before.
                copy = _Copy(sha256 or file_digest(path), path.stat().st_size)
                if holds(path, *copy):
                    self._copies[name] = copy
                    return path
        except (OSError, ValueError) as error:
            sys.stderr.write(f"no copy of a sound could be made: {error}\n")
        self._remove(name)
        return None

    def keep(self, loads: Iterable[Load]) -> None:
        """Remove every copy but those of the sounds that these loads are of."""
        for name in self._copies.keys() - {name_of(load) for load in loads}:
            self._remove(name)

    def _remove(self, name: str) -> None:
        self._copies.pop(name, None)
        with contextlib.suppress(OSError):
            (self._folder / name).unlink(missing_ok=True)


def name_of(load: Load) -> str:
    """Return what the copy of a load's sound is called: by the hash of the file that it comes from."""
    if load.recording is not None:
        return load.recording.key
    assert load.sample is not None
    return sample(load.sample).sha256


def _source(load: Load) -> tuple[Path | None, str | None]:
    """Return the file to copy, None when there is none, and its hash, None where that is known of its origin only."""
    known = load.recording
    if known is None:
        assert load.sample is not None
        return sample(load.sample).path, sample(load.sample).sha256
    if known.offset is not None or decoded_path(known.key).is_file():
        return located(known), None
    own = Path(known.path)
    fits = own.is_file() and own.stat().st_size == known.size and is_plain(own)
    return (own if fits else None), known.sha256


def _copy(source: Path, target: Path) -> None:
    """Copy a file, by reference where the file system can: then it takes no room. Raises OSError."""
    with source.open("rb") as reading, target.open("xb") as writing:
        target.chmod(0o400)
        left = os.fstat(reading.fileno()).st_size
        with contextlib.suppress(AttributeError, OSError):  # not on every system, nor from one file system to another
            while left and (count := os.copy_file_range(reading.fileno(), writing.fileno(), left)):
                left -= count
        shutil.copyfileobj(reading, writing)
