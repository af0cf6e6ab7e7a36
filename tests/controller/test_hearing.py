"""What is heard may differ from the project: layers that make no step, put on again after every edit."""

import pytest

from hardcore.controller.controller import Controller
from hardcore.controller.events import HearingChanged
from hardcore.controller.fakes import MemoryStore
from hardcore.project import tracks
from hardcore.project.state import ProjectState


def slower(project: ProjectState) -> ProjectState:
    return project.evolve(tempo_map=project.tempo_map.with_bpm(80))


@pytest.fixture
def controller() -> Controller:
    return Controller(MemoryStore(), lambda: 0.0)


def test_a_layer_is_heard_and_makes_no_step(controller: Controller) -> None:
    heard: list[ProjectState] = []
    controller.events.subscribe(HearingChanged, lambda event: heard.append(event.heard))
    before, at = controller.project, controller.history.at
    controller.hearing.lay("try", slower)
    assert heard[-1].tempo_map.bpm == 80
    assert (controller.project, controller.history.at) == (before, at)
    controller.hearing.lift("try")
    assert heard[-1] == before and len(heard) == 2
    controller.hearing.lift("try")
    assert len(heard) == 2


def test_layers_stay_over_edits_undo_and_redo(controller: Controller) -> None:
    heard: list[ProjectState] = []
    controller.hearing.lay("try", slower)
    controller.events.subscribe(HearingChanged, lambda event: heard.append(event.heard))
    controller.edit("a track", lambda project: tracks.add_track(project, "kick")[0])
    controller.undo()
    controller.redo()
    assert [len(project.tracks) for project in heard] == [2, 1, 2]
    assert {project.tempo_map.bpm for project in heard} == {80}


def test_another_project_begins_without_layers(controller: Controller) -> None:
    controller.hearing.lay("try", slower)
    controller.new()
    assert controller.hearing.heard is controller.project
    assert not controller.hearing.replace("try", slower)
    assert not controller.hearing.has("try")


def test_another_piece_begins_without_layers_and_an_edit_of_it_keeps_them(controller: Controller) -> None:
    controller.edit("a piece", lambda project: project.evolve(seed=5))
    controller.hearing.lay("try", slower)
    controller.edit("an edit", lambda project: project.evolve(title="five"))
    assert controller.hearing.has("try")
    controller.edit("another", lambda project: project.evolve(seed=6))
    assert controller.hearing.heard is controller.project


def test_ids_of_a_draft_are_its_own(controller: Controller) -> None:
    drafted = controller.draft(lambda project: tracks.add_track(project, "kick")[0])
    made = controller.edit("a track", lambda project: tracks.add_track(project, "snare")[0])
    assert drafted.tracks[0].id != made.tracks[0].id
    assert len(controller.history.steps) == 2
