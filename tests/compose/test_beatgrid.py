"""Step text on the bars of any meter."""

import pytest

from hardcore.compose.beatgrid import groups, laid, laid_to_end
from tests.each import each


def row(steps: str, numerator: int, denominator: int, bar: int = 0) -> str:
    return "".join(mark.letter for mark in laid(steps.replace(" ", ""), 4, numerator, denominator, bar))


def test_a_pattern_stays_as_written_in_its_own_meter() -> None:
    assert row("X..x .o.. ..X. ...-", 4, 4) == "X..x.o....X....-"


def test_the_second_bar_of_a_pattern_follows_the_first() -> None:
    two = "X... .... .... .... x... .... .... ...."
    assert [row(two, 4, 4, bar)[0] for bar in range(4)] == ["X", "x", "X", "x"]


@pytest.mark.parametrize(
    ("meter", "expected"),
    [
        ((3, 4), "X...x...X..."),
        ((5, 4), "X...x...X...o...X..."),
        ((7, 8), "X...x...X....."),
        ((6, 8), "X.....x....."),
        ((5, 8), "X...x....."),
    ],
)
def test_other_meters_cut_and_extend_by_beats(meter: tuple[int, int], expected: str) -> None:
    assert row("X... x... X... o...", *meter) == expected


def test_a_long_group_goes_on_with_its_second_half() -> None:
    assert row("..x. ..x. ..x. ..x.", 6, 8) == "..x.x...x.x."


def test_short_bars_share_one_written_bar() -> None:
    assert [row("X... .... x... o...", 2, 4, bar) for bar in (0, 1)] == ["X.......", "x...o..."]
    assert [row("X... .... x... o...", 1, 4, bar)[0] for bar in range(5)] == ["X", ".", "x", "o", "X"]


@each("numerator", range(1, 33))
@each("denominator", [1, 2, 4, 8, 16, 32])
def test_groups_fill_every_meter_exactly(numerator: int, denominator: int) -> None:
    assert sum(groups(numerator, denominator)) == numerator * 7680 // denominator
    marks = laid("X.x." * 4, 4, numerator, denominator, 3)
    ticks = [mark.tick for mark in marks]
    assert ticks == sorted(set(ticks)) and ticks[0] == 0
    assert ticks[-1] < numerator * 7680 // denominator


def test_a_fill_ends_with_the_bar_and_keeps_its_first_beat_when_cut() -> None:
    assert [(mark.tick, mark.letter) for mark in laid_to_end("xX", 7680)] == [(6720, "x"), (7200, "X")]
    cut = "".join(mark.letter for mark in laid_to_end("X...oooo....xxxX", 5760))
    assert cut == "X.......xxxX"
