"""The loudness of one section against another, by listening to both."""

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.quantities import MoreDecibels
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited
from hardcore.commands.core.types import Flag, ScopeText
from hardcore.commands.mixing.mix import ensure_heard
from hardcore.commands.mixing.mixjobs import mix_options
from hardcore.errors import UserError
from hardcore.project.scope import find_scope


class SectionBalanced(Edited):
    """What was moved: the first bar of each stretch and by how many decibels; `stood_db` over the other, before."""

    moved_db: dict[int, float]
    stood_db: float


@command(
    "section balance",
    "section balance break drop -6",
    about={
        "section": "the section that is moved; of several of one name each",
        "least": "only where it does not stand as far above or below",
    },
)
async def section_balance(
    call: Call, section: ScopeText, other: ScopeText, above_db: MoreDecibels, *, least: Flag = False
) -> SectionBalanced:
    """Turn what plays in a section up or down until it stands so many decibels above another one, or below it (-3).

    It listens to the mix, moves the faders there, listens again and moves them once more by what is missing, for what
    is on the master works against it: at most 12 dB, one step to undo.
    """
    from hardcore.compose.edits.levels import is_there, stood
    from hardcore.compose.edits.sectionlevels import PASSES, missing, moved

    project = call.project
    there, beside = find_scope(project, section).stretches, find_scope(project, other).stretches
    if set(there) & set(beside):
        raise UserError(f"{section} and {other} share bars", "name one section and another")
    ensure_heard(project)
    by, before = [0.0] * len(there), list[float]()
    for number in range(PASSES):
        found = await work(
            call,
            "sections",
            {"stretches": [list(one) for one in (*there, *beside)], **mix_options(call, project)},
            project=moved(project, there, by) if number else project,
        )
        stands = _above(found["lufs"], len(there))
        before = before or stands
        if number == 0 and all(is_there(one, above_db, least) for one in stands):
            raise UserError(f"{section} stands {stood(sum(stands) / len(stands))} {other} already")
        if number == 0:
            wanted = [one if is_there(one, above_db, least) else above_db for one in stands]
        by = [missing(move, *row) for move, row in zip(by, zip(before, stands, wanted, strict=True), strict=True)]
    call.edit(lambda now: moved(now, there, by))
    bars = [project.meter_map.bar_of(one.start_ticks) + 1 for one in there]
    said = tuple(f"bar {bar}: faders {move:+g} dB" for bar, move in zip(bars, by, strict=True) if move)
    stood_db = round(sum(before) / len(before), 1)
    goal = stood(above_db) if above_db else "as loud as"
    return SectionBalanced(
        message=f"{section}: was {stood(stood_db)} {other}, now about {goal} it",
        details=said,
        moved_db=dict(zip(bars, by, strict=True)),
        stood_db=stood_db,
    )


def _above(lufs: list[float | None], count: int) -> list[float]:
    """Return how far each of the first `count` levels stands over the mean of the others. Raises UserError."""
    known = [one for one in lufs if one is not None]
    if len(known) < len(lufs):
        raise UserError("one of them is silent")
    goal = sum(known[count:]) / len(known[count:])
    return [one - goal for one in known[:count]]
