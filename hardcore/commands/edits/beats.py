"""Beats: how many hits parts have and where: density, patterns, fills, ghost notes, half and double time."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor, Step
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import BarNumber, Bars, Notes, RandomSeed
from hardcore.errors import UserError
from hardcore.project.selection import select
from hardcore.project.state import ProjectState

_PATTERNS = ("1/4", "1/8", "1/16", "1/16t", "5/16", "x..x..x.", "beats 2,4", "four", "offbeats", "backbeat")


def _patterns(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    return [Choice(text) for text in _PATTERNS]


Pattern = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind(
        "pattern", "1/8, 1/16t, 5/16 (euclidean), x..x..x., beats 2,4, four, offbeats, backbeat", _patterns, rest=True
    ),
]
FillKind = Annotated[
    Literal["style", "snare-roll", "toms", "kick"],
    Kind("kind", "what plays it: style (what the style of the piece has), snare-roll, toms, kick"),
]


@command("density", "density hats --factor 2", scoped=True)
def density(
    call: Call,
    tracks: Notes,
    *,
    factor: Factor | None = None,
    by: Step | None = None,
    seed: RandomSeed | None = None,
) -> Done:
    """Give parts more or fewer hits in the same time: --factor 2 is twice, 0.5 half; --by 1 is 30 % more.

    Twice is each hit again halfway to the next, half every second one, by the stronger places. In between hits come on
    free sixteenths, off the beat first, and go from the weakest places; a bar that has any keeps one.
    """
    from hardcore.compose.edits.amount import asked
    from hardcore.compose.edits.density import of_steps, set_density

    wanted = asked(None, by, factor, "--factor 2 or --by 1")
    times = of_steps(wanted.by) if wanted.by is not None else wanted.of(1.0)
    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: set_density(project, select(project, tracks), times, used))


@command("rhythm set", "rhythm set hats 1/16", scoped=True)
def rhythm_set(call: Call, tracks: Notes, pattern: Pattern) -> Done:
    """Let parts hit where a pattern says, with the sounds, forces and chords they have.

    1/8, 1/16t, 1/4.: one after the other. 5/16: five hits spread evenly over sixteen steps of a bar. x..x..x.: a letter
    is a sixteenth, repeated; X accent, x hit, o ghost, 2 3 4 a roll. beats 2,4 or beats 1 2.5: of each bar. four,
    offbeats, backbeat, downbeats, quarters, eighths, sixteenths, triplets.
    """
    from hardcore.compose.edits.beats import set_pattern

    return carry_out(call, lambda project: set_pattern(project, select(project, tracks), pattern))


@command("rhythm fill", "rhythm fill drums --kind snare-roll", scoped=True)
def rhythm_fill(
    call: Call,
    tracks: Notes = "drums",
    *,
    every: Annotated[Bars | None, Kind("bars", "a fill in every so many-th bar, such as 4")] = None,
    at: Annotated[BarNumber | None, Kind("bar", "a fill in this bar, counted in the clips from 1")] = None,
    kind: FillKind = "style",
    seed: RandomSeed | None = None,
) -> Done:
    """Let drums lead out of the last bar, of every --every bars, or of bar --at.

    A loop is written out as far as needed. Parts that are named play the fill; of `drums` those that its kind needs,
    while the others go on.
    """
    from hardcore.compose.edits.fill import add_fills

    if every is not None and at is not None:
        raise UserError("say --every or --at", "--every 4, or --at 8")
    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: add_fills(project, select(project, tracks), every, at, kind, used))


@command("rhythm ghost", "rhythm ghost snare --seed 2", scoped=True)
def rhythm_ghost(
    call: Call,
    tracks: Notes,
    *,
    by: Annotated[Step, Kind("steps", "1: two ghosts a bar more; -1: half of them gone, -2 all")] = 1,
    seed: RandomSeed | None = None,
) -> Done:
    """Add ghost notes (soft hits) to parts on free sixteenths beside their hits, or take some away."""
    from hardcore.compose.edits.ghosts import add_ghosts, remove_ghosts

    if not by:
        raise UserError("0 changes nothing", "--by 1 adds, --by -2 takes all away")
    if by < 0:
        return carry_out(call, lambda project: remove_ghosts(project, select(project, tracks), -by))
    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: add_ghosts(project, select(project, tracks), by, used))


@command("rhythm half", "rhythm half kick", scoped=True)
def rhythm_half(call: Call, tracks: Notes) -> Done:
    """Play parts half as fast: of every two bars the first lasts both. Parts with a pitch stay on the chords.

    `density --factor 0.5` keeps the speed and takes every second hit away.
    """
    from hardcore.compose.edits.beats import half_time

    return carry_out(call, lambda project: half_time(project, select(project, tracks)))


@command("rhythm double", "rhythm double kick", scoped=True)
def rhythm_double(call: Call, tracks: Notes) -> Done:
    """Play parts twice as fast: every two bars in the time of one, twice. Parts with a pitch stay on the chords.

    `rhythm half` is the way back; `density --factor 2` keeps the figure and puts a hit between each two.
    """
    from hardcore.compose.edits.beats import double_time

    return carry_out(call, lambda project: double_time(project, select(project, tracks)))
