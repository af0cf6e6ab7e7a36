"""What is acknowledged can be saved, opened and recovered: a project that is full takes no more, and says so before."""

import asyncio
from pathlib import Path

import pytest

from hardcore.controller.controller import Controller
from hardcore.controller.events import Changed, HeadChanged
from hardcore.errors import Refused, UserError
from hardcore.project.integrity import check
from hardcore.project.log import LogEntry
from hardcore.project.state import ProjectState
from hardcore.store import schema
from hardcore.store.capacity import Room
from hardcore.store.project_file import open_project, recover, recoverable
from hardcore.store.projects import Projects
from tests.store.child import fingerprint
from tests.store.samples import noisy, song

MOST = 600_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a project file hold 600 KB."""
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", MOST)


def begun() -> Controller:
    controller = Controller(Projects(), lambda: 1000.0)
    controller.edit("song", lambda _: song())
    controller.flush()
    return controller


def fill(controller: Controller, count: int = 500) -> list[str]:
    """Edit until that is refused; return what was said, the refusal last."""
    said: list[str] = []
    for seed in range(1000):
        try:
            controller.edit("noise", lambda project, seed=seed: noisy(project, count, seed))
            controller.flush()
        except UserError as error:
            return [*said, error.line()]
        said += [news] if (news := controller.news()) else []
    raise AssertionError("it never is full")


def test_how_full_it_is_is_said_three_times_and_then_edits_are_refused_in_words(small: None) -> None:
    controller = begun()
    *said, refusal = fill(controller)
    assert [int(words.split("%")[0].split()[-1]) // 10 for words in said] == [5, 8, 9]
    assert all("MB" in words and "/history compact makes room" in words for words in said)
    assert "full" in refusal and "/history compact makes room" in refusal
    before = controller.history.at
    with pytest.raises(UserError, match="full"):
        controller.edit("more", lambda project: project.evolve(title="more"))
    assert controller.history.at == before and controller.project.title == "song"
    controller.close("nothing")


def test_a_full_project_is_saved_opened_and_recovered_with_every_step(small: None, tmp_path: Path) -> None:
    controller = begun()
    fill(controller)
    history = controller.history
    controller.undo()
    controller.redo()
    controller.flush()
    known = {number: fingerprint(history.state(number)) for number in history.steps}
    controller.save(tmp_path / "full.hcs")
    assert (tmp_path / "full.hcs").stat().st_size <= MOST
    again = open_project(tmp_path / "full.hcs", read_only=True)
    assert {number: fingerprint(again.history.state(number)) for number in again.history.steps} == known
    assert again.full, "it is as full as it was"
    again.close(keep=False)
    controller.undo()
    controller.flush()
    controller.close()
    (left,) = recoverable()
    found = recover(left)
    assert {number: fingerprint(found.history.state(number)) for number in found.history.steps} == known
    check(found.history.state())
    found.close(keep=False)


def test_a_step_of_a_branch_that_is_too_much_is_taken_back_there(small: None) -> None:
    controller = begun()
    controller.branch("a")
    controller.edit("fits", lambda project: project.evolve(title="fits"), "agent", "a")
    controller.flush()
    kept, places = controller.on("a"), controller.history.places
    heard: list[tuple[str, ProjectState]] = []
    controller.events.subscribe(HeadChanged, lambda changed: heard.append((changed.label, changed.new)))
    with controller._opened.journal._wake:
        controller.edit("too much", lambda project: noisy(project, 65_000, 1), "agent", "a")
        controller.branch("b")
    with pytest.raises(Refused):
        controller.flush()
    assert controller.history.places == places and controller.on("a") is kept
    assert ("taken back", kept) in heard
    controller.edit("goes on", lambda project: project.evolve(title="goes on"), "agent", "a")
    controller.flush()
    controller.close()
    found = recover(recoverable()[0])
    assert found.history.state(found.history.place("a")).title == "goes on"
    found.close(keep=False)


@pytest.mark.parametrize("waiting", [0, 3])
def test_a_step_that_is_too_much_at_once_is_taken_back_and_those_before_it_stay(small: None, waiting: int) -> None:
    controller = begun()
    heard: list[str] = []
    controller.events.subscribe(Changed, lambda changed: heard.append(changed.label))
    with controller._opened.journal._wake:  # the writer gets all of them at once
        for number in range(waiting):
            controller.edit(f"title {number}", lambda project, number=number: project.evolve(title=f"{number}"))
        kept = controller.project
        controller.edit("too much", lambda project: noisy(project, 65_000, 1))
        controller.edit("on top", lambda project: project.evolve(title="on top"))
    with pytest.raises(Refused, match="more than a project may hold"):
        controller.flush()
    assert controller.project is kept
    assert controller.history.last == controller.history.at == 1 + waiting
    assert heard[-1] == "taken back"
    controller.flush()
    controller.edit("goes on", lambda project: project.evolve(title="goes on"))
    controller.flush()
    controller.close()
    found = recover(recoverable()[0])
    assert found.history.state().title == "goes on"
    assert [step.label for step in found.history.line()][-1 - waiting :] == [
        *(f"title {number}" for number in range(waiting)), "goes on",
    ]  # fmt: skip
    found.close(keep=False)


def test_what_comes_after_a_step_that_was_refused_hides_the_refusal_from_nobody(small: None) -> None:
    controller = begun()
    journal = controller._opened.journal
    controller.edit("too much", lambda project: noisy(project, 65_000, 1))
    with pytest.raises(Refused):
        journal.durable().result(10)
    journal.log(LogEntry(1.0, "you", "play"))
    with pytest.raises(Refused):
        asyncio.run(controller.durable())
    assert controller.history.last == 1
    assert journal.drop() is None, "it was dropped once"
    controller.edit("goes on", lambda project: project.evolve(title="goes on"))
    asyncio.run(controller.durable())
    assert controller.history.last == 2
    controller.close("nothing")


def test_what_is_taken_back_leaves_branches_as_they_were(small: None) -> None:
    controller = begun()
    controller.edit("one", lambda project: project.evolve(title="one"))
    controller.undo()
    controller.edit("two", lambda project: project.evolve(title="two"))
    controller.undo()
    controller.flush()
    controller.edit("too much", lambda project: noisy(project, 65_000, 1))
    with pytest.raises(Refused):
        controller.flush()
    controller.redo()
    controller.flush()
    assert controller.project.title == "two"
    controller.close()
    found = recover(recoverable()[0])
    assert found.history.state().title == "two"
    found.history.undo()
    assert found.history.redo().label == "two"
    found.close(keep=False)


@pytest.mark.parametrize(("limit", "value"), [("MAX_STEPS", 30), ("MAX_OBJECTS", 120), ("MAX_CONTENT_BYTES", 60_000)])
def test_every_limit_of_a_file_counts(limit: str, value: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schema, limit, value)
    controller = begun()
    refusal = fill(controller, 30)[-1]
    assert "full" in refusal or "more than a project may hold" in refusal
    controller.save(tmp_path / "full.hcs")
    again = open_project(tmp_path / "full.hcs", read_only=True)
    assert again.history.last == controller.history.last > 5
    counted = controller._opened.journal.room
    assert all(0.9 * here <= there <= here for there, here in zip(again.journal.room[1:], counted[1:], strict=True))
    again.close(keep=False)
    controller.close("nothing")


def test_a_part_that_is_too_large_to_store_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    controller = begun()
    monkeypatch.setattr("hardcore.store.objects.MAX_OBJECT_BYTES", 5000)
    controller.edit("too long", lambda project: noisy(project, 500, 1))
    with pytest.raises(Refused, match="too large to store"):
        controller.flush()
    assert controller.history.last == 1
    controller.edit("short", lambda project: project.evolve(title="short"))
    controller.flush()
    controller.close("nothing")


def test_thresholds_are_passed_once_whatever_is_jumped_over() -> None:
    def at(share: float) -> Room:
        return Room(steps=int(schema.MAX_STEPS * 15 / 16 * share))

    assert at(0.6).told_since(at(0.4)).startswith("the project is 60% full")
    assert at(0.97).told_since(at(0.1)).startswith("the project is 97% full")
    assert at(0.7).told_since(at(0.6)) == at(0.3).told_since(at(0.6)) == ""
