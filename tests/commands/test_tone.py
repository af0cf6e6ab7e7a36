"""Filters, equaliser, colour and mood by command: what moves, how far, and four of them by the ear.

In the song the bass is a reese (cutoff 700 Hz, drive 9 dB, sub 50 %, detune 18 cents), with a filter that is wide open;
the kick a 909 (click −10 dB, drive 8 dB); the snare sends −12 dB to a reverb.
"""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import reader
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.compose.edits.colour import DIMENSIONS
from hardcore.compose.edits.mood import MOODS
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge.terms import colour_called, terms
from hardcore.project import devices, tracks
from hardcore.project.mixer import Effect
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track
from tests.commands.asked import Asked, edited, refused
from tests.song import song, studio_with_song


def own(made: Asked, name: str, parameter: str) -> float:
    instrument = made.track(name).instrument
    assert instrument is not None
    return instrument.value(parameter)


def insert(made: Asked, name: str, device: str) -> Effect:
    return next(effect for effect in made.track(name).effects if effect.device == device)


def inserts(made: Asked, name: str) -> list[str]:
    return [effect.device for effect in made.track(name).effects]


def test_a_low_pass_is_the_instruments_own_else_a_filter() -> None:
    assert own(edited("/filter bass low 300"), "bass", "cutoff") == 300
    kick = edited("/filter kick lowpass 0.3k")
    assert (inserts(kick, "kick"), insert(kick, "kick", "filter").value("cutoff")) == (["filter"], 300)
    again = edited("/filter kick lp 500", "/filter kick low 300")
    assert (inserts(again, "kick"), insert(again, "kick", "filter").value("cutoff")) == (["filter"], 500)
    drums = edited("/filter drums low 900")  # a group
    assert insert(drums, "drums", "filter").value("cutoff") == 900


def test_of_several_low_passes_the_one_in_force_moves_and_none_hides_it() -> None:
    closed = "/effect set bass filter cutoff=400"
    made = edited("/filter bass low 500", closed)
    assert (insert(made, "bass", "filter").value("cutoff"), own(made, "bass", "cutoff")) == (500, 700)
    opened = edited("/filter bass low 1000", closed)
    assert (insert(opened, "bass", "filter").value("cutoff"), own(opened, "bass", "cutoff")) == (1000, 1000)
    assert opened.said == ["bass: low-pass 400 → 1000 Hz"]
    passed = edited("/filter bass low 500", closed, "/effect bypass bass filter on")
    assert own(passed, "bass", "cutoff") == 500


def test_a_high_pass_is_a_filter_there_is_or_the_low_cut_or_a_new_one() -> None:
    cut = edited("/filter bass high 200")
    assert (inserts(cut, "bass"), insert(cut, "bass", "eq").value("low_cut")) == (["filter", "eq"], 200)
    assert insert(edited("/filter bass hp 90", "/filter bass high 200"), "bass", "eq").value("low_cut") == 90
    high = edited("/filter hats highpass 5k", "/eq hats 400 -3")
    effect = insert(high, "hats", "filter")
    assert (effect.value("mode"), effect.value("cutoff")) == (1, 5000)
    there = edited("/filter hats high 200", "/effect add hats hpf cutoff=2khz")
    assert (inserts(there, "hats"), insert(there, "hats", "filter").value("cutoff")) == (["filter"], 200)
    master = edited("/filter master high 40", "/effect add master limiter")
    assert inserts(master, "master") == ["eq", "limiter"]


@pytest.mark.parametrize(
    ("line", "hz"),
    [
        ("/filter bass low --by 1", 700 * 2**0.6),
        ("/filter bass low --by -0.5", 700 * 2**-0.3),
        ("/filter bass low --factor 2", 1400),
        ("/filter bass low --by 16", 16000),
    ],
)
def test_a_low_pass_opens_by_steps_and_factors(line: str, hz: float) -> None:
    assert own(edited(line), "bass", "cutoff") == pytest.approx(hz, rel=1e-3)


def test_a_step_that_closes_what_is_not_there_begins_it() -> None:
    assert insert(edited("/filter kick low --by -1"), "kick", "filter").value("cutoff") == 6000
    assert insert(edited("/filter kick low --by -2"), "kick", "filter").value("cutoff") == pytest.approx(
        6000 / 2**0.6, rel=1e-3
    )
    assert insert(edited("/filter bass high --by 1"), "bass", "eq").value("low_cut") == 120
    assert insert(edited("/filter bass high --by -1", "/filter bass high 200"), "bass", "eq").value("low_cut") < 140
    assert refused("/filter kick low --by 1") == "kick: no low-pass closes it"
    assert refused("/filter bass low 700") == "bass: low-pass is at 700 Hz already"
    assert edited("/filter bass low 30").said == ["bass: low-pass 700 → 40 Hz, as far as it goes"]
    assert refused("/filter bass low 10") == "10 Hz is out of range (20 to 18000 Hz)"
    assert refused("/filter bass middle 300").startswith("side")


@pytest.mark.parametrize(
    ("where", "freq", "gain", "hz"),
    [
        ("400", "mid1_freq", "mid1_gain", 400),
        ("100hz", "mid1_freq", "mid1_gain", 100),
        ("12k", "mid2_freq", "mid2_gain", 12000),
        ("40", "low_freq", "low_gain", 40),
        ("low", "low_freq", "low_gain", 100),
        ("low-mids", "mid1_freq", "mid1_gain", 300),
        ("mid", "mid1_freq", "mid1_gain", 1000),
        ("presence", "mid2_freq", "mid2_gain", 3500),
        ("highs", "high_freq", "high_gain", 8000),
        ("air", "high_freq", "high_gain", 12000),
    ],
)
def test_a_band_of_the_equaliser_is_set_by_name_or_frequency(where: str, freq: str, gain: str, hz: float) -> None:
    made = edited(f"/eq bass,kick {where} -4")
    for name in ("bass", "kick"):
        effect = insert(made, name, "eq")
        assert (effect.value(freq), effect.value(gain)) == (hz, -4)


def test_a_band_that_is_near_moves_and_another_one_is_put_beside_it() -> None:
    near = edited("/eq bass 440 --by 2 --q 3", "/eq bass 400 -4")
    effect = insert(near, "bass", "eq")
    assert (effect.value("mid1_freq"), effect.value("mid1_gain"), effect.value("mid1_q")) == (400, -2, 3)
    beside = insert(edited("/eq bass 800 2", "/eq bass 400 -4"), "bass", "eq")
    assert (beside.value("mid1_freq"), beside.value("mid2_freq"), beside.value("mid2_gain")) == (400, 800, 2)
    third = edited("/eq bass 1600 3", "/eq bass 400 -4", "/eq bass 800 2")
    assert inserts(third, "bass") == ["filter", "eq", "eq"]
    assert third.track("bass").effects[-1].value("mid1_freq") == 1600
    assert insert(edited("/eq bass high --by -3", "/eq bass high 5"), "bass", "eq").value("high_gain") == 2
    assert edited("/eq bass high --by 20", "/eq bass high 5").said == ["bass: high 5 → 24 dB, as far as it goes"]
    assert refused("/eq bass high 5", "/eq bass high 5") == "bass: high is at 5 dB already"
    assert refused("/eq bass bright 3") == "no band 'bright' (did you mean high?)"
    assert refused("/eq bass 30k 3") == "30000 Hz is out of the equaliser's range (30 to 16000 Hz)"


@pytest.mark.parametrize(
    ("line", "track", "parameter", "value"),
    [
        ("brightness", "bass", "cutoff", 700 * 2**0.6),
        ("darkness", "bass", "cutoff", 700 / 2**0.6),
        ("brightness", "kick", "click", -6),
        ("drive --by 2", "kick", "drive", 18),
        ("clean --by 1", "kick", "drive", 3),
        ("punch --by -0.5", "kick", "click", -12),
        ("weight", "bass", "sub", 64),
        ("thick", "bass", "detune", 27),
        ("soft", "bass", "attack", 0.0075),
        ("warm", "bass", "cutoff", 700 / 2**0.3),
        ("warm", "bass", "drive", 11),
    ],
)
def test_a_colour_moves_what_a_part_has(line: str, track: str, parameter: str, value: float) -> None:
    assert own(edited(f"/colour {track} {line}"), track, parameter) == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize(
    ("line", "device", "parameter", "value"),
    [
        ("drive --by 2", "drive", "drive", 20),
        ("punch", "transient", "attack", 3),
        ("weight --by -1", "eq", "low_gain", -3),
        ("sharpness --by -2", "eq", "mid2_gain", -6),
        ("body", "eq", "mid1_gain", 3),
        ("air --by 0.5", "eq", "high_gain", 1.5),
        ("thickness", "chorus", "mix", 50),
        ("echo", "delay", "mix", 30),
        ("width", "width", "width", 125),
    ],
)
def test_a_colour_is_an_effect_where_a_part_has_nothing_of_it(
    line: str, device: str, parameter: str, value: float
) -> None:
    assert insert(edited(f"/colour hats {line}"), "hats", device).value(parameter) == value


def test_a_low_pass_that_hides_the_sound_opens_first() -> None:
    made = edited("/colour hats brightness", "/filter hats low 2000")
    assert insert(made, "hats", "filter").value("cutoff") == pytest.approx(2000 * 2**0.6, rel=1e-3)
    assert own(made, "hats", "tone") == own(edited("/gain hats 1"), "hats", "tone")


def test_space_and_distance_are_heard_in_the_reverb() -> None:
    assert edited("/colour snare space").track("snare").sends[0].gain_db == -8
    far = edited("/colour snare distance")
    assert (far.track("snare").sends[0].gain_db, far.track("snare").mixer.gain_db) == (-8, -1.5)
    near = edited("/colour snare closer", "/colour snare distance")
    assert (near.track("snare").sends[0].gain_db, near.track("snare").mixer.gain_db) == (-12, 0)
    assert refused("/colour kick dry") == "kick has as little space as it gets"


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_step_back_takes_back_what_a_step_of_a_colour_did(dimension: str) -> None:
    begun = edited(f"/colour snare,bass {dimension} --by 0.5").project  # what is added is there now
    there = edited(f"/colour snare,bass {dimension} --by 0.25", project=begun).project
    back = edited(f"/colour snare,bass {dimension} --by -0.25", project=there).project
    for name in ("snare", "bass"):
        old, mid, new = (project.find_track(name) for project in (begun, there, back))
        assert old != mid
        assert figures(new) == pytest.approx(figures(old), rel=2e-3, abs=1e-6)


def figures(track: Track) -> dict[str, float]:
    """Return every figure of a track's sound: its mixer, sends, and all parameters of instrument and effects."""
    assert track.instrument is not None
    device = devices.instrument(track.instrument.device)
    found = {parameter.id: track.instrument.value(parameter.id) for parameter in device.shown}
    found |= {"gain_db": track.mixer.gain_db, "pan": track.mixer.pan}
    found |= {f"send {send.target}": send.gain_db for send in track.sends}
    for place, effect in enumerate(track.effects):
        shown = devices.effect(effect.device).shown
        found |= {f"{place} {effect.device} {one.id}": effect.value(one.id) for one in shown}
    return found


def test_what_is_no_colour_or_mood_is_refused_with_the_nearest() -> None:
    assert refused("/colour kick brightnes") == "no colour 'brightnes' (did you mean brightness or weight?)"
    assert refused("/colour kick tension").startswith("no colour 'tension'")
    assert refused("/mood dreamyness") == "no mood 'dreamyness' (did you mean dreaminess or happiness or brightness?)"


def changed(made: Asked) -> set[str]:
    return {track.name for track, before in zip(made.project.tracks, song().tracks, strict=True) if track != before}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("brightness", "kick snare hats bass"),
        ("darkness --by 2", "kick snare hats bass"),
        ("warmth", "bass master"),
        ("drive", "kick bass"),
        ("punch", "kick snare"),
        ("weight", "kick bass"),
        ("space", "snare"),
        ("energy", "kick snare hats bass"),
        ("calm", "kick snare hats bass"),
        ("tension", "bass snare"),
        ("density", "hats bass"),
        ("sparse", "hats bass"),
        ("movement", "bass"),
    ],
)
def test_a_mood_moves_these_parts_and_no_others(line: str, parts: str) -> None:
    made = edited(f"/mood {line} --seed 1")
    assert changed(made) == set(parts.split())
    before = song()
    for name in ("tempo_map", "meter_map", "key", "scenes", "grooves"):
        assert getattr(made.project, name) == getattr(before, name)


def test_moods_move_as_far_as_they_say() -> None:
    assert own(edited("/mood brightness"), "bass", "cutoff") == pytest.approx(700 * 2**0.6, rel=1e-3)
    harder = edited("/mood energy --by 2 --seed 1")
    assert {note.velocity for note in harder.track("kick").clips[0].notes} == {118}
    assert own(harder, "kick", "drive") == 13
    assert own(edited("/mood tension"), "bass", "resonance") == 29
    hits = [len(edited(f"/mood density --by {by} --seed 1").track("bass").clips[0].notes) for by in (1, -1)]
    assert hits == [21, 11]  # of 16
    line = edited("/mood movement --seed 1").track("bass").clips[0].notes
    assert len({note.pitch for note in line}) > 2  # it stood on one
    soft = edited("/mood dreaminess --by 1")
    assert soft.track("snare").sends[0].gain_db == -8
    assert {note.velocity for note in soft.track("kick").clips[0].notes} == {96}


def test_the_same_seed_gives_the_same_mood() -> None:
    one, two, other = (edited(f"/mood density --by -1 --seed {seed}").project for seed in (1, 1, 4))
    assert one == two
    assert {track.name for track in other.tracks} == {track.name for track in one.tracks}


def test_a_mood_of_what_nothing_has_is_the_masters_or_refused() -> None:
    lone, _ = tracks.add_track(song(), "flute", role="lead", instrument="flute")
    for name in ("kick", "snare", "hats", "bass", "flute"):
        lone = tracks.remove_track(lone, lone.find_track(name).id)
    bare = edited("/mood brightness", project=lone)
    assert insert(bare, "master", "eq").value("high_gain") == 2
    assert insert(edited("/mood weight --by -1", project=lone), "master", "eq").value("low_gain") == -2
    assert refused("/mood density", project=lone) == "nothing plays that could be denser or sparser"
    assert refused("/mood echo --by -1") == "nothing has a delay to turn down"


def test_every_word_for_a_colour_or_mood_is_one() -> None:
    for term in terms().colours:
        assert term.means in {**DIMENSIONS, **MOODS}
        for phrase in term.say:
            found = colour_called(phrase)
            assert found is not None and found[0] == term.means


def test_the_list_says_what_each_moves() -> None:
    studio = studio_with_song()
    answer = asyncio.run(run_line(studio, "/colours", Caller()))
    studio.close()
    assert answer is not None
    for name in {**DIMENSIONS, **MOODS}:
        assert f"\n{name} " in answer.text()


def spectrum(line: str, folder: Path) -> tuple[float, float, float]:
    """Return the bass's energy after a line: under 120 Hz, above 1 kHz and at 2.5–5 kHz, dB over 200–800 Hz."""
    project: ProjectState = edited("/only bass").project
    project = edited(line, project=project).project if line else project
    path = folder / "heard.wav"
    asyncio.run(render(RenderRequest(project, tuple(timeline(project)), path, listen=False)))
    audio, rate = reader.read(path)
    power = np.abs(np.fft.rfft(audio.mean(axis=0))) ** 2
    hz = np.fft.rfftfreq(audio.shape[1], 1 / rate)

    def energy(low: float, high: float) -> float:
        return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum()))

    return (
        energy(20, 120) - energy(200, 800),
        energy(1000, 20_000) - energy(200, 800),
        energy(2500, 5000) - energy(200, 800),
    )


def test_colours_are_heard(tmp_path: Path) -> None:
    plain = spectrum("", tmp_path)
    assert spectrum("/colour bass brightness --by 1", tmp_path)[1] > plain[1] + 2
    assert spectrum("/colour bass dark --by 1", tmp_path)[1] < plain[1] - 2
    assert spectrum("/colour bass weight --by -2", tmp_path)[0] < plain[0] - 0.5
    assert spectrum("/colour bass sharpness --by 2", tmp_path)[2] > plain[2] + 3
    assert spectrum("/filter bass low 200", tmp_path)[2] < plain[2] - 10
