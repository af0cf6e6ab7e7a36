"""New rhythms from those there are: one varied by a distance, or two bred. Each step is checked, or left out."""

from typing import Any

from hardcore.errors import UserError
from hardcore.rhythm.chance import draws, key_of
from hardcore.rhythm.config import Rhythm, load

# What would move the kick, where guard.kick_immutable holds it.
_HELD = ("fills", "rot", "micro_ms", "displace_into_2_prob", "density_target")
# What a variation may move in a layer, and how far at distance 1.
SPANS: dict[str, float] = {
    "fills": 5, "rot": 4, "velocity": 30, "gate": 0.5, "micro_ms": 8, "ghost_pre1_prob": 0.5, "ratchet_prob": 0.3,
    "displace_into_2_prob": 0.3, "density_target": 0.4,
}  # fmt: skip
SESSION_SPANS: dict[str, float] = {"swing": 10, "thin_bias": 0.5}
WHOLE = ("fills", "rot", "velocity")
SHARED = ("swing", "swing_grid", "targets", "guard", "accent", "modulators", "thin_bias")


def vary(rhythm: Rhythm, distance: float, seed: int) -> Rhythm:
    """Return the rhythm with its numbers moved by up to `distance` (0–1) of their spans; 0 is the same one.

    A kick that guard.kick_immutable holds stays where it is: only its velocity, length, ghosts and rolls are moved.
    """
    data = _plain(rhythm)
    chances = iter(draws(key_of(seed, "vary"), 0, 64, 32).reshape(-1).tolist())
    places = [(data, field, span) for field, span in SESSION_SPANS.items()]
    places += [(layer, field, span) for layer in data["layers"].values() for field, span in SPANS.items()]
    held = data["layers"].get("kick") if rhythm.guard.kick_immutable else None
    for section, field, span in places:
        before, by = section.get(field), (2 * next(chances, 0.5) - 1) * span * distance
        if before is None or not by or (section is held and field in _HELD):
            continue
        moved = max(0.0, before + by) if before >= 0 else before + by
        section[field] = round(moved) if field in WHOLE else round(moved, 4)
        if not _holds(data):
            section[field] = before
    return load(data)


def breed(one: Rhythm, other: Rhythm, seed: int) -> Rhythm:
    """Return a rhythm with layers and settings of both, each drawn from one of them; the meter is `one`'s."""
    data, mate = _plain(one), _plain(other)
    chances = iter(draws(key_of(seed, "breed"), 0, 2, 64).reshape(-1).tolist())
    data["bpm"] = round((one.bpm + other.bpm) / 2, 2)
    for name in dict.fromkeys([*data["layers"], *mate["layers"]]):
        if next(chances) >= 0.5:
            continue
        layers = dict(data["layers"])
        if name in mate["layers"]:
            layers[name] = mate["layers"][name]
        elif len(layers) > 1:
            del layers[name]
        if _holds({**data, "layers": layers}):
            data["layers"] = layers
    for field in SHARED:
        changed = {**data, field: mate[field]}
        if next(chances) < 0.5 and _holds(changed):
            data = changed
    return load(data)


def _plain(rhythm: Rhythm) -> dict[str, Any]:
    plain: dict[str, Any] = rhythm.model_dump(mode="json")
    return plain


def _holds(data: dict[str, Any]) -> bool:
    try:
        load(data)
    except UserError:
        return False
    return True
