"""What keeps things for the controller, as Protocols: projects and their journals, the library, what was learned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hardcore.project.history import Head, History, Step
from hardcore.project.libraryitem import Content, Facts, Item, Parcel
from hardcore.project.log import LogEntry
from hardcore.project.soundfacts import SoundFile
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.profile.model import Profile


class Journal(Protocol):
    """The durable record of a project's steps."""

    def append(self, step: Step) -> None:
        """Queue a step to be written; returns at once."""

    def moved(self, at: int) -> None:
        """Queue that we now stand on another step."""

    def headed(self, name: str, head: Head | None) -> None:
        """Queue that a named head stands there now, or is gone (None)."""

    def log(self, entry: LogEntry) -> None:
        """Queue a line of the log."""

    def durable(self) -> "Future[None]":
        """Return a future that is done when everything queued is durable; it never fails to end.

        It has a UserError when that cannot be written, a Refused for a step that never can be.
        """

    def flush(self) -> None:
        """Return when everything queued is durable; it blocks. Raises what the future has."""

    def drop(self) -> tuple[int, int, Mapping[str, Head]] | None:
        """Forget what is queued behind a step that was refused; None where nothing is refused.

        Returns the last step that is durable, and where we and the heads stand there.
        """

    def close(self) -> None:
        """Write what is queued and stop."""


# What a studio that closes leaves of unsaved work to be recovered: all; as one of the few newest; what is no script's.
Leaves = Literal["all", "few", "nothing"]


class Opened(Protocol):
    """An open project: its history, its journal, and the file it came from (None when never saved)."""

    @property
    def history(self) -> History:
        """Return the steps of the project and where we stand."""

    @property
    def journal(self) -> Journal:
        """Return its durable record."""

    @property
    def path(self) -> Path | None:
        """Return the file it is saved in, None when it never was."""

    @property
    def read_only(self) -> bool:
        """Return whether it may not be edited."""

    def save(self, path: Path) -> None:
        """Write the project to `path` atomically; later saves go there too. Raises UserError."""

    @property
    def theirs(self) -> Path | None:
        """Return where the last save put what someone else had made of the file, None when nobody had changed it."""

    def saved_heads(self) -> Mapping[str, int] | None:
        """Return the step that each head stands on in the file, main's too; None when there is no file."""

    @property
    def recovered(self) -> bool:
        """Return whether it has work that was left unsaved before, and is in no file yet."""

    @property
    def damage(self) -> str:
        """Return what of that could not be read, in words; empty when all could."""

    @property
    def full(self) -> str:
        """Return why no more edits are taken, in words; empty while there is room."""

    def news(self) -> str:
        """Return what a user should know of the room that is left, once; empty when nothing."""

    def log(self, count: int) -> Sequence[LogEntry]:
        """Return the newest lines of the log that are durable, the newest last. Raises UserError."""

    def close(self, keep: bool = True, few: bool = False) -> None:
        """Let the file go; unsaved steps stay in the working copy and are offered at the next start.

        Not so unless `keep`; with `few` as one of the few that scripts may leave.
        """


class Kept(Protocol):
    """A thing in the user's library."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def content(self) -> dict[str, Any]:
        """Return what it needs to be used again, as JSON can say it."""


class Library(Protocol):
    """What belongs to the user and not to a project. Every method raises UserError."""

    def add(self, kind: str, name: str, content: Mapping[str, Any], at: float, *, over: bool = False) -> None:
        """Keep JSON under a name, `over` in place of the version that is there, else as a version after it."""

    def entries(self, kind: str | None = None) -> Sequence[Kept]:
        """Return what is kept as JSON, by kind and name."""

    def save(
        self, kind: str, name: str, project: ProjectState, at: float, *, facts: Facts, tags: Sequence[str] = (),
        note: str = "",
    ) -> Item:  # fmt: skip
        """Keep a small project under a name, as a version after those there are."""

    def items(
        self, kinds: Sequence[str] = (), *, tag: str | None = None, removed: bool = False, most: int = -1
    ) -> tuple[list[Item], int]:
        """Return the latest versions of things of some kinds, and how many there are."""

    def listing(self, kinds: Sequence[str]) -> Sequence[Item]:
        """Return the latest versions of things of some kinds, for whoever asks often."""

    def versions(self, item: Item) -> list[Item]:
        """Return every version of a thing, the latest first."""

    def named(self, name: str, kinds: Sequence[str] = (), *, removed: bool = False) -> list[Item]:
        """Return the things of a name, of these kinds or any."""

    def content(self, item: Item) -> Content:
        """Return what a version holds, checked."""

    def tag(self, item: Item, tags: Sequence[str]) -> Item:
        """Return a thing with other tags."""

    def rename(self, item: Item, name: str) -> Item:
        """Return a thing under another name."""

    def remove(self, item: Item, at: float | None) -> Item:
        """Return a thing removed, or, None, there again."""

    def uses(self, item: Item) -> list[tuple[int, str, int]]:
        """Return version, project and step of every use of a thing in a project that was saved."""

    def write_file(self, target: Path, parcels: Sequence[Parcel], artifacts: Iterable[str]) -> None:
        """Write things and the artifacts that they play to a file for others."""

    def read_file(self, path: Path) -> list[Parcel]:
        """Return the things in a file of any origin; the artifacts that they name are kept."""

    def starting(self, text: str, most: int = 50) -> list[Item]:
        """Return the things whose names begin with `text`: what completion offers."""


class SoundIndex(Protocol):
    """The user's own sounds: where each file is and what was heard in it. Every method raises UserError."""

    def record(self, files: Sequence[SoundFile]) -> None:
        """Keep what a scan found, in place of what was known of those paths."""

    def files(self) -> list[SoundFile]:
        """Return every file, by path, those that could not be used as well."""

    def known(self, folder: Path) -> dict[str, tuple[int, int]]:
        """Return the size and date of the known files in a folder and below, by path."""

    def find(self, reference: str) -> SoundFile:
        """Return the sound with that name, id or path, naming the nearest when there is none."""

    def starting(self, text: str, most: int = 50) -> list[SoundFile]:
        """Return the sounds whose names begin with `text`: what completion offers."""

    def paths(self, hashes: Iterable[str]) -> dict[str, Path]:
        """Return where each content lies now, by hash; what is nowhere is left out."""

    def forget(self, paths: Iterable[str]) -> int:
        """Return how many files were taken out of the index; the files themselves stay."""


class Recoverable(Protocol):
    """A working copy with steps that no file holds: left by a crash, or by quitting without saving."""

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


class Compaction(Protocol):
    """A shorter history of an open project, which takes its place in two parts."""

    @property
    def steps(self) -> tuple[int, int]:
        """Return how many steps there were, and how many stay."""

    @property
    def backup(self) -> Path | None:
        """Return where the file before is kept, once it is finished."""

    def prepare(self) -> None:
        """Do what takes long and changes nothing: in any thread. Raises UserError."""

    def finish(self) -> Opened:
        """Put the shorter history in the file; return the project, open. Raises UserError: then all is as it was."""

    def discard(self) -> None:
        """Throw away what was prepared; after `finish` nothing happens."""


class ProjectStore(Protocol):
    """Where projects are kept."""

    def create(self) -> Opened:
        """Return a new, empty, unsaved project."""

    def open(self, path: Path, *, read_only: bool = False) -> Opened:
        """Return the project in a file. Raises UserError in words a user understands."""

    def recoverable(self) -> list[Recoverable]:
        """Return what was left unsaved and is open nowhere, the newest first."""

    def damaged(self) -> list[Path]:
        """Return the folders of damaged files that `recoverable` and `recover` put aside; what was read is offered."""

    def recover(self, found: Recoverable) -> Opened:
        """Return the project of a working copy, open with its unsaved steps. Raises UserError."""

    def discard(self, found: Recoverable) -> None:
        """Throw a working copy away."""

    def recent(self) -> list[Path]:
        """Return the files that were opened or saved last and are still there, the last one first."""

    def note(self, path: Path) -> None:
        """Note that a file was opened or saved."""

    def artifacts(self) -> set[str]:
        """Return the hashes of all artifacts that a step of an open or unsaved project names. Raises UserError."""

    def compaction(self, opened: Any, since: float) -> Compaction:
        """Return a compaction of an open project of this store, which keeps what came after `since`.

        Raises UserError when the project has no file.
        """


class Durations(Protocol):
    """How long spaces take to make something."""

    def estimate_s(self, space: str) -> float:
        """Return how many seconds a space will take."""

    def learn(self, space: str, seconds: float) -> None:
        """Take in that it took so long."""


class ProfileStore(Protocol):
    """The user's profile, in a file of its own."""

    def read(self) -> "Profile":
        """Return the profile, an empty one where there is none. Raises UserError."""

    def change(self, change: "Callable[[Profile], Profile]") -> "Profile":
        """Change the profile as it is now, and return it, durable. Raises UserError; then nothing changed."""


class RuleTrust(Protocol):
    """What rules may act: those that were made or switched on here. A rule is known by its `deed`."""

    def holds(self, deed: Mapping[str, Any]) -> bool:
        """Return whether a rule that does this may act."""

    def add(self, deed: Mapping[str, Any]) -> None:
        """Let rules that do this act from now on."""
