"""A song: one scene of clips becomes sections that bring its parts in and take them out, placed one after another."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from hardcore.compose.form import section as form_section
from hardcore.compose.form.drama import END, built, ended, stretches, with_loudness, without_loudness
from hardcore.compose.form.taste import BUILDS, taste_of
from hardcore.compose.intent import Intent
from hardcore.compose.planner.fitting import fitted
from hardcore.compose.producer import compose
from hardcore.compose.vary import vary
from hardcore.errors import UserError
from hardcore.knowledge.form import Ending, SongSection
from hardcore.knowledge.loader import genre
from hardcore.project import clips, placing, scenes
from hardcore.project.roles import DRUMS
from hardcore.project.scene import Scene
from hardcore.project.section import Section
from hardcore.project.sections import kind_of
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length
from hardcore.project.track import Track

_LONGEST = 16  # bars of clips that are composed for a section


class PlacedSection(NamedTuple):
    """A section of a song where it is: its name, first bar (from 0), length in bars, and the tracks that play."""

    name: str
    bar: int
    bars: int
    tracks: tuple[str, ...]


def composed(intent: Intent, seed: int) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return a project that is what the intent asks for, and the sections where that is a song. Raises UserError."""
    project, known = compose(intent, seed), genre(intent.genre)
    if not intent.song:
        return project, ()
    if intent.sections:  # listed with their lengths: played as listed
        return song(project, intent.sections, seed, ending=known.ending)
    return song(project, known.song, seed, intent.song_bars, ending=known.ending)


def song(
    project: ProjectState,
    sections: Sequence[SongSection],
    seed: int,
    bars: int | None = None,
    scene: str | None = None,
    ending: Ending = "hit",
) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return the project with a scene of clips arranged as a song, in place of its arrangement, and the sections.

    bars    of the whole; without, the sections are as long as they say
    scene   id of the scene it is made of; without, the first that has clips and is no section
    ending  how it ends: a hit on the tonic, or a fade after which that comes unheard
    Each section becomes a scene of its own; one of that name is replaced. Verses, breaks, bridges and solos are
    composed anew, a section that varies is made anew in places; the others share their clips with the scene, so an edit
    of one is heard wherever it plays. The loudness follows the sections.
    Raises UserError where there is nothing to arrange.
    """
    names = {section.name for section in sections}
    source = _source(project, names, scene)
    project = without_loudness(_cleared(project, (names | {END}) - {source.name.casefold()}))
    at, placed = 0, []
    scene_bars = _bars(project, source)
    for number, (section, length) in enumerate(fitted(sections, bars, scene_bars)):
        if all(row.name.casefold() != section.name for row in project.scenes):
            project = _with_section(project, source, section, seed + number, length)
        row = next(row for row in project.scenes if row.name.casefold() == section.name)
        start, end = (project.meter_map.bar_start(bar) for bar in (at, at + length))
        # where a section is no whole round of the scene it begins within it, so that fills and risers lead out of it
        offset = project.meter_map.bar_start(-length % _bars(project, row))
        project = placing.place_scene(project, row.id, start, end - start, offset)
        playing = tuple(track.name for track in project.tracks if track.id in row.slots)
        placed.append(PlacedSection(row.name, at, length, playing))
        at += length
    project = ended(_with_sections(project, placed), placed[-1].tracks)
    return with_loudness(project, stretches(project), ending == "fade"), tuple(placed)


def _with_sections(project: ProjectState, placed: Sequence[PlacedSection]) -> ProjectState:
    """Return the project with a section for each of the song's; one that comes again is numbered."""
    found: list[Section] = []
    for one in placed:
        project, section_id = project.taken("f")
        kind, names = kind_of(one.name), {section.name for section in found}
        numbered = (f"{one.name} {number}" for number in range(2, 999))
        name = next(name for name in (one.name, *numbered) if name not in names)
        found.append(Section(id=section_id, name=name, kind=kind, bars=one.bars, energy=_energy(project, one)))
    return project.evolve(sections=tuple(found))


def _energy(project: ProjectState, section: PlacedSection) -> float:
    """Return how much goes on in a section, as the share of the parts that play in it."""
    there = sum(bool(track.clips) for track in project.tracks)
    return round(len(section.tracks) / max(there, 1), 2)


def _source(project: ProjectState, names: set[str], scene_id: str | None) -> Scene:
    """Return the scene that a song is made of. Raises UserError."""
    if scene_id is not None:
        found = project.find_scene(scene_id)
    else:
        own = (row for row in project.scenes if row.slots and row.name.casefold() not in names)
        found = next(own, None) or next((row for row in project.scenes if row.slots), project.scenes[0])
    if not found.slots:
        raise UserError(f"scene {found.name} has no clips to make a song of", "type a prompt first, such as: house")
    return found


def _bars(project: ProjectState, scene: Scene) -> int:
    """Return how many bars a scene has, at least one."""
    return max(project.meter_map.bar_of(scene_length(project, scene)), 1)


def _cleared(project: ProjectState, names: set[str]) -> ProjectState:
    """Return the project without arrangement and without the scenes of an earlier song."""
    project = placing.clear(project)
    for row in project.scenes:
        if row.name.casefold() in names:
            project = scenes.delete_scene(project, row.id)
    return project


def _with_section(project: ProjectState, source: Scene, section: SongSection, seed: int, bars: int) -> ProjectState:
    """Return the project with a scene of the parts that play in the section; all where none would be left.

    What varies is a copy of an earlier section of its kind, where there is one.
    """
    there = [track for track in project.tracks if track.id in source.slots]
    playing = [track for track in there if plays(section, track)] or there
    kind = kind_of(section.name)
    like = next((row for row in project.scenes if kind_of(row.name) == kind and row.slots), None)
    before = source if like is None else like
    project, scene_id = scenes.add_scene(project, section.name)
    shared = {track.id: before.slots.get(track.id, source.slots[track.id]) for track in playing}
    if taste_of(kind).composed and like is None:
        return form_section.composed(project, scene_id, shared, kind, seed, _own_bars(bars))
    if section.vary:
        with suppress(UserError):  # what was made by hand stays as it is, here too
            return vary(_copied(project, shared, scene_id), seed, amount=section.vary, scene_id=scene_id)
    if kind in BUILDS:
        return _built(_copied(project, shared, scene_id), scene_id, bars)
    return project.evolve(
        scenes=tuple(row.evolve(slots=shared) if row.id == scene_id else row for row in project.scenes)
    )


def _own_bars(bars: int) -> int | None:
    """Return how long the clips of a section are that is composed: as it is, where it is no more than a long phrase."""
    return bars if bars <= _LONGEST else None


def _copied(project: ProjectState, shared: dict[str, str], scene_id: str) -> ProjectState:
    """Return the project with copies of the clips in the scene; what was made by hand is shared."""
    for track_id, clip_id in shared.items():
        if project.find_clip(clip_id)[1].provenance is None:
            project = clips.put(project, scene_id, track_id, clip_id)
        else:
            project, _ = clips.copy_clip(project, clip_id, track_id, scene_id)
    return project


def _built(project: ProjectState, scene_id: str, bars: int) -> ProjectState:
    """Return the project with the clips of a scene as a build's."""
    for clip_id in project.find_scene(scene_id).slots.values():
        track, clip = project.find_clip(clip_id)
        project = built(project, clip, track, bars)
    return project


def plays(section: SongSection, track: Track) -> bool:
    """Return whether a track plays in a section."""
    group = "drums" if track.role in DRUMS else None
    if section.play:
        return track.role in section.play or group in section.play
    return track.role not in section.rest and (group is None or group not in section.rest)
