"""Beats: hits where they are asked for, with the sounds and chords that are there."""

import pytest

from hardcore.compose.edits.beats import double_time, half_time, set_pattern
from hardcore.compose.edits.ghosts import add_ghosts, ghosts, remove_ghosts
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, starts, techno

SIXTEENTH = 480


def test_hats_in_eighths_keep_their_sound_and_the_force_of_those_that_were_there() -> None:
    project = made_by_hand({"hat_closed": [Note(at, 240, 42, 80 if at else 110) for at in range(0, 2 * BAR, BEAT)]})
    outcome = set_pattern(project, select(project, "hat_closed"), "1/8")
    notes = list(part(outcome.project, "hat_closed").clips[0].notes)
    assert [note.start_ticks for note in notes] == list(range(0, 2 * BAR, BEAT // 2))
    assert {note.pitch for note in notes} == {42}
    assert [note.velocity for note in notes[:4]] == [110, 84, 80, 84]  # 84 is the mean of 110 and seven of 80
    assert outcome.said == ("hat_closed: 8 → 16 hits, 1/8",)


def test_a_ghost_that_is_to_be_a_hit_is_as_hard_as_the_hits() -> None:
    hits = [Note(beat * BEAT, 240, 42, velocity) for beat, velocity in enumerate((100, 30, 80))]
    project = made_by_hand({"hat_closed": hits}, 1)
    notes = part(set_pattern(project, select(project, "hat_closed"), "1/4").project, "hat_closed").clips[0].notes
    assert [note.velocity for note in notes] == [100, 90, 80, 90]


def test_accents_ghosts_and_rolls_of_a_pattern_are_played() -> None:
    project = made_by_hand({"snare": [Note(0, 240, 38, 90)]}, 1)
    notes = list(part(set_pattern(project, select(project, "snare"), "xXo3").project, "snare").clips[0].notes)
    assert [(note.velocity, note.ratchet) for note in notes[:4]] == [(90, 1), (110, 1), (45, 1), (90, 3)]


def test_chords_that_get_another_rhythm_stay_on_the_chords() -> None:
    """At every new hit the pitches are those that were struck last."""
    project = techno()
    before = part(project, "chords").clips[0].notes
    after = part(set_pattern(project, select(project, "chords"), "1/4").project, "chords").clips[0].notes
    assert sorted({note.start_ticks for note in after}) == list(range(0, 8 * BAR, BEAT))
    first = min(note.start_ticks for note in before)
    for start in range(BEAT * (first // BEAT + 1), 8 * BAR, BEAT):
        last = max(note.start_ticks for note in before if note.start_ticks <= start)
        assert {note.pitch for note in after if note.start_ticks == start} == {
            note.pitch for note in before if note.start_ticks == last
        }


def test_no_hit_rings_into_the_next() -> None:
    project = made_by_hand({"lead": [Note(0, 2 * BAR, 60)]})
    after = part(set_pattern(project, select(project, "lead"), "1/4").project, "lead").clips[0].notes
    assert {note.length_ticks for note in after} == {BEAT}


def test_the_same_pattern_again_is_told() -> None:
    project = made_by_hand({"kick": [Note(at, 480, 36) for at in range(0, 2 * BAR, BEAT)]})
    outcome = set_pattern(project, select(project, "kick"), "four")
    assert outcome.project == project and outcome.failed == ("kick plays four already",)


TWO_BARS = {"kick": [Note(at * SIXTEENTH, 240, 36, 90 + at) for at in (0, 4, 6, 10, 16, 20, 28, 31)]}


def test_double_time_plays_two_bars_in_one_twice_and_half_time_undoes_it() -> None:
    project = made_by_hand(TWO_BARS)
    fast = double_time(project, select(project, "kick")).project
    halves = [at * SIXTEENTH // 2 for at in (0, 4, 6, 10, 16, 20, 28, 31)]
    assert starts(fast, "kick") == [*halves, *(at + BAR for at in halves)]
    assert half_time(fast, select(fast, "kick")).project == project


def test_half_time_stretches_the_first_of_two_bars() -> None:
    slow = half_time(made_by_hand(TWO_BARS), select(made_by_hand(TWO_BARS), "kick")).project
    assert starts(slow, "kick") == [at * SIXTEENTH * 2 for at in (0, 4, 6, 10)]


def test_a_pad_in_half_time_still_changes_with_the_chords() -> None:
    bars = [(60, 64, 67), (57, 60, 65), (59, 62, 67), (55, 60, 64)]
    notes = [Note(bar * BAR, BAR, pitch) for bar, chord in enumerate(bars) for pitch in chord]
    project = made_by_hand({"lead": notes}, 4)

    def sounding(project: ProjectState, tick: int) -> set[int]:
        notes = part(project, "lead").clips[0].notes
        return {note.pitch for note in notes if note.start_ticks <= tick < note.end_ticks}

    for edit in (half_time, double_time):
        after = edit(project, select(project, "lead")).project
        for tick in range(0, 4 * BAR, BEAT):
            assert sounding(after, tick) == sounding(project, tick)


def test_ghosts_are_soft_beside_hits_and_go_again() -> None:
    project = made_by_hand({"snare": [Note(at, 480, 38) for at in range(BEAT, 2 * BAR, 2 * BEAT)]})
    more = add_ghosts(project, select(project, "snare"), 1, 3).project
    added = [note for note in part(more, "snare").clips[0].notes if note.velocity < 60]
    assert len(added) == 4  # two a bar
    beside = {start + step * SIXTEENTH for start in starts(project, "snare") for step in (-1, 1)}
    assert {note.start_ticks for note in added} <= beside
    assert remove_ghosts(more, select(more, "snare"), 2).project == project
    assert ghosts(part(remove_ghosts(more, select(more, "snare"), 1).project, "snare").clips[0].notes) == 2
    assert remove_ghosts(project, select(project, "snare"), 1).failed == ("snare has no ghost notes",)


@pytest.mark.parametrize("seed", range(3))
def test_ghosts_depend_on_the_seed_alone(seed: int) -> None:
    project = techno()
    once, again = (add_ghosts(project, select(project, "snare"), 2, seed).project for _ in range(2))
    assert once == again != add_ghosts(project, select(project, "snare"), 2, seed + 1).project
