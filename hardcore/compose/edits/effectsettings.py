"""Settings of effects, by any name and in any unit, wherever a part has the effect."""

from collections.abc import Mapping, Sequence

from hardcore.compose.edits.chain import has, heard
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import parameter_called, parameter_words
from hardcore.project.device import Device
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.units import Quantity, in_unit_of


def in_units(device: Device, settings: Mapping[str, Quantity], bpm: float) -> dict[str, float]:
    """Return settings by the ids of a device's parameters and in their units. Raises UserError naming the nearest."""
    found: dict[str, float] = {}
    for name, said in settings.items():
        parameter = parameter_called(device, name)
        if parameter is None:
            raise UserError(f"{device.id} has no parameter '{name}'", nearest(name, parameter_words(device)))
        found[parameter.id] = in_unit_of(parameter, said, bpm)
    return found


def set_effects(
    project: ProjectState, tracks: Sequence[Track], words: str, settings: Mapping[str, Quantity]
) -> Outcome:
    """Return the project with parameters of an effect of each track set; what is heard through a return once.

    Raises UserError for a name that is no parameter or a value out of its range.
    """
    said, failed, done = [], [], set()
    for track in tracks:
        there = heard(project, track, words)
        if there is None:
            failed.append(f"{track.name} has no {words}{has(track)}")
            continue
        if there.effect.id in done:
            continue
        done.add(there.effect.id)
        device = there.effect.definition
        for name, value in in_units(device, settings, project.tempo_map.bpm).items():
            place = Place(there.effect.id, device, device.parameter(name))
            device.checked(name, value)
            project, line, why = moved(project, there.track, place, Move(to=Quantity(value)))
            said += [line] if line else []
            failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))
