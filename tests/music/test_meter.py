"""Meter maps: bars and positions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.music.tempo import MeterMap, MeterPoint, parse_meter

METERS = st.tuples(st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32]))


@st.composite
def meter_maps(draw):
    meter = MeterMap().with_meter(*draw(METERS))
    for bar in sorted(draw(st.sets(st.integers(1, 40), max_size=5))):
        meter = meter.with_change(bar, *draw(METERS))
    return meter


def test_a_bar_of_seven_eight_is_seven_eighths_long():
    meter = MeterMap().with_meter(7, 8)
    assert (meter.bar_ticks(), meter.text, meter.numerator, meter.denominator) == (6720, "7/8", 7, 8)


@pytest.mark.parametrize(
    ("meter", "tick", "text"),
    [
        ((4, 4), 0, "1.1.1"),
        ((4, 4), 7680 + 1920 + 480 + 5, "2.2.2.5"),
        ((7, 8), 6720 + 960 * 6 + 480, "2.7.2"),
        ((5, 16), 4 * 480, "1.5.1"),
        ((3, 32), 240, "1.2.1"),
        ((1, 1), 7680 - 1, "1.1.16.479"),
    ],
)
def test_positions_count_as_a_musician_counts(meter, tick, text):
    assert str(MeterMap().with_meter(*meter).position(tick)) == text


@given(meter_maps(), st.integers(0, 10**6))
def test_a_position_leads_back_to_its_tick(meter, tick):
    assert meter.tick(*meter.position(tick)) == tick


@given(meter_maps(), st.integers(0, 60))
def test_bars_follow_each_other_without_gap(meter, bar):
    start = meter.bar_start(bar)
    assert meter.bar_of(start) == bar
    assert meter.bar_start(bar + 1) == start + meter.bar_ticks(start)
    assert meter.bar_of(start + meter.bar_ticks(start) - 1) == bar


def test_a_change_within_a_bar_is_refused():
    points = [MeterPoint(tick=0, numerator=3, denominator=4), MeterPoint(tick=1920, numerator=4, denominator=4)]
    with pytest.raises(ValidationError, match="bar line"):
        MeterMap(points=tuple(points))


def test_later_changes_keep_their_bar_numbers():
    meter = MeterMap().with_change(4, 7, 8).with_change(6, 4, 4).with_meter(3, 4)
    assert [meter.bar_of(point.tick) for point in meter.points] == [0, 4, 6]
    again = meter.with_change(2, 5, 4)
    assert [(again.bar_of(p.tick), p.numerator) for p in again.points] == [(0, 3), (2, 5), (4, 7), (6, 4)]
    assert [p.numerator for p in again.with_change(4, 9, 8).points] == [3, 5, 9, 4]


def test_a_meter_is_read_from_text():
    assert parse_meter(" 7 / 8 ") == (7, 8)


@pytest.mark.parametrize("text", ["7", "7/9", "0/4", "33/4", "x/4", "", "４/4", "4/4/4", "999/4"])
def test_what_is_no_meter_is_refused_in_words(text):
    with pytest.raises(UserError) as caught:
        parse_meter(text)
    assert caught.value.hint


@pytest.mark.parametrize("position", [(0, 1, 1), (1, 5, 1), (1, 1, 5), (1, 0, 1)])
def test_a_position_outside_its_bar_is_refused(position):
    with pytest.raises(UserError):
        MeterMap().tick(*position)
