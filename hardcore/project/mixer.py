"""A track's place in the mix: fader, inserts, sends."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.project import devices
from hardcore.project.device import Device
from hardcore.project.multisample import Load, Multisample, whole
from hardcore.project.plugin import Plugin, is_plugin
from hardcore.project.recording import Recording
from hardcore.project.samples import DEFAULT_SAMPLE, MULTISAMPLE, PLAYERS, SAMPLER, Sample, sample
from hardcore.project.values import EffectId, GainDb, Name, Pan, TrackId

Side = Literal["a", "b"]
FadeCurve = Literal["power", "linear", "cut"]


class Mixer(Model):
    """Fader and pan of a track; solo silences the tracks that are not soloed.

    side        the side of the crossfader that it is on, None: the crossfader does nothing to it
    mute_group  the number of the group that it is muted with, None: it is in none
    crossfade   of the master: where the crossfader stands, -1 (only side A) to 1 (only B)
    curve       of the master: both 3 dB down in the middle (power), 6 dB (linear), or both full up to there (cut)
    """

    gain_db: GainDb = 0.0
    pan: Pan = 0.0
    mute: bool = False
    solo: bool = False
    side: Side | None = None
    mute_group: Annotated[int, Field(ge=1, le=16)] | None = None
    crossfade: Pan = 0.0
    curve: FadeCurve = "power"


class Send(Model):
    """A copy of a track's sound to a return: after the fader, or before it (`pre`)."""

    target: TrackId
    gain_db: GainDb = -12.0
    pre: bool = False


class Effect(Model):
    """An insert of a track: a catalogue effect, the settings that differ from its defaults, its side-chain.

    `plugin` describes one that is a plug-in, so that it is known where its file is not.
    """

    id: EffectId
    device: str
    settings: Mapping[str, float] = {}
    bypass: bool = False
    side: TrackId | None = None
    plugin: Plugin | None = None

    @model_validator(mode="after")
    def _known(self) -> "Effect":
        _ensure_described(self.device, self.plugin, "effect")
        device = self.definition
        for name, value in self.settings.items():
            device.checked(name, value)
        return self

    @property
    def definition(self) -> Device:
        """Return what it is: a device of the catalogue, or a plug-in as it was when it was put on."""
        return devices.effect(self.device) if self.plugin is None else self.plugin.device

    def value(self, parameter: str) -> float:
        """Return a parameter's value: what was set, else the catalogue's default. Raises UserError."""
        return self.settings.get(parameter, self.definition.parameter(parameter).default)


class Instrument(Model):
    """What a midi track plays: a catalogue instrument and the settings that differ from its defaults.

    What plays samples always has a sample of the program's or a recording of the user's, or, the multisample, zones;
    others never have any. `program` is the General MIDI program, from 0, that a MIDI file said for it. `plugin`
    describes one that is a plug-in, so that it is known where its file is not.
    """

    device: str
    settings: Mapping[str, float] = {}
    sample: Name | None = None
    recording: Recording | None = None
    multisample: Multisample | None = None
    program: Annotated[int, Field(ge=0, le=127)] | None = None
    plugin: Plugin | None = None

    @model_validator(mode="before")
    @classmethod
    def _sampled(cls, values: Any) -> Any:
        """Give a sampler that names no sample, such as one stored before there were any, the default one."""
        if not isinstance(values, Mapping) or values.get("device") not in PLAYERS:
            return values
        if all(values.get(name) is None for name in ("sample", "recording", "multisample")):
            return {**values, "sample": DEFAULT_SAMPLE}
        return values

    @model_validator(mode="after")
    def _known(self) -> "Instrument":
        _ensure_described(self.device, self.plugin, "instrument")
        device = self.definition
        for name, value in self.settings.items():
            device.checked(name, value)
        if device.id not in PLAYERS and (self.sample is not None or self.recording is not None):
            raise UserError(f"{device.id} plays no samples", f"the instrument {SAMPLER} does")
        if self.multisample is not None and (device.id != MULTISAMPLE or self.sample or self.recording):
            raise UserError(f"zones belong to the {MULTISAMPLE}, and have their own sounds")
        if self.sample is not None:
            sample(self.sample)
            if self.recording is not None:
                raise UserError("a sampler plays one sound", f"{self.sample} or {self.recording.name}")
        return self

    @property
    def definition(self) -> Device:
        """Return what it is: a device of the catalogue, or a plug-in as it was when it was chosen."""
        return devices.instrument(self.device) if self.plugin is None else self.plugin.device

    @property
    def sound(self) -> Sample | Recording | Multisample | None:
        """Return what is sampled: a sample of the program's, a recording of the user's or zones; None for others."""
        return self.multisample or self.recording or (sample(self.sample) if self.sample else None)

    @property
    def recordings(self) -> Mapping[str, Recording]:
        """Return the user's own sounds that it plays, by key."""
        if self.multisample is not None:
            return self.multisample.recordings
        return {self.recording.key: self.recording} if self.recording is not None else {}

    @property
    def loads(self) -> Mapping[str, Load]:
        """Return every stretch of a sound that the engine needs for it, by key."""
        if self.multisample is not None:
            return self.multisample.loads
        if self.recording is not None:
            return {self.recording.key: Load(self.recording.key, None, self.recording)}
        return {whole(self.sample): Load(whole(self.sample), self.sample, None)} if self.sample else {}

    @property
    def chosen(self) -> dict[str, float]:
        """Return the values that differ from the catalogue's: those that come with the sample, then what was set."""
        own = {parameter.id for parameter in self.definition.parameters}
        controls = self.sound.controls if self.sound else {}
        return {**{name: value for name, value in controls.items() if name in own}, **self.settings}

    def value(self, parameter: str) -> float:
        """Return a parameter's value: what was set, the sample's own, else the catalogue's. Raises UserError."""
        default = self.definition.parameter(parameter).default
        return self.chosen.get(parameter, default)


def _ensure_described(device: str, plugin: Plugin | None, kind: str) -> None:
    """Raise UserError where a plug-in's description is missing, or is that of something else."""
    if is_plugin(device) != (plugin is not None):
        raise UserError(f"{device} has {'no' if plugin is None else 'a'} description of a plug-in")
    if plugin is not None and (plugin.id != device or plugin.kind != kind):
        raise UserError(f"{device} is described as the {plugin.kind} {plugin.id}")
