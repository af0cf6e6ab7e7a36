"""Clips of a layer: cells of the grid filled from the piece that stands, in its tempo, key, chords and theme."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from hardcore.compose.edits.addition import added
from hardcore.compose.edits.naming import Named
from hardcore.compose.planner.plan import layer_of
from hardcore.compose.producer import asked_of
from hardcore.compose.vary import SECTION, SONG_SEED, Made, generated, remade
from hardcore.errors import Conflict, UserError
from hardcore.knowledge.loader import genre
from hardcore.knowledge.planning import Layer, planning
from hardcore.project import clips, scenes
from hardcore.project.parts import device_of
from hardcore.project.roles import TRANSITIONS, Role
from hardcore.project.state import ProjectState


class LayerWish(NamedTuple):
    """What clips of a layer are to be.

    roles    the parts; empty for those of the layer that the piece has
    devices  instruments that are asked for by role; where a part plays another one, one more is made
    traits   how each part plays
    """

    layer: Layer
    bars: int
    seed: int
    roles: tuple[Role, ...] = ()
    devices: Mapping[Role, str] = {}
    traits: Mapping[Role, tuple[str, ...]] = {}


class Filled(NamedTuple):
    """The project with new clips, the id of the scene they are in, and their ids by track."""

    project: ProjectState
    scene: str
    clips: Mapping[str, str]


def fill(project: ProjectState, wish: LayerWish, scene: str | None = None) -> Filled:
    """Return the project with clips of a layer in a scene: the one given, else the first, or the next with room.

    A part that the piece lacks is added, and plays in that scene alone. Raises UserError; Conflict where there is no
    piece to take tempo, key and theme from.
    """
    made = generated(project)
    if not made:
        raise Conflict("there is no piece to make a clip for", "type a prompt first, such as: house, 4 bars")
    chosen = _chosen(made, wish)
    new = set()
    for role in wish.roles or (() if chosen else _usual(project, wish.layer)):
        if role not in chosen:
            project, chosen[role] = _new_part(project, role, wish)
            new.add(role)
    project, row = _free(project, {one.track.id for one in chosen.values()}, scene)
    filled: dict[str, str] = {}
    for role, one in sorted(chosen.items(), key=lambda item: item[0] != "kick"):  # the others hear the kick
        clip_id = one.clip.id
        if role in new:
            named = one.clip.evolve(name=f"{one.track.name} {project.find_scene(row).name}")
            project = clips.replace_clip(clips.put(project, row, one.track.id, clip_id), named)
        else:
            project, clip_id = clips.copy_clip(project, clip_id, one.track.id, row)
        project = remade(project, clip_id, wish.seed, words=_words(one, wish), bars=wish.bars)
        filled[one.track.id] = clip_id
    return Filled(project, row, filled)


def _chosen(made: list[Made], wish: LayerWish) -> dict[Role, Made]:
    """Return a clip of each part of the layer to make the new one from: the piece's own before those of sections."""
    found: dict[Role, Made] = {}
    for one in sorted(made, key=lambda made: SECTION in made.source.intent):
        role, device = one.role, wish.devices.get(one.role)
        fits = role in wish.roles if wish.roles else layer_of(role) == wish.layer and role not in TRANSITIONS
        if fits and (device is None or device_of(one.track).id == device):
            found.setdefault(role, one)
    return found


def _usual(project: ProjectState, layer: Layer) -> tuple[Role, ...]:
    """Return the parts of a layer that the piece's style always has, else the first it may have. Raises UserError."""
    asked = asked_of(project)
    parts = genre(asked.genre).parts if asked is not None else {}
    roles = [role for role in planning().layers[layer].roles if role not in TRANSITIONS]
    always = tuple(role for role in roles if role in parts and parts[role].chance == 1)
    if not roles:
        raise UserError(f"no instrument of the program makes {layer}", "rhythm, bass, harmony, lead or textures")
    return always or tuple([role for role in roles if role in parts][:1] or roles[:1])


def _new_part(project: ProjectState, role: Role, wish: LayerWish) -> tuple[ProjectState, Made]:
    """Return the project with a part that has one clip, in no scene yet, and that clip."""
    device = wish.devices.get(role)
    part = Named(role, (role,), device, wish.traits.get(role, ()))
    project, track = added(project, role, part, wish.seed)
    clip = track.clips[0]
    project = project.with_track(track.id, lambda track: track.evolve(clips=(clip,), placements=()))
    for row in project.scenes:
        project = clips.put(project, row.id, track.id, None)
    assert clip.provenance is not None
    return project, Made(project.find_track(track.id), clip, role, clip.provenance)


def _free(project: ProjectState, tracks: set[str], scene: str | None) -> tuple[ProjectState, str]:
    """Return the project and the id of the first scene, from the given one on, in which none of the tracks has a clip.

    Where there is none, a new one.
    """
    first = 0 if scene is None else project.scenes.index(project.find_scene(scene))
    row = next((row for row in project.scenes[first:] if not tracks & row.slots.keys()), None)
    return (project, row.id) if row is not None else scenes.add_scene(project)


def _words(one: Made, wish: LayerWish) -> dict[str, str]:
    """Return what the clip keeps: that it belongs to the song, and how it was asked to play."""
    words = {SONG_SEED: one.source.intent.get(SONG_SEED, str(one.source.seed))}
    traits = wish.traits.get(one.role, ())
    if traits:
        before = json.loads(one.source.intent.get("traits", "{}"))
        both = dict.fromkeys([*before.get(one.role, ()), *traits])
        words["traits"] = json.dumps({**before, one.role: list(both)}, sort_keys=True)
    return words
