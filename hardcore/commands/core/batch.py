"""Several commands at once, for programs: edits that follow each other are one step, all or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardcore.commands.core.call import Caller
from hardcore.commands.core.results import PlanDone
from hardcore.commands.core.runplan import run_plan
from hardcore.commands.core.seeds import seed_now
from hardcore.controller.studio import Studio
from hardcore.errors import Misused
from hardcore.language.guard import ANYTHING
from hardcore.language.plan import Call, Plan

MOST_CALLS = 64


async def run_batch(
    studio: Studio, calls: Sequence[tuple[str, Mapping[str, Any]]], caller: Caller, label: str = ""
) -> PlanDone:
    """Return what commands by name come to, once they are durable. Raises HardcoreError.

    Then nothing of the step that it was in has changed.
    """
    if not 0 < len(calls) <= MOST_CALLS:
        raise Misused(f"{len(calls)} commands", f"1 to {MOST_CALLS} at a time", "calls")
    planned = tuple(Call(name, dict(arguments)) for name, arguments in calls)
    named = label or "; ".join(one.name for one in planned)
    done = await run_plan(studio, Plan(planned, ANYTHING), caller, named[:200], seed_now(studio, repr(planned)))
    if caller.waits and not caller.dry_run:
        await studio.controller.durable()
    return done


def meant(studio: Studio, text: str) -> tuple[str, ...]:
    """Return the names of the commands that a sentence would run here; none where it means something else."""
    from hardcore.language.interpret import interpret
    from hardcore.language.referents import Ground

    reading = interpret(text, Ground(studio.controller.project))
    return tuple(dict.fromkeys(one.name for one in reading.calls)) if isinstance(reading, Plan) else ()
