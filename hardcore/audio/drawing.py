"""Sound drawn in characters, without colour, and told in words for those who cannot see it."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.features import BANDS_HZ
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra
from hardcore.audio.spectrogram import terminal

SHADES = " ░▒▓█"
RANGE_DB = 60.0
PARTS = 8

_LOW_HZ, _HIGH_HZ = 40.0, 16_000.0
_LABEL = 6
_WINDOW = 4096
_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)

Curve = NDArray[np.float64]


def waveform(audio: Audio, rate: int, width: int, height: int) -> str:
    """Return the waveform in `height` lines of `width` cells, the last one its time in seconds."""
    drawn = terminal(audio, rate, width, max(1, height - 1))
    return f"{drawn}\n{_times(audio.shape[1] / rate, width)}"


def spectrogram(audio: Audio, rate: int, width: int, height: int) -> str:
    """Return the spectrogram in `height` lines of `width` cells: `█` is loud, ` ` 60 dB below the loudest.

    High tones on top, with their Hz on the left; the last line is time in seconds.
    """
    rows, columns = max(2, height - 1), max(8, width - _LABEL - 1)
    edges = np.geomspace(min(_HIGH_HZ, rate / 2), _LOW_HZ, rows + 1)
    levels = _levels(np.atleast_2d(audio), rate, edges, columns)
    top = float(levels.max(initial=-120.0))
    shade = np.clip((levels - top + RANGE_DB) / RANGE_DB * len(SHADES), 0, len(SHADES) - 1).astype(int)
    if top <= -119.0:
        shade[:] = 0
    lines = []
    for row in range(rows):
        label = _hertz(float(np.sqrt(edges[row] * edges[row + 1]))) if row % 2 == 0 else ""
        lines.append(f"{label:>{_LABEL}} " + "".join(SHADES[number] for number in shade[row]).rstrip())
    lines.append(" " * (_LABEL + 1) + _times(audio.shape[1] / rate, columns))
    return "\n".join(line.rstrip() for line in lines)


def waveform_words(audio: Audio, rate: int) -> str:
    """Return the level of each eighth of a sound in words."""
    lines = [f"waveform of {audio.shape[1] / rate:.1f} seconds, in {PARTS} parts"]
    for number, part in enumerate(_parts(audio)):
        peak = float(np.abs(part).max(initial=0.0))
        mean = float(np.sqrt(np.mean(np.square(part, dtype=np.float64)))) if part.size else 0.0
        said = f"peak {_level(peak)}, mean {_level(mean)}" if peak > 0.0 else "silent"
        lines.append(f"part {number + 1}: {said}")
    return "\n".join(lines)


def spectrogram_words(audio: Audio, rate: int) -> str:
    """Return which bands are loud in each eighth of a sound, in words."""
    samples = np.atleast_2d(audio)
    lines = [f"spectrogram of {samples.shape[1] / rate:.1f} seconds, in {PARTS} parts"]
    edges = np.array([low for low, _ in BANDS_HZ.values()] + [list(BANDS_HZ.values())[-1][1]])[::-1]
    levels = _levels(samples, rate, np.minimum(edges, rate / 2), PARTS)[::-1]
    for number in range(PARTS):
        part = levels[:, number]
        if float(part.max()) <= -100.0:
            lines.append(f"part {number + 1}: silent")
            continue
        loud = [(name, level) for name, level in zip(BANDS_HZ, part, strict=True) if level > part.max() - 30.0]
        said = ", ".join(f"{name} {_minus(f'{level:.0f}')} dB" for name, level in sorted(loud, key=lambda one: -one[1]))
        lines.append(f"part {number + 1}: {said}")
    return "\n".join(lines)


PICTURES = {"waveform": (waveform, waveform_words), "spectrogram": (spectrogram, spectrogram_words)}


def _parts(audio: Audio) -> list[Audio]:
    return np.array_split(np.atleast_2d(audio), PARTS, axis=1)


def _levels(samples: Audio, rate: int, edges_hz: Curve, columns: int) -> Curve:
    """Return dBFS [rows, columns] of the loudest bin between neighbouring edges (falling), several spectra a column."""
    hop = max(samples.shape[1] / columns, 1e-6)
    each = int(np.clip(np.ceil(2 * hop / _WINDOW), 1, 16))
    power = power_spectra(samples, _WINDOW, hop / each, columns * each).reshape(columns, each, -1).mean(axis=1)
    bins = np.clip(np.rint(edges_hz * _WINDOW / rate).astype(int), 1, power.shape[1] - 1)
    rows = [power[:, low : max(high, low + 1)].max(axis=1) for high, low in pairwise(bins)]
    levels: Curve = 10.0 * np.log10(np.maximum(np.array(rows, np.float64), 1e-12))
    return levels


def _times(length_s: float, columns: int) -> str:
    """Return a line of times in seconds under `columns` cells."""
    step = next((step for step in _STEPS_S if length_s / step * 7 <= columns), _STEPS_S[-1])
    line = ""
    for number in range(int(length_s / step + 1e-6) + 1):
        place = round(columns * number * step / max(length_s, 1e-9))
        label = f"{number * step:g}"
        if place + len(label) < columns and (not line or place > len(line)):
            line = line.ljust(place) + label
    return f"{line} s" if len(line) + 2 <= columns else line[:columns]


def _hertz(hz: float) -> str:
    return f"{hz / 1000:.1f}k" if hz >= 1000 else f"{hz:.0f}"


def _level(value: float) -> str:
    return _minus(f"{20.0 * np.log10(max(value, 1e-6)):.0f}") + " dB"


def _minus(text: str) -> str:
    return text.replace("-", "−")
