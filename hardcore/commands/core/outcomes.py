"""Outcomes: a pure edit of the composer's becomes a command's step and its answer."""

from collections.abc import Callable, Sequence

from hardcore.commands.core.call import Call
from hardcore.commands.core.results import Done, counted
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project.state import ProjectState


def carry_out(call: Call, edit: Callable[[ProjectState], Outcome]) -> Done:
    """Do an edit as (part of) the call's step; return what changed, one line each, then what stays and why.

    Raises UserError with those reasons when nothing changes.
    """
    outcomes: list[Outcome] = []

    def change(project: ProjectState) -> ProjectState:
        outcome = edit(project)
        if not outcome.said:
            raise UserError("; ".join(gathered(outcome.failed)) or "nothing to change")
        outcomes.append(outcome)
        return outcome.project

    call.edit(change)
    said, failed = outcomes[-1].said, gathered(outcomes[-1].failed)
    if len(said) + len(failed) == 1:
        return Done(message=said[0])
    stays = tuple(f"not changed: {why}" for why in failed)
    return Done(message=counted(len(said), "change"), details=(*said, *stays))


def gathered(failed: Sequence[str]) -> tuple[str, ...]:
    """Return "kick: why" and "snare: why" as one line, "kick, snare: why"; what has another reason keeps its own."""
    tracks: dict[str, list[str]] = {}
    for line in failed:
        track, colon, why = line.partition(": ")
        tracks.setdefault(why if colon else line, []).extend([track] if colon else [])
    return tuple(f"{', '.join(names)}: {why}" if names else why for why, names in tracks.items())
