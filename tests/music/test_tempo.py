"""Tempo maps: exact arithmetic between ticks, seconds and frames."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.music.tempo import PPQ, TempoMap, TempoPoint, beats, ticks_of_beats

BPMS = st.floats(10, 1000).map(lambda bpm: round(bpm, 3))


@st.composite
def tempo_maps(draw):
    ticks = sorted({0, *draw(st.lists(st.integers(1, 10**6), max_size=8))})
    return TempoMap(points=tuple(TempoPoint(tick=tick, bpm=draw(BPMS)) for tick in ticks))


@st.composite
def ramps(draw):
    """Return a tempo map whose points are jumps and ramps, and at least one ramp."""
    points = draw(tempo_maps().filter(lambda tempo: len(tempo.points) > 1)).points
    flags = draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points)))
    last = len(points) - 1
    return TempoMap(points=tuple(p.evolve(ramp=at > 0 and (flags[at] or at == last)) for at, p in enumerate(points)))


def integrated(tempo, start, end, pieces=2000):
    """Return the seconds between two ticks of one ramp or step, by Simpson's rule on what each tick takes."""
    width = (end - start) / pieces
    takes = [60 / (PPQ * tempo.at(start + width * at)) for at in range(pieces)]
    takes.append(60 / (PPQ * tempo.at(end - 1e-9 * max(end, 1))))
    return (
        width / 3 * math.fsum(take * (1 if at in (0, pieces) else 4 if at % 2 else 2) for at, take in enumerate(takes))
    )


@given(ramps(), st.data())
@settings(max_examples=40)
def test_a_ramp_takes_the_time_that_its_tempos_take_together(tempo, data):
    ends = [point.tick for point in tempo.points] + [tempo.points[-1].tick + 5000]
    at = data.draw(st.integers(0, len(ends) - 2))
    start, end = ends[at], ends[at + 1]
    inside = data.draw(st.integers(start, end))
    if inside > start:
        taken = tempo.seconds(inside) - tempo.seconds(start)
        assert taken == pytest.approx(integrated(tempo, start, inside), rel=1e-6, abs=1e-9)


@given(ramps(), st.floats(-(10**4), 2 * 10**6))
def test_ticks_undo_seconds_in_ramps(tempo, tick):
    assert tempo.ticks(tempo.seconds(tick)) == pytest.approx(tick, rel=1e-9, abs=1e-5)


@given(ramps(), st.lists(st.integers(0, 2 * 10**6), min_size=2))
def test_time_never_runs_backward_in_ramps(tempo, ticks):
    seconds = [tempo.seconds(tick) for tick in sorted(ticks)]
    assert seconds == sorted(seconds)


def test_a_ramp_from_120_to_240_takes_what_the_logarithm_says_and_is_linear_over_beats():
    tempo = TempoMap().with_point(4 * PPQ, 240, ramp=True)
    assert tempo.seconds(4 * PPQ) == pytest.approx(4 * 60 / 120 * math.log(2), rel=1e-14)
    assert [tempo.at(beat * PPQ) for beat in range(6)] == [120, 150, 180, 210, 240, 240]
    assert tempo.ramp_over(1) == tempo.ramp_over(4 * PPQ) == tempo.points[1]
    assert tempo.ramp_over(0) is tempo.ramp_over(4 * PPQ + 1) is None


def test_a_ramp_to_the_same_tempo_and_a_very_small_one_are_the_steady_tempo():
    steady = TempoMap().with_point(10**6, 120)
    for bpm in (120, 120 + 1e-10):
        assert TempoMap().with_point(10**6, bpm, ramp=True).seconds(777_777) == pytest.approx(
            steady.seconds(777_777), rel=1e-11
        )


def test_the_first_tempo_is_reached_by_no_ramp():
    with pytest.raises(ValidationError, match="the first tempo cannot be reached in a ramp"):
        TempoMap(points=(TempoPoint(tick=0, bpm=120, ramp=True),))


def exact_seconds(tempo, tick):
    total = Fraction(0)
    for index, point in enumerate(tempo.points):
        end = tempo.points[index + 1].tick if index + 1 < len(tempo.points) else max(tick, point.tick)
        total += Fraction(max(min(end, tick) - point.tick, 0) * 60, PPQ) / Fraction(point.bpm)
    return total


def test_eight_bars_at_138_are_the_exact_number_of_frames():
    assert TempoMap().with_bpm(138).frames(8 * 4 * PPQ, 48000) == round(8 * 4 * 60 / 138 * 48000) == 667826


@given(st.integers(10, 1000), st.integers(1, 512), st.sampled_from([22050, 44100, 48000, 96000, 192000]))
def test_frames_of_whole_bars_are_the_nearest_to_the_exact_length(bpm, bars, rate):
    exact = Fraction(bars * 4 * 60 * rate, bpm)
    assert abs(TempoMap().with_bpm(bpm).frames(bars * 4 * PPQ, rate) - exact) <= Fraction(1, 2)


@given(tempo_maps(), st.integers(0, 2 * 10**6))
def test_seconds_follow_every_step_of_the_map(tempo, tick):
    assert tempo.seconds(tick) == pytest.approx(float(exact_seconds(tempo, tick)), rel=1e-14, abs=1e-14)


@given(tempo_maps(), st.floats(-(10**4), 2 * 10**6))
def test_ticks_undo_seconds(tempo, tick):
    assert tempo.ticks(tempo.seconds(tick)) == pytest.approx(tick, rel=1e-9, abs=1e-6)


@given(tempo_maps(), st.lists(st.integers(0, 2 * 10**6), min_size=2))
def test_time_never_runs_backward(tempo, ticks):
    seconds = [tempo.seconds(tick) for tick in sorted(ticks)]
    assert seconds == sorted(seconds)


def test_frames_come_from_the_absolute_position_and_do_not_drift():
    tempo = TempoMap().with_bpm(137)
    steps = [tempo.frames(480 * step, 44100) for step in range(1, 100_000, 997)]
    assert all(abs(frame - Fraction(480 * step * 60 * 44100, PPQ * 137)) <= Fraction(1, 2)
               for frame, step in zip(steps, range(1, 100_000, 997), strict=True))  # fmt: skip


def test_the_tempo_at_a_change_is_the_new_one():
    tempo = TempoMap().with_point(1920, 60)
    assert (tempo.at(1919), tempo.at(1920), tempo.at(-5), tempo.bpm) == (120, 60, 120, 120)


def test_setting_the_tempo_edits_the_first_point_only():
    tempo = TempoMap().with_point(1920, 60).with_bpm(174)
    assert [(p.tick, p.bpm) for p in tempo.points] == [(0, 174), (1920, 60)]


def test_a_point_is_added_in_order_replaced_and_removed():
    tempo = TempoMap().with_point(3840, 90).with_point(1920, 60).with_point(3840, 95)
    assert [(p.tick, p.bpm) for p in tempo.points] == [(0, 120), (1920, 60), (3840, 95)]
    assert [p.tick for p in tempo.without_point(1920).points] == [0, 3840]
    for missing in (0, 77):
        with pytest.raises(UserError):
            tempo.without_point(missing)


def test_scaling_multiplies_every_tempo_and_refuses_what_is_out_of_range():
    assert [p.bpm for p in TempoMap().with_point(10, 100).scaled(1.5).points] == [180, 150]
    with pytest.raises(UserError, match="1200 BPM"):
        TempoMap().scaled(10)


@pytest.mark.parametrize("bpm", [9.9, 1001, float("nan"), float("inf"), -120])
def test_an_impossible_tempo_is_refused_in_words(bpm):
    with pytest.raises(UserError) as caught:
        TempoMap().with_bpm(bpm)
    assert caught.value.hint == "10 to 1000"


@pytest.mark.parametrize("ticks", [(), (5,), (0, 0), (0, 9, 3)])
def test_points_must_start_at_zero_and_rise(ticks):
    with pytest.raises(ValidationError):
        TempoMap(points=tuple(TempoPoint(tick=tick, bpm=120) for tick in ticks))


def test_looking_up_leaves_the_value_equal_and_serialisable():
    used, fresh = TempoMap().with_point(5, 99), TempoMap().with_point(5, 99)
    used.seconds(100)
    assert used == fresh
    assert hash(used) == hash(fresh)
    assert TempoMap.model_validate_json(used.model_dump_json()) == fresh
    assert used.evolve(points=used.points[:1]).seconds(PPQ) == 0.5


def test_beats_are_quarters():
    assert beats(960) == 0.5
    assert ticks_of_beats(1 / 3) == 640
