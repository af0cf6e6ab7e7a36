"""Euclidean rhythms: hits spread as evenly as a grid allows.

Toussaint, "The Euclidean Algorithm Generates Traditional Musical Rhythms" (2005). The mask is built by the floor rule
of a maximally even set (Clough and Douthett, 1991), which needs no recursion and always begins with a hit.
"""

from functools import cache

MAX_STEPS = 64


@cache
def euclid(steps: int, fills: int, rot: int = 0) -> tuple[bool, ...]:
    """Return `steps` places with `fills` hits, maximally even, turned right by `rot`.

    Without rotation the first hit is on step 0. `fills` beyond `steps` fill it. ValueError: `steps` out of 1–64.
    """
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"{steps} steps is out of range (1 to {MAX_STEPS})")
    fills = max(0, min(fills, steps))
    # hit k falls on step ceil(k · steps / fills): for 3 in 8 that is x..x..x.
    hits = {-(-k * steps // fills) for k in range(fills)}
    return tuple((step - rot) % steps in hits for step in range(steps))


@cache
def bits(steps: int, fills: int, rot: int = 0) -> int:
    """Return the mask as an integer: bit s is step s."""
    return sum(1 << step for step, hit in enumerate(euclid(steps, fills, rot)) if hit)


def is_maximally_even(mask: tuple[bool, ...]) -> bool:
    """Return whether for every d, all spans of d hits have one of two neighbouring lengths (Clough and Douthett)."""
    hits = [step for step, hit in enumerate(mask) if hit]
    count, steps = len(hits), len(mask)
    for distance in range(1, count):
        spans = {(hits[(k + distance) % count] - hits[k]) % steps for k in range(count)}
        if max(spans) - min(spans) > 1:
            return False
    return True
