"""Density: so many times as many hits, the rhythm that is there first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.compose.edits.density import hits, of_steps, set_density
from hardcore.project.clip import Clip
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, starts, techno

HATS = {"hat_closed": [Note(at, 240, 42) for at in range(BEAT // 2, 2 * BAR, BEAT)]}


def count(project: ProjectState, role: str) -> int:
    return sum(hits(clip.notes) for clip in part(project, role).clips)


@pytest.mark.parametrize("factor", [2, 3, 4, 1.5, 1.25, 0.5, 0.75, 0.25])
@pytest.mark.parametrize("role", ["hat_closed", "chords", "bass"])
def test_there_are_so_many_times_as_many_hits(role: str, factor: float) -> None:
    project = techno()
    after = set_density(project, select(project, role), factor, 3).project
    bars = 8  # each keeps one
    assert count(after, role) == pytest.approx(max(count(project, role) * factor, bars), rel=0.13, abs=1)
    assert all(old is new for old, new in zip(project.tracks, after.tracks, strict=True) if old.role != role)


def test_twice_is_halfway_and_half_of_that_is_the_rhythm_that_was() -> None:
    before = made_by_hand(HATS)
    twice = set_density(before, select(before, "hat_closed"), 2, 1).project
    assert starts(twice, "hat_closed") == list(range(0, 2 * BAR, BEAT // 2))
    half = set_density(twice, select(twice, "hat_closed"), 0.5, 1).project
    assert starts(half, "hat_closed") in (starts(before, "hat_closed"), list(range(0, 2 * BAR, BEAT)))


def test_a_chord_is_one_hit_and_stays_whole() -> None:
    project = made_by_hand({"lead": [Note(at * BEAT, 480, pitch) for at in range(8) for pitch in (60, 64, 67)]})
    after = set_density(project, select(project, "lead"), 0.5, 1).project
    assert count(after, "lead") == 4
    assert len(part(after, "lead").clips[0].notes) == 12


def test_a_step_is_thirty_per_cent() -> None:
    assert [of_steps(step) for step in (1, 2, 0.5, -1, -2, -9)] == pytest.approx([1.3, 1.6, 1.15, 0.7, 0.4, 0.1])


def test_what_goes_are_the_weak_places_and_a_bar_keeps_one() -> None:
    project = made_by_hand({"hat_closed": [Note(at, 120, 42, 60) for at in range(0, 2 * BAR, 480)]})
    after = set_density(project, select(project, "hat_closed"), 0.3, 1).project
    assert len(starts(after, "hat_closed")) == 10  # of 32
    assert set(range(0, 2 * BAR, BEAT)) < set(starts(after, "hat_closed"))
    few = set_density(project, select(project, "hat_closed"), 0.02, 1).project
    assert {start // BAR for start in starts(few, "hat_closed")} == {0, 1}


def test_the_same_as_before_is_told() -> None:
    outcome = set_density(made_by_hand(HATS), select(made_by_hand(HATS), "hat_closed"), 1, 1)
    assert outcome.said == () and outcome.failed == ("hat_closed: nothing to change, 8 hits",)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 2 * BAR - 1), st.integers(1, 900), st.integers(30, 90)), max_size=20),
    factor=st.floats(0.05, 8),
)
def test_any_notes_stay_notes_of_the_clip(rows: list[tuple[int, int, int]], factor: float) -> None:
    project = made_by_hand({"lead": [Note(*row) for row in rows]})
    clip: Clip = part(project, "lead").clips[0]
    if not rows:
        return
    after = set_density(project, select(project, "lead"), factor, 1).project
    new = part(after, "lead").clips[0]
    assert new.length_ticks == clip.length_ticks
    assert all(0 <= note.start_ticks < clip.length_ticks for note in new.notes)
    assert {note.pitch for note in new.notes} <= {note.pitch for note in clip.notes}
    assert (hits(new.notes) - hits(clip.notes)) * (factor - 1) >= 0
