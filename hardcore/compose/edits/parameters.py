"""Parameters: what a part's instrument or its effects are set to, by the names that musicians use."""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure, turned_owner
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import parameter_called, parameter_words, plain
from hardcore.project.device import Device, Parameter
from hardcore.project.parts import device_of, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.units import SAID

# beside an instrument these are its own, or nobody's: a compressor's attack is not the sound's
ITS_OWN = ("attack", "release", "hold", "sustain", "level", "gain")


class Place(NamedTuple):
    """Where a parameter is: its owner's id (the track's, for its instrument), the device, the parameter."""

    owner: str
    device: Device
    parameter: Parameter


def change(project: ProjectState, tracks: Sequence[Track], name: str, move: Move) -> Outcome:
    """Return the project with a parameter of each track moved, in the track's own device: see `place`.

    A value that is set has to be in the range, one that is moved stops at its end. Raises UserError when no track has
    the parameter.
    """
    said, failed, missing = [], [], 0
    for track in tracks:
        try:
            there = place(track, name)
        except UserError as error:
            failed.append(error.line())
            missing += 1
            continue
        project, line, why = moved(project, track, there, move)
        said += [line] if line else []
        failed += [why] if why else []
    if missing == len(tracks) == 1:
        place(tracks[0], name)
    return Outcome(project, tuple(said), tuple(failed))


def place(track: Track, name: str) -> Place:
    """Return where a track's parameter is that `name` means.

    A parameter of that very id counts before one that a term means; of equals that of the instrument before those of
    the effects in their order. Effects that are bypassed are passed over, and what shapes each note (ITS_OWN) is never
    that of an effect beside an instrument. Raises UserError naming the nearest.
    """
    known = [(track.id, device_of(track))] if plays(track) else []
    known += [(effect.id, effect.definition) for effect in track.effects if not effect.bypass]
    found = [
        Place(owner, device, parameter)
        for owner, device in known
        if (parameter := parameter_called(device, name))
        and (owner == track.id or not plays(track) or parameter.id not in ITS_OWN)
    ]
    exact = [there for there in found if plain(there.parameter.id) == plain(name)]
    if found:
        return (exact or found)[0]
    raise _unknown(track, name, [device for _, device in known])


def _unknown(track: Track, name: str, known: Sequence[Device]) -> UserError:
    if not known:
        return UserError(f"{track.name} has no instrument and no effects", "effect add puts one on it")
    # many are no help: the nearest by its letters, else what the instrument has
    close = nearest(name, dict.fromkeys(word for device in known for word in parameter_words(device)))
    hint = close if close.startswith("did") else nearest("", [parameter.id for parameter in known[0].shown])
    return UserError(f"{track.name} ({', '.join(device.id for device in known)}) has no parameter '{name}'", hint)


def moved(project: ProjectState, track: Track, there: Place, move: Move) -> tuple[ProjectState, str, str]:
    """Return the project with one parameter moved, the line of what changed, and why nothing did."""
    parameter = there.parameter
    try:
        change = move.of(parameter, project.tempo_map.bpm)
        if move.to is not None:
            there.device.checked(parameter.id, change(0.0))
    except UserError as error:
        return project, "", f"{track.name}: {error.line()}"
    project, before, after = turned_owner(project, track, there.owner, parameter, change)
    label = parameter.id.replace("_", " ")
    where = "" if there.owner == track.id else f" {there.device.name}"
    unit = f" {SAID.get(parameter.unit, parameter.unit)}" if parameter.unit not in ("", "ratio", "q") else ""
    if before == after:
        stands = f"{figure(after)}{unit}{' already' if move.to is not None else ', as far as it goes'}"
        return project, "", f"{track.name}{where}: {label} is at {stands}"
    asked = change(before)
    clipped = ", as far as it goes" if not parameter.low <= asked <= parameter.high else ""
    return project, f"{track.name}{where}: {label} {figure(before)} → {figure(after)}{unit}{clipped}", ""
