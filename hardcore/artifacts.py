"""Files that appear whole or not at all."""

import contextlib
import os
from pathlib import Path

from hardcore.errors import UserError


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`: beside it first, synced, then in its place. Raises UserError; then nothing changed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        why = error.strerror or str(error)
        raise UserError(f"{path} could not be written: {why}", "check the folder and its permissions") from error
