"""Steering: every target moves what it says, chances and leanings keep their limits, a fallen session is rescued."""

from itertools import pairwise, product
from statistics import fmean
from typing import Any

import pytest

from hardcore.commands.rhythm.show import viewed
from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.rhythm.bands import missed
from hardcore.rhythm.config import load
from hardcore.rhythm.layer import Markov
from hardcore.rhythm.log import log
from hardcore.rhythm.markov import Chances
from hardcore.rhythm.metrics import entropy
from tests.each import each
from tests.rhythm.playing import counts, layer_of, play

BARS = 256


def session(**targets: Any) -> dict[str, Any]:
    return {"mode": "m4", "layers": {"kick": {}, "hat_c": {}}, "targets": targets}


def mean(name: str, data: dict[str, Any]) -> float:
    """Return the mean of a figure after the session has found its way."""
    return fmean(row[name] for row in log(play(data, BARS))[32:])


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.26), (0.25, 0.3), (0.35, 0.4)])
def test_syncopation_comes_into_its_band(low: float, high: float) -> None:
    assert low - 0.02 <= mean("S", session(S_low=low, S_high=high, hat_density_target=0.5)) <= high + 0.02


def test_one_end_of_the_band_is_enough() -> None:
    free = mean("S", session(hat_density_target=0.5))
    assert mean("S", session(S_high=0.15, hat_density_target=0.5)) < free
    assert mean("S", session(S_low=0.4, hat_density_target=0.5)) > free


def test_entrainment_follows_its_target() -> None:
    found = [mean("E", session(E_target=target, hat_density_target=0.5)) for target in (0.6, 0.8, 1.0)]
    assert found == sorted(found) and found[2] - found[0] > 0.1
    assert found[1] == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("target", [0.2, 0.5, 0.8])
def test_density_follows_its_target_within_its_tolerance(target: float) -> None:
    found = counts(play(session(hat_density_target=target, hat_density_tol=0.07), 64), "hat_c")
    assert all(abs(count - 16 * target) <= 1.5 for count in found)


@each(("target", "tolerance"), product([share / 20 for share in range(2, 19)], (0.0, 0.02, 0.05)))
def test_the_mean_density_is_within_the_tolerance_also_where_no_bar_can_be(target: float, tolerance: float) -> None:
    played = play(session(hat_density_target=target, hat_density_tol=tolerance), 64)
    assert fmean(counts(played, "hat_c")) / 16 == pytest.approx(target, abs=tolerance + 1 / (64 * 16))
    assert missed(played.rhythm, log(played)) == ()


def test_the_chances_follow_the_density() -> None:
    for target in (0.3, 0.5, 0.65):
        found = counts(play(session(hat_density_target=target, hat_density_tol=0.2), 256), "hat_c")
        # left to themselves they lie round the target, and not at an end of what the tolerance lets through
        assert fmean(found) / 16 == pytest.approx(target, abs=0.05)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"layers": {"kick": {}, "hat_c": {"fills": 8}}, "targets": {"hat_density_target": 0.9}},
            "hat_c density is 0.50",
        ),
        ({"targets": {"S_low": 0.6}}, "S is"),
        ({"targets": {"E_target": 0.3}}, "above its target 0.3"),
    ],
)
def test_a_target_that_is_not_reached_is_said(data: dict[str, Any], said: str) -> None:
    played = play({"mode": "m4", **data}, 32)
    assert said in "\n".join(missed(played.rhythm, log(played)))
    assert viewed(played.rhythm, "x", 32).notes == missed(played.rhythm, log(played))


@each("name", rhythm_ids())
def test_what_comes_with_the_program_reaches_its_targets(name: str) -> None:
    played = play(rhythm(name), 64)
    assert missed(played.rhythm, log(played)) == ()


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.6), (0.75, 0.85), (0.95, 1.0)])
def test_entropy_of_the_hat_comes_into_its_band(low: float, high: float) -> None:
    found = [entropy(count / 16) for count in counts(play(session(H_low=low, H_high=high), 64), "hat_c")]
    assert all(low <= value <= high for value in found)


def test_timing_is_capped() -> None:
    wide = {"beat_bins_ms": [-40, 40], "beat_bins_probs": [0.5, 0.5], "beat_bin_cap_ms": 50}
    data = {**session(T_ms_cap=6), "layers": {"kick": {"micro_ms": 30}, "hat_c": wide}, "swing": 50}
    played = play(data, 8)
    for name in ("kick", "hat_c"):
        assert max(abs(start - grid) for grid, start, *_ in layer_of(played, name)) <= 6 * 4.224
    assert max(row["T_ms"] for row in log(played)) <= 6


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"mode": "m2", "targets": {"E_target": 0.9}}, "needs mode m4"),
        ({"mode": "m1", "guard": {"min_E": 0.5}}, "needs mode m4"),
        ({"mode": "m4", "layers": {"kick": {}}, "targets": {"S_low": 0.1}}, "nothing to steer"),
        ({"mode": "m4", "layers": {"kick": {}}, "targets": {"hat_density_target": 0.5}}, "nothing to steer"),
        ({"mode": "m4", "layers": {"kick": {}}, "guard": {"min_E": 0.5}}, "nothing to rescue with"),
        ({"mode": "m4", "targets": {"S_low": 0.5, "S_high": 0.4}}, "above"),
        ({"mode": "m4", "targets": {"hat_density_tol": 0.1}}, "needs hat_density_target"),
        ({"mode": "m4", "layers": {"hat_c": {"density_target": 0.4}}, "targets": {"hat_density_target": 0.5}}, "both"),
        ({"mode": "m2", "layers": {"hat_c": {"markov": {}}}}, "needs mode m4"),
    ],
)
def test_a_target_that_could_steer_nothing_is_refused(data: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        load(data)


@pytest.mark.parametrize("name", [name for name in rhythm_ids() if rhythm(name).mode == "m4"])
def test_a_long_session_of_every_rhythm_stays_in_its_bands(name: str) -> None:
    found = rhythm(name)
    rows = log(play(found, 512))
    targets = found.targets
    for begin in range(0, 512, 64):
        s = fmean(row["S"] for row in rows[begin : begin + 64])
        assert (targets.S_low or 0) - 0.03 <= s <= (targets.S_high or 1) + 0.03
    if targets.E_target:
        assert fmean(row["E"] for row in rows) == pytest.approx(targets.E_target, abs=0.05)
    assert fmean(row["rescue"] for row in rows) < 0.05


def test_chances_keep_cap_floor_and_ceiling() -> None:
    markov = Markov(start=0.5, gain=2, cap=0.04, floor=0.3, ceil=0.6)
    chances = Chances(markov, 0x1111)
    seen = [chances.at_others]
    for error in [1.0] * 10 + [-1.0] * 20 + [0.01]:
        chances.follow(markov, error)
        seen.append(chances.at_others)
    assert all(abs(b - a) <= 0.04 + 1e-12 for a, b in pairwise(seen))
    assert (min(seen), max(seen)) == (0.3, 0.6)
    assert seen[-1] - seen[-2] == pytest.approx(2 * 0.01 * 0.6)
    assert chances.at_beats == 0.5


@pytest.mark.parametrize(("stickiness", "expected"), [(0, 0.5), (0.5, 0.4), (1, 1 / 3)])
def test_a_hit_makes_the_next_less_likely(stickiness: float, expected: float) -> None:
    markov = {"start": 0.5, "gain": 0, "floor": 0, "ceil": 1, "stickiness": stickiness}
    data = {"mode": "m4", "layers": {"x": {"fills": 16, "markov": markov}}}
    found = counts(play(data, 512), "x")
    # the share of hits p of a chain with chance c after a rest and c·(1 − s) after a hit: p = c / (1 + c·s)
    assert fmean(found) / 16 == pytest.approx(expected, abs=0.015)
    assert expected == pytest.approx(0.5 / (1 + 0.5 * stickiness))


def test_after_silence_a_session_recovers_within_eight_bars() -> None:
    gap = [{"kind": "EVERY_N", "n": 1, "offset": 13}]
    layers = {"hat_c": {"fills": 16, "conditions": gap}, "hat_o": {"conditions": gap}}
    played = play({"mode": "m4", "layers": layers, "guard": {"min_E": 0.6}, "targets": {"E_target": 0.9}}, 64)
    assert all(e == 0 for e in played.control.E[:12])
    assert all(e >= 0.6 for e in played.control.E[12 + 8 :])
    assert played.control.rescues and max(played.control.rescues) <= 12 + 8


def test_a_rescue_fills_the_hats_and_is_only_for_bars_after_a_fall() -> None:
    data = {"mode": "m4", "layers": {"hat_c": {}}, "targets": {"hat_density_target": 0.4}, "guard": {"min_E": 0.75}}
    played = play(data, 64)
    assert played.control.rescues
    assert [bar + 1 for bar, e in enumerate(played.control.E[:-1]) if e < 0.75] == played.control.rescues


def test_a_layer_of_any_name_may_be_steered() -> None:
    layers = {"kick": {}, "bells": {"fills": 16, "density_target": 0.5, "density_tol": 0.05}}
    low, high = ({"mode": "m4", "layers": layers, "targets": t} for t in ({"S_high": 0.15}, {"S_low": 0.4}))
    assert mean("S", low) + 0.1 < mean("S", high)
