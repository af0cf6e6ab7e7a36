"""Carrying out a plan: calls of commands as one step, all or nothing, never more than its words allow."""

import inspect
from collections.abc import Sequence
from typing import Any

from hardcore.commands import registry
from hardcore.commands.call import Call, Caller, Studio
from hardcore.commands.registry import Command
from hardcore.commands.results import Done, Result
from hardcore.errors import UserError
from hardcore.language.plan import Call as Planned
from hardcore.language.plan import Plan
from hardcore.project.state import ProjectState


class PlanDone(Result):
    """What a sentence was taken for, and what was done: a line and the command for each call."""

    message: str
    changes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was done, each with the command that does it, then what is to be said of the reading."""
        lines = [f"{said}   {line}" for said, line in zip((self.message, *self.changes), self.commands, strict=False)]
        return "\n".join([*(lines or [self.message]), *self.notes])


class _Undone(Exception):
    """Leaves a step that must not be kept."""


async def run_plan(studio: Studio, plan: Plan, caller: Caller, label: str) -> PlanDone:
    """Return what was done. Edits that follow each other are one step; what is no edit is run in its place.

    Raises UserError, and nothing of the step it was in has changed, where an argument is wrong, where an edit fails, or
    where more changed than the sentence says. A dry run changes nothing and answers the same.
    """
    calls = [(known, known.parsed(one.arguments), one) for one in plan.calls for known in (_known(one),)]
    commands = _spelled(studio.controller.on(caller.head), plan.calls)
    if caller.dry_run and any(known.does == "act" for known, _, _ in calls):
        return PlanDone(message="would run", changes=(), commands=commands)
    said: list[str] = []
    while calls:
        edits = 0
        while edits < len(calls) and calls[edits][0].does == "edit":
            edits += 1
        if edits:
            said += _step(studio, plan, [(known, given) for known, given, _ in calls[:edits]], caller, label)
        else:
            result = registry.invoke(calls[0][0], Call(studio, caller, label), calls[0][1])
            answer = await result if inspect.isawaitable(result) else result
            said.append(answer.text())
        calls = calls[max(edits, 1) :]
    return PlanDone(
        message=said[0] if said else "nothing changed", changes=tuple(said[1:]), commands=commands, notes=plan.notes
    )


def _known(call: Planned) -> Command:
    known = registry.registry().get(call.name)
    if known is None:
        raise UserError(f"'{call.words or call.name}' is understood, but there is no command for it yet")
    if "in" in call.arguments and not any(argument.name == "in" for argument in known.arguments):
        raise UserError(
            f"{call.name} works on the whole piece only, not on a part of its length yet", "leave out where"
        )
    return known


def _step(
    studio: Studio, plan: Plan, calls: Sequence[tuple[Command, dict[str, Any]]], caller: Caller, label: str
) -> list[str]:
    """Return what each edit answers; all of them are one step, none where one fails or too much changed."""
    call = Call(studio, caller, label)
    said: list[str] = []
    try:
        with call.step():
            before = call.project
            for known, given in calls:
                result = registry.invoke(known, call, given)
                assert isinstance(result, Result)
                said.append(_line(result))
            beyond = plan.footprint.exceeded(before, call.project)
            if beyond:
                raise UserError(f"that would change more than you said: {beyond}", "name the part, or use a command")
            if caller.dry_run:
                raise _Undone
    except _Undone:
        pass
    return said


def _line(result: Result) -> str:
    return "; ".join((result.message, *result.changes)) if isinstance(result, Done) else result.text()


def _spelled(project: ProjectState, calls: Sequence[Planned]) -> tuple[str, ...]:
    return tuple(spelled(project, call) for call in calls)


def spelled(project: ProjectState, call: Planned) -> str:
    """Return a call as the line one would type, tracks by name."""
    known = registry.registry().get(call.name)
    names = {track.id: track.name for track in project.tracks}
    words = [f"/{call.name}"]
    for argument in known.arguments if known else ():
        key = argument.name
        if key not in call.arguments:
            continue
        value = call.arguments[key]
        text = ",".join(names.get(part, part) for part in value.split(",")) if isinstance(value, str) else _plain(value)
        text = f'"{text}"' if " " in text and not argument.kind.rest else text
        option = f"--{key.replace('_', '-')}"
        words += [option] if value is True else [option, text] if argument.option else [text]
    return " ".join(words)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
