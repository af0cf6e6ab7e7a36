"""What spaces make for rules: at once or by a job, placed at a beat where that is wanted.

permissions_of(action)                                     what a rule needs for it
await Sampling(studio, rule, caller, is_late).make(action)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hardcore.commands.composing.spaces import space_called
from hardcore.commands.core import registry
from hardcore.commands.core.background import Begun, jobs_of
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.effects import Effect, named
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Result
from hardcore.controller.events import Notified, StepMade, acting
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, JobFailed, UserError
from hardcore.project.rule import Action, Rule, SampleAction, SampleAndScheduleAction, ScheduleAction
from hardcore.project.state import ProjectState

_USUAL: tuple[Effect, ...] = ("project", "player")


def permissions_of(call: Call, action: Action, *more: Effect) -> tuple[Effect, ...]:
    """Return what a rule may change: the project, what is heard, and what the space that it names takes.

    Raises Denied where the caller may not give that.
    """
    taken = frozenset[Effect]()
    if isinstance(action, SampleAction | SampleAndScheduleAction):
        taken = registry.registry()[space_called(action.space).command].effects.always
    beyond = sorted({*taken, *more} - {*_USUAL})
    allowed = (*_USUAL, *beyond)
    call.caller.ensure_may("what the rule does", frozenset(allowed))
    if beyond and call.caller.roots is not None:
        raise Denied(f"a rule that changes {named(beyond)} is made at the studio itself", "make it yourself, at once")
    return allowed


def scheduling(clip: str, when: ScheduleAction | SampleAndScheduleAction) -> dict[str, Any]:
    """Return the arguments of `schedule` for a clip."""
    return {"clip": clip, "at": when.at, "beats": when.duration, "gain": when.gain}


@dataclass(frozen=True, slots=True)
class Sampling:
    """Work of a space for a rule, by `caller`; `is_late` says whether the music has gone past the rule's deadline."""

    studio: Studio
    rule: Rule
    caller: Caller
    is_late: Callable[[], bool]

    async def make(self, action: SampleAction | SampleAndScheduleAction) -> str:
        """Let a space make something, and place the clips that came of it where they are wanted, unless too late.

        Return it in words, once a job that it takes is over. Raises UserError, JobFailed.
        """
        space = space_called(action.space)
        arguments = space.arguments(self.studio.controller.project, action.prompt, action.inference)
        known = registry.registry()[space.command]
        if isinstance(action, SampleAction):
            return await self._over(known, arguments, " ".join([known.name, *map(str, arguments.values())])[:200])
        self.caller.ensure_may(known.name, known.effects.all)
        call = Call(self.studio, self.caller, f"{known.name}: {self.rule.name}")
        said = await (self._at_once if known.is_step else self._by_and_by)(call, known, arguments, action)
        if self.is_late():
            notified = Notified(message=said[-1], author=self.caller.author, cause=self.caller.cause)
            self.studio.controller.events.tell(notified)
        return "\n".join(said)

    async def _at_once(
        self, call: Call, known: Command, arguments: dict[str, Any], action: SampleAndScheduleAction
    ) -> list[str]:
        """Make and place clips as one step; return it in words."""
        with acting(self.caller.author, self.caller.cause), call.step():
            before = call.project
            result = registry.invoke(known, call, known.parsed(arguments))
            assert isinstance(result, Result)
            slots = {scene.id: scene.slots for scene in before.scenes}
            made = [clip for clip in _clips(call.project) if clip not in _clips(before)]
            said = [result.text(), *self._set_aside(call, made, slots, action)]
        await call.controller.durable()
        call.ran(known.name, known.effects.all)
        return said

    async def _by_and_by(
        self, call: Call, known: Command, arguments: dict[str, Any], action: SampleAndScheduleAction
    ) -> list[str]:
        """Wait for clips that take a while, and place those that steps of this rule brought; return it in words."""
        made: list[str] = []

        def note(event: StepMade) -> None:
            if event.author == self.caller.author:
                made.extend(clip for clip in _clips(event.new) if clip not in _clips(event.old))

        stop = call.events.subscribe(StepMade, note)
        try:
            words = await self._over(known, arguments, call.label)
        finally:
            stop()
        with acting(self.caller.author, self.caller.cause), call.step():
            left = [clip for clip in made if clip in _clips(call.project)]
            slots = {
                scene.id: {track: clip for track, clip in scene.slots.items() if clip not in left}
                for scene in call.project.scenes
            }
            said = [words, *self._set_aside(call, left, slots, action)]
        await call.controller.durable()
        return said

    def _set_aside(
        self, call: Call, made: Sequence[str], slots: Mapping[str, Mapping[str, str]], action: SampleAndScheduleAction
    ) -> list[str]:
        """Take clips out of the scenes, since what is for a place in the song is not heard before, and place them.

        Return it in words. Raises UserError where there are none.
        """
        if not made:
            raise UserError(f"{action.space} made no clip that could be placed")

        def aside(project: ProjectState) -> ProjectState:
            scenes = (scene.evolve(slots=slots.get(scene.id, scene.slots)) for scene in project.scenes)
            return project.evolve(scenes=tuple(scenes))

        call.edit(aside)
        late = self.is_late()
        said = [self._placed(call, clip, action) for clip in made] if not late or self.rule.fallback == "play" else []
        return [*said, *([self._too_late(action.at, made[0])] if late else [])]

    def _placed(self, call: Call, clip: str, when: SampleAndScheduleAction) -> str:
        """Place a clip as part of the step that is open, and return it in words."""
        schedule = registry.registry()["schedule"]
        result = registry.invoke(schedule, call, schedule.parsed(scheduling(clip, when)))
        assert isinstance(result, Result)
        return result.text()

    def _too_late(self, beat: float, clip: str) -> str:
        """Return what is said of something that was made too late for its beat."""
        if self.rule.fallback == "play":
            return f"too late for beat {beat:g}: it is placed there all the same"
        how = f", /schedule {clip} {beat:g} does it" if self.rule.fallback == "notify" else ""
        return f"too late for beat {beat:g}: what was made is not placed{how}"

    async def _over(self, known: Command, arguments: dict[str, Any], label: str) -> str:
        """Return what a command answers, or the job that it began, once that is done. Raises UserError, JobFailed."""
        result = await registry.run(self.studio, known, arguments, self.caller, label)
        if not isinstance(result, Begun):
            return result.text()
        jobs = jobs_of(Call(self.studio, self.caller, label))
        await jobs.wait([result.job])
        job = jobs.find(result.job)
        if job.state != "done":
            raise JobFailed(f"job {job.number} is {job.state}" + (f": {job.why}" if job.why else ""), "jobs")
        return job.answer


def _clips(project: ProjectState) -> dict[str, None]:
    """Return the ids of all clips, in their order."""
    return dict.fromkeys(clip.id for _, clip in project.clips())
