"""A sound that is auditioned is heard once beside the music, at a safe level, until it ends or everything stops."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.player.remote import Remote
from hardcore.project.recordings import audition
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.player.test_sound import beats

pytestmark = needs_alsa
TONE_HZ, TONE_S = 523.0, 1.5


@pytest.fixture
def studio(recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio that knows a tone of the user's, far too loud."""
    monkeypatch.chdir(tmp_path)
    wave = np.sin(np.arange(round(TONE_S * RATE)) * TONE_HZ * 2 * np.pi / RATE).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", 4 * wave, RATE, subtype="FLOAT")
    studio = build_studio()
    do(studio, "/samples add tone.wav")
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    return result.text() if result else ""


def tone(sound: NDArray[np.float32]) -> float:
    """Return the amplitude of the tone in a sound."""
    wave = np.exp(-2j * np.pi * TONE_HZ / RATE * np.arange(sound.shape[1]))
    return float(np.abs((sound[0] * wave).mean()) * 2)


def heard(recorder: Recorder, seconds: float) -> NDArray[np.float32]:
    """Return what comes in so many seconds from now on."""
    begin = recorder.frames
    recorder.wait_s(seconds)
    return recorder.sound(begin)


def test_a_sample_of_yours_is_heard_once_at_a_safe_level_and_nothing_is_edited(
    studio: Studio, recorder: Recorder, tmp_path: Path
) -> None:
    before = studio.controller.project
    assert "is heard once" in do(studio, "/samples audition tone")
    sound = heard(recorder, TONE_S + 0.7)
    assert tone(sound[:, RATE // 2 : RATE]) > 0.3
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-6, "louder than the guard lets through"
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > 1e-3)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(TONE_S, abs=0.1), "not once"
    assert studio.controller.project is before and not (tmp_path / "audition.wav").exists()


@pytest.mark.parametrize("line", ["/stop", "/panic"])
def test_stop_and_panic_end_it(studio: Studio, recorder: Recorder, line: str) -> None:
    do(studio, "/samples audition tone")
    assert tone(heard(recorder, 0.5)[:, RATE // 4 :]) > 0.3
    do(studio, line)
    recorder.wait_s(0.3)
    assert np.abs(heard(recorder, 0.3)).max() < 1e-3


def test_it_is_heard_beside_the_music_and_the_next_one_in_place_of_it(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    remote = play(beats(150))
    remote.play()
    recorder.wait_s(0.5)
    for name in ("kick808_long", "tom_low"):
        remote.audition(audition(sample(name)))
    both = heard(recorder, 1.0)
    recorder.wait_s(sample("tom_low").seconds)
    alone = heard(recorder, 1.0)
    assert len(onsets(alone)) in (2, 3)
    # The tom has a bottom that the rim has not; it comes back no more.
    low, without = (np.abs(np.fft.rfft(sound[0], RATE)[60:200]).max() for sound in (both, alone))
    assert low > 10 * without


def test_where_nothing_sounds_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    studio = build_studio()
    try:
        assert "audition.wav" in do(studio, "/samples audition tom_low")
        assert (tmp_path / "audition.wav").exists()
    finally:
        studio.close()
