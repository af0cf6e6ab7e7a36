"""Inserting a part of one project into another: ids of its own, sends and side-chains by name, its place in time.

In a loop it plays in every scene; in a song in the sections in which its style has such a part, as `song` does it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from hardcore.compose.form.drama import premaster
from hardcore.compose.planner.form import plays as plays_in
from hardcore.compose.producer import asked_of
from hardcore.knowledge.form import SongSection
from hardcore.knowledge.loader import genre
from hardcore.project.clip import Automation, Clip
from hardcore.project.mixer import Effect
from hardcore.project.notes import Note
from hardcore.project.placement import Placement
from hardcore.project.scene import Scene
from hardcore.project.scope import Scope, length_bars, section_bars
from hardcore.project.sections import kind_of
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name


def grafted(project: ProjectState, made: ProjectState, part: Track) -> tuple[ProjectState, Track]:
    """Return the project with `part` of `made`, and the new track: ids of its own, sends and side-chains by name."""
    project, track_id = project.taken("t")
    project, effects = _effects(project, made, part)
    returns = {track.name.casefold(): track.id for track in project.tracks if track.kind == "return"}
    heard = [(made.find_track(send.target).name.casefold(), send) for send in part.sends]
    track = part.evolve(
        id=track_id,
        name=free_name(project, part.name),
        output=_output(project, made, part),
        effects=effects,
        sends=tuple(send.evolve(target=returns[name]) for name, send in heard if name in returns),
    )
    clips: list[Clip] = []
    slots: dict[str, str] = {}
    shared = bool(project.arrangement)
    for scene in scenes_of(project, track):
        if not clips or not shared:
            project, clip_id = project.taken("c")
            clips.append(_own(part.clips[0], part.id, track_id, clip_id, f"{part.name} {scene.name}"))
        slots[scene.id] = clips[-1].id
    track = track.evolve(clips=tuple(clips))
    if shared and clips:
        track = track.evolve(placements=tuple(placements(project, track, clips[0])))
    return _placed(project, track, slots), track


def scenes_of(project: ProjectState, track: Track) -> list[Scene]:
    """Return the scenes that a new part plays in: of a song's sections those that have such a part, else all."""
    filled = [scene for scene in project.scenes if scene.slots] or list(project.scenes[:1])
    kinds = {section.name for section in _form(project)}
    return [scene for scene in filled if scene.name.casefold() not in kinds or _plays_in(project, scene.name, track)]


def _form(project: ProjectState) -> Sequence[SongSection]:
    asked = asked_of(project)
    return genre(asked.genre).song if asked else ()


def _plays_in(project: ProjectState, section: str, track: Track) -> bool:
    kind = kind_of(section)
    known = next((one for one in _form(project) if kind_of(one.name) == kind), None)
    return known is None or plays_in(known, track.role)


def placements(project: ProjectState, track: Track, clip: Clip) -> Iterator[Placement]:
    """Yield where a song has a new part: as far into the clip as the other parts are into theirs."""
    start_of = project.meter_map.bar_start
    rows = section_bars(project) or [("", 1, length_bars(project))]
    for name, first, last in rows:
        if name and not _plays_in(project, name, track):
            continue
        start, end = start_of(first - 1), start_of(last)
        offset = _offset(project, start)
        yield Placement(
            clip=clip.id, start_ticks=start, length_ticks=end - start, offset_ticks=offset % clip.length_ticks
        )


def _output(project: ProjectState, made: ProjectState, part: Track) -> str:
    """Return the group of that name that the part feeds where it was made, else what a song's tracks feed."""
    wanted = next((track.name for track in made.tracks if track.id == part.output and track.kind == "group"), None)
    groups = (track.id for track in project.tracks if track.kind == "group" and track.name == wanted)
    bus = premaster(project)
    return next(groups, bus.id if bus is not None else MASTER_ID)


def _effects(project: ProjectState, made: ProjectState, part: Track) -> tuple[ProjectState, tuple[Effect, ...]]:
    """Return the effects of a part with ids of the project; what listens to a part that is not there is left out."""
    effects: list[Effect] = []
    for effect in part.effects:
        role = made.find_track(effect.side).role if effect.side is not None else None
        side = next((track.id for track in project.tracks if role is not None and track.role == role), None)
        if effect.side is not None and side is None:
            continue
        project, effect_id = project.taken("e")
        effects.append(effect.evolve(id=effect_id, side=side))
    return project, tuple(effects)


def _placed(project: ProjectState, track: Track, slots: Mapping[str, str]) -> ProjectState:
    """Return the project with the track before the returns and its clips in the scenes' slots."""
    place = next(at for at, other in enumerate(project.tracks) if other.kind in ("return", "master"))
    scenes = tuple(
        scene.evolve(slots={**scene.slots, track.id: slots[scene.id]}) if scene.id in slots else scene
        for scene in project.scenes
    )
    return project.evolve(tracks=(*project.tracks[:place], track, *project.tracks[place:]), scenes=scenes)


def _own(clip: Clip, old_owner: str, new_owner: str, clip_id: str, name: str) -> Clip:
    def owned(automation: Automation) -> Automation:
        return automation.evolve(owner=new_owner) if automation.owner == old_owner else automation

    envelopes = tuple(owned(automation) for automation in clip.automation if automation.owner == old_owner)
    return clip.evolve(id=clip_id, name=name, automation=envelopes)


def confined(project: ProjectState, track_id: str, scope: Scope) -> ProjectState:
    """Return the project with a new part playing in a scope only: placed there in a song, silent elsewhere."""
    track = project.find_track(track_id)
    if not project.arrangement:
        clips = tuple(clip.evolve(notes=clip.notes.map(partial(_inside, scope))) for clip in track.clips)
        return project.with_track(track_id, lambda track: track.evolve(clips=clips))
    clip = track.clips[0]
    placements = [
        Placement(
            clip=clip.id,
            start_ticks=start,
            length_ticks=end - start,
            offset_ticks=_offset(project, start) % clip.length_ticks,
        )
        for start, end in scope.stretches
    ]
    project = project.with_track(track_id, lambda track: track.evolve(placements=tuple(placements)))
    return project.evolve(scenes=tuple(_without_slot(scene, track_id, scope) for scene in project.scenes))


def _inside(scope: Scope, note: Note) -> Note | None:
    end = next((end for start, end in scope.stretches if start <= note.start_ticks < end), None)
    return None if end is None else note._replace(length_ticks=min(note.length_ticks, end - note.start_ticks))


def _offset(project: ProjectState, tick: int) -> int:
    """Return how far into its clip the part that plays longest through a tick of a song is there."""
    here = [one for one in project.arrangement if one.start_ticks <= tick < one.start_ticks + one.length_ticks]
    longest = max(here, key=lambda one: one.length_ticks, default=None)
    return longest.offset_ticks + tick - longest.start_ticks if longest else 0


def _without_slot(scene: Scene, track_id: str, scope: Scope) -> Scene:
    if not scope.section or scene.name.casefold() == scope.section.casefold() or track_id not in scene.slots:
        return scene
    return scene.evolve(slots={key: value for key, value in scene.slots.items() if key != track_id})
