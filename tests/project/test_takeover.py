"""Takeover: what a knob does to a value that stands elsewhere, as laws over every way that a knob may go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.project.takeover import NEAR, STEPS, TOP, taken_over

SENT = st.integers(0, TOP)
WAY = st.lists(SENT, min_size=1, max_size=30)
SHARE = st.floats(0, 1)


def turned(mode: str, way: list[int], value: float) -> list[float]:
    """Return the value after each message of a knob that was never moved before."""
    last, values = None, []
    for sent in way:
        new = taken_over(mode, last, sent, value)  # type: ignore[arg-type]
        value, last = value if new is None else new, sent / TOP
        values.append(value)
    return values


@given(WAY, SHARE)
def test_picked_up_a_value_is_where_it_was_until_the_knob_passes_it_and_then_where_the_knob_is(
    way: list[int], value: float
) -> None:
    values = turned("pickup", way, value)
    sides = [sent / TOP - value for sent in way]
    for at, now in enumerate(values):
        passed = any(abs(side) <= NEAR for side in sides[: at + 1]) or min(sides[: at + 1]) < 0 < max(sides[: at + 1])
        assert now == (way[at] / TOP if passed else value)


@given(WAY, SHARE)
def test_picked_up_or_scaled_a_value_never_jumps_farther_than_the_knob_went(way: list[int], value: float) -> None:
    values = [value, *turned("pickup", way, value)]
    for at in range(1, len(way)):
        went = abs(way[at] - way[at - 1]) / TOP
        assert abs(values[at + 1] - values[at]) <= went + NEAR
    assert abs(values[1] - value) <= NEAR


@given(WAY, SHARE)
def test_scaled_a_value_goes_the_knobs_way_and_both_meet_at_the_ends(way: list[int], value: float) -> None:
    values = [value, *turned("scale", way, value)]
    for at in range(1, len(way)):
        moved, went = values[at + 1] - values[at], way[at] - way[at - 1]
        assert moved * went >= 0 and 0 <= values[at + 1] <= 1
        if went and way[at] in (0, TOP):
            assert values[at + 1] == pytest.approx(way[at] / TOP, abs=1e-9)


@given(SENT, SHARE)
def test_jumping_a_value_is_where_the_knob_is(sent: int, value: float) -> None:
    assert taken_over("jump", None, sent, value) == sent / TOP


@pytest.mark.parametrize(
    ("mode", "steps"),
    [
        ("twos", {1: 1, 2: 2, 63: 63, 127: -1, 126: -2, 64: -64, 0: 0}),
        ("offset", {65: 1, 66: 2, 63: -1, 62: -2, 127: 63, 0: -64, 64: 0}),
        ("signed", {1: 1, 2: 2, 63: 63, 65: -1, 66: -2, 127: -63, 0: 0, 64: 0}),
    ],
)
def test_the_codes_of_knobs_without_ends(mode: str, steps: dict[int, int]) -> None:
    assert {sent: STEPS[mode](sent) for sent in steps} == steps
    for sent, count in steps.items():
        assert taken_over(mode, None, sent, 0.5) == pytest.approx(  # type: ignore[arg-type]
            min(max(0.5 + count / TOP, 0), 1)
        )
