"""Presets: a track's sound, apart from any project: its instrument and its chain of effects."""

from typing import Annotated

from pydantic import Field

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.state import ProjectState
from hardcore.project.tracks import add_effect, remove_effect, set_effect, set_instrument


class Preset(Model):
    """An instrument (None for a group, return or master) and effects; side-chains are not part of a sound."""

    instrument: Instrument | None = None
    effects: Annotated[tuple[Effect, ...], Field(max_length=32)] = ()


def preset_of(project: ProjectState, track_id: str) -> Preset:
    """Return the sound of a track; effects that listen to another track are left out."""
    track = project.find_track(track_id)
    return Preset(instrument=track.instrument, effects=tuple(effect for effect in track.effects if not listens(effect)))


def listens(effect: Effect) -> bool:
    """Return whether an effect listens to another track, or would, had that not been removed."""
    return effect.definition.side


def with_preset(project: ProjectState, track_id: str, preset: Preset) -> ProjectState:
    """Return the project with the preset's sound on the track, in place of the one it had, side-chains kept.

    Raises UserError when a preset with an instrument is meant for a track that has none, or the other way round.
    """
    track = project.find_track(track_id)
    if (preset.instrument is None) != (track.instrument is None):
        what = "has no instrument" if track.instrument is None else "needs a preset with an instrument"
        raise UserError(f"{track.name} {what}")
    project = with_effects(project, track_id, preset.effects)
    return with_instrument(project, track_id, preset.instrument) if preset.instrument is not None else project


def with_instrument(project: ProjectState, track_id: str, instrument: Instrument) -> ProjectState:
    """Return the project with an instrument as it is on the track, its effects kept. Raises UserError."""
    project = set_instrument(project, track_id, instrument.device, instrument.plugin)
    return project.with_track(track_id, lambda track: track.evolve(instrument=instrument))


def with_effects(project: ProjectState, track_id: str, effects: tuple[Effect, ...]) -> ProjectState:
    """Return the project with a chain of effects on the track in place of its own, those that listen to others kept."""
    for effect in project.find_track(track_id).effects:
        if not listens(effect):
            project = remove_effect(project, track_id, effect.id)
    for effect in effects:
        project, new_id = add_effect(project, track_id, effect.device, effect.settings, plugin=effect.plugin)
        if effect.bypass:
            project = set_effect(project, track_id, new_id, {}, bypass=True)
    return project
