"""The mixer's SynthDefs: gain, pan and mute laws, transparency, the guard's ceiling and delay."""

import numpy as np
import pytest

from hardcore.audio.loudness import true_peak_dbtp
from hardcore.project.effects import guard_latency_frames
from tests.engine.chain import Chain, click, difference_db, noise, play, rms_db, sine
from tests.engine.sound import RATE, level_db

GUARD_LATENCY = guard_latency_frames(RATE)


def true_peak_db(sound: np.ndarray) -> float:
    """Return the true peak of what sounds, faded in and out: a cut would ring."""
    fade = np.minimum(1, np.minimum(np.arange(sound.shape[1]), np.arange(sound.shape[1])[::-1]) / 2400)
    peak = true_peak_dbtp((sound * fade).astype(np.float32), RATE)
    assert peak is not None
    return peak


def test_a_strip_and_a_meter_at_their_defaults_change_no_sample() -> None:
    signal = noise()
    for heard in play([Chain(signal, (("strip", {}),)), Chain(signal, (("meter", {}),))]):
        assert difference_db(heard, signal) < -120


def test_a_route_at_its_default_copies_every_sample() -> None:
    signal, silence = noise(), np.zeros((2, RATE // 2), np.float32)
    source, target = play([Chain(signal, (("route", {"out": 2}),)), Chain(silence, ())])
    assert difference_db(source, signal) < -120 and difference_db(target, signal) < -120


def test_a_route_adds_its_bus_to_another_at_its_gain() -> None:
    signal, silence = noise(), np.zeros((2, RATE // 2), np.float32)
    source, target = play([Chain(signal, (("route", {"out": 2, "gain_db": -6}),)), Chain(silence, ())])
    assert difference_db(source, signal) < -120
    assert rms_db(target) - rms_db(signal) == pytest.approx(-6, abs=0.001)


def test_a_tap_copies_a_bus_to_the_outputs() -> None:
    signal, silence = noise(), np.zeros((2, RATE // 2), np.float32)
    source, target = play([Chain(signal, (("tap", {"out": 2}),)), Chain(silence, ())])
    assert difference_db(target, signal) < -120 and difference_db(source, signal) < -120


@pytest.mark.parametrize("gain_db", [-60.0, -6.0, 3.0, 12.0])
def test_a_strips_gain_is_in_decibels(gain_db: float) -> None:
    signal = sine(1000, 0.2, 0.1)
    heard = play([Chain(signal, (("strip", {"gain_db": gain_db}),))])[0]
    assert rms_db(heard) - rms_db(signal) == pytest.approx(gain_db, abs=0.001)


def test_pan_is_equal_power_and_0_db_in_the_centre() -> None:
    signal = sine(1000, 0.2, 0.1)
    pans = (-1.0, -0.5, 0.0, 0.5, 1.0)
    for pan, heard in zip(pans, play([Chain(signal, (("strip", {"pan": pan}),)) for pan in pans]), strict=True):
        left, right = (rms_db(side) - rms_db(signal) for side in heard)
        assert 10 * np.log10((10 ** (left / 10) + 10 ** (right / 10)) / 2) == pytest.approx(0, abs=0.001)
        if abs(pan) < 1:
            wanted = 20 * np.log10(np.tan((pan + 1) * np.pi / 4))
            assert right - left == pytest.approx(wanted, abs=0.01)
        else:
            assert max(left, right) == pytest.approx(3.01, abs=0.01) and min(left, right) < -120


def test_mute_is_silent_after_a_ramp_of_5_ms_and_opens_again() -> None:
    signal = np.full((2, RATE // 2), 0.5, np.float32)
    changes = ((0.1, 0, {"mute": 1.0}), (0.3, 0, {"mute": 0.0}))
    heard = play([Chain(signal, (("strip", {}),), changes=changes)])[0][0]
    assert heard[4700] == pytest.approx(0.5, abs=1e-6)
    assert np.abs(heard[4800 + 400 : 14300]).max() == 0
    assert heard[14400 + 400] == pytest.approx(0.5, abs=1e-6)
    # No step: 0.5 in 240 samples is 0.0021 a sample.
    assert np.abs(np.diff(heard)).max() < 0.0025
    moving = np.flatnonzero((heard[4700:6000] > 0) & (heard[4700:6000] < 0.4999))
    assert len(moving) == pytest.approx(240, abs=70)


def test_a_gain_that_changes_does_not_click() -> None:
    signal = np.full((2, RATE // 2), 0.5, np.float32)
    heard = play([Chain(signal, (("strip", {}),), changes=((0.1, 0, {"gain_db": -20.0, "pan": 0.7}),))])[0]
    assert np.abs(np.diff(heard)).max() < 0.005


@pytest.mark.parametrize("ceiling_db", [-1.0, -6.0])
def test_the_guard_keeps_everything_below_its_ceiling(ceiling_db: float) -> None:
    from scipy.signal import butter, sosfilt  # takes a second to load, in every worker

    below_17_khz = butter(12, 17000, fs=RATE, output="sos")
    loud = sosfilt(below_17_khz, noise(0.5, 1.5)).astype(np.float32) + click(0.5, 8.0)
    heard = play([Chain(loud, (("guard", {"ceiling_db": ceiling_db}),))])[0]
    assert level_db(heard) <= ceiling_db + 0.001
    assert ceiling_db - 0.3 < true_peak_db(heard) <= ceiling_db + 0.1


def test_the_guard_sees_what_is_between_the_samples() -> None:
    """A sine at a quarter of the rate, struck at 45°, has samples 3 dB below its peaks."""
    angle = np.arange(RATE // 2) * np.pi / 2 + np.pi / 4
    between = np.tile(np.sin(angle) * 1.2, (2, 1)).astype(np.float32)
    heard = play([Chain(between, (("guard", {}),))])[0]
    assert level_db(between) < -1 < true_peak_db(between)
    assert true_peak_db(heard) == pytest.approx(-1, abs=0.1)


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 96000])
def test_the_guard_delays_by_its_stated_frames_and_nothing_else_below_the_ceiling(rate: int) -> None:
    signal = noise()
    heard = play([Chain(signal, (("guard", {}),))], rate=rate)[0]
    late = guard_latency_frames(rate)
    assert late == pytest.approx(0.005 * rate + 8, abs=2)
    assert difference_db(heard[:, late:], signal[:, :-late]) < -120


def test_the_guard_turns_both_sides_down_together() -> None:
    signal = np.stack([sine(1000, 0.5, 4.0)[0], sine(700, 0.5, 0.1)[0]])
    heard = play([Chain(signal, (("guard", {}),))])[0]
    turned = [rms_db(heard[side, 12000:]) - rms_db(signal[side, 12000:]) for side in range(2)]
    assert turned[0] == pytest.approx(-13, abs=0.5) and turned[1] == pytest.approx(turned[0], abs=0.5)


def test_the_guard_replaces_what_is_not_a_number() -> None:
    signal = noise()
    signal[0, 1000], signal[1, 2000], signal[0, 3000] = np.nan, np.inf, -np.inf
    heard = play([Chain(signal, (("guard", {}),))])[0]
    assert np.isfinite(heard).all()
    assert difference_db(heard[:, 12000 + GUARD_LATENCY :], signal[:, 12000:-GUARD_LATENCY]) < -120


def test_the_crossfader_follows_its_curves_and_at_its_own_end_changes_no_sample() -> None:
    signal = sine(1000, 0.2, 0.1)
    wanted_db = {  # (side, curve, place): what is left, by the formula of each curve
        (0, 0, 0.0): -3.0103, (1, 0, 0.0): -3.0103, (0, 0, -0.5): 20 * np.log10(np.cos(np.pi / 8)),
        (1, 0, 0.5): 20 * np.log10(np.cos(np.pi / 8)), (0, 1, 0.0): -6.0206, (1, 1, 0.5): 20 * np.log10(0.75),
        (0, 2, 0.0): 0.0, (1, 2, 0.0): 0.0, (0, 2, 0.5): -6.0206, (1, 2, -0.5): -6.0206,
    }  # fmt: skip
    names = ("side", "curve", "crossfade")
    chains = [Chain(signal, (("fade", dict(zip(names, at, strict=True))),)) for at in wanted_db]
    for heard, wanted in zip(play(chains), wanted_db.values(), strict=True):
        assert rms_db(heard) - rms_db(signal) == pytest.approx(wanted, abs=0.001)
    ends = [(0, curve, -1.0) for curve in range(3)] + [(1, curve, 1.0) for curve in range(3)]
    gone = [(side, curve, -place) for side, curve, place in ends]
    chains = [Chain(signal, (("fade", dict(zip(names, at, strict=True))),)) for at in (*ends, *gone)]
    for at, heard in zip((*ends, *gone), play(chains), strict=True):
        assert difference_db(heard, signal) < -120 if at in ends else rms_db(heard) < -120
