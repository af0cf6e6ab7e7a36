"""The store of projects as the controller sees it: files, and what was left unsaved."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from hardcore.errors import UserError
from hardcore.store import embedding, library, project_file, recents, salvage, working_copy
from hardcore.store.compaction import Compaction
from hardcore.store.leftovers import Recoverable, recoverable
from hardcore.store.opened import Opened


class Left(Protocol):
    """Unsaved work as a listing shows it."""

    @property
    def title(self) -> str:
        """Return the project's title."""

    @property
    def steps(self) -> int:
        """Return how many steps the file does not have."""

    @property
    def when(self) -> str:
        """Return the date of the last step, as text."""

    @property
    def path(self) -> Path | None:
        """Return the file the project belongs to, None when it was never saved."""

    @property
    def damage(self) -> str:
        """Return what of it cannot be read, in words; empty when all can."""


class Projects:
    """Makes, opens and recovers projects; `clock` gives seconds since 1970 for the date of a new one."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock or (lambda: 0.0)

    def create(self) -> Opened:
        """Return a new, empty, unsaved project. Raises UserError."""
        return project_file.create(at=self._clock())

    def open(self, path: Path, *, read_only: bool = False) -> Opened:
        """Return the project in a file. Raises UserError in words a user understands."""
        return project_file.open_project(path, read_only=read_only)

    def recoverable(self) -> list[Left]:
        """Return what was left unsaved and is open nowhere, the newest first."""
        return list(recoverable())

    def damaged(self) -> list[Path]:
        """Return the folders of damaged files that were put aside."""
        return salvage.put_aside()

    def recover(self, found: Left) -> Opened:
        """Return the project of a working copy, open with its unsaved steps. Raises UserError."""
        return project_file.recover(_ours(found))

    def recent(self) -> list[Path]:
        """Return the files that were opened or saved last and are still there, the last one first."""
        return recents.recent()

    def note(self, path: Path) -> None:
        """Note that a file was opened or saved."""
        recents.note(path)

    def artifacts(self) -> set[str]:
        """Return the hashes of the artifacts that an open or unsaved project or the library needs. Raises UserError."""
        return embedding.in_use() | library.artifacts()

    def compaction(self, opened: Opened, since: float) -> Compaction:
        """Return a compaction of an open project, which keeps what came after `since`. Raises UserError."""
        return Compaction(opened, since)

    def discard(self, found: Left) -> None:
        """Throw a working copy away. Raises UserError when a process has it open."""
        copy = working_copy.claim(_ours(found).folder)
        if copy is None:
            raise UserError(f"{found.title} is no longer there to discard", "another process may have it")
        copy.discard()


def _ours(found: Left) -> Recoverable:
    if not isinstance(found, Recoverable):
        raise UserError(f"{found.title} is not in this store")
    return found
