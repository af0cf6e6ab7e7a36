"""Another key: every degree stays its degree, chords are called by their new names, kicks are tuned."""

import pytest

from hardcore.compose.edits.key import moved, renamed, set_key
from hardcore.compose.producer import compose, intent_of
from hardcore.errors import UserError
from hardcore.language.prompt.understand import understand
from hardcore.music.chord import parse_chord
from hardcore.music.pitch import frequency
from hardcore.music.scale import Key
from hardcore.project.clip import CHORDS
from tests.compose.edits.pieces import BEAT, part, techno

F_MINOR = Key.parse("F minor")


def test_every_pitched_note_keeps_its_degree_and_drums_keep_theirs() -> None:
    target = Key.parse("A minor")
    outcome = set_key(techno(), target)
    count = 0
    for track, old in techno().clips():
        new = outcome.project.find_clip(old.id)[1]
        if track.role in ("bass", "lead", "pad", "chords"):
            for before, after in zip(sorted(old.notes), sorted(new.notes), strict=True):
                # F to A is four semitones, whatever octave it is folded into
                assert (after.pitch - before.pitch) % 12 == 4
        count += sum(a.pitch != b.pitch for a, b in zip(sorted(old.notes), sorted(new.notes), strict=True))
        if track.role in ("kick", "snare", "clap", "hat_closed"):
            assert old.notes == new.notes
    assert outcome.project.key == target
    assert f"{count} notes moved" in outcome.said[0]


def test_a_kick_is_tuned_to_the_tonic() -> None:
    instrument = part(set_key(techno(), Key.parse("A minor")).project, "kick").instrument
    assert instrument is not None
    assert instrument.value("tune") == pytest.approx(frequency(33), rel=1e-3)  # A1, 55 Hz


def test_the_old_key_gives_the_old_project_where_nothing_was_folded() -> None:
    there = set_key(techno(), Key.parse("G minor")).project
    back = set_key(there, F_MINOR).project
    for _, clip in techno().clips():
        again = back.find_clip(clip.id)[1].notes
        assert [note.pitch % 12 for note in clip.notes] == [note.pitch % 12 for note in again]
    assert back.provenance == techno().provenance


def test_the_chords_that_a_clip_knows_are_those_it_plays() -> None:
    for name, first in (("G minor", {7, 10, 2}), ("F major", {5, 9, 0})):
        clip = part(set_key(techno(), Key.parse(name)).project, "chords").clips[0]
        assert clip.provenance is not None
        told = parse_chord(clip.provenance.intent[CHORDS].split()[0])
        played = {note.pitch % 12 for note in clip.notes if note.start_ticks < BEAT}
        assert first <= set(told.pitch_classes) and played <= set(told.pitch_classes)


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("Fm | Db Ab7 | –", "A minor", "Am | F C7 | –"),
        ("Fm Ab Db/F", "F major", "F Am Dm/F"),  # the same degrees have other thirds there
        ("i VI ii7", "A minor", "i VI ii7"),
        ("Bb(0,3,7,13)", "G minor", "C(0,3,7,13)"),
    ],
)
def test_chords_are_named_anew(before: str, key: str, after: str) -> None:
    target = Key.parse(key)
    assert renamed(before, lambda pitch: F_MINOR.map_to(target, pitch), target) == after


def test_chords_that_were_typed_are_moved_too_so_that_a_part_made_anew_plays_them() -> None:
    project = compose(understand("techno, F minor, chords Fm Db Ab Eb, 4 bars, chords and pad"), 3)
    moved = set_key(project, Key.parse("A minor")).project
    source = part(moved, "chords").clips[0].provenance
    assert source is not None and intent_of(source).progression == ("Am", "F", "C", "G")


def test_bare_renames_the_key_and_moves_no_note() -> None:
    bare = set_key(techno(), Key.parse("A minor"), bare=True).project
    assert bare == techno().evolve(key=Key.parse("A minor"))


def test_a_move_by_semitones_takes_the_key_along() -> None:
    project = moved(techno(), Key.parse("G minor"), lambda pitch: pitch + 2).project
    assert project.key.name == "G minor"
    pairs = zip(part(techno(), "bass").clips[0].notes, part(project, "bass").clips[0].notes, strict=True)
    assert {(after.pitch - before.pitch) % 12 for before, after in pairs} == {2}


def test_the_present_key_is_refused() -> None:
    with pytest.raises(UserError, match="F minor already"):
        set_key(techno(), F_MINOR)
