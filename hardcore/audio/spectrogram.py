"""Sound as a picture: a spectrogram with its waveform as a PNG file, and a waveform in block characters."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.canvas import GLYPH_HEIGHT, Canvas, Colour, palette, text_width
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra
from hardcore.errors import NotFound, UserError

WIDTH, HEIGHT = 1200, 500
RANGE_DB = 78.0

_LEFT, _RIGHT, _TITLE, _BOTTOM = 56, 84, 34, 30
_WAVE, _GAP = 84, 10
_COLUMNS, _ROWS = WIDTH - _LEFT - _RIGHT, HEIGHT - _TITLE - _WAVE - _GAP - _BOTTOM
_TOP = _TITLE + _WAVE + _GAP
_LOW_HZ, _HIGH_HZ = 25.0, 20_000.0
# long windows tell low notes apart, short ones place hats in time; each serves the octaves around its centre
_WINDOWS_S = ((0.340, 40.0), (0.170, 160.0), (0.085, 500.0), (0.042, 1500.0), (0.021, 5000.0))
_MOST_PER_COLUMN = 8
# within this part of a window the spectrum hardly changes: columns nearer to each other share one
_STILL = 64
_TICKS_HZ = (
    (50, "50"),
    (100, "100"),
    (200, "200"),
    (500, "500"),
    (1000, "1k"),
    (2000, "2k"),
    (5000, "5k"),
    (10_000, "10k"),
)
_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)

_PAPER: Colour = (14, 14, 20)
_INK: Colour = (222, 220, 228)
_FAINT: Colour = (128, 126, 140)
_LINE: Colour = (52, 51, 64)
_SOUND: Colour = (244, 150, 96)
_BODY: Colour = (255, 205, 150)

Curve = NDArray[np.float64]


def save_png(path: str | os.PathLike[str], audio: Audio, rate: int, title: str = "") -> None:
    """Write a 1200×500 picture of `audio`: the waveform, and under it levels over time and log frequency.

    Colours span 78 dB down from the loudest place. The same sound gives the same bytes. Raises UserError.
    """
    target, samples = _target(path), np.atleast_2d(np.asarray(audio, np.float32))
    picture = _framed(samples, rate, title)
    _draw_spectrogram(picture, samples, rate)
    _save(target, picture)


def save_waveform_png(path: str | os.PathLike[str], audio: Audio, rate: int, title: str = "") -> None:
    """Write a picture of the waveform alone, 1200 pixels wide; the same sound, the same bytes. Raises UserError."""
    target, whole = _target(path), _framed(np.atleast_2d(np.asarray(audio, np.float32)), rate, title)
    # the title and the waveform stand above the spectrogram, the times below it
    below = whole.pixels[_TOP + _ROWS :]
    picture = Canvas(WIDTH, _TITLE + _WAVE + len(below), _PAPER)
    picture.pixels[: _TITLE + _WAVE] = whole.pixels[: _TITLE + _WAVE]
    picture.pixels[_TITLE + _WAVE :, : WIDTH - _RIGHT + 40] = below[:, : WIDTH - _RIGHT + 40]
    _save(target, picture)


def _target(path: str | os.PathLike[str]) -> Path:
    target = Path(path)
    if not target.parent.is_dir():
        raise NotFound(f"there is no folder {target.parent}", "make it first, or choose another")
    return target


def _save(target: Path, picture: Canvas) -> None:
    try:
        target.write_bytes(picture.png())
    except OSError as error:
        raise UserError(f"{target} could not be written: {error}") from error


def terminal(audio: Audio, rate: int, width: int, height: int) -> str:
    """Return the waveform as `height` lines of `width` block characters, two by two dots each; full scale fills it."""
    low, high = _extremes(np.atleast_2d(audio), width * 2)
    rows = height * 2
    edges = 1.0 - 2.0 * np.arange(rows + 1) / rows
    # a dot is on when the waveform crosses its band; the middle line always shows
    filled = (high[None] > edges[1:, None]) & (low[None] < edges[:-1, None])
    filled[rows // 2] |= ~filled.any(axis=0)
    cells = filled.reshape(height, 2, width, 2)
    codes = cells[:, 0, :, 0] * 1 + cells[:, 0, :, 1] * 2 + cells[:, 1, :, 0] * 4 + cells[:, 1, :, 1] * 8
    return "\n".join("".join(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"[code] for code in row) for row in codes)


def _framed(samples: Audio, rate: int, title: str) -> Canvas:
    """Return the picture with its title, the waveform and the times, and room for the spectrogram."""
    canvas = Canvas(WIDTH, HEIGHT, _PAPER)
    scale = 2 if text_width(title, 2) <= WIDTH - 2 * _LEFT else 1
    canvas.text(title, _LEFT, (_TITLE - GLYPH_HEIGHT * scale) // 2, _INK, scale)
    _draw_waveform(canvas, samples)
    _draw_times(canvas, samples.shape[1] / rate)
    return canvas


def _draw_spectrogram(canvas: Canvas, samples: Audio, rate: int) -> None:
    high_hz = min(_HIGH_HZ, rate / 2)
    levels = _levels(samples, rate, high_hz)
    top_db = float(np.ceil(max(levels.max(initial=-120.0), -120.0) / 6.0) * 6.0)
    shades = np.clip((levels - (top_db - RANGE_DB)) / RANGE_DB, 0.0, 1.0)
    canvas.pixels[_TOP : _TOP + _ROWS, _LEFT : _LEFT + _COLUMNS] = palette()[(shades * 255).astype(int)]
    _draw_frequencies(canvas, high_hz)
    _draw_scale(canvas, top_db)


def _levels(samples: Audio, rate: int, high_hz: float) -> Curve:
    """Return dBFS [rows, columns], high frequencies first: each row a blend of the two windows that serve it best."""
    edges = np.geomspace(high_hz, _LOW_HZ, _ROWS + 1)
    centres = np.sqrt(edges[1:] * edges[:-1])
    total = np.zeros((_ROWS, _COLUMNS))
    serves = np.log2([centre for _, centre in _WINDOWS_S])
    for number, (length_s, _) in enumerate(_WINDOWS_S):
        share = np.interp(np.log2(centres), serves, np.eye(len(serves))[number])
        rows = np.flatnonzero(share)
        if len(rows):
            window = max(64, round(length_s * rate / 2) * 2)
            total[rows] += share[rows, None] * _rows(samples, rate, window, edges[rows[0] : rows[-1] + 2])
    return total


def _rows(samples: Audio, rate: int, window: int, edges_hz: Curve) -> Curve:
    """Return dBFS [edges, columns] between neighbouring edges (falling).

    That is of the loudest bin there, or between bins on a straight line.
    """
    hop = samples.shape[1] / _COLUMNS
    step = max(hop, window / _STILL)
    shared = np.rint(np.arange(_COLUMNS) * (hop / step)).astype(int)
    each, count = int(np.clip(np.ceil(step / window), 1, _MOST_PER_COLUMN)), int(shared[-1]) + 1
    power = power_spectra(samples, window, step / each, count * each).reshape(count, each, -1).mean(axis=1)
    level = 10.0 * np.log10(np.maximum(power, 1e-12)).T.astype(np.float64)
    places = np.clip(edges_hz * window / rate, 0, len(level) - 1.001)
    centre = np.sqrt(np.maximum(places[1:] * places[:-1], 1e-9))
    below = centre.astype(int)
    part = (centre - below)[:, None]
    rows: Curve = level[below] * (1.0 - part) + level[below + 1] * part
    for row, (upper, lower) in enumerate(zip(np.ceil(places[:-1]), np.ceil(places[1:]), strict=True)):
        if upper - lower >= 2:
            rows[row] = level[int(lower) : int(upper)].max(axis=0)
    return rows[:, shared]


def _extremes(samples: Audio, columns: int) -> tuple[Curve, Curve]:
    """Return the lowest and highest sample of any channel in each of `columns` equal spans."""
    frames = samples.shape[1]
    if frames == 0:
        return np.zeros(columns), np.zeros(columns)
    starts = np.minimum(np.arange(columns) * frames // columns, frames - 1)
    low = np.minimum.reduceat(samples, starts, axis=1).min(axis=0)
    high = np.maximum.reduceat(samples, starts, axis=1).max(axis=0)
    return np.clip(low, -1, 1).astype(np.float64), np.clip(high, -1, 1).astype(np.float64)


def _draw_waveform(canvas: Canvas, samples: Audio) -> None:
    middle, half = _TITLE + _WAVE // 2, _WAVE // 2 - 1
    canvas.fill(_LEFT, middle, _COLUMNS, 1, _LINE)
    low, high = _extremes(samples, _COLUMNS)
    loud = np.sqrt(np.mean(np.square(samples, dtype=np.float64), axis=0)) if samples.size else np.zeros(0)
    body = _extremes(loud[None].astype(np.float32), _COLUMNS)[1] * 0.6
    for column in range(_COLUMNS):
        top, bottom = (round(middle - value * half) for value in (high[column], low[column]))
        canvas.fill(_LEFT + column, top, 1, bottom - top + 1, _SOUND)
        inner = round(min(body[column], high[column], -low[column]) * half)
        if inner > 0:
            canvas.fill(_LEFT + column, middle - inner, 1, 2 * inner + 1, _BODY)


def _draw_frequencies(canvas: Canvas, high_hz: float) -> None:
    for hz, label in _TICKS_HZ:
        if hz < high_hz:
            y = _TOP + round(_ROWS * np.log(high_hz / hz) / np.log(high_hz / _LOW_HZ))
            canvas.fill(_LEFT - 5, y, 4, 1, _FAINT)
            canvas.text(label, _LEFT - 9 - text_width(label), y - GLYPH_HEIGHT // 2, _FAINT)
    canvas.text("Hz", _LEFT - 9 - text_width("Hz"), _TOP - 2, _FAINT)


def _draw_times(canvas: Canvas, seconds: float) -> None:
    step = next((step for step in _STEPS_S if seconds / step <= 14), _STEPS_S[-1])
    y = _TOP + _ROWS
    for number in range(int(seconds / step + 1e-6) + 1):
        x = _LEFT + round(_COLUMNS * number * step / max(seconds, 1e-9))
        canvas.fill(min(x, _LEFT + _COLUMNS - 1), y + 1, 1, 4, _FAINT)
        label = _clock(number * step, seconds)
        canvas.text(label, x - text_width(label) // 2, y + 9, _FAINT)
    canvas.text("s" if seconds < 60 else "min", _LEFT + _COLUMNS + 14, y + 9, _FAINT)


def _clock(at_s: float, seconds: float) -> str:
    if seconds < 60:
        return f"{at_s:.1f}".removesuffix(".0")
    return f"{int(at_s) // 60}:{int(at_s) % 60:02}"


def _draw_scale(canvas: Canvas, top_db: float) -> None:
    left = _LEFT + _COLUMNS + 14
    shades = np.linspace(255, 0, _ROWS).astype(int)
    canvas.pixels[_TOP : _TOP + _ROWS, left : left + 10] = palette()[shades][:, None]
    for fall in range(0, int(RANGE_DB), 12):
        y = _TOP + round(_ROWS * fall / RANGE_DB)
        canvas.fill(left + 10, y, 4, 1, _FAINT)
        canvas.text(f"{top_db - fall:.0f}", left + 18, y - (GLYPH_HEIGHT // 2 if fall else 0), _FAINT)
    canvas.text("dBFS", left, _TOP - GLYPH_HEIGHT - 4, _FAINT)
