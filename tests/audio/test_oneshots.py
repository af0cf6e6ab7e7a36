"""What a sound is said to be, held against renders of our own instruments and sounds made here."""

import numpy as np
import pytest

from hardcore.audio.oneshots import Heard, hear
from hardcore.audio.pitch import fundamental_hz
from hardcore.errors import UserError
from hardcore.project import devices
from tests.audio.sounds import RATE, Sound, groove, noise, sine
from tests.engine.sound import Phrase, note, render

# (instrument, pitch, held seconds): the type that a listener would say
WANTED = {
    ("kick808", 36, 0.3): "kick", ("kick909", 36, 0.3): "kick", ("kick_gabber", 36, 0.3): "kick",
    ("snare909", 38, 0.3): "snare", ("snare_break", 38, 0.3): "snare", ("clap", 39, 0.3): "clap",
    ("hat_closed", 42, 0.3): "hat", ("hat_open", 46, 0.3): "hat", ("ride", 51, 0.3): "hat", ("shaker", 60, 0.3): "hat",
    ("rim", 37, 0.3): "perc", ("tom", 50, 0.3): "perc", ("perc", 66, 0.3): "perc",
    ("sub", 36, 0.3): "bass", ("reese", 36, 0.3): "bass", ("fm_bass", 36, 0.3): "bass", ("roll_bass", 36, 0.3): "bass",
    ("acid303", 36, 0.3): "bass",
    ("stab", 60, 0.3): "stab", ("pluck", 60, 0.3): "stab", ("organ", 60, 0.3): "stab", ("supersaw", 60, 0.3): "stab",
    ("epiano", 60, 0.3): "stab", ("pad", 60, 2.0): "pad", ("texture", 60, 2.0): "pad",
}  # fmt: skip
# where the pitch is the note's
PITCHED = ("sub", "reese", "fm_bass", "roll_bass", "pluck", "organ", "epiano", "pad")


def phrase(name: str, pitch: int, held_s: float) -> Phrase:
    return note(devices.instrument(name), pitch, held_s)


@pytest.fixture(scope="module")
def heard() -> dict[str, Heard]:
    keys = list(WANTED)
    sounds = [audio for at in range(0, len(keys), 13) for audio in render([phrase(*key) for key in keys[at : at + 13]])]
    return {key[0]: hear(audio, RATE) for key, audio in zip(keys, sounds, strict=True)}


@pytest.mark.parametrize("key", WANTED, ids=lambda key: str(key[0]))
def test_our_own_instruments_are_told_for_what_they_are(key: tuple[str, int, float], heard: dict[str, Heard]) -> None:
    found = heard[key[0]]
    assert found.type == WANTED[key], found.why
    assert found.why and found.bpm is None


@pytest.mark.parametrize("name", PITCHED)
def test_the_pitch_of_a_tone_is_its_notes(name: str, heard: dict[str, Heard]) -> None:
    pitch = next(key[1] for key in WANTED if key[0] == name)
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    hz = heard[name].hz
    assert hz is not None and abs(1200 * np.log2(hz / wanted)) < 25


@pytest.mark.parametrize("hz", [45.0, 49.0, 110.0, 440.0, 987.0])
def test_the_fundamental_of_a_rich_tone_is_found_within_six_cents(hz: float) -> None:
    at = np.arange(RATE) / RATE
    wave = sum(np.sin(2 * np.pi * hz * n * at) / n for n in range(1, 9)) * 0.3
    found = hear(wave[np.newaxis].astype(np.float32), RATE)
    assert found.hz is not None and abs(1200 * np.log2(found.hz / hz)) < 6


def test_noise_and_hats_have_no_pitch(heard: dict[str, Heard]) -> None:
    assert hear(noise(0.5), RATE).hz is None
    assert heard["hat_closed"].hz is None


def test_brightness_is_said_by_what_is_usual_for_the_type(heard: dict[str, Heard]) -> None:
    assert "dark" in heard["kick808"].words and "bright" in heard["kick_gabber"].words
    assert heard["kick808"].centroid_hz < heard["kick_gabber"].centroid_hz
    assert "bright" in hear(sine(4000, 0.5, -6), RATE).words


@pytest.mark.parametrize(("style", "bpm"), [("techno", 138.0), ("techno", 126.0), ("drum and bass", 174.0)])
def test_a_loop_of_whole_bars_has_its_tempo(style: str, bpm: float) -> None:
    whole = groove(style, bpm)
    bars = whole[:, : round(8 * 4 * 60 / bpm * RATE / 4)]
    found = hear(bars, RATE)
    assert found.type == "loop", found.why
    assert found.bpm == pytest.approx(bpm, rel=0.01)


def test_a_tempo_in_the_name_settles_which_of_two_it_is() -> None:
    bars = groove("drum and bass", 174.0)[:, : round(2 * 4 * 60 / 174 * RATE)]
    assert hear(bars, RATE, bpm_said=174).bpm == pytest.approx(174, rel=0.001)
    assert hear(bars, RATE, bpm_said=87).bpm == pytest.approx(87, rel=0.001)


def test_a_stereo_sound_whose_sides_cancel_is_still_heard() -> None:
    left = sine(65.4, 0.5, -6, channels=1)
    found = hear(np.concatenate([left, -left]), RATE)
    assert found.type == "bass"


def test_silence_before_the_sound_changes_nothing(heard: dict[str, Heard]) -> None:
    audio = render([phrase("snare909", 38, 0.3)])[0]
    late = hear(np.pad(audio, ((0, 0), (9000, 4000))), RATE)
    assert (late.type, late.words) == (heard["snare909"].type, heard["snare909"].words)


def test_silence_is_refused_and_a_click_is_not_a_bug() -> None:
    with pytest.raises(UserError, match="silent"):
        hear(np.zeros((2, 4800), np.float32), RATE)
    for length in (1, 2, 3, 7, 100):
        click = np.zeros((1, length), np.float32)
        click[0, 0] = 0.9
        assert hear(click, RATE).peak_dbfs == pytest.approx(-0.92, abs=0.01)


def swept(hz: float, seconds: float, decay: float, fall: float = 40.0, click: float = 0.0) -> Sound:
    """Return a kick: a sine that falls from 200 Hz to `hz`, with a burst of noise before it."""
    at = np.arange(round(RATE * seconds)) / RATE
    wave = np.sin(2 * np.pi * (hz * at + (200 - hz) / fall * (1 - np.exp(-at * fall)))) * np.exp(-at * decay)
    wave[:200] += click * np.random.default_rng(1).standard_normal(200)
    return (0.8 * wave)[None].astype(np.float32)


def saw(hz: float, seconds: float, decay: float) -> Sound:
    """Return a saw of all its partials that dies away."""
    at = np.arange(round(RATE * seconds)) / RATE
    wave = np.sum([np.sin(2 * np.pi * hz * n * at) / n for n in range(1, int(16_000 / hz))], axis=0)
    return (0.3 * wave * np.exp(-at * decay))[None].astype(np.float32)


@pytest.mark.parametrize("hz", [30.0, 40.0, 50.0, 60.0])
@pytest.mark.parametrize(("seconds", "decay"), [(0.25, 12.0), (0.5, 8.0), (0.35, 20.0), (1.0, 4.0)])
def test_a_kick_has_the_pitch_that_it_ends_on(hz: float, seconds: float, decay: float) -> None:
    found = hear(swept(hz, seconds, decay), RATE)
    assert found.type == "kick"
    assert found.hz == pytest.approx(hz, rel=0.01)


def test_a_click_before_a_kick_does_not_hide_its_pitch() -> None:
    found = hear(swept(50.0, 0.5, 8.0, click=1.0), RATE)
    assert (found.type, round(found.hz or 0)) == ("kick", 50)


@pytest.mark.parametrize(("hz", "kind"), [(55.0, "bass"), (110.0, "bass"), (220.0, "stab"), (440.0, "stab")])
@pytest.mark.parametrize("decay", [0.0, 3.0, 6.0, 12.0])
def test_a_steady_tone_is_no_drum_however_fast_it_dies_away(hz: float, kind: str, decay: float) -> None:
    found = hear(saw(hz, 1.0, decay), RATE)
    assert found.type == kind, found.why
    assert found.hz == pytest.approx(hz, rel=0.004)


@pytest.mark.parametrize("hz", [880, 1109, 1175, 1250, 1500, 1915, 2637, 4186, 6000])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_a_high_tone_has_its_own_pitch_and_none_of_an_octave_below(hz: int, rate: int) -> None:
    time = np.arange(rate) / rate
    plain = np.sin(2 * np.pi * hz * time) * np.exp(-3 * time)
    rich = sum(np.sin(2 * np.pi * hz * k * time) / k for k in range(1, 5) if hz * k < rate / 2) * np.exp(-3 * time)
    for sound in (plain, rich):
        assert fundamental_hz(sound, rate, 0) == pytest.approx(hz, rel=0.004)
        said = hear((0.5 * sound).astype(np.float32)[np.newaxis], rate).hz
        assert said is None or said == pytest.approx(hz, rel=0.004)
