"""A project store in memory that behaves like the real one: part of the test kit, for studios that touch no disk.

store = MemoryStore()
studio = Studio(Controller(store, lambda: 0.0), store, library, settings, "test")
"""

from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.controller.storeports import Compaction, Journal, Opened, ProjectStore, Recoverable
from hardcore.errors import Locked, NotFound, Refused, UserError
from hardcore.project.history import MAIN, Head, History, Step
from hardcore.project.log import LogEntry
from hardcore.project.state import new_project


@dataclass(slots=True)
class MemoryJournal:
    """Keeps what it is told: in `kept` what is durable. While `trouble` is set, nothing becomes so."""

    queued: list[Step | int | tuple[str, Head | None]] = field(default_factory=list)
    kept: list[Step | int | tuple[str, Head | None]] = field(default_factory=list)
    lines: list[LogEntry] = field(default_factory=list)
    flushes: int = 0
    closed: bool = False
    trouble: UserError | None = None

    def append(self, step: Step) -> None:
        """Queue a step."""
        self.queued.append(step)

    def moved(self, at: int) -> None:
        """Queue that we now stand on another step."""
        self.queued.append(at)

    def headed(self, name: str, head: Head | None) -> None:
        """Queue that a named head stands there now, or is gone (None)."""
        self.queued.append((name, head))

    def log(self, entry: LogEntry) -> None:
        """Keep a line of the log."""
        self.lines.append(entry)

    def durable(self) -> "Future[None]":
        """Make everything queued durable, or return the trouble that was set."""
        future: Future[None] = Future()
        self.flushes += 1
        if self.trouble is not None:
            future.set_exception(self.trouble)
        else:
            self.kept += self.queued
            self.queued.clear()
            future.set_result(None)
        return future

    def flush(self) -> None:
        """Make everything queued durable. Raises the trouble that was set."""
        self.durable().result()

    def drop(self) -> tuple[int, int, dict[str, Head]] | None:
        """Forget what is queued behind a step that was refused, and with it the trouble."""
        if not isinstance(self.trouble, Refused):
            return None
        self.queued.clear()
        self.trouble = None
        last, at, heads = 0, 0, dict[str, Head | None]()
        for entry in self.kept:
            if isinstance(entry, Step):
                last = entry.number
                known = heads.get(entry.head)
                at = last if entry.head == MAIN else at
                heads[entry.head] = known and known._replace(step=last)
            elif isinstance(entry, int):
                at = entry
            else:
                heads[entry[0]] = entry[1]
        return last, at, {name: head for name, head in heads.items() if head is not None}

    def close(self) -> None:
        """Stop writing."""
        self.closed = True


@dataclass(slots=True)
class MemoryOpened:
    """An open project of a `MemoryStore`."""

    store: "MemoryStore"
    history: History
    journal: MemoryJournal
    path: Path | None = None
    read_only: bool = False
    held: bool = True
    damage: str = ""
    theirs: Path | None = None
    full: str = ""

    def news(self) -> str:
        """Return nothing: there is always room in memory."""
        return ""

    def log(self, count: int) -> list[LogEntry]:
        """Return the newest lines of the log."""
        return self.journal.lines[-count:]

    def save(self, path: Path) -> None:
        """Keep a copy of the history under `path`. Raises UserError when another project holds that file."""
        if path == self.path and self.read_only:
            raise UserError(f"{path.name} is open read-only", "save under another name")
        if any(other is not self and other.path == path and not other.read_only for other in self.store.open_ones):
            raise Locked(f"{path.name} is open elsewhere")
        self.journal.flush()
        self.store.files[path] = copied(self.history)
        self.path, self.read_only = path, False

    def saved_heads(self) -> dict[str, int] | None:
        """Return the step that each head stands on in the kept copy, None when there is none."""
        kept = self.store.files.get(self.path) if self.path is not None else None
        return kept.places if kept is not None else None

    @property
    def recovered(self) -> bool:
        """Return false: nothing in memory outlives its process."""
        return False

    def close(self, keep: bool = True, few: bool = False) -> None:
        """Let go; what no file has can be recovered from the store, unless `keep` is false."""
        if not self.held:
            return
        self.held = False
        self.journal.close()
        self.store.open_ones.remove(self)
        kept = self.store.files.get(self.path) if self.path is not None else None
        steps = self.history.last - (kept.last if kept is not None else 0)
        if keep and (steps or (kept is not None and self.history.places != kept.places)):
            self.store.left.insert(0, MemoryRecoverable(self.history, steps, self.path))


@dataclass(slots=True)
class MemoryRecoverable:
    """What was closed without saving."""

    history: History
    steps: int
    path: Path | None
    damage: str = ""

    @property
    def title(self) -> str:
        """Return the project's title."""
        return self.history.state().title

    @property
    def when(self) -> str:
        """Return the time of the last step, as text."""
        return f"{self.history.steps[self.history.last].at:.0f} s"


@dataclass(slots=True)
class MemoryStore:
    """Projects in memory: `files` by path, those open now, and what was left unsaved, the newest first."""

    files: dict[Path, History] = field(default_factory=dict)
    open_ones: list[MemoryOpened] = field(default_factory=list)
    left: list[MemoryRecoverable] = field(default_factory=list)
    noted: list[Path] = field(default_factory=list)

    def create(self) -> MemoryOpened:
        """Return a new, empty, unsaved project."""
        return self._hold(MemoryOpened(self, History(new_project()), MemoryJournal()))

    def open(self, path: Path, *, read_only: bool = False) -> MemoryOpened:
        """Return the project kept under `path`. Raises UserError when there is none or it is open elsewhere."""
        if path not in self.files:
            raise NotFound(f"no file {path}")
        if not read_only and any(other.path == path and not other.read_only for other in self.open_ones):
            raise UserError(f"{path.name} is open elsewhere", f"/open {path.name} --read-only looks at it")
        return self._hold(MemoryOpened(self, copied(self.files[path]), MemoryJournal(), path, read_only))

    def recoverable(self) -> list[Recoverable]:
        """Return what was left unsaved, the newest first."""
        return list(self.left)

    def damaged(self) -> list[Path]:
        """Return nothing: what is in memory has no damage."""
        return []

    def recover(self, found: Recoverable) -> MemoryOpened:
        """Return what was left, open again. Raises UserError when it is no longer there."""
        kept = self._taken(found)
        return self._hold(MemoryOpened(self, kept.history, MemoryJournal(), kept.path))

    def discard(self, found: Recoverable) -> None:
        """Throw away what was left. Raises UserError when it is no longer there."""
        self._taken(found)

    def recent(self) -> list[Path]:
        """Return what was opened or saved, the last one first."""
        return list(dict.fromkeys(self.noted[::-1]))

    def note(self, path: Path) -> None:
        """Note that a file was opened or saved."""
        self.noted.append(path)

    def artifacts(self) -> set[str]:
        """Return no hashes: what is in memory names no artifacts."""
        return set()

    def compaction(self, opened: Opened, since: float) -> Compaction:
        """Raise UserError: what is in memory is as small as it can be."""
        raise UserError("a project in memory has nothing to compact")

    def _taken(self, found: Recoverable) -> MemoryRecoverable:
        for kept in self.left:
            if kept is found:
                self.left.remove(kept)
                return kept
        raise UserError(f"{found.title} is no longer there")

    def _hold(self, opened: MemoryOpened) -> MemoryOpened:
        self.open_ones.append(opened)
        return opened


def copied(history: History) -> History:
    """Return a history of its own with the same steps; the states, which never change, are shared."""
    steps = [replace(step, state=history.state(number), children=[]) for number, step in history.steps.items()]
    redo = {number: step.redo for number, step in history.steps.items() if step.redo is not None}
    return History.of(steps, history.at, history.highest_id, heads=history.heads, redo=redo)


if TYPE_CHECKING:  # mypy proves here that the fakes satisfy the ports
    _STORE: ProjectStore = MemoryStore()
    _OPENED: Opened = MemoryStore().create()
    _JOURNAL: Journal = MemoryJournal()
    _LEFT: Recoverable = MemoryStore().left[0]
