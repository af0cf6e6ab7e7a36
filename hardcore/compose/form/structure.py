"""Structure: the bars of a scene, what letter of the form each plays, where fills and layers fall."""

from dataclasses import dataclass

from hardcore.compose.chance import pick, stream
from hardcore.compose.plan import Plan
from hardcore.knowledge.grammar import Fill
from hardcore.project.roles import Role

LAYERED_BARS = 8  # shorter scenes play all their layers from the start
_TENSION = {"A": 0.3, "B": 0.7, "C": 0.8}  # a section leaves home, and comes back to it


@dataclass(frozen=True)
class SceneBar:
    """One bar: its place in ticks, its letter of the form, how often it is varied (primes), its energy and tension
    (0–1), its fill.
    """

    index: int
    start_ticks: int
    letter: str
    primes: int
    energy: float
    tension: float
    fill: Fill | None


def scene_bars(plan: Plan) -> tuple[SceneBar, ...]:
    """Return the bars of the plan's scene."""
    form = plan.genre.structure.form
    lift = plan.genre.structure.lift
    bars = []
    for index in range(plan.bars):
        letter = form[index % len(form)]
        place = index / (plan.bars - 1) - 0.5 if plan.bars > 1 else 0.0
        energy = min(max(plan.energy + lift * place, 0.0), 1.0)
        # a later round of the form is varied once more, so that no two rounds are the same
        primes = letter.count("'") + (1 if index // len(form) % 2 and index % 2 else 0)
        level = plan.genre.structure.tension.get(letter[0], _TENSION.get(letter[0], 0.5))
        tension = min(max(level + 0.08 * letter.count("'") + 0.1 * place, 0.0), 1.0)
        start, fill = plan.meter.bar_start(index), _fill(plan, index, energy)
        bars.append(SceneBar(index, start, letter[0], primes, energy, tension, fill))
    return tuple(bars)


def _fill(plan: Plan, index: int, energy: float) -> Fill | None:
    """Return the fill that ends the bar: always one at the scene's end, by chance at a phrase's."""
    structure, last = plan.genre.structure, index == plan.bars - 1
    if plan.bars == 1:
        return None
    rng = stream(plan.seed, "fill", index)
    chance, draw = rng.random(), rng.random()
    due = structure.fill_every and (index + 1) % structure.fill_every == 0
    if not last and not (due and chance < structure.fill_chance):
        return None
    big = last and plan.bars >= 4
    fills = [fill for fill in plan.genre.drums.fills if fill.big == big and fill.energy[0] <= energy <= fill.energy[1]]
    return pick(fills, [fill.weight for fill in fills], draw) if fills else None


def span(plan: Plan, role: Role) -> tuple[int, int]:
    """Return the ticks between which a role plays; a part asked for by name plays all through, and so does the tune of
    a song style.
    """
    layer = plan.genre.structure.layers.get(role)
    if layer is None or plan.bars < LAYERED_BARS or role in plan.asked or plan.sings(role):
        return 0, plan.length_ticks
    first = min(round(layer.start * plan.bars), plan.bars - 1)
    end = max(round(layer.end * plan.bars), first + 1)
    return plan.meter.bar_start(first), plan.meter.bar_start(end)
