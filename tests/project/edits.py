"""Random edits of a project, for oracle tests: every pure edit there is, with arguments that often fit."""

import random
from collections.abc import Callable

from hardcore.compose.edits.key import set_key
from hardcore.errors import UserError
from hardcore.music.groove import swing
from hardcore.music.scale import Key
from hardcore.project import automation, clips, controlmaps, placing, rules, scenes, tracks
from hardcore.project.notes import Note
from hardcore.project.rule import BeatTrigger, LaunchAction, MarkerTrigger, NotifyAction
from hardcore.project.section import Marker, Section
from hardcore.project.state import ProjectState

Edit = Callable[[ProjectState, random.Random], ProjectState]


def _track(project: ProjectState, rng: random.Random) -> str:
    return rng.choice(project.tracks).id


def _clip(project: ProjectState, rng: random.Random) -> str:
    found = [clip.id for _, clip in project.clips()]
    if not found:
        raise UserError("no clips")
    return rng.choice(found)


def _scene(project: ProjectState, rng: random.Random) -> str:
    return rng.choice(project.scenes).id


def _effect(project: ProjectState, rng: random.Random) -> tuple[str, str]:
    found = [(track.id, effect.id) for track in project.tracks for effect in track.effects]
    if not found:
        raise UserError("no effects")
    return rng.choice(found)


def _note(rng: random.Random) -> Note:
    return Note(rng.randrange(0, 7680), rng.randrange(1, 960), rng.randrange(128), rng.randrange(1, 128))


def _put(project: ProjectState, rng: random.Random) -> ProjectState:
    clip_id = _clip(project, rng)
    owner, _ = project.find_clip(clip_id)
    return clips.put(project, _scene(project, rng), owner.id, rng.choice([clip_id, None]))


def _automate(project: ProjectState, rng: random.Random) -> ProjectState:
    clip_id = _clip(project, rng)
    owner, _ = project.find_clip(clip_id)
    return automation.with_point(project, clip_id, owner.id, "pan", rng.randrange(3840), rng.uniform(-1, 1))


def _section(project: ProjectState, rng: random.Random) -> ProjectState:
    """Add a section somewhere, or put one in another place."""
    listed = list(project.sections)
    if listed and rng.random() < 0.4:
        listed.insert(rng.randrange(len(listed)), listed.pop(rng.randrange(len(listed))))
        return project.evolve(sections=tuple(listed))
    project, section_id = project.taken("f")
    new = Section(id=section_id, name=rng.choice("xyz"), kind="verse", bars=rng.randrange(1, 9), energy=rng.random())
    listed.insert(rng.randrange(len(listed) + 1), new)
    return project.evolve(sections=tuple(listed))


def _marker(project: ProjectState, rng: random.Random) -> ProjectState:
    project, marker_id = project.taken("m")
    marker = Marker(id=marker_id, name=rng.choice("xyz"), tick=rng.randrange(99_999))
    return project.evolve(markers=(*project.markers, marker))


def _rule(project: ProjectState, rng: random.Random) -> ProjectState:
    """Add a rule, or change or remove one that is there."""
    if project.rules and rng.random() < 0.6:
        one = rng.choice(project.rules).id
        return rng.choice((
            lambda: rules.remove(project, one),
            lambda: rules.change(project, one, enabled=rng.random() < 0.5, cooldown=rng.randrange(9)),
            lambda: rules.change(project, one, trigger=MarkerTrigger(name="x")),
        ))()  # fmt: skip
    trigger = rng.choice((BeatTrigger(divisor=rng.randrange(1, 64)), MarkerTrigger(name=rng.choice("xyz"))))
    return rules.add(project, trigger, rng.choice((LaunchAction(target="next"), NotifyAction(message="now"))))


def _map(project: ProjectState, rng: random.Random) -> ProjectState:
    """Map a controller, or remove a mapping that is there."""
    if project.maps and rng.random() < 0.3:
        return controlmaps.remove(project, rng.choice(project.maps).id)
    target, mode = f"track gain {_track(project, rng)}", rng.choice(("pickup", "jump", "scale"))
    return controlmaps.add(project, number=rng.randrange(4), target=target, mode=mode, low=rng.uniform(-60, 6))


EDITS: dict[str, Edit] = {
    "add midi": lambda p, r: tracks.add_track(
        p, r.choice("abcdef"), instrument=r.choice(["sub", "kick909", "acid303"])
    )[0],
    "add group": lambda p, r: tracks.add_track(p, "group", "group")[0],
    "add return": lambda p, r: tracks.add_track(p, "space", "return")[0],
    "remove track": lambda p, r: tracks.remove_track(p, _track(p, r)),
    "rename track": lambda p, r: tracks.rename_track(p, _track(p, r), r.choice("xyz")),
    "move track": lambda p, r: tracks.move_track(p, _track(p, r), r.randrange(0, 6)),
    "instrument": lambda p, r: tracks.set_instrument(p, _track(p, r), r.choice(["sub", "reese", "supersaw"])),
    "sample": lambda p, r: tracks.set_sample(p, _track(p, r), r.choice(["tom_low", "vinyl_loop"])),
    "parameter": lambda p, r: tracks.set_parameter(p, _track(p, r), r.choice(["cutoff", "decay"]), r.uniform(0, 2000)),
    "fader": lambda p, r: p.with_mixer(_track(p, r), gain_db=r.uniform(-40, 6), mute=r.random() < 0.3),
    "add effect": lambda p, r: tracks.add_effect(p, _track(p, r), r.choice(["filter", "drive", "reverb"]))[0],
    "side-chain": lambda p, r: tracks.add_effect(p, _track(p, r), "sidechain", side=_track(p, r))[0],
    "remove effect": lambda p, r: tracks.remove_effect(p, *_effect(p, r)),
    "move effect": lambda p, r: tracks.move_effect(p, *_effect(p, r), r.randrange(1, 4)),
    "bypass": lambda p, r: tracks.set_effect(p, *_effect(p, r), {}, bypass=r.random() < 0.5),
    "send": lambda p, r: tracks.set_send(p, _track(p, r), _track(p, r), r.uniform(-100, 0)),
    "route": lambda p, r: tracks.route(p, _track(p, r), _track(p, r)),
    "add clip": lambda p, r: clips.add_clip(p, _track(p, r), _scene(p, r), 7680, [_note(r) for _ in range(9)])[0],
    "copy clip": lambda p, r: clips.copy_clip(p, _clip(p, r), _track(p, r), _scene(p, r))[0],
    "delete clip": lambda p, r: clips.delete_clip(p, _clip(p, r)),
    "add note": lambda p, r: clips.edit_notes(p, _clip(p, r), lambda block: block.add(_note(r))),
    "transpose": lambda p, r: clips.edit_notes(p, _clip(p, r), clips.transposed(r.randrange(-30, 30))),
    "quantize": lambda p, r: clips.edit_notes(p, _clip(p, r), clips.quantized(480, r.random(), 7680)),
    "reverse": lambda p, r: clips.reverse_clip(p, _clip(p, r)),
    "stretch": lambda p, r: clips.stretch_clip(p, _clip(p, r), r.choice([0.5, 2])),
    "put": _put,
    "automation": _automate,
    "add scene": lambda p, r: scenes.add_scene(p)[0],
    "copy scene": lambda p, r: scenes.copy_scene(p, _scene(p, r))[0],
    "delete scene": lambda p, r: scenes.delete_scene(p, _scene(p, r)),
    "place": lambda p, r: placing.place(p, _clip(p, r), r.randrange(0, 30) * 1920, r.randrange(1, 9) * 1920),
    "section": _section,
    "marker": _marker,
    "rule": _rule,
    "map": _map,
    "key": lambda p, r: set_key(p, Key(tonic=r.randrange(12), mode=r.choice(["major", "minor"]))).project,
    "tempo": lambda p, r: p.evolve(tempo_map=p.tempo_map.with_point(r.randrange(4) * 7680, r.uniform(60, 200))),
    "swing": lambda p, r: p.evolve(grooves=(swing(58),), active_groove="swing-58"),
}


def random_edit(project: ProjectState, rng: random.Random) -> tuple[str, ProjectState]:
    """Return the name of a random edit that could be applied, and the project after it."""
    while True:
        name = rng.choice(list(EDITS))
        try:
            return name, EDITS[name](project, rng)
        except UserError:
            continue
