"""What can be done to an audio clip: its gain, its fades, how it goes with the tempo."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.call import Call
from hardcore.commands.importing import OwnTempo, WarpOption, described
from hardcore.commands.registry import command
from hardcore.commands.results import Done
from hardcore.commands.types import ClipRef, Decibels, Kind
from hardcore.errors import UserError
from hardcore.project.audioclips import audio_of, set_region, set_warp

FadeSeconds = Annotated[float, Field(ge=0, le=60), Kind("seconds", "0 to 60 seconds")]


@command("clip gain", "clip gain loop:A -3")
def clip_gain(call: Call, clip: ClipRef, gain_db: Decibels) -> Done:
    """Set how loud an audio clip is; the fader of its track stays."""
    _, found = call.project.find_clip(clip)
    before = audio_of(found).gain_db
    call.edit(lambda project: set_region(project, found.id, gain_db=gain_db))
    return Done(message=f"{found.name}: {before:g} → {gain_db:g} dB")


@command("clip fade", "clip fade loop:A --out 0.5", about={"into": "how long it comes in", "out": "how it goes out"})
def clip_fade(call: Call, clip: ClipRef, *, into: FadeSeconds | None = None, out: FadeSeconds | None = None) -> Done:
    """Let an audio clip come in and go out, in seconds as it is heard."""
    _, found = call.project.find_clip(clip)
    audio_of(found)
    given = {"fade_in_s": into, "fade_out_s": out}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise UserError("that names no fade", "clip fade loop:A --into 0.1 --out 0.5")
    region = audio_of(call.edit(lambda project: set_region(project, found.id, **changes)).find_clip(found.id)[1])
    return Done(message=f"{found.name}: in over {region.fade_in_s:g} s, out over {region.fade_out_s:g} s")


@command(
    "clip warp",
    "clip warp loop:A repitch --bpm 120",
    about={"warp": "off: its own speed; repitch: as fast as the music; stretch: so, at its own pitch"},
)
def clip_warp(call: Call, clip: ClipRef, warp: WarpOption, *, bpm: OwnTempo | None = None) -> Done:
    """Let an audio clip go with the tempo, or keep its own; --bpm says its own tempo where that was heard wrongly."""
    _, found = call.project.find_clip(clip)
    after = call.edit(lambda project: set_warp(project, found.id, warp, bpm))
    return Done(message=f"{found.name}: {described(after, after.find_clip(found.id)[1])}")
