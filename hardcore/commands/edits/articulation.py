"""How notes of parts are played: velocity, length, chance, ratchets, backwards, broken."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind, number, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Length, Notes, RandomSeed, Share, Velocity
from hardcore.errors import UserError
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.selection import select

MoreVelocity = Annotated[int, Field(ge=-126, le=126), Kind("velocity", "how much harder; below 0 softer, such as -10")]
Spread = Annotated[
    float,
    Field(ge=0, le=100),
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "how far from their mean on average, in per cent of it; 0 makes all the same"),
]
Drawn = Annotated[
    float,
    Field(gt=0, le=50),
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "each is drawn by up to so much of itself, such as 10"),
]
HitCount = Annotated[int, Field(ge=1, le=16), Kind("count", "how many times each note is struck, 1 to 16")]
EveryNth = Annotated[int, Field(ge=1, le=64), Kind("number", "only each so many-th hit, such as 4")]
Style = Annotated[
    Literal["staccato", "legato"], Kind("style", "staccato: half as long; legato: held until the next is struck")
]
Way = Annotated[Literal["up", "down", "up-down"], Kind("way", "through the notes of a chord: up, down or up-down")]


@command("velocity", "velocity hats --factor 0.8", scoped=True)
def velocity(
    call: Call,
    tracks: Notes,
    value: Velocity | None = None,
    *,
    by: MoreVelocity | None = None,
    factor: Factor | None = None,
    spread: Spread | None = None,
    humanize: Drawn | None = None,
    seed: RandomSeed | None = None,
) -> Done:
    """Strike notes of parts harder or softer: all at a value, --by so much, --factor; or change how much they differ.

    --spread 0 makes all the same, --spread 20 as different as that, the order of louder and softer as it is.
    --humanize draws each a little by chance. `track gain` changes a part's level without its sound.
    """
    from hardcore.compose.edits import velocity as edits
    from hardcore.compose.edits.amount import asked

    used = fresh_seed() if seed is None else seed
    ways = [one for one in (value, by, factor, spread, humanize) if one is not None]
    if len(ways) != 1:
        raise UserError("say one thing", "a value 1 to 127, --by -10, --factor 0.8, --spread 0 or --humanize 10")
    if spread is not None:
        return carry_out(call, lambda project: edits.spread_velocity(project, select(project, tracks), spread, used))
    if humanize is not None:
        drawn = humanize
        return carry_out(call, lambda project: edits.humanize_velocity(project, select(project, tracks), drawn, used))
    amount = asked(value, by, factor)
    return carry_out(call, lambda project: edits.set_velocity(project, select(project, tracks), amount))


@command("articulation", "articulation bass --factor 0.5", scoped=True)
def articulation(call: Call, tracks: Notes, style: Style | None = None, *, factor: Factor | None = None) -> Done:
    """Hold notes of parts shorter or longer: staccato, legato, or --factor of their length.

    None reaches into the next one of its voice. A drum that rings by itself decays longer or shorter instead, and a
    riser climbs twice or half as long and ends where it ends.
    """
    from hardcore.compose.edits import articulation as edits

    if (style is None) == (factor is None):
        raise UserError("say how", "staccato, legato, or --factor 1.5")
    if factor is not None:
        times = factor
        return carry_out(call, lambda project: edits.hold(project, select(project, tracks), times))
    edit = edits.staccato if style == "staccato" else edits.legato
    return carry_out(call, lambda project: edit(project, select(project, tracks)))


@command(
    "probability", "probability hats 50", scoped=True, about={"percent": "on how many of a hundred passes, 0 to 100"}
)
def probability(call: Call, tracks: Notes, percent: Share) -> Done:
    """Let notes of parts sound with a chance, in per cent, drawn anew on each pass; 100 is always."""
    from hardcore.compose.edits.velocity import set_probability

    return carry_out(call, lambda project: set_probability(project, select(project, tracks), round(percent)))


@command("ratchet", "ratchet hats 2 --every 4", scoped=True)
def ratchet(call: Call, tracks: Notes, count: HitCount, *, every: EveryNth = 1) -> Done:
    """Strike each note of parts several times in its length, or only each --every-th; 1 takes ratchets off."""
    from hardcore.compose.edits import noteprocessing

    return carry_out(call, lambda project: noteprocessing.ratchet(project, select(project, tracks), count, every))


@command("reverse", "reverse bass", scoped=True)
def reverse(call: Call, tracks: Notes) -> Done:
    """Play the notes of parts backwards, or those of one clip such as bass:A; twice is as it was."""
    from hardcore.compose.edits import noteprocessing

    return carry_out(call, lambda project: noteprocessing.reverse(project, select(project, tracks)))


@command("arpeggiate", "arpeggiate bass 1/16 --way up-down", scoped=True)
def arpeggiate(call: Call, tracks: Notes, rate: Length = SIXTEENTH, *, way: Way = "up") -> Done:
    """Break the chords of parts: their notes one after the other, a --rate each, for as long as the chord lasts."""
    from hardcore.compose.edits import noteprocessing

    return carry_out(call, lambda project: noteprocessing.arpeggiate(project, select(project, tracks), rate, way))
