"""Styles are known by their melodies alone: without tempo, register and instrument, with seeds that were held out."""

from itertools import combinations

import pytest

from hardcore.knowledge.loader import genre_ids
from tests.compose.classifier import Answers, Classifier, melody
from tests.compose.judge import tune_of

# club styles whose riffs were once alike, and new ones that lie near to others
NEAR = (
    "acid_techno", "breakbeat", "chicago_house", "dub_techno", "electro", "footwork", "gabber", "minimal_techno",
    "psytrance", "tech_house", "warehouse_techno", "salsa", "reggaeton", "cumbia", "k_pop", "folk", "swing", "phonk",
)  # fmt: skip


def test_the_melodies_of_styles_that_lie_near_to_each_other_are_told_apart() -> None:
    answers = Answers(Classifier(NEAR, range(6)), range(1000, 1003))
    assert answers.top(1) >= 0.6 and answers.top(5) >= 0.9, answers.confused()[:5]


def test_no_two_styles_share_a_melody_s_rhythm_with_one_seed() -> None:
    rhythms = {}
    for style in NEAR:
        notes, _, bar_ticks = melody(style, 1)
        rhythms[style] = tune_of(notes, bar_ticks).rhythms()
    for one, other in combinations(NEAR, 2):
        assert rhythms[one][:4] != rhythms[other][:4], (one, other)


@pytest.mark.soak
def test_the_melodies_of_all_styles_are_told_apart() -> None:
    answers = Answers(Classifier(genre_ids(), range(24)), range(1000, 1024))
    assert answers.top(1) >= 0.5 and answers.top(5) >= 0.85
    share, style, other = answers.confused()[0]
    assert share <= 0.4, (style, other)
