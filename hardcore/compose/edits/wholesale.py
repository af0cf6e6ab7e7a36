"""Taking over a whole piece: a project takes the tracks, the mix and the notes of another, its own form and ids kept.

A track goes on as the same track where the other project has one of its role (or, for a bus, of its name and kind): its
clips stay where they are in scenes and arrangement, at their lengths, and play the new notes.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from hardcore.compose.edits.length import resized
from hardcore.compose.edits.partinsertion import placements, scenes_of
from hardcore.compose.edits.replacement import placed
from hardcore.project.automation import FADER
from hardcore.project.clip import Automation, Clip
from hardcore.project.notes import NoteBlock
from hardcore.project.parts import device_of, is_drum
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name, remove_track


class _Ids(NamedTuple):
    """Where things of the new project are in the old one: by their id there, the id here."""

    tracks: dict[str, str]
    own: dict[str, str]


def transplanted(project: ProjectState, made: ProjectState, kept: Collection[str], seed: int) -> ProjectState:
    """Return the project with the tracks of `made`; what it had besides is gone, but for tracks that are kept.

    kept   ids of tracks whose notes stay: on the new sound where there is one of their role, else as they are
    """
    there = dict(_pairs(project, made))
    for track in project.tracks:
        if track.id not in there.values() and track.id not in kept:
            project = remove_track(project, track.id)
    own: dict[str, str] = {}
    for new in made.tracks:
        if new.id not in there:
            project, own[new.id] = project.taken("t")
        for effect in new.effects:
            project, own[effect.id] = project.taken("e")
    ids = _Ids({new.id: there.get(new.id) or own[new.id] for new in made.tracks}, own | there)
    tracks: list[Track] = []
    for new in made.tracks:
        project, track = _track(project, new, ids, kept, seed)
        tracks.append(track)
    left = [track for track in project.tracks if track.id in kept and track.id not in there.values()]
    place = next(at for at, track in enumerate(tracks) if track.kind != "midi" or track is tracks[-1])
    tracks[place:place] = [_detached(track, tracks) for track in left]
    added = {ids.tracks[new.id] for new in made.tracks} - set(there.values())
    return _with_slots(project.evolve(tracks=tuple(tracks)), added)


def _pairs(project: ProjectState, made: ProjectState) -> Iterator[tuple[str, str]]:
    """Yield the id of each track of the new project with that of the track here that goes on as it."""
    free = list(project.tracks)
    for new in made.tracks:
        for old in free:
            same = old.role == new.role if new.kind == "midi" else old.name.casefold() == new.name.casefold()
            if old.kind == new.kind and (same or new.kind == "master"):
                free.remove(old)
                yield new.id, old.id
                break


def _track(
    project: ProjectState, new: Track, ids: _Ids, kept: Collection[str], seed: int
) -> tuple[ProjectState, Track]:
    """Return what a track of the new project is here."""
    here = ids.tracks[new.id]
    old = next((track for track in project.tracks if track.id == here), None)
    shared = {
        "id": here,
        "output": ids.tracks[new.output] if new.output else None,
        "effects": tuple(
            effect.evolve(id=ids.own[effect.id], side=ids.tracks[effect.side] if effect.side else None)
            for effect in new.effects
        ),
        "sends": tuple(send.evolve(target=ids.tracks[send.target]) for send in new.sends),
    }
    if old is None:
        return _new(project, new.evolve(**shared, name=free_name(project, new.name)), new, ids)
    mixer = new.mixer.evolve(mute=old.mixer.mute, solo=old.mixer.solo)
    clips = old.clips
    if new.clips and old.id in kept:
        clips = tuple(_replayed(project, clip, old, new) for clip in old.clips)
    elif new.clips:
        clips = tuple(_refilled(clip, new, ids, seed) for clip in old.clips)
    moving = tuple(one for one in old.automation if one.owner == old.id and one.parameter in FADER)
    mine = {"name": old.name, "mixer": mixer, "clips": clips, "placements": old.placements, "automation": moving}
    return project, new.evolve(**shared, **mine, groove=old.groove)


def _new(project: ProjectState, track: Track, new: Track, ids: _Ids) -> tuple[ProjectState, Track]:
    """Return a track that was not there, with its clip in the scenes and sections that have such a part."""
    if not new.clips:
        return project, track
    project, clip_id = project.taken("c")
    clip = new.clips[0].evolve(id=clip_id, automation=_owned(new.clips[0].automation, ids))
    track = track.evolve(clips=(clip,))
    if project.arrangement:
        track = track.evolve(placements=tuple(placements(project, track, clip)))
    return project, track


def _refilled(clip: Clip, new: Track, ids: _Ids, seed: int) -> Clip:
    """Return a clip with the new part's notes, at its own length."""
    source = resized(new.clips[0], clip.length_ticks, is_drum(new), seed)
    return clip.evolve(
        notes=source.notes,
        automation=_owned(source.automation, ids),
        provenance=source.provenance,
        groove=None,
    )


def _replayed(project: ProjectState, clip: Clip, old: Track, new: Track) -> Clip:
    """Return a clip with its own notes in the range of the new instrument."""
    before, after = device_of(old), device_of(new)
    notes: NoteBlock = clip.notes.map(lambda note: placed(note, project.key, before, after))
    return clip.evolve(notes=notes if after.pitched else clip.notes, automation=())


def _owned(envelopes: tuple[Automation, ...], ids: _Ids) -> tuple[Automation, ...]:
    return tuple(one.evolve(owner=ids.own.get(one.owner, one.owner)) for one in envelopes)


def _detached(track: Track, tracks: list[Track]) -> Track:
    """Return a track that stays, sent to what is there."""
    known = {other.id for other in tracks}
    master = next(other.id for other in tracks if other.kind == "master")
    return track.evolve(
        output=track.output if track.output in known else master,
        sends=tuple(send for send in track.sends if send.target in known),
        effects=tuple(fx.evolve(side=fx.side if fx.side in known else None) for fx in track.effects),
    )


def _with_slots(project: ProjectState, added: set[str]) -> ProjectState:
    """Return the project with the clips of new tracks in the scenes they play in."""
    slots: dict[str, dict[str, str]] = {scene.id: dict(scene.slots) for scene in project.scenes}
    for track in project.tracks:
        if track.id in added and track.clips:
            for scene in scenes_of(project, track):
                slots[scene.id][track.id] = track.clips[0].id
    return project.evolve(scenes=tuple(scene.evolve(slots=slots[scene.id]) for scene in project.scenes))
