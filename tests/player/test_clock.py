"""The sample clock: it finds the engine's samples from probes that wander, and goes on where the count begins again."""

import math
import random

import numpy as np
import pytest

from hardcore.player.clock import COUNT_SAMPLES, PROBE_S, WINDOW, EngineClock, SilentClock, weighted_line

RATE = 48_000


def true_sample(tag: float) -> float:
    """Return an engine's sample for a time tag: a card 100 ppm off, and a mapping that wanders as after a start."""
    return 12_345 + tag * RATE * 1.0001 + 300 * (1 - math.exp(-tag / 3))


def probed(count: int, start: float = 0.0) -> EngineClock:
    clock = EngineClock(RATE, lambda: 0.0)
    for number in range(1, count + 1):
        tag = start + number * PROBE_S
        clock.asked(number, tag)
        rounded = true_sample(tag) + 0.5
        whole = math.floor(rounded)
        clock.heard(number, whole % COUNT_SAMPLES, rounded - whole)
    return clock


# In the first seconds the mapping bends more than a parabola does.
@pytest.mark.parametrize(("start", "tolerance"), [(0.0, 2), (2.0, 1), (60.0, 0.1), (86.0, 0.1), (5000.0, 0.1)])
def test_a_coming_sample_is_met_exactly(start: float, tolerance: float) -> None:
    clock = probed(WINDOW, start)
    assert clock.settled
    last = start + WINDOW * PROBE_S
    offset = clock._pairs[-1][0] - true_sample(last)
    assert offset % COUNT_SAMPLES == pytest.approx(0, abs=1e-3) or abs(offset) < 1e-3
    for ahead_s in (0.0, 0.05, 0.15):
        wanted = round(true_sample(last + ahead_s) + offset)
        assert true_sample(clock.tag(wanted)) + offset == pytest.approx(wanted, abs=tolerance)


def test_one_probe_is_enough_to_start() -> None:
    clock = probed(1)
    assert clock.ready and not clock.settled
    assert clock.tag(true_sample(PROBE_S) + RATE) == pytest.approx(PROBE_S + 1, abs=1e-6)


def test_an_answer_nobody_waits_for_is_ignored() -> None:
    clock = EngineClock(RATE, lambda: 0.0)
    clock.heard(7, 100, 0.5)
    assert not clock.ready


def test_a_weighted_line_follows_what_weighs() -> None:
    xs = [-2.0, -1.5, -1.0, -0.25, 0.0]
    line = [3 - 2 * x for x in xs]
    assert weighted_line(xs, line, [1.0] * 5) == pytest.approx((3, -2))
    assert weighted_line(xs, [99.0, *line[1:]], [1e-9, 1, 1, 1, 1]) == pytest.approx((3, -2), abs=1e-4)
    assert weighted_line([0.0], [7.0], [1.0]) == (7, 0)


def test_a_mapping_that_walks_is_followed_closely() -> None:
    rng, steps, walked = random.Random(1), [0.0], 0.0
    # The engine's own mapping, callback by callback: what is heard of it is as old as its latest probe.
    for _ in range(12 * 60 * 8):
        walked += rng.gauss(0, 0.06)
        steps.append(walked)
    clock = EngineClock(RATE, lambda: 0.0)

    def sample(tag: float) -> float:
        return tag * RATE + steps[int(tag * 90)]

    off = []
    for number in range(1, 900):
        tag = number * PROBE_S
        clock.asked(number, tag)
        whole, fraction = divmod(sample(tag) + 0.5, 1)
        clock.heard(number, whole % COUNT_SAMPLES, fraction)
        if clock.settled:
            wanted = round(clock._sample_at(tag + 0.12))
            shift = clock._pairs[-1][0] - sample(tag)
            off.append(abs(sample(clock.tag(wanted)) + shift - wanted))
    assert np.percentile(off, 95) < 1 and np.mean(off) < 0.4


def test_the_silent_clock_is_the_steady_one() -> None:
    now = [10.0]
    clock = SilentClock(RATE, lambda: now[0])
    now[0] = 11.5
    assert clock.now() == 1.5 * RATE


def test_a_leap_is_bridged_at_the_next_probe_and_counted() -> None:
    clock = probed(WINDOW, 60.0)
    assert clock.dropouts == 0
    last = 60.0 + WINDOW * PROBE_S
    before = clock._pairs[-1][0]
    tag = last + PROBE_S
    leapt = before + PROBE_S * RATE * 1.0001 - 700
    clock.asked(999, tag)
    clock.heard(999, (leapt + 0.5) % COUNT_SAMPLES // 1, leapt + 0.5 - math.floor(leapt + 0.5))
    assert clock.dropouts == 1
    assert clock.tag(leapt + 4800) == pytest.approx(tag + 0.1, abs=2e-5)
