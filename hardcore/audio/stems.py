"""Stems: whether they add up to the mix."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardcore.checkpoint import checkpoint

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

EXACT_DB = -200.0


def sum_error_db(stems: Sequence["Audio"], mix: "Audio") -> float:
    """Return the largest sample of (sum of `stems` − `mix`) in dBFS; −200 stands for exact.

    Each is [channels, frames] or one channel; a shorter one is followed by silence; one channel counts for all.
    """
    import numpy as np

    from hardcore.audio.samples import BLOCK

    parts = [np.atleast_2d(part) for part in stems]
    whole = np.atleast_2d(mix)
    channels = max(part.shape[0] for part in (*parts, whole))
    frames = max(part.shape[1] for part in (*parts, whole))
    peaks = [0.0]
    for start in range(0, frames, BLOCK):
        rest = np.zeros((channels, min(BLOCK, frames - start)), np.float64)
        for part, sign in ((whole, -1), *((part, 1) for part in parts)):
            checkpoint()
            piece = part[:, start : start + BLOCK]
            rest[:, : piece.shape[1]] += sign * piece
        peaks.append(float(np.max(np.abs(rest))))
    largest = float(np.max(peaks))
    if math.isnan(largest):
        return math.inf
    return max(EXACT_DB, 20.0 * float(np.log10(largest))) if largest > 0.0 else EXACT_DB
