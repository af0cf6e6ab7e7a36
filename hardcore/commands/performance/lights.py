"""Lights: keeps the lights of controllers true to what their mappings stand for.

    studio.keep(Lights(studio))

What happens together is looked at once; the MIDI process sends only what is different then.
"""

import asyncio
from collections.abc import Callable

from hardcore.controller.events import Changed, CommandRan, Event, HearingChanged, PlaybackChanged
from hardcore.controller.settling import Settling
from hardcore.controller.studio import Studio

# Faster than a person sees, and slow enough for the wire of an old controller.
SETTLE_S = 0.02


class Lights:
    """Sets the lights of a studio's controllers, in the loop in which it was made, until `close`."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._settling = Settling(asyncio.get_running_loop(), SETTLE_S, self._show)
        kinds = (Changed, HearingChanged, PlaybackChanged, CommandRan)
        self._stop: Callable[[], None] = studio.controller.events.subscribe(kinds, self._happened)
        self._lit = False

    def close(self) -> None:
        """Stop."""
        self._stop()
        self._settling.cancel()

    def _happened(self, event: Event) -> None:
        """Look again, from whatever thread; without a controller that has lights it costs next to nothing."""
        if self._lit or any(one.device for one in self._studio.controller.hearing.project.maps):
            self._settling.ask()

    def _show(self) -> None:
        from hardcore.commands.performance.lightstate import lights_of

        if self._studio.hands is not None:
            lights = lights_of(self._studio)
            self._lit = bool(lights)
            self._studio.hands.light(lights)
