"""Parts that are there: on another instrument, doubled, made anew, moving more."""

import pytest

from hardcore.compose.edits.doubling import double, duplicate
from hardcore.compose.edits.movement import move, spread, travel
from hardcore.compose.edits.naming import named
from hardcore.compose.edits.regenerate import renew
from hardcore.compose.edits.replacement import replace
from hardcore.errors import UserError
from hardcore.project import devices
from hardcore.project.events import Span, events
from hardcore.project.integrity import check
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, techno, trance


def others_stay(before: ProjectState, after: ProjectState, *roles: str) -> bool:
    new = {track.id: track for track in after.tracks}
    return all(new[track.id] is track for track in before.tracks if track.role not in roles)


@pytest.mark.parametrize(
    ("role", "words", "device"),
    [("kick", "808", "kick808"), ("kick", "gabber kick", "kick_gabber"), ("bass", "reese", "reese"),
     ("lead", "flute", "flute"), ("lead", "hoover", "hoover"), ("bass", "acid303", "acid303"),
     ("bass", "glockenspiel", "glockenspiel")],
)  # fmt: skip
def test_a_part_is_played_by_what_is_said_in_its_range_with_its_notes(role: str, words: str, device: str) -> None:
    outcome = replace(techno(), [part(techno(), role)], named(words))
    old, new, known = part(techno(), role), part(outcome.project, role), devices.instrument(device)
    assert new.instrument is not None and new.instrument.device == device
    assert (new.mixer, new.effects, new.sends) == (old.mixer, old.effects, old.sends)
    assert [note.start_ticks for note in new.clips[0].notes] == [note.start_ticks for note in old.clips[0].notes]
    if known.pitched:
        assert all(known.low_note <= note.pitch <= known.high_note for note in new.clips[0].notes)
    assert others_stay(techno(), outcome.project, role)


def test_a_kick_is_tuned_to_the_key_as_the_style_does_it() -> None:
    kick = part(replace(techno(), [part(techno(), "kick")], named("808")).project, "kick").instrument
    assert kick is not None and kick.value("tune") == pytest.approx(43.65, rel=0.01)  # F1


@pytest.mark.parametrize(
    ("role", "words", "why"),
    [("kick", "hoover", "not an instrument for kick"), ("lead", "909 kick", "not an instrument for lead")],
)
def test_a_drum_is_no_synth_and_a_synth_no_drum(role: str, words: str, why: str) -> None:
    outcome = replace(techno(), [part(techno(), role)], named(words))
    assert outcome.said == () and why in outcome.failed[0]
    again = replace(techno(), [part(techno(), "bass")], named(part(techno(), "bass").instrument.device))  # type: ignore[union-attr]
    assert "already" in again.failed[0]


def heard(project: ProjectState, track: Track) -> list[tuple[int, int]]:
    found = events(project, timeline(project), Span(0, 8 * BAR))
    return [(event.tick, event.pitch) for event in found if event.track_id == track.id]


def test_a_copy_plays_what_the_track_plays_wherever_that_plays() -> None:
    for project in (techno(), trance()):
        made, copy = duplicate(project, part(project, "bass"))
        check(made)
        assert heard(made, made.find_track(copy.id)) == heard(project, part(project, "bass"))
        assert [(one.start_ticks, one.end_ticks) for one in copy.placements] == [
            (one.start_ticks, one.end_ticks) for one in part(project, "bass").placements
        ]
        own = {copy.id, *(effect.id for effect in copy.effects)}
        assert {one.owner for clip in copy.clips for one in clip.automation} <= own


def test_a_double_in_unison_is_late_and_apart() -> None:
    outcome = double(techno(), [part(techno(), "lead")])
    first, second = (track for track in outcome.project.tracks if track.role == "lead")
    assert (first.mixer.pan, second.mixer.pan) == (-0.6, 0.6)
    late = round(0.015 * 138 / 60 * BEAT)
    times = [[tick for tick, _ in heard(outcome.project, track)] for track in (first, second)]
    assert [tick - late for tick in times[1]] == times[0]
    assert others_stay(techno(), outcome.project, "lead")


def test_a_double_an_octave_up_or_on_strings_stands_where_the_part_stands() -> None:
    outcome = double(techno(), [part(techno(), "bass")], 1)
    first, second = (track for track in outcome.project.tracks if track.role == "bass")
    assert [(tick, pitch + 12) for tick, pitch in heard(outcome.project, first)] == heard(outcome.project, second)
    assert second.mixer == first.mixer == part(techno(), "bass").mixer
    strings = double(techno(), [part(techno(), "pad")], 0, named("strings")).project
    assert [track.instrument.device for track in strings.tracks if track.role == "pad"][1] == "strings"  # type: ignore[union-attr]
    with pytest.raises(UserError, match="is a drum"):
        double(techno(), [part(techno(), "snare")], 1)
    assert double(techno(), [techno().master]).failed == ("master plays nothing to double",)


def test_a_part_made_anew_keeps_the_chords_and_the_others() -> None:
    outcome = renew(techno(), [part(techno(), "bass")], 9)
    assert part(outcome.project, "bass").clips[0].notes != part(techno(), "bass").clips[0].notes
    assert others_stay(techno(), outcome.project, "bass")
    assert all(techno().key.contains(note.pitch) for note in part(outcome.project, "bass").clips[0].notes)
    assert outcome == renew(techno(), [part(techno(), "bass")], 9)
    assert outcome.project != renew(techno(), [part(techno(), "bass")], 10).project


def test_a_trait_is_heard_and_what_was_made_by_hand_is_told() -> None:
    offbeat = renew(techno(), [part(techno(), "bass")], 9, ["offbeat"]).project
    assert 0 not in {note.start_ticks % BEAT for note in part(offbeat, "bass").clips[0].notes}
    hand = made_by_hand({"bass": [Note(0, 480, 41)]})
    assert renew(hand, [part(hand, "bass")], 1).failed == ("bass was not made from a prompt",)


def test_a_part_plays_as_in_another_style_on_its_own_sound() -> None:
    outcome = renew(techno(), [part(techno(), "bass")], 9, (), "reggae")
    old, new = part(techno(), "bass"), part(outcome.project, "bass")
    assert outcome.said[0].startswith("bass: made anew (as in reggae), ")
    assert new.instrument == old.instrument and new.clips[0].notes != old.clips[0].notes
    # all of the piece's chords are Fm; so are the bass's, whatever the style would play
    assert {note.pitch % 12 for note in new.clips[0].notes if note.start_ticks % BAR == 0} <= {5, 8, 0}
    assert new.clips[0].provenance is not None
    assert set(new.clips[0].provenance.intent["chords_played"].split()) == {"Fm", "|"}
    assert others_stay(techno(), outcome.project, "bass")
    with pytest.raises(UserError, match="ambient has no snare"):
        renew(techno(), [part(techno(), "snare")], 9, (), "ambient")


def test_movement_travels_further_or_less_far_in_the_key() -> None:
    for steps, way in ((1, 1), (2, 1), (-1, -1)):
        after = part(move(techno(), select(techno(), "lead"), steps, 3).project, "lead").clips[0].notes
        assert (travel(after) - travel(part(techno(), "lead").clips[0].notes)) * way > 0
        assert all(techno().key.contains(note.pitch) for note in after)
    hats = part(move(techno(), select(techno(), "hat_closed"), 1, 3).project, "hat_closed").clips[0].notes
    assert spread(hats) > spread(part(techno(), "hat_closed").clips[0].notes)
    with pytest.raises(UserError):
        move(techno(), select(techno(), "lead"), 0, 3)


def test_a_drum_whose_hits_are_all_the_same_begins_to_breathe() -> None:
    even = made_by_hand({"hat_closed": [Note(at, 240, 42, 90) for at in range(0, BAR, 960)]}, 1)
    after = part(move(even, select(even, "hat_closed"), 1, 3).project, "hat_closed").clips[0].notes
    assert spread(after) > 1
