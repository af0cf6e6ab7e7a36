"""What the Python beside the studio asks of it: commands with the rights of whoever runs the code, places, rules."""

import time
from dataclasses import dataclass, replace
from typing import Any

from hardcore.commands.composing.spaces import space_called
from hardcore.commands.core import registry
from hardcore.commands.core.batch import run_batch
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.reactive.ruleactions import caller_of
from hardcore.commands.reactive.ruletext import parse_trigger
from hardcore.controller.events import ArtifactMade, Cause, CommandRan, Event, Notified, caused
from hardcore.controller.studio import Studio
from hardcore.errors import Misused, NotFound, UserError, nearest
from hardcore.kernel.kernel import Kernel
from hardcore.music.tempo import PPQ
from hardcore.project.recording import file_digest
from hardcore.project.rule import ArtifactTrigger, BeatTrigger, CallAction, MarkerTrigger, Rule
from hardcore.rules.runner import RuleRunner
from hardcore.workers.thread import beside

# A function that a rule calls may compute so long.
FUNCTION_S = 5.0
# So many beats before a beat count as that beat: where the music is, is an estimate.
_EARLY = 0.1


@dataclass(frozen=True, slots=True)
class KernelCalls:
    """Answers the kernel's questions; each is a command by `caller`, or a look at the music."""

    studio: Studio
    caller: Caller

    async def run(self, kernel: Kernel, request: dict[str, Any], limit_s: float) -> dict[str, Any]:
        """Return what comes of a request, once all that it changed is durable: the code itself waits for no disk.

        Raises HardcoreError.
        """
        try:
            return await kernel.run(request, self, limit_s)
        finally:
            await self.studio.controller.durable()

    async def __call__(self, words: dict[str, Any]) -> Any:
        """Return what the studio answers, JSON-ready. Raises HardcoreError."""
        caller = replace(self.caller, expected=None, waits=False)
        if "do" in words:
            result = await run_line(self.studio, str(words["do"]), caller)
            return result.data() if result is not None else {"text": ""}
        if "name" in words:
            return (await self._command(words["name"], words["values"], words["named"], caller)).data()
        if "batch" in words:
            calls = [(str(name), dict(named)) for name, named in words["batch"]]
            return (await run_batch(self.studio, calls, caller, str(words["label"]))).data()
        if "commands" in words:
            return [[known.name, f"{known.usage}   {known.summary}"] for known in registry.registry().values()]
        if "rule" in words:
            return await self._rule(str(words["rule"]), str(words["function"]), caller)
        if "sample" in words:
            return (await self._sample(words["sample"], words["prompt"], words["inference"], caller)).data()
        if "markers" in words:
            return [[one.name, one.tick / PPQ] for one in self.studio.controller.on(caller.head).markers]
        if "place" in words:
            return self.studio.controller.project.meter_map.position(round(float(words["place"]) * PPQ)).typed
        return where(self.studio)

    async def _command(self, name: str, values: list[Any], named: dict[str, Any], caller: Caller) -> Result:
        """Return what a command answers to arguments in order and by name. Raises HardcoreError."""
        known = registry.registry().get(name)
        if known is None:
            raise NotFound(f"no command '{name[:60]}'", nearest(name, registry.registry()))
        places = [argument.name for argument in known.arguments if not argument.option]
        if len(values) > len(places):
            raise Misused(f"{name} takes {len(places)} arguments in order", f"usage: {known.usage}")
        given = dict(zip(places, values, strict=False)) | named
        given = {key: value for key, value in given.items() if value is not None}
        label = " ".join([name, *(str(value) for value in given.values())])[:200]
        return await registry.run(self.studio, known, given, caller, label)

    async def _sample(self, space: str, prompt: str, inference: dict[str, Any], caller: Caller) -> Result:
        """Return what comes of a space. Raises HardcoreError, for what it does not know as well."""
        found = space_called(str(space))
        given = found.arguments(self.studio.controller.on(caller.head), prompt, inference)
        return await registry.run(self.studio, registry.registry()[found.command], given, caller, f"{space}: {prompt}")

    async def _rule(self, when: str, function: str, caller: Caller) -> str:
        """Let a rule call a function of the kernel; where the rule is there as it should be, nothing is changed."""
        runner = self.studio.recall(RuleRunner)
        if runner is None:
            raise UserError("rules act in a studio that stays open", "start `hardcore` and do it there")
        project = self.studio.controller.on(caller.head)
        before = next((rule for rule in project.rules if rule.name == function), None)
        if before is None or not self._is(before, when, function):
            removing = [("rule remove", {"rule": function})] if before is not None else []
            adding = ("rule add", {"when": when, "what": f"call {function}", "name": function})
            await run_batch(self.studio, [*removing, adding], caller, f"{when}: call {function}")
        runner.functions[function] = self._fire
        return function

    def _is(self, rule: Rule, when: str, function: str) -> bool:
        same = rule.action == CallAction(function=function)
        same = same and rule.trigger == parse_trigger(when, self.studio.controller.project)
        return same and rule.enabled and self.studio.trusts(rule)

    async def _fire(self, rule: Rule, event: Event | None) -> None:
        """Call the function of a rule, with the rule's rights; what it prints is told. Raises HardcoreError."""
        kernel = self.studio.recall(Kernel)
        assert kernel is not None and isinstance(rule.action, CallAction)
        cause: Cause = caused((), f"rule {rule.name}")
        caller = caller_of(rule, cause)
        request = {"fire": rule.action.function, "arguments": await self._told(rule, event)}
        done = await KernelCalls(self.studio, caller).run(kernel, request, FUNCTION_S)
        if done["error"]:
            raise UserError(done["error"])
        if words := done["stdout"].strip():
            self.studio.controller.events.tell(Notified(message=words, author=caller.author, cause=cause))

    async def _told(self, rule: Rule, event: Event | None) -> list[Any]:
        """Return what the function of a rule is called with: the beat, at a marker its name first, or what was made.

        Raises UserError where it is to be told what was made, and nothing was.
        """
        if isinstance(rule.trigger, ArtifactTrigger):
            return [await _made(event)]
        beat = where(self.studio)["beat"]
        if isinstance(rule.trigger, BeatTrigger):  # it is told a moment after the beat
            return [int((beat + _EARLY) // rule.trigger.divisor * rule.trigger.divisor)]
        return [rule.trigger.name, beat] if isinstance(rule.trigger, MarkerTrigger) else [beat]


async def _made(event: Event | None) -> dict[str, Any]:
    """Return what was made, kept or tagged: its `id`, `content_hash` (SHA-256) and `tags`; a file's is its path.

    Raises UserError where nothing was.
    """
    if isinstance(event, ArtifactMade):
        path = event.path
        try:
            digest = await beside(lambda: file_digest(path))
        except OSError as error:
            raise UserError(f"{path.name} is gone") from error
        return {"id": str(path), "content_hash": digest, "tags": list(event.tags)}
    kept = getattr(event.answer, "artifact", None) if isinstance(event, CommandRan) else None
    if kept is None:
        raise UserError("nothing was made", "it is called when an artifact is")
    return {"id": kept.name, "content_hash": kept.sha256, "tags": [*kept.tags, kept.kind]}


def kernel_of(studio: Studio) -> Kernel:
    """Return the kernel of a studio, a new one where it has none yet."""
    kernel = studio.recall(Kernel)
    if kernel is None:
        kernel = Kernel()
        studio.keep(kernel)
    return kernel


def where(studio: Studio) -> dict[str, Any]:
    """Return how the music stands, at which beat (a quarter, from 0) it is, and the tempo at its beginning."""
    bpm = studio.controller.project.tempo_map.bpm
    if studio.player is None:
        return {"transport": "stopped", "beat": 0.0, "bpm": bpm}
    latest = studio.player.latest()
    tick = max(0.0, latest.tick_at(studio.controller.project, time.monotonic()))
    return {"transport": latest.transport, "beat": round(tick / PPQ, 3), "bpm": bpm}
