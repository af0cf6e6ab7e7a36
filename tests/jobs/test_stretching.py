"""Stretching: as long as it should be, attacks in their places, the same bytes, made once and heard in time."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.jobs.stretchtasks import stretched
from hardcore.project import artifacts
from hardcore.project.audioclips import audio_of
from hardcore.project.stretching import KIND, Stretching, missing
from tests.audio.clips import BAR, RATE, kept, with_audio
from tests.commands.test_importing import groove


def quiet(share: float, words: str) -> None:
    """Take progress."""


def ticks_of_a_clock(bpm: float, beats: int) -> tuple[np.ndarray, list[float]]:
    """Return short bursts on every beat, and where they begin in seconds."""
    places = [number * 60 / bpm for number in range(beats)]
    sound = np.zeros((1, round(beats * 60 / bpm * RATE)), np.float32)
    burst = (0.5 * np.sin(2 * np.pi * 2000 * np.arange(480) / RATE) * np.exp(-np.arange(480) / 90)).astype(np.float32)
    for at in places:
        first = round(at * RATE)
        sound[0, first : first + 480] += burst[: sound.shape[1] - first]
    return sound, places


@pytest.mark.parametrize("bpm", [100.0, 150.0])
def test_attacks_are_where_they_should_be_and_the_length_is_exact(bpm: float) -> None:
    sound, places = ticks_of_a_clock(120, 16)
    project, _, clip = with_audio(None, kept(sound), 4 * BAR, warp="stretch", bpm=120)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    heard = stretched(project, quiet)
    (made,) = audio_of(heard.find_clip(clip)[1]).stretched
    factor = bpm / 120
    assert made.bpm == bpm and made.sound.frames == round(sound.shape[1] / factor)
    audio = np.abs(soundfile.read(artifacts.path_of(made.sound.artifact))[0])
    for at in places[1:]:
        centre = round(at / factor * RATE)
        near = audio[centre - 1200 : centre + 1200]
        # where it first reaches half of what it reaches there
        onset = np.flatnonzero(near > near.max() / 2)[0] - 1200
        assert abs(onset) / RATE < 0.0025, f"{at} s: {onset / RATE * 1000:.1f} ms off"


def test_what_was_made_is_not_made_again_and_leaves_no_step(tmp_path: Path) -> None:
    sound, _ = ticks_of_a_clock(120, 4)
    project, track, clip = with_audio(None, kept(sound), BAR, warp="stretch", bpm=120, transpose=2)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(140))
    assert len(missing(project)) == 1
    first = stretched(project, quiet)
    before = {path: path.stat().st_mtime_ns for path in artifacts.folder().iterdir()}
    assert stretched(project, quiet) == first and not missing(project)
    assert {path: path.stat().st_mtime_ns for path in artifacts.folder().iterdir()} == before
    assert not audio_of(project.find_clip(clip)[1]).stretched
    heard = Stretching()
    one = heard.heard(project)
    two = heard.heard(project.with_mixer(track, gain_db=-3))
    assert one.find_track(track).clips is two.find_track(track).clips, "a fader leaves the audio the same object"
    unwarped = project.with_clip(clip, lambda c: c.evolve(region=audio_of(c).evolve(warp="off", transpose=0.0)))
    assert heard.heard(unwarped) is unwarped
    assert all(known.again for known in artifacts.everything() if known.kind == KIND)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    soundfile.write(tmp_path / "beat.wav", groove("techno", 128, bars=2).T, RATE, "PCM_24")
    studio = build_studio()
    yield studio
    studio.close()


def test_an_export_waits_for_what_it_needs_stretched(studio: Studio, tmp_path: Path) -> None:
    """A pattern of 128 BPM in a project of 140: its kicks are on the beats of 140, at their own pitch."""

    async def session() -> None:
        for line in ("/import beat.wav", "/tempo 140", "/export out.wav --bars 2"):
            await run_line(studio, line, Caller())

    asyncio.run(session())
    assert [known.kind for known in artifacts.everything()].count(KIND) == 1
    heard, rate = soundfile.read(tmp_path / "out.wav")
    low = np.abs(heard.mean(axis=1))
    beat = 60 / 140 * rate
    for number in range(1, 8):
        centre = round(number * beat)
        before, after = low[centre - 1500 : centre - 200].max(), low[centre : centre + 1500].max()
        assert after > 2 * before, f"beat {number}"
    assert studio.controller.history.last == 2, "stretching is no step"


def test_in_a_session_it_is_stretched_in_the_background_and_heard_then(studio: Studio) -> None:
    from hardcore.commands.clips.stretching import keep_stretched

    async def session() -> None:
        stop = keep_stretched(studio)
        for line in ("/import beat.wav", "/tempo 140"):
            await run_line(studio, line, Caller())
        assert not audio_of(studio.controller.hearing.heard.find_clip("beat:A")[1]).stretched, "repitched meanwhile"
        await run_line(studio, "/job wait", Caller())
        stop()

    asyncio.run(session())
    (made,) = audio_of(studio.controller.hearing.heard.find_clip("beat:A")[1]).stretched
    assert made.bpm == 140 and studio.controller.history.last == 2
    assert not audio_of(studio.controller.project.find_clip("beat:A")[1]).stretched
