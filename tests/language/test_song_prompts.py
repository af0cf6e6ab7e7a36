"""Descriptions that ask for a song, and for its sections."""

import pytest

from hardcore.compose.form.song import composed
from hardcore.language.prompt.understand import understand


@pytest.mark.parametrize(
    ("words", "bars"),
    [
        ("house, 3 minutes", 93),
        ("house, with intro and outro", None),
        ("a full trance song", None),
        ("a complete dub techno track, 96 bars", 96),
        ("trance as a song, 64 bars", 64),
        ("acid with a long intro, a breakdown and an outro", None),
        ("hip hop, two verses", None),
        ("pop song", None),
        ("a sad song in C minor with piano", None),
    ],
)
def test_a_song_is_asked_for(words: str, bars: int | None) -> None:
    intent = understand(words)
    assert (intent.song, intent.song_bars, intent.bars) == (True, bars, None)
    assert not {"intro", "outro", "breakdown", "full", "song"} & set(" ".join(intent.ignored).split())


@pytest.mark.parametrize(
    "words",
    ["house, 8 bars", "pop song, 8 bars", "pop song loop", "drums for a rock song",
     "techno track, 40 seconds", "house, one minute", "house without intro", "full drums",
     "12-second outro", "an ambient intro, 4 bars"],
)  # fmt: skip
def test_a_scene_is_asked_for(words: str) -> None:
    assert not understand(words).song


def test_a_song_is_made_of_a_scene_of_the_usual_length() -> None:
    project, placed = composed(understand("house 124 bpm, 3 minutes"), 1)
    assert sum(section.bars for section in placed) == pytest.approx(93, abs=4)
    assert project.scenes[0].name == "A" and len(project.scenes) > 4 and project.arrangement
    scene, none = composed(understand("house 124 bpm, 8 bars"), 1)
    assert not none and not scene.arrangement
    assert scene.tracks[0].clips[0].notes == project.tracks[0].clips[0].notes


def test_listed_sections_are_exactly_as_long_as_said_and_play_who_is_said() -> None:
    words = "pop, intro 6 bars pads only, 12 bars verse with drums and bass, 10 bar chorus with a lead"
    project, placed = composed(understand(words), 1)
    assert [(one.name, one.bars) for one in placed] == [("intro", 6), ("verse", 12), ("chorus", 10)]
    assert placed[0].tracks == ("pad",)
    assert "lead" in placed[2].tracks and "lead" not in placed[1].tracks
    assert {"kick", "bass"} <= set(placed[1].tracks)
    assert [section.bars for section in project.sections] == [6, 12, 10]


def test_only_behind_a_section_means_that_section_with_its_usual_parts() -> None:
    intent = understand("hardstyle break only, pads, no kick")
    assert [section.name for section in intent.sections] == ["break"]
    assert intent.only == () and "snare_break" not in intent.devices.values()


def test_a_long_break_is_a_section_and_of_music_of_breaks_the_drums() -> None:
    assert understand("deep house, a massive break").song
    assert understand("jungle with a massive break").devices == {"snare": "snare_break"}
