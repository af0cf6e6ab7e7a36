"""Rhythms made by chance, all of them valid: for what must hold whatever a file says."""

from random import Random
from typing import Any

METERS = ("4/4", "4/4", "3/4", "5/4", "7/8", "6/8", "2/4", "9/8")
PPQS = (1920, 1920, 960, 480)


def any_rhythm(seed: int) -> dict[str, Any]:
    """Return the data of a valid rhythm."""
    rng = Random(seed)
    mode = rng.choice(("m1", "m2", "m2", "m4", "m4"))
    meter = rng.choice(METERS)
    names = rng.sample(("kick", "hat_c", "hat_o", "snare", "clap", "ride", "x", "Ünï cöde"), rng.randint(1, 5))
    data: dict[str, Any] = {
        "mode": mode, "meter": meter, "bpm": rng.choice((60, 95, 132, 174, 240)), "ppq": rng.choice(PPQS),
        "seed": rng.randrange(2**40), "swing": rng.choice((50, 54, 60, 66.7, 75)), "swing_grid": rng.choice((8, 16)),
        "swing_law": rng.choice(("percent", "percent", "legacy")),
        "guard": {"kick_immutable": rng.random() < 0.5},
        "layers": {name: _layer(rng, mode) for name in names},
    }  # fmt: skip
    if rng.random() < 0.3:
        data["accent"] = {"steps": [1, 3], "prob": 1 if mode == "m1" else 0.5, "length_scale": rng.choice((0.5, 2))}
    if mode != "m1":
        data["modulators"] = [_modulator(rng, name) for name in names if rng.random() < 0.4]
    if mode == "m4" and "hat_c" in names and "bar" not in data["layers"]["hat_c"]:
        data["layers"]["hat_c"].pop("density_target", None)
        data["layers"]["hat_c"].pop("density_tol", None)
        data["targets"] = _targets(rng)
        data["guard"]["min_E"] = rng.choice((0, 0.5, 0.9))
    return data


def _layer(rng: Random, mode: str) -> dict[str, Any]:
    steps = rng.choice((16, 16, 12, 8, 5, 24, 32, 64))
    layer: dict[str, Any] = {
        "steps": steps, "fills": rng.randint(0, steps), "rot": rng.randint(-steps, steps),
        "note": rng.randint(35, 50), "velocity": rng.randint(1, 127), "gate": rng.choice((0.05, 0.5, 1, 4)),
        "micro_ms": rng.choice((0, 0, -50, 13, 50)), "offbeats_only": rng.random() < 0.1,
        "conditions": [_condition(rng, mode) for _ in range(rng.choice((0, 0, 1, 2)))],
    }  # fmt: skip
    if rng.random() < 0.3:
        layer["velocity_curve"] = [rng.uniform(0.1, 2) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.3:
        layer["choke_with_note"] = rng.randint(35, 50)
    if rng.random() < 0.3:
        layer["choke_group"] = rng.choice("ab")
    if mode == "m1":
        return layer
    layer |= {
        "ghost_pre1_prob": rng.choice((0, 0, 0.5)), "displace_into_2_prob": rng.choice((0, 0, 0.4)),
        "ratchet_prob": rng.choice((0, 0, 0.3)), "ratchet_repeat": rng.randint(2, 8),
        "beat_bins_ms": [-20, 0, 20], "beat_bins_probs": [0.2, 0.5, 0.3], "beat_bin_cap_ms": rng.choice((0, 5, 50)),
        "rotation_rate_per_bar": rng.choice((0, 0, 0.5, -1)), "thin": rng.choice((0, 1)),
    }  # fmt: skip
    if rng.random() < 0.25:
        layer["bar"] = rng.choice(("3/4", "5/8", "7/16", "4/4"))
    elif rng.random() < 0.3:
        layer |= {"density_target": rng.random(), "density_tol": rng.choice((0, 0.1, 0.5))}
    if mode == "m4" and "bar" not in layer and rng.random() < 0.4:
        layer["markov"] = {"start": 0.6, "floor": 0.1, "ceil": 0.9, "stickiness": rng.random()}
    return layer


def _condition(rng: Random, mode: str) -> dict[str, Any]:
    kinds = ("PRE", "NOT_PRE", "FILL", "EVERY_N", "MUTE_NEAR_KICK", *(("PROB",) if mode != "m1" else ()))
    kind = rng.choice(kinds)
    found: dict[str, Any] = {"kind": kind, "negate": rng.random() < 0.4}
    if kind == "PROB":
        found["p"] = rng.random()
    elif kind in ("FILL", "EVERY_N"):
        found |= {"n": rng.randint(1, 5), "offset": rng.randint(0, 6)}
    elif kind == "MUTE_NEAR_KICK":
        found["window"] = rng.randint(0, 3)
    return found


def _modulator(rng: Random, name: str) -> dict[str, Any]:
    path, low, high = rng.choice(
        (("velocity", 1, 127), ("gate", 0.1, 3), ("micro_ms", -40, 40), ("ghost_pre1_prob", 0, 1), ("note", 35, 50),
         ("ratchet_prob", 0, 1), ("swing_percent", 50, 75))
    )  # fmt: skip
    mode = rng.choice(("random_walk", "ou", "sine", "ramp", "triangle", "saw", "square", "energy"))
    span = high - low
    motion = {"mode": mode, "min_val": low, "max_val": high, "tau": rng.choice((1, 4, 16)), "step_per_bar": span / 4}
    return {"param_path": f"{name}.{path}", "mod": {**motion, "max_delta_per_bar": span / rng.choice((2, 10))}}


def _targets(rng: Random) -> dict[str, Any]:
    found: dict[str, Any] = {"T_ms_cap": rng.choice((2, 30))}
    if rng.random() < 0.5:
        found |= {"S_low": 0.3, "S_high": 0.4}
    if rng.random() < 0.5:
        found["E_target"] = rng.random()
    if rng.random() < 0.5:
        found |= {"hat_density_target": rng.random(), "hat_density_tol": rng.choice((0.02, 0.2))}
    return found
