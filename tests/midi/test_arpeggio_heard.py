"""Note repeat on a real engine, played over JACK: what is heard stands on its grid."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hardcore.midi.listener import Listener
from hardcore.music.ticks import SIXTEENTH
from hardcore.player.remote import Remote
from hardcore.project.hands import Heard
from hardcore.project.midieffects import MidiEffects
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState
from tests.midi.test_listener import Keyboard, organ
from tests.midi.test_listener import keyboards as keyboards
from tests.player.conftest import play as play
from tests.player.conftest import recorder as recorder
from tests.player.device import RATE, Recorder, needs_alsa
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

pytestmark = [needs_alsa, needs_jack, pytest.mark.soak]
STEP_S = 0.25


def test_note_repeat_is_heard_on_its_grid(
    recorder: Recorder, play: Callable[[ProjectState], Remote], keyboards: Callable[[], Keyboard],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    project = organ()
    effects = MidiEffects(arp="repeat", rate_ticks=2 * SIXTEENTH, gate=0.3)
    project = project.with_track(
        project.find_track("organ").id, lambda one: one.evolve(midi_in=MidiInput(effects=effects))
    )
    heard: list[Heard] = []
    with jack_server(tmp_path, monkeypatch, []):
        keys = keyboards()
        remote = play(project)
        remote.state()
        listener = Listener(project, lambda: tmp_path / "midi.log", lambda: remote.engine, heard.append, print)
        try:
            until(lambda: listener.listed().names, "no port")
            keys.send(0x90, 69, 120)
            until(lambda: heard, "nothing was told")
            start = recorder.frames
            recorder.wait_for(start + 4 * RATE)
            keys.send(0x80, 69, 0)
            sound = recorder.sound(start, start + 4 * RATE)
        finally:
            listener.close()
    blocks = np.abs(sound).max(axis=0)[: len(sound.T) // 48 * 48].reshape(-1, 48).max(axis=1)
    loud = blocks > 0.25 * blocks.max()
    onsets = [at for at in np.flatnonzero(loud) if at >= 40 and not loud[at - 40 : at].any()]
    gaps_s = np.diff(onsets) / 1000
    assert len(gaps_s) >= 10 and abs(np.median(gaps_s) - STEP_S) < 0.005
    assert np.percentile(np.abs(gaps_s - STEP_S), 90) < 0.02
