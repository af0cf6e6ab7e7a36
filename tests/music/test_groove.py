"""Grooves: swing and templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.music.groove import GrooveTemplate, apply, swing

LAZY = GrooveTemplate(id="lazy", name="lazy", timing=(0, 60, -20, 30), velocity=(1.2, 0.6, 1, 0.8))


def test_two_thirds_is_a_triplet():
    assert apply(swing(200 / 3), 480) == (160, 1)


@pytest.mark.parametrize(("percent", "delay"), [(50, 0), (54, 38), (58, 77), (62.5, 120), (75, 240)])
def test_odd_sixteenths_are_late_by_the_percentage_and_even_ones_stay(percent, delay):
    groove = swing(percent)
    assert [apply(groove, 480 * step)[0] for step in range(4)] == [0, delay, 0, delay]


def test_eighths_swing_too():
    assert [apply(swing(60, 960), tick)[0] for tick in (0, 960, 1920)] == [0, 192, 0]
    assert swing(60, 960).id != swing(60).id


@pytest.mark.parametrize("percent", [49.9, 75.1, float("nan")])
def test_a_swing_out_of_range_is_refused_in_words(percent):
    with pytest.raises(UserError):
        swing(percent)


def test_the_template_repeats_with_its_length():
    assert LAZY.length_ticks == 1920
    assert apply(LAZY, 480) == apply(LAZY, 480 + 1920 * 7) == (60, pytest.approx(0.6))


def test_amount_scales_both_and_zero_is_straight():
    assert apply(LAZY, 480, 0.5) == (30, pytest.approx(0.8))
    assert apply(LAZY, 700, 0) == (0, 1)


def test_between_steps_timing_and_level_change_evenly():
    assert apply(LAZY, 240) == (30, pytest.approx(0.9))


@given(st.integers(0, 10**6), st.integers(1, 2000), st.floats(0, 1))
def test_notes_never_change_places(tick, later, amount):
    for groove in (LAZY, swing(75)):
        first, second = (at + apply(groove, at, amount)[0] for at in (tick, tick + later))
        assert first <= second


def test_steps_that_would_cross_are_refused():
    with pytest.raises(ValidationError, match="before"):
        GrooveTemplate(id="x", name="x", timing=(0, 400, -100), velocity=(1, 1, 1))
    with pytest.raises(ValidationError, match="each step"):
        GrooveTemplate(id="x", name="x", timing=(0, 1), velocity=(1,))


def test_a_groove_survives_storage_after_use():
    apply(LAZY, 5)
    assert GrooveTemplate.model_validate_json(LAZY.model_dump_json()) == LAZY
