from random import Random

import pytest

from hardcore.compose.grid import Bar, bars_of
from hardcore.compose.motif.phrase import (
    Hit,
    answer,
    develop,
    invert,
    read_cell,
    repeat,
    sequence,
    thicken,
    thin,
)
from hardcore.knowledge.melodic import CompStyle
from hardcore.music.meter import MeterMap

BAR = Bar(0, 0, 7680)
CELL = (Hit(0, 2, 0), Hit(4, 1, 2), Hit(6, 1, 4))


def test_a_pattern_is_read_with_accents_and_holds() -> None:
    cell = read_cell("X--.x.o-", Bar(0, 0, 3840))
    assert [(hit.step, hit.length, hit.velocity) for hit in cell] == [(0, 3, 114), (4, 1, 96), (6, 2, 72)]


def test_a_pattern_starts_over_in_a_longer_bar_and_is_cut_off_in_a_shorter_one() -> None:
    assert [hit.step for hit in read_cell("x..x....", BAR)] == [0, 3, 8, 11]
    assert [(hit.step, hit.length) for hit in read_cell("....x---", Bar(0, 0, 3 * 960))] == [(4, 2)]
    assert [hit.step for hit in read_cell("....x---", Bar(0, 0, 960))] == [0]


def test_the_parts_of_a_pattern_take_turns() -> None:
    assert [read_cell("x...|..x.", Bar(index, 0, 1920))[0].step for index in range(3)] == [0, 2, 0]


def test_a_motif_moves_turns_over_and_repeats() -> None:
    assert [hit.tone for hit in sequence(CELL, 3)] == [3, 5, 7]
    assert [hit.tone for hit in invert(CELL)] == [0, -2, -4]
    assert [hit.step for hit in repeat(CELL, 8, 16)] == [0, 4, 6, 8, 12, 14]


def test_an_answer_keeps_the_rhythm_and_comes_to_rest() -> None:
    response = answer(CELL)
    assert [hit.step for hit in response] == [hit.step for hit in CELL]
    assert response[-1].tone == 0 and response[-1].length > CELL[-1].length
    assert answer(()) == ()


def test_thinning_keeps_the_first_hit_and_thickening_keeps_all() -> None:
    full = tuple(Hit(step) for step in range(0, 16, 2))
    for seed in range(20):
        assert thin(full, 0.0, Random(seed))[0] == full[0]
        assert {hit.step for hit in full} <= {hit.step for hit in thicken(full, 1.0, 16, Random(seed))}
    assert thin(full, 0.5, Random(1)) == thicken(full, 0.5, 16, Random(1)) == full


def test_a_form_repeats_its_theme_and_changes_what_has_another_letter() -> None:
    bars = bars_of(MeterMap(), 4)
    cells = develop(bars, "A A' A B", lambda bar: CELL, lambda cell, amount: sequence(cell, 1), 0.0)
    assert cells == [CELL, sequence(CELL, 1), CELL, sequence(CELL, 1)]


def test_bars_know_their_beats_in_any_meter() -> None:
    seven, six = bars_of(MeterMap().with_meter(7, 8), 1)[0], bars_of(MeterMap().with_meter(6, 8), 2)[1]
    assert (seven.steps, list(seven.beats())) == (14, [0, 4, 8, 12])
    assert (six.steps, list(six.beats()), six.start_ticks) == (12, [0, 6], 5760)
    assert bars_of(MeterMap().with_meter(1, 32), 1)[0].steps == 1


def test_a_wrong_step_pattern_is_refused() -> None:
    for wrong in ("x..?", "-x..", "", "x|", "x" * 300):
        with pytest.raises(ValueError, match="rhythms"):
            CompStyle.model_validate({"rhythms": [wrong]})
