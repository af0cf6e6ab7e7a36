"""What plug-ins play: the clips of their tracks as audio, which a worker renders ahead (jobs/pluginrender.py).

What is heard of a project is `with_plugins(project)`: a track that a plug-in plays, or whose sound goes through one, is
an audio track there, of the sounds that were made of its clips; the effects after its last plug-in follow as ever. A
sound is named by all that it is made from, so clips with the same notes share it, and what was edited has another.
Until that is there the last one goes on. Steps never hold any of this.
"""

import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from hardcore.music.tempo import TempoMap, TempoPoint
from hardcore.project import artifacts, pluginlist
from hardcore.project.artifact import Artifact, Recipe
from hardcore.project.automation import is_note_parameter
from hardcore.project.clip import Automation, Clip
from hardcore.project.grooves import in_force
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.notes import NoteBlock
from hardcore.project.plugin import Plugin
from hardcore.project.region import AudioRegion, Stretched
from hardcore.project.state import ProjectState
from hardcore.project.stretching import MOST_TEMPOS
from hardcore.project.track import HOLDS_CLIPS, Track

KIND = "plug-in"
# Sounds are made at this rate, whatever they are played at, frames a second.
RATE = 48_000


class Material(NamedTuple):
    """A sound that is to be made: a clip at a tempo, by a track that ends with a plug-in."""

    part: Track
    clip: Clip
    bpm: float
    recipe: Recipe

    @property
    def made(self) -> Artifact | None:
        """Return the sound where it was made before."""
        return artifacts.made(KIND, self.recipe)

    def frames(self) -> int:
        """Return how long it is, frames."""
        return steady(self.bpm).frames(self.clip.length_ticks, RATE)


def steady(bpm: float) -> TempoMap:
    """Return the tempo at which a sound is made."""
    return TempoMap(points=(TempoPoint(tick=0, bpm=bpm),))


def used(track: Track) -> Iterator[Plugin]:
    """Yield the plug-ins of a track, those that are passed by too."""
    for thing in (track.instrument, *track.effects):
        if thing is not None and thing.plugin is not None:
            yield thing.plugin


def absent(project: ProjectState) -> list[tuple[Track, Plugin]]:
    """Return the plug-ins that are not on this machine, with the tracks that have them."""
    return [(track, one) for track in project.tracks for one in used(track) if pluginlist.file_of(one) is None]


def absences(project: ProjectState) -> list[str]:
    """Return a line for each plug-in that is not on this machine: what becomes of its track."""
    return [
        f"{one.id} is not on this machine: {track.name} "
        + ("is silent" if one.kind == "instrument" else "is heard without it")
        + ", all its settings are kept (plugins scan finds what was installed)"
        for track, one in absent(project)
    ]


def part_of(track: Track) -> Track | None:
    """Return a track as far as its last plug-in: what is made into audio; None where no plug-in works.

    An effect that is bypassed, or whose file is not here, lets the sound pass as it is.
    """
    if track.kind not in HOLDS_CLIPS:
        return None
    working = [one for one in track.effects if not one.bypass and _is_here(one)]
    last = max((place for place, one in enumerate(working, 1) if one.plugin is not None), default=0)
    if not last and (track.instrument is None or track.instrument.plugin is None):
        return None
    return track.evolve(effects=tuple(working[:last]))


def _is_here(effect: Effect) -> bool:
    return effect.plugin is None or pluginlist.file_of(effect.plugin) is not None


def materials(project: ProjectState, track: Track) -> list[Material]:
    """Return what is to be made for a track: each of its clips at each tempo of the project; none without plug-ins."""
    part = part_of(track) if any(used(track)) else None
    return [one for clip in track.clips for one in _of_clip(project, part, clip)] if part is not None else []


def missing(project: ProjectState) -> list[Material]:
    """Return what was not made yet of a project, and can be."""
    return missing_of([one for track in project.tracks for one in materials(project, track)])


def missing_of(wanted: Sequence[Material]) -> list[Material]:
    """Return what was not made yet and can be: every plug-in that it needs is here. Equal ones come once."""
    return [
        one
        for one in {str(one.recipe): one for one in wanted}.values()
        if one.made is None and all(pluginlist.file_of(plugin) is not None for plugin in used(one.part))
    ]


def with_plugins(project: ProjectState) -> ProjectState:
    """Return the project as it is heard, with what was made of its plug-ins' clips; itself where it has none."""
    return PluginSound().heard(project)


def _of_clip(project: ProjectState, part: Track, clip: Clip) -> list[Material]:
    bpms = dict.fromkeys(point.bpm for point in project.tempo_map.points[:MOST_TEMPOS])
    is_silent = part.frozen is not None or (not clip.notes and clip.region is None)
    return [] if is_silent else [Material(part, clip, bpm, _recipe(project, part, clip, bpm)) for bpm in bpms]


def _recipe(project: ProjectState, part: Track, clip: Clip, bpm: float) -> Recipe:
    """Return what names a sound: a digest of all that it is made from, and the plug-ins."""
    places = {part.id: 0, **{effect.id: place for place, effect in enumerate(part.effects, 1)}}
    lanes = [
        [places[lane.owner], lane.parameter, [point.model_dump(mode="json") for point in lane.points]]
        for lane in clip.automation
        if _is_made(part, lane)
    ]
    groove = in_force(project, part, clip)
    words: dict[str, Any] = {
        "chain": [_words(one) for one in (part.instrument, *part.effects)],
        "lanes": lanes,
        "length": clip.length_ticks,
        "bpm": bpm,
        "groove": None if groove is None else [groove.template.model_dump(mode="json"), groove.timing, groove.velocity],
        "meter": project.meter_map.model_dump(mode="json") if groove is not None else None,
        "region": clip.region.model_dump(mode="json") if clip.region is not None else None,
    }
    if part.instrument is not None and part.instrument.plugin is None:
        words["noise"] = [project.seed, part.id]
    if any(note.probability < 100 for note in clip.notes):
        words["chance"] = [project.seed, clip.id]
    digest = blake2b(json.dumps(words, sort_keys=True).encode(), digest_size=20)
    digest.update(clip.notes.data)
    return {"content": digest.hexdigest(), "plugins": [one.id for one in used(part)]}


def _words(thing: Instrument | Effect | None) -> dict[str, Any] | None:
    """Return all of a device that is heard."""
    if thing is None:
        return None
    said = thing.model_dump(mode="json", exclude={"id", "plugin", "bypass"})
    return said | ({"plugin": [thing.plugin.id, thing.plugin.digest]} if thing.plugin is not None else {})


def _is_made(part: Track, lane: Automation) -> bool:
    """Return whether an envelope moves something of what is made into audio, and not the fader or what follows."""
    if lane.owner == part.id:
        return is_note_parameter(part.id, lane.owner, lane.parameter)
    return any(effect.id == lane.owner for effect in part.effects)


class _Known(NamedTuple):
    """A clip as it is heard, and what it was made from: none of that changes but as another object."""

    clip: Clip
    part: Track
    project: ProjectState
    heard: Clip
    is_whole: bool


class PluginSound:
    """Puts what plug-ins made into what is heard; tracks in which nothing changes stay the same objects."""

    def __init__(self) -> None:
        self._tracks: dict[str, tuple[Track, ProjectState, Track]] = {}
        self._clips: dict[str, _Known] = {}
        self._last: dict[str, AudioRegion] = {}

    def begin(self) -> None:
        """Forget everything: this is another project."""
        self._last.clear()
        self._clips.clear()
        self._tracks.clear()

    def forget(self) -> None:
        """Look again for what was not there yet: something was made, or a plug-in came."""
        self._tracks.clear()
        self._clips = {key: known for key, known in self._clips.items() if known.is_whole}

    def heard(self, project: ProjectState) -> ProjectState:
        """Return the project with audio in the place of what plug-ins play."""
        if not any(one.plugin for track in project.tracks for one in (track.instrument, *track.effects) if one):
            return project
        return project.evolve(tracks=tuple(self._track(project, track) for track in project.tracks))

    def _track(self, project: ProjectState, track: Track) -> Track:
        if not any(used(track)):
            return track
        known = self._tracks.get(track.id)
        if known is not None and known[0] is track and is_same_time(known[1], project):
            return known[2]
        part = part_of(track)
        if part is None:
            made = track.evolve(effects=tuple(one for one in track.effects if one.plugin is None))
        else:
            made = self._as_audio(project, track, part, known[2].clips if known is not None else ())
        self._tracks[track.id] = (track, project, made)
        return made

    def _as_audio(self, project: ProjectState, track: Track, part: Track, before: tuple[Clip, ...]) -> Track:
        """Return a track as one of audio; `before`: its clips as they were heard, which stay where nothing changed."""
        done = {effect.id for effect in part.effects}
        rest = tuple(one for one in track.effects if one.id not in done and one.plugin is None)
        clips = tuple(self._clip(project, part, clip) for clip in track.clips)
        same = len(before) == len(clips) and all(new is old for new, old in zip(clips, before, strict=True))
        own = {track.id, *(one.id for one in rest)}
        lanes = tuple(lane for lane in track.automation if lane.owner in own and not _is_made(part, lane))
        return track.evolve(
            kind="audio", instrument=None, effects=rest, clips=before if same else clips, automation=lanes,
            midi_in=None, midi_out=None,
        )  # fmt: skip

    def _clip(self, project: ProjectState, part: Track, clip: Clip) -> Clip:
        known = self._clips.get(clip.id)
        if (
            known is not None
            and known.clip is clip
            and known.part.instrument is part.instrument
            and known.part.effects == part.effects
            and (known.part.groove, known.part.groove_amount) == (part.groove, part.groove_amount)
            and is_same_time(known.project, project)
        ):
            return known.heard
        wanted = _of_clip(project, part, clip)
        sounds = [(one.bpm, sound) for one in wanted if (sound := one.made) is not None]
        is_whole = len(sounds) == len(wanted)
        region = self._last.get(clip.id) if wanted else None
        if is_whole and sounds:
            region = self._last[clip.id] = _region(project, sounds)
        elif region is not None:  # the last one goes on, in time
            region = region.evolve(warp="repitch")
        kept = {part.id} | {lane.owner for lane in clip.automation} - {one.id for one in part.effects}
        lanes = tuple(lane for lane in clip.automation if lane.owner in kept and not _is_made(part, lane))
        heard = clip.evolve(notes=NoteBlock(), region=region, automation=lanes)
        self._clips[clip.id] = _Known(clip, part, project, heard, is_whole)
        return heard


def _region(project: ProjectState, sounds: list[tuple[float, Artifact]]) -> AudioRegion:
    """Return what a clip plays: one sound where there is one tempo, else the one of each, and in ramps repitched."""
    (bpm, first), *others = sounds
    is_steady = not others and not any(point.ramp for point in project.tempo_map.points)
    return AudioRegion(
        sound=first.sound, frames=first.sound.frames, gain_db=first.gain_db,
        warp="off" if is_steady else "repitch", bpm=bpm,
        stretched=tuple(
            Stretched(sound=one.sound, bpm=own, gain_db=one.gain_db - first.gain_db) for own, one in others
        ),
    )  # fmt: skip


def is_same_time(a: ProjectState, b: ProjectState) -> bool:
    """Return whether what a whole project says of how clips sound is the same in both."""
    return (
        a.tempo_map is b.tempo_map
        and a.meter_map is b.meter_map
        and (a.grooves, a.seed, a.active_groove, a.groove_amount, a.groove_velocity)
        == (b.grooves, b.seed, b.active_groove, b.groove_amount, b.groove_velocity)
    )
