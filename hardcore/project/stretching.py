"""Stretching: which audio has to be stretched to be in time, and what is there of that already.

What is heard of a project is `with_stretched(project)`: its regions with the sounds that were made of them for its
tempos. Steps never hold those: they are made again wherever they are missing.
"""

from typing import NamedTuple

from hardcore.project import artifacts
from hardcore.project.artifact import Recipe, SoundRef, recipe_key
from hardcore.project.clip import Clip
from hardcore.project.region import AudioRegion, Stretched
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing
from hardcore.project.track import Track

KIND = "stretch"
# Beyond that it is no stretching any more.
FACTORS = (0.25, 4.0)
MOST_TEMPOS = 16


class Stretch(NamedTuple):
    """What is to be made: `frames` of a sound from `first`, `factor` times as fast, so many semitones higher."""

    sound: SoundRef
    first: int
    frames: int
    factor: float
    semitones: float

    @property
    def recipe(self) -> Recipe:
        """Return it as the recipe of an artifact, whose parent is the sound."""
        cut: Recipe = {"first": self.first, "frames": self.frames}
        return {**cut, "factor": round(self.factor, 9), "semitones": round(self.semitones, 4)}

    @property
    def key(self) -> str:
        """Return what names its recipe."""
        return recipe_key(KIND, self.recipe, (self.sound.artifact,))


def stretches(project: ProjectState) -> dict[float, dict[str, Stretch]]:
    """Return what the regions of a project need, by the tempo of the project and by key."""
    bpms = dict.fromkeys(point.bpm for point in project.tempo_map.points[:MOST_TEMPOS])
    regions = [clip.region for track in project.tracks if track.region_loads for clip in track.clips]
    found: dict[float, dict[str, Stretch]] = {}
    for bpm in bpms:
        made = (stretch_of(region, bpm) for region in regions if region is not None)
        found[bpm] = {one.key: one for one in made if one is not None}
    return found


def stretch_of(region: AudioRegion, bpm: float) -> Stretch | None:
    """Return what a region needs at a tempo, None where its own sound does."""
    if region.warp != "stretch" or region.bpm is None:
        return None
    factor = bpm / region.bpm
    if not FACTORS[0] <= factor <= FACTORS[1] or (factor == 1 and not region.transpose):
        return None
    return Stretch(region.sound, region.first, region.frames, factor, region.transpose)


def missing(project: ProjectState) -> list[Stretch]:
    """Return what has to be stretched and was not yet."""
    needed = {key: one for found in stretches(project).values() for key, one in found.items()}
    return [one for one in needed.values() if artifacts.made(KIND, one.recipe, (one.sound.artifact,)) is None]


def with_stretched(project: ProjectState) -> ProjectState:
    """Return the project with what was made for its tempos in its regions; itself where nothing is stretched."""
    return Stretching().heard(project)


def replayed(project: ProjectState, playing: tuple[Playing, ...]) -> tuple[Playing, ...]:
    """Return a timeline with the clips as they are in a project."""
    known = {clip.id: clip for _, clip in project.clips()}
    return tuple(item._replace(clip=known.get(item.clip.id, item.clip)) for item in playing)


class Stretching:
    """Puts what was stretched into what is heard: tracks in which nothing changes stay the same objects."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Track, tuple[float, ...], Track]] = {}

    def forget(self) -> None:
        """Look again for everything: something was made."""
        self._known.clear()

    def heard(self, project: ProjectState) -> ProjectState:
        """Return the project with what was made for its tempos."""
        bpms = tuple(dict.fromkeys(point.bpm for point in project.tempo_map.points[:MOST_TEMPOS]))
        tracks = tuple(self._track(track, bpms) if track.region_loads else track for track in project.tracks)
        same = all(new is old for new, old in zip(tracks, project.tracks, strict=True))
        return project if same else project.evolve(tracks=tracks)

    def _track(self, track: Track, bpms: tuple[float, ...]) -> Track:
        known = self._known.get(track.id)
        if known is not None and known[0] is track and known[1] == bpms:
            return known[2]
        clips: tuple[Clip, ...] = ()
        if known is not None and known[0].clips is track.clips and known[1] == bpms:
            clips = known[2].clips  # the fader moved: the audio stays the same object
        else:
            clips = tuple(_clip(clip, bpms) for clip in track.clips)
        same = all(new is old for new, old in zip(clips, track.clips, strict=True))
        made = track if same else track.evolve(clips=clips)
        self._known[track.id] = (track, bpms, made)
        return made


def _clip(clip: Clip, bpms: tuple[float, ...]) -> Clip:
    if clip.region is None:
        return clip
    found = []
    for bpm in bpms:
        one = stretch_of(clip.region, bpm)
        known = None if one is None else artifacts.made(KIND, one.recipe, (one.sound.artifact,))
        if known is not None:
            found.append(Stretched(sound=known.sound, bpm=bpm, gain_db=known.gain_db))
    return clip.evolve(region=clip.region.evolve(stretched=tuple(found))) if found else clip
