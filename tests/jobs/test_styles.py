"""Every style as sound, heard by ears that know nothing of the project: tempo, key, loudness, bands, apart from others.

A few styles in `make test`, all with twenty seeds (or SOAK_SEEDS of the environment) in `make soak`.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from hardcore.commands.core.seeds import seed_of
from hardcore.compose.producer import compose
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.language.prompt.understand import understand
from hardcore.project.roles import DRUMS
from tests.audio.othertempo import PROGRAM, agrees, other_tempo
from tests.effort import IS_SOAK
from tests.hearing import Heard, hear, piece, within

STYLES = genre_ids()
# far from each other and from the eight families
SAMPLE = ("house", "frenchcore", "reggae", "jazz_trio", "amapiano", "waltz")
# those that another program counts in their beats too
COUNTED_ALIKE = ("house", "frenchcore", "reggae", "jazz_trio")


def has_drums(heard: Heard) -> bool:
    return sum(track.role in DRUMS for track in heard.project.tracks if track.clips) > 1


def in_time(heard: Heard) -> bool:
    """Whether the heard tempo is the asked one, or twice or half of it: some styles are counted both ways."""
    asked = heard.project.tempo_map.bpm
    return any(abs(heard.bpm / (asked * factor) - 1) < 0.01 for factor in (1, 0.5, 2, 0.75, 1.5))


@pytest.mark.parametrize("style", SAMPLE if IS_SOAK else SAMPLE[::2])
def test_a_style_is_heard_as_it_was_asked(style: str, tmp_path: Path) -> None:
    heard, audio, rate = hear(piece(style, 3), tmp_path)
    if has_drums(heard):
        assert in_time(heard)
    if PROGRAM is not None and style in COUNTED_ALIKE:
        assert agrees(heard.project.tempo_map.bpm, other_tempo(audio, rate))
    assert heard.true_peak <= -1 + 0.05
    assert heard.lufs == pytest.approx(genre(style).mix.target_lufs, abs=1.05)
    assert not within(heard, style, 0.5)
    assert heard.low_sides <= -20
    assert 0.5 <= heard.similarity <= 0.95


def test_the_first_example_is_heard_in_its_tempo_and_key(tmp_path: Path) -> None:
    words = "dark warehouse techno, 138 bpm, F minor, 8 bars"
    heard, _, _ = hear(compose(understand(words), seed_of(words)), tmp_path)
    assert heard.bpm == pytest.approx(138, rel=0.01)
    assert heard.tonic == 5


def named_right(heard: dict[str, list[Heard]]) -> tuple[float, dict[tuple[str, str], int]]:
    """Return the share of pieces whose style the nearest centre of the others' features names, and what was confused.

    A piece is left out of its own style's centre. Features are counted in spreads within a style, at least a quarter of
    the spread over all: a tempo 8 % off weighs as much as any usual difference.
    """
    rows = {style: np.array([list(one.profile.values()) for one in listed]) for style, listed in heard.items()}
    inside = np.sqrt(np.mean([row.var(axis=0) for row in rows.values()], axis=0))
    spread = np.maximum(inside, 0.25 * np.concatenate(list(rows.values())).std(axis=0)) + 1e-9
    centres = {style: row.mean(axis=0) for style, row in rows.items()}
    wrong: dict[tuple[str, str], int] = {}
    for style, row in rows.items():
        for one in row:
            own = (centres[style] * len(row) - one) / (len(row) - 1)
            far = {
                other: np.linalg.norm(((own if other == style else at) - one) / spread) for other, at in centres.items()
            }
            said = min(far, key=lambda other: float(far[other]))
            if said != style:
                wrong[style, said] = wrong.get((style, said), 0) + 1
    return 1 - sum(wrong.values()) / sum(map(len, rows.values())), wrong


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_twenty_seeds_of_every_style_are_heard_right_and_apart(tmp_path: Path) -> None:
    seeds = range(int(os.environ.get("SOAK_SEEDS", "20")))
    heard = {style: [hear(piece(style, seed), tmp_path)[0] for seed in seeds] for style in STYLES}
    pieces = [(style, one) for style, listed in heard.items() for one in listed]
    assert np.mean([in_time(one) for _, one in pieces if has_drums(one)]) >= 0.95
    assert np.mean([one.tonic == one.project.key.tonic for _, one in pieces]) >= 0.85
    assert max(one.true_peak for _, one in pieces) <= -1 + 0.05
    off = [abs(one.lufs - genre(style).mix.target_lufs) for style, one in pieces]
    assert np.mean([lu <= 1.05 for lu in off]) >= 0.95 and max(off) < 2.5
    assert np.mean([not within(one, style) for style, one in pieces]) >= 0.95
    assert np.mean([0.5 <= one.similarity <= 0.95 for _, one in pieces if has_drums(one)]) >= 0.95
    assert np.mean([one.low_sides <= -20 for _, one in pieces]) >= 0.95
    right, wrong = named_right(heard)
    assert right >= 0.8, wrong
