"""What happens to files, as the kernel tells it (inotify): which of a folder's were opened, by whomever."""

import ctypes
import os
import struct
from pathlib import Path

_OPENED, _MODIFIED, _CREATED, _DELETED = 0x20, 0x2, 0x100, 0x200
_HEAD = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class Watched:
    """A folder, not those below it, whose files are watched from now on."""

    def __init__(self, folder: Path) -> None:
        self._handle = _libc.inotify_init1(os.O_NONBLOCK)
        mask = _OPENED | _MODIFIED | _CREATED | _DELETED
        if self._handle < 0 or _libc.inotify_add_watch(self._handle, bytes(folder), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def touched(self) -> set[str]:
        """Return the names of the files that were opened, changed, made or removed since the last time."""
        found, at = set(), 0
        try:
            data = os.read(self._handle, 1 << 20)
        except BlockingIOError:
            return set()
        while at < len(data):
            size = _HEAD.unpack_from(data, at)[3]
            name = data[at + _HEAD.size : at + _HEAD.size + size].rstrip(b"\0").decode()
            found |= {name} if name else set()
            at += _HEAD.size + size
        return found

    def close(self) -> None:
        """Watch no longer."""
        os.close(self._handle)
