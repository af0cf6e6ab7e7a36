"""The player from the studio's side: what one asks of it. `keeper` starts it, watches it and starts it again."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import EngineError
from hardcore.player.child import EngineChoice
from hardcore.player.supervisor import Keeper
from hardcore.player.wire import Sender, Words
from hardcore.project.playback import Arm, Fired, Loop, Playback, Quantum, Timing
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.player.broadcast import Broadcast, Take
    from hardcore.player.soundrecording import SoundRecording


class Remote:
    """A player. Its methods may be called from any thread; they return its state, or raise EngineError.

    Those that ask wait for the answer, and for a player that has to start; `follow`, `arm`, `latest` and `news` never
    do. `told` is called with each state that the player reports, `fired` with what rules had armed when it is heard,
    `midi` with what is to be told to who sends MIDI, all in a thread of its own.
    """

    def __init__(
        self,
        project: ProjectState,
        choice: Callable[[], EngineChoice],
        log: Callable[[], Path],
        told: Callable[[Playback], None] = lambda state: None,
        fired: Callable[[tuple[Fired, ...]], None] = lambda fired: None,
        midi: Callable[[Sequence[Words]], None] = lambda frames: None,
    ) -> None:
        self._keeper = Keeper(project, choice, log, told, fired, midi)

    @property
    def running(self) -> bool:
        """Return whether there is a player process."""
        return self._keeper.life is not None

    @property
    def process_id(self) -> int | None:
        """Return the player's process id."""
        life = self._keeper.life
        return life.process.pid if life else None

    @property
    def restarts(self) -> int:
        """Return how often it was started again because it had ended."""
        return self._keeper.restarts

    @property
    def engine(self) -> tuple[int, int] | None:
        """Return the port of the engine that plays and its number of hardware channels, None while none does."""
        life = self._keeper.life
        return (life.port, life.outputs) if life is not None and life.port is not None and life.outputs else None

    def latest(self) -> Playback:
        """Return the last state that was reported; it costs nothing."""
        return self._keeper.state

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        """Play this version of the project from now on; another piece from the launch grid on. Returns at once.

        `provisional`: only for a while; what it has no track for is launched again with the next version. `opening`
        numbers the projects that were opened, since two of them may have the same ids.
        """
        self._keeper.follow(project, provisional=provisional, opening=opening)

    def arm(self, add: Sequence[Arm], drop: Sequence[Arm]) -> int | None:
        """Tell what rules do at coming ticks, and what they do no longer; an action that auditions holds a project.

        Returns at once: the process that was told, None where there is none. Another one knows nothing of earlier arms.
        """
        shown = [(arm.rule, arm.tick, arm.epoch, _travelling(arm.action)) for arm in add]
        return self._keeper.tell({"do": "arm", "add": shown, "drop": [arm.key for arm in drop]})

    def play(
        self, tick: int | None = None, *, count_in: int = 0, arrangement: bool = False, at_s: float | None = None
    ) -> Playback:
        """Play from `tick`, or from where it stands; at a time of the steady clock, if that is not over."""
        return self._ask("play", tick=tick, count_in=count_in, arrangement=arrangement, at_s=at_s)

    def stop(self) -> Playback:
        """Stop, and go back to where play began; a second time, to the beginning."""
        return self._ask("stop")

    def pause(self) -> Playback:
        """Stop here."""
        return self._ask("pause")

    def seek(self, tick: int) -> Playback:
        """Go to a tick, playing or not."""
        return self._ask("seek", tick=tick)

    def loop(self, loop: Loop | None) -> Playback:
        """Repeat a stretch, or no longer."""
        return self._ask("loop", loop=loop.model_dump() if loop else None)

    def launch(
        self,
        clips: Mapping[str, str | None],
        quantum: Quantum | None = None,
        *,
        repeat: bool = False,
        scene: str | None = None,
    ) -> Playback:
        """Launch clips by track on the grid; None stops the track. `repeat`: on each of its places until `let_go`.

        scene   the scene that they are
        """
        return self._ask("launch", clips=dict(clips), quantum=quantum, repeat=repeat, scene=scene)

    def let_go(self, tracks: Sequence[str]) -> Playback:
        """Repeat the clips of tracks no longer."""
        return self._ask("let_go", tracks=list(tracks))

    def quantize(self, quantum: Quantum) -> Playback:
        """Set the launch grid."""
        return self._ask("quantum", quantum=quantum)

    def metronome(self, on: bool) -> Playback:
        """Click on every beat, or no longer."""
        return self._ask("metronome", on=on)

    def panic(self) -> Playback:
        """Silence everything at once, tails too, and stop."""
        return self._ask("panic")

    def state(self) -> Playback:
        """Return the state now."""
        return self._ask("ask")

    def nudge(self, seconds: float) -> Playback:
        """Move the music ahead of its time by so much, below 0 behind it, little by little."""
        return self._ask("nudge", seconds=seconds)

    def prepare(self, project: ProjectState) -> Playback:
        """Load what another project plays beside what is played now."""
        return self._ask("prepare", project=Sender().delta(project))

    def reload(self) -> Playback:
        """Look again for the sounds that were missing."""
        return self._ask("reload")

    def put_out_lamps(self) -> Playback:
        """Put out the clipping lamps."""
        return self._ask("lamps")

    def audition(self, sound: ProjectState, *, cue: bool = False) -> Playback:
        """Play the sound of an audition's project once, beside the music; `stop` and `panic` end it."""
        return self._ask("audition", project=Sender().delta(sound), cue=cue)

    def cue(self, tracks: Mapping[str, str | None]) -> Playback:
        """Let these tracks be heard on the cue, and no others; a track that plays a clip there only has it beside."""
        return self._ask("cue", tracks=dict(tracks))

    def devices(self) -> tuple[str, ...]:
        """Return the sound devices that the engine saw when it started; empty where it cannot tell."""
        self._ask("ask")
        return self._keeper.devices

    def news(self) -> str:
        """Return what has happened unasked since the last time, one line, or nothing; it costs nothing."""
        news, self._keeper.news = self._keeper.news, ""
        return news

    def renew(self) -> Playback:
        """Start the player anew with the engine chosen now, where the music is by then; without one, nothing."""
        return self.state() if self._keeper.renew() else self._keeper.state

    def timing(self) -> Timing:
        """Return how punctual the player is."""
        answer = self._keeper.ask({"do": "timing"})
        return Timing.model_validate(answer["timing"]).evolve(restarts=self.restarts)

    def listen(self, take: "Take") -> Callable[[], None]:
        """Tell `take` what is heard from now on, until the function that is returned is called. Returns at once."""
        return self._broadcast.listen(take)

    def record(
        self, path: Path, span: tuple[int, int | None], source: tuple[int, int], done: Callable[[str], None],
        extra_s: float = 0.0,
    ) -> "SoundRecording":  # fmt: skip
        """Record an input of the engine into a new WAV file, from a tick to another one, or until it is stopped.

        source   the first channel, from 1, and how many, 1 or 2
        done     is called at the end, in a thread of its own, with why that came early, or nothing
        extra_s  so much more is recorded after the end

        Returns at once. Raises EngineError, UserError.
        """
        from hardcore.player.soundrecording import Begun, SoundRecording

        engine = self.engine
        if engine is None:
            raise EngineError("nothing can be recorded: there is no engine", "/engine list")
        words = {"do": "record", "tick": span[0], "end": span[1], "input": source[0], "channels": source[1]}

        def begin() -> Begun:
            return Begun(*self._keeper.ask(words)["recording"])

        return SoundRecording(engine[0], path, source[1], begin, done, extra_s)

    def close(self) -> None:
        """End the player and wait for it; without one nothing happens."""
        if "_broadcast" in vars(self):
            self._broadcast.close()
        self._keeper.close()

    @cached_property
    def _broadcast(self) -> "Broadcast":
        from hardcore.player.broadcast import Broadcast

        return Broadcast(lambda: self.engine, lambda: self._keeper.state.playing)

    def _ask(self, name: str, **words: Any) -> Playback:
        self._keeper.ask({"do": name, **words})
        return self._keeper.state


def _travelling(action: dict[str, Any]) -> dict[str, Any]:
    """Return an action as it travels."""
    return action | {"project": Sender().delta(action["project"])} if "project" in action else action
