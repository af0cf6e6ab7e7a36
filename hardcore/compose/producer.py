"""The offline producer: an intent and a seed become a project, one scene of clips, mixed.

Same intent, seed and version: the same project, byte for byte, in any process.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hardcore.compose.intent import Intent
from hardcore.compose.mix import mixing
from hardcore.compose.parts.part import SceneScore, filled, play, told
from hardcore.compose.parts.sweep import automation
from hardcore.compose.plan import Plan, make_plan
from hardcore.knowledge.sound import Insert, Sound
from hardcore.music.tempo import TempoMap
from hardcore.project import devices
from hardcore.project.clip import Clip, Provenance
from hardcore.project.mixer import Effect, Instrument, Mixer, Send
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import TRANSITIONS, Role
from hardcore.project.routing import ensure_no_loop
from hardcore.project.scene import Scene
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track

PRODUCER = "hardcore offline producer"
PRODUCER_VERSION = "0.6.0"

TRACK_NAMES: dict[Role, str] = {"hat_closed": "hats", "hat_open": "open hats"}
SCENE_NAME = "A"
_TEXT_LIMIT = 4000


def compose(intent: Intent, seed: int, **current: Any) -> ProjectState:
    """Return a project with one scene of clips that is what the intent asks for. Raises UserError.

    seed     0 … 2**53 − 1
    current  bpm, key, meter in place of those of the intent
    """
    plan = make_plan(intent, seed, **current)
    score = SceneScore(plan, seed)
    sounds = {role: mixing.sound(plan, role) for role in plan.roles}
    notes = _notes(score, sounds)
    ids = _Ids(intent, plan)
    tracks = [_track(score, role, sounds[role], notes[role], ids) for role in plan.roles]
    groove = mixing.groove(plan)
    slots = {track.id: track.clips[0].id for track in tracks}
    project = ProjectState(
        title=plan.genre.name,
        seed=seed,
        tempo_map=TempoMap().with_bpm(plan.bpm),
        meter_map=plan.meter,
        key=plan.key,
        tracks=(*_with_groups(plan, tracks, ids), *_returns(plan, ids), _master(plan, ids)),
        scenes=(Scene(id=ids.scene, name=SCENE_NAME, slots=slots),),
        grooves=(groove,) if groove else (),
        active_groove=groove.id if groove else None,
        provenance=ids.provenance(None),
        next_id=ids.next,
    )
    ensure_no_loop(project)
    return project


class _Ids:
    """Ids of one new project, in order, and the provenance its clips share."""

    def __init__(self, intent: Intent, plan: Plan) -> None:
        self.scene = "s2"
        self.next = 3
        self.words = words_of(intent)
        self.prompt = intent.prompt
        self.seed = plan.seed
        self.tracks = {role: self.take("t") for role in plan.roles}
        self.returns = {name: self.take("t") for name in plan.genre.mix.returns}
        self.groups = {name: self.take("t") for name in mixing.groups(plan)}
        self.output = {role: self.groups[name] for name, group in mixing.groups(plan).items() for role in group.roles}

    def take(self, kind: str) -> str:
        """Return the next id of a kind."""
        self.next += 1
        return f"{kind}{self.next - 1}"

    def provenance(self, role: Role | None, known: Mapping[str, str] | None = None) -> Provenance:
        """Return where a clip, or the project, comes from, and what else is `known` of it."""
        words = {**self.words, **(known or {}), "role": role} if role else self.words
        return provenance(self.prompt, self.seed, words)


def provenance(prompt: str, seed: int, words: dict[str, str]) -> Provenance:
    """Return a provenance of this producer."""
    return Provenance(prompt=prompt[:_TEXT_LIMIT], seed=seed, producer=PRODUCER, version=PRODUCER_VERSION, intent=words)


def words_of(intent: Intent) -> dict[str, str]:
    """Return an intent as strings of JSON by field, what the prompt left open not among them."""
    plain = intent.model_dump(mode="json", exclude={"prompt", "understood", "ignored"}, exclude_defaults=True)
    return {name: json.dumps(plain[name], sort_keys=True) for name in sorted(plain)}


def intent_of(source: Provenance) -> Intent:
    """Return the intent that a provenance keeps. Raises ValueError when it is not one of this producer's."""
    known = {name: json.loads(text) for name, text in source.intent.items() if name in Intent.model_fields}
    fields: dict[str, Any] = {"prompt": source.prompt, **known}
    return Intent.model_validate(fields)


def source_of(project: ProjectState) -> Provenance | None:
    """Return what a project was made from, as far as it was made from a prompt."""
    clips = (clip.provenance for _, clip in project.clips() if clip.provenance and "genre" in clip.provenance.intent)
    known = project.provenance if project.provenance and "genre" in project.provenance.intent else None
    return known or next(clips, None)


def asked_of(project: ProjectState) -> Intent | None:
    """Return the intent that a project was made from; None when it was made by hand or that can no longer be read."""
    source = source_of(project)
    try:
        return intent_of(source) if source is not None else None
    except ValueError:
        return None


def _notes(score: SceneScore, sounds: dict[Role, Sound]) -> dict[Role, list[Note]]:
    """Return every part's notes; a bar in which nothing would start gets a note in the part that plays most.

    What leads from section to section does not count there: it stands where it stands.
    """
    played: dict[Role, list[Note]] = {}
    for role in sorted(sounds, key=lambda role: role not in ("kick", "lead")):  # the others listen to what these play
        played[role] = play(score, role, devices.instrument(sounds[role].device))
        if role == "kick":
            score = replace(score, given_kick=tuple(played[role]))
        elif role == "lead":
            score = replace(score, given_lead=tuple(played[role]))
    lasting = [role for role in played if role not in TRANSITIONS]
    empty = empty_bars(score.plan, [played[role] for role in lasting])
    if empty and lasting:
        role = max(lasting, key=lambda role: (len(played[role]), -score.plan.roles.index(role)))
        device = devices.instrument(sounds[role].device)
        played[role] = filled(score, role, device, played[role], empty)
    return played


def empty_bars(plan: Plan, parts: Sequence[Sequence[Note]]) -> list[int]:
    """Return the bars (from 0) in which no part sounds."""
    sounding: set[int] = set()
    for notes in parts:
        for note in notes:
            last = (min(note.end_ticks, plan.length_ticks) - 1) // plan.bar_ticks
            sounding.update(range(note.start_ticks // plan.bar_ticks, last + 1))
    return [bar for bar in range(plan.bars) if bar not in sounding]


def _track(score: SceneScore, role: Role, one: Sound, notes: list[Note], ids: _Ids) -> Track:
    """Return a role's track with its clip."""
    plan = score.plan
    track_id, place = ids.tracks[role], mixing.strip(plan, role)
    name = TRACK_NAMES.get(role, role)
    values = mixing.instrument_settings(plan, role, one)
    clip = Clip(
        id=ids.take("c"),
        name=f"{name} {SCENE_NAME}",
        length_ticks=plan.length_ticks,
        notes=NoteBlock.of(notes),
        automation=automation(plan, role, one, track_id, values),
        provenance=ids.provenance(role, told(score, role, devices.instrument(one.device))),
    )
    return Track(
        id=track_id,
        name=name,
        kind="midi",
        role=role,
        instrument=Instrument(device=one.device, settings=values),
        output=ids.output.get(role, MASTER_ID),
        mixer=Mixer(gain_db=round(place.gain_db + one.gain_db, 1), pan=place.pan),
        effects=tuple(_effects(plan, (*one.inserts, *mixing.slot(plan, role, place), *place.inserts), ids)),
        sends=tuple(Send(target=ids.returns[name], gain_db=gain) for name, gain in sorted(place.sends.items())),
        clips=(clip,),
        groove_amount=place.groove,
    )


def _effects(plan: Plan, inserts: tuple[Insert, ...], ids: _Ids) -> Iterator[Effect]:
    for insert, values in mixing.chain(plan, inserts):
        side = ids.tracks[insert.side] if insert.side else None
        yield Effect(id=ids.take("e"), device=insert.device, settings=values, side=side)


def _with_groups(plan: Plan, tracks: list[Track], ids: _Ids) -> Iterator[Track]:
    """Yield the tracks, each group behind the last of those that feed it."""
    for at, track in enumerate(tracks):
        yield track
        for name, group in mixing.groups(plan).items():
            group_id = ids.groups[name]
            if track.output == group_id and all(other.output != group_id for other in tracks[at + 1 :]):
                chain = tuple(_effects(plan, group.inserts, ids))
                mixer = Mixer(gain_db=group.gain_db)
                yield Track(id=group_id, name=name, kind="group", output=MASTER_ID, mixer=mixer, effects=chain)


def _returns(plan: Plan, ids: _Ids) -> Iterator[Track]:
    for name, bus in plan.genre.mix.returns.items():
        chain = tuple(_effects(plan, bus.inserts, ids))
        mixer = Mixer(gain_db=bus.gain_db)
        yield Track(id=ids.returns[name], name=name, kind="return", output=MASTER_ID, mixer=mixer, effects=chain)


def _master(plan: Plan, ids: _Ids) -> Track:
    chain = tuple(_effects(plan, mixing.master(plan), ids))
    mixer = Mixer(gain_db=plan.genre.mix.master_gain_db)
    return Track(id=MASTER_ID, name="master", kind="master", mixer=mixer, effects=chain)
