"""Knobs: lets the controllers of a studio's mappings move parameters and run commands.

    studio.keep(Knobs(studio))

What a knob moves is a layer over the project until all knobs have rested for 0.4 s: heard and seen at once, and no
step. Then it becomes one step. Where a track records automation (`automationrecorder.py`) it becomes an envelope
instead. Buttons run their line when they are pressed.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.automationrecorder import AutomationRecorder
from hardcore.commands.performance.bank import bank_of
from hardcore.commands.performance.maptarget import PERMISSIONS, Range, Target, range_of, target_of
from hardcore.commands.performance.ownstep import make_step
from hardcore.controller.events import MidiReceived, Notified, ProjectOpened
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.project.controlmap import ControlMap, top
from hardcore.project.state import ProjectState
from hardcore.project.takeover import TOP, taken_over

REST_S = 0.4
LAYER = "knobs"
PRESSED = 64
_PRESS = "launch press "
# A controller as it is plugged in: the mapping, the port, the channel.
_Place = tuple[str, str, int]


@dataclass(slots=True)
class _Gesture:
    """What has been moved since the knobs last rested: targets with their new values, and what is to be said."""

    values: dict[str, tuple[Target, float]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def applied(self, project: ProjectState) -> ProjectState:
        """Return a project with what was moved; what it no longer has is left out."""
        for target, value in self.values.values():
            with suppress(UserError, ValidationError):
                project = target.set(project, value)
        return project


class Knobs:
    """Acts on what controllers send, in the loop in which it was made, until `close`."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._events = studio.controller.events
        self._arrived: deque[MidiReceived] = deque()
        self._last: dict[_Place, float] = {}
        self._shares: dict[str, float] = {}  # where a mapping's knob has put its value, finer than the value may be
        self._gesture = _Gesture()
        self._seen: tuple[ProjectState, ProjectState] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._stops: tuple[Callable[[], None], ...] = (
            self._events.subscribe(MidiReceived, self._received),
            self._events.subscribe(ProjectOpened, self._opened),
        )

    @property
    def preview(self) -> ProjectState | None:
        """Return the project as the knobs are about to leave it, None while they rest; the same until it changes."""
        if not self._gesture.values:
            return None
        project = self._studio.controller.project
        if self._seen is None or self._seen[0] is not project:
            self._seen = (project, self._gesture.applied(project))
        return self._seen[1]

    def put(self, line: str, value: Callable[[Target], float]) -> None:
        """Move a parameter as a knob does, to a value of its target. Raises HardcoreError."""
        target = target_of(self._studio.controller.project, line)
        if target is None:
            raise UserError(f"{line} has no value to move")
        before = dict(self._gesture.values)
        self._put(target, value(target), time.monotonic())
        self._lay(before)
        self._wait()

    def step(self, line: str, by: float) -> bool:
        """Move a parameter by as much, up to its ends, if that is recorded; return whether it is. Raises HardcoreError.

        A key of the mixer does so: what is not recorded is a step of its own.
        """
        target = target_of(self._studio.controller.project, line)
        recorder = self._studio.recall(AutomationRecorder)
        if target is None or recorder is None or not recorder.records(target):
            return False
        low, high = target.limits or (target.parameter.low, target.parameter.high)
        now_s = time.monotonic()
        self._put(target, min(max(self._value(target, now_s) + by, low), high), now_s)
        self._wait()
        return True

    def close(self) -> None:
        """Stop, with what was moved as a step."""
        for stop in self._stops:
            stop()
        self._rest(closing=True)
        for task in self._running:
            task.cancel()

    def _opened(self, opened: ProjectOpened) -> None:
        """Forget where knobs were and what they moved: that was another project."""
        self._last.clear()
        self._shares.clear()
        self._gesture = _Gesture()

    def _received(self, event: MidiReceived) -> None:
        """Take a message to the loop, from whatever thread; many that come together are taken together."""
        if self._studio.controller.hearing.project.maps:
            self._arrived.append(event)
            if len(self._arrived) == 1:
                self._loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        before = dict(self._gesture.values)
        while self._arrived:
            event = self._arrived.popleft()
            for one in self._studio.controller.project.maps:
                message = "note" if event.message == "off" else event.message
                if one.hears(event.port, message, event.channel, event.number):
                    self._act(one, event)
        self._lay(before)

    def _lay(self, before: dict[str, tuple[Target, float]]) -> None:
        """Let what has been moved since be heard and seen."""
        if self._gesture.values != before:
            self._seen = None
            self._studio.controller.hearing.lay(LAYER, self._gesture.applied)
            self._draw()

    def _act(self, one: ControlMap, event: MidiReceived) -> None:
        place, at_s = (one.id, event.port, event.channel), event.at_s or time.monotonic()
        last = self._last.get(place)
        value = event.value * TOP / top(event.message)
        struck = event.message in ("note", "program")
        is_down = struck or (event.message != "off" and value >= PRESSED)
        self._last[place] = TOP if struck else value
        was_down = (last or 0) >= PRESSED and not struck
        if one.mode == "press":
            if is_down != was_down:
                self._begin(self._press(one, is_down))
            return
        try:
            target = target_of(self._studio.controller.project, self._line(one))
            if target is None:
                raise UserError(f"{one.target} has no value to move", "map it with --mode press")
            travel = range_of(one, target)
        except HardcoreError as error:
            self._gesture.words[one.id] = f"{one.name}: {error.line()}"
        else:
            if one.mode in ("toggle", "momentary"):
                if is_down != was_down and (is_down or one.mode == "momentary"):
                    self._switch(one, target, travel, is_down, at_s)
            else:
                self._move(one, target, travel, last, value, at_s)
        self._wait()

    def _switch(self, one: ControlMap, target: Target, travel: Range, is_down: bool, at_s: float) -> None:
        """Go to one end of a button's range: a toggle to the one that is farther away."""
        now = travel.share(self._value(target, at_s))
        up = is_down if one.mode == "momentary" else now < 0.5
        self._put(target, travel.value(float(up)), at_s)

    def _move(
        self, one: ControlMap, target: Target, travel: Range, last: float | None, sent: float, at_s: float
    ) -> None:
        value = self._value(target, at_s)
        put = self._shares.get(one.id)
        at = put if put is not None and travel.value(put) == value else travel.share(value)
        known = None if last is None else last / TOP
        share = taken_over(one.mode, known, sent, at, travel.step)  # type: ignore[arg-type]
        self._gesture.words.pop(one.id, None)
        if share is not None:
            self._shares[one.id] = share
            self._put(target, travel.value(share), at_s)
        else:
            away = round(at * TOP - sent)
            way = f"{abs(away)} of {TOP} {'up' if away > 0 else 'down'}"
            both = f"{target.words} is at {target.said(value)}, the knob at {target.said(travel.value(sent / TOP))}"
            self._gesture.words[one.id] = f"{one.name}: {both}: {way} to go"

    def _put(self, target: Target, value: float, at_s: float) -> None:
        """Move a target at a time of the steady clock: in its envelope where that is recorded, else as it is set."""
        recorder = self._studio.recall(AutomationRecorder)
        if recorder is None or not recorder.move(target, value, at_s):
            self._gesture.values[target.line] = (target, value)

    def _value(self, target: Target, at_s: float) -> float:
        """Return where a target is at a time, with what knobs have moved already."""
        if target.line in self._gesture.values:
            return self._gesture.values[target.line][1]
        recorder = self._studio.recall(AutomationRecorder)
        recorded = recorder.value(target, at_s) if recorder is not None else None
        return target.value if recorded is None else recorded

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(REST_S, self._rest)

    def _rest(self, *, closing: bool = False) -> None:
        """End the gesture: what was moved is one step, and what was not is said."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gesture, self._gesture = self._gesture, _Gesture()
        recorder = self._studio.recall(AutomationRecorder)
        if recorder is not None:
            recorder.rest()
        if gesture.values:
            self._commit(gesture)
            if not closing:
                self._begin(self._studio.controller.durable())
        for words in gesture.words.values():
            self._say(words)

    def _commit(self, gesture: _Gesture) -> None:
        label = "; ".join(target.command(value) for target, value in gesture.values.values())
        try:
            make_step(self._studio, "knobs", label, gesture.applied)
        except HardcoreError as error:
            self._say(error.line())
        finally:
            self._studio.controller.hearing.lift(LAYER)
            self._draw()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin what takes a while; why it fails is said."""

        async def done() -> None:
            try:
                await work
            except HardcoreError as error:
                self._say(error.line())

        task = self._loop.create_task(done())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _line(self, one: ControlMap) -> str:
        """Return the line of a mapping as the bank is now. Raises NotFound."""
        return bank_of(self._studio).line(self._studio.controller.project, one.target)

    async def _press(self, one: ControlMap, is_down: bool) -> None:
        """Run the line of a button, if a controller may run it, whoever has made the mapping. Raises HardcoreError.

        One that is let go runs what lets go of the slot that it presses.
        """
        line = self._line(one)
        if not is_down:
            if not line.startswith(_PRESS):
                return
            line = line.replace(_PRESS, "launch release ", 1)
        target_of(self._studio.controller.project, line)
        await run_line(self._studio, f"/{line}", Caller(permissions=PERMISSIONS))

    def _draw(self) -> None:
        if self._studio.stage is not None:
            self._studio.stage.frame()

    def _say(self, words: str) -> None:
        self._events.tell(Notified(message=words, author="knobs"))
