"""Transposition: so many semitones, octaves or steps of the key, in the instrument's range, and nothing else."""

import pytest

from hardcore.compose.edits.doubling import double
from hardcore.compose.edits.transposition import transpose, transpose_all, transpose_degrees
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.mixer import Instrument
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BEAT, made_by_hand, part, techno

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72]


def line(pitches: list[int]) -> ProjectState:
    project = made_by_hand({"lead": [Note(at * BEAT // 2, 240, pitch) for at, pitch in enumerate(pitches)]})
    return project.evolve(key=Key.parse("C major"))


def pitches(project: ProjectState, role: str = "lead") -> list[int]:
    return [note.pitch for note in part(project, role).clips[0].notes]


def test_every_note_moves_by_the_semitones_and_back() -> None:
    before = line(C_MAJOR)
    up = transpose(before, select(before, "lead"), 3)
    assert pitches(up.project) == [pitch + 3 for pitch in C_MAJOR]
    assert up.said == ("lead: 3 semitones up, lowest note C4 → D#4",)
    assert transpose(up.project, select(up.project, "lead"), -3).project == before
    assert transpose(before, select(before, "lead"), -12).said[0].startswith("lead: 1 octave down")


def test_a_third_up_in_the_key_is_two_steps_of_it() -> None:
    before = line(C_MAJOR)
    up = transpose_degrees(before, select(before, "lead"), 2).project
    assert pitches(up) == [64, 65, 67, 69, 71, 72, 74, 76]
    assert transpose_degrees(up, select(up, "lead"), -2).project == before


def test_only_notes_that_would_leave_the_range_are_folded_and_that_is_said() -> None:
    device = devices.instrument("supersaw")
    high = device.high_note
    before = line([60, high - 1, high - 5])
    outcome = transpose(before, select(before, "lead"), 3)
    assert pitches(outcome.project) == [63, high - 10, high - 2]
    assert f"1 folded into its range ({device.low_note} to {high})" in outcome.said[0]


def test_a_note_that_was_out_of_the_range_already_stays_as_it_was_meant() -> None:
    high = devices.instrument("supersaw").high_note
    before = line([high + 4])
    assert pitches(transpose(before, select(before, "lead"), 2).project) == [high + 6]


def test_drums_are_refused_and_other_parts_are_the_same_objects() -> None:
    project = techno()
    outcome = transpose(project, select(project, "snare,bass"), 12)
    assert outcome.failed[0].startswith("snare is a drum")
    for old, new in zip(project.tracks, outcome.project.tracks, strict=True):
        assert (old is new) == (old.role != "bass")


def test_one_clip_alone_is_moved() -> None:
    project = techno()
    clip = part(project, "lead").clips[0]
    for reference in (clip.id, clip.name, "lead:A"):
        assert [one.clips for one in select(project, reference)] == [(clip,)]


def test_the_whole_goes_into_another_key_with_its_kick() -> None:
    outcome = transpose_all(techno(), 2)
    assert outcome.project.key.name == "G minor"
    kick = part(outcome.project, "kick").instrument
    assert kick is not None and kick.value("tune") == pytest.approx(49.0, rel=1e-3)  # G1
    assert part(outcome.project, "snare") is part(techno(), "snare")


def test_what_a_clip_knows_of_its_chords_moves_with_it() -> None:
    def told(project: ProjectState) -> str:
        source = part(project, "chords").clips[0].provenance
        assert source is not None
        return source.intent["chords_played"].split()[0]

    assert told(techno()).startswith("Fm")
    assert told(transpose(techno(), select(techno(), "chords"), 2).project).startswith("Gm")
    assert told(transpose(techno(), select(techno(), "chords"), 12).project) == told(techno())


def test_nothing_is_no_move() -> None:
    with pytest.raises(UserError):
        transpose(techno(), select(techno(), "bass"), 0)


def test_a_clip_of_chords_that_is_tuned_down_stays_whole() -> None:
    device = devices.instrument("electric_guitar")
    own = [device.low_note, device.low_note + 7, device.low_note + 12]
    before = made_by_hand({"lead": [Note(0, 240, pitch) for pitch in own]})
    before = before.with_track(
        part(before, "lead").id, lambda track: track.evolve(instrument=Instrument(device="electric_guitar"))
    )
    outcome = transpose(before, select(before, "lead"), -2)
    assert pitches(outcome.project) == [device.low_note - 2, device.low_note + 5, device.low_note + 10]


def test_a_part_without_notes_is_said_and_nothing_moves() -> None:
    empty = made_by_hand({"lead": []})
    with pytest.raises(UserError, match="has no notes to move"):
        double(empty, [part(empty, "lead")], 1, None)
