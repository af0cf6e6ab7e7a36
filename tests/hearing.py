"""What the tests and the guide of styles hear of a rendered piece, by ears that know nothing of the project."""

import asyncio
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardcore.audio import features, reader
from hardcore.audio.levels import sides
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra
from hardcore.compose.intent import Intent
from hardcore.compose.mix.target import wanted
from hardcore.compose.producer import compose
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge.loader import genre
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.compose import measures

BARS = 8
_WINDOW = 2048
_EDGES_HZ = (30, 60, 90, 130, 180, 250, 350, 500, 700, 1000, 1400, 2000, 2800, 4000, 5600, 8000, 11_000, 16_000)
_SLOTS = 16


@dataclass(frozen=True)
class Heard:
    """A rendered piece and what was heard of it. `similarity`: see `self_similarity`; `low_sides` in dB."""

    project: ProjectState
    bpm: float
    tonic: int
    true_peak: float
    lufs: float
    bands: dict[str, float]
    centroid_hz: float
    similarity: float
    busy: float
    low_sides: float

    @property
    def profile(self) -> dict[str, float]:
        """Return the piece's place in a space of sound, rhythm and tempo."""
        played = measures.features(self.project)
        sound = {f"{name} band": level for name, level in self.bands.items()}
        more = {"brightness": float(np.log2(max(self.centroid_hz, 1))), "busy": self.busy, "loud": self.lufs}
        return {**played, "tempo": float(np.log2(played["tempo"])), **sound, **more}


@cache
def piece(style: str, seed: int) -> ProjectState:
    """Return eight bars of a style."""
    return compose(Intent(genre=style, bars=BARS), seed)


def hear(project: ProjectState, folder: Path) -> tuple[Heard, Audio, int]:
    """Return what the ears hear of a project as a user gets it, its mix corrected where it was off, and its sound."""
    request = RenderRequest(
        project, tuple(timeline(project)), folder / "piece.wav", listen=False, wanted=wanted(project)
    )  # fmt: skip
    made = asyncio.run(render(request))
    audio, rate = reader.read(made.path)
    asked = project.tempo_map.bpm
    bpm, _ = features.tempo(audio, rate, bpm_range=(asked * 0.67, asked * 1.5))
    onsets = np.asarray(features.onset_envelope(audio, rate)[0])
    assert made.loudness.true_peak_dbtp is not None
    assert made.loudness.integrated_lufs is not None
    bar_s = 60 / asked * project.meter_map.bar_ticks() / 1920
    heard = Heard(
        project=project,
        bpm=bpm,
        tonic=features.key(audio, rate)[0],
        true_peak=made.loudness.true_peak_dbtp,
        lufs=made.loudness.integrated_lufs,
        bands=features.bands(audio, rate),
        centroid_hz=features.centroid_hz(audio, rate),
        similarity=self_similarity(audio, rate, bar_s),
        low_sides=sides(audio, rate)[0],
        busy=float(np.log10(1e-9 + np.mean(onsets > onsets.mean()))),
    )
    return heard, audio, rate


def self_similarity(audio: Audio, rate: int, bar_s: float) -> float:
    """Return how like the bars are: the mean of each one's correlation with the bar most like it, −1 to 1.

    Bars are compared by their levels in 17 bands at 16 moments. 1 is a loop without change, 0 bars without anything in
    common.
    """
    count = int(audio.shape[1] / rate / bar_s + 0.01)
    hop = bar_s * rate / (_SLOTS * 2)
    level = levels(audio, rate, hop, count * _SLOTS * 2)
    slots = level.reshape(count, _SLOTS, 2, -1).max(axis=2)
    # what is as loud all through says nothing about likeness in time
    around = (slots - slots.mean(axis=(0, 1))).reshape(count, -1)
    alike = np.corrcoef(around) - 2 * np.eye(count)
    return float(alike.max(axis=1).mean())


def levels(audio: Audio, rate: int, hop: float, count: int) -> NDArray[np.float64]:
    """Return dB above a floor 60 dB under the loudest, [moments, bands]."""
    power = power_spectra(audio, _WINDOW, hop, count).astype(np.float64)
    bins = np.searchsorted(np.arange(power.shape[1]) * rate / _WINDOW, _EDGES_HZ)
    banded = np.stack([power[:, low : max(high, low + 1)].mean(axis=1) for low, high in pairwise(bins)], 1)
    decibels = 10 * np.log10(np.maximum(banded, 1e-12))
    floor = decibels.max() - 60
    return np.maximum(decibels - floor, 0.0)


def within(heard: Heard, style: str, room_db: float = 0.0) -> list[str]:
    """Return the bands of a piece that are outside what its genre declares."""
    known = genre(style).mix.bands
    return [
        f"{name} {heard.bands[name]:.1f} not in {low:g} to {high:g}"
        for name, (low, high) in known.items()
        if not low - room_db <= heard.bands[name] <= high + room_db
    ]
