"""The player from the studio's side: started on first use, watched, started again where the music is by then.

A process of its own, spoken to in frames over its standard input and output; its prints go to a log. It ends when this
process ends, however that happens, because its input closes.
"""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardcore.errors import EngineError
from hardcore.player.wire import Sender, Words, frame, frames
from hardcore.project.playback import Loop, Playback, Quantum, Timing
from hardcore.project.state import ProjectState

START_S = 15.0
ANSWER_S = 5.0
# The player says something four times a second at least; silence for this long is a player that hangs.
HANG_S, LOOK_S = 0.8, 0.1
# So many ends within so many seconds, and it is not started again by itself.
ENDS, WITHIN_S = 5, 10.0
CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine the player starts; an empty device and 0 frames are the system's own choice."""

    kind: str = "embedded"
    rate: int = 48_000
    device: str = ""
    buffer_frames: int = 0


@dataclass
class _Life:
    """One player process, from start to end."""

    process: "subprocess.Popen[bytes]"
    sender: Sender = field(default_factory=Sender)
    ready: threading.Event = field(default_factory=threading.Event)
    heard_s: float = field(default_factory=time.monotonic)
    expected: bool = True
    busy: bool = False
    port: int | None = None
    why: str = "the player was killed"


class Remote:
    """A player. Its methods may be called from any thread; they return its state, or raise EngineError.

    Those that ask wait for the answer, and for a player that has to start; `follow`, `latest` and `news` never do.
    """

    def __init__(self, project: ProjectState, choice: Callable[[], EngineChoice], log: Callable[[], Path]) -> None:
        self._project, self._choice, self._log = project, choice, log
        self._life: _Life | None = None
        self._state = Playback()
        self._lock = threading.RLock()
        # Held while a project is told, so that none falls between a player's greeting and its being ready.
        self._telling = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers: dict[int, Words] = {}
        self._arrived = threading.Condition()
        self._ends: list[float] = []
        self._devices: tuple[str, ...] = ()
        self._news = ""
        self.restarts = 0

    @property
    def running(self) -> bool:
        """Return whether there is a player process."""
        return self._life is not None

    @property
    def process_id(self) -> int | None:
        """Return the player's process id."""
        return self._life.process.pid if self._life else None

    def latest(self) -> Playback:
        """Return the last state that was reported; it costs nothing."""
        return self._state

    def follow(self, project: ProjectState, *, provisional: bool = False) -> None:
        """Play this version of the project from now on. Returns at once.

        `provisional`: only for a while; what it has no track for is launched again with the next version.
        """
        with self._telling:
            self._project = project
            life = self._life
            if life is not None and life.ready.is_set():
                words: Words = {"do": "project", "project": life.sender.delta(project)}
                _send(life, words | {"provisional": True} if provisional else words)

    def play(self, tick: int | None = None, *, count_in: int = 0, arrangement: bool = False) -> Playback:
        """Play from `tick`, or from where it stands."""
        return self._ask("play", tick=tick, count_in=count_in, arrangement=arrangement)

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

    def launch(self, clips: Mapping[str, str | None], quantum: Quantum | None = None) -> Playback:
        """Launch clips by track on the grid; None stops the track."""
        return self._ask("launch", clips=dict(clips), quantum=quantum)

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

    def put_out_lamps(self) -> Playback:
        """Put out the clipping lamps."""
        return self._ask("lamps")

    def devices(self) -> tuple[str, ...]:
        """Return the sound devices that the engine saw when it started; empty where it cannot tell."""
        self._ask("ask")
        return self._devices

    def news(self) -> str:
        """Return what has happened unasked since the last time, one line, or nothing; it costs nothing."""
        news, self._news = self._news, ""
        return news

    def renew(self) -> Playback:
        """Start the player anew with the engine chosen now, where the music is by then; without one, nothing."""
        with self._lock:
            life = self._life
            if life is None:
                return self._state
            life.expected = False
            self._life = None
            self._end(life)
            self._life = self._born()
        return self.state()

    def timing(self) -> Timing:
        """Return how punctual the player is."""
        answer = self._request({"do": "timing"})
        return Timing.model_validate(answer["timing"]).evolve(restarts=self.restarts)

    def close(self) -> None:
        """End the player and wait for it; without one nothing happens."""
        with self._lock:
            life, self._life = self._life, None
            self._state = Playback()
        if life is None:
            return
        life.expected = False
        self._tell()
        self._end(life)

    def _end(self, life: _Life) -> None:
        """Let a player end by itself, or kill it."""
        with contextlib.suppress(OSError):
            assert life.process.stdin is not None
            life.process.stdin.close()
        try:
            life.process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            life.process.kill()
            life.process.wait()

    def _ask(self, name: str, **words: Any) -> Playback:
        self._request({"do": name, **words})
        return self._state

    def _request(self, words: Words) -> Words:
        """Return the answer to a frame. Raises EngineError when none comes, or when it is a complaint."""
        for _ in range(3):
            answer = self._try(words)
            if answer is not None and "error" in answer:
                raise EngineError(str(answer["error"]))
            if answer is not None:
                return answer
            with self._lock:
                if self._life is None:
                    raise EngineError("the player has ended", self._state.trouble)
        raise EngineError("the player does not answer", "it is started again; /timing says how it fares")

    def _try(self, words: Words) -> Words | None:
        """Return the answer to a frame, None when the player ended before it gave one."""
        number = next(self._numbers)
        life = self._ensure()
        _send(life, words | {"n": number})
        with self._arrived:
            self._arrived.wait_for(lambda: number in self._answers or self._life is not life, ANSWER_S)
            return self._answers.pop(number, None)

    def _tell(self) -> None:
        """Let everyone who waits look again."""
        with self._arrived:
            self._arrived.notify_all()

    def _ensure(self) -> _Life:
        """Return the running player, started if there was none. Raises EngineError."""
        end = time.monotonic() + START_S
        with self._lock:
            life = self._life = self._life or self._born()
        # Nothing is held meanwhile: who edits, or ends the player, need not wait for it.
        while not life.ready.is_set():
            self._until_ready(life, end - time.monotonic())
            with self._lock:  # one that is being renewed is there again in a moment
                now = self._life
            if now is None:
                raise EngineError("the player was ended before it had started", self._state.trouble)
            if now is life and not life.ready.is_set():
                self._give_up(life)
                raise EngineError("the player did not start", f"its log is {self._log()}")
            life = now
        return life

    def _until_ready(self, life: _Life, timeout_s: float) -> None:
        with self._arrived:
            self._arrived.wait_for(lambda: life.ready.is_set() or self._life is not life, timeout_s)

    def _give_up(self, life: _Life) -> None:
        with self._lock:
            self._life = None
        life.expected = False
        life.process.kill()

    def _born(self) -> _Life:
        choice = self._choice()
        options = json.dumps(
            {
                "kind": choice.kind, "rate": choice.rate, "device": choice.device,
                "buffer_frames": choice.buffer_frames, "log": str(self._log()),
            }
        )  # fmt: skip
        # The package must be found where we found it, also when it is not installed.
        home = str(Path(__file__).resolve().parents[2])
        paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        process = subprocess.Popen(
            [sys.executable, "-m", "hardcore.player.process", options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
        life = _Life(process)
        threading.Thread(target=self._read, args=(life,), daemon=True).start()
        threading.Thread(target=self._watch, args=(life,), daemon=True).start()
        return life

    def _read(self, life: _Life) -> None:
        """Take in what the player says until it ends; then start another."""
        assert life.process.stdout is not None
        for words in frames(life.process.stdout):
            life.heard_s = time.monotonic()
            life.busy = "busy" in words
            if "ready" in words:
                self._welcome(life, words)
            elif "ended" in words:
                life.why = str(words["ended"])
            elif "state" in words:
                self._take(life, words)
        life.process.wait()
        _clear_away(life)
        if life.expected:
            self._again(life)

    def _take(self, life: _Life, words: Words) -> None:
        if self._life is life or not life.ready.is_set():
            self._state = Playback.model_validate(words["state"] | {"restarts": self.restarts})
        if "n" in words:
            self._answers[words["n"]] = words
            self._tell()

    def _welcome(self, life: _Life, words: Words) -> None:
        """Give a player that has just started the project, and where the music is."""
        with self._telling:
            before = self._state
            with contextlib.suppress(OSError, ValueError):
                assert life.process.stdin is not None
                project = {"do": "project", "project": life.sender.delta(self._project)}
                life.process.stdin.write(frame(project))
                life.process.stdin.write(frame({"do": "resume", "state": before.model_dump(mode="json")}))
                life.process.stdin.flush()
            fresh, life.port = Playback.model_validate(words["state"]), words["port"]
            self._devices = tuple(words["devices"])
            self._state = before.evolve(sound=fresh.sound, trouble=fresh.trouble, restarts=self.restarts)
            life.ready.set()
        self._tell()

    def _watch(self, life: _Life) -> None:
        """End a player that hangs, so that it is started again."""
        looked_s = time.monotonic()
        while life.process.poll() is None and life.expected:
            with contextlib.suppress(subprocess.TimeoutExpired):
                life.process.wait(LOOK_S)
            now, before = time.monotonic(), looked_s
            looked_s = now
            if now - before > 3 * LOOK_S:
                # We were held up ourselves, by a machine that slept or by Ctrl-Z: what was said then is yet to be read.
                life.heard_s = now
            if life.ready.is_set() and not life.busy and now - life.heard_s > HANG_S:
                life.why = "the player did not answer"
                life.process.kill()
                return

    def _again(self, life: _Life) -> None:
        """Start the player again, unless it keeps ending."""
        now = time.monotonic()
        self._ends = [end for end in self._ends if now - end < WITHIN_S] + [now]
        with self._lock:
            if self._life is not life:
                return
            if len(self._ends) > ENDS:
                self._life = None
                self._state = Playback(trouble=f"the player keeps ending; its log is {self._log()}")
                self._news = self._state.trouble
            else:
                self.restarts += 1
                self._news = f"{life.why}: it is started again, and goes on where the music is"
                self._life = self._born()
        self._tell()


def _send(life: _Life, words: Words) -> None:
    assert life.process.stdin is not None
    # A pipe that broke is noticed by the reader, who starts the player again with everything it needs.
    with contextlib.suppress(OSError, ValueError):
        life.process.stdin.write(frame(words))
        life.process.stdin.flush()


def _clear_away(life: _Life) -> None:
    """Remove what a player that was killed leaves: an engine program it started, and the engine's shared memory."""
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(life.process.pid, signal.SIGKILL)
    if life.port is not None:
        from hardcore.engine.server import forget

        forget(life.port)
