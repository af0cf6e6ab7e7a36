"""Cut breaks: a played break of some bars, cut into eighths that are put in another order, struck again and stuttered.

All drums of a slice come with it, and their timing, as where a sampler cuts a record: so every drum of the scene plays
from one order of slices, and the bars of one letter of the form are cut alike.
"""

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

from hardcore.compose.chance import pick, stream
from hardcore.compose.form.structure import SceneBar
from hardcore.compose.parts.kit import Stroke
from hardcore.compose.plan import Plan
from hardcore.knowledge.grammar import Break
from hardcore.knowledge.section import ACCENT, GHOST, NORMAL, REST
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.roles import Role

_SLICE = 2  # sixteenths
_BEAT, _BAR = 2, 8  # slices
_AGAIN, _ELSEWHERE = 0.3, 0.55  # of cut beats: struck twice, taken from another place; the rest swaps its halves
_STUTTER = 0.5  # chance that the last beat of a varied bar stutters, at the fullest cut
_PUSHED_MS = 4.0  # how far each stroke of the break was played from the grid, at most
_SOFTER = {ACCENT: NORMAL, NORMAL: GHOST, GHOST: GHOST}


class Slice(NamedTuple):
    """What an eighth of a bar plays: an eighth of the break, from its first on.

    half   only its first sixteenth, struck twice, the second time softer
    """

    source: int
    half: bool = False


def cut(plan: Plan, bars: Sequence[SceneBar], role: Role) -> tuple[tuple[Stroke, ...], ...] | None:
    """Return the strokes of each bar of the scene; None where the genre's grammar plays the role.

    That is where the genre has no breaks, they have no such drum, the prompt asks the drum for something else, or the
    meter is another one than 4/4.
    """
    breaks, point = plan.genre.drums.breaks, plan.meter.points[0]
    if not breaks or plan.traits.get(role) or (point.numerator, point.denominator) != (4, 4):
        return None
    rng = stream(plan.seed, "break")
    chosen = pick(breaks, [one.weight for one in breaks], rng.random())
    steps = chosen.parts.get(role)
    if steps is None:
        return None
    late = [round(rng.uniform(-_PUSHED_MS, _PUSHED_MS) * plan.bpm * PPQ / 60_000) for _ in range(chosen.steps)]
    amount = min(chosen.cut * (0.4 + plan.genre.character.movement), 1.0)
    return tuple(_played(order(plan.seed, bar, chosen, amount), steps, late) for bar in bars)


def order(seed: int, bar: SceneBar, chosen: Break, amount: float) -> tuple[Slice, ...]:
    """Return the slices of a bar: bars of one letter begin alike, and each prime cuts some of its beats anew."""
    row = _order(seed, bar.letter, 0, chosen.steps // _SLICE, amount)
    for prime in range(1, bar.primes + 1):
        other, rng = _order(seed, bar.letter, prime, chosen.steps // _SLICE, amount), stream(seed, "cut", prime)
        at = rng.randrange(1, _BAR // _BEAT) * _BEAT
        row = (*row[:at], *other[at:])
    return row


@lru_cache(maxsize=256)
def _order(seed: int, letter: str, prime: int, slices: int, amount: float) -> tuple[Slice, ...]:
    rng = stream(seed, "break", letter, prime)
    first = rng.randrange(slices // _BAR) * _BAR
    found: list[Slice] = []
    for beat in range(0, _BAR, _BEAT):
        kept = [Slice(first + beat), Slice(first + beat + 1)]
        found += _cut_beat(kept, slices, rng) if beat and rng.random() < amount else kept
    if prime and rng.random() < _STUTTER * amount:
        found[-_BEAT:] = [Slice(found[-_BEAT].source, half=True)] * _BEAT
    return tuple(found)


def _cut_beat(kept: list[Slice], slices: int, rng: Random) -> list[Slice]:
    """Return another beat: its first half struck again, what lies elsewhere in the break, or its halves swapped."""
    way = rng.random()
    if way < _AGAIN:
        return [kept[0], kept[0]]
    if way < _AGAIN + _ELSEWHERE:
        away = rng.choice((_BAR, _BAR, 2 * _BEAT, _BEAT + 1, 1))
        return [Slice((one.source + away) % slices) for one in kept]
    return kept[::-1]


def _played(row: Sequence[Slice], steps: str, late: Sequence[int]) -> tuple[Stroke, ...]:
    """Return what a drum whose break is written in steps plays in a bar of slices."""
    found = []
    for place, one in enumerate(row):
        for number in range(_SLICE):
            at = one.source * _SLICE + (0 if one.half else number)
            letter = steps[at % len(steps)]
            letter = _SOFTER.get(letter, letter) if one.half and number else letter
            if letter != REST:
                found.append(Stroke((place * _SLICE + number) * SIXTEENTH, letter, late[at % len(late)]))
    return tuple(found)
