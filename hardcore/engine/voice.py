"""Notes and automation as scsynth requests: the same for the offline score and the player, so both sound alike."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, message
from hardcore.engine.structure import ADD_TO_TAIL, LOOPED, SLICED, audible
from hardcore.music.pitch import frequency
from hardcore.project.automation import CROSSFADE, FADER, SEND
from hardcore.project.events import ControlEvent, NoteEvent
from hardcore.project.mixer import Instrument
from hardcore.project.multisample import Zone
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# A gate below −1 ends a note within its distance from −1, in seconds (EnvGen in the SuperCollider help).
CUT_GATE = -1.006
MOST_CUT = 64


class Start(NamedTuple):
    """A synth that a note starts: its SynthDef, its controls, and its zone where it plays one."""

    synthdef: str
    controls: Mapping[str, float]
    zone: Zone | None = None


@dataclass
class Turns:
    """What a track's notes remember of each other: whose turn it is, and which nodes a note may cut.

    Round robins count from where play began. `cut_by` holds the latest nodes only: older ones have ended long since.
    """

    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    cut_by: dict[tuple[str, int], deque[int]] = field(default_factory=dict)

    def starts(
        self, project: ProjectState, track: Track, note: NoteEvent, settings: Mapping[str, float]
    ) -> list[Start]:
        """Return what starts for a note: one synth, or one for each zone that sounds; maybe none.

        `settings` are those of the track's instrument, and win over what comes with a zone.
        """
        assert track.instrument is not None
        played = track.instrument.multisample
        if played is None:
            return [Start(track.instrument.device, _in_tempo(project, track.instrument, note, settings))]
        found = []
        for place, zone, gain in played.sounding(note.pitch, note.velocity):
            if self._is_turn(track.id, place, zone):
                found.append(_start(project, zone, zone.controls(gain, note.velocity), settings))
        return found

    def _is_turn(self, track_id: str, place: int, zone: Zone) -> bool:
        if zone.turns == 1:
            return True
        count = self.counts.get((track_id, place), 0)
        self.counts[track_id, place] = count + 1
        return count % zone.turns == zone.turn - 1

    def cuts(self, track_id: str, starts: Sequence[Start]) -> list[bytes]:
        """Return what ends the notes that these cut: the open hat under the closed one."""
        groups = {start.zone.group for start in starts if start.zone is not None and start.zone.group}
        cut = [node for group in sorted(groups) for node in self.cut_by.pop((track_id, group), ())]
        return [message("/n_set", node, "gate", CUT_GATE) for node in cut]

    def note_down(self, track_id: str, node: int, start: Start) -> None:
        """Remember a node that others may cut."""
        if start.zone is not None and start.zone.off_by:
            self.cut_by.setdefault((track_id, start.zone.off_by), deque(maxlen=MOST_CUT)).append(node)


def _in_tempo(
    project: ProjectState, played: Instrument, note: NoteEvent, settings: Mapping[str, float]
) -> Mapping[str, float]:
    """Return the settings with the speed at which a sound of a known tempo goes with the music where a note begins."""
    if played.recording is None or played.recording.bpm is None or settings.get("sync", 0) < 0.5:
        return settings
    return {**settings, "speed": project.tempo_map.at(note.tick) / played.recording.bpm}


def _start(project: ProjectState, zone: Zone, controls: dict[str, float], settings: Mapping[str, float]) -> Start:
    controls["buffer"] = float(nodes.load_buffer(project, zone.load))
    loop = zone.loop_load
    if loop is not None:
        controls["loop_buffer"] = float(nodes.load_buffer(project, loop))
    if zone.mode == "slice":
        return Start(SLICED, {**controls, **settings}, zone)
    return Start("multisample" if loop is None else LOOPED, {**controls, **settings}, zone)


def started(
    project: ProjectState, track: Track, note: NoteEvent, node: int, bus: int, start: Start, bend: float = 0.0
) -> bytes:
    """Return the request that starts a synth of a note as `node`, bent by so many semitones."""
    seed = noise_seed(project, track, note)
    who: list[Argument] = ["out", bus, "seed", seed, "rgen", nodes.generator(track.id)]
    what: list[Argument] = [part for pair in start.controls.items() for part in pair]
    group = nodes.source_group(track.id)
    return message("/s_new", start.synthdef, node, ADD_TO_TAIL, group, *who, *tuning(note, bend), *what)


def tuning(note: NoteEvent, bend: float = 0.0) -> list[Argument]:
    """Return a note's pitch, bent by so many semitones, and velocity as controls."""
    return ["freq", frequency(note.pitch + bend), "velocity", note.velocity / 127]


def fixed(project: ProjectState, instrument: Instrument) -> dict[str, float]:
    """Return the controls every note of an instrument starts with, where they differ from the SynthDef's defaults."""
    values = {name: float(value) for name, value in sorted(instrument.chosen.items())}
    number = nodes.instrument_buffer(project, instrument)
    return values if number is None else {**values, "buffer": float(number)}


def noise_seed(project: ProjectState, track: Track, note: NoteEvent) -> int:
    """Return the seed of a note's noise, 24 bits (exact in float32): a hit always sounds the same at its place."""
    words = f"{project.seed}|{track.id}|{note.tick}|{note.pitch}".encode()
    return int.from_bytes(blake2b(words, digest_size=3).digest(), "big")


def bent(node: int, pitch: int, semitones: float) -> bytes:
    """Return what bends a note that sounds as `node`."""
    return message("/n_set", node, "freq", frequency(pitch + semitones))


def moved(project: ProjectState, move: ControlEvent) -> bytes:
    """Return one step of automation: to a send, a fader, every sounding note of the track, or an effect."""
    if move.owner == move.track_id and move.parameter.startswith(SEND):
        return _send_moved(project, move)
    if move.owner != move.track_id:
        node = nodes.effect_node(move.owner)
    elif move.parameter == CROSSFADE:
        node = nodes.ROOT  # whatever is faded has a control of that name, and nothing else
    elif move.parameter in FADER:
        node = nodes.strip_node(move.track_id)
    else:
        node = nodes.source_group(move.track_id)
    return message("/n_set", node, move.parameter, float(move.value))


def _send_moved(project: ProjectState, move: ControlEvent) -> bytes:
    track = project.find_track(move.track_id)
    target = move.parameter.removeprefix(SEND)
    send = next((send for send in track.sends if send.target == target), None)
    # a muted track is silent in its sends before the fader too
    silent = send is not None and send.pre and track.id not in audible(project)
    return message("/n_set", nodes.send_node(track, target), "gain_db", -200.0 if silent else float(move.value))
