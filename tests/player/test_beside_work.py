"""What plays goes on to the sample while this machine stretches, freezes and bounces."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardcore.app import build_studio
from hardcore.controller.studio import Studio
from hardcore.jobs.preparation import prepare
from hardcore.player.remote import Remote
from hardcore.project.playback import Timing
from hardcore.project.state import ProjectState
from tests.audio.clips import kept, noise, with_audio
from tests.audio.sounds import groove
from tests.commands.test_soundfolder import said
from tests.player.device import Recorder, needs_alsa
from tests.player.test_sequencer import BAR, RATE
from tests.player.test_sound import settle
from tests.takes import unbroken

HEARD_S = 7


@pytest.mark.soak
@needs_alsa
def test_nothing_is_lost_or_late_while_sounds_are_stretched_frozen_and_bounced(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_PRODUCER_LISTEN", "false")
    sound = noise(float(HEARD_S))
    project, _, _ = with_audio(None, kept(sound), 4 * BAR)
    assert not asyncio.run(prepare(project, {}, lambda share, words: None)).notes
    soundfile.write(tmp_path / "beat.wav", groove("techno", 128, bars=2).T, RATE, "PCM_24")

    def take() -> tuple[Timing, tuple[Timing, np.ndarray]]:
        remote, studio = play(project), busy(tmp_path)
        try:
            settle(remote, recorder)
            begin = recorder.frames
            remote.play()
            rounds = 0
            while recorder.frames < begin + (HEARD_S + 1) * RATE:
                work(studio, tmp_path, rounds)
                rounds += 1
            timing = remote.timing()
        finally:
            remote.close()
            studio.close()
        return timing, (timing, recorder.sound(begin))

    timing, heard = unbroken(take)
    assert timing.late == 0
    first = int(np.flatnonzero(np.abs(heard).max(axis=0) > 1e-5)[0])
    there = heard[:, first : first + sound.shape[1]]
    off = min(float(np.abs(np.roll(there, by, axis=1) - sound)[:, 4:-4].max()) for by in (-1, 0, 1))
    assert off < 1e-6, "a gap or an overlap"


def busy(folder: Path) -> Studio:
    """Return a studio of its own, with a piece and a loop that is to be stretched."""
    studio = build_studio()
    said(studio, "house, 124 bpm, A minor, 4 bars --seed 4")
    said(studio, f"/import {folder / 'beat.wav'} --bpm 128 --warp stretch --track beat")
    return studio


def work(studio: Studio, folder: Path, number: int) -> None:
    """Stretch a loop for an export, freeze a track and bounce it; at another tempo each time, so it is made anew."""
    said(studio, f"/tempo {125 + number}")
    said(studio, f"/export {folder / 'busy.wav'} --rate 22050")
    said(studio, "/track freeze pad")
    said(studio, "/track unfreeze pad")
    said(studio, "/track bounce pad")
