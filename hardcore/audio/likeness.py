"""What a sound is like in a few figures, by which sounds are compared (`project/previews.py`)."""

from typing import Any

import numpy as np

from hardcore.audio.features import centroid_hz
from hardcore.audio.levels import sides
from hardcore.audio.oneshots import mono, shape_of, trimmed
from hardcore.audio.samples import Audio

_FLOOR_DB = -60.0
_LOWEST_HZ, _SHORTEST_S = 20.0, 0.005


def figures(audio: Audio, rate: int) -> dict[str, Any] | None:
    """Return the figures of a sound [channels, frames], None for silence.

    bands_db     levels of features.BANDS_HZ; `sides_db` of the sides against the middle; `flat_db` flatness
    centroid_hz  brightness
    rise_s, fall_s, held  how fast it is there and gone, and for how much of its time it stays
    """
    whole = np.atleast_2d(audio)
    sound = trimmed(mono(whole), rate)
    if sound.size == 0:
        return None
    shape = shape_of(sound, rate)
    return {
        "bands_db": [max(level, _FLOOR_DB) for level in shape.level.values()],
        "flat_db": shape.flat_db,
        "sides_db": max(sides(whole[:2], rate)[1], _FLOOR_DB) if len(whole) > 1 else _FLOOR_DB,
        "centroid_hz": max(centroid_hz(sound[np.newaxis].astype(np.float32), rate), _LOWEST_HZ),
        "rise_s": max(shape.rise_s, _SHORTEST_S),
        "fall_s": max(shape.fall_s, _SHORTEST_S),
        "held": shape.held,
    }
