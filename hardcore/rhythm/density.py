"""Density: a bar is brought to as many hits as its target allows, weak steps going first, strong ones coming first."""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from hardcore.rhythm.metrics import entropy

# What sums of decimal fractions may be off by.
_EVEN = 1e-9


class Counts(NamedTuple):
    """How many hits a bar may have, and how many it is brought to where it has fewer or more."""

    low: int
    high: int
    aim: int


def allowed_counts(
    steps: int, target: float, tolerance: float, bar: int, h_low: float | None = None, h_high: float | None = None
) -> Counts:
    """Return the hits of bar `bar`, counted from 0: the whole numbers within steps · (target ± tolerance).

    A band of entropy narrows them to the counts whose mask's entropy is nearest to the band: of two such stretches
    the one nearer to the target. The aim changes from bar to bar so that its mean is steps · target (as Bresenham's
    line rises); where the tolerance holds no whole number, the aim is the only count.
    """
    low, high, is_exact = _bounds(steps, target, tolerance, h_low, h_high)
    whole = math.floor((bar + 1) * steps * target + _EVEN) - math.floor(bar * steps * target + _EVEN)
    aim = min(high, max(low, whole))
    return Counts(aim, aim, aim) if is_exact else Counts(low, high, aim)


@cache
def _bounds(
    steps: int, target: float, tolerance: float, h_low: float | None, h_high: float | None
) -> tuple[int, int, bool]:
    """Return the fewest and the most hits, and whether only the mean of the bars can be right."""
    middle = steps * target
    low, high = (
        max(0, math.ceil(middle - steps * tolerance - _EVEN)),
        min(steps, math.floor(middle + steps * tolerance + _EVEN)),
    )
    is_exact = low > high
    if is_exact:
        low, high = math.floor(middle), math.ceil(middle)
    if h_low is None and h_high is None:
        return low, high, is_exact
    bottom, top = h_low or 0.0, 1.0 if h_high is None else h_high
    miss = {n: max(bottom - entropy(n / steps), entropy(n / steps) - top, 0.0) for n in range(low, high + 1)}
    best = [n for n in miss if miss[n] <= min(miss.values()) + 1e-12]
    first = last = min(best, key=lambda n: (abs(n - middle), n))
    while first - 1 in best:
        first -= 1
    while last + 1 in best:
        last += 1
    return first, last, False


def clamped(hits: int, allowed: int, counts: Counts, groups: Sequence[int], order: Sequence[int], lean: float) -> int:
    """Return the bar's hits (bits of steps), brought to the aim of `counts` where there are too few or too many.

    allowed  the steps that may be added
    groups   the steps of one weight each, the weakest first
    order    the steps as bits: within a group the first go first
    lean     0–1: the share of what goes (or comes) that is taken from the strong end (the weak end) instead
    """
    count = hits.bit_count()
    if count > counts.high:
        spare = count - counts.aim
        strong = int(spare * lean + 0.5)
        hits = _dropped(hits, strong, groups[::-1], order)
        return _dropped(hits, spare - strong, groups, order)
    if count < counts.low:
        weak = int((counts.aim - count) * lean + 0.5)
        hits ^= _taken(allowed & ~hits, weak, groups, order)
        return hits ^ _taken(allowed & ~hits, counts.aim - hits.bit_count(), groups[::-1], order)
    return hits


def _dropped(hits: int, number: int, groups: Sequence[int], order: Sequence[int]) -> int:
    return hits ^ _taken(hits, number, groups, order)


def _taken(free: int, number: int, groups: Sequence[int], order: Sequence[int]) -> int:
    """Return up to `number` of the free steps, group by group."""
    taken = 0
    for group in groups:
        if number <= 0:
            break
        inside = free & group
        if inside.bit_count() <= number:
            taken |= inside
            number -= inside.bit_count()
            continue
        for bit in order:
            if inside & bit:
                taken |= bit
                number -= 1
                if not number:
                    break
    return taken
