"""Rules: what happens by itself, on a beat, at a marker, when something was made. Added, listed, switched, removed."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.effects import named
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Result, Row
from hardcore.commands.core.types import BarNumber, Bars, Choice, Flag, Kind, NewName, Share
from hardcore.commands.reactive.rulechart import draw_firings
from hardcore.commands.reactive.ruletext import (
    ACTIONS,
    TRIGGERS,
    action_text,
    parse_action,
    parse_trigger,
    trigger_text,
)
from hardcore.commands.reactive.sampling import permissions_of
from hardcore.errors import UserError
from hardcore.music.tempo import PPQ
from hardcore.project import rules
from hardcore.project.rule import Beats, DeadlineTrigger, Fallback, Priority, Rule
from hardcore.project.state import ProjectState
from hardcore.project.values import Effect
from hardcore.rules.agenda import TIMED, Agenda, Due, Stretch
from hardcore.rules.plan import Counts, firing
from hardcore.rules.runner import RuleRunner, begins_by

# So many firings of a dry run are listed one by one in its text.
SHOWN = 64


def _rules(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(rule.name, trigger_text(rule.trigger, project)) for rule in project.rules)


def _examples(examples: tuple[str, ...]) -> Iterable[Choice]:
    return map(Choice, examples)


RuleRef = Annotated[str, Field(min_length=1, max_length=200), Kind("rule", "a rule's name or number", _rules)]
RuleOrAll = Annotated[
    str, Field(min_length=1, max_length=200), Kind("rule", "a rule's name or number, or `all`", _rules)
]
When = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind("when", 'such as "every 8 bars", in quotes', lambda project, before: _examples(TRIGGERS)),
]
What = Annotated[
    str,
    Field(min_length=1, max_length=1200),
    Kind("what", "what happens, such as launch next", lambda project, before: _examples(ACTIONS), rest=True),
]
RulePriority = Annotated[
    Priority,
    BeforeValidator(lambda word: word.casefold() if isinstance(word, str) else word),
    Kind("priority", "critical, high, normal, low or idle"),
]
Cooldown = Annotated[Beats, Kind("beats", "beats for which it does not fire again")]
May = Annotated[
    Effect,
    Kind("effect", "what it may change besides the project and what is heard: files, settings, screen or jobs"),
]
Late = Annotated[Fallback, Kind("play|skip|notify", "what happens where something comes too late for its beat")]


class RuleRow(Row):
    """A rule: its place in the list from 1, when it fires, what it does, and how it stands.

    state   on, off, or why it does not act though it is on
    fired   how often it has fired since the project was opened
    """

    number: int
    id: str
    name: str
    when: str
    what: str
    priority: str
    enabled: bool
    state: str
    fired: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.number, self.name, self.when, self.what, self.priority, self.state, self.fired or None)


class RuleList(Listing[RuleRow]):
    """The rules of the project."""

    headings = ("#", "rule", "when", "what", "priority", "state", "fired")


class RuleState(Result):
    """A rule with all its settings; `state` is on, off, or why it does not act though it is on.

    starts_by   the beat by which its work has to begin to meet its deadline, null without one
    """

    id: str
    name: str
    when: str
    what: str
    rule: Rule
    state: str
    fired: int
    starts_by: float | None = None

    def text(self) -> str:
        """Return its name, what it does when, and what is not as usual."""
        rule = self.rule
        special = (
            (rule.priority != "normal", f"priority {rule.priority}"),
            (rule.one_shot, "once"),
            (bool(rule.cooldown), f"cooldown {rule.cooldown:g} beats"),
            (rule.probability < 100, f"{rule.probability:g} % of the time"),
            (rule.fallback != "notify", f"too late: {rule.fallback}"),
            (self.starts_by is not None, f"begins by beat {self.starts_by or 0:g}"),
        )
        lines = [
            f"{self.name}: {self.when} → {self.what}",
            "  " + ", ".join([self.state, *(w for is_, w in special if is_)]),
        ]
        return "\n".join([*lines, f"  by {rule.author}; it may change {named(rule.permissions)}; fired {self.fired}"])


def starts_by_beat(call: Call, rule: Rule) -> float | None:
    """Return the beat by which the work of a rule with a deadline has to begin, None for any other rule."""
    if not isinstance(rule.trigger, DeadlineTrigger):
        return None
    return round(begins_by(call.studio, call.project, rule), 2)


def _state(call: Call, rule: Rule) -> str:
    """Return how a rule stands, in a word, or why it does not act."""
    if not rule.enabled:
        return "off"
    return "on" if call.studio.trusts(rule) else "not trusted: rule enable"


@command("rule list", "rule list", effects=(), aliases=("rules",))
def rule_list(call: Call) -> RuleList:
    """List the rules: when each fires, what it does, and how it stands."""
    return RuleList(items=rule_rows(call), empty='no rules yet: rule add "every 8 bars" launch next')


def rule_rows(call: Call) -> tuple[RuleRow, ...]:
    """Return the rules of the project as rows of a table."""
    project = call.project
    return tuple(
        RuleRow(
            number=place, id=rule.id, name=rule.name, when=trigger_text(rule.trigger, project),
            what=action_text(rule.action, project), priority=rule.priority, enabled=rule.enabled,
            state=_state(call, rule), fired=_fired(call, rule),
        )
        for place, rule in enumerate(project.rules, 1)
    )  # fmt: skip


@command("rule show", "rule show launch", effects=())
def rule_show(call: Call, rule: RuleRef) -> RuleState:
    """Show a rule with its settings, who made it and what it may change."""
    project, found = call.project, rules.find_rule(call.project, rule)
    return RuleState(
        id=found.id, name=found.name, when=trigger_text(found.trigger, project),
        what=action_text(found.action, project), rule=found, state=_state(call, found), fired=_fired(call, found),
        starts_by=starts_by_beat(call, found),
    )  # fmt: skip


@command(
    "rule add",
    'rule add "every 8 bars" launch next --priority high',
    about={
        "once": "remove it once it has fired",
        "name": "what it is called",
        "chance": "how often it fires, 0 to 100",
        "off": "keep it without letting it act",
    },
)
def rule_add(
    call: Call,
    when: When,
    what: What,
    *,
    name: NewName | None = None,
    priority: RulePriority = "normal",
    once: Flag = False,
    cooldown: Cooldown = 0,
    chance: Share = 100,
    may: May | None = None,
    late: Late = "notify",
    off: Flag = False,
) -> Done:
    """Add a rule: when something happens, something is done. Help on it: `/help rule add` and the guide.

    When: "every 8 bars", "every beat", "marker drop", "section drop", "by beat 64", "artifact wav", "job 3",
    "transport stopped", "level kick above -6 for 4 beats", "heard key", "midi note 36", "command export".
    What: launch next, play, pause, stop, seek 5.1, audition kick909, notify WORDS, run LINE, say WORDS, call NAME,
    sample bass WORDS, schedule bass:A at 64 for 16. A line with options stands in quotes: "run track gain kick --by 1".
    """
    trigger, action = parse_trigger(when, call.project), parse_action(what, call.project)
    allowed = permissions_of(call, action, *([] if may is None else [may]))
    settings: dict[str, Any] = {
        "priority": priority, "one_shot": once, "cooldown": cooldown, "probability": chance, "fallback": late,
        "permissions": allowed, "enabled": not off, "author": call.caller.author,
    }  # fmt: skip
    new = call.edit(lambda project: rules.add(project, trigger, action, name=name, **settings))
    trust(call, new.rules[-1:])
    made = new.rules[-1]
    return Done(message=f"{made.name}: {trigger_text(trigger, new)} → {action_text(action, new)}")


class Firing(BaseModel):
    """A rule that fires: at which tick, as bar.beat.sixteenth, and how many beats from the start of the song."""

    model_config = ConfigDict(frozen=True)

    rule: str
    name: str
    at: str
    tick: int
    beat: float
    what: str


class DryRun(Result):
    """What rules would do by themselves over a stretch of bars; `waits` are those that no time of the music fires."""

    bar: int
    bars: int
    firings: tuple[Firing, ...]
    waits: tuple[str, ...]
    drawing: str

    def text(self) -> str:
        """Return the timeline, a column a bar, and what fires when."""
        lines = [f"{one.at:<8} {one.name}: {one.what}" for one in self.firings[:SHOWN]]
        more = len(self.firings) - SHOWN
        if more > 0:
            lines.append(f"… and {more} more")
        waiting = [f"fired by events, not by the beat: {', '.join(self.waits)}"] if self.waits else []
        return "\n".join([self.drawing, *lines, *waiting])


@command(
    "rule dry-run",
    "rule dry-run 32",
    effects=(),
    aliases=("rules dry-run",),
    about={"bars": "how many bars are gone through", "start": "the bar it begins with, 1 by default"},
)
def rule_dry_run(call: Call, bars: Bars = 32, *, start: BarNumber = 1) -> DryRun:
    """Say which rules would fire in so many bars, and when, drawn on the timeline; nothing is done.

    Chance falls as it will, the first time through a loop.
    """
    project, acting = call.project, [rule for rule in call.project.rules if _state(call, rule) == "on"]
    if not acting:
        raise UserError("no rule is on", 'rule add "every 8 bars" launch next')
    begin, end = (project.meter_map.bar_start(bar) for bar in (start - 1, start - 1 + bars))
    agenda = Agenda(project, acting)
    found = [due for _, due in firing(project, agenda, [Stretch(begin, end, 0, 0, 0.0)], Counts())]
    works = [Due(max(0, round((starts_by_beat(call, one) or 0) * PPQ)), one) for one in acting if _has_deadline(one)]
    found = sorted([*found, *(due for due in works if begin <= due.tick < end)], key=lambda due: due.tick)
    firings = tuple(
        Firing(
            rule=rule.id, name=rule.name, at=project.meter_map.place(tick), tick=tick, beat=tick / PPQ,
            what=action_text(rule.action, project),
        )
        for tick, rule in found
    )  # fmt: skip
    waits = tuple(rule.name for rule in acting if not isinstance(rule.trigger, TIMED) and not _has_deadline(rule))
    rows = [(rule.name, [project.meter_map.bar_of(one.tick) for one in firings if one.rule == rule.id])
            for rule in acting if rule.name not in waits]  # fmt: skip
    return DryRun(bar=start, bars=bars, firings=firings, waits=waits, drawing=draw_firings(rows, start - 1, bars))


def _has_deadline(rule: Rule) -> bool:
    return isinstance(rule.trigger, DeadlineTrigger)


def trust(call: Call, trusted: Iterable[Rule]) -> None:
    """Let rules act here from now on: somebody who may do what they do has made or switched them on."""
    if not call.caller.dry_run:
        for rule in trusted:
            call.studio.trust_rule(rule)
        if (runner := call.studio.recall(RuleRunner)) is not None:
            runner.refresh()


def _fired(call: Call, rule: Rule) -> int:
    runner = call.studio.recall(RuleRunner)
    return runner.counts.of(rule).fired if runner is not None else 0


@command("rule remove", "rule remove launch", aliases=("rule delete",))
def rule_remove(call: Call, rule: RuleOrAll) -> Done:
    """Remove a rule, or all of them."""
    chosen = _chosen(call, rule)

    def change(project: ProjectState) -> ProjectState:
        for one in chosen:
            project = rules.remove(project, one.id)
        return project

    call.edit(change)
    return Done(message=f"{', '.join(one.name for one in chosen)}: gone")


def _chosen(call: Call, rule: str) -> tuple[Rule, ...]:
    whole = rule.casefold() == "all" and all(one.name.casefold() != "all" for one in call.project.rules)
    return call.project.rules if whole and call.project.rules else (rules.find_rule(call.project, rule),)


def _switched(call: Call, rule: str, on: bool) -> tuple[Rule, ...]:
    chosen = _chosen(call, rule)

    def change(project: ProjectState) -> ProjectState:
        for one in chosen:
            project = rules.change(project, one.id, enabled=on)
        return project

    call.edit(change)
    return chosen


@command("rule enable", "rule enable launch")
def rule_enable(call: Call, rule: RuleOrAll) -> Done:
    """Switch a rule on, or all; also one that came with a file from elsewhere, which does nothing until then."""
    for one in _chosen(call, rule):
        call.caller.ensure_may(f"the rule {one.name}", frozenset(one.permissions))
    chosen = _switched(call, rule, True)
    trust(call, chosen)
    return Done(message=f"{', '.join(one.name for one in chosen)}: on")


@command("rule disable", "rule disable launch")
def rule_disable(call: Call, rule: RuleOrAll) -> Done:
    """Switch a rule off, or all; it stays in the list."""
    return Done(message=f"{', '.join(one.name for one in _switched(call, rule, False))}: off")
