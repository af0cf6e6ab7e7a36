"""Modulators: a number of the rhythm that moves slowly, from bar to bar, within its limits.

The random walk and the mean-reverting walk (Uhlenbeck and Ornstein, 1930) are drawn; sine, ramp, triangle, saw and
square repeat every `tau` bars from `phase` (0–1) on; `energy` follows that of the scene.
"""

import math
from array import array
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from hardcore.errors import nearest
from hardcore.model import Model
from hardcore.rhythm.layer import Condition, Layer, Markov, as_percent

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm

Shape = Literal["random_walk", "ou", "sine", "ramp", "triangle", "saw", "square", "energy"]
# What a layer's numbers are; its grid and what it is cut by stay.
LAYER_PATHS = (
    "fills", "rot", "note", "velocity", "gate", "micro_ms", "rotation_rate_per_bar", "ghost_pre1_prob",
    "ghost_velocity", "displace_into_2_prob", "swing_percent", "beat_bin_cap_ms", "ratchet_prob", "ratchet_repeat",
    "density_target", "density_tol", "thin",
)  # fmt: skip
MARKOV_PATHS = ("gain", "cap", "floor", "ceil", "stickiness")
ACCENT_PATHS = ("prob", "velocity_scale", "length_scale")
WHOLE = ("fills", "rot", "note", "velocity", "ratchet_repeat", "n", "offset", "window")


class Motion(Model):
    """How a value moves: between min_val and max_val, at most max_delta_per_bar in a bar.

    start           where it begins; the middle unless given (not for the repeating shapes)
    step_per_bar    the most a random walk steps, or the deviation of an ou step
    tau             bars: the memory of an ou, the period of the others (a ramp rises once)
    """

    mode: Shape = "random_walk"
    min_val: float = 0.0
    max_val: float = 1.0
    start: float | None = None
    step_per_bar: Annotated[float, Field(ge=0)] = 0.01
    tau: Annotated[float, Field(gt=0, le=100_000)] = 32.0
    max_delta_per_bar: Annotated[float, Field(gt=0)] = 0.05
    phase: float = 0.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_val > self.max_val:
            raise ValueError(f"min_val {self.min_val:g} is above max_val {self.max_val:g}")
        if self.start is not None and not self.min_val <= self.start <= self.max_val:
            raise ValueError(f"start {self.start:g} is not between min_val and max_val")
        return self


class Modulator(Model):
    """A motion of what `param_path` names: `hat_c.swing_percent`, `ride.conditions.0.p`, `thin_bias`, `swing`."""

    name: Annotated[str, Field(max_length=80)] = ""
    param_path: Annotated[str, Field(min_length=1, max_length=120)]
    mod: Motion = Motion()

    @model_validator(mode="before")
    @classmethod
    def _swing_in_percent(cls, data: Any) -> Any:
        path = str(data.get("param_path", "")) if isinstance(data, dict) else ""
        mod = data.get("mod") if isinstance(data, dict) else None
        if path.split(".")[-1] in ("swing", "swing_percent") and isinstance(mod, dict):
            top = mod.get("max_val")
            if isinstance(top, int | float) and 0 < top <= 1:
                moved = ("min_val", "max_val", "start", "step_per_bar", "max_delta_per_bar")
                mod = {"step_per_bar": 0.01, "max_delta_per_bar": 0.05, **mod}
                scaled = {
                    k: round(v * 100, 9) if k in moved and isinstance(v, int | float) else v for k, v in mod.items()
                }
                return {**data, "mod": scaled}
        return data


def value_at(motion: Motion, bar: int, energy: Sequence[float] = (0.5,)) -> float:
    """Return where a shape that is not drawn is at `bar` (from 0), before the limit of its speed."""
    low, span = motion.min_val, motion.max_val - motion.min_val
    turn = (motion.phase + bar / motion.tau) % 1.0
    if motion.mode == "energy":
        share = energy[min(bar, len(energy) - 1)]
    elif motion.mode == "sine":
        share = 0.5 * (1 + math.sin(2 * math.pi * (motion.phase + bar / motion.tau)))
    elif motion.mode == "ramp":
        share = min(1.0, max(0.0, motion.phase + bar / motion.tau))
    elif motion.mode == "triangle":
        share = 2 * turn if turn < 0.5 else 2 - 2 * turn
    else:
        share = turn if motion.mode == "saw" else float(turn < 0.5)
    return low + span * share


_NORMAL = NormalDist()


class Walk:
    """The values of one modulator bar after bar, kept as far as they were asked for."""

    def __init__(self, motion: Motion, key: int, start: float, energy: Sequence[float]) -> None:
        self._motion, self._key, self._energy = motion, key, energy
        self._walks = motion.mode in ("random_walk", "ou")
        begin = (start if motion.start is None else motion.start) if self._walks else value_at(motion, 0, energy)
        self.values = array("d", [min(motion.max_val, max(motion.min_val, begin))])

    def upto(self, bars: int) -> "array[float]":
        """Return the values of at least the first `bars` bars."""
        from hardcore.rhythm.chance import draws

        values = self.values
        missing = bars - len(values)
        if missing > 0:
            chances = draws(self._key, len(values), missing, 1)[:, 0].tolist() if self._walks else [0.0] * missing
            for chance in chances:
                values.append(self._next(values[-1], len(values), chance))
        return values

    def _next(self, before: float, bar: int, chance: float) -> float:
        motion = self._motion
        if motion.mode == "random_walk":
            value = before + (2 * chance - 1) * motion.step_per_bar
        elif motion.mode == "ou":
            middle = (motion.min_val + motion.max_val) / 2
            noise = _NORMAL.inv_cdf(min(max(chance, 1e-12), 1 - 1e-12)) * motion.step_per_bar
            value = before + (middle - before) / motion.tau + noise
        else:
            value = value_at(motion, bar, self._energy)
        value = min(motion.max_val, max(motion.min_val, value))
        return before + min(motion.max_delta_per_bar, max(-motion.max_delta_per_bar, value - before))


def check_path(rhythm: "Rhythm", modulator: Modulator, where: str) -> None:
    """Raise ValueError unless the path names a number of the rhythm and its limits lie in that number's range."""
    path, motion = modulator.param_path, modulator.mod
    known = paths(rhythm)
    if path not in known:
        raise ValueError(f"{where}.param_path: no parameter '{path}' ({nearest(path, known)})")
    section, field = known[path]
    limits = [motion.min_val, motion.max_val]
    if path.endswith("rotation_rate_per_bar") and max(map(abs, limits)) > rhythm.guard.max_rot_rate:
        raise ValueError(f"{where}: above guard.max_rot_rate {rhythm.guard.max_rot_rate:g}")
    annotation = section.model_fields[field].rebuild_annotation()
    for limit in limits:
        whole: Any = round(limit) if field in WHOLE else limit
        try:
            TypeAdapter(annotation).validate_python(as_percent(whole) if "swing" in field else whole)
        except ValidationError as error:
            raise ValueError(f"{where}: {path} cannot be {limit:g}: {error.errors()[0]['msg']}") from error
    if field == "fills" and motion.max_val > rhythm.layers[path.split(".")[0]].steps:
        raise ValueError(f"{where}: {path} cannot be {motion.max_val:g}: more than the steps")


def paths(rhythm: "Rhythm") -> dict[str, tuple[type[Model], str]]:
    """Return every path that may move in this rhythm, with the section and field it names."""
    found: dict[str, tuple[type[Model], str]] = {}
    if any(map(rhythm.is_thinned, rhythm.layers)):
        found["thin_bias"] = (type(rhythm), "thin_bias")
    if any(layer.swing_percent is None for layer in rhythm.layers.values()):
        found["swing"] = (type(rhythm), "swing")
    if rhythm.accent:
        found |= {f"accent.{name}": (type(rhythm.accent), name) for name in ACCENT_PATHS}
    for name, layer in rhythm.layers.items():
        found |= {f"{name}.{field}": (Layer, field) for field in _moving(rhythm, name, layer)}
        if layer.markov:
            found |= {f"{name}.markov.{field}": (Markov, field) for field in MARKOV_PATHS}
        for number, condition in enumerate(layer.conditions):
            used = {"PROB": ("p",), "EVERY_N": ("n", "offset"), "FILL": ("n", "offset"), "MUTE_NEAR_KICK": ("window",)}
            for field in used.get(condition.kind, ()):
                found[f"{name}.conditions.{number}.{field}"] = (Condition, field)
    return found


def _moving(rhythm: "Rhythm", name: str, layer: Layer) -> list[str]:
    """Return the fields that do something in this layer: what would move nothing is not offered."""
    fields = list(LAYER_PATHS)
    dead = []
    if layer.pattern is not None:
        dead.append("fills")

    def acts(field: str) -> bool:
        return bool(getattr(layer, field)) or f"{name}.{field}" in rhythm.moved

    if not layer.beat_bins_ms and not acts("micro_ms"):
        dead.append("beat_bin_cap_ms")
    if not acts("ratchet_prob"):
        dead.append("ratchet_repeat")
    if not acts("ghost_pre1_prob"):
        dead.append("ghost_velocity")
    if not rhythm.thin_bias and "thin_bias" not in rhythm.moved:
        dead.append("thin")
    if rhythm.density_of(name) is None:
        dead += ["density_target", "density_tol"]
    if name == "kick" and rhythm.guard.kick_immutable:
        dead += ["rotation_rate_per_bar", "displace_into_2_prob", "rot"]
    return [field for field in fields if field not in dead]
