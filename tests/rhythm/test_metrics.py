"""The figures of a rhythm, against values worked by hand and against independent implementations."""

import math
from itertools import pairwise
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.rhythm import metrics

FLOOR, OFFBEATS, BACKBEAT, ALL = 0x1111, 0x4444, 0x1010, 0xFFFF
TRESILLO = 0b0100_1001  # x..x..x. in eight steps
SON = sum(1 << step for step in (0, 3, 6, 10, 12))
MASKS = st.integers(0, 2**16 - 1)


def hits(mask: int, steps: int = 16) -> list[int]:
    return [step for step in range(steps) if mask >> step & 1]


@pytest.mark.parametrize(
    ("mask", "steps", "value"),
    [
        (FLOOR, 16, 1),
        (ALL, 16, 1),
        (0x0111, 16, 5 / 6),
        (0x0101, 16, 0.5),
        (1, 16, 0.5),
        (0, 16, 0),
        (TRESILLO, 8, 0.5),
    ],
)
def test_entrainment_is_what_the_hand_gets(mask: int, steps: int, value: float) -> None:
    assert metrics.entrainment(mask, steps, 4) == pytest.approx(value)


@given(MASKS, st.sampled_from([(12, 4), (16, 4), (14, 4), (16, 2)]))
def test_entrainment_is_the_circular_autocorrelation(mask: int, grid: tuple[int, int]) -> None:
    steps, beat = grid
    row = [mask >> step & 1 for step in range(steps)]
    at = [sum(a * b for a, b in zip(row, row[lag:] + row[:lag], strict=True)) for lag in (0, beat)]
    expected = 0.5 + 0.5 * at[1] / at[0] if at[0] else 0.0
    assert metrics.entrainment(mask & (1 << steps) - 1, steps, beat) == pytest.approx(expected)


@given(MASKS, st.integers(0, 3))
def test_a_beat_more_is_never_less_entrained_by_the_table(mask: int, beat: int) -> None:
    assert metrics.entrainment_table(mask | 1 << 4 * beat) >= metrics.entrainment_table(mask)


def test_the_table_gives_its_values() -> None:
    found = [metrics.entrainment_table(mask) for mask in (0, 2, 1, 0x11, 0x111, FLOOR, ALL)]
    assert found == pytest.approx([0, 0.3, 0.45, 0.6, 0.75, 0.9, 1])


@pytest.mark.parametrize(
    ("mask", "mean", "total"),
    [
        (0, 0, 0), (FLOOR, 0, 0), (OFFBEATS, 0.4, 1 / 16), (0x8888, 0.65, 2 / 16),
        (FLOOR | OFFBEATS, 0.2, 1 / 16), (ALL, (0.4 + 1.3) / 4, 0.3125),
    ],
)  # fmt: skip
def test_syncopation_is_what_the_hand_gets(mask: int, mean: float, total: float) -> None:
    assert metrics.syncopation(mask) == pytest.approx(mean)
    assert metrics.syncopation_sum(mask) == pytest.approx(total)


@given(MASKS)
def test_syncopation_is_the_mean_and_the_sum_of_its_weights(mask: int) -> None:
    weights = [0 if step % 4 == 0 else 0.4 if step % 4 == 2 else 0.65 for step in hits(mask)]
    halves = [0 if step % 4 == 0 else 0.25 if step % 4 == 2 else 0.5 for step in hits(mask)]
    assert metrics.syncopation(mask) == pytest.approx(fmean(weights) if weights else 0)
    assert metrics.syncopation_sum(mask) == pytest.approx(sum(halves) / 16)


def test_metrical_weights_are_those_of_longuet_higgins_and_lee() -> None:
    assert metrics.lhl_weights(16, 4) == (0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4)
    assert metrics.lhl_weights(12, 3) == (0, -3, -2, -3, -1, -3, -2, -3, -1, -3, -2, -3)


@pytest.mark.parametrize(
    ("mask", "value"),
    # worked by hand: of the son clave 3 → rest 4 (2), 6 → rest 8 (2); of the backbeat 4 → 8 (1), 12 → 0 (2)
    [(FLOOR, 0), (0, 0), (1, 0), (SON, 4), (BACKBEAT, 3), (1 << 15, 4), (1 << 14, 3)],
)
def test_syncopation_of_longuet_higgins_and_lee_is_what_the_hand_gets(mask: int, value: int) -> None:
    assert metrics.syncopation_lhl(mask) == value


@given(MASKS)
def test_syncopation_of_longuet_higgins_and_lee_is_that_of_a_plain_walk(mask: int) -> None:
    weights = metrics.lhl_weights()
    row = [mask >> step & 1 for step in range(16)]
    total = 0
    for step in hits(mask):
        strongest, place = weights[step], (step + 1) % 16
        while place != step and not row[place]:
            strongest, place = max(strongest, weights[place]), (place + 1) % 16
        total += strongest - weights[step]
    assert metrics.syncopation_lhl(mask) == total


# As the package euclidean-rhythm 0.3.0 gives them; all 65,536 masks of 16 steps were compared once.
KEITH_AND_EVENNESS = [
    (0x1111, 0, 1.0), (0x1249, 4, 0.995891), (0x1451, 0, 0.985443), (0x9249, 4, 0.984716), (0x5A5A, 2, 0.989601),
    (0x8421, 1, 0.939697), (0x0249, 4, 0.930998), (0xAAAA, 32, 1.0), (0x2266, 2, 0.952235), (0x91B8, 16, 0.926435),
    (0xD8F2, 23, 0.979983), (0xCD62, 19, 0.980108), (0xC387, 1, 0.933033), (0x1028, 4, 0.902304),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "keith", "even"), KEITH_AND_EVENNESS)
def test_keiths_syncopation_and_evenness_are_those_of_another_package(mask: int, keith: int, even: float) -> None:
    assert metrics.syncopation_keith(mask) == keith
    assert metrics.evenness(mask) == pytest.approx(even, abs=1e-6)


@pytest.mark.parametrize(
    ("onsets", "value"), [(4, 0.8113), (12, 0.8113), (8, 1), (11, 0.8960), (10, 0.9544), (0, 0), (16, 0)]
)
def test_entropy_is_what_the_hand_gets(onsets: int, value: float) -> None:
    assert metrics.entropy(onsets / 16) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("ticks", "value"),
    [([0, 480, 1440], 1 / 9), ([0, 240, 960, 1200], 0.32), ([0, 480, 960], 0), ([0, 480], 0), ([], 0)],
)
def test_dispersion_is_what_the_hand_gets(ticks: list[int], value: float) -> None:
    assert metrics.dispersion(ticks) == pytest.approx(value)


@given(st.lists(st.integers(0, 7680), min_size=3, unique=True).map(sorted))
def test_dispersion_is_variance_over_squared_mean(ticks: list[int]) -> None:
    gaps = [b - a for a, b in pairwise(ticks)]
    assert metrics.dispersion(ticks) == pytest.approx(pvariance(gaps) / fmean(gaps) ** 2)


def test_micro_timing_is_the_root_mean_square_in_milliseconds() -> None:
    assert metrics.micro_timing([384, -384], 120) == pytest.approx(100)
    assert metrics.micro_timing([384, 0], 120) == pytest.approx(100 / math.sqrt(2))
    assert metrics.micro_timing([96], 120, ppq=480) == pytest.approx(100)
    assert metrics.micro_timing([], 120) == 0
