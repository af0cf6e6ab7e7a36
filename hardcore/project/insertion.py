"""Insertion: what was kept of another project (an excerpt) comes into this one, as data of its own. Pure.

Tracks, returns and scenes of an excerpt are met by name; what has no place here is said, and left out.
"""

from collections.abc import Mapping
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project import controlmaps, grooves
from hardcore.project.automation import SEND, parameter_of
from hardcore.project.clip import Automation, Clip, GrooveUse
from hardcore.project.clips import put
from hardcore.project.midiin import MidiInput
from hardcore.project.mixer import Mixer
from hardcore.project.preset import with_effects, with_instrument
from hardcore.project.renumbering import named_in
from hardcore.project.scenes import add_scene, with_free_scene, with_scene
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track
from hardcore.project.tracks import add_track, set_send


class Inserted(NamedTuple):
    """The project with what was put in, what that was in words, and what of it has no place here, a line each."""

    project: ProjectState
    said: str
    left: tuple[str, ...] = ()


def put_strip(project: ProjectState, excerpt: ProjectState, track_id: str | None, name: str) -> Inserted:
    """Return the project with a track strip on a track, whose clips stay, or on a new one called `name`.

    Raises UserError where the kinds of the tracks differ.
    """
    source = excerpt.tracks[0]
    if track_id is None:
        project, track_id = _new_track(project, source, name)
        return Inserted(_leveled(project, excerpt, source, track_id), f"the new track {_name(project, track_id)}")
    target = project.find_track(track_id)
    if (source.instrument is None) != (target.instrument is None) or target.kind == "master":
        raise UserError(f"{target.name} is a {target.kind} track, {source.name} a {source.kind} track")
    project = with_effects(project, target.id, source.effects)
    if source.instrument is not None:
        project = with_instrument(project, target.id, source.instrument)
    return Inserted(_leveled(project, excerpt, source, target.id), target.name)


def put_clip(
    project: ProjectState, excerpt: ProjectState, track_id: str | None, scene_id: str | None, name: str
) -> Inserted:
    """Return the project with a clip on a track, or on a new one called `name` with the clip's own sound.

    It comes into the scene's slot, or the next free one; a clip that was there stays on its track. Raises UserError.
    """
    source = next(track for track in excerpt.tracks if track.clips)
    if track_id is None:
        project, track_id = _new_track(project, source, name)
    target = project.find_track(track_id)
    if target.kind != source.kind:
        holds = {"audio": "audio", "midi": "notes"}.get(target.kind, "no clips")
        raise UserError(f"{target.name} holds {holds}, and this clip is one of a {source.kind} track")
    if scene_id is None:
        project, scene_id = with_free_scene(project, target.id)
    project, clip_id, left = _with_clip(project, excerpt, source, source.clips[0].evolve(name=name), target.id)
    project = put(project, scene_id, target.id, clip_id)
    return Inserted(project, f"{target.name}:{project.find_scene(scene_id).name}", left)


def put_scene(project: ProjectState, excerpt: ProjectState, name: str) -> Inserted:
    """Return the project with a scene: its clips on tracks of the same names, else on new ones.

    It is an empty scene of its name, or comes behind the others.
    """
    source = excerpt.scenes[0]
    there = next((scene for scene in project.scenes if scene.name.casefold() == name.casefold()), None)
    if there is None or there.slots:
        project, scene_id = add_scene(project, None if there is not None else name)
    else:
        scene_id = there.id
    fresh, left = [], list[str]()
    for track in excerpt.tracks:
        if track.id not in source.slots:
            continue
        clip = track.clips[track.places[source.slots[track.id]]]
        known = _same(project, track)
        if known is None:
            project, target_id = _new_track(project, track, track.name)
            project = _leveled(project, excerpt, track, target_id)
            fresh.append(_name(project, target_id))
        else:
            target_id = known.id
        project, clip_id, missing = _with_clip(project, excerpt, track, clip, target_id)
        project = put(project, scene_id, target_id, clip_id)
        left += missing
    project = with_scene(project, scene_id, bpm=source.bpm, meter=source.meter, notes=source.notes)
    words = f"scene {project.find_scene(scene_id).name}" + (f" with the new tracks {', '.join(fresh)}" if fresh else "")
    return Inserted(project, words, tuple(dict.fromkeys(left)))


def put_maps(project: ProjectState, excerpt: ProjectState) -> Inserted:
    """Return the project with mappings, in place of what their controllers did; those of missing tracks are left out.

    Raises UserError when none has a place.
    """
    known = {track.id: track.name for track in excerpt.tracks} | {scene.id: scene.name for scene in excerpt.scenes}
    here = {MASTER_ID: MASTER_ID}
    here |= {track.id: there.id for track in excerpt.tracks if (there := _same(project, track)) is not None}
    scenes = {scene.name.casefold(): scene.id for scene in project.scenes}
    here |= {scene.id: scenes[key] for scene in excerpt.scenes if (key := scene.name.casefold()) in scenes}
    left, count = list[str](), 0
    for one in excerpt.maps:
        missing = [known[id] for id in named_in(one.target) if id in known and id not in here]
        if missing:
            left.append(f"{one.name}: there is no {', '.join(missing)}")
            continue
        target = " ".join(here.get(word, word) for word in one.target.split(" "))
        settings = {name: getattr(one, name) for name in type(one).model_fields if name not in ("id", "target")}
        project, count = controlmaps.add(project, target=target, **settings), count + 1
    if not count:
        raise UserError("none of the mappings has a place here", "; ".join(left)[:300])
    return Inserted(project, f"{count} mapping{'s' * (count > 1)}", tuple(left))


def _same(project: ProjectState, track: Track) -> Track | None:
    """Return the track here that has a track's name and kind."""
    name = track.name.casefold()
    return next((one for one in project.tracks if one.name.casefold() == name and one.kind == track.kind), None)


def _name(project: ProjectState, track_id: str) -> str:
    return project.find_track(track_id).name


def _new_track(project: ProjectState, source: Track, name: str) -> tuple[ProjectState, str]:
    """Return the project with a new track that has a track's instrument and effects, and its id."""
    project, new_id = add_track(project, name, source.kind, role=source.role)
    project = with_effects(project, new_id, source.effects)
    if source.instrument is not None:
        project = with_instrument(project, new_id, source.instrument)
    return project, new_id


def _leveled(project: ProjectState, excerpt: ProjectState, source: Track, track_id: str) -> ProjectState:
    """Return the project with a track's level, pan, sends and live MIDI effects on a track; returns are met by name."""
    levels = {"gain_db": source.mixer.gain_db, "pan": source.mixer.pan}
    project = project.with_mixer(track_id, **levels)
    if source.midi_in is not None:
        effects = source.midi_in.effects

        def hears(track: Track) -> Track:
            return track.evolve(midi_in=(track.midi_in or MidiInput()).evolve(effects=effects))

        project = project.with_track(track_id, hears)
    for send in project.find_track(track_id).sends:
        project = set_send(project, track_id, send.target, -96.0)
    for send in source.sends:
        wanted = excerpt.find_track(send.target)
        there = _same(project, wanted)
        if there is None:
            project, new_id = _new_track(project, wanted, wanted.name)
            project = project.with_track(new_id, lambda track, level=wanted.mixer: track.evolve(mixer=_fader(level)))  # type: ignore[misc]
            there = project.find_track(new_id)
        project = set_send(project, track_id, there.id, send.gain_db, send.pre)
    return project


def _fader(mixer: Mixer) -> Mixer:
    return Mixer(gain_db=mixer.gain_db, pan=mixer.pan)


def _with_clip(
    project: ProjectState, excerpt: ProjectState, source: Track, clip: Clip, track_id: str
) -> tuple[ProjectState, str, tuple[str, ...]]:
    """Return the project with a clip on a track, its id, and what of it has no place there."""
    target = project.find_track(track_id)
    assert target.kind in HOLDS_CLIPS
    owners = _owners(source, target)
    envelopes = [_moved(one, owners, excerpt, project, target) for one in clip.automation]
    kept = tuple(one for one in envelopes if one is not None)
    project, groove = _with_groove(project, excerpt, clip.groove)
    project, clip_id = project.taken("c")
    new = clip.evolve(id=clip_id, automation=kept, groove=groove)
    project = project.with_track(target.id, lambda track: track.evolve(clips=(*track.clips, new)))
    gone = len(envelopes) - len(kept)
    left = (f"{gone} envelope{'s' * (gone > 1)} of {clip.name}: {target.name} has no such parameter",) if gone else ()
    return project, clip_id, left


def _with_groove(
    project: ProjectState, excerpt: ProjectState, use: GrooveUse | None
) -> tuple[ProjectState, GrooveUse | None]:
    template = grooves.find(excerpt, use.groove) if use is not None and use.groove is not None else None
    if use is None or template is None:
        return project, use
    project, groove_id = grooves.adopt(project, template)
    return project, use.evolve(groove=groove_id)


def _owners(source: Track, target: Track) -> dict[str, str]:
    """Return what stands here for what owns envelopes there: the track, and each effect by its device and turn."""
    owners = {source.id: target.id}
    left = list(target.effects)
    for effect in source.effects:
        there = next((one for one in left if one.device == effect.device), None)
        if there is not None:
            left.remove(there)
            owners[effect.id] = there.id
    return owners


def _moved(
    one: Automation, owners: Mapping[str, str], excerpt: ProjectState, project: ProjectState, target: Track
) -> Automation | None:
    """Return an envelope as it moves the same thing here; None where there is no such thing, or in another range."""
    owner, parameter = owners.get(one.owner), one.parameter
    if parameter.startswith(SEND):
        there = _same(project, excerpt.find_track(parameter.removeprefix(SEND)))
        parameter = SEND + there.id if there is not None else parameter
    known = parameter_of(target, owner, parameter) if owner is not None else None
    if owner is None or known is None or not all(known.low <= point.value <= known.high for point in one.points):
        return None
    return one.evolve(owner=owner, parameter=parameter)
