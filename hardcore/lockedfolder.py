"""Folders that belong to a process: it holds their lock for as long as it lives, so that others know what is left."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def locked_folder(root: Path, prefix: str) -> tuple[Path, int]:
    """Return a new folder and the handle that holds its lock. Raises OSError."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=root.resolve()))
        # Somebody who sweeps may take it for a dead one's before we hold its lock.
        with contextlib.suppress(FileNotFoundError):
            handle = opened(folder)
            if _is_ours(handle) and folder.exists():
                return folder, handle
            os.close(handle)


def abandoned(root: Path) -> Iterator[Path]:
    """Yield the folders of ours in `root` whose process has ended, each while we hold its lock; the others are left."""
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            with contextlib.suppress(OSError):
                if folder.is_symlink() or folder.stat().st_uid != getattr(os, "geteuid", int)():
                    continue
                handle = opened(folder)
                try:
                    hold(handle)
                    yield folder
                finally:
                    os.close(handle)


def opened(folder: Path) -> int:
    """Return a handle of the lock of a folder, which is not held yet. Raises OSError."""
    return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _is_ours(handle: int) -> bool:
    """Return whether we hold a new folder's lock; where nothing can be locked nothing is swept either."""
    try:
        hold(handle)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def hold(handle: int) -> None:
    """Hold a lock until the handle is closed, or we end. Raises OSError when another process holds it."""
    if sys.platform == "win32":
        raise OSError("a folder with an open file in it can't be removed here")
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
