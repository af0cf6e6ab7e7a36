"""Which numbers of a rhythm a modulator may move: `hat_c.swing_percent`, `ride.conditions.0.p`, `thin_bias`."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from hardcore.errors import nearest
from hardcore.model import Model
from hardcore.rhythm.layer import Condition, Layer, Markov, as_percent
from hardcore.rhythm.modulation import Modulator

# What a layer's numbers are; its grid and what it is cut by stay.
LAYER_PATHS = (
    "fills", "rot", "note", "velocity", "gate", "micro_ms", "rotation_rate_per_bar", "ghost_pre1_prob",
    "ghost_velocity", "displace_into_2_prob", "swing_percent", "beat_bin_cap_ms", "ratchet_prob", "ratchet_repeat",
    "density_target", "density_tol", "thin",
)  # fmt: skip
MARKOV_PATHS = ("gain", "cap", "floor", "ceil", "stickiness")
ACCENT_PATHS = ("prob", "velocity_scale", "length_scale")
WHOLE = ("fills", "rot", "note", "velocity", "ratchet_repeat", "n", "offset", "window")


class Movable(Protocol):
    """What of a rhythm decides which of its numbers may move; `rhythm/config.py` has the rhythm."""

    @property
    def layers(self) -> Mapping[str, Layer]: ...
    @property
    def moved(self) -> frozenset[str]: ...
    @property
    def thin_bias(self) -> float: ...
    @property
    def guard(self) -> Any: ...
    @property
    def accent(self) -> Model | None: ...
    def is_thinned(self, name: str) -> bool: ...
    def density_of(self, name: str) -> tuple[float, float] | None: ...


def check_path(rhythm: Movable, modulator: Modulator, where: str) -> None:
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


def paths(rhythm: Movable) -> dict[str, tuple[type[Model], str]]:
    """Return every path that may move in this rhythm, with the section and field it names."""
    model = cast("type[Model]", type(rhythm))
    found: dict[str, tuple[type[Model], str]] = {}
    if any(map(rhythm.is_thinned, rhythm.layers)):
        found["thin_bias"] = (model, "thin_bias")
    if any(layer.swing_percent is None for layer in rhythm.layers.values()):
        found["swing"] = (model, "swing")
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


def _moving(rhythm: Movable, name: str, layer: Layer) -> list[str]:
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
