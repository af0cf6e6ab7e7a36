"""Parts by command: added, doubled, replaced, made anew, in words and with figures."""

from functools import cache

import pytest

from hardcore.compose.producer import compose
from hardcore.language.prompt.understand import understand
from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused

BAR = 7680


@cache
def house() -> ProjectState:
    """Return four bars of house in A minor: kick, clap, hats, bass, chords."""
    return compose(understand("house 124 bpm, A minor, kick, clap, hats, bass and chords only, 4 bars"), 1)


def names(project: ProjectState) -> set[str]:
    return {track.name for track in project.tracks if track.kind == "midi"}


def test_a_part_is_added_and_undone() -> None:
    asked = edited("/part add dark pad --seed 3", project=house())
    assert names(asked.project) - names(house()) == {"pad"}
    assert asked.said[0].startswith("pad: added, ") and asked.said[0].endswith(" notes")
    assert asked.track("pad").clips[0].length_ticks == 4 * BAR


def test_it_hits_where_it_is_told_to_and_in_its_bars_only() -> None:
    asked = edited("/part add shaker --beats offbeats --seed 3 --in 3-4", project=house())
    starts = [note.start_ticks for note in asked.track("shaker").clips[0].notes]
    assert starts == [2 * BAR + 960 + beat * 1920 for beat in range(8)]
    assert asked.said[-1] == "  shaker: only in 3-4"


def test_the_same_seed_adds_the_same_part() -> None:
    first, again = (edited("/part add organ --seed 5", project=house()).project for _ in range(2))
    assert first == again


def test_one_more_and_double_and_replace() -> None:
    assert names(edited("/part add bass --another --seed 2", project=house()).project) - names(house()) == {"bass 2"}
    assert edited("/part double bass --octaves 1", project=house()).said == ["bass 2: doubles bass, +1 octave"]
    asked = edited("/part replace bass,chords reese", project=house())
    assert asked.track("bass").instrument.device == "reese"  # type: ignore[union-attr]


def test_a_part_is_made_anew_as_it_is_told_to_play() -> None:
    asked = edited("/part vary bass --traits offbeat,sparse --seed 4", project=house())
    assert asked.said[0].startswith("bass: made anew (offbeat, sparse), ")
    assert all(note.start_ticks % 1920 for note in asked.track("bass").clips[0].notes)


def test_parts_are_removed() -> None:
    assert names(edited("/part remove bass,chords", project=house()).project) == names(house()) - {"bass", "chords"}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/part add bass", "--another"),
        ("/part add gargle", "no part is called 'gargle'"),
        ("/part add purple pad", "'purple' says nothing"),
        ("/part add pad --traits purple", "'purple' says nothing"),
        ("/part add shaker --beats funky", "is no rhythm"),
        ("/part replace kick hoover", "not an instrument for kick"),
        ("/part replace kick", "part replace needs"),
        ("/part double reverb", "plays nothing to double"),
        ("/part double kick --octaves 1", "is a drum"),
        ("/part vary kik", "kick"),
        ("/part vary bass --style polka", "no genre 'polka'"),
        ("/movement bass", "movement needs"),
        ("/movement bass --by 0", "--by 1"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(line: str, hint: str) -> None:
    assert hint in refused(line, project=house())
