"""Files that appear whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from hardcore.errors import UserError

# The mode of what is nobody else's business.
PRIVATE = 0o600


@contextlib.contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Yield a file to write to, which takes the place of `path` when all went well: beside it first, then synced.

    `mode` is that of the new file, less what the user's mask takes away.
    Raises UserError when it cannot be written; then, and when the block raises, nothing has changed.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"{path} could not be written: {why}", "check the folder and its permissions") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def sweep(folder: Path, names: Collection[str]) -> None:
    """Remove what writers that were killed left of files and folders so called in a folder."""
    for path in folder.glob(".*.part"):
        name, _, process = path.name[1:].removesuffix(".part").rpartition(".")
        if name in names and process.isdecimal():
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write `data` to `path`, as `replacing` does. Raises UserError; then nothing changed."""
    with replacing(path, mode) as file:
        file.write(data)
