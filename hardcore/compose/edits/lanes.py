"""Lanes by name: which envelope is meant by a track or clip and what musicians call a parameter."""

import re

from hardcore.compose.edits.chain import heard
from hardcore.compose.edits.parameters import place
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import parameter_called
from hardcore.project.automation import CROSSFADE, FADER, SEND, moves_plugin, parameter_of
from hardcore.project.lanes import Lane
from hardcore.project.midilanes import MIDI, midi_name, midi_parameter
from hardcore.project.scope import Scope, Stretch, find_scope
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_CALLED = {
    "gain": "gain_db", "volume": "gain_db", "fader": "gain_db", "loudness": "gain_db", "panning": "pan",
    "gain db": "gain_db",
}  # fmt: skip
_NO_SONG = "there is no song yet, along which it could move"


def find_lane(project: ProjectState, where: str, parameter: str, effect: str | None = None) -> Lane:
    """Return the lane of a parameter: of a track along the song, or of a clip (`bass:A`).

    where      a track; without a song its only clip is meant
    parameter  `cutoff` or what it is called, `volume`, `pan`, `midi.bend`, `delay.mix`, `send.reverb`
    effect     the effect that has it, by place, id or name; else the instrument's counts first

    Raises UserError naming the nearest.
    """
    track, clip = _place(project, where)
    owner, key = find_parameter(project, track, parameter, effect)
    found = parameter_of(track, owner, key)
    assert found is not None
    if clip is None and moves_plugin(track, owner, key):
        raise UserError("an envelope along the song cannot move a plug-in", f"in a clip it can: {track.name}:SCENE")
    label = midi_name(key) if owner == track.id else f"{_device(track, owner)}.{key}"
    if key.startswith(SEND):
        label = "send." + project.find_track(key.removeprefix(SEND)).name
    at = track.name if clip is None else project.find_clip(clip)[1].name
    return Lane(track.id, clip, owner, found, key, f"{at}: {label}")


def _place(project: ProjectState, where: str) -> tuple[Track, str | None]:
    try:
        track = project.find_track(where)
    except UserError:
        track, clip = project.find_clip(where)
        return track, clip.id
    if project.arrangement:
        return track, None
    if track.kind != "midi":
        raise UserError(_NO_SONG, "/song makes one")
    track, clip = project.find_clip(track.id)
    return track, clip.id


def find_parameter(project: ProjectState, track: Track, parameter: str, effect: str | None = None) -> tuple[str, str]:
    """Return whose parameter it is, the track's or an effect's, by id, and its key. Raises UserError."""
    said = parameter.strip().casefold().replace("_", " ")
    said = _CALLED.get(said, said)
    if effect is None and (said in FADER or (said == CROSSFADE and track.kind == "master")):
        return track.id, said
    if effect is None and (match := re.fullmatch(r"send[. :](.+)", said)):
        return track.id, SEND + _sent(project, track, match[1])
    if effect is None and (match := re.fullmatch(r"midi[. :](.+)", said)):
        return track.id, _of_midi(track, match[1].replace(" ", ""))
    if effect is None and "." in said:
        effect, _, said = said.partition(".")
    if effect is not None:
        found = project.find_effect(track, effect.strip())
        known = parameter_called(found.definition, said)
        if known is None:
            found.definition.parameter(said.replace(" ", "_"))  # says which there are
        assert known is not None
        return found.id, known.id
    try:
        there = place(track, said)
    except UserError:
        amount = _amount(project, track, said)
        if amount is None:
            raise
        return amount
    return there.owner, there.parameter.id


def _amount(project: ProjectState, track: Track, effect: str) -> tuple[str, str] | None:
    """Return what says how much of an effect is heard: the return's fader, the insert's mix, the send; or None."""
    try:
        found = heard(project, track, effect)
    except UserError:
        return None
    if found is None:
        return None
    if found.through:
        return track.id, SEND + found.track.id
    if track.kind == "return":
        return track.id, "gain_db"
    return (found.effect.id, "mix") if parameter_of(track, found.effect.id, "mix") else None


def _sent(project: ProjectState, track: Track, name: str) -> str:
    """Return the id of the return that a track's send of that name goes to."""
    targets = {project.find_track(send.target).name.casefold(): send.target for send in track.sends}
    wanted = name.removeprefix("to ").strip()
    if wanted in targets:
        return targets[wanted]
    if wanted in targets.values():
        return wanted
    raise UserError(f"{track.name} has no send to {wanted}", nearest(wanted, targets) if targets else "send adds one")


def _of_midi(track: Track, name: str) -> str:
    """Return the lane of the wheel, of aftertouch or of a controller. Raises UserError."""
    if track.kind != "midi":
        raise UserError(f"{track.name} is a {track.kind} track, without notes")
    if midi_parameter(MIDI + name) is None:
        raise UserError(f"MIDI has no '{name}'", "midi.bend, midi.pressure, midi.cc1 to cc119, midi.key60")
    return MIDI + name


def _device(track: Track, owner: str) -> str:
    return next(effect.device for effect in track.effects if effect.id == owner)


def stretches(project: ProjectState, lane: Lane, over: str | None) -> tuple[Stretch, ...]:
    """Return where in a lane a scope lies: bars of the song, or of the clip. Raises UserError."""
    if lane.clip is None:
        return _scope(project, over).stretches if over else (Stretch(0, _end(project)),)
    length = project.find_clip(lane.clip)[1].length_ticks
    if over is None:
        return (Stretch(0, length),)
    inside = project.evolve(
        tracks=tuple(track.evolve(placements=()) if track.placements else track for track in project.tracks),
        sections=(),
    )
    found = _scope(inside, over).stretches
    return tuple(Stretch(start, min(end, length)) for start, end in found if start < length)


def _scope(project: ProjectState, over: str) -> Scope:
    return find_scope(project, over)


def _end(project: ProjectState) -> int:
    return max((one.start_ticks + one.length_ticks for one in project.arrangement), default=0)
