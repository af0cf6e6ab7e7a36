"""Notes and automation as scsynth requests: the same for the offline score and the player, so both sound alike."""

from collections.abc import Mapping
from hashlib import blake2b

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, message
from hardcore.engine.structure import ADD_TO_TAIL
from hardcore.music.pitch import frequency
from hardcore.project.automation import FADER
from hardcore.project.events import ControlEvent, NoteEvent
from hardcore.project.mixer import Instrument
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def started(
    project: ProjectState, track: Track, note: NoteEvent, node: int, bus: int, settings: Mapping[str, float]
) -> bytes:
    """Return the request that starts a note as `node`; `settings` are its instrument's."""
    assert track.instrument is not None
    seed = noise_seed(project, track, note)
    who: list[Argument] = ["out", bus, "seed", seed, "rgen", nodes.generator(track.id)]
    what: list[Argument] = [part for pair in settings.items() for part in pair]
    group = nodes.source_group(track.id)
    return message("/s_new", track.instrument.device, node, ADD_TO_TAIL, group, *who, *tuning(note), *what)


def tuning(note: NoteEvent) -> list[Argument]:
    """Return a note's pitch and velocity as controls."""
    return ["freq", frequency(note.pitch), "velocity", note.velocity / 127]


def fixed(project: ProjectState, instrument: Instrument) -> dict[str, float]:
    """Return the controls every note of an instrument starts with, where they differ from the SynthDef's defaults."""
    values = {name: float(value) for name, value in sorted(instrument.chosen.items())}
    number = nodes.instrument_buffer(project, instrument)
    return values if number is None else {**values, "buffer": float(number)}


def noise_seed(project: ProjectState, track: Track, note: NoteEvent) -> int:
    """Return the seed of a note's noise, 24 bits (exact in float32): a hit always sounds the same at its place."""
    words = f"{project.seed}|{track.id}|{note.tick}|{note.pitch}".encode()
    return int.from_bytes(blake2b(words, digest_size=3).digest(), "big")


def moved(move: ControlEvent) -> bytes:
    """Return one step of automation: to the fader, to every sounding note of the track, or to an effect."""
    if move.owner != move.track_id:
        node = nodes.effect_node(move.owner)
    elif move.parameter in FADER:
        node = nodes.strip_node(move.track_id)
    else:
        node = nodes.source_group(move.track_id)
    return message("/n_set", node, move.parameter, float(move.value))
