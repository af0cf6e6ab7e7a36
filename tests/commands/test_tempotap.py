"""Tempo by hand: taps with a slip among them, the range, and what a ramp makes of the map."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.tempotap import LEAST_TAPS, Taps
from tests.song import studio_with_song


def tapped(times: list[float]) -> float | None:
    taps, found = Taps(), None
    for at_s in times:
        found = taps.tap(at_s)
    return found


@given(st.floats(40, 300), st.lists(st.floats(-0.004, 0.004), min_size=9, max_size=9))
def test_taps_give_their_tempo_within_what_a_finger_wavers(bpm: float, wavers: list[float]) -> None:
    times = [at * 60 / bpm + waver for at, waver in enumerate(wavers)]
    assert tapped(times) == pytest.approx(bpm, rel=0.01 + 0.008 * bpm / 60 / 8)


def test_a_tap_that_is_missed_or_doubled_does_not_count_and_a_rest_begins_anew() -> None:
    beat = 0.5
    times = [at * beat for at in range(9)]
    assert tapped(times[:4] + times[5:]) == pytest.approx(120)
    assert tapped([*times[:5], times[4] + 0.1, *times[5:]]) == pytest.approx(120, rel=0.02)
    assert tapped([*times, 60.0]) is None
    assert tapped([*times, *(60 + at * 0.6 for at in range(LEAST_TAPS))]) == pytest.approx(100)


def test_of_taps_that_are_all_doubled_every_second_counts() -> None:
    times = [at * 0.5 + late for at in range(8) for late in (0.0, 0.1)]
    assert tapped(times) == pytest.approx(120, rel=0.06)


def test_a_ramp_from_where_it_stands_begins_with_the_piece() -> None:
    studio = studio_with_song(None)
    asyncio.run(run_line(studio, "/tempo ramp 150 --bars 4", Caller()))
    tempo, bar = studio.controller.project.tempo_map, 7680
    assert (tempo.at(0), tempo.at(2 * bar), tempo.at(4 * bar), tempo.at(9 * bar)) == (138, 144, 150, 150)
    studio.close()
