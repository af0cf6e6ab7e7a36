"""Random streams: every part and purpose has its own, so one more part never changes the others."""

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


def stream(seed: int, *words: str | int) -> Random:
    """Return the random stream of a seed and a purpose; the same in every process."""
    text = "|".join(str(word) for word in (seed, *words)).encode()
    return Random(int.from_bytes(blake2b(text, digest_size=16).digest(), "big"))


def pick(things: Sequence[Thing], weights: Sequence[float], draw: float) -> Thing:
    """Return one of `things` by weight for a draw in 0–1; without any weight they count alike."""
    total = sum(weights)
    if total <= 0:
        return things[min(int(draw * len(things)), len(things) - 1)]
    mark = draw * total
    for thing, weight in zip(things, weights, strict=True):
        mark -= weight
        if mark < 0:
            return thing
    return things[max(place for place, weight in enumerate(weights) if weight > 0)]
