"""Audio clips offline: exact to the sample, joined without a seam, cut, faded, reversed, as fast as they should be."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hardcore.audio.samples import Audio
from hardcore.engine.offline import render_raw
from hardcore.engine.regions import length, segments
from hardcore.engine.score import build_score
from hardcore.engine.structure import Tap
from hardcore.jobs.preparation import prepare
from hardcore.project.artifact import SoundRef
from hardcore.project.placement import Placement
from hardcore.project.placing import place
from hardcore.project.region import AudioRegion
from hardcore.project.regionevents import RegionEvent
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, timeline
from tests.audio.clips import BAR, RATE, clicks, kept, noise, with_audio

Sound = NDArray[np.float32]
FACTS = SoundRef(artifact="0" * 64, name="sound", size=1, frames=1, rate=RATE, channels=2)


def rendered(project: ProjectState, folder: Path, playing: Sequence[Playing] | None = None, rate: int = RATE) -> Sound:
    """Return what arrives at the master before its limiter, [2, frames]."""
    sounds = asyncio.run(prepare(project, {}, lambda share, words: None))
    assert not sounds.notes, sounds.notes
    tap = Tap(project.master.id, 2)
    items = list(playing or timeline(project))
    score = build_score(project, items, rate=rate, tail_s=0.5, taps=(tap,), places=sounds.places)
    raw = asyncio.run(render_raw(score.data, rate=rate, channels=4, folder=folder, frames=score.frames))
    return np.fromfile(raw, np.float32).reshape(-1, 4)[: score.frames, 2:].T


def same(heard: Audio, expected: Audio) -> bool:
    """Return whether two sounds are the same but for the last bit of the fader's multiplications."""
    return bool(np.abs(heard - expected).max() < 1e-8)


def padded(sound: Audio, at: int, frames: int) -> Audio:
    whole = np.zeros((2, frames), np.float32)
    part = sound[:, : frames - at]
    whole[:, at : at + part.shape[1]] = part
    return whole


def test_a_click_placed_at_bar_five_is_at_its_very_sample(tmp_path: Path) -> None:
    known = kept(clicks([0, 1, 777], 4800))
    project, _, clip = with_audio(None, known)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(138))
    project = place(project, clip, 4 * BAR, BAR)
    found = np.flatnonzero(np.abs(rendered(project, tmp_path)[0]) > 0.01)
    first = project.tempo_map.frames(4 * BAR, RATE)
    assert list(found) == [first, first + 1, first + 777]


def test_twenty_seconds_of_stereo_are_the_file_to_the_sample(tmp_path: Path) -> None:
    """Three segments, from the middle of the file, at an odd tick."""
    sound = noise(20.5)
    known = kept(sound)
    project, _, clip = with_audio(None, known, 12 * BAR, first=1234, frames=20 * RATE - 777)
    project = place(project, clip, 1233, 12 * BAR)
    heard = rendered(project, tmp_path)
    start = project.tempo_map.frames(1233, RATE)
    assert same(heard, padded(sound[:, 1234 : 1234 + 20 * RATE - 777], start, heard.shape[1]))


def test_reversed_it_is_the_file_from_behind(tmp_path: Path) -> None:
    sound = noise(17.0, channels=1)
    project, _, _ = with_audio(None, kept(sound), 9 * BAR, reverse=True)
    heard = rendered(project, tmp_path)
    expected = padded(np.repeat(sound[:, ::-1], 2, axis=0), 0, heard.shape[1])
    assert same(heard, expected)


def test_a_loop_of_whole_bars_has_no_seam(tmp_path: Path) -> None:
    sound = noise(2.0)
    project, track, _ = with_audio(None, kept(sound))
    clip = project.find_track(track).clips[0]
    heard = rendered(project, tmp_path, [Playing(track, clip, 0, 4 * BAR)])
    assert same(heard, padded(np.tile(sound, 4), 0, heard.shape[1]))


def test_what_is_longer_than_its_clip_is_cut_without_a_click(tmp_path: Path) -> None:
    sound = np.full((1, 3 * RATE), 0.25, np.float32)
    project, track, _ = with_audio(None, kept(sound))
    clip = project.find_track(track).clips[0]
    heard = rendered(project, tmp_path, [Playing(track, clip, 0, BAR)])[0]
    end = 2 * RATE
    assert np.allclose(heard[: end - 240], 0.25) and not heard[end:].any()
    assert np.abs(np.diff(heard[: end + 10])).max() < 0.25 / 239


def test_fades_and_gain_are_those_that_were_asked(tmp_path: Path) -> None:
    sound = np.full((1, 12 * RATE), 0.25, np.float32)
    project, _, _ = with_audio(
        None, kept(sound), 8 * BAR, gain_db=-6.0, fade_in_s=1.0, fade_out_s=3.0, frames=10 * RATE
    )
    heard = rendered(project, tmp_path)[0] / (0.25 * 10 ** (-6 / 20))
    times = np.arange(10 * RATE) / RATE
    expected = np.minimum(1, times / 1.0) * np.minimum(1, (10 - times) / 3.0)
    assert np.allclose(heard[: 10 * RATE], expected, atol=2e-4) and not heard[10 * RATE :].any()


@pytest.mark.parametrize(
    ("warp", "transpose", "factor"), [("repitch", 0, 1.5), ("off", 12, 2.0), ("off", -5, 2 ** (-5 / 12))]
)
def test_the_speed_is_that_of_the_tempo_or_the_transposition(
    tmp_path: Path, warp: str, transpose: float, factor: float
) -> None:
    """A tone of 300 Hz, at another pitch, as long as it then is; its phase runs on across segments."""
    times = np.arange(20 * RATE) / RATE
    sound = (0.25 * np.sin(2 * np.pi * 300 * times)).astype(np.float32)[None]
    project, _, _ = with_audio(None, kept(sound), 24 * BAR, warp=warp, transpose=transpose, bpm=80)
    heard = rendered(project, tmp_path)[0]
    end = round(20 * RATE / factor)
    assert abs(np.flatnonzero(np.abs(heard) > 0.005)[-1] - end) <= RATE // 300
    out = np.arange(100, end - 100) / RATE
    assert np.abs(heard[100 : end - 100] - 0.25 * np.sin(2 * np.pi * 300 * factor * out)).max() < 2e-3


def test_across_tempo_changes_and_ramps_it_keeps_its_place_in_the_bar(tmp_path: Path) -> None:
    """Clicks on every beat of a sound of 100 BPM are on the beats of the project, whatever its tempo does."""
    beat = round(60 / 100 * RATE)
    known = kept(clicks([number * beat for number in range(32)], 32 * beat))
    project, _, clip = with_audio(None, known, 8 * BAR, warp="repitch", bpm=100)
    tempo = project.tempo_map.with_bpm(100).with_point(2 * BAR, 140).with_point(6 * BAR, 80, ramp=True)
    project = place(project.evolve(tempo_map=tempo), clip, 0, 8 * BAR)
    heard = np.abs(rendered(project, tmp_path)[0])
    for number in range(32):
        here = tempo.frames(number * BAR // 4, RATE)
        near = heard[max(0, here - 200) : here + 200]
        assert abs(int(np.argmax(near)) - min(here, 200)) <= 2, f"beat {number}"


def test_a_sound_of_another_rate_is_as_long_as_it_should_be(tmp_path: Path) -> None:
    times = np.arange(10 * 44_100) / 44_100
    sound = (0.25 * np.sin(2 * np.pi * 441 * times)).astype(np.float32)[None]
    project, _, _ = with_audio(None, kept(sound, rate=44_100), 8 * BAR)
    heard = rendered(project, tmp_path)[0]
    out = np.arange(10 * RATE) / RATE
    assert np.abs(heard[100 : 10 * RATE - 100] - 0.25 * np.sin(2 * np.pi * 441 * out)[100:-100]).max() < 2e-3
    assert not heard[10 * RATE + 2 :].any()


def test_a_muted_track_is_silent_and_a_placement_begins_inside_its_clip(tmp_path: Path) -> None:
    sound = noise(4.0)
    project, track, clip = with_audio(None, kept(sound), 2 * BAR)
    inside = Placement(clip=clip, start_ticks=BAR, length_ticks=BAR, offset_ticks=BAR // 2)
    project = project.with_track(track, lambda one: one.evolve(placements=(inside,)))
    heard = rendered(project, tmp_path)
    wanted = sound[:, RATE : 3 * RATE - 240]
    assert same(heard[:, 2 * RATE : 2 * RATE + wanted.shape[1]], wanted) and not heard[:, : 2 * RATE].any()
    assert not rendered(project.with_mixer(track, mute=True), tmp_path).any()


@given(
    frames=st.integers(1, 60 * RATE), first=st.integers(0, 20 * RATE), at=st.integers(0, 30 * RATE),
    speed=st.floats(0.1, 8), reverse=st.booleans(), rate=st.sampled_from([44_100, 48_000, 96_000]),
    until=st.none() | st.integers(1, 10 * RATE),
)  # fmt: skip
def test_segments_follow_each_other_without_gap_or_overlap(
    frames: int, first: int, at: int, speed: float, reverse: bool, rate: int, until: int | None
) -> None:
    known = FACTS.evolve(frames=first + frames)
    region = AudioRegion(sound=known, first=first, frames=frames, reverse=reverse)
    event = RegionEvent(0, BAR, "t2", region, 0.0, known, first, frames, min(at, frames - 1), speed * RATE, False)
    frame = 0
    for one in segments(event, rate, until):
        assert one.frame == frame and one.frames > 0
        ends = one.at + one.speed * (one.frames - 1)
        assert min(one.at, ends) >= -1e-3 and max(one.at, ends) < one.load.frames + 1e-3
        frame += one.frames
    whole = length(event, rate)
    assert frame == (whole if until is None else min(until, whole))
