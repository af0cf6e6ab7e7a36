"""What the lights of controllers show: which one, and the state of what its mapping stands for."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hardcore.commands.core.line import resolve
from hardcore.commands.performance.bank import bank_of
from hardcore.commands.performance.devicemap import VALUE, DeviceMap, State, known_devices, read_device
from hardcore.commands.performance.maptarget import range_of, target_of
from hardcore.commands.performance.noterecorder import NoteRecorder
from hardcore.commands.performance.pads import slot_of
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.controlmap import ControlMap
from hardcore.project.hands import CONTROL, NOTE_ON, DeviceLights
from hardcore.project.launching import BESIDE, launched_scene
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.takeover import TOP
from hardcore.project.track import Track


def lights_of(studio: Studio) -> tuple[DeviceLights, ...]:
    """Return the lights of every controller that has some, as they are to be now."""
    devices = {name: _device(name) for name in {one.device for one in studio.controller.project.maps} if name}
    of: dict[str, DeviceMap] = {}
    by_port: dict[str, dict[tuple[int, int], int]] = {}
    for one in studio.controller.project.maps:
        device = devices.get(one.device or "")
        if device is None:
            continue
        port = one.port or device.port
        of[port] = device
        status, number, value = _light(studio, one, device)
        by_port.setdefault(port, {})[status, number] = value
    lights = {port: tuple((*place, value) for place, value in places.items()) for port, places in by_port.items()}
    return tuple(DeviceLights(port, of[port].port, of[port].first_messages, lights[port]) for port in by_port)


def _device(name: str) -> DeviceMap | None:
    """Return a device map; one that is gone or wrong has no lights."""
    path = known_devices().get(name)
    try:
        return None if path is None else _read(path, path.stat().st_mtime_ns)
    except (HardcoreError, OSError):
        return None


@lru_cache(maxsize=32)
def _read(path: Path, changed_ns: int) -> DeviceMap:
    return read_device(path)


def _light(studio: Studio, one: ControlMap, device: DeviceMap) -> tuple[int, int, int]:
    """Return status byte, number and value of a mapping's light."""
    try:
        state = state_of(studio, one, bank_of(studio).line(studio.controller.project, one.target))
    except HardcoreError:  # beyond the last track or scene
        state = "empty"
    shade = state if isinstance(state, int) else device.palette.get(one.lights or "", {}).get(state, 0)
    channel, value = shade if isinstance(shade, tuple) else (one.channel or 1, shade)
    return (CONTROL if one.message == "cc" else NOTE_ON) | (channel - 1), one.number, value


def state_of(studio: Studio, one: ControlMap, line: str) -> State | int:
    """Return the state of what a mapping's line, as the bank is now, stands for; 0–127 where its light is a value.

    Raises HardcoreError for a line whose track or scene is not there.
    """
    project = studio.controller.project
    if one.lights == VALUE:
        target = target_of(project, line)
        return "off" if target is None else round(range_of(one, target).share(target.value) * TOP)
    name, values = _parsed(line)
    now = studio.player.latest() if studio.player is not None else Playback()
    recorder = studio.recall(NoteRecorder)
    if name == "launch press" and recorder is not None and recorder.into == values["target"]:
        return "recording"
    if name in ("launch", "launch press"):
        return _launched(project, now, values["target"])
    if name == "bank choose":
        chosen = project.find_track(values["track"])
        return "on" if chosen.id == bank_of(studio).chosen else "off"
    return "on" if _is_on(project, now, name, values) else "off"


@lru_cache(maxsize=4096)
def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    """Return the command of a line and its arguments: lights are looked at often, and their lines are few."""
    resolved = resolve(f"/{line}")
    return ("", {}) if resolved is None else (resolved[0].name, resolved[1])


def _launched(project: ProjectState, now: Playback, target: str) -> State:
    if target.casefold() in BESIDE:
        return "off"
    track, clip = slot_of(project, target)
    if track is None:
        return _scene(project, now, target)
    if clip is None:
        return "empty"
    return _clip(now, track, clip.id)


def _clip(now: Playback, track: Track, clip: str) -> State:
    waiting, begun = now.queue.get(track.id), now.clips.get(track.id)
    if waiting is not None and waiting.clip == clip and waiting.repeat is None:
        return "queued"
    return "playing" if now.playing and begun is not None and begun.clip == clip else "stopped"


def _scene(project: ProjectState, now: Playback, target: str) -> State:
    scene = project.find_scene(target)
    if not scene.slots:
        return "empty"
    if launched_scene(project, now.queue) is scene:
        return "queued"
    return "playing" if now.playing and launched_scene(project, now.clips) is scene else "stopped"


def _is_on(project: ProjectState, now: Playback, name: str, values: Mapping[str, Any]) -> bool:
    if name in ("track mute", "track solo"):
        tracks = project.find_tracks(values["tracks"])
        return all(track.mixer.mute if name == "track mute" else track.mixer.solo for track in tracks)
    return now.playing if name == "play" else now.metronome if name == "metronome" else False
