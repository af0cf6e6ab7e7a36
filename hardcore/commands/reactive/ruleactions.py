"""What rules do, by commands: each action becomes a call with the permissions of whoever made the rule."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.line import resolve
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Result
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
                return await self._sampled(rule, action, caller, is_late)
            case ScheduleAction():
                return (await self._run("schedule", _scheduling(action.content, action), caller)).text()
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

    async def _sampled(
        self, rule: Rule, action: SampleAction | SampleAndScheduleAction, caller: Caller, is_late: Callable[[], bool]
    ) -> str:
        """Let a space make something, and place the clips that came of it where they are wanted, unless too late."""
        from hardcore.commands.composing.spaces import space_called

        space = space_called(action.space)
        arguments = space.arguments(self._studio.controller.project, action.prompt, action.inference)
        known = registry.registry()[space.command]
        if isinstance(action, SampleAction):
            return (await self._run(space.command, arguments, caller)).text()
        caller.ensure_may(known.name, known.effects.all)
        said: list[str] = []

        def placed(clips: Sequence[str]) -> None:
            """Place what was made, unless it is too late for that."""
            late = is_late()
            if not late or rule.fallback == "play":
                said.extend(self._placed(clip, action, call) for clip in clips)
            if late:
                said.append(_too_late(rule, action.at, clips[0]))

        call = Call(self._studio, caller, f"{known.name}: {rule.name}")
        with acting(caller.author, caller.cause), call.step():
            before = call.project
            said.append(_done_aside(call, known, arguments))
            placed(_new_clips(before, call.project, action.space))
        await call.controller.durable()
        call.ran(known.name, known.effects.all)
        if is_late():
            self._notify(said[-1], caller)
        return "\n".join(said)

    def _placed(self, clip: str, when: SampleAndScheduleAction, call: Call) -> str:
        """Place a clip as part of the step that is open, and return it in words."""
        schedule = registry.registry()["schedule"]
        result = registry.invoke(schedule, call, schedule.parsed(_scheduling(clip, when)))
        assert isinstance(result, Result)
        return result.text()

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


def _scheduling(clip: str, when: ScheduleAction | SampleAndScheduleAction) -> dict[str, Any]:
    """Return the arguments of `schedule` for a clip."""
    return {"clip": clip, "at": when.at, "beats": when.duration, "gain": when.gain}


def _done_aside(call: Call, known: Command, arguments: dict[str, Any]) -> str:
    """Let a command make clips that no scene plays: what is for a place in the song is not to be heard before.

    Return it in words. Raises UserError.
    """
    if not known.is_step:
        raise UserError(f"{known.name} takes a while: nothing can be placed with it", "sample, and schedule it then")
    slots = {scene.id: scene.slots for scene in call.project.scenes}
    result = registry.invoke(known, call, known.parsed(arguments))
    assert isinstance(result, Result)

    def aside(project: ProjectState) -> ProjectState:
        scenes = (scene.evolve(slots=slots.get(scene.id, scene.slots)) for scene in project.scenes)
        return project.evolve(scenes=tuple(scenes))

    call.edit(aside)
    return result.text()


def _new_clips(before: ProjectState, after: ProjectState, space: str) -> list[str]:
    """Return the ids of the clips that were made. Raises UserError where there are none."""
    known = {clip.id for _, clip in before.clips()}
    made = [clip.id for _, clip in after.clips() if clip.id not in known]
    if not made:
        raise UserError(f"{space} made no clip that could be placed")
    return made


def _too_late(rule: Rule, beat: float, clip: str) -> str:
    """Return what is said of something that was made too late for its beat."""
    if rule.fallback == "play":
        return f"too late for beat {beat:g}: it is placed there all the same"
    how = f", /schedule {clip} {beat:g} does it" if rule.fallback == "notify" else ""
    return f"too late for beat {beat:g}: what was made is not placed{how}"


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
