"""What can be done to an audio clip: its gain, its fades, how it goes with the tempo, slices and notes of it."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, counted
from hardcore.commands.core.types import ClipRef, Decibels, Kind, Length, Share, length_text
from hardcore.commands.exchange.importing import OwnTempo, WarpOption, described
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project import artifacts, slicing
from hardcore.project.audioclips import audio_of, set_region, set_warp
from hardcore.project.clip import Provenance
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.transcription import Heard, What, add_transcription
from hardcore.workers.context import Words

Transcribed = Annotated[What, Kind("what", "drums, voice or chords")]
MostSlices = Annotated[int, Field(ge=1, le=slicing.MOST_SLICES), Kind("slices", f"1 to {slicing.MOST_SLICES}")]
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
    about={"what": "drums: kick, snare and hats by their attacks; voice: one line by its pitch; chords: several notes"},
)
async def clip_to_midi(call: Call, clip: ClipRef, what: Transcribed = "drums") -> Edited:
    """Write down what an audio clip plays as notes on tracks of their own: drums by kind, or by pitch.

    The audio stays; the notes come into the scene that the clip is in, where that has room. Chords are heard by a
    network (extra `chords`): well where notes are struck, as by a piano, and badly in pads and whole mixes.
    """
    track, found = call.project.find_clip(clip)
    region = audio_of(found)
    if region.reverse:
        raise UserError(f"{found.name} runs backwards", "clip reverse turns it round first")
    notes = [Heard(*note) for note in (await work(call, "transcribe", {**_stretch(region), "what": what}))["notes"]]
    if not notes:
        raise UserError(f"no {'hits' if what == 'drums' else 'notes'} are heard in {found.name}")
    made: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        project, names = add_transcription(project, found.id, notes, what)
        made[:] = names
        return project

    call.edit(change)
    return Edited(message=f"{found.name}: {counted(len(notes), 'note')} on {', '.join(made)}; {track.name} stays")


@command(
    "clip slice",
    "clip slice loop:A",
    about={
        "grid": "slices of this length, instead of one for each attack",
        "sensitivity": "how soft an attack may be that begins a slice, 0 to 100",
        "most": "how many slices there are at most; the strongest attacks count",
    },
)
async def clip_slice(
    call: Call, clip: ClipRef, *, grid: Length | None = None, sensitivity: Share = 50, most: MostSlices = 64
) -> Edited:
    """Cut an audio clip into slices, each on a key of a kit, with the clip of notes that plays them as it sounds.

    Slices begin at attacks, or every --grid. The notes come wherever the clip is, on a track of their own; the clip's
    track is muted. Its fades are left out.
    """
    track, sliced = call.project.find_clip(clip)
    region = slicing.ensure_sliceable(sliced)
    recipe = {"first": str(region.first), "frames": str(region.frames), "most": str(most)}
    if grid is not None:
        cuts = slicing.cuts_every(call.project, region, grid)
        recipe["grid"] = length_text(grid)
        if len(cuts) > most:
            raise UserError(f"every {length_text(grid)} makes {len(cuts)} slices", f"--most {most}: a longer --grid")
    else:
        onsets = [slicing.Onset(*one) for one in (await work(call, "onsets", _stretch(region)))["onsets"]]
        cuts = slicing.cuts_at(call.project, region, slicing.strongest(onsets, sensitivity, most))
        recipe["sensitivity"] = f"{sensitivity:g}"
    own = Provenance(producer="slice", version=region.sound.artifact[:12], intent=recipe)
    made: list[tuple[str, int]] = []

    def change(project: ProjectState) -> ProjectState:
        project, track_id, count = slicing.add_slices(project, sliced.id, cuts, own)
        made.append((track_id, count))
        return project

    after = call.edit(change)
    track_id, count = made[-1]
    keys = f"{note_name(slicing.LOWEST_KEY)} to {note_name(slicing.LOWEST_KEY + count - 1)}"
    who = after.find_track(track_id).name
    return Edited(message=f"{sliced.name}: {counted(count, 'slice')} on {who}, {keys}; {track.name} is muted")


def _stretch(region: AudioRegion) -> Words:
    """Return the stretch of a file that a region plays, as jobs that listen take it."""
    path = artifacts.path_of(region.sound.artifact)
    return {"path": str(path), "first": region.first, "frames": region.frames}
