"""Chords by command."""

from functools import cache

import pytest

from hardcore.compose.edits.chords import chord_at
from hardcore.compose.producer import compose
from hardcore.language.prompt.understand import understand
from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused

BAR = 7680


@cache
def house() -> ProjectState:
    """Return four bars of house in A minor: kick, bass, chords."""
    return compose(understand("house 124 bpm, A minor, kick, bass and chords only, 4 bars"), 1)


def tones(project: ProjectState, bar: int) -> set[int]:
    notes = project.find_track("chords").clips[0].notes
    return {note.pitch % 12 for note in notes if note.start_ticks // BAR == bar}


@pytest.mark.parametrize("line", ["/chords set Dm Gm Bb A", "/chords Dm Gm Bb A"])
def test_chords_by_name(line: str) -> None:
    asked = edited(line, project=house())
    for bar, wanted in enumerate(({2, 5, 9}, {7, 10, 2}, {10, 2, 5}, {9, 1, 4})):
        assert tones(asked.project, bar) <= wanted
    assert "  chords: Dm | Gm | Bb | A" in asked.said


def test_in_a_bar_alone_the_rest_and_the_key_stay() -> None:
    asked = edited("/chords set E --in 4", project=house())
    assert tones(asked.project, 3) <= {4, 8, 11} and asked.project.key == house().key
    for bar in range(3):
        assert tones(asked.project, bar) == tones(house(), bar)


def test_a_colour_and_what_is_played() -> None:
    asked = edited("/chords colour ninths", project=house())
    assert asked.said[0].startswith("chords: chords with their ninths: ")
    assert asked.track("kick") is house().find_track("kick")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/chords set Hm", "is not a chord"),
        ("/chords", "chords set needs"),
        ("/chords colour jazy", "did you mean jazzy?"),
        ("/chords colour qqq", "one of: jazzy, borrowed"),
    ],
)
def test_what_cannot_be_is_refused(line: str, hint: str) -> None:
    assert hint in refused(line, project=house())


def test_what_comes_out_the_same_is_refused() -> None:
    assert "came out the same" in refused("/chords colour simple", "/chords colour simple", project=house())


@pytest.mark.parametrize(
    ("said", "bars", "wanted"),
    [
        ("change the third chord to F minor", [2], {5, 8, 0}),
        ("make the last chord Dm7", [3], {2, 5, 9, 0}),
        ("make the first chord a minor seventh", [0], {9, 0, 4, 7}),
    ],
)
def test_one_chord_becomes_another_and_the_others_stay(said: str, bars: list[int], wanted: set[int]) -> None:
    before = edited("/chords set Am Em C G", project=house()).project
    after = edited(said, project=before).project
    for bar in range(4):
        if bar in bars:
            assert tones(after, bar) <= wanted, bar
        else:
            assert tones(after, bar) == tones(before, bar), bar


def test_a_chord_that_is_not_there_is_told() -> None:
    before = edited("/chords set Am Em C G", project=house()).project
    assert refused("change the sixth chord to Dm", project=before).startswith("there are 4 chords: Am Em C G")
    assert refused("make the first chord minor", project=before).startswith("that chord is Am already")


def test_the_nth_chord_of_a_progression_is_found_wherever_it_comes_round() -> None:
    project = edited("/chords set Am F", project=house()).project
    assert chord_at(project, [(1, 4)], 2) == ("F", [2, 4])
    assert chord_at(project, [(1, 4)], -1) == ("F", [2, 4])
    assert chord_at(project, [(1, 2), (3, 4)], 1) == ("Am", [1, 3])
