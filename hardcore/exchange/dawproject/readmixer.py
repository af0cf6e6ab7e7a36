"""The mixer of a DAWproject read: tracks, groups, returns, faders, sends and devices, as pure edits of a project."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.opened import Opened
from hardcore.exchange.dawproject.readdevices import DeviceReader, Target, tried
from hardcore.exchange.dawproject.units import decibels, pan_of
from hardcore.exchange.losses import Losses
from hardcore.project import tracks
from hardcore.project.automation import FADER, SEND
from hardcore.project.roles import ROLES, Role
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import TrackKind


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
        self._document, self._losses = document, losses
        self.track_of: dict[str, str] = {}
        self.targets: dict[str, Target] = {}
        self.devices = DeviceReader(package, losses, self.targets, self.track_of)
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
                devices = row.channel.find("Devices") if row.channel is not None else None
                project = self.devices.read(project, track_id, devices)
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
                target = Target(track_id, track_id, parameter, known.low, known.high, read)
                self.targets[element.get("id", "")] = target
        return project.with_mixer(track_id, **changes)

    def _routed(self, project: ProjectState, row: Row, track_id: str) -> ProjectState:
        name = project.find_track(track_id).name
        channel = row.channel
        into = self.track_of.get(channel.get("destination", "") if channel is not None else "")
        around = self.track_of.get(row.around or "")
        if track_id != MASTER_ID:
            for output in (into, around):
                if output is not None and project.find_track(output).kind in ("group", "master"):
                    change = partial(tracks.route, track_id=track_id, output_id=output)
                    project = tried(project, change, self._losses, name)
                    break
        for send in children(channel.find("Sends") if channel is not None else None, "Send"):
            volume, target = send.find("Volume"), self.track_of.get(send.get("destination", ""))
            if target is None or volume is None or project.find_track(target).kind != "return":
                self._losses.add("sends", "they lead to no return", name)
                continue
            level, pre = gain(numeral(volume, "value"), volume.get("unit", "")), send.get("type") == "pre"
            change = partial(tracks.set_send, track_id=track_id, target_id=target, gain_db=level, pre=pre)
            project = tried(project, change, self._losses, name)
            level_range = FADER["gain_db"].low, FADER["gain_db"].high
            self.targets[volume.get("id", "")] = Target(track_id, track_id, SEND + target, *level_range, gain)
        return project


def gain(value: float, unit: str) -> float:
    """Return a level in decibels, within what a fader does."""
    return min(max(value, -96.0), 24.0) if unit == "decibel" else decibels(value)


def panned(element: Element | None) -> Callable[[float, str], float]:
    """Return how a pan is read: 0 … 1, or, where its range says so, −1 … 1."""
    signed = element is not None and numeral(element, "min") < 0
    wide = element is not None and element.get("unit") == "percent"
    full = 100.0 if wide else 1.0
    return lambda value, unit: min(max(value / full, -1.0), 1.0) if signed else pan_of(value / full)


def _unnamed(project: ProjectState) -> ProjectState:
    """Return the project without its master, whose name is free then."""
    return project.evolve(tracks=project.tracks[:-1])


def _role(name: str) -> Role | None:
    key = name.casefold().replace(" ", "_").replace("-", "_")
    return next((role for role in ROLES if role == key), None)
