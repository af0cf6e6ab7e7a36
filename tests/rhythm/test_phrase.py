"""A lead asks and answers: out of the bass's way, in key and register, its motif known again, at the density asked."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.rhythm import phrase
from hardcore.rhythm.bass_score import step_of
from hardcore.rhythm.bassline import bassline
from hardcore.rhythm.drums import Drums
from hardcore.rhythm.phrase import lead, open_steps, shape
from hardcore.rhythm.tone import Line, Tone
from tests.effort import examples
from tests.rhythm.lines import any_drums, four_on_the_floor, keys, seeds

F_MINOR = Key.parse("F minor")


@settings(max_examples=examples(200), deadline=None)
@given(
    drums=any_drums(), key=keys, mode=st.sampled_from(["pocket_groove", "root_fifth", "leadish"]), seed=seeds,
    phrase_bars=st.integers(1, 4), density=st.floats(0, 1), low=st.integers(40, 70), span=st.integers(12, 30),
)  # fmt: skip
def test_a_lead_keeps_out_of_the_way_in_key_and_register_of_one_voice(
    drums: Drums, key: Key, mode: str, seed: int, phrase_bars: int, density: float, low: int, span: int
) -> None:
    bass = bassline(drums, key, mode, seed=seed)
    line = lead(drums, bass, key, seed=seed, phrase_bars=phrase_bars, density=density, low=low, high=low + span)
    assert phrase.faults(line, drums, bass, key, low, low + span) == ()
    assert line == lead(drums, bass, key, seed=seed, phrase_bars=phrase_bars, density=density, low=low, high=low + span)
    starts = {tone.sounds for tone in bass}
    for tone in line:
        assert key.contains(tone.pitch) and low <= tone.pitch <= low + span
        assert tone.sounds not in starts
        assert tone.length_ticks >= 1 and 1 <= tone.velocity <= 127 and tone.ends <= drums.length_ticks
    assert all(a.ends <= b.sounds for a, b in pairwise(line))
    # never more than asked for, and all of it where there is room
    for first in range(0, drums.bars, phrase_bars):
        bars = range(first, min(first + phrase_bars, drums.bars))
        here = sum(step_of(drums, tone)[0] in bars for tone in line)
        wanted = round(density * drums.steps)
        assert here <= wanted * len(bars)
        space = [sum(map(len, open_steps(drums, bass, bar, breath=bar == bars[-1]))) for bar in bars]
        if min(space) >= wanted:
            assert here == wanted * len(bars)
    for bar in range(drums.bars):
        breath = bar == drums.bars - 1 or bar % phrase_bars == phrase_bars - 1
        clear, loud = open_steps(drums, bass, bar, breath=breath)
        steps = {step_of(drums, tone)[1] for tone in line if step_of(drums, tone)[0] == bar}
        # an accent is met only where nothing else is left
        assert not steps & set(loud) or steps >= set(clear)


def parts(line: Line, drums: Drums, bars: int) -> list[list[Tone]]:
    """Return the notes of each phrase, counted from the phrase's start."""
    size = bars * drums.bar_ticks
    return [
        [
            tone._replace(start_ticks=tone.start_ticks - start)
            for tone in line
            if start <= tone.start_ticks < start + size
        ]
        for start in range(0, drums.length_ticks, size)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_an_answer_takes_up_the_question_and_comes_home(seed: int) -> None:
    drums = four_on_the_floor(8)
    bass = bassline(drums, F_MINOR, "offbeat_stabs", seed=1, density=0.25)
    found = parts(lead(drums, bass, F_MINOR, seed=seed), drums, 2)
    for question, answer in (found[:2], found[2:]):
        assert question[-1].pitch % 12 != F_MINOR.tonic
        assert answer[-1].pitch % 12 == F_MINOR.tonic
        assert [tone.start_ticks for tone in question] == [tone.start_ticks for tone in answer]
        head = len(question) // 2
        assert [tone.pitch for tone in question[:head]] == [tone.pitch for tone in answer[:head]]
        assert question != answer
    assert found[0] != found[2], "the second pair develops the motif"


def test_each_pair_of_phrases_develops_the_motif_in_another_way() -> None:
    ways = [shape(number, 3).development for number in range(8)]
    assert ways[0] == ways[1] == "as it was"
    assert len(set(ways)) == 4
    assert [shape(number, 3).asks for number in range(4)] == [True, False, True, False]


def test_upside_down_turns_the_contour_round() -> None:
    drums = four_on_the_floor(4)
    chances = [seed for seed in range(60) if shape(2, seed).development == "upside down"]
    turned = [_ways(lead(drums, (), F_MINOR, seed=seed, phrase_bars=1, low=40, high=100), drums) for seed in chances]
    assert len(chances) > 10
    # a tune far from home turns back whichever way it goes
    assert sum(motif == [-way for way in other] for motif, other in turned) > 0.8 * len(chances)
    assert all(any(motif) for motif, _ in turned)


def _ways(line: Line, drums: Drums) -> tuple[list[int], list[int]]:
    """Return whether the first moves of the first and the third phrase of a bar go up (1) or down (−1)."""
    first, third = parts(line, drums, 1)[::2]
    ups, downs = ([(b.pitch > a.pitch) - (b.pitch < a.pitch) for a, b in pairwise(p[:3])] for p in (first, third))
    return ups, downs


def test_the_last_beat_of_a_phrase_is_a_breath() -> None:
    drums = four_on_the_floor(8)
    line = lead(drums, (), F_MINOR, seed=2, density=0.5)
    assert line
    assert all(tone.start_ticks % (2 * 7680) < 2 * 7680 - 1920 for tone in line)


def test_numbers_out_of_range_are_refused_in_words() -> None:
    drums = four_on_the_floor(1)
    for wrong in ({"density": 2.0}, {"phrase_bars": 0}, {"low": 60, "high": 65}):
        with pytest.raises(UserError):
            lead(drums, (), F_MINOR, seed=1, **wrong)  # type: ignore[arg-type]


def test_the_check_finds_a_note_on_the_bass() -> None:
    drums = four_on_the_floor(1)
    bass = bassline(drums, F_MINOR, "offbeat_stabs", seed=1)
    bad = [bass[0]._replace(pitch=65)]
    assert [fault.kind for fault in phrase.faults(bad, drums, bass, F_MINOR, 60, 84)] == ["collision"]
