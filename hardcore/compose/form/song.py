"""A song: one scene of clips becomes sections that bring its parts in and take them out, placed one after another."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from hardcore.compose.edits.fade import fade
from hardcore.compose.edits.keylift import last_main, lifted, with_habit
from hardcore.compose.edits.tempo import ritard, ritard_in_time
from hardcore.compose.form import section as form_section
from hardcore.compose.form.development import LONGEST, developed, grown
from hardcore.compose.form.drama import END, built, ended, stretches, with_loudness, without_loudness
from hardcore.compose.form.entrances import Bars, Entrances, Kind
from hardcore.compose.form.taste import BUILDS, CLOSINGS, OPENINGS, taste_of
from hardcore.compose.intent import Intent
from hardcore.compose.planner.fitting import fitted
from hardcore.compose.planner.form import players, sections_of
from hardcore.compose.planner.outline import outline
from hardcore.compose.producer import asked_of, compose, source_of
from hardcore.compose.vary import vary
from hardcore.errors import UserError
from hardcore.knowledge.form import Ending, KeyLift, SongSection
from hardcore.knowledge.loader import genre
from hardcore.music.meter import MeterMap
from hardcore.project import clips, placing, scenes
from hardcore.project.scene import Scene
from hardcore.project.section import Section
from hardcore.project.sections import kind_of
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length

_SLOWS = 15  # bars before the last from which on a song may slow down


class PlacedSection(NamedTuple):
    """A section of a song where it is: its name, first bar (from 0), length in bars, and the tracks that play."""

    name: str
    bar: int
    bars: int
    tracks: tuple[str, ...]


def composed(intent: Intent, seed: int) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return a project that is what the intent asks for, and the sections where that is a song. Raises UserError."""
    return perform(outline(intent, seed)) if intent.song else (compose(intent, seed), ())


def perform(project: ProjectState) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return the music of a project's plan: its sections, tempo, key and meter, by the prompt and seed it came from.

    What was there before is not in it. The same plan is the same music, byte for byte. Raises UserError.
    """
    source, intent = source_of(project), asked_of(project)
    if source is None or intent is None:
        raise UserError("this project was not made from a prompt", "/plan make PROMPT plans a piece")
    if not project.sections:
        raise UserError("there is no plan: the piece is a loop", "/song makes a song of it")
    point = project.meter_map.points[0]
    meter = MeterMap().with_meter(point.numerator, point.denominator)
    made = compose(intent, source.seed, bpm=project.tempo_map.bpm, key=project.key, meter=meter)
    kept = made.evolve(title=project.title, tempo_map=project.tempo_map, meter_map=project.meter_map)
    kept, row = _numbered(kept, project.sections)
    ending = genre(intent.genre).ending
    kept, placed = arranged(kept, row, source.seed, ending=ending)
    steady = len(kept.tempo_map.points) == 1  # else its tempo goes its own way already
    return _slowing(kept, placed[-1], exact=True) if ending == "ritard" and steady else kept, placed


def song(
    project: ProjectState,
    sections: Sequence[SongSection],
    seed: int,
    bars: int | None = None,
    scene: str | None = None,
    ending: Ending = "hit",
    lift: KeyLift | int = 0,
) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return the project with a scene of clips arranged in a form's sections, and the sections.

    bars    of the whole; without, the sections are as long as they say, and a song that slows down at its end does
    lift    semitones that it rises by from its last chorus on, or how often a style's songs do
    Raises UserError where there is nothing to arrange.
    """
    source = _source(project, {section.name.casefold() for section in sections}, scene)
    roles = [track.role for track in project.tracks if track.id in source.slots]
    rows = sections_of(fitted(sections, bars, _bars(project, source)), roles, seed)
    habit, by = (lift, None) if isinstance(lift, KeyLift) else (KeyLift(), lift)
    project, row = _numbered(project, with_habit(rows, habit, seed, by))
    project, placed = arranged(project, row, seed, source.id, ending)
    return _slowing(project, placed[-1], bars is not None) if ending == "ritard" else project, placed


def _slowing(project: ProjectState, last: PlacedSection, exact: bool) -> ProjectState:
    """Return the project slowing down to its last bar, as long as it is where that is asked, else longer for that."""
    bar = last.bar + last.bars - 1
    if bar < _SLOWS:
        return project
    return (ritard_in_time(project, bar) if exact else ritard(project, bar)).project


def arranged(
    project: ProjectState,
    row: Sequence[Section],
    seed: int,
    scene: str | None = None,
    ending: Ending = "hit",
) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    """Return the project with a scene of clips arranged as a song, in place of its arrangement, and the sections.

    row     the sections, which become the project's
    scene   id of the scene it is made of; without, the first that has clips and is no section
    ending  how it ends: a hit on the tonic, or a fade after which that comes unheard
    Each section becomes a scene of its own, sections that are the same again one together; scenes of these names are
    replaced. Verses, breaks, bridges and solos are composed anew, a section that varies is made anew in places; the
    others share their clips with the scene, so an edit of one is heard wherever it plays. The loudness follows them.
    Raises UserError where there is nothing to arrange.
    """
    names = {section.name.casefold() for section in row}
    source = _source(project, names, scene)
    project = without_loudness(_cleared(project, (names | {END}) - {source.name.casefold()}))
    grows, faded, unit = last_main(row), ending == "fade", _bars(project, source)
    entrances = Entrances(_style_kind(project))
    scenes_of: dict[tuple[object, ...], str] = {}
    at, placed = 0, []
    for number, section in enumerate(row):
        same = (section.kind, section.play, section.rest, section.vary, section.energy, section.seed)
        is_last, is_known = number == len(row) - 1, same in scenes_of
        if not is_known:
            used = seed + number if section.seed is None else section.seed
            project, scenes_of[same] = _with_section(project, source, section, used, entrances.kind)
        scene_id = scenes_of[same]
        if number == grows:
            project, scene_id = _grown(project, scene_id, section.name if is_known else None)
        scene_row = project.find_scene(scene_id)
        spans = {} if faded and is_last else entrances.of(project, scene_row.slots, section)
        project = _placed(project, scene_row, at, section.bars, is_last, spans, unit)
        playing = tuple(track.name for track in project.tracks if track.id in scene_row.slots)
        placed.append(PlacedSection(scene_row.name, at, section.bars, playing))
        at += section.bars
    project = ended(lifted(project.evolve(sections=tuple(row))), placed[-1].tracks)
    project = with_loudness(project, stretches(project))
    return fade(project, "out", row[-1].bars).project if faded else project, tuple(placed)


def _grown(project: ProjectState, scene_id: str, name: str | None) -> tuple[ProjectState, str]:
    """Return the project with a scene grown, and its id.

    name   of the copy that grows, where the scene plays in other sections, too
    """
    if name is None:
        return grown(project, scene_id), scene_id
    copied, own = scenes.add_scene(project, name)
    for track_id, clip_id in project.find_scene(scene_id).slots.items():
        copied = clips.put(copied, own, track_id, clip_id)
    made = grown(copied, own)
    return (project, scene_id) if made is copied else (made, own)


def _style_kind(project: ProjectState) -> Kind:
    """Return what the style of a project makes; one that was made by hand is no song with a tune."""
    asked = asked_of(project)
    return genre(asked.genre).kind if asked is not None else "club"


def _placed(
    project: ProjectState,
    scene: Scene,
    bar: int,
    bars: int,
    is_last: bool,
    spans: Mapping[str, Bars],
    unit: int,
) -> ProjectState:
    """Return the project with a scene in so many bars: its rounds from their beginning on, and what is left over.

    That is the end of a round, so that its fills and risers lead out; but the last section, which leads nowhere, just
    ends within one.
    spans   in which bars of the section parts play that do not play in all of it, by track
    unit    bars of the scene that the song is made of: clips that were made longer consist of rounds of it
    """
    whole = _bars(project, scene)
    unit = whole if whole % unit or not bars % whole else unit
    rest = 0 if is_last and bars > unit else bars % unit
    for first, end, into in ((0, bars - rest, 0), (bars - rest, bars, bars - 2 * rest + unit)):
        for track_id, clip_id in scene.slots.items():
            enters, leaves = spans.get(track_id, (0, bars))
            start, stop = max(first, enters), min(end, leaves)
            if stop > start:
                tick, after, offset = map(project.meter_map.bar_start, (bar + start, bar + stop, into + start - first))
                project = placing.place(project, clip_id, tick, after - tick, offset)
    return project


def _numbered(project: ProjectState, row: Sequence[Section]) -> tuple[ProjectState, tuple[Section, ...]]:
    """Return the project with ids spent on sections, and the sections with these."""
    made = []
    for section in row:
        project, section_id = project.taken("f")
        made.append(section.evolve(id=section_id))
    return project, tuple(made)


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


def _with_section(
    project: ProjectState, source: Scene, section: Section, seed: int, style: Kind
) -> tuple[ProjectState, str]:
    """Return the project with a scene of the parts that play in the section, and its id.

    What varies is a copy of an earlier section of its kind, where there is one.
    """
    own = next((row for row in project.scenes if row.name.casefold() == section.name.casefold()), None)
    if own is not None:  # the scene that the song is made of has its name
        return project, own.id
    there = [track for track in project.tracks if track.id in source.slots]
    playing = [there[at] for at in players(section, [track.role for track in there])]
    kind, bars = section.kind, section.bars
    like = next((row for row in project.scenes if kind_of(row.name) == kind and row.slots), None)
    before = source if like is None else like
    project, scene_id = scenes.add_scene(project, section.name)
    shared = {track.id: before.slots.get(track.id, source.slots[track.id]) for track in playing}
    if taste_of(kind).composed and like is None:
        return form_section.composed(project, scene_id, shared, kind, seed, _own_bars(bars)), scene_id
    if section.vary:
        with suppress(UserError):  # what was made by hand stays as it is, here too
            return vary(_copied(project, shared, scene_id), seed, amount=section.vary, scene_id=scene_id), scene_id
    if like is None and _goes_round(project, source, section, style):
        return developed(project, scene_id, shared, bars, seed), scene_id
    if kind in BUILDS:
        return _built(_copied(project, shared, scene_id), scene_id, bars), scene_id
    rows = (row.evolve(slots=shared) if row.id == scene_id else row for row in project.scenes)
    return project.evolve(scenes=tuple(rows)), scene_id


def _goes_round(project: ProjectState, source: Scene, section: Section, style: Kind) -> bool:
    """Return whether a section would play its scene more often than one likes to hear it the same."""
    marks = section.kind in (*BUILDS, *OPENINGS, *CLOSINGS)
    return not marks and section.bars >= (2 if style == "song" else 3) * _bars(project, source)


def _own_bars(bars: int) -> int | None:
    """Return how long the clips of a section are that is composed: as it is, where it is no more than a long phrase."""
    return bars if bars <= LONGEST else None


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
