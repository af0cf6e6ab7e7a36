"""What a command gets: the studio it works in, and the call it answers."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hardcore.commands.keymap import Keymap
from hardcore.controller.controller import PERSON, Change, Changed, Controller
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


@dataclass(slots=True)
class Errand:
    """Something that is being done in the background: what, how far it is (0–1), and in words."""

    what: str
    task: "asyncio.Future[str]"
    share: float = 0.0
    words: str = ""


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
    errand     what was last sent into the background, if anything
    stage      the full screen, None where there is none
    tour       the step of the tour one is at, 0 without one
    session    the drum session that goes on, if any
    explorer   the variations that are being tried, if any
    heard      the step or the branch that is heard in place of the present step; None: the present one
    leaves     what of unsaved work stays to be recovered when it closes
    unheard    the project as a prompt made it, as long as the producer has not listened to its mix
    spoken     what the last sentence did, as long as nothing else was done since: what "it" and "a bit more" mean
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
    errand: Errand | None = None
    heard: int | str | None = None
    unheard: ProjectState | None = None
    leaves: Leaves = "all"
    spoken: Spoken | None = None
    candidates: tuple[Plan | NewPiece, ...] = ()

    def __post_init__(self) -> None:
        self.controller.listen(self._hear_on)

    def _hear_on(self, changed: Changed) -> None:
        """Go on with what is heard after a change: with a step until the next edit, with a branch until it ends."""
        history = self.controller.history
        if isinstance(self.heard, str) and self.heard in history.heads:
            if changed.head == self.heard:
                self._play(self.controller.on(self.heard), provisional=True)
        elif isinstance(self.heard, str):
            self.heard = None
            self.controller.hearing.hold(False)
        elif changed.head == MAIN:
            self.heard = None

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
            state = controller.project
        else:
            state = controller.on(place) if isinstance(place, str) else controller.history.state(place)
        if isinstance(self.heard, str):
            controller.hearing.hold(False)
        self._play(state, provisional=place is not None)
        self.heard = place
        if isinstance(place, str):
            controller.hearing.hold(True)

    def _play(self, state: ProjectState, *, provisional: bool) -> None:
        if self.player is not None:
            self.player.follow(state, provisional=provisional, opening=self.controller.hearing.opening)

    def close(self) -> None:
        """End the player and let go of the project; unsaved steps stay recoverable, as `leaves` says."""
        if self.session is not None:
            self.session.stop()
        if self.player is not None:
            self.player.close()
        self.controller.close(self.leaves)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they may do.

    author     written on the steps they make
    head       the branch that they edit and undo on; `main` is the present project
    roots      folders their file names are confined to; None: anywhere (a person at their own keyboard)
    expected   the step they think is the present one; another one refuses the call
    dry_run    say what would happen and change nothing
    progress   told (share done 0–1, what is being done)
    """

    author: str = PERSON
    head: str = MAIN
    roots: tuple[Path, ...] | None = None
    expected: int | None = None
    dry_run: bool = False
    progress: Progress = field(default=lambda share, words: None)

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


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: `label` is the line that describes it in the history, `within` the scope of its edits."""

    studio: Studio
    caller: Caller
    label: str
    within: str = ""

    @property
    def controller(self) -> Controller:
        """Return the controller."""
        return self.studio.controller

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

    def step(self) -> AbstractContextManager[None]:
        """Collect the edits made inside into one step, where the caller works."""
        return self.studio.controller.step(self.label, self.caller.author, self.caller.head)

    def edit(self, change: Change) -> ProjectState:
        """Apply a pure change as (part of) this call's step and return the new project. Raises UserError."""
        if not self.within:
            return self.studio.controller.edit(self.label, change, self.caller.author, self.caller.head)

        def there(project: ProjectState) -> ProjectState:
            return scoped(project, find_scope(project, self.within), change)

        return self.studio.controller.edit(self.label, there, self.caller.author, self.caller.head)
