"""The drawing of a sound that is being made: its shape, and that it takes little of the time."""

import numpy as np

from hardcore.models.preview import Preview, drawn


def test_a_sound_that_swells_is_drawn_rising() -> None:
    sound = np.linspace(0, 1, 16_000, dtype=np.float32)[None] * np.sign(np.sin(np.arange(16_000)))[None]
    line = drawn(sound.astype(np.float32))
    assert len(line) == 16 and list(line) == sorted(line) and line[0] == "▁" and line[-1] == "█"
    assert drawn(np.zeros((1, 100), np.float32)) == drawn(np.zeros((2, 0), np.float32)) == ""


def test_what_was_drawn_stays_until_it_is_time_again() -> None:
    asked: list[int] = []

    def sound() -> np.ndarray:  # type: ignore[type-arg]
        asked.append(1)
        return np.ones((1, 10), np.float32)

    preview = Preview(first_s=0.0)
    first = preview.line("1 of 9", sound)
    lines = [preview.line(f"{step} of 9", sound) for step in range(2, 10)]
    assert first.startswith("1 of 9 █") and all("█" in line for line in lines) and len(asked) == 1
