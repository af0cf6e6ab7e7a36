"""Locks: one opener of a file at a time, by an operating-system lock on a side file, which a kill frees too."""

import errno
import os
import sys
from pathlib import Path

from hardcore.errors import Locked, UserError, why

# far past the holder's pid, so that others can read it on Windows, where locked bytes cannot be read
_FAR = 2**20


class NotWritable(UserError):
    """Nothing may be written beside a file, so it has no lock."""


class Lock:
    """The lock of a path, held from `acquire` until `release` or the end of the process."""

    def __init__(self, fd: int, side: Path) -> None:
        self._fd: int | None = fd
        self._side = side

    @classmethod
    def acquire(cls, path: Path, hint: str = "") -> "Lock":
        """Return the lock of `path`, which must be a real path.

        Raises Locked naming the process that holds it, NotWritable where none can be made.
        """
        side = path.with_name(path.name + ".lock")
        while True:
            fd = _opened(side, path, hint)
            if not _locked(fd, path, hint):
                holder = os.pread(fd, 32, 0) if hasattr(os, "pread") else os.read(fd, 32)
                os.close(fd)
                raise _held(path, holder, hint)
            # a holder that let go removed the file: then this lock is on nothing
            if _same(fd, side):
                break
            os.close(fd)
        try:
            os.ftruncate(fd, 0)
            os.write(fd, f"{os.getpid()}\n".encode())
        except OSError:
            pass  # a full disk: the lock holds all the same, only nameless
        return cls(fd, side)

    def release(self) -> None:
        """Let go of the lock and remove its file; a second time does nothing."""
        if self._fd is None:
            return
        if sys.platform != "win32":  # there an open file cannot be removed, and a closed one may be another's
            self._side.unlink(missing_ok=True)
        os.close(self._fd)
        self._fd = None


def _opened(side: Path, path: Path, hint: str) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(side, flags, 0o600)
    except OSError as error:
        raise _refused(path, error, hint) from error


def _locked(fd: int, path: Path, hint: str) -> bool:
    """Return whether the lock was free; it is ours then. Raises UserError where files cannot be locked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(fd, _FAR, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            os.lseek(fd, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            os.close(fd)
            raise _refused(path, error, hint) from error
        return False
    return True


def _same(fd: int, side: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), side.stat())
    except OSError:
        return False


def _refused(path: Path, error: OSError, hint: str) -> UserError:
    kind = NotWritable if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else UserError
    return kind(f"{path.name} cannot be locked: {why(error)}", hint)


def _held(path: Path, holder: bytes, hint: str) -> Locked:
    words = holder.split()
    pid = words[0].decode("ascii", "replace")[:12] if words else ""
    who = "this program" if pid == str(os.getpid()) else f"process {pid}" if pid.isdigit() else "another process"
    return Locked(f"{path.name} is open in {who}", hint)
