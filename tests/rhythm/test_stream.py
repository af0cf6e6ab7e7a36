"""A stream gives the bars of a performance one by one, and becomes another rhythm between two of them."""

from itertools import pairwise
from statistics import fmean

import pytest

from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.rhythm.intents import tell
from hardcore.rhythm.log import log
from hardcore.rhythm.session import perform
from hardcore.rhythm.stream import Stream, StreamedBar

BARS = 40


def notes_of(bar: StreamedBar, size: int) -> list[tuple[int, ...]]:
    """Return the notes of a bar in ticks from the stream's start, in order."""
    begin = bar.number * size
    return sorted((n[0] + begin, n[1] + begin, *n[2:]) for notes in bar.parts.values() for n in notes)


@pytest.mark.parametrize("name", rhythm_ids())
def test_the_bars_of_a_stream_are_those_of_a_performance(name: str) -> None:
    found = rhythm(name)
    stream, play = Stream(found, seed=5), perform(found, bars=BARS + 8, seed=5)
    size, rows = play.rhythm.bar_ticks, log(play)
    written = sorted(tuple(note) for note in play.notes)
    for number in range(BARS):
        bar = stream.next()
        assert bar.number == number
        assert notes_of(bar, size) == [note for note in written if note[0] // size == number]
        assert bar.figures == rows[number]


def test_a_stream_that_becomes_another_goes_on_with_its_bars_and_its_leanings() -> None:
    stream = Stream(rhythm("default"), seed=2)
    before = [stream.next() for _ in range(48)]
    first = stream.become(tell(rhythm("default"), "polymetric, polymetric, polymetric").rhythm)
    after = [stream.next() for _ in range(48)]
    assert [bar.number for bar in (*before, *after)] == list(range(96))
    assert 48 <= first <= 50
    assert "perc" in stream.layers and "perc" not in before[-1].parts
    assert all(("perc" in bar.parts) == (bar.number >= first) for bar in after)
    # It does not begin anew: what was learnt about the leaning stays.
    leanings = [bar.figures["lean"] for bar in (*before, *after)]
    assert all(abs(b - a) <= 0.051 for a, b in pairwise(leanings))
    assert abs(leanings[first] - 0.5) > 0.06


def test_what_was_told_is_heard_from_the_bar_it_names() -> None:
    stream = Stream(rhythm("warehouse"), seed=2)
    before = [stream.next() for _ in range(40)]
    first = stream.become(tell(rhythm("warehouse"), "much sparser, much sparser").rhythm)
    after = [stream.next() for _ in range(40)]
    untouched = [bar for bar in after if bar.number < first]
    play = perform(rhythm("warehouse"), bars=48, seed=2)
    for bar in untouched:
        written = [tuple(note) for note in play.notes if note.grid_ticks // 7680 == bar.number]
        assert [note[0] for note in notes_of(bar, 7680)] == sorted(note[0] for note in written)
    hits = [fmean(len(bar.parts["hat_c"]) for bar in bars) for bars in (before, after[len(untouched) :])]
    assert hits[1] < 0.8 * hits[0]
