"""Every effect of the catalogue, measured on signals played through the real engine."""

from itertools import chain as joined
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore.engine.synthdefs.store import parameter_defaults, synthdef_bytes
from hardcore.project.devices import Device, effect, effects
from hardcore.project.effects import EFFECTS, ringing_s
from tests.engine.chain import Chain, click, difference_db, gain_at, noise, play, rms_db, sine
from tests.engine.sound import RATE, Audio, level_db

# Settings at which an effect should leave its input alone, to within so many dB full scale.
NEUTRAL: dict[str, tuple[dict[str, float], float]] = {
    "eq": ({}, -120),
    "width": ({}, -120),
    "drive": ({"mix": 0}, -120),
    "bitcrusher": ({"bits": 16, "rate": 24000}, -90),
    "chorus": ({"mix": 0}, -120),
    "phaser": ({"mix": 0}, -120),
    "delay": ({"mix": 0}, -120),
    "reverb": ({"mix": 0}, -120),
    "compressor": ({"ratio": 1}, -120),
    "sidechain": ({}, -120),
    "limiter": ({}, -120),
    "utility": ({}, -120),
    "exciter": ({"amount": 0}, -120),
    "sub_enhancer": ({"amount": 0}, -120),
    "tremolo": ({"depth": 0}, -120),
    "autopan": ({"depth": 0}, -120),
    "trance_gate": ({"depth": 0}, -120),
    "beat_repeat": ({}, -120),
    "gate": ({"range": 0}, -120),
    "transient": ({"attack": 0}, -120),
} | {
    name: ({"mix": 0}, -120)
    for name in (
        "ladder",
        "wavefolder",
        "radio",
        "formant",
        "autowah",
        "flanger",
        "ringmod",
        "freqshift",
        "tape_delay",
        "spring",
        "resonator",
        "multiband",
    )
}


def through(device_id: str, signal: Audio, tail_s: float = 0.0, **values: float) -> Audio:
    return play([Chain(signal, ((device_id, values),))], tail_s)[0]


@pytest.mark.parametrize("device", EFFECTS, ids=lambda device: device.id)
def test_an_effects_synthdef_has_the_controls_and_defaults_of_the_catalogue(device: Device) -> None:
    controls = parameter_defaults(synthdef_bytes(device.id))
    assert controls.pop("bus") == 0
    assert not device.side or controls.pop("side") == 0
    assert controls == pytest.approx({parameter.id: parameter.default for parameter in device.parameters})


def test_an_effect_at_its_neutral_setting_changes_nothing() -> None:
    signal = noise()
    chains = [Chain(signal, ((name, values),), side=signal * 0) for name, (values, _) in NEUTRAL.items()]
    for (name, (_, limit_db)), heard in zip(NEUTRAL.items(), play(chains), strict=True):
        assert difference_db(heard, signal) < limit_db, name


def test_no_extreme_of_any_parameter_gives_numbers_that_are_not_or_runs_away() -> None:
    signal = np.concatenate([noise(0.3, 0.3), click(0.1, 1.0)], axis=1)
    settings = [
        (device, values)
        for device in effects().values()
        for values in joined(
            ({p.id: limit} for p in device.parameters for limit in (p.low, p.high)),
            ({p.id: p.low for p in device.parameters}, {p.id: p.high for p in device.parameters}),
        )
    ]
    heard = play([Chain(signal, ((device.id, values),), side=signal) for device, values in settings])
    for (device, values), audio in zip(settings, heard, strict=True):
        assert np.isfinite(audio).all(), (device.id, values)
        assert level_db(audio) < 48, (device.id, values)


@pytest.mark.parametrize("rate", [22050, 96000])
def test_effects_work_at_other_sample_rates(rate: int) -> None:
    chains = [Chain(noise(0.2), ((d.id, {p.id: p.high for p in d.parameters}),), side=noise(0.2)) for d in EFFECTS]
    for device, heard in zip(EFFECTS, play(chains, rate=rate), strict=True):
        assert np.isfinite(heard).all() and level_db(heard) < 48, device.id


def test_effects_give_the_same_bytes_again() -> None:
    chains = [Chain(noise(0.3), ((device.id, {}),), side=noise(0.3)) for device in EFFECTS]
    for device, one, other in zip(EFFECTS, play(chains), play(chains), strict=True):
        assert one.tobytes() == other.tobytes(), device.id


def test_the_filter_is_3_db_down_at_its_cutoff_and_falls_24_db_an_octave() -> None:
    low, high, band = play([Chain(click(), (("filter", {"mode": mode, "cutoff": 1000}),)) for mode in range(3)])
    assert gain_at(low, 1000) == pytest.approx(-3, abs=0.1) and gain_at(low, 100) == pytest.approx(0, abs=0.1)
    assert gain_at(low, 4000) - gain_at(low, 2000) == pytest.approx(-24, abs=1.5)
    assert gain_at(high, 1000) == pytest.approx(-3, abs=0.1) and gain_at(high, 8000) == pytest.approx(0, abs=0.1)
    assert gain_at(high, 250) - gain_at(high, 500) == pytest.approx(-24, abs=1.5)
    assert gain_at(band, 1000) == pytest.approx(0, abs=0.1) and gain_at(band, 250) < -10 and gain_at(band, 4000) < -10


def test_resonance_raises_the_cutoff() -> None:
    heard = play([Chain(click(), (("filter", {"cutoff": 1000, "resonance": r}),)) for r in (0, 50, 90)])
    peaks = [gain_at(audio, 1000) for audio in heard]
    assert peaks[0] + 10 < peaks[1] and peaks[1] + 8 < peaks[2]


@pytest.mark.parametrize(
    ("band", "freq", "other"), [("low", 60, 4000), ("mid1", 700, 40), ("mid2", 3000, 60), ("high", 14000, 200)]
)
def test_an_eq_band_changes_its_own_frequencies_by_its_gain(band: str, freq: float, other: float) -> None:
    place = {"low": 400, "mid1": 700, "mid2": 3000, "high": 4000}[band]
    heard = through("eq", click(), **{f"{band}_gain": 9, f"{band}_freq": place})
    assert gain_at(heard, freq) == pytest.approx(9, abs=0.6)
    assert gain_at(heard, other) == pytest.approx(0, abs=0.3)


def test_the_eqs_low_cut_is_3_db_down_at_its_frequency() -> None:
    heard = through("eq", click(), low_cut=200)
    assert gain_at(heard, 200) == pytest.approx(-3, abs=0.2)
    assert gain_at(heard, 50) == pytest.approx(-24, abs=1)


def test_drive_adds_odd_harmonics_and_keeps_the_level() -> None:
    signal = sine(1000, 1, 0.25)
    heard = play(
        [Chain(signal, (("drive", {"drive": d, "shape": s, "tone": 18000}),)) for d in (0, 30) for s in (0, 1)]
    )
    harmonic = [_partial_db(audio, 3000) - _partial_db(audio, 1000) for audio in heard]
    assert max(harmonic[:2]) < -40 and min(harmonic[2:]) > -15
    for audio in heard:
        assert rms_db(audio) == pytest.approx(rms_db(signal), abs=4)


def _partial_db(audio: Audio, freq_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(audio[0] * np.hanning(audio.shape[1])))
    at = round(freq_hz * audio.shape[1] / RATE)
    return float(20 * np.log10(spectrum[at - 2 : at + 3].max() + 1e-9))


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_the_bit_crusher_leaves_as_many_levels_as_its_bits_allow(bits: int) -> None:
    heard = through("bitcrusher", sine(101.3, 1.0, 0.99), bits=bits, rate=24000)
    assert len(np.unique(heard[0].round(6))) == pytest.approx(2**bits, abs=1)


def test_the_bit_crusher_holds_samples_at_its_rate() -> None:
    heard = through("bitcrusher", sine(101.3, 1), bits=16, rate=3000)
    assert np.count_nonzero(np.diff(heard[0])) == pytest.approx(3000, rel=0.01)


def test_width_narrows_to_mono_and_can_do_so_below_a_frequency_only() -> None:
    signal = noise()
    mono, wide, bass = play(
        [Chain(signal, (("width", v),)) for v in ({"width": 0}, {"width": 200}, {"mono_below": 300})]
    )
    side = signal[0] - signal[1]
    assert difference_db(mono[0], mono[1]) < -120
    assert rms_db(wide[0] - wide[1]) - rms_db(side) == pytest.approx(6.02, abs=0.05)
    spectrum, kept = np.abs(np.fft.rfft(side)), np.abs(np.fft.rfft(bass[0] - bass[1]))
    low, high = slice(25, 75), slice(1000, 4000)
    assert kept[low].mean() < spectrum[low].mean() * 0.05
    assert kept[high].mean() == pytest.approx(spectrum[high].mean(), rel=0.05)


@pytest.mark.parametrize("name", ["chorus", "phaser"])
def test_a_moving_effect_moves_and_keeps_the_level(name: str) -> None:
    signal = noise(2.0)
    signal[1] = signal[0]
    heard = through(name, signal, mix=100, rate=1.0)
    assert rms_db(heard) == pytest.approx(rms_db(signal), abs=3)
    assert rms_db(heard[0] - heard[1]) > rms_db(signal) - 12
    early, late = (np.abs(np.fft.rfft(heard[0, at : at + 4800])) for at in (9600, 33600))
    source = [np.abs(np.fft.rfft(signal[0, at : at + 4800])) for at in (9600, 33600)]
    change = 20 * np.log10(_bands(early / source[0]) / _bands(late / source[1]))
    assert np.abs(change).max() > 3


def _bands(spectrum: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.array([np.median(part) for part in np.array_split(spectrum[1:1600], 80)])


@pytest.mark.parametrize("time_s", [0.05, 0.375, 0.7])
def test_the_delay_echoes_after_its_time_crossing_sides_each_echo_softer(time_s: float) -> None:
    heard = through("delay", click(2.2), time=time_s, feedback=50, mix=100, tone=16000, low_cut=20)
    places = [int(np.abs(side[240:]).argmax()) + 240 for side in heard]
    assert places[0] == pytest.approx(time_s * RATE, abs=3)
    assert places[1] == pytest.approx(2 * time_s * RATE, abs=6)
    first, second = _energy_db(heard[0], places[0]), _energy_db(heard[1], places[1])
    assert second - first == pytest.approx(-6, abs=1)


def test_without_pingpong_an_echo_stays_on_its_side() -> None:
    signal = click(0.5)
    signal[1] = 0
    heard = through("delay", signal, time=0.1, feedback=50, mix=100, pingpong=0)
    assert level_db(heard[0]) > -20 and level_db(heard[1]) < -150


def _energy_db(side: Audio, at: int) -> float:
    return rms_db(side[at - 100 : at + 100])


@pytest.mark.parametrize("decay_s", [0.6, 1.8, 4.0])
def test_the_reverb_falls_60_db_in_its_decay(decay_s: float) -> None:
    heard = through("reverb", click(decay_s), mix=100, decay=decay_s, damp=16000, low_cut=20)
    energy = np.cumsum((heard.astype(np.float64) ** 2).sum(axis=0)[::-1])[::-1]
    fall = 10 * np.log10(energy / energy[0])
    # Measured from −5 to −25 dB (ISO 3382's T20), times three.
    t20 = (np.argmax(fall < -25) - np.argmax(fall < -5)) / RATE
    assert 3 * t20 == pytest.approx(decay_s, rel=0.2)


def test_the_reverb_is_wide_dense_and_waits_for_its_predelay() -> None:
    signal = noise(1.0)
    signal[:, 4800:] = 0
    heard = through("reverb", signal, mix=100, predelay=100, decay=2)
    assert level_db(heard[:, :4800]) < -120
    assert abs(np.asarray(np.corrcoef(heard[:, 14400:]))[0, 1]) < 0.3
    later = through("reverb", click(1.0), mix=100, decay=4)[0, 14400:24000]
    # A dense tail is like noise: its kurtosis is near 3, that of single echoes far above.
    assert float((later**4).mean() / (later**2).mean() ** 2) < 6


@pytest.mark.parametrize(
    ("name", "values"), [("delay", {}), ("delay", {"time": 0.1, "feedback": 80}), ("reverb", {"decay": 0.8})]
)
def test_an_effect_is_60_db_down_once_it_has_rung(name: str, values: dict[str, float]) -> None:
    device = effect(name)
    rings_s = ringing_s(device, values)
    assert rings_s <= device.tail_s or values
    heard = through(name, noise(0.2), tail_s=rings_s + 0.3, **(values | {"mix": 100}))
    end = round((0.2 + rings_s) * RATE)
    assert rms_db(heard[:, end:]) < rms_db(noise(0.2)) - 58


def test_the_compressor_leaves_one_dB_over_the_threshold_for_every_ratio_dB() -> None:
    cases = [(-18.0, 4.0, 0.5), (-30.0, 2.0, 0.25), (-12.0, 20.0, 0.9)]
    chains = [Chain(sine(1000, 1, level), (("compressor", {"threshold": t, "ratio": r}),)) for t, r, level in cases]
    for (threshold, ratio, level), heard in zip(cases, play(chains), strict=True):
        over = 20 * np.log10(level) - threshold
        assert level_db(heard[:, 36000:]) == pytest.approx(threshold + over / ratio, abs=0.3)


def test_the_compressors_attack_and_release_take_their_time() -> None:
    signal = np.concatenate([sine(1000, 0.5, 0.01), sine(1000, 1.0, 0.8), sine(1000, 1.0, 0.01)], axis=1)
    heard = through("compressor", signal, threshold=-20, ratio=10, attack=0.1, release=0.3)
    gain = [
        20 * np.log10(np.abs(heard[0, a : a + 480]).max() / np.abs(signal[0, a : a + 480]).max())
        for a in range(0, 119000, 480)
    ]
    full = gain[148]
    reached = next(i for i in range(50, 150) if gain[i] < full * 0.9) * 0.01 - 0.5
    back = next(i for i in range(151, 248) if gain[i] > full * 0.1) * 0.01 - 1.5
    assert full == pytest.approx(-16.3, abs=0.5)
    assert reached == pytest.approx(0.1, abs=0.03)
    # The detector lets go first, which takes a little itself.
    assert back == pytest.approx(0.33, abs=0.06)


def test_the_side_chain_ducks_while_the_other_track_sounds_and_by_its_range_at_most() -> None:
    signal, silent = sine(1000, 1), np.zeros((2, RATE // 2), np.float32)
    kick = np.concatenate([sine(60, 0.5, 0.7), silent], axis=1)
    settings = ({"threshold": -40, "ratio": 20, "range": 12}, {"threshold": -20, "ratio": 2, "range": 60})
    capped, gentle = play([Chain(signal, (("sidechain", values),), side=kick) for values in settings])
    for heard, depth in ((capped, -12), (gentle, -(20 - 3.1) / 2)):
        assert rms_db(heard[:, 12000:23000]) - rms_db(signal) == pytest.approx(depth, abs=0.4)
        assert rms_db(heard[:, 44000:]) - rms_db(signal) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("ceiling", [-0.5, -6.0, -20.0])
def test_nothing_passes_the_limiters_ceiling_not_even_one_sample(ceiling: float) -> None:
    loud = noise(0.5, 0.5) + click(0.5, 2.0)
    fast, slow = play(
        [Chain(loud, (("limiter", {"ceiling": ceiling, "release": r, "gain": 12}),)) for r in (0.005, 0.5)]
    )
    assert level_db(fast) <= ceiling + 0.001 and level_db(slow) <= ceiling + 0.001
    assert level_db(fast) > ceiling - 0.1


def test_the_limiter_has_no_delay() -> None:
    heard = through("limiter", click(0.1, 0.5))
    assert int(np.abs(heard[0]).argmax()) == 0
