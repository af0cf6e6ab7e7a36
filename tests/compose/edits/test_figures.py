"""Backwards, broken, struck again."""

import pytest

from hardcore.compose.edits.noteprocessing import arpeggiate, ratchet, reverse
from hardcore.project.events import Span, events
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part

SIXTEENTH = 480
CHORD = {
    "lead": [*(Note(0, BEAT, pitch) for pitch in (60, 64, 67)), *(Note(2 * BEAT, 960, pitch) for pitch in (62, 65))]
}


def notes(project: ProjectState, role: str = "lead") -> list[tuple[int, int, int]]:
    return [(note.start_ticks, note.length_ticks, note.pitch) for note in part(project, role).clips[0].notes]


@pytest.mark.parametrize(
    ("way", "first"), [("up", [60, 64, 67, 60]), ("down", [67, 64, 60, 67]), ("up-down", [60, 64, 67, 64])]
)
def test_a_chord_is_played_note_by_note_while_it_lasts(way: str, first: list[int]) -> None:
    project = made_by_hand(CHORD, 1)
    after = arpeggiate(project, select(project, "lead"), SIXTEENTH, way).project  # type: ignore[arg-type]
    assert notes(after)[:4] == [(step * SIXTEENTH, SIXTEENTH, pitch) for step, pitch in enumerate(first)]
    assert [at for at, _, _ in notes(after)[4:]] == [2 * BEAT, 2 * BEAT + SIXTEENTH]


def test_a_chord_ends_where_it_ended_also_within_a_step() -> None:
    project = made_by_hand({"lead": [Note(0, 700, pitch) for pitch in (60, 64)]}, 1)
    assert notes(arpeggiate(project, select(project, "lead"), SIXTEENTH).project) == [(0, 480, 60), (480, 220, 64)]


def test_one_note_at_a_time_is_no_chord() -> None:
    project = made_by_hand({"lead": [Note(0, BEAT, 60)]}, 1)
    assert arpeggiate(project, select(project, "lead"), SIXTEENTH).failed == ("lead plays one note at a time",)


def test_a_ratchet_is_heard_so_many_times_in_the_length_of_its_note() -> None:
    project = made_by_hand({"hat_closed": [Note(at, SIXTEENTH, 42) for at in range(0, BAR, BEAT)]}, 1)
    after = ratchet(project, select(project, "hat_closed"), 3, 2).project
    heard = [event.tick for event in events(after, timeline(after), Span(0, BAR))]
    assert heard == [0, BEAT, BEAT + 160, BEAT + 320, 2 * BEAT, 3 * BEAT, 3 * BEAT + 160, 3 * BEAT + 320]
    assert ratchet(after, select(after, "hat_closed"), 1).project == project


def test_backwards_is_the_mirror_of_the_clip_and_twice_is_as_it_was() -> None:
    project = made_by_hand({"lead": [Note(0, 480, 60), Note(BEAT, 960, 62), Note(3 * BEAT, 1920, 64)]}, 1)
    after = reverse(project, select(project, "lead")).project
    assert notes(after) == [(0, 1920, 64), (BAR - BEAT - 960, 960, 62), (BAR - 480, 480, 60)]
    assert reverse(after, select(after, "lead")).project == project
    same = made_by_hand({"lead": [Note(0, BAR, 60)]}, 1)
    assert reverse(same, select(same, "lead")).failed == ("lead is the same backwards",)
