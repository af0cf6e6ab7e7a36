"""What a command gets: who calls, and the call it answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.commands.core.effects import ALL, BEYOND_FOLDERS, Effect, named
from hardcore.controller.controller import PERSON, Change, Controller
from hardcore.controller.events import Cause, CommandRan, Events
from hardcore.controller.playingports import Player
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, Misused, Stale, UserError
from hardcore.project.history import MAIN
from hardcore.project.scope import find_scope
from hardcore.project.scopededits import scoped
from hardcore.project.state import ProjectState

LONGEST_NAME = 200  # bytes; file systems take 255, and endings are added
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they may do.

    author       written on the steps they make
    head         the branch that they edit and undo on; `main` is the present project
    roots        folders their file names are confined to; None: anywhere (a person at their own keyboard)
    expected     the step they think is the present one; any other one refuses each edit, also after an await
    dry_run      say what would happen and change nothing
    progress     told (share done 0–1, what is being done)
    permissions  the effects that they may have; with roots never what is the user's beyond a project
    cause        what led to it, where it was not simply asked for
    outside      whether they came through a gate: another program or an agent, whatever they sign
    profile      whether what is composed for them is as the profile has it, also where that is not so by itself
    waits        whether an answer waits until what it changed is on the disk; who does not wait waits once, at the end
    """

    author: str = PERSON
    head: str = MAIN
    roots: tuple[Path, ...] | None = None
    expected: int | None = None
    dry_run: bool = False
    progress: Progress = field(default=lambda share, words: None)
    permissions: frozenset[Effect] = ALL
    cause: Cause = ()
    outside: bool = False
    profile: bool = False
    waits: bool = True

    @property
    def may(self) -> frozenset[Effect]:
        """Return what they may change."""
        return self.permissions if self.roots is None else self.permissions - BEYOND_FOLDERS

    def ensure_may(self, what: str, effects: frozenset[Effect]) -> None:
        """Raise Denied where a command, named `what`, has effects that this caller may not have."""
        if beyond := effects - self.may:
            raise Denied(f"{what} changes {named(beyond)}: {self.author} may not", f"allowed: {named(self.may)}")

    def path(self, name: str | Path) -> Path:
        """Return the absolute path for a file name. Raises UserError, Misused outside the roots."""
        text = str(name)
        if "\0" in text or not text.strip():
            raise UserError("that is not a file name")
        if any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in Path(text).parts):
            raise UserError("that file name is too long", "255 bytes at most")
        path = Path(text).expanduser()
        if any(len(part.encode(errors="replace")) > LONGEST_NAME for part in path.parts):
            raise UserError(f"'{text[:40]}…' is too long for a file name")
        path = self._confined(path) if self.roots is not None else path.absolute()
        try:
            path.exists()
        except OSError as error:  # such as a folder that may not be entered
            raise UserError(f"{text} cannot be used: {error.strerror}") from error
        return path

    def file(self, name: str | Path) -> Path:
        """Return the absolute path for a file's name; `/`, `.` and `..` name folders. Raises UserError."""
        if Path(name).name in ("", ".."):
            raise UserError(f"{name} is a folder, not a file name")
        return self.path(name)

    def _confined(self, path: Path) -> Path:
        assert self.roots is not None
        inside = (self.roots[0] / path).resolve()
        if not any(inside.is_relative_to(root.resolve()) for root in self.roots):
            raise Misused(f"{path} lies outside the folders you may use", ", ".join(str(root) for root in self.roots))
        return inside


@dataclass(slots=True)
class LastStep:
    """The last step that a call made or went to itself, None before the first."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: `label` is the line that describes it in the history, `within` the scope of its edits."""

    studio: Studio
    caller: Caller
    label: str
    within: str = ""
    last: LastStep = field(default_factory=LastStep)

    @property
    def controller(self) -> Controller:
        """Return the controller."""
        return self.studio.controller

    @property
    def events(self) -> Events:
        """Return the bus on which everything is told."""
        return self.studio.controller.events

    def ran(
        self, name: str, effects: frozenset[Effect], *, error: str = "", answer: object = None,
        uses: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Tell that this call of the command `name` has ended; a dry run did nothing that is told."""
        if self.caller.dry_run:
            return
        who, own = self.caller, self.last.number
        step = self.controller.history.at if own is None else own
        event = CommandRan(
            name=name, line=self.label, author=who.author, cause=who.cause,
            effects=frozenset(effects), step=step, error=error, answer=answer, uses=uses,
        )  # fmt: skip
        self.events.tell(event)

    @property
    def player(self) -> Player:
        """Return the player. Raises UserError where a studio closes at once."""
        if self.studio.player is None:
            raise UserError(
                "nothing can be heard from a single line", "start `hardcore` and play there, or /export a file"
            )
        return self.studio.player

    @property
    def project(self) -> ProjectState:
        """Return the project as it is now; never hold it across an await."""
        return self.studio.controller.on(self.caller.head)

    def ensure_expected(self) -> None:
        """Raise UserError when the step we stand on is neither the expected one nor one that this call made itself.

        That is the step of the caller's branch. Raises UserError where there is no such branch.
        """
        expected, at = self.caller.expected, self.controller.history.place(self.caller.head)
        if expected is not None and at != (expected if self.last.number is None else self.last.number):
            raise Stale(f"the project is at step {at}, not {expected}", "look again")

    def arrived(self) -> None:
        """Note that this call made the step we stand on, or went there: its next edit expects it."""
        history, head = self.controller.history, self.caller.head
        # another project has no such branch
        self.last.number = history.place(head if head in history.heads else MAIN)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Collect the edits made inside into one step of this call's. Raises UserError when it is not as expected."""
        self.ensure_expected()
        with self.controller.step(self.label, self.caller.author, self.caller.head):
            yield
        self.arrived()

    def edit(self, change: Change) -> ProjectState:
        """Apply a pure change as (part of) this call's step and return the new project. Raises UserError."""

        def there(project: ProjectState) -> ProjectState:
            return scoped(project, find_scope(project, self.within), change)

        with self.step():
            caller = self.caller
            return self.controller.edit(self.label, there if self.within else change, caller.author, caller.head)
