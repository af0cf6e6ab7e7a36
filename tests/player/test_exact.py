"""Exactness, measured on recorded sound while two busy processes take the rest of the machine.

Where the machine itself held the sound up, notes are counted, and their places measured in another take (`unbroken`).
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore.engine.offline import render_raw
from hardcore.engine.score import build_score
from hardcore.music.tempo import PPQ
from hardcore.player.remote import Remote
from hardcore.project.playback import Timing
from hardcore.project.state import ProjectState
from hardcore.project.timeline import of_scene
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.player.test_sound import BAR, beats, settle, spacing_errors
from tests.takes import unbroken

pytestmark = needs_alsa
BPM = 174.0
# A rim shot is partly noise: only its very first sample is where it begins.
BEGINS = 1e-4


@pytest.fixture
def busy() -> Iterator[None]:
    """Keep two processes at full load, in a session of their own."""
    # They end with their input, so that none is left however this process ends.
    ends = "threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()"
    words = f"import sys, threading, os\n{ends}\nwhile 1: 0"
    spinning = [
        subprocess.Popen([sys.executable, "-c", words], stdin=subprocess.PIPE, start_new_session=True) for _ in range(2)
    ]
    yield
    for process in spinning:
        process.kill()
        process.communicate()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("bars", [4, pytest.param(217, marks=pytest.mark.soak)])
def test_every_note_sounds_once_and_in_time_and_a_scene_starts_on_the_bar(
    recorder: Recorder, play: Callable[[ProjectState], Remote], busy: None, bars: int
) -> None:
    project = beats(BPM)
    rim = project.find_track("rim").id
    beat = 60 / BPM * RATE

    def take() -> tuple[Timing, tuple[Timing, int, NDArray[np.float64]]]:
        remote = play(project)
        settle(remote, recorder)
        begin = recorder.frames
        remote.play()
        recorder.wait_s(0.6)
        state = remote.launch({rim: project.scenes[1].slots[rim]})
        at = state.queue[rim].tick
        recorder.wait_s((bars * 4 - 1) * beat / RATE - 0.6)
        timing = remote.timing()
        remote.close()
        found = onsets(recorder.sound(begin), threshold=BEGINS)
        # The launch is where the gaps halve: on its bar, after just so many notes.
        change = at // PPQ
        assert at % BAR == 0
        steps = [*range(0, at, PPQ), *(at + number * PPQ // 2 for number in range(len(found) - change))]
        errors = np.array(found) - np.round(np.array(steps) / PPQ * beat)
        errors -= np.median(errors)
        if bars > 50 and os.getloadavg()[1] > (os.cpu_count() or 1) + 3:
            pytest.skip(f"a machine with more to do than the two busy processes ({os.getloadavg()[1]:.0f}): no measure")
        assert np.abs(errors).max() < beat / 4, "a note is missing, or one too many"
        assert timing.restarts == 0
        return timing, (timing, change, errors)

    timing, change, errors = unbroken(take, 1 if bars > 50 else 3)
    print(f"\n{len(errors)} notes, off by (samples): {dict(zip(*np.unique(errors, return_counts=True), strict=True))}")
    print(timing)
    spacing = np.abs(np.diff(errors))
    print(f"spacing off by: {dict(zip(*np.unique(spacing, return_counts=True), strict=True))}")
    assert timing.late == 0
    # The short run has few notes, and other tests beside it: four in five are in place, and none is a millisecond off.
    share, most = (99, None) if bars > 50 else (80, RATE // 1000)
    assert np.percentile(spacing, share) <= 1, errors
    assert np.percentile(np.abs(errors), share) <= 1, errors
    assert abs(errors[change]) <= 1 if most is None else np.abs(errors).max() <= most, errors


def test_the_ruler_is_exact(tmp_path: Path) -> None:
    project = beats(BPM)
    score = build_score(project, of_scene(project, project.scenes[0], 0, 8 * BAR), rate=RATE, tail_s=0)
    raw = asyncio.run(render_raw(score.data, rate=RATE, channels=2, folder=tmp_path, frames=score.frames))
    found = onsets(np.fromfile(raw, np.float32).reshape(-1, 2).T, threshold=BEGINS)
    assert len(found) == 32 and not spacing_errors(found, BPM).any()


def test_an_error_of_one_note_is_seen() -> None:
    found = [round(number * 60 / BPM * RATE) for number in range(20)]
    assert np.abs(spacing_errors(found, BPM)).max() == 0
    del found[7]
    assert np.abs(spacing_errors(found, BPM)).max() > 1000
