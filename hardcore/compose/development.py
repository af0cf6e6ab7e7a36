"""Development: what a melody does with its motif bar by bar, under names that are kept with the clip."""

from collections.abc import Collection, Sequence
from random import Random
from typing import NamedTuple

from hardcore.compose.phrase import Cell, answer, augment, fit, invert, sequence, shorten, vary

PHRASE_BARS = 4
_SEQUENCES = (1, 2, -1, -2)


class Development(NamedTuple):
    """What was done with the motif in a bar, and the cell that came of it; an empty cell is a rest."""

    name: str
    cell: Cell


def diminished(cell: Cell, steps: int) -> Cell:
    """Return the cell at twice the speed, and once more a step higher in the second half of the bar."""
    half = max(steps // 2, 1)
    quick = tuple(hit._replace(step=int(hit.step / 2), length=max(hit.length / 2, 1)) for hit in cell)
    first = {hit.step: hit for hit in reversed(quick) if hit.step < half}
    once = shorten(fit(tuple(first[step] for step in sorted(first)), half))
    again = tuple(hit._replace(step=hit.step + half) for hit in sequence(once, 1))
    return fit((*once, *again), steps)


def fragmented(cell: Cell, steps: int, tones: int) -> Cell:
    """Return the motif's head, and the head again `tones` steps away in the second half of the bar."""
    half = max(steps // 2, 1)
    head = fit(tuple(hit for hit in cell if hit.step < half) or cell[:1], half)
    again = tuple(hit._replace(step=hit.step + half) for hit in sequence(head, tones))
    return fit((*head, *again), steps)


def developed(call: Cell, steps: int, movement: float, rng: Random) -> Development:
    """Return the motif as the third bar of a phrase has it: again, on another step, in pieces, upside down or quicker.

    With little movement it is more often repeated or moved by a step.
    """
    tones = rng.choice(_SEQUENCES)
    weights: dict[str, float] = {
        "repetition": 1.2 - movement, "sequence": 4.0, "fragments": 1.0 + movement, "inversion": 2 * movement,
        "diminution": 1.2 * movement if len(call) > 1 and steps >= 8 else 0.0, "variation": 2 * movement,
    }  # fmt: skip
    name = rng.choices(list(weights), list(weights.values()))[0]
    if name == "repetition":
        return Development(name, call)
    if name == "sequence":
        return Development(f"sequence {tones:+d}", sequence(call, tones))
    if name == "fragments":
        return Development(f"fragments {tones:+d}", fragmented(call, steps, tones))
    if name == "inversion":
        return Development(name, invert(call))
    if name == "diminution":
        return Development(name, diminished(call, steps))
    changed = [hit.tone + rng.choice((1, -1)) for hit in call] or [0]
    return Development(name, vary(call, 0.2 + 0.4 * movement, changed, rng))


def returned(call: Cell, steps: int, movement: float, rng: Random) -> Development:
    """Return the motif as the next phrase begins with it: as it was, upside down, twice as slow, or new in places."""
    if rng.random() > 0.3 + movement:
        return Development("statement", call)
    kind = rng.randrange(3)
    if kind == 0:
        return Development("inversion", invert(call))
    if kind == 1 and len(call) > 3:
        return Development("augmentation", shorten(augment(call, 2, steps)))
    return Development("variation", vary(call, 0.5, [hit.tone for hit in call] or [0], rng))


def answered(call: Cell, close: int) -> Development:
    """Return the response to the motif, at rest on `close` steps from home."""
    return Development("answer" if close else "close", answer(call, close))


def told(row: Sequence[str]) -> str:
    """Return the names of a melody's bars in words: phrases parted by bars."""
    phrases = [row[start : start + PHRASE_BARS] for start in range(0, len(row), PHRASE_BARS)]
    return " | ".join(", ".join(phrase) for phrase in phrases)


def mixed(old: str, new: str, bars: Collection[int]) -> str:
    """Return what is told of a melody of which only some bars are new; the old one where they do not fit together."""
    before, after = (text.replace(" | ", ", ").split(", ") for text in (old, new))
    if len(before) != len(after) or len(after) < 2:
        return old or new
    return told([after[bar] if bar in bars else before[bar] for bar in range(len(after))])
