"""What a layer or a mode is before a rhythm file says anything: `filled` lays a file over it."""

from collections.abc import Mapping
from typing import Any

from hardcore.errors import UserError
from hardcore.music.meter import MeterPoint, parse_meter
from hardcore.music.ticks import SIXTEENTH
from hardcore.rhythm.euclid import MAX_STEPS

KICK = {"steps": 16, "fills": 4, "note": 36, "velocity": 110, "role": "kick"}
HAT_C = {
    "steps": 16, "fills": 16, "note": 42, "velocity": 80, "role": "hat_closed",
    "beat_bins_ms": [-10, -6, -2, 0], "beat_bins_probs": [0.4, 0.35, 0.2, 0.05], "beat_bin_cap_ms": 12,
    "thin": 1.0,
}  # fmt: skip
HAT_O = {
    "steps": 16, "fills": 16, "note": 46, "velocity": 80, "role": "hat_open", "offbeats_only": True, "gate": 1.0,
    "ratchet_prob": 0.06, "ratchet_repeat": 3, "choke_with_note": 42,
    "beat_bins_ms": [-2, 0, 2], "beat_bins_probs": [0.2, 0.6, 0.2], "beat_bin_cap_ms": 10,
    "thin": 0.3,
}  # fmt: skip
# Two hits a bar of 4/4, turned to the backbeat.
SNARE = {"steps": 16, "fills": 2, "rot": 4, "note": 38, "velocity": 96, "role": "snare"}
CLAP = {"steps": 16, "fills": 2, "rot": 4, "note": 39, "velocity": 92, "role": "clap"}
LAYERS: dict[str, dict[str, Any]] = {"kick": KICK, "hat_c": HAT_C, "hat_o": HAT_O, "snare": SNARE, "clap": CLAP}

# What the earlier engine's mode m1 played: hats loud on the beat and half-loud behind it, claps as loud as snares.
BACKBONE: dict[str, dict[str, Any]] = {
    "hat_c": {"velocity_curve": (1, 65 / 80, 75 / 80, 65 / 80)}, "clap": {"velocity": 96},
}  # fmt: skip

# By name: what a layer is called in another file, or what General MIDI calls it.
NOTES: dict[str, tuple[int, str]] = {
    "rim": (37, "rim"), "ride": (51, "ride"), "tom": (45, "tom"), "shaker": (70, "shaker"), "perc": (75, "perc"),
    "hat_closed": (42, "hat_closed"), "hat_open": (46, "hat_open"),
}  # fmt: skip

MARKOV: dict[str, dict[str, float]] = {
    "hat_c": {"start": 0.75, "gain": 0.12, "cap": 0.03, "floor": 0.25, "ceil": 0.95, "stickiness": 0.4},
    "hat_o": {"start": 0.4, "gain": 0.10, "cap": 0.03, "floor": 0.05, "ceil": 0.75, "stickiness": 0.5},
}
SWING = 55  # percent, in m2 and m4
HAT_DENSITY, HAT_TOLERANCE = 0.7, 0.05
CHANCE = (
    "ghost_pre1_prob", "displace_into_2_prob", "ratchet_prob", "beat_bins_ms", "beat_bins_probs", "beat_bin_cap_ms",
)  # fmt: skip


def filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a rhythm file with what its mode and its layers' names imply; what it says stays."""
    mode = data.get("mode", "m1")
    named = data.get("layers")
    if mode == "m0" or mode not in ("m1", "m2", "m4") or not isinstance(named or {}, Mapping):
        return dict(data)
    if named is None:
        named = {name: {} for name in LAYERS if not (mode == "m1" and name == "hat_o")}
    if mode != "m1":
        data = {"swing": SWING, **data}
    bar = data.get("meter", "4/4")
    layers = {name: _layer(str(name), layer, mode, bar) for name, layer in named.items()}
    return {**data, "layers": layers}


def _layer(name: str, given: Any, mode: str, bar: Any) -> Any:
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        return given
    base = dict(LAYERS.get(name, {}))
    if name in NOTES:
        base = {"note": NOTES[name][0], "role": NOTES[name][1]}
    base |= _mask(name, given, given.get("bar") or bar)
    if "pattern" in given or "pattern" in base:
        base = {key: value for key, value in base.items() if key not in ("steps", "fills", "rot")}
    if mode == "m1":
        base = {key: value for key, value in base.items() if key not in CHANCE} | BACKBONE.get(name, {})
    if "beat_bins_ms" in given or "beat_bins_probs" in given:
        base = {key: value for key, value in base.items() if not key.startswith("beat_bins")}
    if mode == "m4" and name in MARKOV and "bar" not in given:
        base["markov"] = MARKOV[name]
    if mode == "m4" and isinstance(given.get("markov"), Mapping) and name in MARKOV:
        given = {**given, "markov": {**MARKOV[name], **given["markov"]}}
    return {**base, **given}


def _mask(name: str, given: Mapping[str, Any], bar: Any) -> dict[str, Any]:
    """Return the mask that a layer's name implies in the bar: a kick a beat, a backbeat, every sixteenth of a hat."""
    try:
        top, bottom = parse_meter(str(bar))
    except UserError:
        return {}  # the schema says what is wrong with it
    meter = MeterPoint.model_validate({"tick": 0, "numerator": top, "denominator": bottom})
    steps = given.get("steps", round(meter.bar_ticks / SIXTEENTH))
    if not isinstance(steps, int) or not 1 <= steps <= MAX_STEPS:
        return {}
    beats = [pulse * steps // meter.bar_ticks for pulse in meter.pulses]
    is_even = beats == list(range(0, steps, max(1, steps // len(beats))))
    if name == "kick" and not is_even and not {"fills", "rot", "pattern"} & given.keys():
        return {"pattern": "".join("x" if step in beats else "." for step in range(steps))}
    fills = {"kick": len(beats), "snare": len(beats) // 2, "clap": len(beats) // 2, "hat_c": steps, "hat_o": steps}
    if name not in fills:
        return {"steps": steps, "fills": min(8, steps)}
    rot = beats[1] if name in ("snare", "clap") and len(beats) > 1 else 0
    return {"steps": steps, "fills": min(max(1, fills[name]), steps), "rot": rot}
