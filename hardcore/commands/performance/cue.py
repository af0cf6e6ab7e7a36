"""The cue: hearing tracks, clips and samples on outputs of their own while the main mix goes on."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Choice, Kind
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.tracks.sounds import sound_called
from hardcore.errors import HardcoreError, NotFound, nearest
from hardcore.project.cueing import cued_copy, with_copy
from hardcore.project.launching import targets
from hardcore.project.playback import Playback
from hardcore.project.recording import Recording
from hardcore.project.recordings import audition
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

LAYER = "cue"


def _cueable(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(track.name, "a track, before its fader") for track in project.tracks)
    yield from (Choice(name, "a clip, along with the music") for name in targets(project) if ":" in name)


CueTarget = Annotated[
    str, Field(min_length=1, max_length=200), Kind("target", "a track, track:scene, or a sample", _cueable)
]


class CuedClip:
    """A clip that is cued: its name, and the track that plays it for the cue alone."""

    def __init__(self, name: str, copy: Track) -> None:
        self.name, self.copy = name, copy


class Cue(Done):
    """What is heard on the cue: tracks by name, and a clip; `sample` is one that is heard once."""

    tracks: tuple[str, ...]
    clip: str | None
    sample: str | None = None


@command("cue", "cue bass", effects={"player"}, immediate=True)
async def cue(call: Call, target: CueTarget | None = None) -> Cue:
    """Hear a track, a clip or a sample on the cue output while the main mix goes on; without one, say what is cued.

    A track is heard after its effects, however its fader and mute stand; the same track again takes it away. A clip
    plays along from the next place of the launch grid, as it is now; a sample is heard once. The outputs are settings:
    `engine.outputs 4` and `engine.cue 3` for a device of four; `engine.cue split` for one of two, where the left one
    then has the main mix and the right one the cue. They hold from the next start of the engine: `engine use embedded`.
    """
    if target is None:
        return _cue(call, call.player.latest(), "")
    project = call.project
    track = next((one for one in project.tracks if target.casefold() in (one.id, one.name.casefold())), None)
    if track is not None:
        now = call.player.latest()
        cued = [one for one in _tracks(call, now) if one != track.id]
        cued += [] if track.id in now.cue else [track.id]
        state = await asked(call, lambda player: player.cue(dict.fromkeys(cued) | _clip(call)))
        return _cue(call, state, "")
    if ":" in target:
        return await _cued_clip(call, target)
    return await _cued_sample(call, target)


@command("cue off", "cue off", effects={"player"}, immediate=True)
async def cue_off(call: Call) -> Cue:
    """Hear nothing on the cue output any more."""
    _forget(call)
    return _cue(call, await asked(call, lambda player: player.cue({})), "")


async def _cued_clip(call: Call, target: str) -> Cue:
    """Let a copy of the clip's track play it for the cue alone."""
    track, clip = call.project.find_clip(target)
    await ready(call)
    copies: list[Track] = []

    def copied(project: ProjectState) -> ProjectState:
        project, copy = cued_copy(project, track.id, clip.id)
        copies.append(copy)
        return project

    call.controller.draft(copied)
    before = call.player.latest()
    call.controller.hearing.lay(LAYER, lambda project: with_copy(project, copies[0]))
    call.studio.keep(CuedClip(target, copies[0]))
    cued = dict.fromkeys(_tracks(call, before)) | _clip(call)
    try:
        state = await asked(call, lambda player: player.cue(cued))
    except HardcoreError:
        _forget(call)
        raise
    waits = state.cue.get(copies[0].id)
    when = f" from {call.project.meter_map.place(waits.tick)}" if waits is not None else ""
    return _cue(call, state, when)


async def _cued_sample(call: Call, target: str) -> Cue:
    """Let a sample be heard once on the cue. Raises NotFound naming the nearest track or sample."""
    try:
        sound = sound_called(call, target)
    except NotFound as error:
        names = [*(track.name for track in call.project.tracks), *error.near]
        raise NotFound(f"no track, clip or sample '{target}'", nearest(target, names) or error.hint) from error
    if isinstance(sound, Recording):
        from hardcore.jobs.preparation import ensure_playable

        await ensure_playable(sound)
    state = await asked(call, lambda player: player.audition(audition(sound), cue=True))
    others = _cue(call, state, "")
    words = f"{sound.name} is heard once on the cue"
    return Cue(message=words, tracks=others.tracks, clip=others.clip, sample=sound.name)


def _tracks(call: Call, now: Playback) -> list[str]:
    """Return the tracks of the project that are cued."""
    return [track.id for track in call.project.tracks if track.id in now.cue]


def _clip(call: Call) -> dict[str, str | None]:
    """Return the track that plays a clip for the cue alone, with the clip."""
    known = call.studio.recall(CuedClip)
    if known is None or not call.controller.hearing.has(LAYER):
        return {}
    return {known.copy.id: known.copy.clips[0].id}


def _forget(call: Call) -> None:
    call.controller.hearing.lift(LAYER)
    call.studio.forget(CuedClip)


def _cue(call: Call, state: Playback, when: str) -> Cue:
    names = tuple(call.project.find_track(track).name for track in _tracks(call, state))
    known = call.studio.recall(CuedClip)
    clip = known.name if known is not None and known.copy.id in state.cue else None
    cued = [*names, *([clip + when] if clip else [])]
    words = f"on the cue: {', '.join(cued)}" if cued else "nothing is cued"
    return Cue(message=words, tracks=names, clip=clip)
