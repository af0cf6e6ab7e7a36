"""What rules do, by commands: each action becomes a call with the permissions of whoever made the rule."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.line import resolve
from hardcore.commands.core.results import Result
from hardcore.commands.reactive.sampling import Sampling, scheduling
from hardcore.controller.events import Cause, Notified, acting
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project import rules
from hardcore.project.recording import Recording
from hardcore.project.recordings import audition
from hardcore.project.rule import (
    AuditionAction,
    LaunchAction,
    NotifyAction,
    PauseAction,
    PlayAction,
    Rule,
    RunAction,
    SampleAction,
    SampleAndScheduleAction,
    SayAction,
    ScheduleAction,
    SeekAction,
    StopAction,
)
from hardcore.project.state import ProjectState
from hardcore.rules.runner import RuleRunner


class StudioHands:
    """Does what rules say in a studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def act(self, rule: Rule, cause: Cause, is_late: Callable[[], bool]) -> str:
        """Do what a rule's action says, and return it in words; what is made too late goes by the rule's fallback.

        Raises HardcoreError.
        """
        action, caller = rule.action, caller_of(rule, cause)
        match action:
            case NotifyAction():
                self._notify(action.message, caller)
                return action.message
            case RunAction():
                return await self._line(action.line, caller)
            case SayAction():
                return (await self._run("compose", {"words": action.words}, caller)).text()
            case SampleAction() | SampleAndScheduleAction():
                return await Sampling(self._studio, rule, caller, is_late).make(action)
            case ScheduleAction():
                return (await self._run("schedule", scheduling(action.content, action), caller)).text()
        name, arguments = self._command(action)
        return (await self._run(name, arguments, caller)).text()

    def _command(self, action: Any) -> tuple[str, dict[str, Any]]:
        """Return the command that does what the player is told, and its arguments."""
        match action:
            case LaunchAction():
                return "launch", {"target": action.target}
            case PlayAction() | PauseAction() | StopAction():
                return str(action.kind), {}
            case SeekAction():
                return "seek", {"place": self._studio.controller.project.meter_map.position(action.tick).typed}
            case AuditionAction():
                return "samples audition", {"sample": action.sound}
        raise UserError(f"nothing does '{action.kind}'")

    async def _run(self, name: str, arguments: dict[str, Any], caller: Caller) -> Result:
        label = " ".join([name, *(str(value) for value in arguments.values())])[:200]
        return await registry.run(self._studio, registry.registry()[name], arguments, caller, label)

    async def _line(self, line: str, caller: Caller) -> str:
        resolved = resolve(f"/{line}")
        if resolved is None:
            return ""
        known, arguments = resolved
        if known.effects.confirms:
            raise UserError(f"{known.name} cannot be taken back, so no rule does it", f"type it: /{known.name}")
        return (await registry.run(self._studio, known, arguments, caller, line[:200])).text()

    def _notify(self, words: str, caller: Caller) -> None:
        notified = Notified(message=words, author=caller.author, cause=caller.cause)
        self._studio.controller.events.tell(notified)

    async def spent(self, rule: Rule, cause: Cause) -> None:
        """Remove a rule that was to fire once. Raises UserError."""
        controller = self._studio.controller
        with acting(author := f"rule {rule.name}", cause):
            controller.edit(f"{rule.name} has fired", lambda project: rules.remove(project, rule.id), author)
        await controller.durable()

    async def sound(self, name: str) -> ProjectState:
        """Return the project of an audition of a sound. Raises HardcoreError."""
        from hardcore.commands.tracks.sounds import sound_called
        from hardcore.jobs.preparation import ensure_playable

        found = sound_called(Call(self._studio, Caller(), "rule"), name)
        if isinstance(found, Recording):
            await ensure_playable(found)
        return audition(found)


def caller_of(rule: Rule, cause: Cause) -> Caller:
    """Return the caller that a rule acts as; one that may not write files reads them in the present folder only."""
    permissions = frozenset(rule.permissions)
    roots = None if permissions & {"files", "settings"} else (Path(),)
    return Caller(f"rule {rule.name}", roots=roots, permissions=permissions, cause=cause)


def let_rules_act(studio: Studio) -> RuleRunner:
    """Return the runner of a studio's rules, which acts from now on until the studio closes.

    Call it in the studio's loop.
    """
    runner = RuleRunner(studio, StudioHands(studio))
    studio.keep(runner)
    return runner
