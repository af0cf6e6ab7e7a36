"""The event bus: everything is told once, in order, to everybody; nobody's failure harms an edit, nothing is missed."""

import asyncio
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.controller.controller import Controller
from hardcore.controller.events import (
    MOST_CAUSES,
    BeatReached,
    Changed,
    Event,
    HeadChanged,
    HearingChanged,
    MarkerReached,
    PlaybackChanged,
    ProjectOpened,
    StepMade,
    StepReached,
    acting,
    caused,
)
from hardcore.controller.fakes import MemoryStore
from hardcore.controller.playing import PlaybackEvents, reached
from hardcore.controller.stream import MOST_WAITING, Stream
from hardcore.errors import UserError
from hardcore.paths import state_folder
from hardcore.project.playback import Loop, Playback
from hardcore.project.section import Marker
from hardcore.project.state import ProjectState, new_project


@pytest.fixture
def controller() -> Iterator[Controller]:
    controller = Controller(MemoryStore(), lambda: 0.0)
    yield controller
    controller.close()


def titled(controller: Controller, title: str) -> None:
    controller.edit(title, lambda project: project.evolve(title=title), "agent")


def test_an_edit_and_a_move_and_another_project_are_told_as_what_they_are(controller: Controller) -> None:
    told: list[Changed] = []
    controller.events.subscribe(Changed, told.append)
    with acting("agent", ("a rule",)):
        titled(controller, "one")
        controller.undo()
    controller.new()
    assert [type(event) for event in told] == [StepMade, StepReached, ProjectOpened]
    assert [(event.step, event.label, event.author) for event in told] == [
        (1, "one", "agent"), (0, "undo", "agent"), (0, "new", "you"),
    ]  # fmt: skip
    assert [event.cause for event in told] == [("a rule",), ("a rule",), ()]
    assert told[0].new is told[1].old
    assert (told[0].old.title, told[0].new.title) == (new_project().title, "one")


def test_a_subscriber_that_fails_is_logged_and_harms_neither_the_edit_nor_the_next(controller: Controller) -> None:
    told: list[Event] = []

    def fail(event: Event) -> None:
        raise ZeroDivisionError("a subscriber's own fault")

    controller.events.subscribe(Event, fail)
    controller.events.subscribe(StepMade, told.append)
    titled(controller, "one")
    assert (controller.history.at, controller.project.title) == (1, "one")
    assert len(told) == 1
    assert "a subscriber's own fault" in (state_folder() / "errors.log").read_text()


def test_a_subscriber_edits_nothing_while_it_is_told(controller: Controller) -> None:
    controller.events.subscribe(StepMade, lambda event: titled(controller, "again"))
    titled(controller, "one")
    assert [step.label for step in controller.history.line()] == ["new project", "one"]
    assert "begins a task of its own" in (state_folder() / "errors.log").read_text()


def test_what_is_heard_is_told_from_the_thread_that_changes_it(controller: Controller) -> None:
    threads: list[threading.Thread] = []
    controller.events.subscribe(HearingChanged, lambda event: threads.append(threading.current_thread()))
    layer = threading.Thread(target=controller.hearing.lay, args=("try", lambda project: project))
    layer.start()
    layer.join()
    assert threads == [layer]


def test_causes_make_a_chain_that_ends() -> None:
    cause: tuple[str, ...] = ()
    for number in range(MOST_CAUSES):
        cause = caused(cause, f"rule {number}")
    assert cause[0] == "rule 0" and len(cause) == MOST_CAUSES
    with pytest.raises(UserError, match="one thing led to another too often: rule 0 → rule 1"):
        caused(cause, "rule 0")


async def taken(stream: Stream, count: int) -> list[Event]:
    return [await anext(stream) for _ in range(count)]


def test_a_client_that_was_away_is_told_every_step_since(controller: Controller) -> None:
    for title in ("one", "two", "three"):
        titled(controller, title)
    with acting("rule", ("a beat",)):
        titled(controller, "four")
    controller.undo()

    async def read() -> list[Event]:
        async with Stream(controller, since=1, kinds=(Changed,)) as stream:
            titled(controller, "five")
            return await taken(stream, 5)

    told = asyncio.run(read())
    assert all(isinstance(event, Changed) for event in told)
    assert [(type(e), e.step, e.label) for e in told if isinstance(e, Changed)] == [
        (StepMade, 2, "two"), (StepMade, 3, "three"), (StepMade, 4, "four"),
        (StepReached, 3, "three"), (StepMade, 5, "five"),
    ]  # fmt: skip
    assert isinstance(told[2], StepMade) and told[2].cause == ("a beat",)
    project: ProjectState | None = None
    for event in told:
        assert isinstance(event, Changed)
        assert project is None or event.old is project
        project = event.new
    assert project is controller.project


def test_steps_on_a_branch_that_were_made_meanwhile_are_told_as_its_own(controller: Controller) -> None:
    titled(controller, "one")
    controller.branch("draft")
    controller.edit("two", lambda project: project.evolve(title="two"), "agent", "draft")
    titled(controller, "three")
    told = asyncio.run(taken(Stream(controller, since=1), 2))
    assert [(type(event), event.step) for event in told if isinstance(event, Changed | HeadChanged)] == [
        (HeadChanged, 2), (StepMade, 3),
    ]  # fmt: skip


def test_a_client_that_asks_for_a_step_that_is_not_is_told_so(controller: Controller) -> None:
    with pytest.raises(UserError, match="no step 7"):
        Stream(controller, since=7)


def test_a_stream_waits_and_ends_when_it_is_closed(controller: Controller) -> None:
    async def read() -> list[str]:
        stream = Stream(controller, kinds=(StepMade,))
        labels: list[str] = []

        async def reading() -> None:
            async for event in stream:
                assert isinstance(event, StepMade)
                labels.append(event.label)

        task = asyncio.ensure_future(reading())
        for title in ("one", "two"):
            await asyncio.sleep(0)
            titled(controller, title)
        stream.close()
        await task
        titled(controller, "three")
        return labels

    assert asyncio.run(read()) == ["one", "two"]


def test_a_reader_that_is_too_slow_is_told_to_begin_again(controller: Controller) -> None:
    with pytest.raises(UserError, match="faster than they were read") as error:
        asyncio.run(read_too_slowly(controller))
    assert "since the last step" in error.value.hint


async def read_too_slowly(controller: Controller) -> None:
    stream = Stream(controller)
    for _ in range(MOST_WAITING + 1):
        controller.events.tell(BeatReached(bar=1, beat=1, tick=0))
    await taken(stream, MOST_WAITING)
    await anext(stream)


def test_the_python_studio_is_read_in_a_loop_while_it_works_in_its_own(tmp_path: Path) -> None:
    async def read() -> list[str]:
        with open_studio() as studio:
            studio.do("/tempo 140")
            async with studio.events(since=0) as events:
                studio.do("/tempo 150")
                return [event.label async for event in until_second_step(events)]

    assert asyncio.run(read()) == ["tempo 140", "tempo 150"]


async def until_second_step(events: Stream):  # type: ignore[no-untyped-def]
    """Yield the steps up to number 2."""
    async for event in events:
        if isinstance(event, StepMade):
            yield event
            if event.step == 2:
                return


def playing(tick: float, at_s: float = 0.0, **others: object) -> Playback:
    return Playback.model_validate({"playing": True, "tick": tick, "at_s": at_s, **others})


def test_a_player_is_told_of_when_it_does_something_else_not_when_its_meters_move() -> None:
    controller = Controller(MemoryStore(), lambda: 0.0)
    told: list[Event] = []
    controller.events.subscribe(PlaybackChanged, told.append)
    player = PlaybackEvents(controller.events, lambda: controller.project)
    for state in (
        playing(0), playing(10, 0.01, peaks_db={"t1": -3.0}), playing(20, 0.02, load_percent=9.0),
        Playback(tick=20, at_s=0.03), Playback(tick=20, at_s=0.1),
    ):  # fmt: skip
        player.take(state)
    assert [event.playback.playing for event in told if isinstance(event, PlaybackChanged)] == [True, False]
    controller.close()


def test_beats_and_markers_are_told_once_each_whenever_the_reports_come() -> None:
    project = new_project().evolve(tempo_map=new_project().tempo_map.with_bpm(120))
    ticks_a_s = 2 * 1920
    times = [0.0, 0.04, 0.3, 0.49, 0.51, 1.0, 1.74, 2.04]
    reports = [Playback(), *(playing(at * ticks_a_s, at) for at in times)]
    told = [event for a, b in pairwise(reports) for event in reached(project, a, b)]
    beats = [(event.bar, event.beat) for event in told if isinstance(event, BeatReached)]
    assert beats == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1)]


def test_the_beats_of_a_loop_are_told_each_time_round_and_those_that_are_leapt_over_are_not() -> None:
    project = new_project().evolve(tempo_map=new_project().tempo_map.with_bpm(120))
    loop = Loop(start_ticks=0, end_ticks=4 * 1920)
    before, after = playing(3.9 * 1920, 10.0, loop=loop), playing(0.1 * 1920, 10.1, loop=loop)
    assert [event.tick for event in reached(project, before, after) if isinstance(event, BeatReached)] == [0]
    leapt = playing(100 * 1920, 10.1)
    assert [event.tick for event in reached(project, before, leapt) if isinstance(event, BeatReached)] == [100 * 1920]


def test_a_marker_is_told_when_the_music_comes_to_it() -> None:
    project = new_project().evolve(
        tempo_map=new_project().tempo_map.with_bpm(120), markers=(Marker(id="m1", name="drop", tick=1000),)
    )
    told = list(reached(project, playing(900, 1.0), playing(1092, 1.05)))
    assert [(event.marker, event.tick) for event in told if isinstance(event, MarkerReached)] == [("drop", 1000)]
    assert list(reached(project, playing(1092, 1.05), playing(1284, 1.1))) == []
