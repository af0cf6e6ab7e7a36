"""The computer's keyboard as a piano or as pads: while it is on, letters play instead of being typed.

    studio.keep(TypingKeys(studio, gate_s=0.25))

A piano is one more MIDI input, by the name `computer keyboard`, so all that keyboards do it does too. Terminals tell
that a key went down, never that it was let go: a note ends after a while, or with the next. A key that is held comes
again and again; what comes again faster than a finger is the terminal, and plays nothing.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.bank import bank_of
from hardcore.controller.events import Notified
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.hands import NOTE_OFF, NOTE_ON

PORT = "computer keyboard"
# The rows of a piano from C on, as trackers and most studios have them; the four rows of four pads.
PIANO, PADS = "awsedftgyhujkolp;'", ("1234", "qwer", "asdf", "zxcv")
OCTAVE_DOWN, OCTAVE_UP, SOFTER, LOUDER = "zxcv"
ALL_KEYS = "".join(sorted({*PIANO, *OCTAVE_DOWN, *OCTAVE_UP, *SOFTER, *LOUDER, *"".join(PADS)}))
REPEAT_S = 0.06
VELOCITY_STEP = 15


@dataclass
class TypingKeys:
    """Plays what is typed, in the loop in which it was made, until `close`.

    gate_s    how long a note lasts and a pad is held; None: until the next
    pads      whether the keys are pads, four by four over the bank, in place of a piano
    octave    the key that `a` plays, a C
    """

    studio: Studio
    gate_s: float | None
    pads: bool = False
    octave: int = 60
    velocity: int = 100
    _heard_s: dict[str, float] = field(default_factory=dict)
    _ends: dict[str, tuple[asyncio.TimerHandle | None, Callable[[], None]]] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def keys(self) -> str:
        """Return every key that it takes."""
        return "".join(PADS) if self.pads else PIANO + OCTAVE_DOWN + OCTAVE_UP + SOFTER + LOUDER

    def press(self, key: str, now_s: float | None = None) -> None:
        """Play a key, or change octave or velocity."""
        now_s = time.monotonic() if now_s is None else now_s
        before, self._heard_s[key] = self._heard_s.get(key), now_s
        if before is not None and now_s - before < REPEAT_S:
            return
        if self.pads:
            row, column = next((row, pads.index(key)) for row, pads in enumerate(PADS, 1) if key in pads)
            slot = f"pad:{column + 1}:{row}"
            self._play(key, lambda: self._run(f"launch press {slot}"), lambda: self._run(f"launch release {slot}"))
        elif key in PIANO:
            note, velocity = min(self.octave + PIANO.index(key), 127), self.velocity
            self._play(key, lambda: self._feed(NOTE_ON, note, velocity), lambda: self._feed(NOTE_OFF, note, 0))
        elif key in (OCTAVE_DOWN, OCTAVE_UP):
            self.octave = min(max(self.octave + (12 if key == OCTAVE_UP else -12), 0), 108)
        else:
            step = VELOCITY_STEP if key == LOUDER else -VELOCITY_STEP
            self.velocity = min(max(self.velocity + step, 10), 127)

    def let_go(self) -> None:
        """End every note that sounds, and let go of every pad."""
        for key in list(self._ends):
            self._end(key)

    def close(self) -> None:
        """Play no more."""
        for timer, _ in self._ends.values():
            if timer is not None:
                timer.cancel()
        self._ends.clear()
        for task in self._running:
            task.cancel()

    def _play(self, key: str, begin: Callable[[], None], end: Callable[[], None]) -> None:
        """Begin something and end it later: what the same key began before ends first."""
        if self.gate_s is None:
            self.let_go()
        self._end(key)
        begin()
        timer = None
        if self.gate_s is not None:
            timer = asyncio.get_running_loop().call_later(self.gate_s, self._end, key)
        self._ends[key] = (timer, end)

    def _end(self, key: str) -> None:
        timer, end = self._ends.pop(key, (None, None))
        if timer is not None:
            timer.cancel()
        if end is not None:
            end()

    def _feed(self, status: int, note: int, velocity: int) -> None:
        if self.studio.hands is not None:
            self.studio.hands.feed(PORT, (status, note, velocity))

    def _run(self, line: str) -> None:
        async def run() -> None:
            try:
                placed = bank_of(self.studio).line(self.studio.controller.project, line)
                await run_line(self.studio, f"/{placed}", Caller(PORT, permissions=frozenset(("player",))))
            except HardcoreError as error:
                self.studio.controller.events.tell(Notified(message=error.line(), author=PORT))

        task = asyncio.get_running_loop().create_task(run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
