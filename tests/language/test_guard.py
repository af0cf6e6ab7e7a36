"""A plan that changes more than its sentence names is taken back whole, and the sentence is refused."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.runplan import run_plan
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.language.interpret import interpret
from hardcore.language.plan import Call, Plan
from hardcore.language.referents import Ground


@pytest.fixture
def studio() -> Iterator[Studio]:
    with open_project(None) as made:
        asyncio.run(run_line(made, "house 124 bpm, A minor, 8 bars --seed 1", Caller()))
        yield made


def plan_of(studio: Studio, say: str) -> Plan:
    """Return how a sentence is read."""
    reading = interpret(say, Ground(studio.controller.project))
    assert isinstance(reading, Plan)
    return reading


def carried_out(studio: Studio, plan: Plan, caller: Caller | None = None) -> None:
    asyncio.run(run_plan(studio, plan, caller or Caller(), "a sentence", seed=1))


@pytest.mark.parametrize(
    ("say", "call", "why"),
    [
        ("bass 2 db down", Call("track gain", {"tracks": "kick", "by": -2}), "kick would change too"),
        ("bass 2 db down", Call("track remove", {"track": "kick"}), "kick would be removed"),
        ("bass 2 db down", Call("tempo", {"bpm": 150}), "tempo would change"),
        ("bass 2 db down", Call("track add", {"name": "extra"}), "extra would be added"),
        (
            "everything but the kick down 1 db",
            Call("track gain", {"tracks": "kick", "by": -1}),
            "kick would change too",
        ),
        ("bass down 2 db and leave the hats alone", Call("track gain", {"tracks": "hats", "by": -2}), "hats"),
    ],
)
def test_a_call_beyond_the_words_takes_the_whole_plan_back(studio: Studio, say: str, call: Call, why: str) -> None:
    plan = plan_of(studio, say)
    before, step = studio.controller.project, studio.controller.history.at
    with pytest.raises(UserError, match=why):
        carried_out(studio, replace(plan, calls=(*plan.calls, call)))
    assert studio.controller.project is before
    assert studio.controller.history.at == step


def test_a_sentence_is_one_step_and_one_undo(studio: Studio) -> None:
    before, step = studio.controller.project, studio.controller.history.at
    carried_out(studio, plan_of(studio, "kick 2 db down and mute the shaker"))
    assert studio.controller.project.find_track("kick").mixer.gain_db == before.find_track("kick").mixer.gain_db - 2
    assert studio.controller.project.find_track("shaker").mixer.mute
    assert len(studio.controller.history.steps) == step + 2
    studio.controller.undo()
    assert studio.controller.project == before


def test_a_plan_whose_second_half_fails_leaves_nothing_of_the_first(studio: Studio) -> None:
    plan = plan_of(studio, "kick 2 db down")
    before = studio.controller.project
    with pytest.raises(UserError):
        carried_out(studio, replace(plan, calls=(*plan.calls, Call("track gain", {"tracks": "kick", "gain_db": 900}))))
    assert studio.controller.project is before


def test_a_dry_run_changes_nothing_and_says_the_same(studio: Studio) -> None:
    plan = plan_of(studio, "kick 2 db down")
    before = studio.controller.project
    rehearsed = asyncio.run(run_plan(studio, plan, Caller(dry_run=True), "a sentence", seed=1))
    assert studio.controller.project is before
    done = asyncio.run(run_plan(studio, plan, Caller(), "a sentence", seed=1))
    assert rehearsed.step is None and done.step == studio.controller.history.at
    assert done.model_copy(update={"step": None}) == rehearsed


def test_an_unclear_sentence_offers_what_can_be_read_and_one_does_it(studio: Studio) -> None:
    with pytest.raises(UserError, match="quarrelling"):
        asyncio.run(run_line(studio, "the hats and the shaker are quarrelling, pull the shaker back", Caller()))
    before = studio.controller.project
    asyncio.run(run_line(studio, "1", Caller()))
    after = studio.controller.project
    assert after.find_track("shaker").mixer.gain_db < before.find_track("shaker").mixer.gain_db
    assert after.find_track("hats") == before.find_track("hats")


@pytest.mark.parametrize("say", ["900 bpm", "kick 900 db down", "swing 99"])
def test_a_sentence_that_asks_for_too_much_is_refused_and_names_no_field_of_a_command(studio: Studio, say: str) -> None:
    before = studio.controller.project
    with pytest.raises(UserError) as refused:
        asyncio.run(run_line(studio, say, Caller()))
    assert refused.value.code == "invalid" and studio.controller.project is before


def test_it_is_the_part_that_the_sentence_has_just_added_and_nothing_else_changes(studio: Studio) -> None:
    before = studio.controller.project
    answer = asyncio.run(run_line(studio, "add a ride, pan it right and turn it down 3 db", Caller()))
    after = studio.controller.project
    ride = after.find_track("ride")
    assert ride.mixer.pan == 0.5 and "/track pan ride 0.5" in answer.text()
    asyncio.run(run_line(studio, "/undo", Caller()))
    asyncio.run(run_line(studio, "/part add ride", Caller()))
    alone = studio.controller.project.find_track("ride")
    assert ride.mixer.gain_db == pytest.approx(alone.mixer.gain_db - 3) and alone.mixer.pan != 0.5
    assert all(after.find_track(track.id) == track for track in before.tracks)


@pytest.mark.parametrize("say", ["let me think about the drop", "flurb the kick"])
def test_what_cannot_be_read_is_an_error_of_the_input_like_any_other(studio: Studio, say: str) -> None:
    with pytest.raises(UserError) as refused:
        asyncio.run(run_line(studio, say, Caller()))
    assert type(refused.value) is UserError
