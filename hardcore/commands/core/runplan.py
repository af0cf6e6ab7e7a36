"""Carrying out a plan: calls of commands as one step, all or nothing, never more than its words allow."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.changes import Steps
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Done, Listing, PlanDone, Result
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.language.guard import ANYTHING
from hardcore.language.plan import Call as Planned
from hardcore.language.plan import Plan, created
from hardcore.project.difference import difference
from hardcore.project.state import ProjectState


class _Undone(Exception):
    """Leaves a step that must not be kept."""


async def run_plan(studio: Studio, plan: Plan, caller: Caller, label: str, seed: int) -> PlanDone:
    """Return what was done. Edits that follow each other are one step; what is no edit is run in its place.

    A command that draws by chance and was given no seed gets `seed`.
    Raises UserError, and nothing of the step it was in has changed, where an argument is wrong, where an edit fails, or
    where more changed than the sentence says. A dry run changes nothing and answers the same.
    """
    calls = [(known, _seeded(known, one.arguments, seed), one) for one in plan.calls for known in (_known(one),)]
    made: list[str] = []
    for known, given, _ in calls:
        ensure_may(known, given, caller, len(calls))
    if caller.dry_run and not all(known.is_step for known, _, _ in calls):
        return PlanDone(message="would run", commands=_spelled(studio.controller.on(caller.head), plan.calls))
    call = Call(studio, caller, label)
    said: list[str] = []
    before = after = call.project
    with Steps(studio.controller) as steps:
        while calls:
            edits = 0
            while edits < len(calls) and calls[edits][0].is_step:
                edits += 1
            if edits:
                answers, after = _step(call, plan, [(known, given) for known, given, _ in calls[:edits]], made)
                said += answers
            else:
                said.append(await _alone(call, calls[0][0], _with_created(calls[0][1], made)))
            calls = calls[max(edits, 1) :]
    named = {track.id: track.name for track in after.tracks}
    commands = _spelled(before, plan.calls, {created(at): named.get(one, one) for at, one in enumerate(made, 1)})
    done = PlanDone(
        message=said[0] if said else "nothing changed", details=tuple(said[1:]), commands=commands, notes=plan.notes
    )
    return done.with_difference(None, difference(before, after)) if caller.dry_run else steps.told(done)


def _seeded(known: Command, arguments: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the arguments, parsed, with the seed where the command has one and was given none."""
    given = known.parsed(arguments)
    return given | {"seed": seed} if given.get("seed", seed) is None else given


def rehearse(studio: Studio, calls: Sequence[Planned], caller: Caller) -> tuple[list[str], ProjectState]:
    """Return what edits and readings answer one after the other, and the project then; nothing has changed.

    Calls that do something else are passed over. Raises UserError where one cannot be done.
    """
    known = [(_known(one), one) for one in calls]
    pairs = [(each, each.parsed(one.arguments)) for each, one in known if each.is_step or each.reads]
    call = Call(studio, replace(caller, dry_run=True), "rehearsal")
    return _step(call, Plan(tuple(calls), ANYTHING), pairs, [])


async def _alone(call: Call, known: Command, arguments: dict[str, Any]) -> str:
    """Return what a call of a plan answers that is no edit among others."""
    call.ensure_expected()
    result = registry.invoke(known, call, arguments)
    answer = await result if inspect.isawaitable(result) else result
    if known.effects.moves:
        call.arrived()
    return answer.text()


def ensure_may(known: Command, arguments: dict[str, Any], caller: Caller, count: int) -> None:
    """Raise UserError where a caller may not run a call of a plan of `count` calls, or no plan may hold it."""
    effects = registry.ensure_may(known, arguments, caller)
    if known.effects.confirms:
        raise UserError(f"{known.name} cannot be taken back, so no sentence does it", f"type it: /{known.name}")
    if count > 1 and effects == {"project"} and inspect.iscoroutinefunction(known.function):
        raise UserError(f"{known.name} is slow and edits last: it goes alone", "say one thing, then the other")


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
    call: Call, plan: Plan, calls: Sequence[tuple[Command, dict[str, Any]]], made: list[str]
) -> tuple[list[str], ProjectState]:
    """Return what each edit answers, and the project after them; ids of tracks that they add are appended to `made`.

    All of them are one step, none where one fails or too much changed; a dry run keeps nothing.
    """
    said: list[str] = []
    try:
        with call.step():
            before = call.project
            for known, given in calls:
                there = {track.id for track in call.project.tracks}
                result = registry.invoke(known, call, _with_created(given, made))
                made += [one.id for one in call.project.tracks if one.id not in there and one.kind == "midi"]
                assert isinstance(result, Result)
                said.append(_line(result))
            after = call.project
            beyond = plan.footprint.exceeded(before, after)
            if beyond:
                raise UserError(f"that would change more than you said: {beyond}", "name the part, or use a command")
            if call.caller.dry_run:
                raise _Undone
    except _Undone:
        pass
    return said, after


def _with_created(arguments: dict[str, Any], made: Sequence[str]) -> dict[str, Any]:
    """Return arguments with the ids of the tracks that earlier calls of the plan have added in their places."""
    ids = {created(number): track_id for number, track_id in enumerate(made, 1)}
    return {
        key: ",".join(ids.get(part, part) for part in value.split(","))
        if key in ("tracks", "track") and isinstance(value, str)
        else value
        for key, value in arguments.items()
    }


def _line(result: Result) -> str:
    if isinstance(result, Done) and not isinstance(result, Listing):
        return "; ".join((result.message, *result.details))
    return result.text()


def _spelled(
    project: ProjectState, calls: Sequence[Planned], made: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, ...]:
    return tuple(spelled(project, call, made) for call in calls)


def spelled(project: ProjectState, call: Planned, made: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a call as the line one would type, tracks by name; `made` names those that the plan adds."""
    known = registry.registry().get(call.name)
    names = {track.id: track.name for track in project.tracks} | dict(made)
    names |= {track.clips[0].id: track.name for track in project.tracks if len(track.clips) == 1}
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
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(one)}" for name, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
