"""The colours, movements, resonances and shapers, measured; and what holds for every effect of the catalogue."""

import numpy as np
import pytest

from hardcore.project.devices import Device, effects
from hardcore.project.effects import EFFECTS
from tests.engine.chain import Chain, click, gain_at, noise, play, rms_db, sine
from tests.engine.sound import RATE, Audio, level_db


def through(device_id: str, signal: Audio, tail_s: float = 0.0, **values: float) -> Audio:
    return play([Chain(signal, ((device_id, values),))], tail_s)[0]


def partial_db(audio: Audio, freq_hz: float, channel: int = 0) -> float:
    """Return the level of a partial, dBFS."""
    part = audio[channel]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) * 4 / len(part)
    at = round(freq_hz * len(part) / RATE)
    return float(20 * np.log10(spectrum[at - 2 : at + 3].max() + 1e-9))


def test_there_are_at_least_24_effects_in_named_families() -> None:
    assert len(EFFECTS) >= 24
    assert {device.family for device in EFFECTS} == {"tone", "movement", "spaces", "dynamics"}


def test_no_effect_is_later_than_it_says() -> None:
    # The plain sound in the mix comes through at once; what an effect delays on purpose is its sound.
    heard = play([Chain(click(0.1), ((device.id, {}),), side=click(0.1) * 0) for device in EFFECTS])
    for device, audio in zip(EFFECTS, heard, strict=True):
        late = {"reverb", "delay"} & {device.id}
        assert device.latency_s == 0
        assert late or np.abs(audio[:, :2]).max() > 1e-6, device.id


MOVES = [
    (device, p.id)
    for device in EFFECTS
    for p in device.parameters
    if p.curve in ("lin", "exp") and (device.id, p.id) not in {("bitcrusher", "bits"), ("bitcrusher", "rate")}
]


def test_a_parameter_that_jumps_does_not_click() -> None:
    signal = sine(220, 0.5, 0.25)
    chains = []
    for device, name in MOVES:
        p = device.parameter(name)
        far = p.high if abs(p.high - p.default) >= abs(p.default - p.low) else p.low
        # A third of the way: what a hand on a knob does at once.
        to = p.default + (far - p.default) / 3 if p.curve == "lin" else p.default * (far / p.default) ** (1 / 3)
        chains.append(Chain(signal, ((device.id, {}),), side=signal, changes=((0.2, 0, {name: to}),)))
    heard = [audio for at in range(0, len(chains), 100) for audio in play(chains[at : at + 100])]
    at = round(0.2 * RATE)
    for (device, name), audio in zip(MOVES, heard, strict=True):
        bend = np.abs(np.diff(audio, n=2, axis=1)).max(axis=0)
        calm = max(bend[at - 7200 : at - 200].max(), bend[at + 9600 :].max())
        assert bend[at - 100 : at + 9600].max() < 4 * calm + 0.02, (device.id, name)


def corners(device: Device, count: int) -> list[dict[str, float]]:
    """Return settings drawn from the whole range of every parameter, always the same ones."""
    random = np.random.default_rng(sum(map(ord, device.id)))
    draws = []
    for _ in range(count):
        values = {}
        for p in device.parameters:
            if p.studio:
                continue
            share = float(random.random())
            value = p.low * (p.high / p.low) ** share if p.curve == "exp" else p.low + (p.high - p.low) * share
            values[p.id] = float(round(value)) if p.curve in ("int", "switch") else value
        draws.append(values)
    return draws


def test_any_settings_of_any_effect_give_numbers_within_bounds() -> None:
    signal = np.concatenate([noise(0.2, 0.3), click(0.1, 1.0), sine(80, 0.2, 0.9)], axis=1)
    cases = [(device, values) for device in effects().values() for values in corners(device, 6)]
    heard = play([Chain(signal, ((device.id, values),), side=signal) for device, values in cases])
    for (device, values), audio in zip(cases, heard, strict=True):
        assert np.isfinite(audio).all(), (device.id, values)
        assert level_db(audio) < 36, (device.id, values)


def test_utility_turns_moves_and_swaps() -> None:
    signal = noise(0.3)
    louder, turned, swapped, left = play(
        [Chain(signal, (("utility", v),)) for v in ({"gain": 6}, {"invert": 1}, {"swap": 1}, {"balance": -1})]
    )
    assert rms_db(louder) - rms_db(signal) == pytest.approx(6, abs=0.01)
    assert np.abs(turned + signal).max() < 1e-6
    assert np.abs(swapped - signal[::-1]).max() < 1e-6
    assert np.abs(left[1]).max() < 1e-6 and np.abs(left[0] - signal[0]).max() < 1e-6


def test_the_ring_modulator_gives_sums_and_differences_only() -> None:
    heard = through("ringmod", sine(1000, 1.0), freq=300, mix=100)
    assert partial_db(heard, 700) > -14 and partial_db(heard, 1300) > -14
    assert partial_db(heard, 1000) < -70


def test_the_frequency_shifter_moves_by_hertz_and_the_sides_apart() -> None:
    heard = through("freqshift", sine(1000, 1.0), shift=100, mix=100)
    assert partial_db(heard, 1100) > -8 and partial_db(heard, 900, 1) > -8
    assert partial_db(heard, 900) < -40 and partial_db(heard, 1000) < -40


def test_the_sub_enhancer_adds_the_octave_below() -> None:
    plain, deep = sine(100, 1.0, 0.4), through("sub_enhancer", sine(100, 1.0, 0.4), amount=80)
    assert partial_db(deep, 50) > partial_db(plain, 50) + 30


def test_the_exciter_adds_highs_that_were_not_there() -> None:
    signal = sine(5000, 1.0, 0.2)
    assert partial_db(through("exciter", signal, drive=24, amount=100), 15000) > partial_db(signal, 15000) + 20


def test_the_wavefolder_folds_back_what_is_too_loud() -> None:
    signal = sine(200, 1.0, 0.5)
    little, much = (through("wavefolder", signal, fold=f, tone=18000) for f in (0, 24))
    assert partial_db(much, 1400) > partial_db(little, 1400) + 20
    assert level_db(much) < 0


def test_the_radio_keeps_a_band() -> None:
    heard = through("radio", click(0.5), low=500, high=3000, drive=0)
    assert gain_at(heard, 1200) > -4 and gain_at(heard, 60) < -40 and gain_at(heard, 14000) < -30


def test_vowels_differ() -> None:
    signal = noise(1.0)
    dark, bright = (through("formant", signal, vowel=v, depth=0, mix=100) for v in (0, 100))
    bands = [[rms_db_of(audio, low, high) for audio in (dark, bright)] for low, high in ((600, 900), (2000, 2400))]
    assert bands[0][0] > bands[0][1] + 4 and bands[1][1] > bands[1][0] + 4


def rms_db_of(audio: Audio, low_hz: float, high_hz: float) -> float:
    """Return the power of a band, dB."""
    power = np.abs(np.fft.rfft(audio[0])) ** 2
    first, last = (round(hz * audio.shape[1] / RATE) for hz in (low_hz, high_hz))
    return float(10 * np.log10(power[first:last].sum() + 1e-12))


def test_the_auto_wah_opens_with_the_level() -> None:
    quiet, loud = (through("autowah", noise(1.0, level), mix=100, sensitivity=-20) for level in (0.001, 0.2))
    assert (
        rms_db_of(loud, 1500, 2500) - rms_db_of(loud, 300, 400)
        > rms_db_of(quiet, 1500, 2500) - rms_db_of(quiet, 300, 400) + 10
    )


def test_tremolo_and_auto_pan_move_the_level_and_the_place() -> None:
    signal = sine(1000, 1.0, 0.3)
    shaken, moved = through("tremolo", signal, rate=4, depth=100), through("autopan", signal, rate=1, depth=100)
    levels = np.abs(shaken[0]).reshape(-1, 480).max(axis=1)
    assert levels.min() < 0.02 and levels.max() > 0.28
    sides = np.abs(moved).reshape(2, -1, 2400).max(axis=2)
    assert (sides[0] / sides[1].clip(0.001)).max() > 8 and (sides[1] / sides[0].clip(0.001)).max() > 8


def test_the_trance_gate_plays_its_rhythm() -> None:
    heard = through("trance_gate", sine(1000, 2.2, 0.3), rate=10, pattern=4, depth=100, length=100)
    # It has counted two steps of silence before the signal starts, so this begins with an open one.
    middles = np.abs(heard[0]).reshape(-1, 4800)[:, 1500:4300].max(axis=1)
    assert (middles > 0.25).tolist() == [True, False] * 11
    assert middles[1::2].max() < 0.03


def test_the_gate_shuts_what_is_quiet() -> None:
    signal = np.concatenate([sine(500, 0.5, 0.5), sine(500, 0.5, 0.002)], axis=1)
    heard = through("gate", signal, threshold=-30, range=60, release=0.05)
    assert level_db(heard[:, 9600:23000]) == pytest.approx(level_db(signal[:, 9600:23000]), abs=0.1)
    assert level_db(heard[:, 40000:]) < level_db(signal[:, 40000:]) - 50


def test_the_transient_shaper_lifts_attacks_and_tails_apart() -> None:
    hit = sine(300, 0.6, 0.5) * np.exp(-np.arange(round(0.6 * RATE)) / (0.12 * RATE)).astype(np.float32)
    sharper, longer = (through("transient", hit, **v) for v in ({"attack": 12}, {"attack": 0, "sustain": 12}))
    early, late = slice(0, 1440), slice(14400, 24000)
    assert rms_db(sharper[:, early]) > rms_db(hit[:, early]) + 4
    assert abs(rms_db(sharper[:, late]) - rms_db(hit[:, late])) < 1.5
    assert rms_db(longer[:, late]) > rms_db(hit[:, late]) + 4
    assert abs(rms_db(longer[:, early]) - rms_db(hit[:, early])) < 2


def test_the_multiband_compressor_is_flat_at_rest_and_presses_one_band_only() -> None:
    rest = through("multiband", click(0.3), ratio=1)
    for hz in (50, 160, 800, 3000, 10000):
        assert gain_at(rest, hz) == pytest.approx(0, abs=0.3), hz
    both = sine(60, 1.0, 0.5) + sine(6000, 1.0, 0.01)
    heard = through("multiband", both, threshold=-30, ratio=10)
    assert partial_db(heard, 60) < partial_db(both, 60) - 12
    assert partial_db(heard, 6000) == pytest.approx(partial_db(both, 6000), abs=0.5)


@pytest.mark.parametrize("name", ["spring", "resonator", "tape_delay"])
def test_what_rings_is_60_db_down_when_it_says(name: str) -> None:
    device = effects()[name]
    heard = through(name, noise(0.2), tail_s=device.tail_s + 0.2, mix=100)
    assert rms_db(heard[:, round((0.2 + device.tail_s) * RATE) :]) < rms_db(noise(0.2)) - 55
    assert rms_db(heard[:, 9600 + 12000 : 9600 + 36000]) > rms_db(noise(0.2)) - 60


def test_the_resonator_rings_at_its_notes() -> None:
    heard = through("resonator", noise(0.1), tail_s=1.0, freq=200, second=7, third=12, mix=100)
    late = heard[:, 9600:]
    for hz in (200, 299.7, 400):
        assert partial_db(late, hz) > partial_db(late, 250) + 15, hz


def test_the_beat_repeat_plays_what_comes_first_again_sample_for_sample_until_it_is_off() -> None:
    signal, time = noise(2.0), 0.1
    on_s, off_s = 0.5, 1.25
    changes = ((on_s, 0, {"repeat": 1.0}), (off_s, 0, {"repeat": 0.0}))
    heard = play([Chain(signal, (("beat_repeat", {"time": time}),), changes=changes)])[0]
    block, frames, edge = 64, round(time * RATE), round(0.004 * RATE)
    inner = slice(edge, frames - edge)
    near = range(round(on_s * RATE) - block, round(on_s * RATE) + block)  # it begins with the block of the switch

    def apart(begin: int, times: int) -> float:
        """Return how far the sound that is heard again is from what came in from a sample on."""
        return float(np.abs(heard[:, begin + times * frames :][:, inner] - signal[:, begin:][:, inner]).max())

    first = min(near, key=lambda at: apart(at, 1))
    until = first + frames - block
    assert np.abs(heard[:, :until] - signal[:, :until]).max() < 1e-6, "open as it comes in"
    assert max(apart(first, times) for times in range(1, 7)) < 1e-6
    after = round((off_s + 0.06) * RATE)
    assert np.abs(heard[:, after:] - signal[:, after:]).max() < 1e-5
    fading = play([Chain(signal, (("beat_repeat", {"time": time, "fade": 50}),), changes=changes)])[0]
    levels = [rms_db(fading[:, first + n * frames :][:, inner]) for n in range(1, 6)]
    assert np.diff(levels) == pytest.approx([-6.02] * 4, abs=0.05)
