"""The index: what BM25 is by its formula, what it must prefer, and the words it sees."""

import math

import pytest

from hardcore.language.bm25 import Index, words


def test_a_score_is_what_the_formula_says() -> None:
    index = Index([("a", ["kick", "kick", "snare"]), ("b", ["kick"]), ("c", ["bass", "bass"])])
    rare = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = rare * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
    assert dict(index.best("kick"))["a"] == pytest.approx(expected)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = Index([("a", ["track", "mute"]), ("b", ["track", "gain"]), ("c", ["track", "pan"])])
    assert [key for key, _ in index.best("track pan")] == ["c", "a", "b"]


def test_no_word_no_text() -> None:
    assert Index([("a", ["kick"])]).best("nothing of it") == []
    with pytest.raises(ValueError, match="needs texts"):
        Index([])


@pytest.mark.parametrize(
    "same", ["mute mutes muted muting", "quantize quantizing quantized", "busy busier busiest", "drop drops dropping"]
)
def test_forms_of_a_word_are_one_word(same: str) -> None:
    assert len(set(words(same))) == 1


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("How do I make the kick louder?") == words("kick louder")
