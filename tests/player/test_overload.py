"""Overload: an engine that is busy for long, or loses sound while it is busy; a moment is none."""

from hardcore.player.overload import Overload


def fed(*reports: tuple[float, float, int]) -> list[bool]:
    """Return whether it is overloaded after each report of (seconds, load, dropouts)."""
    overload, found = Overload(), []
    for now_s, load, dropouts in reports:
        overload.take(load, dropouts, now_s)
        found.append(overload.on)
    return found


def test_a_busy_moment_is_no_overload_but_a_second_and_a_half_is() -> None:
    assert fed((1, 99, 0), (2, 99, 0), (2.1, 40, 0), (3, 99, 0)) == [False] * 4
    assert fed((1, 86, 0), (2, 99, 0), (2.5, 90, 0)) == [False, False, True]


def test_it_ends_when_the_engine_has_been_calm_for_a_while() -> None:
    on = ((1, 99, 0), (3, 99, 0))
    assert fed(*on, (4, 60, 0), (8, 60, 0), (9, 60, 0))[2:] == [True, True, False]
    assert fed(*on, (4, 60, 0), (8, 75, 0), (9.5, 60, 0))[2:] == [True, True, True]


def test_sound_that_is_lost_counts_where_the_engine_is_busy() -> None:
    assert fed((1, 60, 1), (2, 60, 2), (3, 60, 3)) == [False, False, True]
    assert fed((1, 60, 1), (2, 60, 2), (30, 60, 3)) == [False] * 3
    assert fed((1, 10, 1), (2, 10, 2), (3, 10, 3)) == [False] * 3
    assert fed((1, 60, 9)) == [True]
