"""Rules in a studio with a real player: on the sample, from the first tick on, and also after the player has ended."""

import os
import queue
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from hardcore import open_studio
from hardcore.controller.events import RuleFired
from hardcore.surfaces.live import LiveStudio
from tests.player.device import RATE, Recorder, needs_alsa, onsets

A_BEAT = RATE // 4

pytestmark = needs_alsa
# Scene A has a hit on the first beat of its bar, scene B on the third.
LINES = (
    "/tempo 240", "/track add one --instrument rim", "/clip add one A --bars 1", "/scene add B",
    "/clip add one B --bars 1", "/note add one:A 1.1.1 C4 1/8", "/note add one:B 1.3.1 C4 1/8",
)  # fmt: skip


@pytest.fixture
def studio(recorder: Recorder) -> Iterator[LiveStudio]:
    with open_studio() as studio:
        for line in LINES:
            studio.do(line)
        yield studio


@pytest.fixture
def fired(studio: LiveStudio) -> "queue.Queue[RuleFired]":
    told: queue.Queue[RuleFired] = queue.Queue()
    studio._studio.controller.events.subscribe(RuleFired, told.put)
    return told


def test_scenes_change_on_the_sample_and_go_on_after_the_player_has_ended(
    studio: LiveStudio, recorder: Recorder, fired: "queue.Queue[RuleFired]"
) -> None:
    studio.do('/rule add "every bar" launch next')
    studio.do("/play")
    recorder.wait_s(2.2)  # its clock settles
    studio.do("/stop")
    while not fired.empty():
        fired.get()
    begin = recorder.frames
    studio.do("/play 1")
    several = [fired.get(timeout=20) for _ in range(3)]
    assert [(event.name, event.late_beats, event.error) for event in several] == [("launch", 0, "")] * 3
    recorder.wait_s(0.7)
    heard = sorted(np.diff(onsets(recorder.sound(begin))[:3]) / A_BEAT)
    assert heard == pytest.approx([2, 6], abs=2 / A_BEAT), "A and B by turns"
    player = studio._studio.player
    process = player.process_id  # type: ignore[union-attr]
    os.kill(process, signal.SIGKILL)
    again = [fired.get(timeout=20) for _ in range(2)]
    assert [event.error for event in again] == ["", ""]
    assert player.process_id != process  # type: ignore[union-attr]
