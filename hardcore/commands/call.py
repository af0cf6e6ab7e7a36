"""What a command gets: the studio it works in, and the call it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hardcore.commands.keymap import Keymap
from hardcore.controller.controller import Change, Controller
from hardcore.controller.ports import Library, Player, ProjectStore
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.settings import Settings

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
class Studio:
    """An open studio: the controller, where projects and presets are kept, the user's settings, and what plays.

    `player` is None where a studio does not stay open long enough to play, `stage` where there is no full screen.
    `tour` is the step of the tour one is at, 0 without one.
    """

    controller: Controller
    store: ProjectStore
    library: Library
    settings: Settings
    version: str
    player: Player | None = None
    stage: Stage | None = None
    tour: int = 0
    closing: bool = False

    def close(self) -> None:
        """End the player and let go of the project; unsaved steps stay recoverable."""
        if self.player is not None:
            self.player.close()
        self.controller.close()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they may do.

    author     written on the steps they make
    roots      folders their file names are confined to; None: anywhere (a person at their own keyboard)
    expected   the step they think is the present one; another one refuses the call
    dry_run    say what would happen and change nothing
    progress   told (share done 0–1, what is being done)
    """

    author: str = "you"
    roots: tuple[Path, ...] | None = None
    expected: int | None = None
    dry_run: bool = False
    progress: Progress = field(default=lambda share, words: None)

    def path(self, name: str | Path) -> Path:
        """Return the absolute path for a file name. Raises UserError when it lies outside the caller's roots."""
        text = str(name)
        if "\0" in text or not text.strip():
            raise UserError("that is not a file name")
        path = Path(text).expanduser()
        if self.roots is None:
            return path.absolute()
        path = (self.roots[0] / path).resolve()
        if not any(path.is_relative_to(root.resolve()) for root in self.roots):
            raise UserError(f"{text} lies outside the folders you may use", ", ".join(str(root) for root in self.roots))
        return path


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: `label` is the line that describes it in the history."""

    studio: Studio
    caller: Caller
    label: str

    @property
    def controller(self) -> Controller:
        """Return the controller."""
        return self.studio.controller

    @property
    def project(self) -> ProjectState:
        """Return the project as it is now; never hold it across an await."""
        return self.studio.controller.project

    def edit(self, change: Change) -> ProjectState:
        """Apply a pure change as (part of) this call's step and return the new project. Raises UserError."""
        return self.studio.controller.edit(self.label, change, self.caller.author)
