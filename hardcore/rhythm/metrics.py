"""What a rhythm is like, in numbers. Masks are integers (bit s is step s) of a bar's grid, a beat being `beat` steps.

E  entrainment: how much the beat repeats itself          S  syncopation: how far hits lie from strong steps
D  dispersion: how uneven the distances of hits are       H  entropy: how undecided a mask is
T  micro-timing: how far hits lie from the grid
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise


def entrainment(mask: int, steps: int = 16, beat: int = 4) -> float:
    """Return E = ½ + ½ · R(beat) / R(0), R being the circular autocorrelation of the bar's mask.

    Range 0.5–1, and 0 for an empty bar. Four on the floor 1, three of four beats 0.833, one hit 0.5.
    The circular autocorrelation of onsets as a measure of pulse: Brown, "Determination of the Meter of Musical Scores
    by Autocorrelation" (1993). R(bar) = R(0), so the mean of the beat's and the bar's correlation is this formula.
    """
    hits = mask.bit_count()
    if not hits:
        return 0.0
    full = (1 << steps) - 1
    turned = ((mask << beat) | (mask >> (steps - beat))) & full if beat < steps else mask
    return 0.5 + 0.5 * (mask & turned).bit_count() / hits


def entrainment_table(mask: int, steps: int = 16, beat: int = 4) -> float:
    """Return E by the table of the earlier engine, made monotone: 0.3 + 0.6 · (beats that sound / beats), 1 when full.

    Range 0.3–1, and 0 for an empty bar: all beats 0.9, all steps 1. More beats never score less (there, three of four
    beats scored 0.925 and all four 0.9).
    """
    full = (1 << steps) - 1
    if not mask:
        return 0.0
    if mask & full == full:
        return 1.0
    beats = sum(1 << step for step in range(0, steps, beat))
    return 0.3 + 0.6 * (mask & beats).bit_count() / beats.bit_count()


def syncopation(mask: int, steps: int = 16, beat: int = 4) -> float:
    """Return S: the mean over the hits of 0 on a beat, 0.40 halfway between beats, 0.65 elsewhere; 0 when empty.

    Range 0–0.65. The measure the session is steered by; the weights are the earlier engine's.
    """
    hits = mask.bit_count()
    if not hits:
        return 0.0
    _, half, rest = tiers(steps, beat)
    return (0.40 * (mask & half).bit_count() + 0.65 * (mask & rest).bit_count()) / hits


def syncopation_sum(mask: int, steps: int = 16, beat: int = 4) -> float:
    """Return S by the earlier engine's first definition: Σ over the hits of 0, ¼ (halfway), ½ (elsewhere) / steps.

    Range 0–0.3125 in sixteen steps, which is what all sixteen give: it grows with density.
    """
    _, half, rest = tiers(steps, beat)
    return (0.25 * (mask & half).bit_count() + 0.5 * (mask & rest).bit_count()) / steps


@cache
def tiers(steps: int, beat: int = 4) -> tuple[int, int, int]:
    """Return the masks of the beats, of the steps halfway between them, and of the rest."""
    beats = sum(1 << step for step in range(0, steps, beat))
    half = sum(1 << step for step in range(steps) if beat % 2 == 0 and step % beat == beat // 2)
    return beats, half, ((1 << steps) - 1) & ~(beats | half)


@cache
def lhl_weights(steps: int = 16, beats: int = 4) -> tuple[int, ...]:
    """Return the metrical weights of Longuet-Higgins and Lee: 0 on the bar, −1 for each level of division below.

    A level divides by 2 while it can, else by 3, else into single steps: 16 in 4 beats is 0 −4 −3 −4 −2 −4 −3 −4 −1 …
    """
    weights = [0] * steps
    span, level = steps, 0
    sizes = _divisions(beats) + _divisions(steps // beats if steps % beats == 0 else 1)
    for size in sizes if steps % beats == 0 else [steps]:
        span //= size
        level -= 1
        for place in range(0, steps, span):
            if place % (span * size):
                weights[place] = level
    return tuple(weights)


def _divisions(number: int) -> list[int]:
    found = []
    for prime in (2, 3):
        while number % prime == 0 and number > 1:
            found.append(prime)
            number //= prime
    return found + [number] * (number > 1)


def syncopation_lhl(mask: int, steps: int = 16, beats: int = 4) -> int:
    """Return S by Longuet-Higgins and Lee: Σ of weight(rest) − weight(hit) over rests stronger than the hit before.

    Each hit is compared with the strongest rest before the next hit, round the bar; only positive differences count.
    Range 0 upward (the son clave 4, four on the floor 0). "The Rhythmic Interpretation of Monophonic Music", Music
    Perception 1(4), 1984, in the form of Fitch and Rosenfeld, "Perception and Production of Syncopated Rhythms" (2007).
    """
    weights = lhl_weights(steps, beats)
    hits = [step for step in range(steps) if mask >> step & 1]
    total = 0
    for number, hit in enumerate(hits):
        following = hits[(number + 1) % len(hits)]
        span = (following - hit - 1) % steps if len(hits) > 1 else steps - 1
        rests = [weights[(hit + away) % steps] for away in range(1, span + 1)]
        total += max(0, max(rests, default=weights[hit]) - weights[hit])
    return total


def syncopation_keith(mask: int, steps: int = 16) -> int:
    """Return S by Keith: Σ of weight(rest) − weight(hit) over hits just before a rest that is stronger.

    A step weighs the greatest power of 2 that divides it, the first one `steps`. Range 0 upward; four on the floor 0,
    the tresillo in 8 steps 3. Keith, "From Polychords to Pólya: Adventures in Musical Combinatorics" (1991).
    """
    total = 0
    for step in range(steps):
        after = (step + 1) % steps
        if mask >> step & 1 and not mask >> after & 1:
            total += max(0, _power(after, steps) - _power(step, steps))
    return total


def _power(step: int, steps: int) -> int:
    return step & -step if step else steps


def evenness(mask: int, steps: int = 16) -> float:
    """Return how evenly hits lie on the circle: the sum of all chords between them over that of a regular polygon.

    Range 0–1; 1 for a regular polygon and for fewer than two hits. Toussaint, "The Geometry of Musical Rhythm" (2005).
    """
    hits = [step for step in range(steps) if mask >> step & 1]
    count = len(hits)
    if count < 2:
        return 1.0
    chords = sum(math.sin(math.pi * (b - a) / steps) for a, b in combinations(hits, 2))
    return chords / sum(math.sin(math.pi * (b - a) / count) for a, b in combinations(range(count), 2))


def entropy(share: float) -> float:
    """Return H = −p log₂ p − (1 − p) log₂ (1 − p) of the share p of steps that sound (Shannon, 1948).

    Range 0 (all or nothing) to 1 (half of them); 4 or 12 of 16 give 0.811.
    """
    if not 0 < share < 1:
        return 0.0
    return -share * math.log2(share) - (1 - share) * math.log2(1 - share)


def dispersion(ticks: Sequence[int]) -> float:
    """Return D = var(IOI) / mean(IOI)², the population variance of the distances between hits over their mean squared.

    Range 0 upward, 0 when even or with fewer than 3 hits: the squared coefficient of variation.
    """
    gaps = [b - a for a, b in pairwise(ticks)]
    if len(gaps) < 2 or not sum(gaps):
        return 0.0
    mean = sum(gaps) / len(gaps)
    return sum((gap - mean) ** 2 for gap in gaps) / len(gaps) / mean**2


def micro_timing(offsets_ticks: Sequence[int], bpm: float, ppq: int = 1920) -> float:
    """Return T: the root mean square, in milliseconds, of how far hits lie from where the grid has them.

    Range 0 upward. Whoever calls says what the grid is: straight, swing counts; swung, only what is beyond it.
    """
    if not offsets_ticks:
        return 0.0
    square = sum(offset * offset for offset in offsets_ticks) / len(offsets_ticks)
    return math.sqrt(square) * 60_000 / (bpm * ppq)
