"""Modulators: their shapes, limits and paths."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from hardcore.errors import UserError
from hardcore.rhythm.config import load
from hardcore.rhythm.parameterpaths import paths
from hardcore.rhythm.session import Session
from tests.each import each
from tests.rhythm.playing import layer_of, play


def values(bars: int = 64, path: str = "x.velocity", energy: Any = None, **motion: Any) -> list[float]:
    data = {"mode": "m2", "seed": 5, "layers": {"x": {}}, "modulators": [{"param_path": path, "mod": motion}]}
    found: list[float] = Session(load(data), energy=energy).motions.series(path, 0, np.arange(bars)).tolist()
    return found


WIDE = {"min_val": 20.0, "max_val": 100.0, "max_delta_per_bar": 100.0}


def test_a_sine_turns_once_in_tau_bars() -> None:
    expected = [20 + 80 * 0.5 * (1 + math.sin(2 * math.pi * bar / 16)) for bar in range(64)]
    assert values(mode="sine", tau=16, **WIDE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("ramp", [20, 40, 60, 80, 100, 100, 100, 100]),
        ("saw", [20, 40, 60, 80, 20, 40, 60, 80]),
        ("triangle", [20, 60, 100, 60, 20, 60, 100, 60]),
        ("square", [100, 100, 20, 20, 100, 100, 20, 20]),
    ],
)
def test_shapes_go_as_they_are_called(mode: str, expected: list[float]) -> None:
    assert values(8, mode=mode, tau=4, **WIDE) == pytest.approx(expected)


def test_phase_begins_elsewhere() -> None:
    assert values(4, mode="saw", tau=4, phase=0.5, **WIDE) == pytest.approx([60, 80, 20, 40])


def test_energy_is_the_scenes_bar_by_bar_and_the_last_goes_on() -> None:
    assert values(4, mode="energy", energy=(0.0, 0.5, 1.0), **WIDE) == pytest.approx([20, 60, 100, 100])
    assert values(2, mode="energy", **WIDE) == pytest.approx([60, 60])
    data = {"energy": [0, 1], "mode": "m2", "layers": {"x": {"fills": 1}}}
    motion = {"mode": "energy", **WIDE}
    played = play({**data, "modulators": [{"param_path": "x.velocity", "mod": motion}]}, 2)
    assert [note[4] for note in layer_of(played, "x")] == [20, 100]


@pytest.mark.parametrize("mode", ["random_walk", "ou", "sine", "square", "saw"])
def test_no_value_moves_faster_than_it_may_or_leaves_its_range(mode: str) -> None:
    found = values(512, mode=mode, tau=8, step_per_bar=30, min_val=20, max_val=100, max_delta_per_bar=7)
    assert all(abs(b - a) <= 7 + 1e-9 for a, b in pairwise(found))
    assert min(found) >= 20 and max(found) <= 100
    assert max(found) - min(found) > 20


def test_a_random_walk_steps_at_most_its_step_and_an_ou_comes_home() -> None:
    found = values(512, mode="random_walk", step_per_bar=3, **WIDE)
    assert max(abs(b - a) for a, b in pairwise(found)) <= 3
    still = values(512, mode="ou", start=100, tau=4, step_per_bar=0, **WIDE)
    assert still[1] == pytest.approx(100 - 40 / 4) and still[-1] == pytest.approx(60)


def test_walks_of_one_seed_are_alike_and_of_two_are_not() -> None:
    walk = {"mode": "random_walk", "step_per_bar": 3, **WIDE}
    assert values(64, **walk) == values(64, **walk)
    assert values(64, **walk) != values(64, path="x.note", **{**walk, "min_val": 20.0})


EVERY = {
    "mode": "m4", "swing": 55, "thin_bias": -0.5, "guard": {"kick_immutable": False}, "accent": {"steps": [1]},
    "targets": {"hat_density_target": 0.5, "hat_density_tol": 0.2, "S_low": 0.3, "S_high": 0.35},
    "layers": {
        "kick": {"ghost_pre1_prob": 0.1}, "hat_c": {"fills": 13, "ratchet_prob": 0.1, "markov": {"gain": 1}},
        "x": {"fills": 11, "micro_ms": 1, "markov": {}, "density_target": 0.4, "density_tol": 0.2, "thin": 0.5,
              "ghost_pre1_prob": 0.1, "conditions": [{"kind": "PROB", "p": 0.9}]},
        "y": {"note": 50, "fills": 13, "conditions": [{"kind": "EVERY_N", "n": 2}, {"kind": "MUTE_NEAR_KICK"}]},
    },
}  # fmt: skip
LIMITS = {
    "fills": (0, 8), "rot": (-2, 2), "note": (30, 60), "velocity": (1, 127), "gate": (0.1, 4), "micro_ms": (-9, 9),
    "rotation_rate_per_bar": (-1, 1), "swing_percent": (50, 70), "swing": (50, 70), "beat_bin_cap_ms": (0, 9),
    "ratchet_repeat": (2, 6), "thin_bias": (-1, 0), "n": (1, 4), "offset": (0, 4), "window": (0, 3),
    "velocity_scale": (0.5, 2), "length_scale": (0.5, 2), "ghost_velocity": (0.1, 1), "gain": (0, 1), "cap": (0, 1),
}  # fmt: skip


def every_path() -> list[str]:
    # what y is there for are its conditions
    return [path for path in paths(load(EVERY)) if not path.startswith("y.") or "conditions" in path]


@each("path", every_path())
def test_every_numeric_path_moves_what_is_played(path: str) -> None:
    low, high = LIMITS.get(path.split(".")[-1], (0.0, 1.0))
    motion = {"mode": "square", "min_val": low, "max_val": high, "tau": 4, "max_delta_per_bar": 200}
    moved = play({**EVERY, "modulators": [{"param_path": path, "mod": motion}]}, 64)
    assert list(moved.notes) != list(play(EVERY, 64).notes)


def test_every_number_of_a_layer_has_a_path() -> None:
    found = {path.split(".", 1)[1] for path in every_path() if path.startswith("x.")}
    assert {
        "fills",
        "rot",
        "velocity",
        "gate",
        "micro_ms",
        "thin",
        "markov.gain",
        "conditions.0.p",
    } <= found


@pytest.mark.parametrize(
    ("path", "motion", "said"),
    [
        ("hat_c.swing_percnt", {}, "swing_percent"),
        ("tom.velocity", {}, "no parameter"),
        ("x.steps", {}, "no parameter"),
        ("x.velocity", {"min_val": 0, "max_val": 200}, "cannot be"),
        ("x.fills", {"min_val": 0, "max_val": 17}, "cannot be"),
        ("x.gate", {"min_val": 2, "max_val": 1}, "above max_val"),
        ("x.gate", {"min_val": 1, "max_val": 2, "start": 3}, "not between"),
        ("kick.rot", {"min_val": 0, "max_val": 1}, "no parameter"),
        ("x.rotation_rate_per_bar", {"min_val": 0, "max_val": 0.5}, "max_rot_rate"),
    ],
)
def test_a_path_or_a_range_that_cannot_be_is_refused(path: str, motion: dict[str, float], said: str) -> None:
    data = {"mode": "m2", "layers": {"kick": {}, "hat_c": {}, "x": {}}, "guard": {"max_rot_rate": 0.25}}
    with pytest.raises(UserError, match=said):
        load({**data, "modulators": [{"param_path": path, "mod": motion}]})


def test_one_parameter_is_moved_once() -> None:
    twice = [{"param_path": "x.velocity", "mod": {"min_val": 20, "max_val": 30}}] * 2
    with pytest.raises(UserError, match="moved twice"):
        load({"mode": "m2", "layers": {"x": {}}, "modulators": twice})
