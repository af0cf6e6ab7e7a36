"""Notes held shorter and longer, by what plays them."""

import pytest

from hardcore.compose.edits.articulation import hold, legato, staccato
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, techno

LINE = {"bass": [Note(0, 480, 41), Note(BEAT, 960, 43), Note(3 * BEAT, 480, 41)]}


def lengths(project: ProjectState, role: str = "bass") -> list[int]:
    return [note.length_ticks for note in part(project, role).clips[0].notes]


def test_a_factor_is_of_each_note_and_none_reaches_into_the_next() -> None:
    project = made_by_hand(LINE, 1)
    assert lengths(hold(project, select(project, "bass"), 0.5).project) == [240, 480, 240]
    assert lengths(hold(project, select(project, "bass"), 8).project) == [BEAT, 2 * BEAT, BEAT]
    assert lengths(staccato(project, select(project, "bass")).project) == [240, 480, 240]
    outcome = hold(project, select(project, "bass"), 0.5)
    assert outcome.said == ("bass: notes 1.33 → 0.67 sixteenths",)


def test_legato_leaves_no_gap() -> None:
    project = made_by_hand(LINE, 1)
    after = part(legato(project, select(project, "bass")).project, "bass").clips[0].notes
    ends = [note.end_ticks for note in after]
    assert ends == [BEAT, 3 * BEAT, BAR]
    again = legato(project, select(project, "bass")).project
    assert legato(again, select(again, "bass")).failed == ("bass has notes of that length already",)


def test_the_last_note_of_a_legato_line_reaches_the_first_of_the_next_round() -> None:
    late = made_by_hand({"bass": [Note(960, 240, 41), Note(BEAT, 240, 41)]}, 1)
    after = part(legato(late, select(late, "bass")).project, "bass").clips[0].notes
    assert [note.end_ticks for note in after] == [BEAT, BAR + 960]


def test_a_drum_that_rings_decays_longer_and_its_notes_stay() -> None:
    before, after = (part(p, "kick") for p in (techno(), hold(techno(), select(techno(), "kick"), 1.5).project))
    assert before.instrument and after.instrument
    assert after.instrument.value("decay") == pytest.approx(1.5 * before.instrument.value("decay"), rel=1e-3)
    assert before.clips == after.clips
    assert legato(techno(), select(techno(), "kick")).failed == ("kick rings by itself, it cannot be held",)


def test_a_riser_ends_where_it_ended() -> None:
    after = hold(techno(), select(techno(), "riser"), 0.5).project
    for old, new in zip(part(techno(), "riser").clips[0].notes, part(after, "riser").clips[0].notes, strict=True):
        assert new.end_ticks == old.end_ticks and new.length_ticks == old.length_ticks // 2
