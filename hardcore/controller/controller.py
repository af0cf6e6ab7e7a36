"""The controller: holds the open project, applies pure edits, and tells listeners what changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hardcore.controller.hearing import Hearing
from hardcore.controller.ports import Compaction, Leaves, Opened, ProjectStore
from hardcore.errors import Refused, UserError
from hardcore.project.history import MAIN, Head, History, Step
from hardcore.project.state import ProjectState

# who may take back anybody's steps; all others take back their own
PERSON = "you"
Change = Callable[[ProjectState], ProjectState]


@dataclass(frozen=True, slots=True)
class Changed:
    """The project went from `old` to `new`; `label` says by what. Opening another project is a change too.

    On a named head nothing of that is played, shown or saved as the project.
    """

    label: str
    old: ProjectState
    new: ProjectState
    head: str = MAIN


class Controller:
    """Owner of the one mutable reference to the project. Not thread-safe: call it from the main thread.

    `clock` gives seconds since 1970 for the dates of steps; `hearing` is what a player plays.
    """

    def __init__(self, store: ProjectStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._listeners: list[Callable[[Changed], None]] = []
        self._draft: tuple[str, ProjectState] | None = None
        self._opened = store.create()
        self.hearing = Hearing(self.project)

    @property
    def history(self) -> History:
        """Return the history of the open project."""
        return self._opened.history

    @property
    def project(self) -> ProjectState:
        """Return the project as it is now, edits of an unfinished step included."""
        return self.on(MAIN)

    def on(self, head: str) -> ProjectState:
        """Return the project as it is now on a head. Raises UserError naming the nearest."""
        if self._draft is not None and self._draft[0] == head:
            return self._draft[1]
        return self.history.state(self.history.place(head))

    @property
    def path(self) -> Path | None:
        """Return the file the project is saved in, None when it never was."""
        return self._opened.path

    @property
    def saved(self) -> bool:
        """Return whether the file on disk holds the present step, and each head on its own."""
        return self._opened.saved_heads() == self.history.places

    @property
    def theirs(self) -> Path | None:
        """Return where the last save put what someone else had made of the file, None when nobody had changed it."""
        return self._opened.theirs

    def now(self) -> float:
        """Return the time, seconds since 1970."""
        return self._clock()

    def listen(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `listener` after every change; returns a function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def edit(self, label: str, change: Change, author: str = "you", head: str = MAIN) -> ProjectState:
        """Apply a pure change to the project on a head as one step, or as part of the step that is open.

        An edit that changes nothing makes no step; one on a named head leaves the present project as it is.
        Raises UserError; then nothing has changed.
        """
        with self.step(label, author, head):
            self._draft = (head, self._applied(self.on(head), change))
        return self.on(head)

    def _applied(self, old: ProjectState, change: Change) -> ProjectState:
        try:
            return change(self._unspent(old))
        except ValidationError as error:
            raise UserError(words(error)) from error

    def _unspent(self, project: ProjectState) -> ProjectState:
        """Return the project so that its next id is one that was never spent.

        Ids only ever rise, across undo too: a branch must not reuse the id of something that was undone.
        """
        highest = self.history.highest_id
        return project.evolve(next_id=highest) if project.next_id < highest else project

    def draft(self, change: Change) -> ProjectState:
        """Return what a change would make of the project, without a step; no edit ever spends the ids it took."""
        made = self._applied(self.project, change)
        self.history.highest_id = max(self.history.highest_id, made.next_id)
        return made

    @contextmanager
    def step(self, label: str, author: str = "you", head: str = MAIN) -> Iterator[None]:
        """Collect the edits made inside into one labelled step on a head; an exception drops them all."""
        if self._draft is not None:
            assert self._draft[0] == head, "a step is on one head"
            yield
            return
        self._ensure_open()
        if full := self._opened.full:
            raise UserError(full, "/history compact makes room")
        old = self.on(head)
        self._draft = (head, old)
        try:
            yield
            new = self._draft[1]
        finally:
            self._draft = None
        if _differs(new, old):
            self._opened.journal.append(self.history.push(new, label, author, self._clock(), head))
            self._tell(Changed(label, old, new, head))

    def _ensure_open(self) -> None:
        if self._opened.read_only:
            raise UserError("this project is open read-only", "save-as makes a copy you can edit")

    def undo(self, author: str = PERSON, head: str = MAIN) -> Step:
        """Go one step back on a head and return the step undone. Raises UserError at the beginning.

        On main everybody but the person takes back only a step of their own.
        """
        self._ensure_own(self.history.step, author, head)
        return self._moved(lambda: self.history.undo(head), "undo", head)

    def redo(self, author: str = PERSON, head: str = MAIN) -> Step:
        """Go one step forward on a head and return it. Raises UserError when there is none, or as `undo` does."""
        following = self.history.following(self.history.place(head), head)
        if following is not None:
            self._ensure_own(self.history.steps[following], author, head)
        return self._moved(lambda: self.history.redo(head), "redo", head)

    def goto(self, number: int, author: str = PERSON) -> Step:
        """Go to any step and return it. Raises UserError when there is no such step, or for anybody but the person."""
        if author != PERSON:
            raise UserError("only the person at the studio goes to other steps", "history branch NAME begins a branch")
        return self._moved(lambda: self.history.goto(number), f"history goto {number}", MAIN)

    def _ensure_own(self, step: Step, author: str, head: str) -> None:
        if head == MAIN and author not in (PERSON, step.author):
            own = (one.number for one in reversed(self.history.line()) if one.author == author)
            newest = next(own, None)
            hint = f"history revert {newest} takes back your newest" if newest is not None else "it has none of yours"
            raise UserError(f"step {step.number} is by {step.author}", hint)

    def _moved(self, move: Callable[[], Step], label: str, head: str) -> Step:
        old = self.on(head)
        step = move()
        if head == MAIN:
            self._opened.journal.moved(self.history.at)
        else:
            self._opened.journal.headed(head, self.history.head(head))
        self._tell(Changed(label, old, self.on(head), head))
        return step

    def branch(self, name: str, number: int | None = None) -> Head:
        """Make a named head at a step, by default the present one, and return it. Raises UserError."""
        self._ensure_open()
        head = self.history.branch(name, number)
        self._opened.journal.headed(name, head)
        return head

    def rejoin(self, name: str) -> Head:
        """Let a named head, whose work main has, go on from the present step. Raises UserError naming the nearest."""
        old = self.on(name)
        head = self.history.rejoin(name)
        self._opened.journal.headed(name, head)
        self._tell(Changed("merged", old, self.project, name))
        return head

    def end(self, name: str) -> Head:
        """End a named head and return where it stood; its steps stay. Raises UserError naming the nearest."""
        self._ensure_open()
        old, head = self.on(name), self.history.end(name)
        self._opened.journal.headed(name, None)
        self._tell(Changed("dropped", old, old, name))
        return head

    def flush(self) -> None:
        """Return when every step so far is durable. Raises UserError when it cannot be written.

        A step that never can be is taken back, with what was not durable yet: Refused.
        """
        try:
            self._opened.journal.flush()
        except Refused:
            old = self.project
            self.history.drop(*self._opened.journal.drop())
            self._tell(Changed("taken back", old, self.project))
            raise

    def news(self) -> str:
        """Return what has to be known of the project, one line, once; empty when nothing."""
        return self._opened.news()

    def new(self) -> None:
        """Close the project and start an empty one; unsaved steps stay recoverable."""
        self._replace(self._store.create(), "new")

    def open(self, path: Path, *, read_only: bool = False) -> None:
        """Close the project and open another. Raises UserError; then the present one stays open."""
        if self.path is not None and path.resolve() == self.path.resolve():
            self.flush()
            raise UserError(f"{path.name} is already open")
        self._replace(self._store.open(path, read_only=read_only), "open")

    def adopt(self, opened: Opened) -> None:
        """Close the project and go on with one that was opened elsewhere, such as a recovered one."""
        self._replace(opened, "open")

    def save(self, path: Path | None = None) -> Path:
        """Write the project to its file, or to `path` from now on, and return it. Raises UserError."""
        target = path or self.path
        if target is None:
            raise UserError("this project has no file yet", "save NAME.hcs")
        try:
            self.flush()
        except Refused:
            raise
        except UserError:
            pass  # a disk that is full holds up no save to another one
        self._opened.save(target)
        return target

    def compaction(self, days: float) -> Compaction:
        """Save, and return a compaction of the history that keeps the last `days`. Raises UserError.

        Prepare it beside the event loop, then give it to `compact`.
        """
        self.save()
        return self._store.compaction(self._opened, self._clock() - days * 86_400)

    def compact(self, compaction: Compaction) -> None:
        """Put a compaction that is prepared in place: the project stays as it is. Raises UserError."""
        self._opened = compaction.finish()

    def close(self, leaves: Leaves = "all") -> None:
        """Let go of the project; unsaved steps stay recoverable, or what `leaves` says.

        What was recovered is nowhere else: that always stays.
        """
        opened = self._opened
        keep = leaves != "nothing" or opened.path is not None or opened.recovered
        opened.close(keep, leaves == "few" and not opened.recovered)

    def _replace(self, opened: Opened, label: str) -> None:
        old = self.project
        self._opened.close()
        self._opened = opened
        self.hearing.begin(self.project)
        self._tell(Changed(label, old, self.project))

    def _tell(self, changed: Changed) -> None:
        if changed.head == MAIN and changed.new is not self.hearing.project:
            self.hearing.follow(changed.new)
        for listener in tuple(self._listeners):
            listener(changed)


# Tracks first: they are what most edits change. Spending an id alone is no change.
_COMPARED = ("tracks", *(name for name in ProjectState.model_fields if name not in ("tracks", "next_id")))


def _differs(new: ProjectState, old: ProjectState) -> bool:
    return new is not old and any(getattr(new, name) != getattr(old, name) for name in _COMPARED)


def words(error: ValidationError) -> str:
    """Return the first complaint of a validation as one line that names the value."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{place}: {message}" if place else message
