"""Live is offline: after random edits while it plays, what sounds is what a render of the project would hold."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore.engine.offline import render_raw
from hardcore.engine.score import build_score
from hardcore.music.tempo import PPQ
from hardcore.player.remote import Remote
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import of_scene
from tests.player.device import RATE, Recorder, needs_alsa
from tests.project.edits import EDITS, random_edit
from tests.song import BAR, song

pytestmark = needs_alsa
HEARD_S = 2.5
WINDOW = 960
Sound = NDArray[np.float32]
# Edits that leave nothing to compare.
LEFT_OUT = {"remove track", "delete clip", "delete scene", "put", "tempo"}


def edited(project: ProjectState, rng: random.Random) -> ProjectState:
    """Return the project after a random edit of those that leave something to hear."""
    while True:
        name, after = random_edit(project, rng)
        if name not in LEFT_OUT:
            return after


def offline(project: ProjectState, folder: Path) -> Sound:
    """Return the first seconds of the first scene, rendered, [2, frames]."""
    playing = of_scene(project, project.scenes[0], 0, 8 * BAR)
    score = build_score(project, playing, rate=RATE, tail_s=0)
    raw = asyncio.run(render_raw(score.data, rate=RATE, channels=2, folder=folder, frames=score.frames))
    return np.fromfile(raw, np.float32).reshape(-1, 2).T[:, : round(HEARD_S * RATE)]


def aligned(live: Sound, wanted: Sound) -> Sound:
    """Return the stretch of `live` that is most like `wanted`, as long."""
    size = 1 << (live.shape[1] + wanted.shape[1]).bit_length()
    likeness = np.fft.irfft((np.fft.rfft(live, size) * np.conj(np.fft.rfft(wanted, size))).sum(axis=0), size)[
        : live.shape[1] - wanted.shape[1]
    ]
    at = int(np.argmax(likeness))
    return live[:, at : at + wanted.shape[1]]


def levels_db(sound: Sound) -> NDArray[np.float64]:
    """Return the level of every 20 ms of both sides."""
    whole = sound[:, : sound.shape[1] // WINDOW * WINDOW].astype(np.float64)
    return 10 * np.log10((whole.reshape(2, -1, WINDOW) ** 2).mean(axis=2) + 1e-12)


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 15))])
def test_what_sounds_after_random_edits_is_what_a_render_holds(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path, seed: int
) -> None:
    rng, project = random.Random(seed), song()
    remote = play(project)
    remote.play()
    for _ in range(25):
        recorder.wait_s(0.08)
        project = edited(project, rng)
        remote.follow(project)
    for _ in range(2):
        remote.stop()
    recorder.wait_s(1.5)
    begin = recorder.frames
    remote.launch({track.id: project.scenes[0].slots.get(track.id) for track in project.tracks})
    recorder.wait_s(HEARD_S + 0.6)
    wanted = offline(project, tmp_path)
    live = aligned(recorder.sound(begin), wanted)
    rest = live - wanted
    off_db = 20 * np.log10(np.sqrt((rest**2).mean()) / np.sqrt((wanted**2).mean()))
    a, b = levels_db(live), levels_db(wanted)
    loud = b > -50
    print(f"\nrest {off_db:.1f} dB, level of 20 ms differs by {np.abs(a - b)[loud].max():.2f} dB at most")
    assert loud.mean() > 0.3, "nothing to hear"
    assert np.percentile(np.abs(a - b)[loud], 95) < 1.0
    # A sample early or late is inaudible, and leaves this much of a hi-hat.
    assert off_db < -10


def held() -> ProjectState:
    """Return one long note on an organ, and a silent track beside it."""
    project = new_project(seed=1)
    project, organ = tracks.add_track(project, "organ", instrument="sub")
    project, _ = clips.add_clip(project, organ, "s2", 16 * BAR, [Note(0, 64 * PPQ, 45)])
    return tracks.add_track(project, "other", instrument="rim")[0]


def test_no_edit_of_the_mixer_leaves_a_gap_in_a_held_note(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    project = held()
    remote = play(project)
    remote.play()
    recorder.wait_s(0.8)
    organ, other = project.find_track("organ").id, project.find_track("other").id
    begin = recorder.frames
    with_group, group = tracks.add_track(project, "bus", "group")
    with_return, space = tracks.add_track(with_group, "space", "return")
    steps = [project.with_mixer(organ, gain_db=-3), with_group, tracks.route(with_group, organ, group), with_return]
    steps.append(tracks.set_send(steps[-1], organ, space, -12))
    steps.append(tracks.add_effect(steps[-1], organ, "drive")[0])
    steps.append(tracks.add_effect(steps[-1], organ, "sidechain", side=other)[0])
    steps.append(tracks.move_effect(steps[-1], organ, steps[-1].find_track("organ").effects[1].id, 1))
    steps.append(tracks.move_track(steps[-1], other, 1))
    steps.append(steps[-1].with_mixer(organ, solo=True, pan=-0.2))
    steps.append(project)
    for step in steps:
        remote.follow(step)
        recorder.wait_s(0.2)
    heard = levels_db(recorder.sound(begin))
    assert heard.min() > np.median(heard) - 12, heard.min(axis=0)


def test_play_right_after_a_new_project_plays_that_project(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    remote = play(new_project(seed=1))
    remote.state()
    project = held()
    remote.follow(project)
    begin = recorder.frames
    assert project.find_track("organ").id in remote.play().clips
    recorder.wait_s(0.8)
    assert np.abs(recorder.sound(begin)).max() > 0.01, "its first note is heard"


def test_silence_does_not_wait_for_a_project_that_loads(play: Callable[[ProjectState], Remote]) -> None:
    remote = play(new_project(seed=1))
    remote.state()
    remote.follow(held())
    assert not remote.panic().playing


def test_what_is_left_out_of_the_edits_is_one_of_them() -> None:
    assert set(EDITS) >= LEFT_OUT


def test_another_version_is_heard_for_a_while_and_the_present_one_goes_on(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    project = held()
    remote = play(project)
    remote.play()
    recorder.wait_s(0.8)
    organ = project.find_track("organ").id
    launched = remote.state().clips
    assert organ in launched
    remote.follow(tracks.remove_track(project, organ), provisional=True)
    assert organ not in remote.state().clips
    recorder.wait_s(0.8)
    begin = recorder.frames
    recorder.wait_s(0.3)
    assert np.abs(recorder.sound(begin)).max() < 1e-3
    remote.follow(project.with_mixer(organ, gain_db=-1))
    recorder.wait_s(0.5)
    state = remote.state()
    assert state.clips == launched and state.playing
