"""Polymeter: a drum whose figure is not as long as the bar, so that it meets the other drums anew in each."""

from collections.abc import Sequence

from hardcore.compose.form.structure import SceneBar
from hardcore.compose.parts.kit import Stroke
from hardcore.compose.plan import Plan
from hardcore.knowledge.section import ACCENT, NORMAL
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.roles import Role
from hardcore.rhythm.euclid import euclid

TRAIT = "polymetric"
# Sixteenths of a figure, and its hits; lengths without a common divisor, so that parts cross each other as well.
_FIGURES: dict[Role, tuple[int, int]] = {
    "perc": (5, 2), "rim": (7, 3), "shaker": (3, 2), "tom": (11, 4), "hat_closed": (9, 5), "ride": (7, 4),
}  # fmt: skip
_FIGURE = (7, 3)


def turning(plan: Plan, bars: Sequence[SceneBar], role: Role) -> tuple[tuple[Stroke, ...], ...] | None:
    """Return the strokes of each bar of the scene; None unless the prompt wants the drum polymetric.

    A figure begins with the scene and goes on over its bar lines, its first hit accented.
    """
    if TRAIT not in plan.traits.get(role, ()):
        return None
    mask = euclid(*_FIGURES.get(role, _FIGURE))
    found = []
    for bar in bars:
        first, steps = bar.start_ticks // SIXTEENTH, plan.bar_ticks // SIXTEENTH
        places = [(step, (first + step) % len(mask)) for step in range(steps)]
        found.append(tuple(Stroke(step * SIXTEENTH, NORMAL if at else ACCENT, 0) for step, at in places if mask[at]))
    return tuple(found)
