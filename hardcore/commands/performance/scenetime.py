"""Tempos and meters of launched scenes: what the player goes by is what is heard, shown and sent as clock.

studio.keep(SceneTime(studio))
"""

import asyncio
from collections.abc import Callable

from hardcore.controller.events import PlaybackChanged
from hardcore.controller.studio import Studio
from hardcore.project.retiming import Retiming, retimed
from hardcore.project.state import ProjectState

LAYER = "scene tempo"


class SceneTime:
    """Lays what scenes have changed of the time over what is heard, until `close`. An edit of the time ends it."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._laid: tuple[Retiming, ...] = ()
        self._stop: Callable[[], None] = studio.controller.events.subscribe(PlaybackChanged, self._heard)

    def close(self) -> None:
        """Stop."""
        self._stop()

    def _heard(self, event: PlaybackChanged) -> None:
        if event.playback.retimings != self._laid:
            self._laid = event.playback.retimings
            self._loop.call_soon_threadsafe(self._lay, self._laid)

    def _lay(self, retimings: tuple[Retiming, ...]) -> None:
        hearing = self._studio.controller.hearing
        if not retimings:
            hearing.lift(LAYER)
            return
        tempo, meter = hearing.project.tempo_map, hearing.project.meter_map

        def in_scene_time(project: ProjectState) -> ProjectState:
            edited = project.tempo_map != tempo or project.meter_map != meter
            return project if edited else retimed(project, retimings)

        hearing.lay(LAYER, in_scene_time)
