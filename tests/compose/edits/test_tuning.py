"""Drums tuned to a note, in Hz or by their notes."""

import pytest

from hardcore.compose.edits.naming import named
from hardcore.compose.edits.replacement import replace
from hardcore.compose.edits.tuning import tune
from hardcore.music.pitch import frequency
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import part, techno


def hz(project: ProjectState) -> float:
    kick = part(project, "kick").instrument
    assert kick is not None
    return kick.value("tune")


@pytest.mark.parametrize(("note", "pitch"), [(9, 33), (0, 36), (7, 31)])  # A1, C2 (C1 is too low), G1
def test_a_kick_is_tuned_to_the_nearest_pitch_of_that_name(note: int, pitch: int) -> None:
    assert hz(techno()) == pytest.approx(frequency(29), rel=1e-3)
    outcome = tune(techno(), [part(techno(), "kick")], note)
    assert hz(outcome.project) == pytest.approx(frequency(pitch), rel=1e-3)
    assert tune(outcome.project, [part(outcome.project, "kick")], 5).project == techno()


def test_a_kick_that_is_played_by_notes_has_them_moved() -> None:
    gabber = replace(techno(), [part(techno(), "kick")], named("gabber kick")).project
    assert {note.pitch % 12 for note in part(gabber, "kick").clips[0].notes} == {5}
    outcome = tune(gabber, [part(gabber, "kick")], 7)
    assert {note.pitch % 12 for note in part(outcome.project, "kick").clips[0].notes} == {7}
    assert outcome.said == ("kick: +2 semitones, to G",)


def test_what_is_no_drum_or_is_there_is_told() -> None:
    assert "transpose bass" in tune(techno(), [part(techno(), "bass")], 7).failed[0]
    assert "tuned to F already" in tune(techno(), [part(techno(), "kick")], 5).failed[0]
