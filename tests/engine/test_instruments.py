"""What holds for every instrument of the catalogue: it ends, without a click, and no settings break it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import nanosynth
import numpy as np
import pytest

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import Argument, bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.paths import data_folder
from hardcore.project.costs import COST_PERCENT
from hardcore.project.device import Device
from hardcore.project.devices import effects, instruments
from hardcore.project.roles import DRUMS, ROLES, TRANSITIONS
from tests.engine.sound import RATE, Audio, Hit, Phrase, cents, level_db, pitch_hz, render, tail
from tests.engine.test_colour_effects import corners

ALL = tuple(instruments().values())
HELD = tuple(device for device in ALL if device.gated and device.family != "samplers")


def one_note(device: Device, pitch: float, held_s: float, seconds: float, **values: float) -> Phrase:
    sample = "stab_minor" if device.family == "samplers" else ""
    return Phrase(device, (Hit(0, held_s, pitch),), seconds, values, sample=sample)


def test_there_are_60_instruments_and_every_role_has_several() -> None:
    assert len(ALL) >= 60
    assert all(device.family for device in ALL)
    for role in ROLES:
        assert sum(role in device.roles for device in ALL) >= (2 if role in (*DRUMS, "sub", *TRANSITIONS) else 3), role


def test_every_device_has_a_help_parameters_with_words_and_a_known_cost() -> None:
    for device in (*ALL, *effects().values()):
        assert device.help and device.name, device.id
        assert all(parameter.help for parameter in device.parameters), device.id
        assert 0 < device.cost_percent < 20, device.id
    assert set(COST_PERCENT) == {*instruments(), *effects()}


def test_any_settings_of_any_instrument_give_numbers_within_bounds() -> None:
    cases = [(device, values) for device in ALL for values in corners(device, 5)]
    played = []
    for device, values in cases:
        pitch = device.low_note if len(played) % 2 else device.high_note
        played.append(one_note(device, pitch, 0.2, 0.35, **(values | {"level": 0.0})))
    heard = [audio for at in range(0, len(played), 120) for audio in render(played[at : at + 120])]
    for (device, values), audio in zip(cases, heard, strict=True):
        assert np.isfinite(audio).all(), (device.id, values)
        assert level_db(audio) < 14, (device.id, values)


def bend(audio: Audio) -> float:
    """Return the largest change of slope from sample to sample: what a click is."""
    return float(np.abs(np.diff(audio, n=2, axis=1)).max()) if audio.shape[1] > 2 else 0.0


def test_a_held_note_ends_without_a_click_and_leaves_no_direct_current() -> None:
    phrases = []
    for device in HELD:
        release = max(0.03, device.parameter("release").default)
        phrases.append(one_note(device, (device.low_note + device.high_note) // 2, 0.6, 0.7 + release, release=release))
    for phrase, audio in zip(phrases, render(phrases), strict=True):
        at = round(0.6 * RATE)
        while_held, after = bend(audio[:, at - 14400 : at]), bend(audio[:, at:])
        assert after < 1.6 * while_held + 0.004, phrase.device.id
        assert level_db(audio[:, -480:]) < -60, phrase.device.id
        assert abs(float(audio[:, at - 14400 : at].mean())) < 0.01, phrase.device.id


def test_every_note_frees_its_node(tmp_path: Path) -> None:
    builder = nanosynth.SynthDefBuilder(out=0)
    with builder:
        count = nanosynth.NumRunningSynths.kr()
        nanosynth.Out.ar(bus=0, source=nanosynth.K2A.ar(source=count))
    counter = bytes(builder.build(name="counter").compile())
    start = [message("/d_recv", counter), message("/s_new", "counter", 1, 1, 0)]
    start += [message("/d_recv", synthdef_bytes(device.id)) for device in ALL]
    start.append(message("/b_allocRead", 0, str(data_folder("samples") / "perc_wood.wav"), 0, 0))
    timed = [bundle(0, [packet]) for packet in start]
    for node, device in enumerate(ALL, 100):
        words: list[Argument] = ["out", 4, "freq", 220.0]
        timed.append(bundle(0.01, [message("/s_new", device.id, node, 0, 0, *words)]))
    gated = [message("/n_set", node, "gate", 0.0) for node, device in enumerate(ALL, 100) if device.gated]
    timed += [bundle(0.2, [packet]) for packet in gated]
    longest = max(device.tail_s for device in ALL) + 0.5
    timed.append(bundle(longest + 0.1, [message("/g_freeAll", 0)]))
    frames = round(longest * RATE)
    path = asyncio.run(render_raw(score_bytes(timed), rate=RATE, channels=2, folder=tmp_path, frames=frames))
    running = np.fromfile(path, np.float32).reshape(-1, 2)[:frames, 0]
    assert running.max() > len(ALL) * 0.9
    assert running[-64] == 1, "only the counter itself is left"


@pytest.mark.parametrize("name", ["siren", "clarinet", "koto", "kick_hard", "fiddle", "trumpet", "nylon_guitar"])
def test_an_instrument_in_the_middle_is_the_same_on_both_sides(name: str) -> None:
    device = instruments()[name]
    (audio,) = render([one_note(device, (device.low_note + device.high_note) // 2, 0.3, 0.4)])
    assert np.array_equal(audio[0], audio[1])


@pytest.mark.parametrize("name", ["strings", "choir", "glass_pad", "sweep_pad", "wavetable", "harp", "brass", "rain"])
def test_a_wide_instrument_differs_from_side_to_side(name: str) -> None:
    device = instruments()[name]
    (audio,) = render([one_note(device, 60, 0.9, 1.0)])
    assert level_db(audio[0] - audio[1]) > level_db(audio) - 24


def test_the_slicer_plays_the_slice_of_its_note_and_stops_at_its_end() -> None:
    device = instruments()["slicer"]
    slices = [one_note(device, 36 + index, 0.6, 0.7, slices=4) for index in range(5)]
    first, second, third, fourth, again = render(slices)
    whole = round(0.5 * RATE)
    assert np.array_equal(first, again)
    for one in (first, second, third, fourth):
        assert level_db(one[:, : whole // 4]) > -45
        assert level_db(tail(one, 0.3)) < -100
    assert level_db(first - second) > -30


def test_the_granular_player_sounds_the_notes_pitch_for_as_long_as_it_is_held() -> None:
    device = instruments()["granular"]
    still = {"spray": 0.0, "scatter": 0.0, "width": 0.0, "attack": 0.01, "grain": 200.0, "position": 10.0}
    played = [replace(one_note(device, pitch, 1.9, 2.0, **still), sample="bass_note_c2") for pitch in (60, 67)]
    low, fifth = render(played)
    for audio, hz in ((low, 261.63), (fifth, 392.0)):
        # Four grains in turn from one place repeat 20 times a second: partials lie on multiples of that.
        assert abs(cents(pitch_hz(audio, hz, 0.8, 1.0), hz)) < 45
        assert level_db(audio[:, -14400:-4800]) > level_db(audio) - 12


@pytest.mark.parametrize(
    ("name", "pitch", "from_s"), [("kick_hard", 33, 0.35), ("timpani", 45, 0.3), ("tom_synth", 45, 1.4)]
)
def test_a_tuned_drum_of_the_kits_sounds_the_notes_pitch(name: str, pitch: int, from_s: float) -> None:
    device = instruments()[name]
    decay = device.parameter("decay").high
    (audio,) = render([Phrase(device, (Hit(0, 0.1, pitch),), decay + 0.1, {"decay": decay, "level": 6.0})])
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    assert abs(cents(pitch_hz(audio, wanted, from_s, 0.4), wanted)) < 15
