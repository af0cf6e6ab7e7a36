"""Conditions: what lets a hit sound, on every layer, in the true bar, free and steered."""

from typing import Any

import pytest

from hardcore.rhythm.config import load
from hardcore.rhythm.session import Session
from tests.rhythm.playing import counts, play, steps

# A steered layer whose chances are all 1: what is left out is left out by the conditions.
SURE = {"start": 1, "floor": 1, "ceil": 1, "stickiness": 0}
KINDS: dict[str, dict[str, Any]] = {
    "free": {"fills": 16},
    "steered": {"fills": 16, "markov": SURE, "density_target": 0.5, "density_tol": 0.5},
}


def played(kind: str, *conditions: dict[str, Any], bars: int = 32, **layer: Any) -> Any:
    mode = "m4" if kind == "steered" else "m2"
    layers = {"kick": {}, "x": {**KINDS[kind], "conditions": list(conditions), **layer}}
    return play({"mode": mode, "layers": layers}, bars)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["EVERY_N", "FILL"])
@pytest.mark.parametrize("negate", [False, True])
@pytest.mark.parametrize(("n", "offset"), [(1, 0), (4, 0), (4, 2), (3, 1), (5, 40), (7, 9)])
def test_every_n_counts_bars_from_1(kind: str, name: str, negate: bool, n: int, offset: int) -> None:
    found = played(kind, {"kind": name, "n": n, "offset": offset, "negate": negate})
    expected = [(bar >= max(1, offset) and (bar - offset) % n == 0) != negate for bar in range(1, 33)]
    assert [bool(count) for count in counts(found, "x")] == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("negate", [False, True])
def test_prob_lets_its_share_through(kind: str, negate: bool) -> None:
    found = sum(counts(played(kind, {"kind": "PROB", "p": 0.3, "negate": negate}, bars=256), "x")) / (16 * 256)
    assert found == pytest.approx(0.7 if negate else 0.3, abs=0.03)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"kind": "PRE"}, [[1, 5], [0, 1, 5]]),
        ({"kind": "NOT_PRE", "negate": True}, [[1, 5], [0, 1, 5]]),
        ({"kind": "NOT_PRE"}, [[4, 15], [4, 15]]),
        ({"kind": "PRE", "negate": True}, [[4, 15], [4, 15]]),
    ],
)
def test_pre_looks_at_the_step_before_also_over_the_bar_line(
    kind: str, condition: dict[str, Any], expected: list[list[int]]
) -> None:
    layer = {**KINDS[kind], "pattern": "xx..xx.........x", "conditions": [condition]}
    layer.pop("fills")
    found = play({"mode": "m4" if kind == "steered" else "m2", "layers": {"kick": {}, "x": layer}}, 3)
    # the bar before the first is the mask's own, so that the first bar is like the others
    assert [steps(found, "x", bar) for bar in (1, 2)] == [expected[1]] * 2
    assert steps(found, "x", 0) in expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", [0, 1, 2])
@pytest.mark.parametrize("negate", [False, True])
def test_mute_near_kick_keeps_away_from_it_also_over_the_bar_line(kind: str, window: int, negate: bool) -> None:
    found = played(kind, {"kind": "MUTE_NEAR_KICK", "window": window, "negate": negate}, bars=3)
    near = [min(step % 4, -step % 4) <= window for step in range(16)]
    assert steps(found, "x", 1) == [step for step in range(16) if near[step] == negate]


def test_mute_near_kick_without_a_kick_mutes_nothing() -> None:
    layers = {"x": {"fills": 16, "conditions": [{"kind": "MUTE_NEAR_KICK"}]}}
    assert counts(play({"mode": "m2", "layers": layers}, 2), "x") == [16, 16]


@pytest.mark.parametrize("kind", KINDS)
def test_conditions_are_all_asked(kind: str) -> None:
    both = ({"kind": "EVERY_N", "n": 2}, {"kind": "MUTE_NEAR_KICK", "window": 0})
    assert counts(played(kind, *both, bars=4), "x") == [0, 12, 0, 12]


def test_conditions_on_the_kick_and_in_a_bar_of_its_own_see_the_sessions_bars() -> None:
    every = [{"kind": "EVERY_N", "n": 3}]
    layers = {"kick": {"conditions": every}, "x": {"bar": "3/4", "steps": 12, "fills": 12, "conditions": every}}
    found = play({"mode": "m2", "layers": layers}, 12)
    assert [bool(count) for count in counts(found, "kick")] == [False, False, True] * 4
    starts = {note.start_ticks // 7680 for note in found.notes.of_layer(1)}
    assert starts == {2, 5, 8, 11}


def test_a_steered_layer_that_a_condition_thins_is_never_filled_against_it() -> None:
    muted = {"kind": "MUTE_NEAR_KICK", "window": 1}
    found = played("steered", muted, density_target=1.0, density_tol=0.0)
    assert all(steps(found, "x", bar) == [2, 6, 10, 14] for bar in range(32))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("silent", [1, 2, 5, 16])
def test_after_a_hit_a_layer_is_silent_for_its_refractory_time_over_bar_lines_too(kind: str, silent: int) -> None:
    found = played(kind, bars=24, refractory=silent, **({"density_target": 1.0} if kind == "steered" else {}))
    hits = [16 * bar + step for bar in range(24) for step in steps(found, "x", bar)]
    assert hits == list(range(0, 24 * 16, silent + 1))


def test_refractory_time_leaves_out_what_comes_too_soon_and_goes_on_over_blocks() -> None:
    layer = {"pattern": "x..x.x....x....x", "note": 50, "refractory": 2}
    rhythm = load({"mode": "m2", "layers": {"kick": {}, "x": layer}})
    whole = play(rhythm, 6)
    assert [steps(whole, "x", bar) for bar in range(2)] == [[0, 3, 10, 15], [3, 10, 15]]
    session = Session(rhythm)
    parts = [session.block(first, 2) for first in (0, 2, 4)]
    assert [n for part in parts for n in part.of_layer(1).grid.tolist()] == whole.notes.of_layer(1).grid.tolist()
