"""Writes a rhythm as a file that a person can read and change: only what its mode and layers do not imply."""

import json
from typing import Any

from hardcore.errors import UserError
from hardcore.rhythm.config import Rhythm, load

_Data = dict[str, Any]


def as_text(rhythm: Rhythm, suffix: str) -> str:
    """Return the rhythm as YAML, or as JSON for the suffix `.json`; reading it gives an equal rhythm."""
    data = compact(rhythm)
    if suffix.lower() == ".json":
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    import yaml

    text: str = yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)
    return text


def compact(rhythm: Rhythm) -> _Data:
    """Return the data of a rhythm without what is implied; loading it gives an equal rhythm."""
    full: _Data = rhythm.model_dump(mode="json")
    short: _Data = rhythm.model_dump(mode="json", exclude_defaults=True) | {"mode": rhythm.mode, "swing": rhythm.swing}
    if rhythm.mode != "m0":
        short["layers"] = {name: _layer(rhythm, name, full["layers"][name]) for name in rhythm.layers}
    ordered = {name: short[name] for name in full if name in short}
    for data in (ordered, full):
        try:
            if load(data) == rhythm:
                return data
        except UserError:
            continue
    raise AssertionError("a rhythm's own data load as that rhythm")


def _layer(rhythm: Rhythm, name: str, full: _Data) -> _Data:
    """Return what a layer says beyond its name; its conditions and chances without their defaults."""
    given: _Data = {"bar": full["bar"]} if full["bar"] else {}
    try:
        plain = load({"mode": rhythm.mode, "meter": rhythm.meter, "layers": {name: given}})
        implied = plain.layers[name].model_dump(mode="json")
    except UserError:
        return full
    own = {field: value for field, value in full.items() if value != implied[field]} | given
    if full["pattern"] is not None:
        own.pop("steps", None)
        own.pop("fills", None)
    if "conditions" in own:
        found = rhythm.layers[name].conditions
        own["conditions"] = [condition.model_dump(mode="json", exclude_defaults=True) for condition in found]
        for data, condition in zip(own["conditions"], found, strict=True):
            needed = {"PROB": "p", "FILL": "n", "EVERY_N": "n"}.get(condition.kind)
            if needed:
                data[needed] = getattr(condition, needed)
    if "beat_bins_ms" in own or "beat_bins_probs" in own:
        own |= {field: full[field] for field in ("beat_bins_ms", "beat_bins_probs")}
    return own
