"""Rules at work: once a beat however often it is told, by priority, with chance and rests; no rule fires itself."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from hardcore.controller.events import ArtifactMade, JobChanged, MidiReceived
from hardcore.music.tempo import PPQ
from hardcore.paths import state_folder
from hardcore.project.playback import Loop
from hardcore.store.trusted_rules import TrustedRules
from tests.rules.paced import paced
from tests.song import song

BAR = 4 * PPQ


def on_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in a loop of its own."""

    @wraps(test)
    def run(*given: Any, **named: Any) -> None:
        asyncio.run(test(*given, **named))

    return run


@pytest.mark.parametrize("dense", [1, 3, 40])
def test_a_rule_fires_once_a_beat_however_dense_the_reports(dense: int) -> None:
    async def one() -> None:
        async with paced('/rule add "every 2 beats" notify tick', '/rule add "every bar" notify bar') as studio:
            await studio.play(8.1, dense=dense)
            assert studio.said[:3] == ["tick", "bar", "tick"]
            assert Counter(studio.said) == {"tick": 5, "bar": 3}
            assert (await studio.do("/rules")).splitlines()[1].split()[-1] == "5"

    asyncio.run(one())


@on_loop
async def test_every_lap_of_a_loop_counts_its_beats_anew() -> None:
    async with paced('/rule add "every 3 beats" notify three') as studio:
        studio.player.sequencer.loop = Loop(start_ticks=0, end_ticks=BAR)
        await studio.play(11.9)
        assert len(studio.said) == 6, "beats 0 and 3 of three laps"


@on_loop
async def test_a_launch_on_every_bar_lands_on_the_bar_and_is_told() -> None:
    async with paced('/rule add "every bar" launch next') as studio:
        await studio.play(0.1)
        await studio.play(12)
        track = studio.studio.controller.project.tracks[0].id
        assert studio.player.sequencer.session.clips[track].tick == 3 * BAR
        assert studio.fired == ["launch"] * 4
        assert all(not event.late_beats for event in studio.told[1:])


@on_loop
async def test_a_rule_that_is_added_changed_or_removed_while_it_plays_counts_from_then_on() -> None:
    async with paced() as studio:
        await studio.play(1.5)
        await studio.do('/rule add "every beat" notify beat')
        await studio.play(2)
        assert len(studio.said) == 2
        await studio.do("/rule disable notify")
        await studio.play(4)
        assert len(studio.said) == 2, "what was armed ahead was taken back"
        await studio.do("/undo")
        await studio.play(2)
        assert len(studio.said) == 4
        await studio.do("/rule remove notify")
        await studio.play(2)
        assert len(studio.said) == 4


@on_loop
async def test_a_launch_that_is_armed_and_then_switched_off_does_not_happen() -> None:
    async with paced('/rule add "every 2 bars" launch next') as studio:
        await studio.play(7.25)
        assert any(arm.tick == 2 * BAR for arm in studio.player.armed), "the player knows of it"
        before = dict(studio.player.sequencer.session.clips)
        await studio.do("/rule disable all")
        await studio.play(2)
        assert studio.player.sequencer.session.clips == before


@on_loop
async def test_markers_and_sections_fire_where_they_stand() -> None:
    lines = ("/marker add drop 2.2", '/rule add "marker drop" notify drop', '/rule add "section two" notify section')
    async with paced("/place one:A 1 --bars 8", "/section add two --bars 4 --like 1", *lines) as studio:
        two = studio.studio.controller.project.sections
        start = sum(one.bars for one in two[:-1])
        await studio.play(4.9)
        assert studio.said == []
        await studio.play(0.3)
        assert studio.said == ["drop"]
        await studio.play(4 * start - 5.3)
        assert studio.said == ["drop"]
        await studio.play(0.75)
        assert studio.said == ["drop", "section"]


@on_loop
async def test_at_one_beat_the_first_priority_goes_first_whatever_the_order_of_the_list() -> None:
    names = ("idle", "normal", "critical", "low", "high")
    lines = (f'/rule add "every 4 beats" notify {name} --priority {name}' for name in names)
    async with paced(*lines) as studio:
        await studio.play(0.5)
        assert studio.said == ["critical", "high", "normal", "low", "idle"]


@on_loop
async def test_cooldown_once_and_chance() -> None:
    lines = (
        '/rule add "every beat" notify rests --cooldown 4',
        '/rule add "every beat" notify first --once',
        '/rule add "every beat" notify perhaps --chance 50',
        '/rule add "every beat" notify never --chance 0',
    )
    async with paced(*lines) as studio:
        await studio.play(63.9)
        counts = Counter(studio.said)
        assert (counts["rests"], counts["first"], counts["never"]) == (16, 1, 0)
        assert 20 < counts["perhaps"] < 44
        project = studio.studio.controller.project
        assert "first" not in [getattr(rule.action, "message", "") for rule in project.rules], "it is gone"
        assert (await studio.do("/undo")).startswith("undone")
        assert len(studio.studio.controller.project.rules) == 4, "and undo brings it back"


@on_loop
async def test_a_cooldown_holds_over_laps_and_tempo() -> None:
    async with paced('/rule add "every beat" notify rests --cooldown 6') as studio:
        studio.player.sequencer.loop = Loop(start_ticks=0, end_ticks=BAR)
        await studio.play(23.9)
        assert len(studio.said) == 4


@on_loop
async def test_the_transport_fires_and_no_rule_fires_by_its_own_effect() -> None:
    lines = (
        '/rule add "transport stopped" play --name again',
        '/rule add "transport playing" notify plays',
        '/rule add "transport paused" notify rests',
    )
    async with paced(*lines) as studio:
        await studio.play(1)
        assert studio.said == ["plays"]
        studio.player.pause()
        await studio.settle()
        assert studio.said == ["plays", "rests"]
        studio.player.play()
        await studio.settle()
        studio.player.now += 3 * 48_000
        studio.player.stop()
        await studio.settle()
        assert studio.player.sequencer.playing, "the rule has played again"
        assert studio.said == ["plays", "rests", "plays", "plays"]
        assert [event.cause for event in studio.told if event.name == "again"] == [("rule again",)]


@on_loop
async def test_rules_that_fire_each_other_stop() -> None:
    lines = (
        '/rule add "command track gain" "run track pan one L10" --name a',
        '/rule add "command track pan" "run track gain one -3" --name b',
        '/rule add "command track gain" "run track gain one -4" --name self',
    )
    async with paced(*lines) as studio:
        await studio.do("/track gain one -1")
        chains = [event.cause for event in studio.told]
        assert sorted(chains) == [
            ("rule a",), ("rule a", "rule b"), ("rule a", "rule b", "rule self"), ("rule self",),
            ("rule self", "rule a"),
        ]  # fmt: skip


@on_loop
async def test_jobs_files_midi_and_analyses_fire() -> None:
    lines = (
        '/rule add "job 7" notify job', '/rule add "artifact wav" notify wav', '/rule add "any artifact" notify any',
        '/rule add "midi cc 64" notify pedal', '/rule add "midi note" notify note',
    )  # fmt: skip
    async with paced(*lines) as studio:
        events = studio.studio.controller.events
        for state in ("running", "running", "done", "done"):
            events.tell(JobChanged(job="7", label="x", state=state))  # type: ignore[arg-type]
        events.tell(JobChanged(job="8", label="x", state="failed"))
        events.tell(ArtifactMade(path=state_folder() / "a.wav", label="export a.wav", author="you"))
        events.tell(ArtifactMade(path=state_folder() / "a.mid", label="export a.mid", author="you"))
        events.tell(MidiReceived(port="keys", message="cc", channel=1, number=64, value=127))
        events.tell(MidiReceived(port="keys", message="cc", channel=1, number=1, value=127))
        events.tell(MidiReceived(port="keys", message="note", channel=1, number=36, value=127))
        await studio.settle()
        assert sorted(studio.said) == ["any", "any", "job", "note", "pedal", "wav"]


@on_loop
async def test_a_level_fires_once_when_it_has_held_for_its_beats() -> None:
    lines = ('/rule add "level one above -6 for 3 beats" notify loud', '/rule add "heard silence" notify silence')
    async with paced(*lines) as studio:
        track, master = (track.id for track in studio.studio.controller.project.tracks)
        studio.player.peaks_db = {track: -3.0, master: -3.0}
        await studio.play(1.9)
        assert studio.said == []
        await studio.play(4)
        assert studio.said == ["loud"]
        studio.player.peaks_db = {track: -99.0, master: -99.0}
        await studio.play(4.1)
        assert studio.said == ["loud", "silence"]


@on_loop
async def test_what_a_rule_may_not_do_is_not_done_and_said() -> None:
    lines = (
        '/rule add "every bar" "run export x.wav" --name files',
        '/rule add "every bar" "run quit" --name end',
        '/rule add "every bar" "run samples forget all" --name gone',
        '/rule add "every bar" call nothing --name calls',
        '/rule add "every bar" launch nowhere --name lost',
    )
    async with paced(*lines) as studio:
        await studio.play(0.5)
        errors = {event.name: event.error for event in studio.told}
        assert "changes files" in errors["files"] and "may not" in errors["end"] and errors["gone"]
        assert "no function 'nothing'" in errors["calls"] and "no scene or clip 'nowhere'" in errors["lost"]


@on_loop
async def test_a_function_of_the_session_is_called_and_its_fault_harms_nobody() -> None:
    async with paced('/rule add "every beat" call mine', '/rule add "every beat" call bad') as studio:
        called: list[str] = []

        async def mine(rule: Any, event: Any) -> None:
            called.append(rule.name)

        studio.runner.functions.update(mine=mine, bad=lambda rule, event: 1 / 0)
        await studio.play(1.1)
        assert called == ["call", "call"]
        assert [event.error for event in studio.told if event.name == "call 2"] == [
            "bad: ZeroDivisionError: division by zero"
        ] * 2


@on_loop
async def test_clips_are_made_and_placed_by_rules() -> None:
    lines = (
        '/rule add "marker here" "schedule kick:A at 8 for 4 gain 0.5" --name place',
        '/rule add "marker here" "sample bass seed=3 at 16" --name make --once',
        '/rule add "marker here" "sample bass colour=3" --name wrong',
        "/marker add here 1",
    )
    async with paced(*lines, project=song()) as studio:
        await studio.play(0.5)
        project = studio.studio.controller.project
        (placed,) = project.find_track("kick").placements
        assert (placed.start_ticks, placed.length_ticks) == (8 * PPQ, 4 * PPQ)
        _, copied = project.find_clip(placed.clip)
        assert copied.automation[0].points[0].value == pytest.approx(-6.02, abs=0.01)
        errors = {event.name: event.error for event in studio.told}
        assert "does not understand colour (it has: seed" in errors["wrong"]
        assert not errors["place"] and "make" not in [rule.name for rule in project.rules]
        assert [one.start_ticks for one in project.find_track("bass").placements] == [16 * PPQ]


@on_loop
async def test_a_rule_that_came_with_a_file_does_nothing_and_that_is_said() -> None:
    async with paced('/rule add "every beat" notify beat') as studio:
        trust = studio.studio.trust
        studio.studio.trust = TrustedRules(state_folder() / "another")
        studio.runner.refresh()
        await studio.play(2.3)
        assert studio.said == []
        await studio.do("/rule enable notify")
        await studio.play(2)
        assert studio.said == ["beat"] * 2
        assert trust is not None


@on_loop
async def test_another_player_is_told_everything_again() -> None:
    async with paced('/rule add "every beat" notify beat') as studio:
        await studio.play(1.5)
        player = studio.player
        player.process = 2
        player.sequencer.arms = type(player.sequencer.arms)()
        player.armed.clear()
        await studio.play(1)
        ahead = {arm.tick for arm in player.armed}
        assert {3 * PPQ, 4 * PPQ, 5 * PPQ} <= ahead
        await studio.play(2)
        assert len(studio.said) >= 4


def test_dense_or_sparse_reports_fire_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    async def told(dense: int) -> list[str]:
        async with paced(
            '/rule add "every 3 beats" notify x --chance 60', '/rule add "every bar" launch next'
        ) as studio:
            await studio.play(24, dense=dense)
            return studio.fired

    assert asyncio.run(told(2)) == asyncio.run(told(9))
