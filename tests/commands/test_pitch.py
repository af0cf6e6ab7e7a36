"""Transposing by command."""

import pytest

from tests.commands.asked import Asked, edited, refused


def pitches(asked: Asked) -> list[int]:
    return [note.pitch for note in asked.track("bass").clips[0].notes]


@pytest.mark.parametrize(
    ("line", "after"),
    [("/transpose bass 12", 53), ("/transpose bass --octaves -1", 29), ("/transpose bass --degrees 2", 44),
     ("/transpose bass:A 5", 46), ("/transpose bass,hats 2", 43), ("/transpose melodic --octaves 1", 53)],
)  # fmt: skip
def test_a_part_goes_up_and_down_and_the_key_stays(line: str, after: int) -> None:
    asked = edited(line)
    assert set(pitches(asked)) == {after}
    assert asked.project.key.name == "F minor"


@pytest.mark.parametrize("group", ["all", "melodic", "all-kick"])
def test_the_whole_moves_its_key(group: str) -> None:
    asked = edited(f"/transpose {group} 2")
    assert asked.project.key.name == "G minor" and set(pitches(asked)) == {43}


def test_an_octave_of_the_whole_says_nothing_of_drums() -> None:
    assert edited("/transpose all --octaves 1").said == ["bass: 1 octave up, lowest note F2 → F3"]


@pytest.mark.parametrize("note", ["G", "g"])
def test_a_kick_is_tuned(note: str) -> None:
    kick = edited(f"/tune kick {note}").track("kick").instrument
    assert kick is not None and kick.value("tune") == pytest.approx(49.0, rel=1e-3)


def test_in_a_stretch_only_the_notes_there_move() -> None:
    asked = edited("/transpose all 2 --in 2-2")
    assert pitches(asked) == [41] * 8 + [43] * 8
    assert asked.project.key.name == "F minor"


@pytest.mark.parametrize(
    ("line", "hint"),
    [("/transpose kick 2", "kick is a drum"), ("/transpose bass", "--octaves 1"),
     ("/transpose bass 2 --degrees 1", "one way"), ("/transpose bas 2", "bass"), ("/transpose bass 0", "0 semitones"),
     ("/transpose bass 90", "60"), ("/tune kick H", "note"),
     ("/tune bass G", "transpose bass"),
     ("/transpose bass:C 2", "scene"), ("/transpose all-bass 2", "kick is a drum")],
)  # fmt: skip
def test_what_cannot_be_is_refused(line: str, hint: str) -> None:
    assert hint in refused(line)
