"""Chance without a state: every draw is a function of seed, purpose, row and step, in any process and any order.

The mixing is SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]
ROW = 64  # draws a row has room for


def key_of(seed: int, *words: str | int) -> int:
    """Return the 64-bit key of a seed and a purpose."""
    text = "|".join(str(word) for word in (seed, *words)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def draws(key: int, first: int, rows: int, steps: int) -> Draws:
    """Return chances in [0, 1), shape [rows, steps], of the rows from `first` on; `steps` ≤ 64, `first` may be −1."""
    places = np.arange(first, first + rows, dtype=np.int64)[:, None] * ROW + np.arange(steps, dtype=np.int64)
    mixed = places.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
