"""Consulting a model: a request becomes a plan of commands, shown first, done as one step when it is accepted."""

from dataclasses import replace
from typing import Any

from hardcore.assistant import planner, provider
from hardcore.commands.assistant.modelanswer import Asked
from hardcore.commands.assistant.modelcontext import context_of
from hardcore.commands.assistant.modelplan import ModelDesk, model_caller
from hardcore.commands.core.call import Call
from hardcore.commands.core.results import PlanDone
from hardcore.commands.core.runplan import rehearse, run_plan, spelled
from hardcore.commands.core.seeds import seed_now
from hardcore.commands.core.sentences import Candidates
from hardcore.errors import Denied, UserError
from hardcore.language.referents import Ground
from hardcore.project.difference import difference
from hardcore.project.state import ProjectState
from hardcore.settings import AssistantSettings
from hardcore.workers.thread import beside

SET_UP = "config assistant.url http://localhost:11434/v1, then config assistant.model NAME"
_SHOWN = 60


def ensure_consults(call: Call) -> None:
    """Raise UserError where no model is set up, or the caller may not ask it."""
    settings = call.studio.settings.assistant
    if call.caller.roots is not None:
        raise Denied(f"a model is asked by the person only: {call.caller.author} may not", "plan with commands")
    if settings.mode == "off":
        raise UserError("the assistant is off", "config assistant.mode fallback")
    if not settings.configured:
        raise UserError("no model is set up", SET_UP)


async def consult(call: Call, words: str, *, apply: bool = False) -> Asked:
    """Return what a model plans for a request: shown and kept to be accepted, or with `apply` done as one step.

    Raises UserError and ModelFailed; then nothing has changed.
    """
    ensure_consults(call)
    settings = call.studio.settings.assistant
    await beside(provider.load)
    desk = ModelDesk(call.studio, model_caller(call.caller, files=settings.files))
    context = await context_of(call, words)
    async with provider.opened(server_of(settings)) as model:
        limits = planner.Limits(settings.requests, settings.tokens, settings.timeout_s)
        answered = await planner.plan(model, words, context, desk, limits, _telling(call))
    call.studio.forget(Candidates)
    asked = Asked(message=answered.text, model=settings.model, **answered.usage._asdict())
    if answered.declined:
        return asked.model_copy(update={"message": f"declined: {answered.declined}"})
    if not desk.calls:
        return asked
    return await _offered(call, words, desk, asked, apply=apply or settings.apply)


async def _offered(call: Call, words: str, desk: ModelDesk, asked: Asked, *, apply: bool) -> Asked:
    """Return the answer with what the plan does; it is done with `apply` where it does no more than was named."""
    plan, before = desk.plan, call.project
    _, after = rehearse(call.studio, plan.calls, call.caller)
    commands = tuple(spelled(before, one) for one in plan.calls)
    shown = PlanDone(message=desk.answers[0], details=tuple(desk.answers[1:]), commands=commands)
    beyond = _beyond(words, before, after) or None
    asked = _with(asked, shown.with_difference(None, difference(before, after)), beyond=beyond)
    if call.caller.dry_run:
        return asked
    if not apply or beyond:
        call.studio.keep(Candidates((plan,), words))
        return asked
    who = replace(model_caller(call.caller, files=call.studio.settings.assistant.files), dry_run=False)
    done = await run_plan(call.studio, plan, who, words[:200], seed_now(call.studio, words))
    return _with(asked, done, applied=True)


def _with(asked: Asked, done: PlanDone, **more: Any) -> Asked:
    """Return the answer with what a plan does, or did."""
    kept = {name: getattr(done, name) for name in ("commands", "step", "changes", "created", "removed")}
    return asked.model_copy(update={**kept, "details": (done.message, *done.details), **more})


def _beyond(words: str, before: ProjectState, after: ProjectState) -> str:
    """Return the first thing that a plan changes and the request does not name, or nothing.

    What it names is read from its words alone, as for a sentence; where no part is named it may change any.
    """
    from hardcore.language.chart import paths
    from hardcore.language.interpret import footprint

    ground = Ground(before)
    covers, _ = paths(words, ground)
    return footprint(covers[0].spans, ground).exceeded(before, after) if covers else ""


def server_of(settings: AssistantSettings) -> provider.Server:
    """Return where the model runs."""
    return provider.Server(settings.url, settings.model, settings.timeout_s, settings.retries)


def _telling(call: Call) -> "planner.Told":
    """Return what shows the words of a model as they come: the end of them, beside what runs."""
    heard: list[str] = []

    def told(words: str) -> None:
        heard.append(words)
        call.caller.progress(0.0, planner.shown("".join(heard).replace("\n", " ")[-_SHOWN:]))

    return told
