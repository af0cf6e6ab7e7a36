"""The producer listens to itself: a take is judged, corrected and played again, until it is right or no better.

Deterministic: the same project gives the same takes, figures and corrections.
"""

import math
from collections.abc import Awaitable, Callable
from pathlib import Path

from hardcore.compose.mix.correction import applied, corrections, differences, outcome, words
from hardcore.compose.mix.judgement import Heard, distance_db, faults, misplaced, misplacement_db
from hardcore.compose.mix.target import Wanted
from hardcore.jobs.mixreport import Listened
from hardcore.jobs.rawtake import Take, heard
from hardcore.jobs.request import Progress
from hardcore.project.state import ProjectState

MOST_PASSES = 3
# so much nearer a correction must come to be kept, dB
WORTH_DB = 0.1

Play = Callable[[ProjectState, Path], Awaitable[Take]]


async def listen(
    first: Take, play: Play, wanted: Wanted, *, rate: int, folder: Path, progress: Progress, places: bool,
    each: bool = False, passes: int = MOST_PASSES,
) -> tuple[Listened, Take]:  # fmt: skip
    """Return what came of listening to a take, and the take that is kept: the first, or one of a corrected mix.

    `play` makes a take of a project in a folder; `places`: parts out of their places are corrected also where the
    whole is right. A correction that brings loudness and bands no nearer is dropped; with `each` also one that takes
    a figure further away that was off in the beginning.
    """
    begun = await heard(first, rate, parts=places)
    kept, now = first, begun
    if not places and any(fault.name != "loudness" for fault in faults(begun, wanted)):
        # which part it is: the limiter needs no such thing
        now = await heard(first, rate, parts=True)
    share = 1.0
    for number in range(1, passes + 1):
        if not (faults(now, wanted) or (places and misplaced(now, wanted))):
            break
        changes = corrections(now, wanted, kept.project, share)
        if not changes:
            break
        progress(number / (passes + 1), "correcting the mix")
        made = await play(applied(kept.project, changes), folder / f"pass{number}")
        then = await heard(made, rate, parts=places)
        if _better(now, then, wanted) and not (each and _farther(begun, then, wanted)):
            kept, now = made, then
        else:
            # it was too much, or of no use: once more with less
            share /= 2
    return _told(first.project, kept.project, begun, now, wanted), kept


def _better(before: Heard, after: Heard, wanted: Wanted) -> bool:
    """Return whether loudness and bands came nearer, or stayed as near and the parts came nearer their places."""
    nearer = distance_db(before, wanted) - distance_db(after, wanted)
    placed = misplacement_db(before, wanted) - misplacement_db(after, wanted)
    return nearer >= WORTH_DB or (nearer >= 0 and placed >= WORTH_DB)


def _farther(begun: Heard, after: Heard, wanted: Wanted) -> bool:
    """Return whether a figure of the whole that was off in the beginning is further off."""
    before = {fault.name: abs(fault.excess_db) for fault in faults(begun, wanted)}
    return any(abs(fault.excess_db) > before.get(fault.name, math.inf) for fault in faults(after, wanted))


def _told(old: ProjectState, new: ProjectState, before: Heard, after: Heard, wanted: Wanted) -> Listened:
    changes = differences(old, new) if new is not old else ()
    moved = ", ".join(words(changes, new))
    said = tuple(line for line in (moved, *outcome(before, after, wanted)) if line) if changes else ()
    return Listened(new, before, after, changes, said)
