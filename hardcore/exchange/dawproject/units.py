"""Units of DAWproject and ours: ticks and quarters, linear gain and decibels, pan from 0 to 1."""

import math

from hardcore.music.ticks import PPQ

LOWEST_DB, HIGHEST_DB = -96.0, 24.0


def quarters(ticks: float) -> str:
    """Return ticks as beats of the format, which are quarters; exact enough that reading it gives the very tick."""
    return f"{ticks / PPQ:.7f}".rstrip("0").rstrip(".")


def linear(db: float) -> float:
    """Return a gain in decibels as a factor."""
    return float(10 ** (db / 20))


def decibels(factor: float) -> float:
    """Return a factor as decibels within what a fader can do; silence is its lowest."""
    if not factor > 0:
        return LOWEST_DB
    return min(max(round(20 * math.log10(factor), 9), LOWEST_DB), HIGHEST_DB)


def normalized_pan(pan: float) -> float:
    """Return −1 (left) … 1 as 0 … 1."""
    return (pan + 1) / 2


def pan_of(normalized: float) -> float:
    """Return 0 … 1 as −1 (left) … 1."""
    return min(max(round(2 * normalized - 1, 9), -1.0), 1.0)


def percent_of_ratio(ratio: float) -> float:
    """Return a compression ratio as the format has it: 0 % is 1:1, 75 % is 4:1, 100 % lets nothing through."""
    return 100 * (1 - 1 / ratio)


def ratio_of_percent(percent: float) -> float:
    """Return the ratio of such a percentage; of 100 % one that is beyond any compressor's."""
    return round(100 / (100 - percent), 9) if percent < 100 else 1e9
