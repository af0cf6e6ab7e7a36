"""From one project of a set to the next, by the sound that is recorded: how much silence there is between them."""

from pathlib import Path

import numpy as np
import pytest

from hardcore import open_studio
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.player.test_exact import BEGINS

pytestmark = needs_alsa
BEAT = RATE // 4  # at 240 bpm


def test_the_next_project_of_a_set_begins_a_beat_after_the_last_beat_of_the_one_before(
    recorder: Recorder, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_studio() as studio:
        for name, instrument in (("one", "rim"), ("two", "hat_closed")):
            lines = ("/new", "/tempo 240", f"/track add beat --instrument {instrument}", "/clip add beat A --bars 1")
            notes = (f"/note add beat:A 1.{beat}.1 C#2 1/16" for beat in range(1, 5))
            for line in (*lines, *notes, f"/save {tmp_path / name}.hcs", f"/setlist add {tmp_path / name}.hcs"):
                studio.do(line)
        studio.do("/setlist go 1")
        begin = recorder.frames
        studio.do("/launch A")
        recorder.wait_s(1.2)
        studio.do("/setlist next")
        recorder.wait_s(2.2)
        player = studio._studio.player
        assert player is not None
        restarts = player.latest().restarts
        studio.do("/stop")
        sound = recorder.sound(begin)
    found = onsets(sound, threshold=BEGINS)
    peaks = np.array([np.abs(sound[:, at : at + 960]).max() for at in found])
    change = int(np.argmax(np.abs(np.diff(peaks)))) + 1
    gap = found[change] - found[change - 1] - BEAT
    with capsys.disabled():
        print(f"\nthe next project begins {gap:+d} samples from its beat")
    assert restarts == 0 and change % 4 == 0 and len(found) >= change + 4
    assert {round(frames / BEAT) for frames in np.diff(found)} == {1}, "a beat is missing, or one too many"
