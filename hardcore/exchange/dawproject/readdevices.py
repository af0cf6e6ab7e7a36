"""The devices of a DAWproject read: instruments and effects of ours, and the generic ones of the format."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hardcore.errors import UserError
from hardcore.exchange.dawproject.devices import BANDS, GENERIC, own_device, slots_of
from hardcore.exchange.dawproject.devicestate import DeviceState
from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.opened import Opened
from hardcore.exchange.losses import Losses
from hardcore.project import devices, tracks
from hardcore.project.device import Device
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.state import ProjectState
from hardcore.project.track import MOST_EFFECTS

DEVICES = (
    "Device", "BuiltinDevice", "Equalizer", "Compressor", "NoiseGate", "Limiter", "Vst2Plugin", "Vst3Plugin",
    "ClapPlugin", "AuPlugin",
)  # fmt: skip
_OWN = {element: device for device, (element, _) in GENERIC.items()}
Value = Callable[[float], float]


class Target(NamedTuple):
    """What a parameter of the file moves here: of a track, what belongs to it, and how a value is read."""

    track: str
    owner: str
    parameter: str
    low: float
    high: float
    value: Callable[[float, str], float]


class DeviceReader:
    """Reads the devices of channels; afterwards `strangers` has the midi tracks whose instrument is none of ours."""

    def __init__(self, package: Opened, losses: Losses, targets: dict[str, Target], track_of: dict[str, str]) -> None:
        self._package, self._losses = package, losses
        self._targets, self._track_of = targets, track_of
        self.strangers: list[str] = []

    def read(self, project: ProjectState, track_id: str, listed: Element | None) -> ProjectState:
        """Return the project with the devices of a track's channel."""
        track = project.find_track(track_id)
        has_instrument = False
        for device in listed if listed is not None else ():
            if device.tag not in DEVICES:
                continue
            if device.get("deviceRole") == "instrument" and track.kind == "midi" and not has_instrument:
                project = self._instrument(project, track_id, device)
                has_instrument = track_id not in self.strangers
            else:
                project = self._effect(project, track_id, device)
        if track.kind == "midi" and not has_instrument and track_id not in self.strangers:
            self.strangers.append(track_id)
        return project

    def _instrument(self, project: ProjectState, track_id: str, element: Element) -> ProjectState:
        name = project.find_track(track_id).name
        own = own_device(element.get("deviceID", ""))
        if own not in devices.instruments():
            self._losses.add("plug-ins", "another instrument plays instead", f"{_called(element)} of {name}")
            self.strangers.append(track_id)
            return project
        assert own is not None
        device, state = devices.instrument(own), self._state(element, name)
        try:
            instrument = Instrument(
                device=own, sample=state.sample, recording=state.recording, multisample=state.multisample
            )
        except ValueError:
            self._losses.add("samples", "they do not belong to their instrument", name)
            instrument = Instrument(device=own)
        chosen = self._values(element, device, track_id, track_id, name)
        settings = {one: value for one, value in chosen.items() if abs(instrument.value(one) - value) > 1e-9}
        made = instrument.evolve(settings=settings)
        role = state.role if self._has_state(element) else project.find_track(track_id).role
        return project.with_track(track_id, lambda track: track.evolve(instrument=made, role=role))

    def _has_state(self, element: Element) -> bool:
        return element.find("State") is not None

    def _state(self, element: Element, name: str) -> DeviceState:
        file = element.find("State")
        try:
            return self._package.state(file.get("path", "")) if file is not None else DeviceState()
        except UserError as error:
            self._losses.add("states of devices", error.message, name)
            return DeviceState()

    def _effect(self, project: ProjectState, track_id: str, element: Element) -> ProjectState:
        name = project.find_track(track_id).name
        own = _OWN.get(element.tag) or own_device(element.get("deviceID", ""))
        if own not in devices.effects():
            self._losses.add("plug-ins", "there is none here that does the same", f"{_called(element)} of {name}")
            return project
        assert own is not None
        if len(project.find_track(track_id).effects) == MOST_EFFECTS:
            self._losses.add("effects", f"{MOST_EFFECTS} on a track at most", name)
            return project
        project, effect_id = project.taken("e")
        new = Effect(id=effect_id, device=own)
        project = project.with_track(track_id, lambda track: track.evolve(effects=(*track.effects, new)))
        device = devices.effect(own)
        chosen = self._values(element, device, track_id, effect_id, name)
        settings = {one: value for one, value in chosen.items() if abs(device.parameter(one).default - value) > 1e-9}
        on = element.find("Enabled")
        off = on is not None and on.get("value") == "false"
        project = tracks.set_effect(project, track_id, effect_id, settings, bypass=off)
        side = self._track_of.get(self._state(element, name).side or "") if device.side else None
        listening = partial(tracks.set_effect, track_id=track_id, effect_id=effect_id, settings={}, side=side)
        return tried(project, listening, self._losses, name) if side is not None else project

    def _values(self, element: Element, device: Device, track: str, owner: str, name: str) -> dict[str, float]:
        """Return the values of a device of ours, each within its range; what is automated is noted."""
        found: dict[str, float] = {}
        slots = slots_of(device.id)
        listed: list[tuple[Element, str, Value]] = [
            (one, slots[parameter].parameter, slots[parameter].from_file)
            for parameter in slots
            for one in children(element, slots[parameter].element)
        ]
        known = {one.id for one in device.shown}
        given = children(element.find("Parameters"), "RealParameter")
        listed += [(one, one.get("name", ""), float) for one in given if one.get("name") in known]
        listed += self._banded(element, name) if device.id == "eq" else []
        for one, parameter_id, convert in listed:
            parameter = device.parameter(parameter_id)
            value = convert(numeral(one, "value", parameter.default))
            kept = min(max(value, parameter.low), parameter.high)
            if abs(kept - value) > 1e-9:
                self._losses.add("settings beyond our ranges", "the nearest value", f"{parameter_id} of {name}")
            found[parameter_id] = kept
            read = _whatever_unit(convert)
            target = Target(track, owner, parameter_id, parameter.low, parameter.high, read)
            self._targets[one.get("id", "")] = target
        return found

    def _banded(self, element: Element, name: str) -> list[tuple[Element, str, Value]]:
        """Return the parameters of an equalizer's bands, in the places that ours has for them."""
        found: list[tuple[Element, str, Value]] = []
        free = list(BANDS)
        for band in children(element, "Band"):
            place = next((one for one in free if one.type == band.get("type")), None)
            on = band.find("Enabled")
            if place is None:
                self._losses.add("bands of equalizers", "ours has no place for more", name)
                continue
            free.remove(place)
            if on is not None and on.get("value") == "false" and own_device(element.get("deviceID", "")) is None:
                continue  # our band does nothing at its defaults
            for child, parameter in (("Freq", place.freq), ("Gain", place.gain), ("Q", place.q)):
                if parameter is not None:
                    found += [(one, parameter, float) for one in children(band, child)]
        return found


def tried(
    project: ProjectState, change: Callable[[ProjectState], ProjectState], losses: Losses, name: str
) -> ProjectState:
    """Return the project with a routing that fits, and without one that does not, which is told."""
    try:
        return change(project)
    except UserError as error:
        losses.add("routings", error.message, name)
        return project


def _whatever_unit(convert: Value) -> Callable[[float, str], float]:
    """Return how a value is read that has one unit only."""
    return lambda value, unit: convert(value)


def _called(element: Element) -> str:
    return (element.get("deviceName") or element.get("name") or element.tag)[:40]
