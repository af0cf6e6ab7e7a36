"""What rules do, by commands: each action becomes a call with the permissions of whoever made the rule."""

from collections.abc import Callable
from typing import Any

from hardcore.commands import registry
from hardcore.commands.call import Call, Caller
from hardcore.commands.line import resolve
from hardcore.commands.results import Edited, Result
from hardcore.commands.sounds import sound_called
from hardcore.commands.spaces import space_called
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
        action, caller = rule.action, _caller(rule, cause)
        match action:
            case NotifyAction():
                self._notify(action.message, caller)
                return action.message
            case RunAction():
                return await self._line(action.line, caller)
            case SayAction():
                return (await self._run("compose", {"words": action.words}, caller)).text()
            case SampleAction() | SampleAndScheduleAction():
                return await self._sampled(rule, action, caller, is_late)
            case ScheduleAction():
                return await self._scheduled(action.content, action, caller)
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
                at = self._studio.controller.project.meter_map.position(action.tick)
                return "seek", {"place": f"{at.bar}.{at.beat}.{at.sixteenth}" + f"+{at.ticks}" * bool(at.ticks)}
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

    async def _sampled(
        self, rule: Rule, action: SampleAction | SampleAndScheduleAction, caller: Caller, is_late: Callable[[], bool]
    ) -> str:
        """Let a space make something, and place the clips that came of it where they are wanted, unless too late."""
        space = space_called(action.space)
        arguments = space.arguments(self._studio.controller.project, action.prompt, action.inference)
        result = await self._run(space.command, arguments, caller)
        if isinstance(action, SampleAction):
            return result.text()
        clips = [thing.id for thing in result.created if thing.kind == "clip"] if isinstance(result, Edited) else []
        if not clips:
            raise UserError(f"{action.space} made no clip that could be placed")
        late = is_late()
        said = [result.text()]
        if not late or rule.fallback == "play":
            said += [await self._scheduled(clip, action, caller) for clip in clips]
        if late:
            said.append(_too_late(rule, action.at, clips[0]))
            self._notify(said[-1], caller)
        return "\n".join(said)

    def _notify(self, words: str, caller: Caller) -> None:
        notified = Notified(message=words, author=caller.author, cause=caller.cause)
        self._studio.controller.events.tell(notified)

    async def _scheduled(self, clip: str, when: ScheduleAction | SampleAndScheduleAction, caller: Caller) -> str:
        arguments = {"clip": clip, "at": when.at, "beats": when.duration, "gain": when.gain}
        return (await self._run("schedule", arguments, caller)).text()

    async def spent(self, rule: Rule, cause: Cause) -> None:
        """Remove a rule that was to fire once. Raises UserError."""
        controller = self._studio.controller
        with acting(author := f"rule {rule.name}", cause):
            controller.edit(f"{rule.name} has fired", lambda project: rules.remove(project, rule.id), author)
        await controller.durable()

    async def sound(self, name: str) -> ProjectState:
        """Return the project of an audition of a sound. Raises HardcoreError."""
        from hardcore.jobs.preparation import ensure_playable

        found = sound_called(Call(self._studio, Caller(), "rule"), name)
        if isinstance(found, Recording):
            await ensure_playable(found)
        return audition(found)


def _too_late(rule: Rule, beat: float, clip: str) -> str:
    """Return what is said of something that was made too late for its beat."""
    if rule.fallback == "play":
        return f"too late for beat {beat:g}: it is placed there all the same"
    how = f", /schedule {clip} {beat:g} does it" if rule.fallback == "notify" else ""
    return f"too late for beat {beat:g}: what was made is not placed{how}"


def _caller(rule: Rule, cause: Cause) -> Caller:
    return Caller(f"rule {rule.name}", permissions=frozenset(rule.permissions), cause=cause)


def let_rules_act(studio: Studio) -> RuleRunner:
    """Return the runner of a studio's rules, which acts from now on until the studio closes.

    Call it in the studio's loop.
    """
    runner = RuleRunner(studio, StudioHands(studio))
    studio.keep(runner)
    return runner
