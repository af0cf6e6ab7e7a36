"""What a command gets: the studio it works in, and the call it answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hardcore.commands.effects import ALL, BEYOND_FOLDERS, Effect, named
from hardcore.commands.keymap import Keymap
from hardcore.controller.controller import PERSON, Change, Controller
from hardcore.controller.events import Cause, Changed, CommandRan, Events, HeadChanged, ProjectOpened
from hardcore.controller.ports import Leaves, Library, Player, ProjectStore, SoundIndex
from hardcore.errors import UserError
from hardcore.language.plan import NewPiece, Plan
from hardcore.project.history import MAIN
from hardcore.project.scope import find_scope
from hardcore.project.scoped import scoped
from hardcore.project.state import ProjectState
from hardcore.settings import Settings

if TYPE_CHECKING:
    from hardcore.commands.rhythm.explorer import Explorer
    from hardcore.commands.rhythm.live import RhythmSession
    from hardcore.jobs.joblist import JobList
    from hardcore.project.blocks import Held

LONGEST_NAME = 200  # bytes; file systems take 255, and endings are added
Progress = Callable[[float, str], None]


class Stage(Protocol):
    """The full screen, for commands that change what is shown."""

    def show(self, view: str) -> None:
        """Show a view by name."""

    def save(self, path: Path) -> None:
        """Write a picture of the screen to an SVG file. Raises UserError when it cannot be written."""

    def rebind(self, keymap: Keymap) -> None:
        """Take other keys from now on."""


class Spoken(NamedTuple):
    """What a sentence did: the project after it, its plan, and the ids of the tracks that changed."""

    project: ProjectState
    plan: Plan
    tracks: tuple[str, ...]


@dataclass(slots=True)
class Studio:
    """An open studio: the controller, where projects and presets are kept, the user's settings, and what plays.

    player     None where a studio does not stay open long enough to play
    sounds     the user's own sounds; None in a studio that keeps none
    jobs       slow work that runs, waits and ran; None in a studio that runs none
    stage      the full screen, None where there is none
    tour       the step of the tour one is at, 0 without one
    session    the drum session that goes on, if any
    explorer   the variations that are being tried, if any
    heard      the step or the branch that is heard in place of the present step; None: the present one
    leaves     what of unsaved work stays to be recovered when it closes
    unheard    the project as a prompt made it, as long as the producer has not listened to its mix
    spoken     what the last sentence did, as long as nothing else was done since: what "it" and "a bit more" mean
    clipboard  what was last copied or cut in the arrangement
    candidates readings of the last sentence where it was unclear; 1 and 2 choose
    """

    controller: Controller
    store: ProjectStore
    library: Library
    settings: Settings
    version: str
    player: Player | None = None
    stage: Stage | None = None
    tour: int = 0
    session: "RhythmSession | None" = None
    explorer: "Explorer | None" = None
    closing: bool = False
    sounds: SoundIndex | None = None
    jobs: "JobList | None" = None
    heard: int | str | None = None
    unheard: ProjectState | None = None
    leaves: Leaves = "all"
    spoken: Spoken | None = None
    clipboard: "Held | None" = None
    candidates: tuple[Plan | NewPiece, ...] = ()

    def __post_init__(self) -> None:
        self.controller.events.subscribe(Changed, self._hear_on)
        self.controller.events.subscribe(HeadChanged, self._hear_on)

    def _hear_on(self, changed: Changed | HeadChanged) -> None:
        """Go on with what is heard after a change: with a step until the next edit, with a branch until it ends."""
        here = isinstance(changed, HeadChanged) and changed.head == self.heard
        if here and changed.step is not None:
            self._play(changed.new, provisional=True)
        elif here:
            self.hear(None)
        elif isinstance(changed, ProjectOpened) or (isinstance(changed, Changed) and isinstance(self.heard, int)):
            self.heard = None  # the player follows the project already

    def hear(self, place: int | str | None) -> None:
        """Let the player play the project as it was after a step or is on a branch, or as it is now (None).

        The history stays as it is. Raises UserError when there is none such or nothing that plays; then nothing has
        changed.
        """
        controller = self.controller
        place = None if place in (MAIN, controller.history.at) else place
        if place is None and self.heard is None:
            return
        if self.player is None:
            raise UserError("nothing plays here", "start `hardcore` in a terminal")
        if place is None:
            state = controller.hearing.heard
        else:
            state = controller.on(place) if isinstance(place, str) else controller.history.state(place)
        # while a branch is heard, edits of the present are not
        controller.hearing.hold(isinstance(place, str))
        self._play(state, provisional=place is not None)
        self.heard = place

    def _play(self, state: ProjectState, *, provisional: bool) -> None:
        if self.player is not None:
            self.player.follow(state, provisional=provisional, opening=self.controller.hearing.opening)

    def close(self) -> None:
        """End the player and let go of the project; unsaved steps stay recoverable, as `leaves` says."""
        if self.session is not None:
            self.session.stop()
        if self.player is not None:
            self.player.close()
        if self.jobs is not None:
            self.jobs.close()
        self.controller.close(self.leaves)


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
    """

    author: str = PERSON
    head: str = MAIN
    roots: tuple[Path, ...] | None = None
    expected: int | None = None
    dry_run: bool = False
    progress: Progress = field(default=lambda share, words: None)
    permissions: frozenset[Effect] = ALL
    cause: Cause = ()

    @property
    def may(self) -> frozenset[Effect]:
        """Return what they may change."""
        return self.permissions if self.roots is None else self.permissions - BEYOND_FOLDERS

    def ensure_may(self, what: str, effects: frozenset[Effect]) -> None:
        """Raise UserError where a command, named `what`, has effects that this caller may not have."""
        if beyond := effects - self.may:
            raise UserError(f"{what} changes {named(beyond)}: {self.author} may not", f"allowed: {named(self.may)}")

    def path(self, name: str | Path) -> Path:
        """Return the absolute path for a file name. Raises UserError when it lies outside the caller's roots."""
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
            raise UserError(f"{path} lies outside the folders you may use", ", ".join(str(root) for root in self.roots))
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

    def ran(self, name: str, effects: frozenset[Effect], *, error: str = "", answer: object = None) -> None:
        """Tell that this call of the command `name` has ended; a dry run did nothing that is told."""
        if self.caller.dry_run:
            return
        who, own = self.caller, self.last.number
        step = self.controller.history.at if own is None else own
        event = CommandRan(
            name=name, line=self.label, author=who.author, cause=who.cause,
            effects=frozenset(effects), step=step, error=error, answer=answer,
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
            raise UserError(f"the project is at step {at}, not {expected}", "look again")

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
