"""Where jobs are kept: a folder each in the state folder, and a lock for each session that has some.

A folder has `job.json` (what never changes), `state.json` (how it stands), perhaps `project` (a snapshot), and what its
work writes for a while. A job whose session holds its lock no more belongs to whoever starts next.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.store.lock import Lock
from hardcore.store.snapshot import READER, write_snapshot

FIXED, CHANGING, SNAPSHOT = "job.json", "state.json", "project"
_OWNER = "owner"
# before the name of the session that is about to begin a job
_FRESH = ".new-"

Snapshot = Mapping[str, str]


class JobRecords:
    """The jobs of one session, and those that earlier ones left, under a folder that is looked up when it is needed."""

    def __init__(self, place: Callable[[], Path]) -> None:
        self._place = place
        self._lock: Lock | None = None
        self._session = ""
        self._last = 0

    def begin(self, project: ProjectState | None, fixed: Mapping[str, Any]) -> tuple[int, Path, Snapshot | None]:
        """Return number, folder and snapshot of a new job. Raises UserError when it cannot be kept."""
        try:
            number, folder = self._numbered(self._root())
            snapshot = None
            if project is not None:
                write_snapshot(project, folder / SNAPSHOT)
                snapshot = {"file": str(folder / SNAPSHOT), "reader": READER}
            _write(folder / FIXED, {**fixed, "snapshot": snapshot})
        except OSError as error:
            raise _refused(error) from error
        return number, folder, snapshot

    def keep(self, number: int, changing: Mapping[str, Any]) -> None:
        """Keep how a job stands. Raises UserError."""
        try:
            _write(self._folder(number) / CHANGING, changing)
        except OSError as error:
            raise _refused(error) from error

    def own(self, number: int) -> None:
        """Note that a job is this session's. Raises UserError."""
        try:
            _put(self._folder(number) / _OWNER, self._owner())
        except OSError as error:
            raise _refused(error) from error

    def drop(self, number: int) -> None:
        """Forget a job."""
        shutil.rmtree(self._folder(number), ignore_errors=True)

    def left(self) -> list[tuple[int, Path, dict[str, Any], dict[str, Any]]]:
        """Return the jobs of sessions that are gone: this one's from now on. What cannot be read is dropped."""
        return list(self._left())

    def close(self) -> None:
        """Let go of the jobs of this session."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _left(self) -> Iterator[tuple[int, Path, dict[str, Any], dict[str, Any]]]:
        try:
            root = self._place()
            names = [path.name for path in root.iterdir()]
        except (OSError, UserError):
            return
        for name in names:  # its session ended before it was a job
            if name.startswith(_FRESH) and not _is_held(root / name.removeprefix(_FRESH)):
                shutil.rmtree(root / name, ignore_errors=True)
        for number in sorted(int(name) for name in names if name.isdigit()):
            folder = self._folder(number)
            owner = _text(folder / _OWNER)
            if owner and _is_held(root / owner):
                continue
            try:
                fixed = json.loads((folder / FIXED).read_bytes())
                changing = json.loads(_text(folder / CHANGING) or "{}")
                self.own(number)
            except (OSError, ValueError, UserError):
                self.drop(number)
                continue
            yield number, folder, fixed, changing

    def _root(self) -> Path:
        root = self._place()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return root

    def _folder(self, number: int) -> Path:
        return self._place() / str(number)

    def _numbered(self, root: Path) -> tuple[int, Path]:
        """Return the next number and its folder, made: two sessions never get the same, nor one twice.

        It has its owner from its first moment on: what has none is nobody's, and another session would sweep it.
        """
        number = max((int(path.name) for path in root.iterdir() if path.name.isdigit()), default=0)
        number = max(number, self._last)
        fresh = root / f"{_FRESH}{self._owner()}"
        fresh.mkdir(mode=0o700, exist_ok=True)
        (fresh / _OWNER).write_text(self._owner())
        while True:
            number += 1
            try:
                fresh.rename(root / str(number))
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                    raise
                continue
            self._last = number
            return number, root / str(number)

    def _owner(self) -> str:
        """Return the name of this session's lock, which is held from the first job on."""
        if self._lock is None:
            self._session = f"session-{os.getpid()}-{os.urandom(3).hex()}"
            self._lock = Lock.acquire(self._root() / self._session)
        return self._session


def _is_held(path: Path) -> bool:
    if not path.with_name(f"{path.name}.lock").exists():
        return False
    try:
        Lock.acquire(path).release()
    except UserError:
        return True
    return False


def _write(file: Path, content: Mapping[str, Any]) -> None:
    _put(file, json.dumps(content))


def _put(file: Path, text: str) -> None:
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text)
    beside.replace(file)


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text()
    return ""


def _refused(error: OSError) -> UserError:
    return UserError(f"the job cannot be kept: {error.strerror or error}", "check the disk and HARDCORE_HOME")
