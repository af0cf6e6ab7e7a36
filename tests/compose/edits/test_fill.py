"""Fills: they end their bars, on the drums they are for; all else goes on."""

import pytest

from hardcore.compose.edits.fill import add_fills
from hardcore.errors import UserError
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, starts, techno

SIXTEENTH = 480
DRUMS = {
    "kick": [Note(at, 480, 36) for at in range(0, 4 * BAR, BEAT)],
    "snare": [Note(at, 480, 38) for at in range(BEAT, 4 * BAR, 2 * BEAT)],
    "bass": [Note(0, 480, 41)],
}


def drums() -> ProjectState:
    return made_by_hand(DRUMS, 4)


def new(before: ProjectState, after: ProjectState, role: str) -> list[int]:
    return sorted(set(starts(after, role)) - set(starts(before, role)))


def test_a_roll_is_two_beats_of_sixteenths_that_swell_into_the_next_bar() -> None:
    after = add_fills(drums(), select(drums(), "drums"), None, None, "snare-roll", 1).project
    roll = [note for note in part(after, "snare").clips[0].notes if note.start_ticks >= 4 * BAR - 2 * BEAT]
    assert [note.start_ticks for note in roll] == list(range(4 * BAR - 2 * BEAT, 4 * BAR, SIXTEENTH))
    assert [note.velocity for note in roll] == sorted(note.velocity for note in roll)
    assert roll[0].velocity < 60 < 110 < roll[-1].velocity and {note.pitch for note in roll} == {38}
    before = [at for at in starts(drums(), "snare") if at < 4 * BAR - 2 * BEAT]
    assert starts(after, "snare")[: len(before)] == before
    assert part(after, "kick") is part(drums(), "kick") or part(after, "kick") == part(drums(), "kick")


def test_what_a_drum_played_from_the_beginning_of_its_fill_on_gives_way() -> None:
    busy = made_by_hand({"kick": [Note(at, 240, 36) for at in range(0, BAR, SIXTEENTH)]}, 1)
    after = add_fills(busy, select(busy, "kick"), None, None, "kick", 1).project
    # x.xx xxXX over the last two beats: the second sixteenth is silent
    assert set(starts(busy, "kick")) - set(starts(after, "kick")) == {2 * BEAT + SIXTEENTH}


def test_every_second_bar_and_one_bar_alone() -> None:
    twice = add_fills(drums(), select(drums(), "drums"), 2, None, "snare-roll", 1)
    assert {at // BAR for at in new(drums(), twice.project, "snare")} == {1, 3}
    assert twice.said == ("snare: 8 → 22 hits, a fill in bar 2, 4",)  # two hits give way to two times eight
    once = add_fills(drums(), select(drums(), "drums"), None, 3, "kick", 1).project
    assert {at // BAR for at in new(drums(), once, "kick")} == {2}


def test_a_loop_is_written_out_as_far_as_its_fills_are_apart() -> None:
    short = made_by_hand({"snare": [Note(BEAT, 480, 38)]}, 1)
    after = add_fills(short, select(short, "snare"), 4, None, "snare-roll", 1).project
    assert part(after, "snare").clips[0].length_ticks == 4 * BAR
    assert [at for at in starts(after, "snare") if at < 3 * BAR + 2 * BEAT] == [bar * BAR + BEAT for bar in range(4)]


def test_a_part_that_is_named_plays_it() -> None:
    after = add_fills(drums(), select(drums(), "kick"), None, None, "style", 1).project
    assert new(drums(), after, "kick") and not new(drums(), after, "snare")


def test_the_style_of_the_piece_has_its_own_for_the_drums_that_are_there() -> None:
    project = techno()
    figures = set()
    for seed in range(8):
        after = add_fills(project, select(project, "drums"), 4, None, "style", seed).project
        changed = {track.role for track, old in zip(after.tracks, project.tracks, strict=True) if track != old}
        assert changed and changed <= {"kick", "snare", "clap", "hat_closed", "hat_open", "tom", "ride", "rim", "perc"}
        for role in changed:
            assert {at // BAR for at in new(project, after, role)} <= {3, 7}
        figures.add(frozenset(changed))
    again = add_fills(project, select(project, "drums"), 4, None, "style", 3).project
    assert again == add_fills(project, select(project, "drums"), 4, None, "style", 3).project
    assert len(figures) > 1


@pytest.mark.parametrize(
    ("tracks", "kind", "why"),
    [("bass", "style", "a fill is for drums"), ("drums", "toms", "part add tom"), ("snare", "kick", "no kick")],
)
def test_what_cannot_be_is_refused(tracks: str, kind: str, why: str) -> None:
    with pytest.raises(UserError) as error:
        add_fills(drums(), select(drums(), tracks), None, None, kind, 1)  # type: ignore[arg-type]
    assert why in error.value.line()
