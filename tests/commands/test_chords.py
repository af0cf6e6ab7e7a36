"""Chords by command."""

from functools import cache

import pytest

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
