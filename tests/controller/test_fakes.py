"""The store in memory behaves like the one on disk: each of these is true of both."""

from pathlib import Path

import pytest

from hardcore.controller.controller import Controller
from hardcore.controller.fakes import MemoryJournal, MemoryStore
from hardcore.controller.storeports import ProjectStore
from hardcore.errors import UserError
from hardcore.store.projects import Projects

KINDS = [MemoryStore, Projects]
either = pytest.mark.parametrize("store", [pytest.param(kind, id=kind.__name__) for kind in KINDS], indirect=True)


@pytest.fixture
def store(request: pytest.FixtureRequest) -> ProjectStore:
    made: ProjectStore = request.param()
    return made


def controller(store: ProjectStore, *titles: str) -> Controller:
    controller = Controller(store, lambda: 7.0)
    for title in titles:
        controller.edit(title, lambda project, title=title: project.evolve(title=title))
    return controller


@either
def test_a_saved_project_comes_back_with_its_history(store: ProjectStore, tmp_path: Path) -> None:
    first = controller(store, "a", "b")
    first.undo()
    first.edit("c", lambda project: project.evolve(title="c"))
    assert not first.saved
    first.save(tmp_path / "x.hcs")
    assert first.saved
    first.close()
    second = controller(store)
    second.open(tmp_path / "x.hcs")
    assert second.project.title == "c"
    assert [step.label for step in second.history.branches()] == ["c", "b"]
    assert second.history.steps[1].children == first.history.steps[1].children
    second.goto(2)
    assert second.project.title == "b"
    assert not second.saved
    second.close()


@either
def test_what_was_not_saved_can_be_recovered(store: ProjectStore, tmp_path: Path) -> None:
    first = controller(store, "a")
    first.save(tmp_path / "x.hcs")
    first.edit("b", lambda project: project.evolve(title="b"))
    assert store.recoverable() == []
    first.close()
    (left,) = store.recoverable()
    assert (left.title, left.steps, left.path) == ("b", 1, tmp_path / "x.hcs")
    second = controller(store)
    second.adopt(store.recover(left))
    assert second.project.title == "b"
    assert store.recoverable() == []
    second.save()
    second.close()
    assert store.recoverable() == []


@either
def test_what_was_left_can_be_discarded(store: ProjectStore) -> None:
    controller(store, "a").close()
    (left,) = store.recoverable()
    store.discard(left)
    assert store.recoverable() == []


@either
def test_an_untouched_project_leaves_nothing(store: ProjectStore) -> None:
    controller(store).close()
    assert store.recoverable() == []


@either
def test_a_file_that_is_not_there_is_said(store: ProjectStore, tmp_path: Path) -> None:
    mine = controller(store, "a")
    with pytest.raises(UserError):
        mine.open(tmp_path / "nothing.hcs")
    assert mine.project.title == "a"
    mine.close()


@either
def test_a_file_is_open_once_or_read_only(store: ProjectStore, tmp_path: Path) -> None:
    first = controller(store, "a")
    first.save(tmp_path / "x.hcs")
    second = controller(store)
    with pytest.raises(UserError):
        second.open(tmp_path / "x.hcs")
    second.open(tmp_path / "x.hcs", read_only=True)
    with pytest.raises(UserError, match="read-only"):
        second.edit("b", lambda project: project.evolve(title="b"))
    with pytest.raises(UserError):
        second.save(tmp_path / "x.hcs")
    first.close()
    second.close()


def test_a_journal_in_trouble_makes_nothing_durable() -> None:
    journal = MemoryJournal(trouble=UserError("the disk is full"))
    journal.moved(1)
    with pytest.raises(UserError, match="full"):
        journal.flush()
    assert journal.kept == []
    journal.trouble = None
    journal.flush()
    assert journal.kept == [1]
