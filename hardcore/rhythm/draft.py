"""A rhythm being changed: its plain data, numbers that move within caps, and what was done or could not be."""

from collections.abc import Iterator
from typing import Any

from hardcore.errors import UserError
from hardcore.rhythm.config import Rhythm, load
from hardcore.rhythm.parameterpaths import WHOLE

Layer = dict[str, Any]
# A layer of such a name would be taken for the section.
_SECTIONS = ("targets", "guard", "accent")


class Draft:
    """The data of a rhythm. `changes` are lines such as `swing 55 → 57`, `limits` what was at its end already."""

    def __init__(self, rhythm: Rhythm) -> None:
        self.rhythm = rhythm
        self.data: dict[str, Any] = rhythm.model_dump(mode="json")
        self.changes: list[str] = []
        self.limits: list[str] = []

    @property
    def layers(self) -> dict[str, Layer]:
        """Return the data of the layers that a path can name, by name."""
        every: dict[str, Layer] = self.data["layers"]
        return {name: layer for name, layer in every.items() if "." not in name and name not in _SECTIONS}

    def with_role(self, *roles: str) -> Iterator[str]:
        """Yield the names of the layers that play one of the roles."""
        names = {"hat_c": "hat_closed", "hat_o": "hat_open"}
        for name, layer in self.layers.items():
            if (layer["role"] or names.get(name, name)) in roles:
                yield name

    def section(self, path: str) -> tuple[dict[str, Any], str]:
        """Return the section and the field that a path such as `hat_c.markov.start` names."""
        *names, field = path.split(".")
        section = self.data if not names or names[0] not in self.layers else self.layers[names.pop(0)]
        for name in names:
            section = section[int(name)] if isinstance(section, list) else section[name]
        return section, field

    def value(self, path: str) -> Any:
        """Return what stands at a path."""
        section, field = self.section(path)
        return section[field]

    def put(self, path: str, value: Any) -> bool:
        """Set what stands at a path, and say so; return whether that changes anything."""
        section, field = self.section(path)
        before = section.get(field)
        if before == value:
            return False
        section[field] = value
        self.changes.append(f"{path} {_said(before)} → {_said(value)}")
        return True

    def move(self, path: str, by: float, low: float, high: float) -> bool:
        """Move a number, and what modulates it, by `by` within low–high; return whether anything moved.

        A number that is beyond a cap already stays where it is, or comes back; it goes no further.
        """
        before = self.value(path)
        moved = [self._modulated(modulator, path, by, low, high) for modulator in self.data["modulators"]]
        after = _toward(before, by, low, high)
        whole = path.split(".")[-1] in WHOLE
        after = round(after) if whole else round(after, 4)
        if after == before and not any(moved):
            self.limits.append(f"{path} is at its limit of {_said(before)}")
            return False
        if after != before:
            self.put(path, after)
        if abs(after - before) < abs(by) - (0.5 if whole else 1e-4) and not any(moved):
            self.limits.append(f"{path} stops at {_said(after)}")
        return True

    def scale(self, path: str, factor: float, most: float) -> bool:
        """Multiply a number, or each of a list, held within ±most; return whether anything changed."""
        before = self.value(path)
        if isinstance(before, list):
            return self.put(path, [_scaled(value, factor, most) for value in before])
        moved = False
        for modulator in self.data["modulators"]:
            if modulator["param_path"] == path:
                mod = modulator["mod"]
                for field in ("min_val", "max_val", "start"):
                    if mod[field] is not None:
                        mod[field] = _scaled(mod[field], factor, most)
                moved = True
                self.changes.append(f"{path} moves {factor:.2g} times as far")
        if before and self.put(path, _scaled(before, factor, most)):
            return True
        return moved

    def _modulated(self, modulator: dict[str, Any], path: str, by: float, low: float, high: float) -> bool:
        if modulator["param_path"] != path:
            return False
        mod = modulator["mod"]
        before = (mod["min_val"], mod["max_val"])
        for field in ("min_val", "max_val", "start"):
            if mod[field] is not None:
                mod[field] = round(_toward(mod[field], by, low, high), 4)
        after = (mod["min_val"], mod["max_val"])
        if before != after:
            self.changes.append(f"{path} moves in {after[0]:g}–{after[1]:g}, not {before[0]:g}–{before[1]:g}")
        return before != after

    def settled(self) -> Rhythm:
        """Return the changed rhythm: in mode m2 where m1 has no chance for it, without modulators of what is gone."""
        try:
            return load(self.data, "words")
        except UserError:
            if self.data["mode"] == "m1":
                self.put("mode", "m2")
                return self.settled()
            gone = self._pruned()
            if not gone and not (self._thins_nothing() and self.put("thin_bias", 0.0)):
                raise
            self.changes += gone
            return self.settled()

    def _thins_nothing(self) -> bool:
        """Return whether no layer follows thin_bias any more."""
        moved = {modulator["param_path"] for modulator in self.data["modulators"]}
        return not any(layer["thin"] or f"{name}.thin" in moved for name, layer in self.data["layers"].items())

    def _pruned(self) -> list[str]:
        """Drop the first modulator without which the rhythm holds together better; return what was dropped."""
        modulators = self.data["modulators"]
        for place, modulator in enumerate(modulators):
            try:
                load({**self.data, "modulators": [modulator]}, "words")
            except UserError:
                del modulators[place]
                return [f"the modulator of {modulator['param_path']} is gone"]
        return []


def _toward(value: float, by: float, low: float, high: float) -> float:
    if by > 0:
        return max(value, min(value + by, high))
    return min(value, max(value + by, low))


def _scaled(value: float, factor: float, most: float) -> float:
    limit = max(most, abs(value))
    return round(min(limit, max(-limit, value * factor)), 3)


def _said(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return f"[{', '.join(map(_said, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} {_said(part)}" for key, part in value.items()) + "}"
    return str(value)
