"""Pads: slots of the grid as a finger plays them, pressed and let go; what that means is the clip's launch mode."""

from typing import Annotated

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import ClipRef, Kind, Toggle
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.performance.transport import Target, Transport, launch_now, launched
from hardcore.errors import UserError
from hardcore.project.clip import Clip
from hardcore.project.launching import BESIDE
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.values import LaunchMode

LaunchModeWord = Annotated[LaunchMode, Kind("mode", "trigger, gate, toggle or repeat")]


class Released(Done):
    """A slot that was let go of without another launch; `goes_on`: what it plays is not ended by that."""

    goes_on: bool


@command("launch press", "launch press bass:A", effects={"player"}, immediate=True)
async def launch_press(call: Call, target: Target) -> Transport:
    """Press a slot as a pad does: its clip begins, stops or repeats, as its launch mode says; `clip mode` sets that.

    trigger and gate begin it, toggle stops one that plays or waits, repeat begins it on every place of its grid until
    `launch release`. An empty slot stops its track. A scene is launched.
    """
    track, clip = slot_of(call.project, target)
    if track is None:
        return await launch_now(call, target)
    repeat, now = clip is not None and clip.mode == "repeat", call.player.latest()
    begun = None if clip is None or (clip.mode == "toggle" and _is_on(now, track, clip)) else clip.id
    await ready(call)
    state = await asked(call, lambda player: player.launch({track.id: begun}, repeat=repeat))
    return launched(call, f"{track.name}: {clip.name if clip and begun else 'silence'}", state, [track.id])


@command("launch release", "launch release bass:A", effects={"player"}, immediate=True)
async def launch_release(call: Call, target: Target) -> Released | Transport:
    """Let go of a slot: a gated clip stops on its grid, one that repeats begins no more; others go on."""
    track, clip = slot_of(call.project, target)
    if track is None or clip is None or clip.mode not in ("gate", "repeat"):
        return Released(message=f"{target} goes on", goes_on=True)
    if clip.mode == "repeat":
        await asked(call, lambda player: player.let_go([track.id]))
        return Released(message=f"{track.name}: {clip.name} repeats no more", goes_on=False)
    state = await asked(call, lambda player: player.launch({track.id: None}, clip.quantum))
    return launched(call, f"{track.name}: silence", state, [track.id])


@command("clip mode", "clip mode bass:A gate", about={"legato": "go on where the clip before it was"})
def clip_mode(call: Call, clip: ClipRef, mode: LaunchModeWord | None = None, *, legato: Toggle = None) -> Done:
    """Say what a pad does with a clip: trigger, gate (while it is held), toggle, or repeat (while it is held).

    --legato on: launched, it goes on where the clip before it on its track was; off: it begins at its start.
    """
    if mode is None and legato is None:
        raise UserError("say the mode", "trigger, gate, toggle or repeat, or --legato on")
    _, found = call.project.find_clip(clip)
    changes = {"mode": mode or found.mode, "legato": found.legato if legato is None else legato}
    call.edit(lambda project: project.with_clip(found.id, lambda one: one.evolve(**changes)))
    how = ", legato" if changes["legato"] else ""
    return Done(message=f"{found.name}: a pad does {changes['mode']}{how}")


def slot_of(project: ProjectState, target: str) -> tuple[Track | None, Clip | None]:
    """Return the track of a slot and its clip, None in an empty one; of a scene neither. Raises UserError."""
    word = target.strip().casefold()
    if word in BESIDE or any(word in (scene.id, scene.name.casefold()) for scene in project.scenes):
        return None, None
    if ":" not in target:
        return project.find_clip(target)
    track, scene = project.find_slot(target)
    return track, next((clip for clip in track.clips if clip.id == scene.slots.get(track.id)), None)


def _is_on(now: Playback, track: Track, clip: Clip) -> bool:
    """Return whether a clip plays or is about to."""
    coming = now.queue.get(track.id) or (now.clips.get(track.id) if now.playing else None)
    return coming is not None and coming.clip == clip.id
