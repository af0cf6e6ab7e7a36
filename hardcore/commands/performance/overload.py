"""The answer to an overload of the engine: its dearest track is named, or frozen.

watch = OverloadWatch(studio)
…
await watch.end()
"""

import asyncio

from hardcore.bugs import log_bug
from hardcore.commands.core.call import Caller
from hardcore.commands.core.registry import registry, run
from hardcore.controller.events import Notified, PlaybackChanged
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.playback import Playback

AUTHOR = "engine"
# What costs less is not worth freezing, percent of a core.
WORTH_PERCENT = 0.5


class OverloadWatch:
    """Answers when the player says that its engine is overloaded: once each time that begins.

    It belongs to the loop in which the studio's jobs run.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._on = False
        self._task: asyncio.Task[None] | None = None
        self._stop = studio.controller.events.subscribe(PlaybackChanged, self._changed)

    async def end(self) -> None:
        """Stop for good, and return when nothing of it goes on."""
        self._stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _changed(self, event: PlaybackChanged) -> None:
        was, self._on = self._on, event.playback.overloaded
        if self._on and not was:
            self._loop.call_soon_threadsafe(self._begin, event.playback)

    def _begin(self, playback: Playback) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._answer(playback))

    async def _answer(self, playback: Playback) -> None:
        try:
            await self._relieve(playback)
        except HardcoreError:
            pass  # it is told as the command's end
        except Exception as error:
            log_bug(error)

    async def _relieve(self, playback: Playback) -> None:
        """Name the dearest track that can be frozen, or freeze it."""
        studio, caller = self._studio, Caller(AUTHOR, cause=("overload",))
        from hardcore.commands.tracks.trackcosts import TrackCosts

        answer = await run(studio, registry()["track costs"], {}, caller, "track costs")
        assert isinstance(answer, TrackCosts)
        dearest = next((row for row in answer.items if row.freezable and row.percent >= WORTH_PERCENT), None)
        load = f"load {playback.load_percent:.0f} %" if playback.load_percent is not None else "sound was lost"
        said = f"overloaded ({load})"
        if dearest is None:
            said += "; no track is left that freezing would help: fewer effects, or config engine.buffer_frames"
        elif studio.settings.producer.freeze:
            said += f": {dearest.name}, the dearest with {dearest.percent:.1f} % of a core, is frozen"
        else:
            said += f": {dearest.name} is the dearest track, {dearest.percent:.1f} % of a core; "
            said += f"/track freeze {dearest.name} lets it rest"
        studio.controller.events.tell(Notified(message=said, author=AUTHOR))
        if dearest is not None and studio.settings.producer.freeze:
            await run(studio, registry()["track freeze"], {"track": dearest.id}, caller, f"track freeze {dearest.name}")
