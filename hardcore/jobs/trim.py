"""Cutting a render to what is kept: to the frame, with a tail that ends in silence, or looped round its seam."""

import math
from typing import TYPE_CHECKING

from hardcore.engine.score import Score
from hardcore.jobs.request import RenderRequest

if TYPE_CHECKING:
    import numpy as np

    from hardcore.audio.samples import Audio

    # What a render leaves: [frames, channels].
    Interleaved = np.ndarray[tuple[int, int], np.dtype[np.float32]]

# A tail is kept until it is this quiet, in steps of TAIL_STEP_S, and ends in a fade of FADE_S.
TAIL_FLOOR_DB = -72.0
TAIL_STEP_S = 0.1
FADE_S = 0.02


def channels_of(sound: "Interleaved", first: int, frames: int) -> "Audio":
    """Return two channels of a raw render from `first` on, for so many frames."""
    from hardcore.audio.samples import BLOCK, planar

    wanted = (sound[start : min(start + BLOCK, frames), first : first + 2] for start in range(0, frames, BLOCK))
    return planar(wanted, 2, frames)


def kept_frames(request: RenderRequest, score: Score, master: "Audio") -> int:
    """Return how many frames the files have: the body and its tail, until that is quiet."""
    import numpy as np

    if request.tail_s is not None or request.loop:
        return int(master.shape[1])
    loud = np.flatnonzero(np.abs(master[:, score.body :]).max(axis=0) > 10 ** (TAIL_FLOOR_DB / 20))
    rings_s = (int(loud[-1]) + 1) / request.rate if loud.size else 0.0
    steps = math.ceil(rings_s / TAIL_STEP_S)
    return min(int(master.shape[1]), score.body + round(steps * TAIL_STEP_S * request.rate))


def faded(audio: "Audio", body: int, rate: int) -> "Audio":
    """Return the sound, faded in place over the last moments of its tail, not into its body."""
    import numpy as np

    length = min(round(FADE_S * rate), audio.shape[1] - body)
    if length > 0:
        audio[:, -length:] *= np.linspace(1.0, 0.0, length, dtype=np.float32)
    return audio


def wrapped(audio: "Audio", body: int) -> "Audio":
    """Return the first `body` frames with all that comes after them added from the beginning, as a loop sounds."""
    looped = audio[:, :body].copy()
    for start in range(body, audio.shape[1], body):
        piece = audio[:, start : start + body]
        looped[:, : piece.shape[1]] += piece
    return looped
