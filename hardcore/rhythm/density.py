"""Density: a bar is brought to as many hits as its target allows, weak steps going first, strong ones coming first."""

from collections.abc import Sequence
from functools import cache

from hardcore.rhythm.metrics import entropy


@cache
def allowed_counts(
    steps: int, target: float, tolerance: float, h_low: float | None = None, h_high: float | None = None
) -> tuple[int, int]:
    """Return the fewest and the most hits: round(steps · target) ± round(steps · tolerance).

    An entropy band narrows them to the counts whose mask's entropy is nearest to the band: of two such stretches the
    one nearer to the target.
    """
    middle, allow = round(steps * target), round(steps * tolerance)
    low, high = max(0, middle - allow), min(steps, middle + allow)
    if h_low is None and h_high is None:
        return low, high
    bottom, top = h_low or 0.0, 1.0 if h_high is None else h_high
    miss = {n: max(bottom - entropy(n / steps), entropy(n / steps) - top, 0.0) for n in range(low, high + 1)}
    best = [n for n in miss if miss[n] <= min(miss.values()) + 1e-12]
    near = min(best, key=lambda n: (abs(n - middle), n))
    first = last = near
    while first - 1 in best:
        first -= 1
    while last + 1 in best:
        last += 1
    return first, last


def clamped(
    hits: int, allowed: int, counts: tuple[int, int], groups: Sequence[int], order: Sequence[int], lean: float
) -> int:
    """Return the bar's hits (bits of steps) brought to `counts`; only steps of `allowed` are added.

    groups  the steps of one weight each, the weakest first
    order   the steps as bits: within a group the first go first
    lean    0–1: the share of what goes (or comes) that is taken from the strong end (the weak end) instead
    """
    count = hits.bit_count()
    if count > counts[1]:
        spare = count - counts[1]
        strong = int(spare * lean + 0.5)
        hits = _dropped(hits, strong, groups[::-1], order)
        return _dropped(hits, spare - strong, groups, order)
    if count < counts[0]:
        missing = counts[0] - count
        weak = int(missing * lean + 0.5)
        hits ^= _taken(allowed & ~hits, weak, groups, order)
        return hits ^ _taken(allowed & ~hits, counts[0] - hits.bit_count(), groups[::-1], order)
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
