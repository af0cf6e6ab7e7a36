"""What words do to a rhythm: each intent moves the numbers behind it, within caps, and says what it did.

    told = tell(rhythm("warehouse"), "more swing, less ghost")
    told.rhythm, told.changes, told.limits

The steps are those of the earlier engine's cheat sheet: swing by 2, ghosts by 0.1 up to 0.6, tempo by 5, a hat a bar.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.rhythm.config import Rhythm
from hardcore.rhythm.draft import Draft
from hardcore.rhythm.fullness import busier, fixed_hats, hats_of
from hardcore.rhythm.intent_words import Intent, IntentKind, parse
from hardcore.rhythm.polymeter import less_polymetric, more_polymetric

SWING_CAPS, GHOST_CAP, BPM_CAPS = (50.0, 62.0), 0.6, (60.0, 200.0)
SWING_STEP, GHOST_STEP, BPM_STEP = 2.0, 0.1, 5.0
LATE_CAP_MS, ACCENT_CAPS, VELOCITY_CAPS = 25.0, (1.0, 1.5), (30, 127)
DISPLACE_CAP, RATCHET_CAP, TURN_CAP, TOLERANCE_CAP = 0.4, 0.3, 0.25, 0.2
_BACKBEAT = ("kick", "snare", "clap")
_SPARE = ("perc", "tom", "rim", "shaker", "ride")


class Told(NamedTuple):
    """The changed rhythm, what was changed, and what was at its limit."""

    rhythm: Rhythm
    changes: tuple[str, ...]
    limits: tuple[str, ...]


def tell(rhythm: Rhythm, words: str) -> Told:
    """Return what the words make of the rhythm. Raises UserError for words that say nothing."""
    return apply(rhythm, parse(words))


def apply(rhythm: Rhythm, intents: Sequence[Intent]) -> Told:
    """Return the rhythm with the intents carried out in turn. Raises UserError where a metronome cannot."""
    changes: list[str] = []
    limits: list[str] = []
    for intent in intents:
        if rhythm.mode == "m0" and intent.kind != "tempo":
            raise UserError("a metronome has nothing but a tempo", "faster or slower, or mode m1, m2 or m4")
        draft = Draft(rhythm)
        _DOES[intent.kind](draft, intent.amount)
        rhythm = draft.settled()
        changes += draft.changes
        limits += draft.limits
    return Told(rhythm, tuple(dict.fromkeys(changes)), tuple(dict.fromkeys(limits)))


def _ghost(draft: Draft, amount: float) -> None:
    """Soft hits before kicks and backbeats come oftener."""
    names = list(draft.with_role("kick", "snare"))
    if not names:
        names = list(draft.layers)
        draft.limits.append("there is no kick or snare: the other drums get the ghosts")
    moved = [
        draft.move(f"{name}.ghost_pre1_prob", GHOST_STEP * amount, 0.0, GHOST_CAP)
        for name in names
        if amount > 0 or draft.value(f"{name}.ghost_pre1_prob") or _modulated(draft, f"{name}.ghost_pre1_prob")
    ]
    if not moved:
        draft.limits.append("there are no ghosts to take away")


def _modulated(draft: Draft, path: str) -> bool:
    return any(modulator["param_path"] == path for modulator in draft.data["modulators"])


def _swing(draft: Draft, amount: float) -> None:
    """Second steps come later."""
    own = [f"{name}.swing_percent" for name, layer in draft.layers.items() if layer["swing_percent"] is not None]
    shared = ["swing"] if len(own) < len(draft.layers) else []
    for path in (*shared, *own):
        draft.move(path, SWING_STEP * amount, *SWING_CAPS)


def _hats(draft: Draft, amount: float) -> None:
    """Hats play more steps."""
    names = hats_of(draft)
    if not names:
        draft.limits.append("there are no hats")
    for name in names:
        busier(draft, name, amount)


def _energy(draft: Draft, amount: float) -> None:
    """Everything is hit harder, accents come oftener and louder, hats fill up, syncopation may roam further."""
    for name in draft.layers:
        draft.move(f"{name}.velocity", 5 * amount, *VELOCITY_CAPS)
    if draft.data["accent"]:
        draft.move("accent.prob", 0.15 * amount, 0.0, 1.0)
        draft.move("accent.velocity_scale", 0.05 * amount, *ACCENT_CAPS)
    elif amount > 0:
        rhythm = draft.rhythm
        halves = [s + 1 for s in range(rhythm.grid_steps) if s * rhythm.grid_ticks % 1920 == 960]
        scale = round(min(1.1 + 0.05 * amount, ACCENT_CAPS[1]), 4)
        accent = {"steps": halves, "prob": 0.5, "velocity_scale": scale, "length_scale": 1.0, "layers": []}
        if halves:
            draft.put("accent", accent)
    if draft.data["targets"]["S_high"] is not None:
        low = draft.data["targets"]["S_low"] or 0.0
        draft.move("targets.S_high", 0.03 * amount, low, 0.65)
    for name in hats_of(draft):
        busier(draft, name, amount)


def _tight(draft: Draft, amount: float) -> None:
    """Hits stand nearer to the grid, or further from it."""
    factor, before = 0.7**amount, len(draft.changes)
    if draft.data["targets"]["T_ms_cap"] is not None:
        draft.move("targets.T_ms_cap", -2 * amount, 1.0, LATE_CAP_MS)
    for name, layer in draft.layers.items():
        moved = [draft.scale(f"{name}.{field}", factor, LATE_CAP_MS) for field in ("beat_bins_ms", "micro_ms")]
        if layer["beat_bin_cap_ms"] is not None:
            draft.scale(f"{name}.beat_bin_cap_ms", factor, LATE_CAP_MS)
        if amount < 0 and not any(moved) and layer["role"] != "kick" and not layer["beat_bins_ms"]:
            away = min(5.0 * -amount, LATE_CAP_MS)
            draft.put(f"{name}.beat_bins_ms", [-away, 0.0, away])
            draft.put(f"{name}.beat_bins_probs", [0.3, 0.4, 0.3])
    if len(draft.changes) == before:
        draft.limits.append(
            "every hit stands on the grid already" if amount > 0 else "the timing is as loose as it gets"
        )


def _tempo(draft: Draft, amount: float) -> None:
    """The tempo moves."""
    draft.move("bpm", BPM_STEP * amount, *BPM_CAPS)


def _hypnotic(draft: Draft, amount: float) -> None:
    """Bars are more alike: one mask for the hats, fewer accidents, smaller motions. Below 0: more variation."""
    if amount < 0:
        _varied(draft, -amount)
        return
    factor, before = 0.5**amount, len(draft.changes)
    for name in draft.layers:
        for field in ("displace_into_2_prob", "ratchet_prob", "rotation_rate_per_bar", "ghost_pre1_prob"):
            draft.scale(f"{name}.{field}", factor, 4.0)
        if draft.rhythm.thin_bias or _modulated(draft, "thin_bias"):
            draft.scale(f"{name}.thin", factor, 1.0)
    for modulator in draft.data["modulators"]:
        mod, path = modulator["mod"], modulator["param_path"]
        if mod["min_val"] == mod["max_val"]:
            continue
        mod["step_per_bar"] *= factor
        middle = (mod["min_val"] + mod["max_val"]) / 2
        for field in ("min_val", "max_val", "start"):
            if mod[field] is not None:
                mod[field] = round(middle + (mod[field] - middle) * factor, 4)
        draft.changes.append(f"{path} moves {factor:.2g} times as far")
    for name in list(draft.layers):
        fixed_hats(draft, name)
    if len(draft.changes) == before:
        draft.limits.append("every bar is the same already")


def _varied(draft: Draft, amount: float) -> None:
    """Hits stray and roll oftener, masks turn, the hats' density is freer."""
    turn = min(TURN_CAP, draft.data["guard"]["max_rot_rate"])
    for name, layer in draft.layers.items():
        kick = layer["role"] == "kick" or name == "kick"
        if not kick and layer["steps"] > 2:
            draft.move(f"{name}.displace_into_2_prob", 0.08 * amount, 0.0, DISPLACE_CAP)
        if name in hats_of(draft):
            draft.move(f"{name}.ratchet_prob", 0.05 * amount, 0.0, RATCHET_CAP)
        if layer["role"] in _SPARE and not layer["bar"] and 0 < layer["fills"] < layer["steps"]:
            draft.move(f"{name}.rotation_rate_per_bar", 0.0625 * amount, -turn, turn)
        if layer["density_tol"] is not None:
            draft.move(f"{name}.density_tol", 0.05 * amount, 0.0, TOLERANCE_CAP)
    if draft.data["targets"]["hat_density_tol"] is not None:
        draft.move("targets.hat_density_tol", 0.05 * amount, 0.0, TOLERANCE_CAP)


def _minimal(draft: Draft, amount: float) -> None:
    """Fewer hits and fewer parts: spare drums come every other bar, ghosts and rolls fade. Below 0: more of it all."""
    if amount < 0:
        _density(draft, -amount)
        return
    factor = 0.5**amount
    for name, layer in draft.layers.items():
        for field in ("ghost_pre1_prob", "ratchet_prob"):
            draft.scale(f"{name}.{field}", factor, 1.0)
        rests = any(condition["kind"] in ("EVERY_N", "FILL") for condition in layer["conditions"])
        if layer["role"] in _SPARE and not rests:
            rest = {"kind": "EVERY_N", "n": 2}
            layer["conditions"].append(rest)
            draft.changes.append(f"{name} plays every second bar")
    _density(draft, -amount)


def _density(draft: Draft, amount: float) -> None:
    """All but kick and backbeat play more steps."""
    names = [name for name, layer in draft.layers.items() if (layer["role"] or name) not in _BACKBEAT]
    if not names:
        draft.limits.append("there is nothing but kick and backbeat")
    for name in names:
        busier(draft, name, amount)


def _polymeter(draft: Draft, amount: float) -> None:
    """Parts turn in bars of their own."""
    change: Callable[[Draft], bool] = more_polymetric if amount > 0 else less_polymetric
    for _ in range(min(4, max(1, round(abs(amount))))):
        if not change(draft):
            break


_DOES: dict[IntentKind, Callable[[Draft, float], None]] = {
    "ghost": _ghost, "swing": _swing, "hats": _hats, "energy": _energy, "tight": _tight, "tempo": _tempo,
    "hypnotic": _hypnotic, "minimal": _minimal, "density": _density, "polymeter": _polymeter,
}  # fmt: skip
