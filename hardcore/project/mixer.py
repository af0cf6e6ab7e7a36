"""A track's place in the mix: fader, inserts, sends."""

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.project import devices
from hardcore.project.samples import DEFAULT_SAMPLE, PLAYERS, SAMPLER, sample
from hardcore.project.values import EffectId, GainDb, Name, Pan, TrackId


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
    """What a midi track plays: a catalogue instrument and the settings that differ from its defaults.

    An instrument that plays samples always has one; others never have one.
    """

    device: str
    settings: Mapping[str, float] = {}
    sample: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _sampled(cls, values: Any) -> Any:
        """Give a sampler that names no sample, such as one stored before there were any, the default one."""
        if isinstance(values, Mapping) and values.get("device") in PLAYERS and values.get("sample") is None:
            return {**values, "sample": DEFAULT_SAMPLE}
        return values

    @model_validator(mode="after")
    def _known(self) -> "Instrument":
        device = devices.instrument(self.device)
        for name, value in self.settings.items():
            device.checked(name, value)
        if self.sample is not None:
            if device.id not in PLAYERS:
                raise UserError(f"{device.id} plays no samples", f"the instrument {SAMPLER} does")
            sample(self.sample)
        return self

    @property
    def chosen(self) -> dict[str, float]:
        """Return the values that differ from the catalogue's: those that come with the sample, then what was set."""
        own = {parameter.id for parameter in devices.instrument(self.device).parameters}
        controls = sample(self.sample).controls if self.sample else {}
        return {**{name: value for name, value in controls.items() if name in own}, **self.settings}

    def value(self, parameter: str) -> float:
        """Return a parameter's value: what was set, the sample's own, else the catalogue's. Raises UserError."""
        default = devices.instrument(self.device).parameter(parameter).default
        return self.chosen.get(parameter, default)
