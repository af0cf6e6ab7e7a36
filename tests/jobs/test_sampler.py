"""Sampler tracks as they sound in a rendered file: pitch, loops, difference, the same bytes twice."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.engine.sound import Audio, cents, level_db, pitch_hz
from tests.jobs.test_soundfiles import playing, written

BAR = 7680
# At 120 BPM a beat of 1920 ticks is half a second.
BEAT = 1920


def project_of(*parts: tuple[str, list[Note]], bars: int = 2) -> ProjectState:
    """Return a project at 120 BPM with a sampler track for each (sample, notes), faders at -12 dB."""
    project = new_project("sampled", seed=5)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(120))
    for name, notes in parts:
        project, track_id = tracks.add_track(project, name, instrument="sampler")
        project = tracks.set_sample(project, track_id, name)
        project = project.with_mixer(track_id, gain_db=-12.0)
        project, _ = clips.add_clip(project, track_id, "s2", bars * BAR, notes)
    return project


def rendered(project: ProjectState, path: Path, rate: int = 48000) -> Audio:
    """Return what the render job writes, float32 [2, frames]."""
    request = RenderRequest(project, tuple(timeline(project)), path, rate=rate, depth="32f", tail_s=0.2, listen=False)
    asyncio.run(render(request))
    audio, written = soundfile.read(path, dtype="float32", always_2d=True)
    assert written == rate
    return np.ascontiguousarray(audio.T)


def test_the_pitch_follows_the_note_from_the_samples_root(tmp_path: Path) -> None:
    pitches = (36, 43, 48, 31)
    notes = [Note(place * 2 * BEAT, BEAT * 2 - 10, pitch) for place, pitch in enumerate(pitches)]
    audio = rendered(project_of(("bass_note_c2", notes)), tmp_path / "a.wav")
    for place, pitch in enumerate(pitches):
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        heard = pitch_hz(audio, wanted, place + 0.05, 0.4)
        assert abs(cents(heard, wanted)) < 5, pitch


def test_a_root_that_the_track_sets_and_another_rate_keep_the_pitch_where_it_is_asked(tmp_path: Path) -> None:
    project = project_of(("bass_note_c2", [Note(0, 2 * BEAT, 60)]))
    project = tracks.set_parameter(project, project.tracks[0].id, "root_note", 60)
    slow = rendered(project, tmp_path / "a.wav", 96000)[:, ::2]
    wanted = 440 * 2 ** ((36 - 69) / 12)
    assert abs(cents(pitch_hz(slow, wanted, 0.05, 0.7), wanted)) < 5


def test_a_one_shot_at_its_root_is_the_sample_itself(tmp_path: Path) -> None:
    audio = rendered(project_of(("tom_low", [Note(0, 2 * BEAT, 45, velocity=100)])), tmp_path / "a.wav")
    kept = soundfile.read(sample("tom_low").path, dtype="float32")[0]
    part = audio[0, 100 : len(kept) - 500]
    # With the fader at -12 dB it is the same but for the gain.
    gain = float(np.dot(part, kept[100 : len(kept) - 500]) / np.dot(part, part))
    assert level_db(part * gain - kept[100 : len(kept) - 500]) < -60
    assert level_db(audio[:, len(kept) + 500 :]) < -100, "it ends where the sample ends"


def test_a_loop_goes_round_until_the_note_ends_and_not_when_it_is_switched_off(tmp_path: Path) -> None:
    project = project_of(("vinyl_loop", [Note(0, 7 * BEAT, 60)]))
    audio = rendered(project, tmp_path / "loop.wav")
    turn = sample("vinyl_loop").frames
    once, again, third = (audio[:, at + 4800 : at + turn - 4800] for at in (0, turn, 2 * turn))
    assert level_db(once) > -30
    assert level_db(once - again) < level_db(once) - 60
    assert level_db(once - third) < level_db(once) - 60
    assert level_db(audio[:, round(3.5 * 48000) + 4800 :]) < -100, "the note ends at 3.5 s"
    stopped = tracks.set_parameter(project, project.tracks[0].id, "loop", 0)
    assert level_db(rendered(stopped, tmp_path / "once.wav")[:, turn + 960 :]) < -100


def test_two_tracks_play_their_own_samples(tmp_path: Path) -> None:
    notes = [Note(0, BEAT, 45)]
    tom = rendered(project_of(("tom_low", notes)), tmp_path / "tom.wav")
    bass = rendered(project_of(("bass_note_c2", notes)), tmp_path / "bass.wav")
    both = rendered(project_of(("tom_low", notes), ("bass_note_c2", notes)), tmp_path / "both.wav")
    assert min(level_db(tom), level_db(bass)) > -20
    assert level_db(tom - bass) > -20
    assert level_db(both - tom - bass) < -100


@pytest.mark.parametrize("depth", ["16", "32f"])
def test_a_second_render_is_the_same_bytes(depth: str, tmp_path: Path) -> None:
    hits = [Note(at, 480, 60) for at in range(0, BAR, 960)]
    project = project_of(("perc_wood", hits), ("vinyl_loop", [Note(0, BAR, 55)]), ("clap_wide", hits), bars=1)
    for name in ("a.wav", "b.wav"):
        request = RenderRequest(project, tuple(timeline(project)), tmp_path / name, depth=depth, listen=False)  # type: ignore[arg-type]
        asyncio.run(render(request))
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


@pytest.mark.parametrize(("sync", "apart_s"), [(0.0, 0.5), (1.0, 0.375)])
def test_a_loop_of_a_known_tempo_goes_with_the_projects_when_asked(sync: float, apart_s: float, tmp_path: Path) -> None:
    # Four ticks a second apart by half: a bar at 120 BPM, played at 160.
    ticks = np.zeros(96_000, np.float32)
    for beat in range(4):
        ticks[beat * 24_000 + 100 : beat * 24_000 + 140] = 0.5
    sound = written(tmp_path / "ticks.wav", ticks[:, None]).evolve(loop=True, bpm=120.0)
    project = playing(sound)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(160))
    project = tracks.set_parameter(project, project.tracks[0].id, "sync", sync)
    audio = rendered(project, tmp_path / "out.wav")
    loud = np.flatnonzero(np.abs(audio[0]) > 0.01)
    begun = loud[np.flatnonzero(np.diff(loud, prepend=-9999) > 5000)]
    assert np.diff(begun)[0] == pytest.approx(apart_s * 48_000, abs=2)
