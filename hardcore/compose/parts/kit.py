"""The drums of a genre that names a rhythm: bars of the drum engine, one for each letter and variation of the form, or
one after another.

All drums of a scene are heard in one session, so hats and ghosts know the kick. The scene's form says which bars come
back (A, A', B …) and its fills and layers when a drum rests, so the rhythm's own counting of bars is left out.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hardcore.compose.chance import stream
from hardcore.compose.form.structure import SceneBar
from hardcore.compose.plan import Plan
from hardcore.errors import UserError
from hardcore.knowledge.section import ACCENT, GHOST, NORMAL
from hardcore.project.roles import Role

if TYPE_CHECKING:
    from hardcore.rhythm.session import Performance

LEAD_IN = 8  # bars after which the session has found its bands
_FULLER = 0.4  # what all the energy adds to the share of the hat's steps that sound
_SOFT, _LOUD = 0.75, 1.1  # of a layer's velocity: below it a ghost, above it an accent
_LEADING = ("kick", "snare", "clap", "hat_open")  # their plain hits are as loud as accents of the others
_COUNTING = ("EVERY_N", "FILL")


class Stroke(NamedTuple):
    """A hit of a bar: its tick in it, its letter of step text, how much later than its step it sounds."""

    tick: int
    letter: str
    late_ticks: int


Bars = tuple[tuple[Stroke, ...], ...]


def strokes(plan: Plan, bars: Sequence[SceneBar], role: Role) -> tuple[tuple[Stroke, ...], ...] | None:
    """Return the hits of each bar of the scene; None where the genre's grammar plays the role.

    That is where the genre names no rhythm, the rhythm has no such drum, the prompt asks the drum for something else,
    or the meter is felt in other beats than quarters.
    """
    name, point = plan.genre.drums.rhythm, plan.meter.points[0]
    if name is None or plan.traits.get(role) or point.denominator > 4:
        return None
    named = [(bar.letter, bar.primes, bar.index * plan.genre.drums.running) for bar in bars]
    forms = list(dict.fromkeys(named))
    levels = plan.energy, plan.energy - plan.genre.character.energy, plan.relative("ghost")
    meter = point.text
    seed = stream(plan.seed, "rhythm").getrandbits(53)
    found = _session(name, meter, plan.bpm, plan.swing_percent, levels, seed, len(forms)).get(role)
    return found and tuple(found[forms.index(one)] for one in named)


@lru_cache(maxsize=64)
def _session(
    name: str, meter: str, bpm: float, swing: float, levels: tuple[float, float, float], seed: int, count: int
) -> dict[Role, Bars]:
    """Return `count` bars of each drum of the rhythm; nothing where its bar cannot be laid out in the meter."""
    from hardcore.rhythm.config import load
    from hardcore.rhythm.session import perform

    energy, shift, ghost = levels
    data = _data(name)
    laid_out = any({"steps", "pattern", "bar"} & set(layer or ()) for layer in data["layers"].values())
    if laid_out and meter != data.get("meter", "4/4"):
        return {}
    try:
        bent = load(_bent(data, shift, ghost) | {"meter": meter, "swing": swing}, name)
    except UserError:
        if meter == data.get("meter", "4/4"):
            raise
        return {}
    play = perform(bent, bars=LEAD_IN + count, seed=seed, bpm=bpm, energy=energy)
    return {layer.role: _bars(play, number, count) for number, layer in enumerate(bent.layers.values()) if layer.role}


@cache
def _data(name: str) -> dict[str, Any]:
    """Return what the rhythm's file says: its layers are laid out anew for the plan's meter."""
    from hardcore.knowledge.rhythms import read_data, rhythm, rhythm_path

    data = read_data(rhythm_path(name))
    return data | {"layers": data.get("layers") or {layer: {} for layer in rhythm(name).layers}}


def _bent(data: dict[str, Any], shift: float, ghost: float) -> dict[str, Any]:
    """Return the rhythm's data at the plan's levels: energy fills the hats, `ghost` (0.5 the rhythm's own) scales them.

    Rolls are left to the genre's grammar, as are the bars in which a drum rests.
    """
    layers = {}
    for name, given in data["layers"].items():
        layer = {**(given or {}), "ratchet_prob": 0.0}
        if chance := layer.get("ghost_pre1_prob"):
            layer["ghost_pre1_prob"] = min(1.0, chance * 2 * ghost)
        layer["conditions"] = [one for one in layer.get("conditions") or () if one["kind"] not in _COUNTING]
        layers[name] = layer
    targets = dict(data.get("targets") or {})
    if (target := targets.get("hat_density_target")) is not None:
        targets["hat_density_target"] = min(0.95, max(0.15, target + _FULLER * shift))
    moved = [motion for motion in data.get("modulators") or () if not _is_ours(motion["param_path"])]
    return data | {"layers": layers, "targets": targets, "modulators": moved}


def _is_ours(path: str) -> bool:
    """Return whether a modulator moves what the plan says, or what is left out."""
    return ".conditions." in path or path.endswith(("ratchet_prob", "ratchet_repeat", "ghost_pre1_prob", "swing"))


def _bars(play: "Performance", number: int, count: int) -> Bars:
    """Return the last `count` bars of a layer."""
    layer, size = list(play.rhythm.layers.values())[number], play.rhythm.bar_ticks
    found: list[dict[int, Stroke]] = [{} for _ in range(count)]
    notes = play.notes.of_layer(number)
    columns = (notes.grid, notes.velocity, notes.start - notes.swung)
    for grid, velocity, late in zip(*(column.tolist() for column in columns), strict=True):
        bar, tick = divmod(grid, size)
        if bar >= LEAD_IN:
            letter = _letter(velocity / layer.velocity, layer.role in _LEADING)
            found[bar - LEAD_IN].setdefault(tick, Stroke(tick, letter, late))
    return tuple(tuple(bar[tick] for tick in sorted(bar)) for bar in found)


def _letter(force: float, leads: bool) -> str:
    if force <= _SOFT:
        return GHOST
    return ACCENT if force >= _LOUD or leads else NORMAL
