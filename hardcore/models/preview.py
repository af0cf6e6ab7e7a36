"""What is there so far of a sound that is being made, drawn in a few letters: it takes a twentieth of the time."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardcore.models.backend import Audio

_LEVELS = "▁▂▃▄▅▆▇█"
_WIDTH = 16
# Not before so long, seconds, and never more than this share of the time.
_FIRST_S, _SHARE = 1.0, 0.05


class Preview:
    """Draws what is there now and then; between, the drawing stays."""

    def __init__(self, first_s: float = _FIRST_S) -> None:
        self._drawn = ""
        self._next = time.monotonic() + first_s

    def line(self, words: str, sound: "Callable[[], Audio]") -> str:
        """Return words with a drawing of what is there; `sound` gives it, float32 [channels, frames]."""
        now = time.monotonic()
        if now >= self._next:
            self._drawn = drawn(sound())
            took = time.monotonic() - now
            self._next = now + took + max(1.0, took / _SHARE)
        return f"{words} {self._drawn}".rstrip()


def drawn(audio: "Audio") -> str:
    """Return the peaks of equal stretches of a sound, the loudest as a full block."""
    import numpy as np

    level = np.abs(audio).max(axis=0) if audio.size else np.zeros(0)
    if not len(level) or not (loudest := float(level.max())):
        return ""
    edges = np.unique(np.linspace(0, len(level), _WIDTH + 1).astype(int))[:-1]
    peaks = np.maximum.reduceat(level, edges) / loudest
    return "".join(_LEVELS[min(int(peak * len(_LEVELS)), len(_LEVELS) - 1)] for peak in peaks)
