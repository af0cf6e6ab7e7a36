"""Pictures in characters: as wide as asked, the sound where it is, and the same in words."""

import numpy as np
import pytest

from hardcore.audio import drawing
from tests.audio.sounds import RATE, noise, sine


@pytest.mark.parametrize("what", drawing.PICTURES)
@pytest.mark.parametrize(("width", "height"), [(20, 4), (80, 20), (300, 60)])
def test_a_picture_is_no_larger_than_it_should_be(what: str, width: int, height: int) -> None:
    for sound in (noise(3), noise(0.01), np.zeros((2, 0), np.float32), np.zeros((1, RATE), np.float32)):
        lines = drawing.PICTURES[what][0](sound, RATE, width, height).split("\n")
        assert len(lines) == height
        assert max(map(len, lines)) <= width
        assert drawing.PICTURES[what][1](sound, RATE).count("\n") == drawing.PARTS


def test_a_tone_is_on_the_line_of_its_frequency() -> None:
    sound = np.hstack((sine(100, 2.0), sine(5000, 2.0)))
    lines = drawing.spectrogram(sound, RATE, 87, 25).split("\n")[:-1]
    low, high = (next(number for number, line in enumerate(lines) if line[at : at + 1] == "█") for at in (20, 70))
    assert high < 6
    assert low > 15
    assert not any("█" in line[50:] for line in lines[10:])


def test_words_name_the_loudest_band() -> None:
    assert drawing.spectrogram_words(sine(40, 4.0), RATE).split("\n")[3].startswith("part 3: sub −")
    assert drawing.spectrogram_words(sine(1000, 4.0), RATE).split("\n")[3].startswith("part 3: mid −")
    assert "part 1: peak −6 dB, mean −9 dB" in drawing.waveform_words(sine(100, 4.0, -6), RATE)
    assert "silent" in drawing.waveform_words(np.zeros((1, RATE), np.float32), RATE)
