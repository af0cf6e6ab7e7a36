"""Words that ask for a song."""

import pytest
from hardcore.compose.songwords import MadeSong, made_song

from hardcore.compose.song import composed
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
    ],
)
def test_a_song_is_asked_for(words: str, bars: int | None) -> None:
    intent = understand(words)
    assert (intent.song, intent.song_bars, intent.bars) == (True, bars, None)
    assert not {"intro", "outro", "breakdown", "full", "song"} & set(" ".join(intent.ignored).split())


@pytest.mark.parametrize(
    "words",
    ["house, 8 bars", "pop song", "techno track, 40 seconds", "house, one minute", "house without intro", "full drums"],
)
def test_a_scene_is_asked_for(words: str) -> None:
    assert not understand(words).song


def test_a_song_is_made_of_a_scene_of_the_usual_length() -> None:
    project, placed = composed(understand("house 124 bpm, 3 minutes"), 1)
    assert sum(section.bars for section in placed) == pytest.approx(93, abs=4)
    assert project.scenes[0].name == "A" and len(project.scenes) > 4 and project.arrangement
    scene, none = composed(understand("house 124 bpm, 8 bars"), 1)
    assert not none and not scene.arrangement
    assert scene.tracks[0].clips[0].notes == project.tracks[0].clips[0].notes


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("make it a song", MadeSong(None, None)),
        ("turn this into a full track", MadeSong(None, None)),
        ("make it a 3 minute song", MadeSong(3.0, None)),
        ("Make a 2.5 min long song please", MadeSong(2.5, None)),
        ("make it a 64 bar song", MadeSong(None, 64)),
        ("arrange it.", MadeSong(None, None)),
        ("add an intro, a breakdown and an outro", MadeSong(None, None)),
        ("make it 16 bars", None),
        ("add a pad", None),
        ("make a full techno song", None),
        ("make it darker", None),
    ],
)
def test_a_piece_is_made_a_song_in_words(words: str, asked: MadeSong | None) -> None:
    assert made_song(words) == asked
