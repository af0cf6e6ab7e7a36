"""Whether a sound loops without a click: its end played into its beginning, against what is usual inside it."""

from dataclasses import dataclass

import numpy as np

from hardcore.audio.samples import Audio, spans

# a jump this many times what the loud places inside have is heard as a click
CLICK_TIMES = 3.0
_EDGE_S = 0.02
# jumps under this are not heard in any music
_FLOOR = 0.004


@dataclass(frozen=True)
class Seam:
    """The seam of a loop.

    jump          the step from the last sample to the first, 1 is full scale
    times         the bend of the wave there over what attacks inside it have; up to 1 is inconspicuous
    level_db      the first 20 ms over the last 20 ms
    clicks        whether it is heard
    """

    jump: float
    times: float
    level_db: float
    clicks: bool


def seam(audio: Audio, rate: int) -> Seam | None:
    """Return how the end of `audio` meets its beginning; None when it is shorter than 0.1 s or silent.

    The change of slope is looked at, not the step alone: a low note passes zero with a step and no click.
    """
    samples = np.atleast_2d(audio)
    if samples.shape[1] < rate // 10 or not samples.any():
        return None
    around = np.hstack((samples[:, -3:], samples[:, :3])).astype(np.float64)
    usual = _usual_bend(samples, rate)
    bend = float(np.abs(np.diff(around, 2, axis=1)).max())
    jump = float(np.abs(samples[:, 0] - samples[:, -1]).max())
    times = bend / max(usual, _FLOOR)
    edge = max(1, round(_EDGE_S * rate))
    first, last = (
        float(np.mean(np.square(part, dtype=np.float64))) for part in (samples[:, :edge], samples[:, -edge:])
    )
    level_db = float(np.clip(10.0 * np.log10(max(first, 1e-12) / max(last, 1e-12)), -96.0, 96.0))
    return Seam(jump, times, level_db, times > CLICK_TIMES and jump > _FLOOR)


def _usual_bend(samples: Audio, rate: int) -> float:
    """Return the bend that 3 % of the stretches of 10 ms reach: the attacks of what plays, or a held note's own."""
    bends = np.concatenate([np.abs(np.diff(part, 2, axis=1)).max(axis=0) for part in spans(samples, over=2)])
    starts = np.arange(0, len(bends), max(1, rate // 100))
    return float(np.quantile(np.maximum.reduceat(bends, starts), 0.97))
