"""Latents: something that is made in time for a beat; and rules that are fired by hand."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.composing.spaces import space_called, space_names
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.registry import command, registry
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import NewName
from hardcore.commands.reactive.rule import Late, RulePriority, RuleRef, starts_by_beat, trust
from hardcore.commands.reactive.ruleactions import StudioHands
from hardcore.commands.reactive.sampling import permissions_of
from hardcore.commands.reactive.schedule import Beat, Gain, Long
from hardcore.errors import UserError
from hardcore.project import rules
from hardcore.project.rule import DeadlineTrigger, SampleAndScheduleAction
from hardcore.rules.runner import RuleRunner

SpaceName = Annotated[
    str,
    Field(min_length=1, max_length=80),
    Kind("space", "what makes it; space list", lambda project, before: space_names()),
]
LatentWords = Annotated[str, Field(max_length=1000), Kind("words", "what it is to be, in words", rest=True)]


class Latent(Done):
    """What is to be made in time: its rule by id and name, the space, the beats of its deadline and its beginning."""

    rule: str
    name: str
    space: str
    deadline: float
    begins: float


@command("latent", "latent bass 64 --beats 16 --priority high", about={"name": "what its rule is called"})
def latent(
    call: Call,
    space: SpaceName,
    beat: Beat,
    words: LatentWords = "",
    *,
    beats: Long | None = None,
    gain: Gain = 1.0,
    priority: RulePriority = "normal",
    late: Late = "notify",
    name: NewName | None = None,
) -> Latent:
    """Let a space make something in time for a beat, where it is placed then: a rule with a deadline that fires once.

    Its work begins early enough by what the space took so far, and half as long again where it is critical, a fifth
    where it is high. A space that takes a job or writes files, such as a model of sound, may do so for this.
    """
    made_by = space_called(space)
    registry()[made_by.command].parsed(made_by.arguments(call.project, words, {}))
    action = SampleAndScheduleAction(space=space, prompt=words, at=beat, duration=beats, gain=gain)
    settings = {
        "priority": priority, "fallback": late, "one_shot": True, "author": call.caller.author,
        "permissions": permissions_of(call, action),
    }  # fmt: skip
    trigger = DeadlineTrigger(beat=beat)
    new = call.edit(lambda project: rules.add(project, trigger, action, name=name, stem=space, **settings))
    trust(call, new.rules[-1:])
    rule = new.rules[-1]
    begins = starts_by_beat(call, rule)
    message = f"{rule.name} for beat {beat:g}, begun by beat {begins:g}"
    return Latent(message=message, rule=rule.id, name=rule.name, space=space, deadline=beat, begins=begins)


@command("rule fire", "rule fire notify", effects={"project", "player", "jobs"}, shared=True)
async def rule_fire(call: Call, rule: RuleRef) -> Done:
    """Do what a rule says now, whatever it waits for; a latent is made at once."""
    found, runner = rules.find_rule(call.project, rule), call.studio.recall(RuleRunner)
    call.caller.ensure_may(f"the rule {found.name}", frozenset(found.permissions))
    if runner is None:  # a single line: nothing else acts
        return Done(message=await StudioHands(call.studio).act(found, call.caller.cause, lambda: False))
    if error := await runner.fire(found, call.caller.cause):
        raise UserError(f"{found.name}: {error}")
    return Done(message=f"{found.name} has fired")
