"""What the controller needs to play and to be played, as Protocols: the player, recordings, MIDI inputs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from hardcore.project.hands import DeviceLights, HeardNote, InputPorts, LinkAsked
from hardcore.project.playback import Arm, Loop, Playback, Quantum, Timing
from hardcore.project.state import ProjectState


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
