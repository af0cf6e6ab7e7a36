"""What a section does while it lasts: parts come in and go, and rounds end otherwise."""

from functools import cache
from itertools import pairwise

import pytest

from hardcore.compose.form.song import song
from hardcore.knowledge.loader import genre
from hardcore.project import clips
from hardcore.project.integrity import check
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS, TRANSITIONS, UNTUNED
from hardcore.project.state import ProjectState
from tests.compose.judge import Song, likeness, only, song_of
from tests.compose.measures import composed


@cache
def made(style: str, seed: int = 3) -> ProjectState:
    project, _ = song(composed(style, seed), genre(style).song, 1)
    check(project)
    return project


def playing(project: ProjectState, kind: str, number: int = 0) -> list[set[str]]:
    """Return the parts that sound in every four bars of a section; what only marks where sections meet is left out."""
    marks = {track.name for track in project.tracks if track.role in TRANSITIONS}
    bars = song_of(project).of(kind, number)
    return [{part for bar in bars[at : at + 4] for part, *_ in bar} - marks for at in range(0, len(bars), 4)]


@pytest.mark.parametrize("style", ["house", "jungle"])
def test_parts_come_in_one_after_another_in_an_intro_and_leave_in_an_outro(style: str) -> None:
    intro, sounding = playing(made(style), "intro"), song_of(made(style))
    assert all(before <= after for before, after in pairwise(intro)) and intro[0] < intro[-1]
    outro = [{part for part, *_ in bar} for bar in sounding.of("outro")[:-1]]  # its last bar is a hit of all
    assert set().union(*outro[:4]) > set().union(*outro[4:]) and all(outro) and all(sounding.of("intro"))


def test_a_drop_keeps_colours_for_its_second_half_each_time_and_a_break_its_drums() -> None:
    project = made("house")
    first, again, rest = playing(project, "drop"), playing(project, "drop", 1), playing(project, "break")
    assert first[0] < first[-1] and again[0] < again[-1] and first[-1] - first[0] == again[-1] - again[0]
    drums = {track.name for track in project.tracks if track.role in DRUMS}
    assert rest[0] and not rest[0] & drums and rest[-1] & drums


def test_a_verse_and_a_chorus_are_fuller_when_they_come_again() -> None:
    project = made("pop")
    for kind in ("verse", "chorus"):
        early, late = playing(project, kind), playing(project, kind, 1)
        assert early[0] < early[-1] <= late[-1] and early[0] < late[0]


@pytest.mark.parametrize("style", ["swing", "jungle"])
def test_a_round_of_a_long_section_begins_as_the_one_before_and_ends_otherwise(style: str) -> None:
    project = made(style)
    bars = song_of(project).of("head" if style == "swing" else "drop")
    own = max(len(bars) // (2 if style == "swing" else 4), 1)
    first, second = bars[:own], bars[own : 2 * own]
    for track in project.tracks:
        if track.role in ("lead", "keys", "bass", "sub") and any(only(first, track.name)):
            one, other = (only(row, track.name) for row in (first, second))
            assert one[: own // 2] == other[: own // 2] and one[own // 2 :] != other[own // 2 :], track.name
    told = {
        clip.provenance.intent["chords_played"]
        for track, clip in project.clips()
        if clip.provenance and clip.name.endswith((" head", " drop")) and clip.length_ticks > own * 7680
        if track.role not in UNTUNED
    }
    (chords,) = (row.split(" | ") for row in told)  # all parts play over the same
    assert len(chords) == len(bars) and chords[: own // 2] == chords[own : own + own // 2]


def test_what_was_edited_is_gone_round_as_it_is() -> None:
    project = composed("swing", 3)
    bass = next(clip for track, clip in project.clips() if track.role == "bass")
    edited = clips.replace_clip(project, bass.evolve(notes=NoteBlock.of([Note(0, 960, 40)])))
    done, _ = song(edited, genre("swing").song, 1)
    assert all(
        one == frozenset({(0, 40)}) for one in only(song_of(done).of("head"), "bass")[:: bass.length_ticks // 7680]
    )
    assert list(done.find_clip("bass:head")[1].notes) == [Note(0, 960, 40)]


def test_stretches_that_are_heard_again_are_counted() -> None:
    bars = [frozenset({("lead", 0, 1, pitch)}) for pitch in (60, 62, 64, 65, 60, 62, 64, 65, 60, 62, 64, 72)]
    song_again = Song(tuple(bars), (("verse", 0, 12),))
    assert song_again.repeated() == 7 / 12 and song_again.repeated(8) == song_again.movement() == 0
    assert likeness(bars[:4], bars[4:8]) == 1
    joined = [bar | ({("bass", 0, 1, 40)} if at >= 8 else set()) for at, bar in enumerate(bars)]
    assert Song(tuple(joined), (("verse", 0, 12),)).movement() == 0.5
