"""The supervisor of the player: starts it on first use, watches it, and starts it again where the music is by then."""

import contextlib
import itertools
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hardcore.errors import EngineError
from hardcore.player.child import SPARE_S, Ends, EngineChoice, Life, Spare
from hardcore.player.wire import HUSH, Words
from hardcore.project.playback import Fired, Playback
from hardcore.project.state import ProjectState

START_S = 15.0
ANSWER_S = 5.0
# The player says something four times a second at least; silence for this long is a player that hangs.
HANG_S, LOOK_S = 0.8, 0.1


class Keeper:
    """Keeps a player alive and asks it. Its methods may be called from any thread.

    told      called with each state, in the thread that brings it, while nothing is held
    fired     called in the same way with what rules had armed, when it is heard
    midi      called in the same way with what is to be told to who sends MIDI
    state     what the player said last; after a restart, what the one before it said, until it speaks itself
    devices   the sound devices that the engine saw when it started
    news      what has happened unasked, one line, or nothing
    restarts  how often it was started again because it had ended
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
        self._project, self._choice, self._log, self._told = project, choice, log, told
        self._fired, self._midi = fired, midi
        self._opening = 0
        self.life: Life | None = None
        self._spare = Spare("hardcore.player.process")
        self.state = Playback()
        self.devices: tuple[str, ...] = ()
        self.news = ""
        self.restarts = 0
        self._lock = threading.RLock()
        # Held while a project is told, so that none falls between a player's greeting and its being ready.
        self._telling = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers: dict[int, Words] = {}
        self._arrived = threading.Condition()
        self._ends = Ends()

    def follow(self, project: ProjectState, *, provisional: bool, opening: int) -> None:
        """Give the player this version, now or when it has started. Returns at once."""
        with self._telling:
            self._project, self._opening = project, opening
            life = self.life
            if life is not None and life.ready.is_set():
                words: Words = {"do": "project", "project": life.sender.delta(project), "opening": opening}
                life.send(words | {"provisional": True} if provisional else words)

    def ask(self, words: Words) -> Words:
        """Return the answer to a frame. Raises EngineError when none comes, or when it is a complaint."""
        for _ in range(3):
            answer = self._try(words)
            if answer is not None and "error" in answer:
                raise EngineError(str(answer["error"]))
            if answer is not None:
                return answer
            with self._lock:
                if self.life is None:
                    raise EngineError("the player has ended", self.state.trouble)
        raise EngineError("the player does not answer", "it is started again; /timing says how it fares")

    def tell(self, words: Words) -> int | None:
        """Send a frame that has no answer to a player that runs, at once; return its process, None without one."""
        with self._telling:
            life = self.life
            if life is None or not life.ready.is_set():
                return None
            life.send(words)
        return life.process.pid

    def renew(self) -> bool:
        """Start the player anew with the engine chosen now; without one nothing happens, and False is returned."""
        with self._lock:
            life = self.life
            if life is None:
                return False
            self.life = None
            life.end()
            self.life = self._start()
        return True

    def close(self) -> None:
        """End the player and wait for it; without one nothing happens."""
        with self._lock:
            life, self.life = self.life, None
            self.state = Playback()
        self._told(self.state)
        if life is not None:
            life.expected = False
            self._tell()
            life.end()
        self._spare.close()

    def _try(self, words: Words) -> Words | None:
        """Return the answer to a frame, None when the player ended before it gave one."""
        number = next(self._numbers)
        life = self._ensure()
        life.send(words | {"n": number})
        with self._arrived:
            self._arrived.wait_for(lambda: number in self._answers or self.life is not life, ANSWER_S)
            return self._answers.pop(number, None)

    def _tell(self) -> None:
        """Let everyone who waits look again."""
        with self._arrived:
            self._arrived.notify_all()

    def _ensure(self) -> Life:
        """Return the running player, started if there was none. Raises EngineError."""
        end = time.monotonic() + START_S
        with self._lock:
            life = self.life = self.life or self._start()
        # Nothing is held meanwhile: who edits, or ends the player, need not wait for it.
        while not life.ready.is_set():
            self._until_ready(life, end - time.monotonic())
            with self._lock:  # one that is being renewed is there again in a moment
                now = self.life
            if now is None:
                raise EngineError("the player was ended before it had started", self.state.trouble)
            if now is life and not life.ready.is_set():
                self._give_up(life)
                raise EngineError("the player did not start", f"its log is {self._log()}")
            life = now
        return life

    def _until_ready(self, life: Life, timeout_s: float) -> None:
        with self._arrived:
            self._arrived.wait_for(lambda: life.ready.is_set() or self.life is not life, timeout_s)

    def _give_up(self, life: Life) -> None:
        with self._lock:
            self.life = None
        life.expected = False
        life.process.kill()

    def _start(self) -> Life:
        life = Life(self._spare.take())
        life.begin(self._choice(), self._log())
        threading.Thread(target=self._read, args=(life,), daemon=True).start()
        threading.Thread(target=self._watch, args=(life,), daemon=True).start()
        return life

    def _read(self, life: Life) -> None:
        """Take in what the player says until it ends; then start another."""
        for words in life.said():
            life.heard_s = time.monotonic()
            life.busy = "busy" in words
            if "ready" in words:
                self._welcome(life, words)
            elif "ended" in words:
                life.why = str(words["ended"])
            elif "fired" in words:
                self._fired(tuple(Fired(*one) for one in words["fired"]))
            elif "midi" in words:
                self._midi(words["midi"])
            elif "state" in words:
                self._take(life, words)
        self._midi([HUSH])
        life.clear_away()
        if life.expected:
            self._again(life)

    def _take(self, life: Life, words: Words) -> None:
        if self.life is life or not life.ready.is_set():
            self.state = Playback.model_validate(words["state"] | {"restarts": self.restarts})
            self._told(self.state)
        if "n" in words:
            self._answers[words["n"]] = words
            self._tell()

    def _welcome(self, life: Life, words: Words) -> None:
        """Give a player that has just started the project, and where the music is."""
        with self._telling:
            before = self.state
            life.send(
                {"do": "project", "project": life.sender.delta(self._project), "opening": self._opening},
                {"do": "resume", "state": before.model_dump(mode="json")},
            )
            fresh = Playback.model_validate(words["state"])
            life.port, life.outputs = words["port"], words["outputs"]
            self.devices = tuple(words["devices"])
            heard = {"sound": fresh.sound, "silent": fresh.silent, "trouble": fresh.trouble}
            self.state = before.evolve(**heard, restarts=self.restarts)
            life.ready.set()
        self._told(self.state)
        self._tell()

    def _watch(self, life: Life) -> None:
        """End a player that hangs, so that it is started again."""
        begun_s = looked_s = time.monotonic()
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
            if now - begun_s > SPARE_S:
                self._stand_by(life)

    def _stand_by(self, life: Life) -> None:
        """Have a spare player beside one that runs."""
        with self._lock:
            if self.life is life:
                self._spare.stand_by()

    def _again(self, life: Life) -> None:
        """Start the player again, unless it keeps ending."""
        too_many = self._ends.too_many()
        with self._lock:
            if self.life is not life:
                return
            if too_many:
                self.life = None
                self.state = Playback(trouble=f"the player keeps ending; its log is {self._log()}")
                self.news = self.state.trouble
            else:
                self.restarts += 1
                self.news = f"{life.why}: it is started again, and goes on where the music is"
                self.life = self._start()
        self._told(self.state)
        self._tell()
