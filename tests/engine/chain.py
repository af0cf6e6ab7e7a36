"""Playing a known signal through effects and mixer SynthDefs: many chains in one run of the real engine.

A signal is float32 [2, frames] at RATE. It reaches the chain sample for sample: the sampler plays it from a buffer,
after LEAD_S of silence that lets every smoothed control settle, and what comes back starts where the signal did.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes
from tests.engine.sound import RATE, Audio

LEAD_S = 0.2
Controls = Mapping[str, float]


@dataclass(frozen=True)
class Chain:
    """A signal and what it goes through, in order; `changes` are (seconds, step, controls) while it plays."""

    signal: Audio
    steps: tuple[tuple[str, Controls], ...]
    side: Audio | None = None
    changes: tuple[tuple[float, int, Controls], ...] = field(default=())


def play(chains: Sequence[Chain], tail_s: float = 0.0, rate: int = RATE) -> list[Audio]:
    """Return what comes out of every chain, each [2, frames of its signal + tail], at any sample rate."""
    channels, lead = 2 * len(chains), round(LEAD_S * rate)
    names = sorted({"sampler", *(name for chain in chains for name, _ in chain.steps)})
    start = [message("/d_recv", synthdef_bytes(name)) for name in names]
    timed: list[tuple[float, bytes]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for index, chain in enumerate(chains):
            start += _loaded(folder, index, chain.signal, 2 * index, rate)
            if chain.side is not None:
                start += _loaded(folder, 1000 + index, chain.side, channels + 2 * index, rate)
            for step, (name, controls) in enumerate(chain.steps):
                words = _words({"bus": 2 * index, "side": channels + 2 * index} | dict(controls))
                start.append(message("/s_new", name, 10_000 + 100 * index + step, 1, 0, *words))
            for at_s, step, controls in chain.changes:
                timed.append((LEAD_S + at_s, message("/n_set", 10_000 + 100 * index + step, *_words(controls))))
        frames = lead + max(chain.signal.shape[1] for chain in chains) + round(tail_s * rate)
        bundles = [bundle(0, [packet]) for packet in start]
        bundles += [bundle(at_s, [packet]) for at_s, packet in sorted(timed, key=lambda pair: pair[0])]
        score = score_bytes([*bundles, bundle((frames + 64) / rate, [message("/g_freeAll", 0)])])
        path = asyncio.run(render_raw(score, rate=rate, channels=channels, folder=folder, frames=frames))
        everything: Audio = np.fromfile(path, np.float32).reshape(-1, channels)
    ends = [lead + chain.signal.shape[1] + round(tail_s * rate) for chain in chains]
    return [np.ascontiguousarray(everything[lead:end, 2 * i : 2 * i + 2].T) for i, end in enumerate(ends)]


def _loaded(folder: Path, number: int, signal: Audio, out: int, rate: int) -> list[bytes]:
    path = folder / f"{number}.wav"
    silence = np.zeros((2, round(LEAD_S * rate)), np.float32)
    soundfile.write(path, np.concatenate([silence, signal], axis=1).T, rate, subtype="FLOAT")
    words = _words({"out": out, "buffer": number, "follow": 0, "attack": 0.001})
    return [message("/b_allocRead", number, str(path)), message("/s_new", "sampler", 100 + number, 1, 0, *words)]


def _words(controls: Controls) -> list[str | float]:
    return [word for name, value in controls.items() for word in (name, float(value))]


def stereo(mono: NDArray[np.floating[Any]]) -> Audio:
    """Return `mono` on both sides."""
    return np.stack([mono, mono]).astype(np.float32)


def sine(freq_hz: float, seconds: float = 0.5, level: float = 0.5) -> Audio:
    """Return a stereo sine."""
    return stereo(level * np.sin(2 * np.pi * freq_hz * np.arange(round(seconds * RATE)) / RATE))


def noise(seconds: float = 0.5, level: float = 0.1) -> Audio:
    """Return stereo white noise, always the same, the sides unlike each other."""
    return (level * np.random.default_rng(7).standard_normal((2, round(seconds * RATE)))).astype(np.float32)


def click(seconds: float = 0.5, level: float = 0.5) -> Audio:
    """Return a stereo signal of one sample at 0."""
    audio = np.zeros((2, round(seconds * RATE)), np.float32)
    audio[:, 0] = level
    return audio


def rms_db(audio: Audio) -> float:
    """Return the RMS level in dB."""
    return float(10 * np.log10(max(float((audio.astype(np.float64) ** 2).mean()), 1e-20)))


def gain_at(audio: Audio, freq_hz: float) -> float:
    """Return the gain in dB at `freq_hz` of the left channel of an impulse response to a click of 0.5."""
    response = np.fft.rfft(audio[0].astype(np.float64), 1 << 17) / 0.5
    return float(20 * np.log10(abs(response[round(freq_hz * (1 << 17) / RATE)]) + 1e-12))


def difference_db(one: Audio, other: Audio) -> float:
    """Return the level of the largest difference between two signals, dBFS."""
    return float(20 * np.log10(np.abs(one.astype(np.float64) - other).max() + 1e-12))
