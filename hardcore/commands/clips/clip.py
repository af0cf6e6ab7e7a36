"""Clips: show, copy, delete, transpose, quantize, scale, reverse, stretch."""

from typing import Annotated, Any, Literal

from hardcore.commands.clips import pianoroll
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Result, Row, counted
from hardcore.commands.core.types import (
    CallName,
    ClipRef,
    Count,
    KeyOption,
    Kind,
    Length,
    Number,
    SceneRef,
    Share,
    SpacedCallName,
    TrackRef,
)
from hardcore.errors import UserError
from hardcore.music.tempo import PPQ
from hardcore.project import audioclips, clips, waveform
from hardcore.project.clip import CHORDS, MOTIF, Clip, Provenance
from hardcore.project.lyrics import words
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.values import Quantum

# How high the waveform of an audio clip is drawn, in lines.
WAVE_ROWS = 4
ClipGrid = Annotated[Literal[Quantum, "studio"], Kind("grid", "none, 1/16 to 1/2, 1 to 8 bars, or studio")]


class ClipView(Result):
    """A clip with its notes; the text is a piano-roll."""

    track: str
    name: str
    id: str
    bars: float
    notes: tuple[dict[str, Any], ...]
    provenance: Provenance | None
    roll: str
    audio: AudioRegion | None = None
    lyrics: str = ""

    def text(self) -> str:
        """Return the name, the figures, the piano-roll, and what a made clip knows of its chords and its motif."""
        made = f", made from '{self.provenance.prompt}'" if self.provenance and self.provenance.prompt else ""
        size = f"{self.bars:g} bars, {counted(len(self.notes), 'note')}"
        if self.audio is not None:
            size = f"{self.bars:g} bars, {_heard(self.audio)}"
        intent = self.provenance.intent if self.provenance else {}
        known = {"chords": intent.get(CHORDS, ""), "motif": intent.get(MOTIF, ""), "sings": self.lyrics}
        told = "".join(f"\n{name}: {text}" for name, text in known.items() if text)
        return f"{self.name} ({self.id}) on {self.track}: {size}{made}\n{self.roll}{told}"


class ClipRow(Row):
    """A clip, the id of its track, and the scenes it stands in by name."""

    id: str
    name: str
    track: str
    track_name: str
    bars: float
    length_ticks: int
    notes: int
    scenes: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.id, self.track_name, self.name, self.bars, self.notes, " ".join(self.scenes))


class ClipList(Listing[ClipRow]):
    """The clips."""

    headings = ("id", "track", "clip", "bars", "notes", "scenes")


def bars_of(project: ProjectState, clip: Clip) -> float:
    """Return a clip's length in bars of the project's first meter."""
    return clip.length_ticks / project.meter_map.bar_ticks()


@command("clip list", "clip list", effects=(), aliases=("clips",))
def clip_list(call: Call) -> ClipList:
    """List the clips and the scenes they stand in."""
    project = call.project
    rows = tuple(
        ClipRow(
            id=clip.id,
            name=clip.name,
            track=track.id,
            track_name=track.name,
            bars=bars_of(project, clip),
            length_ticks=clip.length_ticks,
            notes=len(clip.notes),
            scenes=tuple(scene.name for scene in project.scenes if scene.slots.get(track.id) == clip.id),
        )
        for track, clip in project.clips()
    )
    return ClipList(items=rows, empty="no clips yet")


@command("clip show", "clip show bass:A", effects=(), aliases=("show",), about={"width": "how many characters wide"})
def clip_show(call: Call, clip: ClipRef, *, width: Count = 100) -> ClipView:
    """Draw a clip as a piano-roll: X accent, x note, o ghost, - held; one of audio as its waveform."""
    track, found = call.project.find_clip(clip)
    notes, width = tuple(found.notes), max(40, min(width, 400))
    roll = pianoroll.draw(notes, found.length_ticks, call.project.meter_map, width=width, flats=call.project.key.flats)
    if found.region is not None:
        roll = "\n".join(waveform.drawn(waveform.levels(call.project.tempo_map, found, width), WAVE_ROWS))
    return ClipView(
        track=track.name,
        name=found.name,
        id=found.id,
        bars=bars_of(call.project, found),
        notes=tuple(note._asdict() for note in notes),
        provenance=found.provenance,
        roll=roll,
        audio=found.region,
        lyrics=words(found.lyrics),
    )


def _heard(region: AudioRegion) -> str:
    """Return what audio is, in words, without what is as it was brought in."""
    said = [f"{region.seconds:.2f} s of {region.sound.name}"]
    said += [f"{region.bpm:g} bpm"] if region.bpm is not None else []
    said += [region.key.name] if region.key is not None else []
    said += [f"warp {region.warp}"]
    said += [f"{region.gain_db:+g} dB"] if region.gain_db else []
    said += [f"{region.transpose:+g} semitones"] if region.transpose else []
    said += ["backwards"] if region.reverse else []
    said += [f"in {region.fade_in_s:g} s, out {region.fade_out_s:g} s"] if region.fade_in_s or region.fade_out_s else []
    return ", ".join(said)


@command(
    "clip add", "clip add bass B --bars 4", about={"bars": "how long it is, in bars", "name": "what the clip is called"}
)
def clip_add(call: Call, track: TrackRef, scene: SceneRef, *, bars: Count = 4, name: CallName | None = None) -> Done:
    """Put an empty clip in a track's slot of a scene."""
    found, row = call.project.find_track(track), call.project.find_scene(scene)
    if not 1 <= bars <= 4096:
        raise UserError(f"{bars} bars is out of range", "1 to 4096")
    length = call.project.meter_map.bar_start(bars)
    call.edit(lambda project: clips.add_clip(project, found.id, row.id, length, name=name)[0])
    return Done(message=f"{found.name}:{row.name} is an empty clip of {counted(bars, 'bar')}")


@command("clip copy", "clip copy bass:A bass B")
def clip_copy(call: Call, clip: ClipRef, track: TrackRef, scene: SceneRef) -> Done:
    """Copy a clip to a track's slot of a scene; the copy is independent."""
    _, found = call.project.find_clip(clip)
    to, row = call.project.find_track(track), call.project.find_scene(scene)
    call.edit(lambda project: clips.copy_clip(project, found.id, to.id, row.id)[0])
    return Done(message=f"copied {found.name} to {to.name}:{row.name}")


@command("clip delete", "clip delete bass:A", aliases=("clip remove",))
def clip_delete(call: Call, clip: ClipRef) -> Done:
    """Delete a clip."""
    _, found = call.project.find_clip(clip)
    call.edit(lambda project: clips.delete_clip(project, found.id))
    return Done(message=f"deleted {found.name}; undo brings it back")


@command("clip rename", "clip rename bass:A intro-bass", about={"name": "what the clip is called from now on"})
def clip_rename(call: Call, clip: ClipRef, name: SpacedCallName) -> Done:
    """Give a clip another name."""
    _, found = call.project.find_clip(clip)
    call.edit(lambda project: project.with_clip(found.id, lambda clip: clip.evolve(name=name)))
    return Done(message=f"{found.name} is now {name}")


@command("clip grid", "clip grid bass:A 1/4")
def clip_grid(call: Call, clip: ClipRef, grid: ClipGrid) -> Done:
    """Launch a clip on a grid of its own: none, 1/16 to 1/2, or 1, 2, 4, 8 bars; `studio`: on the launch grid."""
    _, found = call.project.find_clip(clip)
    own = None if grid == "studio" else grid
    call.edit(lambda project: project.with_clip(found.id, lambda clip: clip.evolve(quantum=own)))
    return Done(message=f"{found.name} is launched on {'the launch grid' if own is None else own}")


@command("clip transpose", "clip transpose bass:A 12", about={"semitones": "how many semitones up, below 0 down"})
def clip_transpose(call: Call, clip: ClipRef, semitones: Count) -> Done:
    """Move every note of a clip up or down by semitones; audio too, faster or slower for it unless it is stretched."""
    _, found = call.project.find_clip(clip)
    if found.region is not None:
        after = call.edit(lambda project: audioclips.transpose(project, found.id, semitones))
        now = audioclips.audio_of(after.find_clip(found.id)[1]).transpose
        return Done(message=f"{found.name}: {now:+g} semitones")
    return _notes(call, clip, clips.transposed(semitones), f"{semitones:+d} semitones")


@command(
    "clip quantize",
    "clip quantize bass:A 1/16 --amount 80",
    aliases=("quantize",),
    about={"amount": "how far toward the grid, 0 to 100"},
)
def clip_quantize(call: Call, clip: ClipRef, grid: Length = PPQ // 4, *, amount: Share = 100) -> Done:
    """Move the starts of notes toward a grid; --amount is how far, in percent."""
    _, found = call.project.find_clip(clip)
    change = clips.quantized(grid, amount / 100, found.length_ticks)
    return _notes(call, clip, change, f"quantized {amount:g} % to {grid / PPQ:g} beats")


@command("clip scale", "clip scale bass:A --key 'F minor'".replace("'", '"'), aliases=("scale",))
def clip_scale(call: Call, clip: ClipRef, *, key: KeyOption | None = None) -> Done:
    """Move every note to the nearest pitch of the project's key, or of --key."""
    wanted = key or call.project.key
    return _notes(call, clip, clips.scaled(wanted), f"in {wanted.name}")


def _notes(call: Call, clip: str, change: Any, said: str) -> Done:
    _, found = call.project.find_clip(clip)
    after = call.edit(lambda project: clips.edit_notes(project, found.id, change)).find_clip(found.id)[1]
    moved = len(set(after.notes) - set(found.notes))
    return Done(message=f"{found.name}: {said}, {moved} of {len(found.notes)} notes changed")


@command("clip reverse", "clip reverse bass:A")
def clip_reverse(call: Call, clip: ClipRef) -> Done:
    """Play a clip backwards; once more, and it runs forwards again."""
    _, found = call.project.find_clip(clip)
    turned = call.edit(lambda project: clips.reverse_clip(project, found.id)).find_clip(found.id)[1].region
    way = "forwards again" if turned is not None and not turned.reverse else "backwards"
    return Done(message=f"{found.name} runs {way}")


@command(
    "clip stretch",
    "clip stretch bass:A 2",
    aliases=("stretch",),
    about={"factor": "how many times as long: 2 is half time, 0.5 double time"},
)
def clip_stretch(call: Call, clip: ClipRef, factor: Number) -> Done:
    """Make a clip longer or shorter: 2 is half time, 0.5 double time."""
    _, found = call.project.find_clip(clip)
    after = call.edit(lambda project: clips.stretch_clip(project, found.id, factor))
    return Done(message=f"{found.name}: {bars_of(after, after.find_clip(found.id)[1]):g} bars")
