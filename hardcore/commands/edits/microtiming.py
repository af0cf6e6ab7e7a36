"""Micro-timing of parts: earlier, later, looser, tighter."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind, number, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Notes, RandomSeed, Share
from hardcore.project.selection import select

Later = Annotated[
    float,
    Field(ge=-1000, le=1000),
    text_as(lambda text: number(text, "(?:ms)?")),
    Kind("ms", "milliseconds later, below 0 earlier, such as -12"),
]


@command("timing shift", "timing shift snare 12", scoped=True)
def timing_shift(call: Call, tracks: Notes, ms: Later) -> Done:
    """Play parts later, or earlier below 0, in milliseconds at the first tempo; clips show it as micro-offsets.

    `timing shift snare 12` and `timing shift snare -12` are each other's inverse, up to a beat away.
    """
    from hardcore.compose.edits.microtiming import shift

    return carry_out(call, lambda project: shift(project, select(project, tracks), ms))


@command("timing humanize", "timing humanize bass 40 --seed 3", scoped=True, about={"percent": "how loose, 0 to 100"})
def timing_humanize(
    call: Call,
    tracks: Notes,
    percent: Annotated[Share, Kind("percent", "how far: 100 moves a note by up to 20 ms at 140 bpm")] = 50,
    *,
    seed: RandomSeed | None = None,
) -> Done:
    """Loosen the timing of parts by chance: each note further from where it stands, chords together."""
    from hardcore.compose.edits.microtiming import humanize

    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: humanize(project, select(project, tracks), percent, used))


@command(
    "timing tighten", "timing tighten hats 100", scoped=True, about={"percent": "how far toward the grid, 0 to 100"}
)
def timing_tighten(
    call: Call,
    tracks: Notes,
    percent: Annotated[Share, Kind("percent", "how much of the way back: 100 is exactly where they stand")] = 50,
) -> Done:
    """Bring notes of parts nearer to where they stand in their clips; `clip quantize` moves where they stand."""
    from hardcore.compose.edits.microtiming import tighten

    return carry_out(call, lambda project: tighten(project, select(project, tracks), percent))
