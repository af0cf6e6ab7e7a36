"""Every tonal instrument of the catalogue, rendered by the real engine and measured."""

import asyncio
import tempfile
from dataclasses import replace
from functools import cache
from itertools import chain as joined
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.synthdefs.store import parameter_defaults, synthdef_bytes
from hardcore.project.devices import Device, instrument
from hardcore.project.roles import LOUDNESS_LUFS
from hardcore.project.tone_instruments import TONE_INSTRUMENTS
from tests.engine.sound import (
    RATE,
    Audio,
    Hit,
    Phrase,
    cents,
    level_db,
    momentary,
    note,
    pitch_hz,
    render,
    role_phrase,
    tail,
)

VOICES = tuple(device for device in TONE_INSTRUMENTS if device.family != "samplers")
PITCHED = tuple(device for device in VOICES if device.pitched)
COMMON = {"out": 0.0, "freq": 440.0, "velocity": 100 / 127, "seed": 0.0, "rgen": 0.0, "gate": 1.0}

# What detunes or modulates an instrument, at zero.
STILL: dict[str, dict[str, float]] = {
    "hoover": {"swoop": 0, "pwm": 0, "sub": 0, "chorus": 0}, "epiano": {"tremolo": 0}, "organ": {"rotary": 0},
    "texture": {"noise": 0}, "pad": {"chorus": 0, "attack": 0.01}, "drone": {"fifth": 0, "attack": 0.01},
    "ladder_bass": {"sub": 0}, "donk": {"decay": 1.5, "index": 0}, "sync_lead": {"env": 0, "body": 100},
}  # fmt: skip


WOBBLES = ("detune", "vibrato", "movement", "travel", "ensemble", "scoop", "growl", "fall", "bend", "width")


def still(device: Device) -> dict[str, float]:
    """Return settings that keep an instrument on its pitch, ringing as long as it can."""
    own = {p.id for p in device.parameters}
    quiet = {name: 0.0 for name in WOBBLES if name in own}
    held = (
        {"decay": device.parameter("decay").high}
        if device.family in ("guitars", "strings", "mallets") and "decay" in own
        else {}
    )
    return quiet | held | STILL.get(device.id, {})


def _id(value: object) -> str:
    return value.id if isinstance(value, Device) else str(value)


def _target(device: Device) -> float:
    return {str(role): loudness for role, loudness in LOUDNESS_LUFS.items()}[device.roles[0]]


def calibration(device: Device, velocity: float = 100) -> Phrase:
    """Return the phrase of the device's first role; one note of what has no pitch."""
    phrase = role_phrase(device, velocity=velocity)
    return phrase if device.pitched else replace(phrase, hits=phrase.hits[:1])


@cache
def calibrated(velocity: float) -> dict[str, Audio]:
    audio = render([calibration(device, velocity) for device in VOICES])
    return {device.id: sound for device, sound in zip(VOICES, audio, strict=True)}


@cache
def released() -> dict[str, Audio]:
    """Return a note of each instrument with its release at its longest, and a moment of what comes after its tail."""
    played = [
        Phrase(device, (Hit(0, 0.3, 60),), 0.4 + device.tail_s, {"release": device.parameter("release").high})
        for device in VOICES
    ]
    return {device.id: sound for device, sound in zip(VOICES, render(played), strict=True)}


@cache
def pitches() -> dict[tuple[str, int], Audio]:
    asked = [(device, note) for device in PITCHED for note in _notes(device)]
    heard = render([_short(device, note, 0.9, **still(device)) for device, note in asked])
    return {(device.id, note): audio for (device, note), audio in zip(asked, heard, strict=True)}


def _notes(device: Device) -> tuple[int, ...]:
    return device.low_note, (device.low_note + device.high_note) // 2, device.high_note


def _short(
    device: Device, pitch: float, seconds: float = 0.4, velocity: float = 100, seed: float = 1, **values: float
) -> Phrase:
    """Return one note that is let go just before the end, without its tail."""
    return Phrase(device, (Hit(0, seconds - 0.05, pitch, velocity, int(seed)),), seconds, values)


@pytest.mark.parametrize("device", TONE_INSTRUMENTS, ids=_id)
def test_an_instruments_synthdef_has_the_controls_and_defaults_of_the_catalogue(device: Device) -> None:
    controls = parameter_defaults(synthdef_bytes(device.id))
    assert controls == pytest.approx(COMMON | {parameter.id: parameter.default for parameter in device.parameters})


@pytest.mark.parametrize("device", VOICES, ids=_id)
def test_an_instrument_is_as_loud_as_its_first_role_asks(device: Device) -> None:
    assert momentary(calibrated(100)[device.id]) == pytest.approx(_target(device), abs=2)


@pytest.mark.parametrize("device", VOICES, ids=_id)
def test_an_instrument_never_clips_at_full_velocity_and_gives_numbers_only(device: Device) -> None:
    loud = calibrated(127)[device.id]
    assert np.isfinite(loud).all()
    assert level_db(loud) < 0
    assert level_db(loud) > level_db(calibrated(100)[device.id])


@pytest.mark.parametrize("device", VOICES, ids=_id)
def test_an_instrument_is_silent_once_its_tail_is_over(device: Device) -> None:
    phrase = calibration(device)
    assert level_db(tail(calibrated(127)[device.id], phrase.seconds - 0.25)) < -100
    assert level_db(tail(released()[device.id], 0.3 + device.tail_s)) < -100


@pytest.mark.parametrize(("device", "pitch"), [(d, n) for d in PITCHED for n in _notes(d)], ids=_id)
def test_an_instrument_plays_the_asked_pitch_within_5_cents(device: Device, pitch: int) -> None:
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    heard = pitch_hz(pitches()[device.id, pitch], wanted, 0.25, 0.55)
    assert abs(cents(heard, wanted)) < 5


def test_instruments_give_the_same_bytes_again() -> None:
    phrases = [_short(device, 48) for device in VOICES]
    for device, one, other in zip(VOICES, render(phrases), render(phrases), strict=True):
        assert one.tobytes() == other.tobytes(), device.id


@pytest.mark.parametrize("name", ["reese", "supersaw", "hoover", "pad", "texture", "vinyl"])
def test_another_seed_gives_another_take_of_a_random_instrument(name: str) -> None:
    device = instrument(name)
    one, other = render([_short(device, 48, seed=seed, attack=0.01) for seed in (1, 2)])
    assert level_db(one - other) > level_db(one) - 20


def test_no_extreme_of_any_parameter_runs_away_or_gives_numbers_that_are_not() -> None:
    settings = [
        (device, values, pitch)
        for device in VOICES
        for values in joined(
            ({p.id: limit} for p in device.parameters for limit in (p.low, p.high)),
            ({p.id: p.low for p in device.parameters}, {p.id: p.high for p in device.parameters}),
        )
        for pitch in (device.low_note, device.high_note)
    ]
    phrases = [_short(device, pitch, 0.15, **values) for device, values, pitch in settings]
    # A file holds at most 1024 channels.
    heard = [audio for at in range(0, len(phrases), 200) for audio in render(phrases[at : at + 200])]
    for (device, values, pitch), audio in zip(settings, heard, strict=True):
        assert np.isfinite(audio).all(), (device.id, values, pitch)
        assert level_db(audio) < 12, (device.id, values, pitch)


def highs_db(audio: Audio) -> float:
    """Return how much of the sound is above 2 kHz, dB of the whole: what the ear takes for brightness."""
    # Windowed, because a note cut off in the middle has highs of its own.
    power = np.abs(np.fft.rfft(audio.mean(axis=0) * np.hanning(audio.shape[1]))) ** 2
    first = round(2000 * audio.shape[1] / RATE)
    return float(10 * np.log10(power[first:].sum() / power.sum()))


def test_a_harder_note_is_louder_and_brighter_on_what_is_plucked_struck_or_filtered() -> None:
    names = ("acid303", "fm_bass", "roll_bass", "supersaw", "pluck", "stab", "epiano", "pad")
    # Wide open as it is by default, a supersaw has little left to add.
    shut = {"supersaw": {"cutoff": 1500.0}}
    heard = render([_short(instrument(n), 48, velocity=v, **shut.get(n, {})) for n in names for v in (50, 127)])
    for name, soft, hard in zip(names, heard[::2], heard[1::2], strict=True):
        assert highs_db(hard) > highs_db(soft) + 0.5, name
        assert level_db(hard) - level_db(soft) > 6, name


@pytest.mark.parametrize(
    "name", ["reese", "acid303", "roll_bass", "supersaw", "hoover", "pluck", "stab", "pad", "texture"]
)
def test_the_cutoff_opens_the_sound(name: str) -> None:
    device = instrument(name)
    # The envelope would open a dark one too.
    shut = {p.id: low for p in device.parameters for id, low in (("env", 0.0), ("attack", 0.01)) if p.id == id}
    dark, bright = render([_short(device, 48, 0.6, **shut, cutoff=hz) for hz in (200.0, 6000.0)])
    assert highs_db(bright) > highs_db(dark) + 6


def test_basses_keep_their_lows_in_the_middle_and_leads_are_wide() -> None:
    heard = render(
        [_short(instrument(n), p, 1.0) for n, p in (("reese", 33), ("supersaw", 60), ("pad", 60), ("stab", 60))]
    )
    for index, audio in enumerate(heard):
        side = np.abs(np.fft.rfft(audio[0] - audio[1]))
        mid = np.abs(np.fft.rfft(audio[0] + audio[1]))
        if index == 0:
            assert side[:80].max() < mid[:80].max() * 0.05
        else:
            assert np.linalg.norm(side) > np.linalg.norm(mid) * 0.3


def slid(device: Device, glide_s: float, velocity: float = 100) -> Audio:
    """Return 1.2 s of one note that slides from A1 up to A2 after 0.5 s, as the player sends it."""
    values: list[str | float] = ["freq", 55.0, "velocity", velocity / 127, "glide", glide_s]
    for name, value in still(device).items():
        values += [name, float(value)]
    packets = [
        bundle(0, [message("/d_recv", synthdef_bytes(device.id))]),
        bundle(0, [message("/s_new", device.id, 1, 1, 0, *values)]),
        bundle(0.5, [message("/n_set", 1, "freq", 110.0)]),
        bundle(1.25, [message("/g_freeAll", 0)]),
    ]
    return _rendered(packets, round(1.2 * RATE))


def _rendered(packets: list[bytes], frames: int) -> Audio:
    with tempfile.TemporaryDirectory() as folder:
        path = asyncio.run(render_raw(score_bytes(packets), rate=RATE, channels=2, folder=Path(folder), frames=frames))
        audio: Audio = np.fromfile(path, np.float32).reshape(-1, 2)[:frames].T.copy()
    return audio


@pytest.mark.parametrize("device", [device for device in VOICES if device.mono], ids=_id)
def test_a_slide_glides_the_sounding_note_to_its_new_pitch(device: Device) -> None:
    quick, slow = slid(device, 0.06), slid(device, 0.5)
    assert abs(cents(pitch_hz(quick, 55, 0.1, 0.35), 55)) < 10
    assert abs(cents(pitch_hz(quick, 110, 0.7, 0.4), 110)) < 10
    # Half way through a slow slide it is on its way.
    heard = _zero_crossing_hz(slow, 0.52, 0.62)
    # Two periods are as like each other as one.
    assert 60 < (heard if heard > 53 else heard * 2) < 107


def _zero_crossing_hz(audio: Audio, from_s: float, to_s: float) -> float:
    """Return the pitch by autocorrelation: the best lag between 45 and 130 Hz."""
    part = audio[0, round(from_s * RATE) : round(to_s * RATE)].astype(np.float64)
    lags = range(RATE // 130, RATE // 45)
    scores = [
        float(
            np.dot(part[:-lag], part[lag:]) / np.sqrt(np.dot(part[:-lag], part[:-lag]) * np.dot(part[lag:], part[lag:]))
        )
        for lag in lags
    ]
    return RATE / lags[int(np.argmax(scores))]


def test_an_accent_of_the_303_bites() -> None:
    device = instrument("acid303")
    plain, hard, off = render(
        [_short(device, 36, 0.4, velocity=v, accent=a) for v, a in ((107, 100), (110, 100), (110, 0))]
    )
    assert level_db(hard) > level_db(off) + 2 and highs_db(hard) > highs_db(off) + 1.5
    assert abs(level_db(plain) - level_db(off)) < 1.5


def test_the_303s_envelope_sweeps_the_resonance_down() -> None:
    heard = render([_short(instrument("acid303"), 36, 0.6, resonance=90)])[0]
    early, late = (
        _loudest_above(heard[:, round(a * RATE) : round(b * RATE)], 200) for a, b in ((0.02, 0.07), (0.4, 0.5))
    )
    assert early > late * 2


def _loudest_above(audio: Audio, hz: float) -> float:
    """Return the frequency of the loudest partial above `hz`."""
    spectrum = np.abs(np.fft.rfft(audio[0] * np.hanning(audio.shape[1]), 1 << 16))
    first = round(hz / RATE * (1 << 16))
    return float((first + spectrum[first:].argmax()) * RATE / (1 << 16))


def test_the_hoover_swoops_up_and_sinks_when_released() -> None:
    device = instrument("hoover")
    values = STILL["hoover"] | {"swoop": 12, "swoop_time": 0.3, "fall": 12, "release": 1.0}
    heard = render([Phrase(device, (Hit(0, 0.8, 69),), 1.6, values)])[0]
    start, held, end = (_strongest_hz(heard, at) for at in (0.02, 0.7, 1.4))
    assert start < 330 and held == pytest.approx(440, rel=0.01) and end < 380


def _strongest_hz(audio: Audio, from_s: float) -> float:
    part = audio[0, round(from_s * RATE) : round((from_s + 0.06) * RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    spectrum[round(620 / RATE * (1 << 16)) :] = 0
    return float(spectrum.argmax() * RATE / (1 << 16))


def test_vinyl_crackles_as_often_as_it_is_told() -> None:
    device = instrument("vinyl")
    values = [{"hiss": -60.0, "rumble": -60.0, "crackle": rate} for rate in (0.0, 5.0, 60.0)]
    none, few, many = render([Phrase(device, (Hit(0, 2.9),), 3.0, v) for v in values])
    assert level_db(none) < -55
    assert _clicks(few) < _clicks(many) / 3


def _clicks(audio: Audio) -> int:
    loud = np.abs(audio[0]).reshape(-1, 480).max(axis=1) > 0.003
    return int(np.count_nonzero(loud))


def sampled(sound: Audio, seconds: float, pitch: float = 60, **values: float) -> Audio:
    """Return what the sampler makes of `sound` ([channels, frames]) at `pitch`."""
    words = [
        word for pair in {"buffer": 3.0, "freq": 440 * 2 ** ((pitch - 69) / 12), **values}.items() for word in pair
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        soundfile.write(path, sound.T, RATE, subtype="FLOAT")
        packets = [
            bundle(0, [message("/d_recv", synthdef_bytes("sampler")), message("/b_allocRead", 3, str(path))]),
            bundle(0, [message("/s_new", "sampler", 1, 1, 0, *[w if isinstance(w, str) else float(w) for w in words])]),
            bundle(seconds + 0.01, [message("/g_freeAll", 0)]),
        ]
        return _rendered(packets, round(seconds * RATE))


def _tone(channels: int, seconds: float = 0.5) -> Audio:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.4 * np.sin(2 * np.pi * 300 * (1 + channel) * time) for channel in range(channels)]).astype(
        np.float32
    )


def test_the_sampler_plays_mono_on_both_sides_and_stereo_as_it_is() -> None:
    mono, stereo = sampled(_tone(1), 0.4), sampled(_tone(2), 0.4)
    assert np.abs(mono[:, 100:] - _tone(1)[:, 100 : mono.shape[1]]).max() < 1e-5
    assert np.abs(stereo[:, 100:] - _tone(2)[:, 100 : stereo.shape[1]]).max() < 1e-5


def test_the_sampler_follows_the_note_from_its_root() -> None:
    up, fixed, other = (
        sampled(_tone(1), 0.4, 67),
        sampled(_tone(1), 0.4, 67, follow=0),
        sampled(_tone(1), 0.4, 67, root_note=55),
    )
    assert abs(cents(pitch_hz(up, 300 * 2 ** (7 / 12), 0.02, 0.25), 300 * 2 ** (7 / 12))) < 5
    assert abs(cents(pitch_hz(fixed, 300, 0.02, 0.35), 300)) < 5
    assert abs(cents(pitch_hz(other, 600, 0.02, 0.2), 600)) < 5


def test_the_sampler_stops_at_the_end_or_loops_and_plays_backwards() -> None:
    ramp = np.linspace(0, 0.8, RATE // 2, dtype=np.float32)[None]
    once, looped, back = sampled(ramp, 1.2), sampled(ramp, 1.2, loop=1), sampled(ramp, 0.4, rate=-1)
    assert np.abs(once[:, round(0.52 * RATE) :]).max() == 0
    assert looped[0, round(0.75 * RATE)] == pytest.approx(0.4, abs=0.01)
    assert back[0, 4800] == pytest.approx(0.8 * 0.8, abs=0.01) and back[0, 14400] == pytest.approx(0.8 * 0.4, abs=0.01)


def test_the_sampler_starts_where_it_is_told() -> None:
    ramp = np.linspace(0, 0.8, RATE // 2, dtype=np.float32)[None]
    assert sampled(ramp, 0.2, start=50)[0, 4800] == pytest.approx(0.4 + 0.16, abs=0.01)


def test_one_note_with_its_tail_ends() -> None:
    # The whole length of `note` is what a caller reserves for it.
    device = instrument("sub")
    heard = render([note(device, 36, 0.5)])[0]
    assert level_db(tail(heard, 0.5 + device.tail_s)) < -100 and level_db(heard) > -40
