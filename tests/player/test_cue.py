"""The cue on a device of two outputs: the master on the left, the cue on the right, and each in time with the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore import open_studio
from hardcore.errors import HardcoreError
from hardcore.surfaces.live import LiveStudio
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.takes import LOSSY, taken
from tests.waiting import until

pytestmark = needs_alsa
BAR = RATE // 2  # two beats at 240 bpm


@contextmanager
def playing() -> Iterator[LiveStudio]:
    """Yield a studio that plays a rim on every bar; scene B has it on every half bar."""
    with open_studio() as studio:
        for line in (
            "/tempo 240", "/meter 2/4", "/track add rim --instrument rim", "/clip add rim A --bars 1",
            "/note add rim:A 1.1.1 C#2 1/16", "/scene add B", "/clip add rim B --bars 1",
            "/note add rim:B 1.1.1 C#2 1/16", "/note add rim:B 1.2.1 C#2 1/16",
            "/config engine.cue split", "/config engine.click main",
        ):  # fmt: skip
            studio.do(line)
        yield studio


def next_bars(recorder: Recorder, seconds: float = 1.3) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what comes on both outputs in so many seconds from now on."""
    begin = recorder.frames
    recorder.wait_s(seconds)
    left, right = recorder.sound(begin)
    return left, right


def strokes(side: NDArray[np.float32]) -> list[int]:
    return onsets(side[np.newaxis], threshold=1e-3)


def apart(found: list[int]) -> set[int]:
    """Return how many half bars lie between two strokes."""
    return {round(2 * frames / BAR) for frames in np.diff(found)}


def cued(studio: LiveStudio, recorder: Recorder) -> None:
    """Cue a clip, a track, a sample and the metronome, one after the other."""
    with pytest.raises(HardcoreError, match="nothing plays"):
        studio.do("/cue rim:B")
    assert studio.do("/cue").text() == "nothing is cued"
    studio.do("/launch A")
    recorder.wait_s(0.3)
    assert "rim:B from" in studio.do("/cue rim:B").text()
    recorder.wait_s(0.7)
    left, right = map(strokes, next_bars(recorder))
    assert apart(left) == {2} and apart(right) == {1}
    off = [min(abs(at - other) for other in right) for at in left]
    assert max(off) <= 1, f"the clip on the cue and the main mix are {max(off)} samples apart"
    assert "rim" in studio.do("/launch queue").text() and "cue" not in studio.do("/launch queue").text()

    studio.do("/cue off")
    studio.do("/track mute rim")
    assert studio.do("/cue rim").text() == "on the cue: rim"
    recorder.wait_s(0.3)
    left, right = next_bars(recorder)
    assert not strokes(left) and apart(strokes(right)) == {2}, "a muted track is heard on the cue alone"
    assert studio.do("/cue rim").text() == "nothing is cued"

    studio.do("/cue kick909_punch")
    left, right = next_bars(recorder, 0.5)
    assert not strokes(left) and len(strokes(right)) >= 1, "a sample is heard on the cue alone"

    studio.do("/config engine.click cue")
    studio.do("/engine use embedded")
    studio.do("/metronome on")
    until(lambda: len(strokes(next_bars(recorder, 0.9)[1])) >= 3, "no metronome is heard on the cue")
    assert not strokes(next_bars(recorder, 0.9)[0]), "the metronome is heard on the cue alone"
    assert studio.project.tracks[0].name == "rim" and len(studio.project.tracks) == 2


def test_clips_tracks_samples_and_the_metronome_are_cued_while_the_main_mix_goes_on(
    recorder: Recorder, home: Path
) -> None:
    def take() -> None:
        with playing() as studio:
            cued(studio, recorder)

    taken(take, LOSSY)
