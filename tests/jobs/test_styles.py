"""Every style as sound, heard by ears that know nothing of the project: tempo, key, loudness, apart from others.

One seed each in `make test`; twenty in `make soak`.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import features, files
from hardcore.commands.compose import seed_of
from hardcore.compose.producer import compose
from hardcore.compose.prompt import understand
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline

STYLES = genre_ids()


@dataclass(frozen=True)
class Heard:
    """A rendered piece and what was heard of it."""

    project: ProjectState
    bpm: float
    tonic: int
    true_peak: float
    lufs: float
    profile: tuple[float, ...]


def hear(project: ProjectState, folder: Path) -> Heard:
    """Return what the ears hear of a project."""
    made = asyncio.run(render(RenderRequest(project, tuple(timeline(project)), folder / "piece.wav")))
    audio, rate = files.read(made.path)
    asked = project.tempo_map.bpm
    bpm, _ = features.tempo(audio, rate, bpm_range=(asked * 0.67, asked * 1.5))
    tonic, _, _ = features.key(audio, rate)
    levels = features.bands(audio, rate)
    onsets = np.asarray(features.onset_envelope(audio, rate)[0])
    busy = float(np.log10(1e-9 + np.mean(onsets > onsets.mean())))
    assert made.loudness.true_peak_dbtp is not None
    assert made.loudness.integrated_lufs is not None
    profile = (*levels.values(), busy * 10, np.log2(asked) * 10)
    return Heard(project, bpm, tonic, made.loudness.true_peak_dbtp, made.loudness.integrated_lufs, profile)


def piece(style: str, seed: int) -> ProjectState:
    """Return eight bars of a style."""
    return compose(understand(f"{genre(style).name}, 8 bars"), seed)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_heard_as_it_was_asked(style: str, tmp_path: Path) -> None:
    heard = hear(piece(style, 3), tmp_path)
    drums = any(track.role in DRUMS and track.clips for track in heard.project.tracks)
    if drums:
        assert heard.bpm == pytest.approx(heard.project.tempo_map.bpm, rel=0.01)
    assert heard.true_peak <= -1 + 0.05
    assert -24 <= heard.lufs <= -8


def test_the_first_example_is_heard_in_its_tempo_and_key(tmp_path: Path) -> None:
    words = "dark warehouse techno, 138 bpm, F minor, 8 bars"
    heard = hear(compose(understand(words), seed_of(words)), tmp_path)
    assert heard.bpm == pytest.approx(138, rel=0.01)
    assert heard.tonic == 5


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_twenty_seeds_of_every_style_are_heard_right_and_apart(tmp_path: Path) -> None:
    heard = {style: [hear(piece(style, seed), tmp_path) for seed in range(20)] for style in STYLES}
    pieces = [one for listed in heard.values() for one in listed]
    in_time = [abs(one.bpm / one.project.tempo_map.bpm - 1) < 0.01 for one in pieces]
    in_key = [one.tonic == one.project.key.tonic for one in pieces]
    assert np.mean(in_time) >= 0.85
    assert np.mean(in_key) >= 0.85
    assert max(one.true_peak for one in pieces) <= -1 + 0.05
    centres = {style: np.mean([one.profile for one in listed], axis=0) for style, listed in heard.items()}
    right = [
        min(centres, key=lambda other: float(np.linalg.norm(centres[other] - np.array(one.profile)))) == style
        for style, listed in heard.items()
        for one in listed
    ]
    assert np.mean(right) >= 0.8


def test_every_pair_of_styles_is_apart_in_sound_and_rhythm(tmp_path: Path) -> None:
    profiles = {style: np.array(hear(piece(style, 5), tmp_path).profile) for style in STYLES}
    for style in STYLES:
        for other in STYLES:
            if style < other:
                assert np.linalg.norm(profiles[style] - profiles[other]) > 2, (style, other)
