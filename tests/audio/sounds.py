"""Sounds whose tempo, key and level are known because they are made here."""

import functools

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]
Curve = NDArray[np.float64]

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
# 16 steps a bar; k kick, c clap or snare, h hat
PATTERNS = {
    "techno": {"k": "x...x...x...x...", "c": "....x.......x...", "h": "..x...x...x...x."},
    "gabber": {"k": "x...x...x...x...", "h": "..x...x...x...x."},
    "drum and bass": {"k": "x.........x.....", "c": "....x.......x...", "h": "x.x.x.x.x.x.x.x."},
    "broken drum and bass": {"k": "x.x.......xx....", "c": "....x..x.x..x..x", "h": "x.x.x.x.x.x.x.x."},
    "lo-fi": {"k": "x......x..x.....", "c": "....x.......x...", "h": "x.x.x.x.x.x.x.x."},
}


def sine(hz: float, seconds: float, dbfs: float = 0.0, rate: int = RATE, channels: int = 2) -> Sound:
    """Return a sine of the given peak level."""
    at = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * at)
    return np.tile(wave, (channels, 1)).astype(np.float32)


def noise(seconds: float, seed: int = 1, level: float = 0.1, channels: int = 2) -> Sound:
    """Return white noise of the given standard deviation."""
    return (np.random.default_rng(seed).standard_normal((channels, round(seconds * RATE))) * level).astype(np.float32)


def clicks(bpm: float, seconds: float = 12.0) -> Sound:
    """Return a click on every beat."""
    train, click = np.zeros(round(seconds * RATE)), np.exp(-np.arange(300) / 50)
    for at in (np.arange(int(seconds * bpm / 60)) * 60 / bpm * RATE).astype(int):
        train[at : at + 300] = click[: len(train) - at]
    return train[None].astype(np.float32)


def groove(name: str, bpm: float, bars: int = 8, swing: float = 0.0) -> Sound:
    """Return a drum pattern played with small changes of level; `swing` delays odd steps, in steps."""
    step_s = 60 / bpm / 4
    out = np.zeros(round(bars * 16 * step_s * RATE) + RATE)
    chance = np.random.default_rng(3)
    for voice, hits in PATTERNS[name].items():
        sound = _drum(voice)
        for step in range(bars * 16):
            if hits[step % 16] == "x":
                at = round((step + (swing if step % 2 else 0.0)) * step_s * RATE)
                out[at : at + len(sound)] += sound * chance.uniform(0.6, 0.9)
    return np.tile(out[:-RATE] * 0.5, (2, 1)).astype(np.float32)


def progression(tonic: int, mode: str, degrees: tuple[int, ...], drums: bool = False) -> Sound:
    """Return eight bars of saw chords over a bass of repeated eighths, 1.6 s each."""
    length = round(1.6 * RATE)
    parts = []
    for bar in range(8):
        degree = degrees[bar % len(degrees)]
        sound = sum(0.15 * _saw(_pitch(tonic, mode, degree + third, 3), length) for third in (0, 2, 4))
        assert isinstance(sound, np.ndarray)
        sound += np.tile(0.4 * _saw(_pitch(tonic, mode, degree, 1), length // 8), 8)
        if drums:
            for beat in range(4):
                hit = _drum("c" if beat % 2 else "k")
                sound[beat * length // 4 :][: len(hit)] += hit
        parts.append(sound)
    return (np.concatenate(parts)[None] * 0.3).astype(np.float32)


def _pitch(tonic: int, mode: str, degree: int, octave: int) -> float:
    scale = SCALES[mode]
    pitch = 12 * (octave + 1 + degree // 7) + tonic + scale[degree % 7]
    return float(440 * 2 ** ((pitch - 69) / 12))


@functools.cache
def _saw(hz: float, length: int) -> Curve:
    at = np.arange(length) / RATE
    fade = np.minimum(1.0, np.minimum(at * 100, (length / RATE - at) * 50))
    wave = sum(np.sin(2 * np.pi * hz * number * at) / number for number in range(1, int(4000 / hz) + 1))
    return np.asarray(wave * fade, np.float64)


@functools.cache
def _drum(voice: str) -> Curve:
    length, decay, low, high = {"k": (12000, 12, 0, 0), "c": (8000, 25, 200, 8000), "h": (3000, 80, 7000, 16000)}[voice]
    at = np.arange(length) / RATE
    if voice == "k":
        return np.asarray(np.sin(2 * np.pi * (50 * at + 6 * (1 - np.exp(-at * 30)))) * np.exp(-at * decay))
    burst = np.random.default_rng(length).standard_normal(length) * np.exp(-at * decay) * 0.7
    from scipy import signal  # takes a second to load, in every worker

    band = signal.butter(2, [low, high], "band", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(band, burst))
