"""Another style by command."""

import pytest

from hardcore.compose.producer import asked_of
from tests.commands.asked import edited, refused


def test_a_hand_made_song_becomes_house_and_is_undone() -> None:
    asked = edited("/restyle house --seed 3")
    assert asked.said[1:3] == ["  style made by hand → house", "  tempo 138 → 124 bpm"]
    assert [note.start_ticks for note in asked.track("bass").clips[0].notes] == list(range(0, 15360, 960))
    assert asked.project.key.name == "F minor"


@pytest.mark.parametrize("name", ["drum_and_bass", "drum and bass", "dnb"])
def test_a_style_has_several_names(name: str) -> None:
    asked = edited(f'/restyle "{name}" --seed 3', "house 124 bpm, 2 bars --seed 1")
    intent = asked_of(asked.project)
    assert intent is not None and intent.genre == "drum_and_bass"
    assert 160 <= asked.project.tempo_map.bpm <= 185


@pytest.mark.parametrize(("line", "hint"), [("/restyle", "restyle needs"), ("/restyle polka", "genre")])
def test_what_is_no_style_is_refused(line: str, hint: str) -> None:
    assert hint in refused(line)
