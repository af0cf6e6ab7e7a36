"""Scopes by name and by bars, in a song and in a loop."""

from itertools import pairwise

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.project.scope import Stretch, find_scope, length_bars, section_bars
from hardcore.project.state import ProjectState

BAR = 7680


@pytest.fixture(scope="module")
def song() -> ProjectState:
    with open_studio() as studio:
        studio.do("uplifting trance, 138 bpm, A minor, 16 bars --seed 2")
        studio.do("/song --minutes 3 --seed 2")
        return studio.project


@pytest.fixture(scope="module")
def loop() -> ProjectState:
    with open_studio() as studio:
        studio.do("house 124 bpm, A minor, 8 bars --seed 1")
        return studio.project


def bars(project: ProjectState, text: str) -> list[tuple[int, int]]:
    return [(start // BAR + 1, end // BAR) for start, end in find_scope(project, text).stretches]


def test_bars_count_from_one_and_end_with_the_piece(loop: ProjectState) -> None:
    assert bars(loop, "5-8") == [(5, 8)]
    assert bars(loop, "3") == [(3, 3)]
    assert bars(loop, "7-99") == [(7, 8)]
    assert bars(loop, "first2") == [(1, 2)]
    assert bars(loop, "last 3") == [(6, 8)]
    assert bars(loop, "even") == [(2, 2), (4, 4), (6, 6), (8, 8)]
    assert bars(loop, "odd") == [(1, 1), (3, 3), (5, 5), (7, 7)]
    assert bars(loop, "every4") == [(4, 4), (8, 8)]


def test_sections_follow_each_other_without_gap(song: ProjectState) -> None:
    rows = section_bars(song)
    assert rows[0][1] == 1 and rows[-1][2] == length_bars(song)
    assert all(before[2] + 1 == after[1] for before, after in pairwise(rows))


def test_a_section_is_found_by_name_and_one_of_several_by_its_number(song: ProjectState) -> None:
    rows = {name: (first, last) for name, first, last in section_bars(song)}
    assert bars(song, "break") == [rows["break"]]
    assert bars(song, "drop") == [rows["drop"], rows["drop 2"]]
    assert bars(song, "drop 2") == [rows["drop 2"]]
    assert bars(song, "drop 1") == [rows["drop"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("brek", "break"),
        ("400", "no bar 400"),
        ("0-3", "bars count from 1"),
        ("8-5", "bars count"),
        ("last0", "no bars"),
        ("drop 9", "drop"),
        ("", "no place"),
    ],
)
def test_a_place_that_is_not_there_is_refused_in_words(song: ProjectState, text: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        find_scope(song, text)
    assert said in raised.value.line()


def test_a_scope_is_made_of_whole_stretches(song: ProjectState) -> None:
    assert all(
        isinstance(one, Stretch) and one.start_ticks < one.end_ticks for one in find_scope(song, "even").stretches
    )


def test_places_joined_by_commas_are_all_of_them_and_those_that_touch_are_one(song: ProjectState) -> None:
    assert bars(song, "9-12, 1-4") == [(1, 4), (9, 12)]
    assert bars(song, "1-4,3-8,9") == [(1, 9)]
    assert bars(song, "intro,build") == [(bars(song, "intro")[0][0], bars(song, "build")[0][1])]
    with pytest.raises(UserError, match="no place"):
        find_scope(song, "intro,nowhere")
