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
from hardcore.project.mixer import Effect, Instrument, Send
from hardcore.project.multisample import Load
from hardcore.project.recording import located
from hardcore.project.routing import order
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

AT_HEAD, ADD_TO_TAIL, BEFORE, AFTER = range(4)
# The SynthDefs beside its own that a multisample plays with; the second where zones of it are slices.
LOOPED, SLICED = "multisample_loop", "multisample_slice"
REGION, FADE = "region", "fade"
# How the controls of `fade` say them.
SIDES, CURVES = ("a", "b"), ("power", "linear", "cut")
# What a sound whose file is missing plays.
SILENT_FRAMES = 64
Cued = frozenset[str]
NOTHING_CUED: Cued = frozenset()


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
        names |= {effect.device for effect in _working(track)}
        if track.instrument:
            names |= {track.instrument.device, *_zone_players(track.instrument)}
        names |= {REGION} if track.region_loads else set()
        names |= {FADE} if track.mixer.side is not None else set()
    return [message("/d_recv", synthdef_bytes(name)) for name in sorted(names)]


def _zone_players(instrument: Instrument) -> list[str]:
    """Return the SynthDefs beside its own that an instrument of zones plays with; none for others."""
    played = instrument.multisample
    if played is None:
        return []
    return [LOOPED, SLICED] if any(zone.mode == "slice" for zone in played.zones) else [LOOPED]


def buffers(project: ProjectState, places: Mapping[str, Path] | None = None) -> list[bytes]:
    """Return one request for every sound the project's samplers play, by buffer number.

    They belong after the SynthDefs and before the first note; audio clips have theirs when they are played. `places`
    says where the user's own sounds are played from, by key, else each is looked for; one that is nowhere gets an empty
    buffer, which plays silence. Raises EngineError if a sample of ours is gone.
    """
    later = project.region_loads
    found = [(nodes.load_buffer(project, load), load) for key, load in project.loads.items() if key not in later]
    paths: dict[str, Path | None] = {}
    return [loaded(number, load, paths, places) for number, load in sorted(found, key=lambda pair: pair[0])]


def loaded(number: int, load: Load, paths: dict[str, Path | None], places: Mapping[str, Path] | None) -> bytes:
    """Return the request that loads a sound; `paths` keeps where those lie that were looked for. Raises EngineError."""
    if load.sample is not None:
        ours = sample(load.sample).path
        if not ours.is_file():
            raise EngineError(
                f"the sound of the sample {load.sample} is missing", f"expected {ours}; install hardcore again"
            )
        return message("/b_allocRead", number, str(ours), load.first, load.frames)
    assert load.recording is not None
    known = load.recording
    if known.key not in paths:
        paths[known.key] = located(known) if places is None else places.get(known.key)
    path = paths[known.key]
    if path is None:
        return message("/b_alloc", number, SILENT_FRAMES, known.channels)
    return message("/b_allocRead", number, str(path), load.first, load.frames)


class Node(NamedTuple):
    """A synth of the mixer: its SynthDef and the controls it starts with."""

    id: int
    name: str
    controls: tuple[tuple[str, int | float], ...]


class Branch(NamedTuple):
    """A track's group: the group of its notes first, then its synths in order."""

    group: int
    source: int
    nodes: tuple[Node, ...]


def structure(project: ProjectState, outputs: int, taps: tuple[Tap, ...] = ()) -> list[bytes]:
    """Return the requests that build the whole mixer; the master ends on hardware channels 0 and 1.

    `outputs` is the engine's number of hardware channels.
    """
    requests: list[bytes] = []
    for branch in branches(project, outputs, taps):
        requests.append(message("/g_new", branch.group, ADD_TO_TAIL, nodes.ROOT))
        requests.append(message("/g_new", branch.source, ADD_TO_TAIL, branch.group))
        requests += [new_synth(node, ADD_TO_TAIL, branch.group) for node in branch.nodes]
    return requests


def new_synth(node: Node, action: int, target: int) -> bytes:
    """Return the request that starts a node of the mixer at a place of the tree."""
    controls: list[Argument] = [part for pair in node.controls for part in pair]
    return message("/s_new", node.name, node.id, action, target, *controls)


def branches(
    project: ProjectState, outputs: int, taps: tuple[Tap, ...] = (), *, meters: bool = False, cued: Cued = NOTHING_CUED
) -> list[Branch]:
    """Return the mixer as one branch a track, in the order in which they must be computed.

    cued   tracks that are copied to the cue, after their effects and before their faders
    """
    bus = nodes.buses(project, outputs)
    heard = audible(project)
    return [
        _branch(
            project,
            track,
            bus,
            track.id in heard,
            [tap for tap in taps if tap.track_id == track.id],
            meters,
            track.id in cued,
        )
        for track in order(project)
    ]


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


def _branch(
    project: ProjectState, track: Track, bus: Mapping[str, int], heard: bool, taps: list[Tap], meters: bool,
    cued: bool,
) -> Branch:  # fmt: skip
    own = bus[track.id]
    tapped = [Node(nodes.tap_node(track.id), "tap", (("bus", own), ("out", tap.channel))) for tap in taps]
    master = track.kind == "master"
    made = tapped if master else []
    made = made + [_effect(effect, own, bus) for effect in _working(track)]
    made += [_cue(track, own)] if cued else []
    made += [_send(track, send, bus, heard) for send in track.sends if send.pre]
    fader = (("gain_db", float(track.mixer.gain_db)), ("pan", float(track.mixer.pan)), ("mute", int(not heard)))
    made.append(Node(nodes.strip_node(track.id), "strip", (("bus", own), *fader)))
    made += _fade(project, track, own)
    made += [_send(track, send, bus, True) for send in track.sends if not send.pre]
    made += [] if master else tapped
    # The master is measured before its guard: after it nothing would ever be seen to clip.
    meter = Node(nodes.meter_node(track.id), "meter", (("bus", own), ("id", nodes.number(track.id))))
    made += [meter] if meters else []
    made += [Node(nodes.guard_node(track.id), "guard", (("bus", own),))] if master else []
    out = 0 if track.output is None else bus[track.output]
    made.append(Node(nodes.route_node(track.id), "route", (("bus", own), ("out", out))))
    return Branch(nodes.track_group(track.id), nodes.source_group(track.id), tuple(made))


def _cue(track: Track, own: int) -> Node:
    """Return the node that copies a track to the cue. Where somebody listens, nothing is tapped for files."""
    return Node(nodes.tap_node(track.id), "tap", (("bus", own), ("out", nodes.CUE_BUS)))


def _fade(project: ProjectState, track: Track, own: int) -> list[Node]:
    """Return the node of a track that is on a side of the crossfader."""
    if track.mixer.side is None:
        return []
    master = project.master.mixer
    how = (("crossfade", float(master.crossfade)), ("curve", CURVES.index(master.curve)))
    return [Node(nodes.fade_node(track.id), FADE, (("bus", own), ("side", SIDES.index(track.mixer.side)), *how))]


def _working(track: Track) -> list[Effect]:
    """Return the effects that a track's sound goes through: none while another track stands for it."""
    return [] if track.frozen is not None else [effect for effect in track.effects if not effect.bypass]


def _effect(effect: Effect, own: int, bus: Mapping[str, int]) -> Node:
    side = () if effect.side is None else (("side", bus[effect.side]),)
    settings = tuple((name, float(value)) for name, value in sorted(effect.settings.items()))
    return Node(nodes.effect_node(effect.id), effect.device, (("bus", own), *side, *settings))


def _send(track: Track, send: Send, bus: Mapping[str, int], heard: bool) -> Node:
    # A muted track is silent in its sends before the fader too: mute means mute.
    gain_db = float(send.gain_db) if heard else -200.0
    node = nodes.send_node(track, send.target)
    return Node(node, "route", (("bus", bus[track.id]), ("out", bus[send.target]), ("gain_db", gain_db)))
