"""What is due when: against a rule looked at tick by tick; a dry run is what then happens; a beat looks at no rule."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.rule import DryRun
from hardcore.language.interpret import interpret
from hardcore.language.plan import Plan
from hardcore.language.referents import Ground
from hardcore.music.tempo import PPQ
from hardcore.project.playback import Loop, Playback
from hardcore.project.rule import BeatTrigger, NotifyAction, Rule, SectionTrigger
from hardcore.project.section import Section
from hardcore.project.state import ProjectState, new_project
from hardcore.rules.agenda import Agenda, ahead
from tests.commands.asked import edited
from tests.large import many_rules
from tests.rules.paced import paced
from tests.song import song, studio_with_song

BAR = 4 * PPQ
PRIORITIES = ("critical", "high", "normal", "low", "idle")


def changing() -> ProjectState:
    """Return a project whose meter changes twice, with sections."""
    project = new_project()
    meters = project.meter_map.with_change(2, 7, 8).with_change(6, 3, 4)
    parts = tuple(Section(id=f"f{90 + at}", name=name, kind="verse", bars=3) for at, name in enumerate("aba"))
    return project.evolve(meter_map=meters, sections=parts, next_id=99)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    triggers = st.one_of(
        st.builds(BeatTrigger, divisor=st.integers(1, 9), unit=st.sampled_from(["beats", "bars"])),
        st.builds(SectionTrigger, name=st.sampled_from(["", "a", "B", "none"])),
    )
    several = draw(st.lists(st.tuples(triggers, st.sampled_from(PRIORITIES)), min_size=1, max_size=12))
    return [
        Rule(id=f"r{at + 1}", name=f"rule {at}", trigger=trigger, priority=priority, action=NotifyAction(message="x"))  # type: ignore[arg-type]
        for at, (trigger, priority) in enumerate(several)
    ]


def is_due(project: ProjectState, rule: Rule, tick: int) -> bool:
    """Return what the words of the trigger say of a tick, whatever way it is looked up."""
    meters, trigger = project.meter_map, rule.trigger
    at = meters.position(tick)
    on_bar = (at.beat, at.sixteenth, at.ticks) == (1, 1, 0)
    if isinstance(trigger, BeatTrigger) and trigger.unit == "beats":
        return tick % (trigger.divisor * PPQ) == 0
    if isinstance(trigger, BeatTrigger):
        return on_bar and (at.bar - 1) % trigger.divisor == 0
    assert isinstance(trigger, SectionTrigger)
    begins = {0: "a", 3: "b", 6: "a"}.get(at.bar - 1) if on_bar else None
    return begins is not None and trigger.name.casefold() in ("", begins)


@given(rules(), st.integers(0, 60 * 480), st.integers(0, 30 * 480))
@settings(max_examples=60)
def test_what_is_due_is_what_each_rule_says_of_each_tick(several: list[Rule], start: int, length: int) -> None:
    project = changing()
    found = Agenda(project, several).due(start, start + length)
    grid = range(-(-start // 240) * 240, start + length, 240)
    wanted = [(tick, PRIORITIES.index(rule.priority), at, rule.id)
              for tick in grid for at, rule in enumerate(several) if is_due(project, rule, tick)]  # fmt: skip
    assert [(due.tick, due.rule.id) for due in found] == [(tick, one) for tick, _, _, one in sorted(wanted)]


def test_cut_anywhere_the_parts_hold_what_the_whole_does() -> None:
    agenda = Agenda(changing(), many_rules(300))
    whole = agenda.due(0, 40 * PPQ)
    cuts = [0, 1, 1919, 1920, 1921, 7680, 9999, 30_001, 40 * PPQ]
    assert [due for a, b in pairwise(cuts) for due in agenda.due(a, b)] == whole


def test_what_comes_is_known_over_the_end_of_a_loop_and_of_music_that_stands() -> None:
    project, loop = new_project(), Loop(start_ticks=PPQ, end_ticks=3 * PPQ)
    playing = Playback(playing=True, tick=2 * PPQ + 0.5, at_s=10, loop=loop, epoch=4, lap=1)
    found = list(ahead(project, playing, 2.0))
    assert [(one.start, one.end, one.epoch, one.lap) for one in found] == [
        (2 * PPQ + 1, 3 * PPQ, 4, 1), (PPQ, 3 * PPQ, 5, 2), (PPQ, 2 * PPQ + 1, 6, 3),
    ]  # fmt: skip
    assert [round(one.at_s, 2) for one in found] == [10, 10.5, 11.5]
    (standing,) = ahead(project, Playback(tick=PPQ, epoch=4, lap=2), 1.0)
    assert standing[:4] == (PPQ, 3 * PPQ, 5, 0)


def test_a_beat_costs_what_there_are_divisors_and_not_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    agenda = Agenda(new_project(), many_rules(10_000))
    looked: list[int] = []
    monkeypatch.setattr(Rule, "rank", property(lambda rule: looked.append(1) or 2))
    assert agenda.due(17 * 19 * PPQ, 17 * 19 * PPQ + 1)
    assert len(looked) < 60, "only those that are due are looked at"


def dry_run(line: str, *before: str) -> DryRun:
    studio = studio_with_song()
    for one in (*before, line):
        result = asyncio.run(run_line(studio, one, Caller()))
    studio.close()
    assert isinstance(result, DryRun)
    return result


def test_a_dry_run_draws_what_fires_and_names_what_only_events_fire() -> None:
    lines = ('/rule add "every 8 bars" launch next', '/rule add "every beat" notify beat --name b',
             '/rule add "any job" stop', '/rule add "every bar" stop --off --name off')  # fmt: skip
    result = dry_run("/rules dry-run 16", *lines)
    assert result.drawing.splitlines() == [
        "bar     1       9", "launch  1.......1.......", "b       4444444444444444",
    ]  # fmt: skip
    assert [one.at for one in result.firings if one.name == "launch"] == ["1.1.1", "9.1.1"]
    assert result.waits == ("stop",) and len(result.firings) == 2 + 64
    assert "… and 2 more" in result.text() and "fired by events, not by the beat: stop" in result.text()
    assert dry_run("/rule dry-run 1000", *lines).drawing.splitlines()[2].startswith("b       +")


def test_what_a_dry_run_says_is_what_fires() -> None:
    lines = ('/rule add "every 3 beats" notify three --chance 60', '/rule add "every bar" notify bar --cooldown 7',
             '/rule add "marker here" notify here --once', "/marker add here 3.2")  # fmt: skip

    async def both() -> tuple[list[str], list[str]]:
        async with paced(*lines) as studio:
            said = await run_line(studio.studio, "/rule dry-run 8", Caller())
            assert isinstance(said, DryRun)
            await studio.play(31.75)
            return [one.name for one in said.firings], studio.fired

    said, fired = asyncio.run(both())
    assert said == fired and len(set(said)) == 3


@pytest.mark.parametrize(
    ("sentence", "when", "what"),
    [
        ("every 8 bars launch the next scene", "every 8 bars", "launch next"),
        ("Please launch the next scene every other bar.", "every 2 bars", "launch next"),
        ("every beat, tell me that it beats", "every beat", "notify it beats"),
        ("when the music stops launch B", "transport stopped", "launch B"),
        ("at the marker drop stop the music", "marker drop", "stop"),
        ("whenever the drop marker is reached play a random scene", "marker drop", "launch random"),
    ],
)
def test_standing_orders_are_rules(sentence: str, when: str, what: str) -> None:
    reading = interpret(sentence, Ground(song()))
    assert isinstance(reading, Plan)
    assert [(call.name, call.arguments) for call in reading.calls] == [("rule add", {"when": when, "what": what})]
    made = edited(sentence).project
    assert len(made.rules) == 1 and made.tracks == song().tracks


@pytest.mark.parametrize(
    ("sentence", "follower", "bars"),
    [
        ("after 4 bars go to the next scene", "next", 4),
        ("please after eight bars jump to scene B", "B", 8),
        ("launch a random scene after 2 bars", "other", 2),
        ("in 16 bars switch to the B", "B", 16),
    ],
)
def test_what_comes_after_the_scene_that_plays_is_its_follow_action(sentence: str, follower: str, bars: int) -> None:
    reading = interpret(sentence, Ground(song()))
    assert isinstance(reading, Plan)
    wanted = {"scene": "now", "follower": follower, "bars": bars}
    assert [(call.name, call.arguments) for call in reading.calls] == [("scene follow", wanted)]
    made = edited(sentence).project
    assert made.scenes[0].follow is not None and made.scenes[0].follow.bars == bars and made.tracks == song().tracks


@pytest.mark.parametrize(
    ("sentence", "track", "notes"),
    [("play C4 Eb4 G4", "bass", "C4 Eb4 G4"), ("Play F#2, A2 and C3 on the bass.", "bass", "F#2 A2 C3")],
)
def test_notes_by_name_are_struck_at_once(sentence: str, track: str, notes: str) -> None:
    reading = interpret(sentence, Ground(song()))
    assert isinstance(reading, Plan)
    wanted = {"track": song().find_track(track).id, "notes": notes}
    assert [(call.name, call.arguments) for call in reading.calls] == [("play notes", wanted)]


@pytest.mark.parametrize("sentence", ["start the hats after 4 bars", "after 4 bars add a crash"])
def test_what_is_about_parts_follows_no_scene(sentence: str) -> None:
    reading = interpret(sentence, Ground(song()))
    assert not isinstance(reading, Plan) or all(call.name != "scene follow" for call in reading.calls)


@pytest.mark.parametrize("sentence", ["a fill every 8 bars", "every 4 bars add a crash", "launch B", "stop"])
def test_what_asks_for_notes_or_for_now_is_no_standing_order(sentence: str) -> None:
    reading = interpret(sentence, Ground(song()))
    assert not isinstance(reading, Plan) or all(call.name != "rule add" for call in reading.calls)
