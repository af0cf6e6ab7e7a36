"""The unit of musical time: integer ticks, 1920 to the quarter note. A beat, as a unit, is a quarter in every meter."""

from typing import Annotated

from pydantic import Field

PPQ = 1920
MAX_TICKS = 2**31 - 1
WHOLE = 4 * PPQ
SIXTEENTH = PPQ // 4
# Tempo or meter changes in one map: more is no music, and costs seconds to add up.
MAX_POINTS = 8192

Ticks = Annotated[int, Field(ge=0, le=MAX_TICKS)]


def beats(ticks: float) -> float:
    """Return the length of `ticks` in beats (quarters)."""
    return ticks / PPQ


def ticks_of_beats(beats: float) -> int:
    """Return `beats` (quarters) as ticks, rounded to the nearest."""
    return round(beats * PPQ)
