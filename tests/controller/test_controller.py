"""The controller: one step per edit, ids that only rise, listeners, nothing lost when an edit fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.controller.controller import Controller
from hardcore.controller.events import Changed
from hardcore.errors import UserError
from hardcore.project import scenes, tracks
from hardcore.project.state import ProjectState
from hardcore.store.projects import Projects


@pytest.fixture
def controller() -> Iterator[Controller]:
    controller = Controller(Projects(), clock=lambda: 1000.0)
    yield controller
    controller.close()


def add(name: str):
    return lambda project: tracks.add_track(project, name, instrument="sub")[0]


def test_an_edit_is_one_step_and_undo_takes_it_back(controller: Controller) -> None:
    before = controller.project
    controller.edit("add a", add("a"))
    assert [track.name for track in controller.project.tracks] == ["a", "master"]
    assert controller.undo().label == "add a"
    assert controller.project is before
    controller.redo()
    assert controller.history.step.label == "add a"


def test_edits_inside_one_step_undo_together(controller: Controller) -> None:
    with controller.step("two tracks", "partner"):
        controller.edit("a", add("a"))
        controller.edit("b", add("b"))
    assert controller.history.step.author == "partner"
    controller.undo()
    assert len(controller.project.tracks) == 1


def test_a_step_that_fails_half_way_leaves_nothing(controller: Controller) -> None:
    before = controller.project
    with pytest.raises(UserError), controller.step("half", "you"):
        controller.edit("a", add("a"))
        controller.edit("gone", lambda project: tracks.remove_track(project, "t999"))
    assert controller.project is before
    assert controller.history.at == 0


def test_an_edit_that_changes_nothing_makes_no_step(controller: Controller) -> None:
    controller.edit("same", lambda project: project.evolve(title=project.title))
    assert controller.history.at == 0


def test_an_id_is_never_used_twice_even_on_another_branch(controller: Controller) -> None:
    controller.edit("a", add("a"))
    first = controller.project.find_track("a").id
    controller.undo()
    controller.edit("b", add("b"))
    assert controller.project.find_track("b").id != first


def test_listeners_hear_every_change_until_they_stop(controller: Controller) -> None:
    heard: list[Changed] = []
    stop = controller.events.subscribe(Changed, heard.append)
    controller.edit("a", add("a"))
    controller.undo()
    stop()
    controller.redo()
    assert [change.label for change in heard] == ["a", "undo"]
    assert heard[0].new is heard[1].old


def test_a_value_out_of_range_is_a_user_error_that_names_it(controller: Controller) -> None:
    def too_loud(project: ProjectState) -> ProjectState:
        return project.with_mixer(project.master.id, gain_db=99)

    with pytest.raises(UserError, match="gain_db"):
        controller.edit("loud", too_loud)


def test_saving_and_opening_keeps_history_and_where_we_stand(controller: Controller, tmp_path: Path) -> None:
    controller.edit("a", add("a"))
    controller.edit("scene", lambda project: scenes.add_scene(project, "drop")[0])
    controller.undo()
    saved = controller.save(tmp_path / "song.hcs")
    assert controller.saved
    before = controller.project
    controller.new()
    controller.open(saved)
    assert controller.project == before
    assert controller.redo().label == "scene"
    assert not controller.saved
    controller.close()


def test_a_failed_open_keeps_the_present_project(controller: Controller, tmp_path: Path) -> None:
    controller.edit("a", add("a"))
    before = controller.project
    with pytest.raises(UserError):
        controller.open(tmp_path / "missing.hcs")
    assert controller.project is before
