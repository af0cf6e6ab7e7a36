"""The mixer of a DAWproject read: tracks, groups, returns, faders, sends and devices, as pure edits of a project."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hardcore.errors import UserError
from hardcore.exchange.dawproject.devices import BANDS, GENERIC, own_device, slots_of
from hardcore.exchange.dawproject.devicestate import DeviceState
from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.opened import Opened
from hardcore.exchange.dawproject.units import decibels, pan_of
from hardcore.exchange.losses import Losses
from hardcore.project import devices, tracks
from hardcore.project.automation import FADER, SEND
from hardcore.project.device import Device
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.roles import ROLES, Role
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import MOST_EFFECTS, TrackKind

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


class Row(NamedTuple):
    """A track of the file: its element, its channel, and the id of the one around it."""

    track: Element
    channel: Element | None
    around: str | None


def label(element: Element, other: str) -> str:
    """Return the name of an element as a name of ours; `other` where it has none."""
    return " ".join("".join(one if one.isprintable() else " " for one in element.get("name", "")).split())[:60] or other


class MixerReader:
    """Reads the structure. Afterwards `track_of` has our track by the file's id, `targets` what automation may move."""

    def __init__(self, document: Element, package: Opened, losses: Losses) -> None:
        self._document, self._package, self._losses = document, package, losses
        self.track_of: dict[str, str] = {}
        self.targets: dict[str, Target] = {}
        # midi tracks whose instrument is none of ours
        self.strangers: list[str] = []
        holding = document.findall(".//Lanes[@track]") + document.findall(".//ClipSlot[@track]")
        self._noted = {one.get("track") for one in holding if one.find(".//Note") is not None}

    def read(self, project: ProjectState) -> ProjectState:
        """Return the project with the tracks of the file."""
        rows = list(self._rows())
        for row in rows:
            project = self._added(project, row)
        for row in rows:
            if (track_id := self.track_of.get(row.track.get("id", ""))) is not None:
                project = self._routed(project, row, track_id)
                project = self._devices(project, row, track_id)
        return project

    def _rows(self, parent: Element | None = None, around: str | None = None) -> Iterator[Row]:
        structure = self._document.find("Structure") if parent is None else parent
        for element in structure if structure is not None else ():
            if element.tag == "Track":
                yield Row(element, element.find("Channel"), around)
                yield from self._rows(element, element.get("id"))
            elif element.tag == "Channel" and parent is None:
                yield Row(element, element, around)

    def _kind(self, row: Row) -> TrackKind:
        role = row.channel.get("role", "") if row.channel is not None else ""
        content = row.track.get("contentType", "").split()
        if row.track.find("Track") is not None or "tracks" in content or role == "submix":
            return "group"
        if role == "master":
            return "master"
        if role == "effect" or row.track.tag == "Channel":
            return "return"
        noted = row.track.get("id") in self._noted
        return "midi" if noted or ("notes" in content and "audio" not in content) else "audio"

    def _added(self, project: ProjectState, row: Row) -> ProjectState:
        kind, name = self._kind(row), label(row.track, "track")
        if row.channel is not None and row.channel.get("role") == "vca":
            self._losses.add("VCA tracks", "there are none here", name)
            return project
        if kind == "master" and MASTER_ID not in self.track_of.values():
            track_id = MASTER_ID
            project = tracks.rename_track(project, MASTER_ID, tracks.free_name(_unnamed(project), name))
        else:
            kind = "group" if kind == "master" else kind
            project, track_id = tracks.add_track(project, name, kind, role=_role(name) if kind == "midi" else None)
            place = len(project.tracks) - 1  # in the order of the file, the master last
            project = tracks.move_track(project, track_id, place)
        for element in (row.track, row.channel):
            if element is not None and element.get("id"):
                self.track_of[element.attrib["id"]] = track_id
        return project if row.channel is None else self._fader(project, row.channel, track_id)

    def _fader(self, project: ProjectState, channel: Element, track_id: str) -> ProjectState:
        volume, pan, mute = channel.find("Volume"), channel.find("Pan"), channel.find("Mute")
        changes: dict[str, float | bool] = {
            "mute": mute is not None and mute.get("value") == "true", "solo": channel.get("solo") == "true"
        }  # fmt: skip
        for element, parameter, read in ((volume, "gain_db", gain), (pan, "pan", panned(pan))):
            if element is not None:
                changes[parameter] = read(numeral(element, "value", 1.0), element.get("unit", ""))
                known = FADER[parameter]
                self._target(element, track_id, track_id, parameter, known.low, known.high, read)
        return project.with_mixer(track_id, **changes)

    def _target(
        self, element: Element, track: str, owner: str, parameter: str, low: float, high: float,
        value: Callable[[float, str], float],
    ) -> None:  # fmt: skip
        if element.get("id"):
            self.targets[element.attrib["id"]] = Target(track, owner, parameter, low, high, value)

    def _routed(self, project: ProjectState, row: Row, track_id: str) -> ProjectState:
        name = project.find_track(track_id).name
        channel = row.channel
        into = self.track_of.get(channel.get("destination", "") if channel is not None else "")
        around = self.track_of.get(row.around or "")
        if track_id != MASTER_ID:
            for output in (into, around):
                if output is not None and project.find_track(output).kind in ("group", "master"):
                    change = partial(tracks.route, track_id=track_id, output_id=output)
                    project = self._tried(project, change, name)
                    break
        for send in children(channel.find("Sends") if channel is not None else None, "Send"):
            volume, target = send.find("Volume"), self.track_of.get(send.get("destination", ""))
            if target is None or volume is None or project.find_track(target).kind != "return":
                self._losses.add("sends", "they lead to no return", name)
                continue
            level, pre = gain(numeral(volume, "value"), volume.get("unit", "")), send.get("type") == "pre"
            change = partial(tracks.set_send, track_id=track_id, target_id=target, gain_db=level, pre=pre)
            project = self._tried(project, change, name)
            self._target(volume, track_id, track_id, SEND + target, -96, 24, gain)
        return project

    def _tried(self, project: ProjectState, change: Callable[[ProjectState], ProjectState], name: str) -> ProjectState:
        try:
            return change(project)
        except UserError as error:
            self._losses.add("routings", error.message, name)
            return project

    def _devices(self, project: ProjectState, row: Row, track_id: str) -> ProjectState:
        track = project.find_track(track_id)
        has_instrument = False
        for device in row.channel.find("Devices") or () if row.channel is not None else ():
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
        side = self.track_of.get(self._state(element, name).side or "") if device.side else None
        listening = partial(tracks.set_effect, track_id=track_id, effect_id=effect_id, settings={}, side=side)
        return self._tried(project, listening, name) if side is not None else project

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
            self._target(one, track, owner, parameter_id, parameter.low, parameter.high, _whatever_unit(convert))
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


def gain(value: float, unit: str) -> float:
    """Return a level in decibels, within what a fader does."""
    return min(max(value, -96.0), 24.0) if unit == "decibel" else decibels(value)


def panned(element: Element | None) -> Callable[[float, str], float]:
    """Return how a pan is read: 0 … 1, or, where its range says so, −1 … 1."""
    signed = element is not None and numeral(element, "min") < 0
    wide = element is not None and element.get("unit") == "percent"
    full = 100.0 if wide else 1.0
    return lambda value, unit: min(max(value / full, -1.0), 1.0) if signed else pan_of(value / full)


def _whatever_unit(convert: Value) -> Callable[[float, str], float]:
    """Return how a value is read that has one unit only."""
    return lambda value, unit: convert(value)


def _unnamed(project: ProjectState) -> ProjectState:
    """Return the project without its master, whose name is free then."""
    return project.evolve(tracks=project.tracks[:-1])


def _role(name: str) -> Role | None:
    key = name.casefold().replace(" ", "_").replace("-", "_")
    return next((role for role in ROLES if role == key), None)


def _called(element: Element) -> str:
    return (element.get("deviceName") or element.get("name") or element.tag)[:40]
