"""The controller: holds the open project, applies pure edits, and tells what changed."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from hardcore.controller.events import (
    Cause,
    Changed,
    CommandRan,
    Events,
    HeadChanged,
    ProjectOpened,
    StepMade,
    StepReached,
    actor,
)
from hardcore.controller.hearing import Hearing
from hardcore.controller.storeports import Compaction, Leaves, Opened, ProjectStore
from hardcore.errors import Refused, UserError, complaint
from hardcore.project.history import MAIN, Head, History, Step
from hardcore.project.log import LogEntry
from hardcore.project.state import ProjectState

# who may take back anybody's steps; all others take back their own
PERSON = "you"
Change = Callable[[ProjectState], ProjectState]
# Who waits for the disk is told after so long that it is slow; it goes on writing.
PATIENCE_S = 10.0


class Controller:
    """Owner of the one mutable reference to the project. Not thread-safe: call it from the main thread.

    `clock` gives seconds since 1970 for the dates of steps; `events` tells what happens; `hearing` is what a player
    plays.
    """

    def __init__(self, store: ProjectStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self.events = Events()
        self.events.subscribe(CommandRan, self._note)
        self._causes: dict[int, Cause] = {}
        self._draft: tuple[str, ProjectState] | None = None
        self._opened = store.create()
        self.hearing = Hearing(self.project, self.events)

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

    def cause(self, step: int) -> Cause:
        """Return why a step of this session was made; empty where somebody simply asked for it."""
        return self._causes.get(step, ())

    def edit(self, label: str, change: Change, author: str = PERSON, head: str = MAIN) -> ProjectState:
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
    def step(self, label: str, author: str = PERSON, head: str = MAIN) -> Iterator[None]:
        """Collect the edits made inside into one labelled step on a head; an exception drops them all."""
        if self._draft is not None:
            assert self._draft[0] == head, "a step is on one head"
            yield
            return
        if self.events.telling:
            raise RuntimeError("a listener edits nothing: what reacts begins a task of its own")
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
            self._push(old, new, label, author, head)

    def _push(self, old: ProjectState, new: ProjectState, label: str, author: str, head: str) -> None:
        step = self.history.push(new, label, author, self._clock(), head)
        self._opened.journal.append(step)
        cause = actor().cause
        if cause:
            self._causes[step.number] = cause
        if head == MAIN:
            self._tell(StepMade(step=step.number, label=label, author=author, cause=cause, old=old, new=new))
        else:
            self._tell_head(head, label, old, author)

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
            self._tell(self._now(StepReached, label, old))
        else:
            self._headed(head, label, old)
        return step

    def branch(self, name: str, number: int | None = None) -> Head:
        """Make a named head at a step, by default the present one, and return it. Raises UserError."""
        self._ensure_open()
        head = self.history.branch(name, number)
        self._headed(name, "history branch", self.on(name))
        return head

    def rejoin(self, name: str, before: int) -> Head:
        """Let a named head, whose work main has since the step `before`, go on from the present step.

        Raises UserError naming the nearest.
        """
        old, head = self.on(name), self.history.rejoin(name, before)
        self._headed(name, "history merge", old)
        return head

    def end(self, name: str) -> Head:
        """End a named head and return where it stood; its steps stay. Raises UserError naming the nearest."""
        self._ensure_open()
        old, head = self.on(name), self.history.end(name)
        self._headed(name, "history drop", old)
        return head

    def _headed(self, name: str, label: str, old: ProjectState) -> None:
        """Write where a named head stands now, and tell it."""
        self._opened.journal.headed(name, self.history.heads.get(name))
        self._tell_head(name, label, old)

    def _tell_head(self, name: str, label: str, old: ProjectState, author: str | None = None) -> None:
        who, head = actor(), self.history.heads.get(name)
        event = HeadChanged(
            head=name, step=head and head.step, label=label, author=author or who.author, cause=who.cause,
            old=old, new=self.on(name) if head else old,
        )  # fmt: skip
        self.events.tell(event)

    def _now(self, kind: type[Changed], label: str, old: ProjectState) -> Changed:
        """Return the event that we went from `old` to where we stand."""
        who = actor()
        return kind(step=self.history.at, label=label, author=who.author, cause=who.cause, old=old, new=self.project)

    def flush(self) -> None:
        """Return when every step so far is durable; it blocks. Raises UserError when it cannot be written.

        A step that never can be is taken back, with what was not durable yet: Refused.
        """
        try:
            self._opened.journal.flush()
        except Refused:
            self._take_back()
            raise

    async def durable(self) -> None:
        """Return when every step so far is durable, as `flush` does, while the loop goes on."""
        written = asyncio.wrap_future(self._opened.journal.durable())
        written.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # also when nobody waits on
        done, _ = await asyncio.wait([written], timeout=PATIENCE_S)
        if not done:
            raise UserError("the disk is slow: the last steps are not written yet")
        try:
            written.result()
        except Refused:
            self._take_back()
            raise

    def _take_back(self) -> None:
        """Go back to what is durable; where somebody else who waited did so already, nothing happens."""
        old, heads = self.project, {name: (head, self.on(name)) for name, head in self.history.heads.items()}
        if (kept := self._opened.journal.drop()) is not None:
            self.history.drop(*kept)
            self._tell(self._now(StepReached, "taken back", old))
            for name, (head, before) in heads.items():
                if self.history.heads.get(name) != head:
                    self._tell_head(name, "taken back", before)

    def log(self, count: int) -> Sequence[LogEntry]:
        """Return the newest lines of the project's log that are durable, the newest last. Raises UserError."""
        return self._opened.log(count)

    def _note(self, ran: CommandRan) -> None:
        """Write a command that may have changed something to the log."""
        if ran.effects:
            entry = LogEntry(self._clock(), ran.author, ran.line, ran.step, ran.cause, ran.error, ran.uses)
            self._opened.journal.log(entry)

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
        self._store.note(path)

    def read(self, path: Path) -> ProjectState:
        """Return the project in a file; the present one stays open. Raises UserError."""
        opened = self._store.open(path, read_only=True)
        try:
            return opened.history.state()
        finally:
            opened.close(keep=False)

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
        self._store.note(target)
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
        self._causes.clear()
        self.hearing.begin(self.project)
        self._tell(self._now(ProjectOpened, label, old))

    def _tell(self, changed: Changed) -> None:
        if changed.new is not self.hearing.project:
            self.hearing.follow(changed.new)
        self.events.tell(changed)


# Tracks first: they are what most edits change. Spending an id alone is no change.
_COMPARED = ("tracks", *(name for name in ProjectState.model_fields if name not in ("tracks", "next_id")))


def _differs(new: ProjectState, old: ProjectState) -> bool:
    return new is not old and any(getattr(new, name) != getattr(old, name) for name in _COMPARED)


def words(error: ValidationError) -> str:
    """Return the first complaint of a validation as one line that names the value."""
    place, why, _ = complaint(error)
    return f"{place}: {why}" if place else why
