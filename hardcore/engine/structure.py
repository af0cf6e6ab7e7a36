"""The mixer as scsynth requests: groups in routing order, effects, strips, sends, taps.

One track is one group: notes, effects in order, sends before the fader, the fader, sends after it, the way out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, message
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import EngineError
from hardcore.project.mixer import Effect, Send
from hardcore.project.recording import located
from hardcore.project.recordings import recordings
from hardcore.project.routing import order
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

ADD_TO_TAIL = 1
# What a sound whose file is missing plays.
SILENT_FRAMES = 64


class Tap(NamedTuple):
    """A copy of a track to the hardware channel `channel` and the next: of its output, after effects and fader.

    A tap of the master is taken from what arrives there, before its effects: the pre-master mix.
    """

    track_id: str
    channel: int


def definitions(project: ProjectState) -> list[bytes]:
    """Return one /d_recv for every SynthDef the project needs, in alphabetical order."""
    names = {"strip", "route", "guard", "tap"}
    for track in project.tracks:
        names |= {effect.device for effect in track.effects if not effect.bypass}
        if track.instrument:
            names.add(track.instrument.device)
    return [message("/d_recv", synthdef_bytes(name)) for name in sorted(names)]


def buffers(project: ProjectState, places: Mapping[str, Path] | None = None) -> list[bytes]:
    """Return one request for every sound the project's samplers play, by buffer number.

    They belong after the SynthDefs and before the first note. `places` says where the user's own sounds lie, by hash;
    one that is nowhere gets an empty buffer, which plays silence. Raises EngineError if a sample of ours is gone.
    """
    names = {track.instrument.sample for track in project.tracks if track.instrument and track.instrument.sample}
    requests = []
    for name in sorted(names, key=nodes.buffer):
        path = sample(name).path
        if not path.is_file():
            raise EngineError(f"the sound of the sample {name} is missing", f"expected {path}; install hardcore again")
        requests.append(message("/b_allocRead", nodes.buffer(name), str(path), 0, 0))
    return requests + _recordings(project, places)


def _recordings(project: ProjectState, places: Mapping[str, Path] | None) -> list[bytes]:
    known = recordings(project)
    requests = []
    for sha256, number in sorted(nodes.recording_buffers(project).items(), key=lambda item: item[1]):
        path = located(known[sha256], places)
        if path is None:
            requests.append(message("/b_alloc", number, SILENT_FRAMES, known[sha256].channels))
        else:
            requests.append(message("/b_allocRead", number, str(path), 0, 0))
    return requests


def structure(project: ProjectState, outputs: int, taps: tuple[Tap, ...] = ()) -> list[bytes]:
    """Return the requests that build the whole mixer; the master ends on hardware channels 0 and 1.

    `outputs` is the engine's number of hardware channels.
    """
    bus = nodes.buses(project, outputs)
    heard = audible(project)
    requests: list[bytes] = []
    for track in order(project):
        requests += _track(track, bus, track.id in heard, [tap for tap in taps if tap.track_id == track.id])
    return requests


def audible(project: ProjectState) -> set[str]:
    """Return the ids of tracks that are not silenced: not muted, and soloed when anything is.

    A solo keeps what the soloed track feeds and what feeds it; returns and the master always stay open.
    """
    open_tracks = {track.id for track in project.tracks if not track.mixer.mute}
    soloed = {track.id for track in project.tracks if track.mixer.solo}
    if not soloed:
        return open_tracks
    outputs = {track.id: track.output for track in project.tracks}
    kept = set(soloed)
    for track in project.tracks:
        path = _path(track.id, outputs)
        if soloed & set(path):
            kept.add(track.id)
        if track.id in soloed:
            kept |= set(path)
        if track.kind in ("return", "master"):
            kept.add(track.id)
    return kept & open_tracks


def _path(track_id: str, outputs: Mapping[str, str | None]) -> list[str]:
    """Return the track and everything it flows through to the master."""
    path = [track_id]
    while (after := outputs.get(path[-1])) is not None:
        path.append(after)
    return path


def _track(track: Track, bus: Mapping[str, int], heard: bool, taps: list[Tap]) -> list[bytes]:
    group, own = nodes.track_group(track.id), bus[track.id]
    requests = [
        message("/g_new", group, ADD_TO_TAIL, nodes.ROOT),
        message("/g_new", nodes.source_group(track.id), ADD_TO_TAIL, group),
    ]
    tapped = [
        message("/s_new", "tap", nodes.tap_node(track.id), ADD_TO_TAIL, group, "bus", own, "out", tap.channel)
        for tap in taps
    ]
    requests += tapped if track.kind == "master" else []
    requests += [_effect(effect, group, own, bus) for effect in track.effects if not effect.bypass]
    sends = list(enumerate(track.sends))
    requests += [_send(track, place, send, group, own, bus, heard) for place, send in sends if send.pre]
    strip: list[Argument] = [
        "bus",
        own,
        "gain_db",
        float(track.mixer.gain_db),
        "pan",
        float(track.mixer.pan),
        "mute",
        int(not heard),
    ]
    requests.append(message("/s_new", "strip", nodes.strip_node(track.id), ADD_TO_TAIL, group, *strip))
    requests += [_send(track, place, send, group, own, bus, True) for place, send in sends if not send.pre]
    requests += [] if track.kind == "master" else tapped
    if track.kind == "master":
        requests.append(message("/s_new", "guard", nodes.guard_node(track.id), ADD_TO_TAIL, group, "bus", own))
    out = 0 if track.output is None else bus[track.output]
    route = nodes.route_node(track.id)
    requests.append(message("/s_new", "route", route, ADD_TO_TAIL, group, "bus", own, "out", out))
    return requests


def _effect(effect: Effect, group: int, own: int, bus: Mapping[str, int]) -> bytes:
    controls: list[Argument] = ["bus", own]
    if effect.side is not None:
        controls += ["side", bus[effect.side]]
    for name, value in sorted(effect.settings.items()):
        controls += [name, float(value)]
    return message("/s_new", effect.device, nodes.effect_node(effect.id), ADD_TO_TAIL, group, *controls)


def _send(track: Track, place: int, send: Send, group: int, own: int, bus: Mapping[str, int], heard: bool) -> bytes:
    # A muted track is silent in its sends before the fader too: mute means mute.
    gain_db = float(send.gain_db) if heard else -200.0
    node = nodes.FIRST_SEND + nodes.number(track.id) * 64 + place
    controls = ("bus", own, "out", bus[send.target], "gain_db", gain_db)
    return message("/s_new", "route", node, ADD_TO_TAIL, group, *controls)
