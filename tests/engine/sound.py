"""Measuring what an instrument sounds like: phrases rendered by the real engine, many in one run, and what they show.

Audio is float32 [2, frames] at RATE. A phrase begins at 0 and has its own pair of output channels and its own random
generator, so phrases of one run do not touch each other.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardcore.engine import nodes
from hardcore.engine.offline import render_raw
from hardcore.engine.osc import Argument, bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.project.devices import Device
from hardcore.project.roles import DRUMS
from hardcore.project.samples import sample

RATE = 48_000
BEAT_S = 0.5
# a run of the engine costs more than to play so much in silence
LEAST_S = 2.0
Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Hit:
    """One note: onset and length in seconds, MIDI pitch, velocity 0..127."""

    at_s: float
    length_s: float = 0.45
    pitch: float = 60
    velocity: float = 100
    seed: int = 1


@dataclass(frozen=True)
class Phrase:
    """Notes of one instrument with its parameters, through a chain of (effect, settings), rendered for `seconds`."""

    device: Device
    hits: tuple[Hit, ...]
    seconds: float
    parameters: dict[str, float] = field(default_factory=dict)
    effects: tuple[tuple[str, dict[str, float]], ...] = ()
    sample: str = ""


def role_phrase(device: Device, role: str = "", velocity: float = 100, **parameters: float) -> Phrase:
    """Return the calibration phrase that roles.py states for `role` (the device's first role), and its tail."""
    role = role or device.roles[0]
    pitch = (device.low_note + device.high_note) // 2
    if role in {"hat_closed", "hat_open", "shaker"}:
        hits = [Hit(i * BEAT_S / 2, BEAT_S / 4, pitch, velocity, i + 1) for i in range(16)]
    elif role in DRUMS:
        hits = [Hit(i * BEAT_S, BEAT_S / 2, pitch, velocity, i + 1) for i in range(8)]
    elif role in {"bass", "sub"}:
        bass = min(max(36, device.low_note), device.high_note)
        hits = [Hit(i * BEAT_S / 2, BEAT_S / 2 * 0.9, bass, velocity, i + 1) for i in range(16)]
    elif role in {"pad", "chords", "texture", "riser", "impact"}:
        hits = [Hit(0, BEAT_S * 8, note, velocity, i + 1) for i, note in enumerate((60, 63, 67))]
    else:
        hits = [Hit(i * BEAT_S, BEAT_S * 0.9, note, velocity, i + 1) for i, note in enumerate((60, 64, 67, 72))]
    end_s = max(hit.at_s + hit.length_s for hit in hits)
    return Phrase(device, tuple(hits), end_s + device.tail_s + 0.25, parameters)


def note(
    device: Device, pitch: float = 60, length_s: float = 1.0, velocity: float = 100, seed: int = 1, **parameters: float
) -> Phrase:
    """Return one note of `device` at 0 and its tail."""
    return Phrase(device, (Hit(0, length_s, pitch, velocity, seed),), length_s + device.tail_s + 0.25, parameters)


def score_of(phrases: Sequence[Phrase]) -> tuple[bytes, int]:
    """Return the binary score that plays every phrase on its own pair of channels, and its length in frames."""
    timed: list[tuple[float, bytes]] = []
    node = 1000
    used = sorted({phrase.sample for phrase in phrases if phrase.sample})
    chains = [message("/b_allocRead", nodes.buffer(name), str(sample(name).path), 0, 0) for name in used]
    for index, phrase in enumerate(phrases):
        for place, (effect, settings) in enumerate(phrase.effects):
            words: list[Argument] = [word for pair in settings.items() for word in (pair[0], float(pair[1]))]
            chains.append(message("/s_new", effect, 500_000 + 16 * index + place, 1, 0, "bus", 2 * index, *words))
        if phrase.sample:
            controls_of = {**sample(phrase.sample).controls, "buffer": float(nodes.buffer(phrase.sample))}
            own = {parameter.id for parameter in phrase.device.parameters}
            phrase.parameters.update({k: v for k, v in controls_of.items() if k in own and k not in phrase.parameters})
        fixed: list[Argument] = [word for pair in phrase.parameters.items() for word in (pair[0], float(pair[1]))]
        for hit in phrase.hits:
            node += 1
            freq = 440.0 * 2 ** ((hit.pitch - 69) / 12)
            controls: list[Argument] = ["out", 2 * index, "freq", freq, "velocity", hit.velocity / 127]
            controls += ["seed", hit.seed, "rgen", index]
            timed.append((hit.at_s, message("/s_new", phrase.device.id, node, 0, 0, *controls, *fixed)))
            if phrase.device.gated:
                timed.append((hit.at_s + hit.length_s, message("/n_set", node, "gate", 0.0)))
    end_s = max(phrase.seconds for phrase in phrases)
    names = sorted({name for phrase in phrases for name in (phrase.device.id, *(name for name, _ in phrase.effects))})
    bundles = [bundle(0, [message("/d_recv", synthdef_bytes(name)) for name in names])]
    bundles += [bundle(0, [chain]) for chain in chains]
    bundles += [bundle(at_s, [packet]) for at_s, packet in sorted(timed, key=lambda pair: pair[0])]
    return score_bytes([*bundles, bundle(end_s, [message("/g_freeAll", 0)])]), round(end_s * RATE)


def render(phrases: Sequence[Phrase]) -> list[Audio]:
    """Return the audio of every phrase, each [2, frames], rendered in one run of the engine for all about as long.

    All channels of a run are as long as its longest phrase: what is much shorter is played in a run of its own.
    """
    order = sorted(range(len(phrases)), key=lambda index: phrases[index].seconds)
    heard: dict[int, Audio] = {}
    while order:
        longest = 2 * phrases[order[0]].seconds + LEAST_S
        run = [index for index in order if phrases[index].seconds <= longest]
        heard |= zip(run, _run([phrases[index] for index in run]), strict=True)
        order = order[len(run) :]
    return [heard[index] for index in range(len(phrases))]


def _run(phrases: Sequence[Phrase]) -> list[Audio]:
    score, frames = score_of(phrases)
    with tempfile.TemporaryDirectory() as folder:
        channels = 2 * len(phrases)
        path = asyncio.run(render_raw(score, rate=RATE, channels=channels, folder=Path(folder), frames=frames - 64))
        everything: Audio = np.fromfile(path, np.float32).reshape(-1, channels)
    lengths = [round(phrase.seconds * RATE) for phrase in phrases]
    return [np.ascontiguousarray(everything[:n, 2 * i : 2 * i + 2].T) for i, n in enumerate(lengths)]


# ITU-R BS.1770-4, tables 1 and 2: the coefficients of the two K-weighting stages at 48 kHz.
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621)


def momentary(audio: Audio) -> float:
    """Return the maximum momentary loudness, LUFS (400 ms windows, every 10 ms)."""
    from scipy.signal import sosfilt  # type: ignore[import-untyped]  # takes a second to load, in every worker

    weighted = sosfilt((_SHELF, _HIGH_PASS), audio.astype(np.float64), axis=1)
    power = np.concatenate([[0.0], np.cumsum((weighted**2).sum(axis=0))])
    window, hop = round(0.4 * RATE), round(0.01 * RATE)
    starts = np.arange(0, max(1, len(power) - window), hop)
    ends = np.minimum(starts + window, len(power) - 1)
    return float(-0.691 + 10 * np.log10(max((power[ends] - power[starts]).max() / window, 1e-12)))


def peak(audio: Audio) -> float:
    """Return the largest absolute sample."""
    return float(np.abs(audio).max())


def level_db(audio: Any) -> float:
    """Return the largest absolute sample in dBFS, −200 for silence."""
    return float(20 * np.log10(max(float(np.abs(audio).max()), 1e-10)))


def tail(audio: Audio, from_s: float) -> Audio:
    """Return what sounds from `from_s` on."""
    return audio[:, round(from_s * RATE) :]


def pitch_hz(audio: Audio, near_hz: float, from_s: float, length_s: float = 0.5) -> float:
    """Return the frequency of the strongest partial within a whole tone of `near_hz`, by interpolated spectrum.

    The window is `length_s` from `from_s`; its spectrum is looked at every 0.05 Hz.
    """
    start = round(from_s * RATE)
    mono = audio[:, start : start + round(length_s * RATE)].mean(axis=0).astype(np.float64)
    low, high = near_hz * 2 ** (-1 / 6), near_hz * 2 ** (1 / 6)
    count = round((high - low) / 0.05)
    from scipy.signal import zoom_fft

    spectrum = np.abs(zoom_fft(mono * np.blackman(len(mono)), [low, high], count, fs=RATE))
    return float(low + spectrum.argmax() * (high - low) / count)


def cents(hz: float, wanted_hz: float) -> float:
    """Return how far `hz` is above `wanted_hz`, cents."""
    return float(1200 * np.log2(hz / wanted_hz))


def centroid_hz(audio: Audio) -> float:
    """Return the spectral centroid, Hz: how bright it is."""
    power = np.abs(np.fft.rfft(audio.mean(axis=0))) ** 2
    return float((power * np.fft.rfftfreq(audio.shape[1], 1 / RATE)).sum() / max(power.sum(), 1e-20))
