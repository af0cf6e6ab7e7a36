"""What can be done to an audio clip: its gain, its fades, how it goes with the tempo."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, counted
from hardcore.commands.core.types import ClipRef, Decibels, Kind
from hardcore.commands.exchange.importing import OwnTempo, WarpOption, described
from hardcore.errors import UserError
from hardcore.project import artifacts
from hardcore.project.audioclips import audio_of, set_region, set_warp
from hardcore.project.state import ProjectState
from hardcore.project.transcription import Heard, add_transcription

Transcribed = Annotated[Literal["drums", "voice"], Kind("what", "drums or voice")]
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


@command(
    "clip to-midi",
    "clip to-midi loop:A",
    about={"what": "drums: kick, snare and hats by their attacks; voice: one line by its pitch"},
)
async def clip_to_midi(call: Call, clip: ClipRef, what: Transcribed = "drums") -> Edited:
    """Write down what an audio clip plays as notes on tracks of their own: drums by kind, or one voice by pitch.

    The audio stays; the notes come into the scene that the clip is in, where that has room.
    """
    track, found = call.project.find_clip(clip)
    region = audio_of(found)
    if region.reverse:
        raise UserError(f"{found.name} runs backwards", "clip reverse turns it round first")
    path = artifacts.path_of(region.sound.artifact)
    asked = {"path": str(path), "first": region.first, "frames": region.frames, "what": what}
    notes = [Heard(*note) for note in (await work(call, "transcribe", asked))["notes"]]
    if not notes:
        raise UserError(f"no {'hits' if what == 'drums' else 'notes'} are heard in {found.name}")
    made: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        project, names = add_transcription(project, found.id, notes, drums=what == "drums")
        made[:] = names
        return project

    call.edit(change)
    return Edited(message=f"{found.name}: {counted(len(notes), 'note')} on {', '.join(made)}; {track.name} stays")
