"""Gestures: keys that are held or pressed quickly add up to one line, which runs as one step once they rest.

Until then the project is a preview: it is seen and heard at once, and makes no step.
"""

import asyncio
import contextlib
from collections.abc import Callable

from hardcore.commands.core.line import preview
from hardcore.controller.events import Changed
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

REST_S = 0.4
# Lines whose last words are a value: of two that differ in it alone, the later one says it all.
_SETTERS = ("/track set ", "/effect set ", "/effect move ", "/note set ", "/automation add ")
_MOVES, _STEPS = ("/note move ",), ("/track gain ", "/track pan ")


def merged(first: str, second: str) -> str | None:
    """Return the line that does what two lines of keys do, one after the other; None where they are two things."""
    one, two = first.split(" "), second.split(" ")
    if first.startswith(_MOVES) and second.startswith(_MOVES) and one[2] == two[2]:
        # CLIP PLACE PITCH to PLACE [PITCH]: a way of two stages
        reached = [one[5], one[6] if len(one) > 6 else one[4]]
        goal = [two[5], two[6] if len(two) > 6 else two[4]]
        return " ".join([*one[:5], *goal]) if reached == two[3:5] else None
    if one[:-1] != two[:-1]:
        return None
    if first.startswith(_STEPS) and one[-2] == "--by":
        return " ".join([*one[:-1], f"{round(float(one[-1]) + float(two[-1]), 3):g}"])
    (name, named, _), (other, _, _) = one[-1].partition("="), two[-1].partition("=")
    return second if first.startswith(_SETTERS) and (name == other or not named) else None


class Gesture:
    """The line that keys have come to so far. `show` gets the preview, None at its end; `run` gets the line."""

    def __init__(self, studio: Studio, show: Callable[[ProjectState | None], None], run: Callable[[str], None]) -> None:
        self._studio, self._show, self._run = studio, show, run
        self._line = ""
        self._state: ProjectState | None = None
        self._timer: asyncio.TimerHandle | None = None
        studio.controller.events.subscribe(Changed, self._changed)

    def press(self, line: str) -> bool:
        """Take a line of a key, and return whether it is part of a gesture; one that is not has to be run."""
        if not line.startswith((*_SETTERS, *_MOVES, *_STEPS)):
            return False
        if self._recorded(line):
            return True
        whole = merged(self._line, line) if self._line else line
        if whole is None:
            self.rest()
            whole = line
        begun, before = self._line, self._state
        if not self._preview(whole):
            self._line = ""  # back where it began; or it cannot be done, and running it says why
            return bool(begun)
        if not begun or self._state != before:
            self._line = whole  # what is at its end goes no further, so the way back is not longer
        self._wait()
        return True

    def _recorded(self, line: str) -> bool:
        """Let a step of a fader or panner be recorded as automation; return whether its track does that now."""
        from hardcore.commands.performance.knobs import Knobs

        what, by, amount = line.removeprefix("/").rpartition(" --by ") if line.startswith(_STEPS) else ("", "", "")
        knobs = self._studio.recall(Knobs)
        return bool(by) and knobs is not None and knobs.step(what, float(amount))

    def rest(self) -> None:
        """End the gesture: its line runs."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._line:
            line, self._line = self._line, ""
            self._run(line)

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(REST_S, self.rest)

    def _changed(self, changed: Changed) -> None:
        """Let go of the preview: the line has run. What somebody else changed meanwhile gets the preview put on."""
        self._state = None
        self._show(None)
        if self._line:
            asyncio.get_running_loop().call_soon(lambda: self._preview(self._line))

    def _preview(self, line: str) -> bool:
        """Let the project be seen and heard as a line would leave it; return whether the line can be run."""
        controller = self._studio.controller
        before, self._state = self._state, None
        if line:
            with contextlib.suppress(UserError):
                self._state = preview(self._studio, line)
        self._show(self._state)
        if self._state is not None or before is not None:
            controller.hearing.follow(self._state or controller.project)
        return self._state is not None
