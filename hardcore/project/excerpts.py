"""Excerpts: what is kept of a project for others, as a small project of its own. Equal things make equal excerpts.

An excerpt has one scene, `A` where it is none of its own, and nothing but what is kept: a sound is a track without
clips, a clip is a track with that clip in the scene, mappings come with the tracks and scenes that they name.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.music.tempo import MeterMap, TempoMap
from hardcore.project.clip import Clip
from hardcore.project.clips import put
from hardcore.project.controlmap import ControlMap
from hardcore.project.grooves import tidied
from hardcore.project.midiin import MidiInput
from hardcore.project.mixer import Mixer
from hardcore.project.preset import Preset, listens, preset_of
from hardcore.project.renumbering import canonical, named_in
from hardcore.project.roles import Role
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import HOLDS_CLIPS, Track
from hardcore.project.tracks import add_track, remove_track


class Excerpt(NamedTuple):
    """What is kept, and what of it could not be, a line each."""

    project: ProjectState
    left: tuple[str, ...] = ()


def of_sound(project: ProjectState, track_id: str, *, instrument: bool = True, effects: bool = True) -> Excerpt:
    """Return a track's instrument, its effects, or both. Raises UserError where it has none."""
    source, sound = project.find_track(track_id), preset_of(project, track_id)
    if instrument and not effects and sound.instrument is None:
        raise UserError(f"{source.name} has no instrument", "library save effects keeps its effects")
    if effects and not instrument and not sound.effects:
        raise UserError(f"{source.name} has no effects of its own", "effect add puts one on it")
    kept = sound.evolve(instrument=sound.instrument if instrument else None, effects=sound.effects if effects else ())
    left = _listening([source]) if effects else ()
    return Excerpt(of_preset(kept, source.name, source.role if instrument else None), left)


def of_preset(sound: Preset, name: str, role: Role | None = None) -> ProjectState:
    """Return a track with an instrument and effects: a group where it has no instrument."""
    made, new_id = add_track(new_project(), name, "midi" if sound.instrument else "group", role=role)
    return canonical(
        made.with_track(new_id, lambda track: track.evolve(instrument=sound.instrument, effects=sound.effects))
    )


def of_strip(project: ProjectState, track_id: str) -> Excerpt:
    """Return a track as the mixer has it: instrument, effects, levels, sends with their returns, live MIDI effects."""
    source = project.find_track(track_id)
    if source.kind == "master":
        raise UserError("the master is no strip of its own", "library save effects NAME --from master")
    made = _alone(project, [source.id, *(send.target for send in source.sends)])
    made = made.with_track(source.id, lambda track: track.evolve(clips=(), groove=None))
    return Excerpt(_finished(made), _listening([source]))


def of_clip(project: ProjectState, clip_id: str) -> Excerpt:
    """Return a clip of notes or audio with the sound of its track, its envelopes and its groove."""
    source, clip = project.find_clip(clip_id)
    made = _alone(project, [source.id])
    made = made.with_track(source.id, lambda track: track.evolve(sends=(), mixer=Mixer(), groove=None))
    kept = tuple(one for one in clip.automation if not one.parameter.startswith("send:"))
    made = made.with_track(source.id, lambda track: track.evolve(clips=(clip.evolve(automation=kept, follow=None),)))
    left = () if len(kept) == len(clip.automation) else ("envelopes of sends",)
    return Excerpt(_finished(put(made, made.scenes[0].id, source.id, clip.id)), left)


def of_scene(project: ProjectState, scene_id: str) -> Excerpt:
    """Return a scene: its clips, its tempo and meter, the tracks that play it with their sounds, levels and sends."""
    scene = project.find_scene(scene_id)
    if not scene.slots:
        raise UserError(f"scene {scene.name} has no clips")
    played = [project.find_track(track_id) for track_id in scene.slots]
    made = _alone(project, [*scene.slots, *(send.target for track in played for send in track.sends)])
    inside = set(scene.slots.values())
    for track_id in scene.slots:
        made = made.with_track(track_id, lambda track: track.evolve(clips=_only(track.clips, inside)))
    kept = scene.evolve(follow=None, levels={})
    return Excerpt(_finished(made.evolve(scenes=(kept,))), _listening(played))


def of_maps(project: ProjectState, maps: Collection[ControlMap]) -> Excerpt:
    """Return mappings with the tracks and scenes that they name. Raises UserError without any."""
    if not maps:
        raise UserError("the project has no mappings", "learn gain kick, and move a knob")
    names = {id for one in maps for id in named_in(one.target)}
    made = _alone(project, [track.id for track in project.tracks if track.id in names])
    for track in made.tracks[:-1]:
        made = made.with_track(track.id, lambda track: track.evolve(clips=(), sends=(), mixer=Mixer(), groove=None))
    scenes = tuple(Scene(id=scene.id, name=scene.name) for scene in project.scenes if scene.id in names)
    return Excerpt(_finished(made.evolve(scenes=scenes or made.scenes, maps=tuple(maps))))


def _alone(project: ProjectState, kept: Collection[str]) -> ProjectState:
    """Return a project with only these tracks and the master, bare, in an empty scene, and nothing along time."""
    project = project.evolve(tracks=(*map(_bare, project.tracks[:-1]), new_project().master))
    for track in project.tracks[:-1]:
        if track.id not in kept:
            project = remove_track(project, track.id)
    scene = Scene(id=project.scenes[0].id, name="A")
    return project.evolve(
        title="untitled", vibe="", seed=0, scenes=(scene,),
        sections=(), markers=(), rules=(), maps=(), provenance=None, active_groove=None, groove_amount=1.0,
        groove_velocity=None, tempo_map=TempoMap(points=project.tempo_map.points[:1]),
        meter_map=MeterMap(points=project.meter_map.points[:1]),
    )  # fmt: skip


def _bare(track: Track) -> Track:
    """Return a track without what is bound to a song, a port or another track."""
    played = track.midi_in.effects if track.midi_in is not None else None
    return track.evolve(
        placements=(), automation=(), frozen=None, midi_out=None,
        midi_in=MidiInput(effects=played) if played is not None and played.name else None,
        effects=tuple(effect for effect in track.effects if not listens(effect)),
        mixer=track.mixer.evolve(mute=False, solo=False, side=None, mute_group=None),
        clips=track.clips if track.kind in HOLDS_CLIPS else (),
    )  # fmt: skip


def _only(clips: Iterable[Clip], inside: Collection[str]) -> tuple[Clip, ...]:
    return tuple(clip.evolve(follow=None) for clip in clips if clip.id in inside)


def _finished(project: ProjectState) -> ProjectState:
    """Return an excerpt without envelopes that lost their owner and grooves that nothing uses, numbered anew."""
    for track in project.tracks:
        owners = {track.id, *(effect.id for effect in track.effects)}
        kept = tuple(
            clip.evolve(automation=tuple(one for one in clip.automation if one.owner in owners)) for clip in track.clips
        )
        if kept != track.clips:
            project = project.with_track(track.id, lambda track, kept=kept: track.evolve(clips=kept))  # type: ignore[misc]
    return canonical(tidied(project))


def _listening(tracks: Iterable[Track]) -> tuple[str, ...]:
    """Return a line for each effect that listens to another track."""
    return tuple(
        f"{effect.device} of {track.name}, which listens to another track"
        for track in tracks
        for effect in track.effects
        if listens(effect)
    )
