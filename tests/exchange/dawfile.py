"""A reader of DAWproject files, written from the schemas alone: the mixer, and what sounds when, in quarters."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[2]
# beside a checkout
SCHEMAS = next(
    (folder / "shared" / "dawproject" for folder in ROOT.parents if (folder / "shared/dawproject").is_dir()), None
)
DEVICES = (
    "Device", "Vst2Plugin", "Vst3Plugin", "ClapPlugin", "BuiltinDevice", "Equalizer", "Compressor", "NoiseGate",
    "Limiter", "AuPlugin",
)  # fmt: skip


class Played(NamedTuple):
    """A note that sounds, in quarters."""

    track: str
    time: float
    duration: float
    key: int
    velocity: float


class Heard(NamedTuple):
    """A stretch of a sound: when and how long in quarters, from where in the sound in seconds, at which tempo of it."""

    track: str
    time: float
    duration: float
    from_s: float
    file: str
    bpm: float | None
    gain_db: float


@dataclass
class Channel:
    """A track with its channel; `parent` is the track around it, `into` the track that its channel feeds."""

    name: str
    content: str
    parent: str | None
    role: str
    into: str | None
    volume: float
    pan: float
    mute: bool
    solo: bool
    sends: list[tuple[str, str, float]]
    devices: list[tuple[str, str, bool, dict[str, float]]]


class DawFile:
    """A DAWproject that was written by anybody."""

    def __init__(self, path: Path) -> None:
        with ZipFile(path) as package:
            self.names = package.namelist()
            self.text = package.read("project.xml").decode()
            self.metadata = package.read("metadata.xml").decode()
        self.root = ElementTree.fromstring(self.text)
        self._parents = {child: parent for parent in self.root.iter() for child in parent}
        self._by_id = {one.get("id"): one for one in self.root.iter() if one.get("id")}

    def channels(self) -> list[Channel]:
        """Return the tracks in their order."""
        return [self._channel(track) for track in self.root.iter("Track")]

    def _channel(self, track: Element) -> Channel:
        channel = _only(track, "Channel")
        around = self._parents[track]
        into = channel.get("destination")
        sends = [
            (
                self._owner(one.attrib["destination"]), one.get("type", "post"),
                float(_only(one, "Volume").attrib["value"]),
            )
            for one in channel.findall("Sends/Send")
        ]  # fmt: skip
        devices = [_device(one) for one in channel.findall("Devices/*") if one.tag in DEVICES]
        return Channel(
            track.attrib["name"], track.get("contentType", ""), around.get("name") if around.tag == "Track" else None,
            channel.get("role", ""), self._owner(into) if into else None,
            float(_only(channel, "Volume").attrib["value"]), float(_only(channel, "Pan").attrib["value"]),
            _only(channel, "Mute").get("value") == "true", channel.get("solo") == "true", sends, devices,
        )  # fmt: skip

    def _owner(self, channel: str) -> str:
        return self._parents[self._by_id[channel]].attrib["name"]

    def tempos(self) -> list[tuple[float, float, str]]:
        """Return the points of the tempo: quarter, BPM, and how it goes on."""
        points = self.root.findall("Arrangement/TempoAutomation/RealPoint")
        return [(float(p.attrib["time"]), float(p.attrib["value"]), p.get("interpolation", "hold")) for p in points]

    def meters(self) -> list[tuple[float, int, int]]:
        """Return the points of the meter: quarter, numerator, denominator."""
        points = self.root.findall("Arrangement/TimeSignatureAutomation/TimeSignaturePoint")
        return [(float(p.attrib["time"]), int(p.attrib["numerator"]), int(p.attrib["denominator"])) for p in points]

    def markers(self) -> list[tuple[float, str]]:
        """Return where the markers are, in quarters, and their names."""
        return [(float(m.attrib["time"]), m.attrib["name"]) for m in self.root.findall("Arrangement/Markers/Marker")]

    def slots(self) -> dict[str, dict[str, str]]:
        """Return the name of the clip in every slot, by scene and track."""
        return {
            scene.attrib["name"]: {
                self._by_id[slot.attrib["track"]].attrib["name"]: _only(slot, "Clip").attrib["name"]
                for slot in scene.iter("ClipSlot")
            }
            for scene in self.root.findall("Scenes/Scene")
        }

    def envelopes(self) -> dict[tuple[str, str], list[tuple[float, float, str]]]:
        """Return the automation along the song: by track and the name of what moves, points of quarter and value."""
        found = {}
        for lane in self.root.findall("Arrangement/Lanes/Lanes"):
            for points in lane.findall("Points"):
                target = self._by_id[_only(points, "Target").attrib["parameter"]]
                parent = self._parents[target].tag
                name = parent if parent == "Send" else target.get("name") or target.tag
                found[self._by_id[lane.attrib["track"]].attrib["name"], name] = [
                    (float(p.attrib["time"]), float(p.attrib["value"]), p.attrib["interpolation"])
                    for p in points.findall("RealPoint")
                ]
        return found

    def notes(self) -> list[Played]:
        """Return every note of the arrangement as it sounds, clips unrolled."""
        found = []
        for track, clip in self._clips():
            end = float(clip.attrib["time"]) + float(clip.attrib["duration"])
            for now, begin, stop in _passes(clip):
                for note in clip.iter("Note"):
                    if begin - 1e-9 <= (place := float(note.attrib["time"])) < stop - 1e-9:
                        time = now + place - begin
                        duration = min(float(note.attrib["duration"]), end - time)
                        found.append(Played(track, time, duration, int(note.attrib["key"]), float(note.attrib["vel"])))
        return sorted(found)

    def audio(self) -> list[Heard]:
        """Return every stretch of sound in the arrangement, clips unrolled."""
        found = []
        for track, clip in self._clips():
            for now, begin, stop in _passes(clip):
                for piece in clip.findall(".//Clips/Clip"):
                    first = float(piece.attrib["time"])
                    low, high = max(first, begin), min(first + float(piece.attrib["duration"]), stop)
                    if low < high - 1e-9:
                        found.append(_heard(track, now + low - begin, high - low, low - first, piece))
        return sorted(found)

    def _clips(self) -> Iterator[tuple[str, Element]]:
        for lane in self.root.findall("Arrangement/Lanes/Lanes"):
            for clip in lane.findall("Clips/Clip"):
                yield self._by_id[lane.attrib["track"]].attrib["name"], clip


def _only(element: Element, name: str) -> Element:
    (found,) = element.findall(name)
    return found


def _device(device: Element) -> tuple[str, str, bool, dict[str, float]]:
    values = {
        one.get("name") or one.tag: float(one.attrib["value"])
        for one in (*device.findall("Parameters/RealParameter"), *device)
        if "unit" in one.attrib
    }
    for place, band in enumerate(device.findall("Band")):
        values |= {
            f"{band.attrib['type']} {place} {one.tag}": float(one.attrib["value"])
            for one in band
            if "unit" in one.attrib
        }
    return device.tag, device.attrib["deviceName"], _only(device, "Enabled").get("value") == "true", values


def _passes(clip: Element) -> Iterator[tuple[float, float, float]]:
    """Yield the passes of a clip: when each begins in the song, and which part of the content it plays."""
    now, end = float(clip.attrib["time"]), float(clip.attrib["time"]) + float(clip.attrib["duration"])
    begin = float(clip.get("playStart", 0))
    low, high = float(clip.get("loopStart", 0)), float(clip.get("loopEnd", "inf"))
    while now < end - 1e-9:
        stop = min(high, begin + end - now)
        yield now, begin, stop
        now, begin = now + stop - begin, low


def _heard(track: str, time: float, duration: float, into: float, piece: Element) -> Heard:
    file = next(piece.iter("File")).attrib["path"]
    warps = [(float(w.attrib["time"]), float(w.attrib["contentTime"])) for w in piece.iter("Warp")]
    begin, bpm = float(piece.get("playStart", 0)), None
    if warps:
        (t0, c0), *_, (t1, c1) = warps
        bpm = 60 * (t1 - t0) / (c1 - c0)
        begin = c0 + (begin + into - t0) * (c1 - c0) / (t1 - t0)
    gain = next((float(_only(p, "RealPoint").attrib["value"]) for p in piece.iter("Points")
                 if _only(p, "Target").get("expression") == "gain"), 0.0)  # fmt: skip
    return Heard(track, time, duration, begin, file, bpm, gain)
