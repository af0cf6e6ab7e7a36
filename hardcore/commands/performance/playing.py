"""The player, asked from a command: in a thread, one question after the other, so that the screen stays alive."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from hardcore.commands.clips.stretching import begin_stretching
from hardcore.commands.core.call import Call
from hardcore.commands.tracks.pluginsound import keep_rendered
from hardcore.controller.playingports import Player
from hardcore.errors import UserError
from hardcore.project.recording import decoded_path
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


async def asked(call: Call, ask: Callable[[Player], T]) -> T:
    """Return what the player answers to `ask`. A player that must start first takes a second, and says so.

    Questions are answered in the order they were asked. A start that is cancelled is given up. Raises EngineError.
    """
    player = call.player
    starting = not player.latest().sound
    if starting:
        call.caller.progress(0.0, "starting the engine")
    try:
        return await asyncio.get_running_loop().run_in_executor(_asking(), ask, player)
    except asyncio.CancelledError:
        if starting and not player.latest().sound:
            await beside(player.close)
        raise


async def ready(call: Call) -> None:
    """See to it that the engine can play the audio of the project: what was not unpacked on this machine is.

    One that is gone stays silent; a render says which.
    """
    begin_stretching(call.studio)
    keep_rendered(call.studio)
    if await ready_for(call, call.controller.hearing.heard) and call.player.latest().sound:
        await asked(call, lambda player: player.reload())


async def ready_for(call: Call, project: ProjectState) -> bool:
    """Unpack the audio of a project that was not unpacked on this machine; return whether there was any."""
    lacking = {
        known.key: known
        for load in project.region_loads.values()
        if (known := load.recording) is not None and not decoded_path(known.key).is_file()
    }
    if not lacking:
        return False
    from hardcore.jobs.preparation import ensure_playable

    for known in lacking.values():
        with suppress(UserError):
            call.caller.progress(0.0, f"unpacking {known.name}")
            await ensure_playable(known)
    return True


@lru_cache(maxsize=1)
def _asking() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "asking the player")
