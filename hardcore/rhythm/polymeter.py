"""Polymeter in a draft: a layer turns in a bar of its own, so that its figure meets the bar anew each time."""

from typing import Any

from hardcore.rhythm.config import meter_point
from hardcore.rhythm.draft import Draft
from hardcore.rhythm.euclid import MAX_STEPS
from hardcore.rhythm.layer import Layer

METERS = ("3/4", "5/8", "7/8", "5/4", "7/16", "11/16")
MOST_LAYERS = 3
_GROUND = ("kick", "snare", "clap")
_NEW: dict[str, Any] = {"fills": 5, "note": 75, "role": "perc", "velocity": 66}


def more_polymetric(draft: Draft) -> bool:
    """Give a layer a bar of its own, or add one that has it; return whether there was room for it."""
    turning = [name for name, layer in draft.layers.items() if layer["bar"]]
    meters = [meter for meter in METERS if _crosses(draft, meter)]
    if len(turning) >= MOST_LAYERS or not meters or len(draft.data["layers"]) >= 32:
        draft.limits.append(f"{len(turning)} layers turn in bars of their own already")
        return False
    meter, free = meters[0], [name for name in draft.layers if _may_turn(draft, name, meters[0])]
    if free:
        _turn(draft, free[-1], meter)
        return True
    names = ("perc", "perc2", "perc3", "perc4")
    name = next(name for name in names if name not in draft.data["layers"])
    steps = meter_point(meter).bar_ticks * draft.rhythm.grid_steps // draft.rhythm.bar_ticks
    new = Layer.model_validate({**_NEW, "bar": meter, "steps": steps, "fills": min(5, steps)})
    draft.data["layers"][name] = new.model_dump(mode="json")
    draft.changes.append(f"{name} is new, in bars of {meter}")
    return True


def less_polymetric(draft: Draft) -> bool:
    """Bring a layer with a bar of its own back into the session's; return whether there was one."""
    turning = [name for name, layer in draft.layers.items() if layer["bar"]]
    if not turning:
        draft.limits.append("every layer is in the session's bar already")
        return False
    name = turning[-1]
    _resize(draft, name, draft.rhythm.grid_steps)
    draft.put(f"{name}.bar", None)
    return True


def _crosses(draft: Draft, meter: str) -> bool:
    """Return whether bars of the meter fall across the session's, on its grid, and no layer turns in them yet."""
    ticks, bar, unit = meter_point(meter).bar_ticks, draft.rhythm.bar_ticks, draft.rhythm.grid_ticks
    used = [layer["bar"] for layer in draft.layers.values()]
    return meter not in used and ticks % unit == 0 and bar % ticks != 0 and ticks % bar != 0


def _may_turn(draft: Draft, name: str, meter: str) -> bool:
    """Return whether a layer is free to: it keeps no beat, follows nothing, and its steps fit the new bar."""
    layer, rhythm = draft.layers[name], draft.rhythm
    steps, rest = divmod(meter_point(meter).bar_ticks * layer["steps"], rhythm.bar_ticks)
    held = (
        name in _GROUND or layer["role"] in _GROUND or name == "hat_c" or rhythm.is_steered(name, rhythm.layers[name])
    )
    return not held and not layer["bar"] and not rest and 1 < steps <= MAX_STEPS


def _turn(draft: Draft, name: str, meter: str) -> None:
    layer = draft.layers[name]
    _resize(draft, name, meter_point(meter).bar_ticks * layer["steps"] // draft.rhythm.bar_ticks)
    draft.put(f"{name}.bar", meter)


def _resize(draft: Draft, name: str, steps: int) -> None:
    """Give a layer another number of steps, as full as before; a pattern is cut off or begins again."""
    layer, modulators = draft.layers[name], draft.data["modulators"]
    if layer["pattern"] is not None:
        layer["pattern"] = (layer["pattern"] * steps)[:steps]
    else:
        layer["fills"] = min(steps, max(min(1, layer["fills"]), round(layer["fills"] * steps / layer["steps"])))
    for modulator in modulators:
        if modulator["param_path"] == f"{name}.fills":
            for field in ("min_val", "max_val", "start"):
                if modulator["mod"][field] is not None:
                    modulator["mod"][field] = min(modulator["mod"][field], steps)
    draft.put(f"{name}.steps", steps)
