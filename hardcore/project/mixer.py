"""A track's place in the mix: fader, inserts, sends."""

from collections.abc import Mapping

from pydantic import model_validator

from hardcore.model import Model
from hardcore.project import devices
from hardcore.project.values import EffectId, GainDb, Pan, TrackId


class Mixer(Model):
    """Fader and pan of a track; solo silences the tracks that are not soloed."""

    gain_db: GainDb = 0.0
    pan: Pan = 0.0
    mute: bool = False
    solo: bool = False


class Send(Model):
    """A copy of a track's sound to a return: after the fader, or before it (`pre`)."""

    target: TrackId
    gain_db: GainDb = -12.0
    pre: bool = False


class Effect(Model):
    """An insert of a track: a catalogue effect, the settings that differ from its defaults, its side-chain."""

    id: EffectId
    device: str
    settings: Mapping[str, float] = {}
    bypass: bool = False
    side: TrackId | None = None

    @model_validator(mode="after")
    def _known(self) -> "Effect":
        device = devices.effect(self.device)
        for name, value in self.settings.items():
            device.checked(name, value)
        return self

    def value(self, parameter: str) -> float:
        """Return a parameter's value: what was set, else the catalogue's default. Raises UserError."""
        return self.settings.get(parameter, devices.effect(self.device).parameter(parameter).default)


class Instrument(Model):
    """What a midi track plays: a catalogue instrument and the settings that differ from its defaults."""

    device: str
    settings: Mapping[str, float] = {}

    @model_validator(mode="after")
    def _known(self) -> "Instrument":
        device = devices.instrument(self.device)
        for name, value in self.settings.items():
            device.checked(name, value)
        return self

    def value(self, parameter: str) -> float:
        """Return a parameter's value: what was set, else the catalogue's default. Raises UserError."""
        return self.settings.get(parameter, devices.instrument(self.device).parameter(parameter).default)
