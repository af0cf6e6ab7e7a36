"""Rules by command: what is typed is read, printed and read again; they are data that is undone, saved and trusted."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.ruletext import (
    ACTIONS,
    TRIGGERS,
    action_text,
    parse_action,
    parse_trigger,
    trigger_text,
)
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.project import rules
from hardcore.project.difference import differences
from hardcore.project.merge import merge
from hardcore.project.rule import BeatTrigger, DeadlineTrigger, LaunchAction, MarkerTrigger, SeekAction
from hardcore.project.rules import change
from hardcore.project.text import text
from hardcore.store.trusted_rules import TrustedRules
from tests.commands.asked import edited, refused
from tests.large import many_rules
from tests.song import song, studio_with_song

EVERY = '/rule add "every 8 bars" launch next'


def states(studio: Studio) -> list[str]:
    """Return how the rules of a studio stand, as the list says."""
    result = asyncio.run(run_line(studio, "/rules", Caller()))
    assert result is not None
    return [item["state"] for item in result.data()["items"]]


@pytest.mark.parametrize("form", TRIGGERS)
def test_a_trigger_reads_as_it_is_written(form: str) -> None:
    assert trigger_text(parse_trigger(form, song()), song()) == form


@pytest.mark.parametrize("form", ACTIONS)
def test_an_action_means_the_same_when_it_is_written_and_read_again(form: str) -> None:
    action = parse_action(form, song())
    assert parse_action(action_text(action, song()), song()) == action


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("when the marker drop", MarkerTrigger(name="drop")),
        ("On Marker Big Drop", MarkerTrigger(name="Big Drop")),
        ("every beat", BeatTrigger(divisor=1)),
        ("every 3 bar", BeatTrigger(divisor=3, unit="bars")),
        ("deadline 256", DeadlineTrigger(beat=256)),
    ],
)
def test_triggers_are_read_as_people_say_them(said: str, meant: object) -> None:
    assert parse_trigger(said, song()) == meant


def test_actions_are_read_as_people_say_them() -> None:
    assert parse_action("launch the next scene", song()) == LaunchAction(target="next")
    assert parse_action("launch scene B", song()) == LaunchAction(target="B")
    assert parse_action("seek 3.2", song()) == SeekAction(tick=2 * 7680 + 1920)


def test_a_rule_is_one_step_with_its_settings_and_undo_takes_it_back() -> None:
    made = edited(f"{EVERY} --priority high --chance 50 --cooldown 4 --once --late skip --name turn")
    (rule,) = made.project.rules
    assert (rule.priority, rule.probability, rule.cooldown, rule.one_shot) == ("high", 50, 4, True)
    assert (rule.name, rule.permissions, rule.author, rule.fallback) == ("turn", ("project", "player"), "you", "skip")
    assert made.said == ["turn: every 8 bars → launch next"]
    assert "rule r" in text(made.project) and "rule" not in text(song())
    one = made.project
    assert not edited("/rule disable turn", project=one).project.rules[0].enabled
    assert edited("/rule remove 1", project=one).project.rules == ()
    assert edited("/rule enable all", "/rule disable all", project=one).project.rules == one.rules


def test_names_are_made_where_none_is_given_and_are_never_the_same_twice() -> None:
    several = edited(EVERY, EVERY, EVERY).project
    assert [rule.name for rule in several.rules] == ["launch", "launch 2", "launch 3"]
    assert "already a rule named" in refused(f"{EVERY} --name Launch", EVERY)
    assert "taken for a number" in refused(f"{EVERY} --name 7")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('/rule add "evry 8 bars" launch next', "did you mean every 8 bars"),
        ('/rule add "every 0 bars" launch next', "divisor: at least 1"),
        ('/rule add "every bar" lunch next', "did you mean launch next"),
        ('/rule add "every bar" stop it', "is no action"),
        ('/rule add "level kik above -6" stop', "did you mean kick"),
        ('/rule add "every bar" seek soon', "is not a place"),
        ('/rule add "every bar" schedule bass:A', "at which beat"),
        ('/rule add "every bar" stop --priority urgent', "critical"),
        ("/rule show 3", "no rule '3'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_and_nothing_changes(line: str, words: str) -> None:
    assert words in refused(line)


def test_what_changed_is_told_and_two_branches_merge_rule_by_rule() -> None:
    base = edited(EVERY, EVERY, EVERY).project
    ours = change(base, base.rules[0].id, enabled=False)
    theirs = change(base, base.rules[2].id, priority="idle")
    assert differences(base, ours) == ["rule launch enabled True → False"]
    both = merge(base, ours, theirs)
    assert not both.conflicts
    assert [(rule.enabled, rule.priority) for rule in both.project.rules] == [
        (False, "normal"), (True, "normal"), (True, "idle"),
    ]  # fmt: skip
    clash = merge(base, ours, change(base, base.rules[0].id, cooldown=3, enabled=True, priority="low"))
    assert not clash.conflicts and clash.project.rules[0].priority == "low", "fields apart from each other"
    third = change(base, base.rules[0].id, trigger=MarkerTrigger(name="a"))
    (conflict,) = merge(base, third, change(base, base.rules[0].id, trigger=MarkerTrigger(name="b"))).conflicts
    assert "rule launch" in str(conflict)


def test_a_rule_in_a_file_from_elsewhere_does_nothing_until_it_is_switched_on_here(tmp_path: Path) -> None:
    studio = studio_with_song(tmp_path)
    asyncio.run(run_line(studio, EVERY, Caller()))
    assert states(studio) == ["on"]
    studio.controller.save()
    studio.close()
    again = build_studio()
    again.controller.open(tmp_path / "song.hcs")
    assert states(again) == ["on"], "a copy of the file is as good"
    again.trust = TrustedRules(tmp_path / "another computer")
    assert states(again) == ["not trusted: rule enable"]
    asyncio.run(run_line(again, "/rule enable launch", Caller(dry_run=True)))
    assert states(again) == ["not trusted: rule enable"]
    asyncio.run(run_line(again, "/rule enable launch", Caller()))
    assert states(again) == ["on"]
    (rule,) = again.controller.project.rules
    again.close()
    later = TrustedRules(tmp_path / "another computer")
    assert later.holds(rule.deed) and later.holds(rule.evolve(name="other", enabled=False).deed)
    assert not later.holds(rule.evolve(action=LaunchAction(target="B")).deed), "it does something else"
    assert not later.holds(rule.evolve(permissions=("project", "files")).deed), "it may do more"


def test_a_rule_may_no_more_than_whoever_makes_it_or_switches_it_on() -> None:
    studio = studio_with_song()
    agent = Caller("agent", permissions=frozenset({"project", "player", "jobs"}))
    with pytest.raises(Denied, match="files"):
        asyncio.run(run_line(studio, f"{EVERY} --may files", agent))
    with pytest.raises(Denied, match="at the studio itself"):
        asyncio.run(run_line(studio, f"{EVERY} --may files", replace(Caller(), roots=(Path(),))))
    asyncio.run(run_line(studio, f"{EVERY} --may files --off --name writes", Caller()))
    with pytest.raises(Denied, match="files"):
        asyncio.run(run_line(studio, "/rule enable writes", agent))
    assert states(studio) == ["off"]
    studio.close()


def test_a_project_holds_so_many_rules_and_no_more() -> None:
    full = song()
    full = full.evolve(rules=many_rules(first=full.next_id), next_id=full.next_id + 1024)
    with pytest.raises(UserError, match="1,024 rules at most"):
        rules.add(full, MarkerTrigger(name="x"), LaunchAction(target="next"))
