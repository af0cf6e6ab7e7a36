"""Edits of audio: sounds brought in as clips on audio tracks, and what can be done to an audio clip."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from hardcore.errors import UserError, complaint
from hardcore.music.scale import Key
from hardcore.music.tempo import MAX_BPM, MAX_TICKS, MIN_BPM, PPQ
from hardcore.project import clips, placing, scenes, tracks
from hardcore.project.artifact import Artifact
from hardcore.project.clip import Clip, Provenance
from hardcore.project.region import AudioRegion, Warp
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# A loop whose length is nearer than that to whole beats has whole beats.
_NEAR_BEAT = 0.05
# A tempo that is nearer than that to a whole number is meant as one.
_NEAR_BPM = 0.05
_SHORTEST_TICKS = PPQ // 16


class Heard(NamedTuple):
    """What was heard of a sound: its tempo and its key, None where it has none that is known."""

    bpm: float | None = None
    key: Key | None = None

    @classmethod
    def of(cls, bpm: float | None, key: str | None) -> "Heard":
        """Return what ears say, a tempo beside a whole number as that number."""
        if bpm is not None and abs(bpm - round(bpm)) < _NEAR_BPM:
            bpm = float(round(bpm))
        fits = bpm is not None and MIN_BPM <= bpm <= MAX_BPM
        return cls(bpm if fits else None, Key.parse(key) if key else None)


class Place(NamedTuple):
    """Where a sound comes to: a slot of a scene, or a tick of the arrangement; a track by name, or one of its own."""

    track: str | None = None
    scene: str | None = None
    tick: int | None = None


def import_sound(
    project: ProjectState, known: Artifact, heard: Heard, place: Place, warp: Warp | None = None
) -> tuple[ProjectState, Track, Clip]:
    """Return the project with an artifact as a clip, its track and the clip. An empty project takes tempo and key.

    Without `warp` what fills whole beats follows the tempo. Raises UserError.
    """
    if not any(track.clips for track in project.tracks):
        project = _taking(project, heard)
    region = region_of(known, heard, warp)
    length = length_of(project, region)
    project, track = audio_track(project, known.name, place.track)
    provenance = Provenance(producer=known.kind, version=known.id, licence=known.licence)
    scene = None
    if place.tick is None:
        project, scene = _free_slot(project, track, place.scene)
    project, clip_id = clips.add_clip(
        project, track.id, scene, length, name=known.name, provenance=provenance, region=region
    )
    if place.tick is not None:
        project = placing.place(project, clip_id, place.tick)
    found = project.find_track(track.id)
    return project, found, found.clips[-1]


def import_recording(
    project: ProjectState, known: Artifact, heard: Heard, place: Place, first: int, frames: int
) -> ProjectState:
    """Return the project with `frames` of an artifact from `first` as a clip of whole bars, in time at its tempo.

    At a tick of the place it comes into the arrangement, over what is there.
    """
    region = AudioRegion(
        sound=known.sound, first=first, frames=frames, gain_db=known.gain_db, warp="stretch", bpm=heard.bpm
    )
    project, track = audio_track(project, place.track or known.name, place.track)
    project, scene = _free_slot(project, track, place.scene) if place.tick is None else (project, None)
    provenance = Provenance(producer=known.kind, version=known.id, licence=known.licence)
    length = length_of(project, region)
    project, clip = clips.add_clip(
        project, track.id, scene, length, name=known.name, provenance=provenance, region=region
    )
    return project if place.tick is None else placing.place(project, clip, place.tick)


def import_stems(project: ProjectState, known: Sequence[Artifact], heard: Heard, tick: int) -> ProjectState:
    """Return the project with a track for each artifact, all from one tick on and equally long. Raises UserError."""
    if not any(track.clips for track in project.tracks):
        project = _taking(project, heard)
    warp: Warp = "stretch" if heard.bpm not in (None, project.tempo_map.at(tick)) else "off"
    regions = [region_of(one, heard, warp) for one in known]
    length = max(length_of(project, region) for region in regions)
    for one, region in zip(known, regions, strict=True):
        project, track = audio_track(project, one.name, None)
        provenance = Provenance(producer=one.kind, version=one.id, licence=one.licence)
        project, clip_id = clips.add_clip(
            project, track.id, None, length, name=one.name, provenance=provenance, region=region
        )
        project = placing.place(project, clip_id, tick)
    return project


def region_of(known: Artifact, heard: Heard, warp: Warp | None = None) -> AudioRegion:
    """Return the region of a whole artifact; without `warp` it follows the tempo if it fills whole beats."""
    bpm, sound = heard.bpm, known.sound
    if warp is None:
        warp = "stretch" if bpm is not None and _whole_beats(sound.seconds * bpm / 60) else "off"
    if warp != "off" and bpm is None:
        raise UserError(f"no tempo is heard in {known.name}", "say it: --bpm 128")
    return AudioRegion(sound=sound, frames=sound.frames, gain_db=known.gain_db, warp=warp, bpm=bpm, key=heard.key)


def length_of(project: ProjectState, region: AudioRegion) -> int:
    """Return how many ticks a clip of a region has: its beats where they are whole, else whole bars."""
    beats = ticks_in(project, region, region.seconds) / PPQ
    whole = round(beats)
    if _whole_beats(beats) and (region.warp != "off" or whole % project.meter_map.numerator == 0):
        return max(whole * PPQ, _SHORTEST_TICKS)
    bar = project.meter_map.bar_of(max(0, round(beats * PPQ) - 1))
    ticks = project.meter_map.bar_start(bar + 1)
    if ticks > MAX_TICKS:
        raise UserError(f"{region.sound.name} is too long for the song")
    return ticks


def ticks_in(project: ProjectState, region: AudioRegion, seconds: float) -> float:
    """Return how many ticks from a region's beginning lies what sounds so many seconds into it at its own speed."""
    if region.warp != "off" and region.bpm is not None:
        return seconds * region.bpm / 60 * PPQ
    return project.tempo_map.ticks(seconds / region.speed)


def seconds_in(project: ProjectState, region: AudioRegion, ticks: float) -> float:
    """Return the inverse of `ticks_in`."""
    if region.warp != "off" and region.bpm is not None:
        return ticks * 60 / (region.bpm * PPQ)
    return project.tempo_map.seconds(ticks) * region.speed


def _whole_beats(beats: float) -> bool:
    return beats > 0.5 and abs(beats - round(beats)) < _NEAR_BEAT


def _taking(project: ProjectState, heard: Heard) -> ProjectState:
    if heard.bpm is not None:
        project = project.evolve(tempo_map=project.tempo_map.with_bpm(heard.bpm))
    return project.evolve(key=heard.key) if heard.key is not None else project


def find_audio_track(project: ProjectState, name: str | None) -> Track | None:
    """Return the audio track of a name, None where there is no track of it. Raises UserError for another kind."""
    known = next((track for track in project.tracks if name and name.casefold() == track.name.casefold()), None)
    if known is not None and known.kind != "audio":
        raise UserError(f"{known.name} is a {known.kind} track", "an audio track, or a new name")
    return known


def audio_track(project: ProjectState, name: str, wanted: str | None) -> tuple[ProjectState, Track]:
    """Return the project with an audio track: the one that is wanted where there is one, else a new one."""
    known = find_audio_track(project, wanted)
    if known is not None:
        return project, known
    project, track_id = tracks.add_track(project, wanted or name, "audio")
    return project, project.find_track(track_id)


def _free_slot(project: ProjectState, track: Track, wanted: str | None) -> tuple[ProjectState, str]:
    """Return a scene whose slot is free on a track: the wanted one, else the next, else a new one."""
    first = project.scenes.index(project.find_scene(wanted)) if wanted is not None else 0
    return scenes.with_free_scene(project, track.id, first)


def edit_region(project: ProjectState, clip_id: str, change: Callable[[AudioRegion], AudioRegion]) -> ProjectState:
    """Return the project with the audio of a clip changed. Raises UserError for a clip of notes, or out of range."""
    _, clip = project.find_clip(clip_id)
    region = audio_of(clip)
    try:
        changed = change(region)
    except ValidationError as error:
        raise UserError(f"{clip.name}: {complaint(error)[1]}") from error
    return project.with_clip(clip.id, lambda clip: clip.evolve(region=changed))


def audio_of(clip: Clip) -> AudioRegion:
    """Return what an audio clip plays. Raises UserError for a clip of notes."""
    if clip.region is None:
        raise UserError(f"{clip.name} holds notes, and no audio", "import FILE brings a sound in")
    return clip.region


def set_region(project: ProjectState, clip_id: str, **changes: Any) -> ProjectState:
    """Return the project with fields of a clip's region set. Raises UserError."""
    return edit_region(project, clip_id, lambda region: region.evolve(**changes))


def transpose(project: ProjectState, clip_id: str, semitones: float) -> ProjectState:
    """Return the project with an audio clip so many semitones higher. Raises UserError for one that is repitched."""

    def moved(region: AudioRegion) -> AudioRegion:
        if region.warp == "repitch":
            raise UserError("its pitch follows the tempo", "clip warp CLIP stretch keeps them apart")
        return region.evolve(transpose=region.transpose + semitones)

    return edit_region(project, clip_id, moved)


def set_warp(project: ProjectState, clip_id: str, warp: Warp, bpm: float | None = None) -> ProjectState:
    """Return the project with an audio clip going with the tempo in another way, as long as it is then.

    bpm   its own tempo, where that was not heard or was heard wrongly. Raises UserError.
    """

    def changed(region: AudioRegion) -> AudioRegion:
        if warp != "off" and bpm is None and region.bpm is None:
            raise UserError(f"no tempo is known of {region.sound.name}", "say it: --bpm 128")
        return region.evolve(warp=warp, bpm=bpm or region.bpm)

    project = edit_region(project, clip_id, changed)
    _, clip = project.find_clip(clip_id)
    region = audio_of(clip)
    if region.loop_ticks or region.start_ticks:
        return project
    return project.with_clip(clip.id, lambda clip: clip.evolve(length_ticks=length_of(project, region)))
