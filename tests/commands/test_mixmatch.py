"""Mix match: nearer to a recording in every figure that was off, by measures of others; undoable; within limits."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from numpy.typing import NDArray
from scipy import signal

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.mixing.mix import Matched
from hardcore.controller.studio import Studio
from hardcore.errors import UserError

RATE = 48_000
BANDS = {"sub": (20, 60), "low": (60, 250), "mid": (250, 2000), "high": (2000, 6000), "air": (6000, 20_000)}
OFF = 1.6  # what is further away than this was to be corrected


@pytest.fixture
def studio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio with a bar of house, in a folder of its own, that corrects nothing by itself."""
    monkeypatch.chdir(tmp_path)
    studio = build_studio()
    do(studio, "/config producer.listen false")
    do(studio, "house, 1 bar --seed 5")
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> Result:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def figures(file: str) -> dict[str, float]:
    """Return loudness by pyloudnorm, bands and tilt by Welch's method, sides and crest, all in dB."""
    sound, rate = soundfile.read(file, always_2d=True)
    hz, power = signal.welch(sound, rate, nperseg=8192, axis=0)
    power = power.sum(axis=1)

    def level(low: float, high: float) -> float:
        return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum() / power.sum()))

    middle, side = (sound[:, 0] + sound[:, 1]) / 2, (sound[:, 0] - sound[:, 1]) / 2
    octaves = [(centre, level(centre / 2**0.5, centre * 2**0.5)) for centre in 63.0 * 2.0 ** np.arange(8)]
    density = [db - 10 * np.log10(centre) for centre, db in octaves]
    return {
        "loudness": float(pyloudnorm.Meter(rate).integrated_loudness(sound)),
        "width": float(10 * np.log10(np.square(side).mean() / np.square(middle).mean())),
        "dynamics": float(20 * np.log10(np.abs(sound).max() / np.sqrt(np.square(sound).mean()))),
        "tilt": float(np.polyfit(np.arange(8), density, 1)[0]),
        **{band: level(*span) for band, span in BANDS.items()},
    }


def recording(file: str) -> None:
    """Write four seconds of a bright, wide, quiet recording: noise whose spectrum falls gently, with pulses."""
    chance = np.random.default_rng(3)
    frames = 4 * RATE
    middle, side = (chance.standard_normal(frames) for _ in range(2))
    pulses = 0.35 + np.exp(-((np.arange(frames) % (RATE // 2)) / 6000))
    sound: NDArray[np.float64] = np.stack([middle + 0.6 * side, middle - 0.6 * side], axis=1) * pulses[:, None]
    sos = signal.butter(1, [90, 900], "bandpass", fs=RATE, output="sos")
    sound = signal.sosfilt(sos, sound, axis=0) + 0.12 * sound
    soundfile.write(file, 0.5 * sound / np.abs(sound).max(), RATE, subtype="FLOAT")


def test_a_mix_comes_nearer_to_a_recording_in_every_figure_that_was_off(studio: Studio) -> None:
    recording("reference.wav")
    do(studio, "/export before.wav --tail 0")
    before_it = studio.controller.project
    result = do(studio, "/mix match reference.wav")
    assert isinstance(result, Matched) and result.corrections and "nearer to reference.wav" in result.text()
    do(studio, "/export after.wav --tail 0")
    goal, before, after = (figures(f"{name}.wav") for name in ("reference", "before", "after"))
    off = [name for name in goal if abs(before[name] - goal[name]) > OFF]
    assert {"loudness", "width", "high"} <= set(off), (goal, before)
    for name in off:
        assert abs(after[name] - goal[name]) < abs(before[name] - goal[name]), (name, goal, before, after)
    told = {one.name: one for one in result.figures}
    for name in ("loudness", "width", "dynamics"):
        assert told[name].reference == pytest.approx(goal[name], abs=0.6)
        assert told[name].after == pytest.approx(after[name], abs=0.8)
    now = studio.controller.project
    limits = {"low_gain": (-6, 4), "mid1_gain": (-6, 4), "mid2_gain": (-6, 4), "high_gain": (-6, 4), "width": (40, 180)}
    for effect in now.master.effects:
        for name, value in effect.settings.items():
            low, high = limits.get(name, (-np.inf, np.inf)) if effect.device in ("eq", "width") else (-np.inf, np.inf)
            assert low <= value <= high
    do(studio, "/undo")
    assert studio.controller.project == before_it


def test_showing_changes_nothing_and_what_is_no_reference_is_said(studio: Studio) -> None:
    recording("reference.wav")
    before = studio.controller.project
    shown = do(studio, "/mix match reference.wav --show")
    assert isinstance(shown, Matched) and studio.controller.project is before and shown.step is None
    assert all(one.before == one.after for one in shown.figures)
    soundfile.write("silent.wav", np.zeros((RATE, 2)), RATE)
    with pytest.raises(UserError, match="is silent, or too short"):
        do(studio, "/mix match silent.wav")
    with pytest.raises(UserError, match="no file"):
        do(studio, "/mix match nowhere.wav")
    assert studio.controller.project is before
