"""Faults: what makes a drawn rhythm or line worse than another draw: too little or too much of something.

Ranking by likeness gains nothing (docs/decisions/melody.md); of a few draws the one with the fewest faults is kept.
"""

from collections.abc import Sequence
from itertools import pairwise

from hardcore.compose.motif.line import Place
from hardcore.compose.motif.rhythm import Onset

_ENOUGH = 12  # notes that shares mean something of
_APART = 6  # sixteenths between onsets that part phrases
_PHRASE = 1.6  # bars from phrase to phrase, rests and all


def of_rhythm(onsets: Sequence[Onset], starts: Sequence[int], bar_steps: Sequence[int], pickups: bool) -> int:
    """Return the faults of a rhythm: bars all alike or all different, short phrases, pickups everywhere or none.

    starts      onsets in sixteenths from the beginning; bar_steps the sixteenths of each bar
    pickups     whether the style has them
    """
    if len(onsets) < _ENOUGH:
        return 0
    rows: dict[int, list[int]] = {}
    for onset in onsets:
        rows.setdefault(onset.bar, []).append(onset.step)
    distinct = len({tuple(row) for row in rows.values()}) / len(rows)
    heads = [at for at in range(1, len(starts)) if starts[at] - starts[at - 1] >= _APART]
    early = sum(onsets[at].step >= 0.6 * bar_steps[onsets[at].bar] for at in heads)
    share = early / (len(heads) + 1)
    short = len(bar_steps) / (len(heads) + 1) < _PHRASE
    faults = (not 0.45 <= distinct <= 0.88) + (len(onsets) / (len(heads) + 1) < 6) + short
    return faults + (not 0.12 <= share <= 0.42 if pickups else share > 0.3)


def of_line(positions: Sequence[int], places: Sequence[Place], inside: Sequence[bool]) -> int:
    """Return the faults of a line: it hops, drones, always turns, only arpeggiates, repeats nothing or all, or has no
    climax.
    """
    if len(positions) < _ENOUGH:
        return 0
    moves = [b - a for a, b in pairwise(positions)]
    moving = [move for move in moves if move]
    fours = [tuple(moves[at : at + 4]) for at in range(len(moves) - 3)]
    bars: dict[int, bool] = {}
    for place, stands in zip(places, inside, strict=True):
        bars[place.bar] = bars.get(place.bar, True) and stands
    steps, still = (sum(abs(move) == size for move in moves) / len(moves) for size in (1, 0))
    kept = sum(a * b > 0 for a, b in pairwise(moving)) / max(len(moving) - 1, 1)
    top = max(positions)
    recur = 1 - len(set(fours)) / max(len(fours), 1)
    return (
        (steps < 0.38) + (still > 0.38) + (kept < 0.4) + (not 0.05 <= recur <= 0.28)
        + (sum(bars.values()) / len(bars) > 0.21) + (top - min(positions) < 4)
        + (positions.count(top) > 3) + (len(bars) > 4 and places[positions.index(top)].bar < 0.4 * len(bars))
    )  # fmt: skip
