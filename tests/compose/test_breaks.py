"""Cut breaks: slices of a written break carry all its drums, in an order of their own; what is asked for wins."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from hardcore.compose.form.structure import scene_bars
from hardcore.compose.intent import Intent
from hardcore.compose.parts.breaks import cut, order
from hardcore.compose.parts.kit import Stroke
from hardcore.compose.plan import Plan, make_plan
from hardcore.knowledge.grammar import Break, DrumGrammar
from hardcore.knowledge.loader import genre
from hardcore.project.roles import Role

ROLES: tuple[Role, ...] = ("kick", "snare", "hat_closed")


def plan(seed: int, **fields: object) -> Plan:
    return make_plan(Intent.model_validate({"genre": "jungle", "bars": 16, **fields}), seed)


def drum(made: Plan, role: Role) -> tuple[tuple[Stroke, ...], ...]:
    found = cut(made, scene_bars(made), role)
    assert found is not None
    return found


def heard(made: Plan, bar: int) -> list[tuple[str, ...]]:
    """Return what the drums play in each eighth of a bar."""
    rows = {role: {one.tick // 480: one.letter for one in drum(made, role)[bar]} for role in ROLES}
    return [tuple(rows[role].get(step, ".") for role in ROLES for step in (at, at + 1)) for at in range(0, 16, 2)]


@pytest.mark.parametrize("seed", range(8))
def test_every_eighth_of_every_bar_is_an_eighth_of_one_break_with_all_its_drums(seed: int) -> None:
    made = plan(seed)
    sliced = []
    for one in genre("jungle").drums.breaks:
        steps = [one.parts[role] * (one.steps // len(one.parts[role])) for role in ROLES]
        sliced.append({tuple(row[at + more] for row in steps for more in (0, 1)) for at in range(0, one.steps, 2)})
    whole = [heard(made, bar) for bar in range(16)]
    # a stuttered last beat strikes half a slice twice, which is none of the break's
    assert any(all(eighth in slices for bar in whole for eighth in bar[:6]) for slices in sliced)


def test_breaks_are_cut_but_known_again() -> None:
    moved, alike, stutters = [], 0, 0
    for seed in range(20):
        made, one = plan(seed), genre("jungle").drums.breaks[0]
        for bar in scene_bars(made)[:8]:
            row = order(seed, bar, one, 0.6)
            places = [part.source % 8 for part in row]
            assert places[:2] == [0, 1], "a bar begins with the beginning of a bar"
            moved.append(sum(place != at for at, place in enumerate(places)))
            stutters += row[-1].half
        rows = {bar.letter: drum(made, "snare")[bar.index] for bar in scene_bars(made) if not bar.primes}
        alike += all(rows[bar.letter] == drum(made, "snare")[bar.index] for bar in scene_bars(made) if not bar.primes)
        assert all(a.tick < b.tick for bar in drum(made, "kick") for a, b in pairwise(bar))
    assert alike == 20, "bars of one letter are the same"
    assert 1 < sum(moved) / len(moved) < 5 and stutters
    uncut = order(1, scene_bars(plan(1))[0], one, 0.0)
    assert [b.source - a.source for a, b in pairwise(uncut)] == [1] * 7


def test_what_is_asked_for_and_another_meter_are_played_by_the_grammar() -> None:
    assert cut(plan(1, numerator=3, denominator=4), (), "kick") is None
    asked = plan(1, traits={"kick": ("halftime",)})
    assert cut(asked, scene_bars(asked), "kick") is None and cut(asked, scene_bars(asked), "snare") is not None
    assert cut(plan(1), scene_bars(plan(1)), "ride") is None, "the breaks have none"


def test_a_break_is_whole_bars() -> None:
    with pytest.raises(ValidationError, match="not one, two or four bars"):
        Break.model_validate({"parts": {"kick": "x... x... x... x... x..."}})
    with pytest.raises(ValidationError, match="at least 1"):
        DrumGrammar.model_validate({"breaks": [{"parts": {}}]})
