"""What the controller needs from the outside, as Protocols; adapters fit them by structure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from hardcore.project.hands import DeviceLights, HeardNote, InputPorts, LinkAsked
from hardcore.project.history import Head, History, Step
from hardcore.project.libraryitem import Content, Facts, Item, Parcel
from hardcore.project.log import LogEntry
from hardcore.project.playback import Arm, Loop, Playback, Quantum, Timing
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


class Stage(Protocol):
    """The full screen, for commands that change what is shown."""

    def show(self, view: str) -> None:
        """Show a view by name."""

    def save(self, path: Path) -> None:
        """Write a picture of the screen to an SVG file. Raises UserError when it cannot be written."""

    def rebind(self) -> None:
        """Take the keys anew from the user's file."""

    def frame(self) -> None:
        """Draw what has moved since the last time; call it in the screen's loop."""


class Jobs(Protocol):
    """Slow work that runs, waits and ran, as far as a surface has to know of it to end."""

    def going(self) -> Sequence[object]:
        """Return the jobs that run or wait."""

    async def stop(self) -> None:
        """Stop everything, and return when it has ended; what went on in the background is kept as interrupted."""

    def close(self) -> None:
        """Kill what is left of the workers and let go of the jobs."""


@runtime_checkable
class Closing(Protocol):
    """What has to be ended with the studio that keeps it."""

    def close(self) -> None:
        """End it."""


class SoundTake(Protocol):
    """A recording of sound that goes on."""

    @property
    def begun(self) -> Any:
        """Return which samples it holds: `first`, and where the music begins, `sample`, at a `rate`."""

    def stop(self) -> None:
        """End it soon."""

    def close(self) -> None:
        """End it and wait for that."""


class Player(Protocol):
    """What plays the project. Its process starts with the first request; each one returns the state after it.

    All but `follow`, `arm`, `latest`, `news` and `close` wait for the player, a second where it has to start, and raise
    EngineError when it does not answer: call them from a thread. `close` ends such a wait.
    """

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        """Play this version of the project from now on, or only for a while (`provisional`); returns at once.

        `opening` numbers the projects that were opened; another one, or another piece, plays from the launch grid on.
        """

    def arm(self, add: Sequence[Arm], drop: Sequence[Arm]) -> int | None:
        """Tell what rules do at coming ticks, and what they do no longer.

        Returns at once: a number of the player that was told, None where there is none. Another one knows nothing of
        earlier arms.
        """

    @property
    def engine(self) -> tuple[int, int] | None:
        """Return the port of the engine that plays and its number of hardware channels, None while none does."""

    def latest(self) -> Playback:
        """Return the last state that was reported; it costs nothing."""

    def play(
        self, tick: int | None = None, *, count_in: int = 0, arrangement: bool = False, at_s: float | None = None
    ) -> Playback:
        """Play from a tick or from where it stands; `arrangement`: forget what was launched."""

    def stop(self) -> Playback:
        """Stop, and go back to where play began; a second time, to the beginning."""

    def pause(self) -> Playback:
        """Stop here."""

    def seek(self, tick: int) -> Playback:
        """Go to a tick, playing or not."""

    def loop(self, loop: Loop | None) -> Playback:
        """Repeat a stretch, or no longer."""

    def launch(
        self,
        clips: Mapping[str, str | None],
        quantum: Quantum | None = None,
        *,
        repeat: bool = False,
        scene: str | None = None,
    ) -> Playback:
        """Launch clips (None: stop) by track id on the grid: the one given, else the player's.

        repeat   they begin again on every place of that grid, until `let_go`
        scene    the scene that they are
        """

    def let_go(self, tracks: Sequence[str]) -> Playback:
        """Repeat the clips of tracks no longer."""

    def quantize(self, quantum: Quantum) -> Playback:
        """Set the launch grid."""

    def metronome(self, on: bool) -> Playback:
        """Click on every beat, or no longer."""

    def panic(self) -> Playback:
        """Silence everything at once and stop."""

    def state(self) -> Playback:
        """Return the state now."""

    def audition(self, sound: ProjectState, *, cue: bool = False) -> Playback:
        """Play the sound of an audition's project once, beside the music; `stop` and `panic` end it.

        cue   on the cue output
        """

    def cue(self, tracks: Mapping[str, str | None]) -> Playback:
        """Let these tracks be heard on the cue output, before their faders, and no others.

        A track that is there for the cue alone has the clip beside it that it plays.
        """

    def nudge(self, seconds: float) -> Playback:
        """Move the music ahead of its time by so much, below 0 behind it, little by little; its tempo stays."""

    def prepare(self, project: ProjectState) -> Playback:
        """Load what another project plays beside what is played now, so that a change to it waits for the bar alone."""

    def reload(self) -> Playback:
        """Look again for the sounds that were missing: their files may be there now."""

    def put_out_lamps(self) -> Playback:
        """Put out the clipping lamps."""

    def devices(self) -> Sequence[str]:
        """Return the sound devices that the engine saw when it started; empty where it cannot tell."""

    def renew(self) -> Playback:
        """Start anew with the engine that is chosen now, and go on where the music is; without a process nothing."""

    def news(self) -> str:
        """Return what has happened unasked since the last time, one line, or nothing; it costs nothing."""

    def timing(self) -> Timing:
        """Return how punctual the player is."""

    def listen(self, take: Callable[[int, bytes], None]) -> Callable[[], None]:
        """Tell `take` what is heard from now on, until the function that is returned is called; returns at once.

        `take` gets the sample rate and float32 samples, left and right by turns, in another thread, while time runs or
        anything sounds.
        """

    def record(
        self, path: Path, span: tuple[int, int | None], source: tuple[int, int], done: Callable[[str], None],
        extra_s: float = 0.0,
    ) -> SoundTake:  # fmt: skip
        """Record an input of the engine into a new WAV file, from a tick to another one, or until it is stopped.

        source   the first channel, from 1, and how many, 1 or 2
        done     is called at the end, in a thread of its own, with why that came early, or nothing
        extra_s  so much more is recorded after the end

        Returns at once. Raises EngineError, UserError.
        """

    def close(self) -> None:
        """End the player; without a process nothing happens."""


class MidiInputs(Protocol):
    """The MIDI inputs, in a process of their own: notes from them sound on the tracks that hear them."""

    @property
    def running(self) -> bool:
        """Return whether it listens."""

    @property
    def ports(self) -> InputPorts:
        """Return the ports as they are known now; it costs nothing."""

    def listen(self) -> None:
        """Begin to listen; where it does already, nothing happens. Returns at once."""

    def listed(self) -> InputPorts:
        """Listen, and return the ports as soon as they are known: call it from a thread."""

    def follow(self, project: ProjectState) -> None:
        """Play this version of the project from now on. Returns at once."""

    def meet(self) -> None:
        """Play on the engine that plays now, if it is another one."""

    def strike(self, track: str, keys: Sequence[int], velocity: int, seconds: float) -> None:
        """Sound keys on a track at once, for so long. Returns at once."""

    def feed(self, port: str, data: Sequence[int]) -> None:
        """Take in a MIDI message as if it had come from a port of that name. Returns at once."""

    def sync(self, out: Sequence[str], offset_s: float, follow: str) -> None:
        """Send the clock of the music to ports, earlier or later, and follow that of another one. Returns at once.

        follow   a part of a port's name; empty: our own time counts
        """

    def share(self, link: LinkAsked) -> None:
        """Join a Link session or leave it, or tell it what was done here. Returns at once."""

    def keep_time(self, now: Playback) -> None:
        """Take in where the music is. Returns at once."""

    def send(self, frames: Sequence[dict[str, Any]]) -> None:
        """Send to MIDI outputs what the player says. Returns at once."""

    def silence(self) -> None:
        """Release what hands hold, pedals too. Returns at once."""

    def left(self, piece: Sequence[Any]) -> Sequence[HeardNote]:
        """Return what was played in a piece in studios that were killed, the latest last; at most a few MB are read."""

    def forget_left(self, piece: Sequence[Any]) -> None:
        """Keep what `left` returns no longer: it is kept elsewhere."""

    def light(self, devices: Sequence[DeviceLights]) -> None:
        """Show these lights, and no others; a controller that is plugged in later gets them then. Returns at once."""

    def close(self) -> None:
        """End it; where it does not listen nothing happens."""


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


class Osc(Protocol):
    """What hears OSC for the studio that is open."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Return host and port, None while it is closed."""

    @property
    def token(self) -> str | None:
        """Return what has to be said first, None while it is closed or for this machine unlocked."""

    async def open(self, host: str, port: int, *, unlocked: bool) -> None:
        """Listen on that address; `unlocked`: programs of this machine need no token. Raises UserError."""

    def close(self) -> None:
        """End it; where it is closed nothing happens."""


class Door(Protocol):
    """A server through which other programs reach the studio that is open."""

    @property
    def url(self) -> str | None:
        """Return the address, None while it is closed."""

    @property
    def token(self) -> str | None:
        """Return the token that callers give, None while it is closed."""

    async def open(
        self, host: str, port: int, folders: Sequence[Path], *, agents_write: bool = False, allow_eval: bool = False
    ) -> None:
        """Serve on that address, with file names confined to `folders`. Raises UserError.

        agents_write   whether agents may write files there too
        allow_eval     whether callers and agents may run Python
        """

    async def close(self) -> None:
        """End every connection and the server."""

    def abandon(self) -> None:
        """Let go of it where nobody can wait any more."""
