"""The tilt: the right gain at every frequency, nothing moved in time, no seam in a loop."""

import numpy as np
import pytest

from hardcore.audio.tilt import tilted
from tests.audio.sounds import RATE, noise, sine


@pytest.mark.parametrize("hz", [100.0, 1000.0, 6000.0, 12_000.0, 20_000.0])
def test_a_tone_gets_the_gain_of_its_frequency(hz: float) -> None:
    tone = sine(hz, 1.0, -12.0)
    gain_db = 20 * np.log10(np.std(tilted(tone, 2.5)[:, 4800:-4800]) / np.std(tone[:, 4800:-4800]))
    assert gain_db == pytest.approx(2.5 * (hz / (RATE / 2)) ** 1.2, abs=0.02)


def test_nothing_moves_and_none_is_none() -> None:
    click = np.zeros((2, 9001), np.float32)
    click[:, 4000] = 1
    moved = tilted(click, 2.5)
    assert moved.shape == click.shape
    assert int(np.abs(moved[0]).argmax()) == 4000
    assert np.allclose(moved[0, 3500:4000], moved[0, 4500:4000:-1], atol=1e-6)
    assert tilted(click, 0) is click


@pytest.mark.parametrize("frames", [300, 40_000])
def test_a_loop_is_filtered_as_it_sounds(frames: int) -> None:
    once = noise(1.0)[:, :frames]
    often = tilted(np.tile(once, 9), 2.5)[:, 4 * frames : 5 * frames]
    assert np.allclose(tilted(once, 2.5, loop=True), often, atol=1e-5)
