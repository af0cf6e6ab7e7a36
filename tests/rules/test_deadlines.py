"""Deadlines: begun early enough, the first priority first, never blocked, learned, and said where it is too late."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.rule import DryRun, RuleState
from hardcore.music.tempo import PPQ
from hardcore.paths import state_folder
from hardcore.project.rule import DeadlineTrigger, Priority, Rule, SampleAction
from hardcore.project.state import ProjectState, new_project
from hardcore.rules.deadlines import Works, start_by
from hardcore.store.durations import UNKNOWN_S, Durations
from tests.rules.paced import paced
from tests.song import song


@pytest.mark.parametrize(
    ("priority", "begins"), [("critical", 49), ("high", 52), ("normal", 54), ("low", 54), ("idle", 54)]
)
def test_work_begins_so_much_before_its_deadline(priority: str, begins: float) -> None:
    assert UNKNOWN_S == 5
    assert start_by(64, UNKNOWN_S, 120, priority) == begins


def test_what_a_space_took_is_learned_and_known_after_a_restart(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "durations.json")
    assert durations.estimate_s("bass") == UNKNOWN_S
    for seconds in (2.0, 4.0, 0.6):
        durations.learn("bass", seconds)
    assert durations.estimate_s("bass") == pytest.approx(2.2, abs=0.001)
    assert Durations(tmp_path / "durations.json").estimate_s("bass") == durations.estimate_s("bass")
    (tmp_path / "durations.json").write_text('{"bass": "soon"}')
    assert Durations(tmp_path / "durations.json").estimate_s("bass") == UNKNOWN_S


def rule(number: int, priority: Priority) -> Rule:
    action, trigger, name = SampleAction(space="bass"), DeadlineTrigger(beat=9), f"{priority} {number}"
    return Rule(id=f"r{number}", name=name, trigger=trigger, action=action, priority=priority)


def drums() -> ProjectState:
    """Return two bars with drums that a bass can hear, at 120 BPM."""
    return song().evolve(tempo_map=new_project().tempo_map.with_bpm(120))


def test_what_is_critical_passes_what_waits_and_is_never_held_up_by_it() -> None:
    async def order() -> list[str]:
        begun: list[str] = []
        gates: dict[str, asyncio.Event] = {}

        async def work(one: Rule, cause: tuple[str, ...]) -> None:
            begun.append(one.name)
            await gates.setdefault(one.name, asyncio.Event()).wait()

        works = Works(work, places=1)
        for number, priority in enumerate(("normal", "idle", "normal", "high", "critical"), 1):
            works.add(rule(number, priority), ())  # type: ignore[arg-type]
        await asyncio.sleep(0)
        assert begun == ["normal 1", "critical 5"], "the one place is taken, and what is critical needs none"
        while len(begun) < 5 or any(not gate.is_set() for gate in gates.values()):
            for name in begun:
                gates[name].set()
            await asyncio.sleep(0)
        works.close()
        return begun

    assert asyncio.run(order()) == ["normal 1", "critical 5", "high 4", "normal 3", "idle 2"]


def placed(studio: Any) -> list[int]:
    project = studio.studio.controller.project
    return [one.start_ticks // PPQ for track in project.tracks for one in track.placements]


def test_a_latent_is_begun_in_time_placed_at_its_beat_and_gone_then() -> None:
    async def one() -> None:
        async with paced("/latent bass 64 --priority high", project=drums()) as studio:
            shown = await run_line(studio.studio, "/rule show 1", Caller())
            assert isinstance(shown, RuleState) and shown.starts_by == 52
            drawn = await run_line(studio.studio, "/rule dry-run 16", Caller())
            assert isinstance(drawn, DryRun) and [one.beat for one in drawn.firings] == [52]
            await studio.play(51.9)
            assert placed(studio) == [] and studio.fired == []
            before = studio.studio.controller.project
            await studio.play(1.5)
            assert placed(studio) == [64]
            project, history = studio.studio.controller.project, studio.studio.controller.history
            assert [scene.slots for scene in project.scenes] == [scene.slots for scene in before.scenes]
            assert [history.steps[at].author for at in (history.at, history.at - 1)] == ["rule bass"] * 2
            assert history.state(history.at - 1).rules and history.state(history.at - 2) == before
            assert studio.studio.controller.project.rules == ()
            assert studio.studio.durations is not None and studio.studio.durations.estimate_s("bass") < UNKNOWN_S

    asyncio.run(one())


def test_a_latent_that_waits_is_begun_after_a_restart(tmp_path: Path) -> None:
    async def one() -> None:
        async with paced("/latent bass 64", project=drums()) as studio:
            studio.studio.controller.save(tmp_path / "song.hcs")
        async with paced() as again:
            again.studio.controller.open(tmp_path / "song.hcs")
            await again.settle()
            again.player.follow(again.studio.controller.project)
            again.player.play(53 * PPQ)
            await again.settle()
            assert placed(again) == []
            await again.play(2)
            assert placed(again) == [64]

    asyncio.run(one())


@pytest.mark.parametrize(
    ("late", "beats", "words"),
    [
        ("play", [4], "it is placed there all the same"),
        ("skip", [], "what was made is not placed"),
        ("notify", [], " 4 does it"),
    ],
)
def test_what_is_too_late_goes_by_its_fallback_and_is_said(late: str, beats: list[int], words: str) -> None:
    async def one() -> None:
        async with paced(project=drums()) as studio:
            studio.player.play(8 * PPQ)
            await studio.do(f"/latent bass 4 --late {late}")
            await studio.play(1.1)
            assert placed(studio) == beats
            assert words in studio.said[0] and studio.said[0].startswith("too late for beat 4")
            assert studio.studio.controller.project.rules == (), "it is not tried again"

    asyncio.run(one())


def test_a_latent_is_made_at_once_or_not_at_all() -> None:
    async def one() -> None:
        async with paced("/latent bass 64 --name lead", "/latent bass 64 --name other", project=drums()) as studio:
            await studio.do("/rule fire lead")
            await studio.do("/rule remove other")
            assert placed(studio) == [64]
            await studio.play(60)
            assert placed(studio) == [64]

    asyncio.run(one())


def test_a_latent_stands_in_the_arrangement_before_it_is_made() -> None:
    async def one() -> None:
        lines = ("/place kick:A 1 --bars 4", "/latent bass 8 --beats 12 --name later", "/latent bass 24 --name last")
        async with paced(*lines, project=drums()) as studio:
            drawn = (await studio.do("/arrangement show")).splitlines()
            assert drawn[-3:] == ["kick   ####...", "later  ..~~~..", "last   ......~"]
            await studio.do("/rule fire later")
            drawn = (await studio.do("/arrangement show")).splitlines()
            assert drawn[-2:] == ["bass  ..###..", "last  ......~"]

    asyncio.run(one())


def test_durations_lie_where_the_studio_says() -> None:
    async def one() -> None:
        async with paced('/rule add "marker here" sample bass', "/marker add here 1", project=drums()) as studio:
            await studio.play(0.5)
            assert (state_folder() / "durations.json").exists()

    asyncio.run(one())
