"""A knob of a real controller, over JACK: learned by moving it, heard while it moves, one step, taken back."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance import knobs
from hardcore.controller.events import StepMade
from hardcore.project.state import ProjectState
from tests.midi.test_listener import NAME, Keyboard
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

pytestmark = needs_jack


def test_a_knob_is_learned_moves_a_fader_and_is_one_step_that_undo_takes_back(
    keyboards: Callable[[], Keyboard], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with jack_server(tmp_path, monkeypatch, []), open_studio() as studio:
        keys, controller = keyboards(), studio._studio.controller
        hands = studio._studio.hands
        assert hands is not None
        until(lambda: any(NAME in name for name in hands.listed().names), "no port")
        studio.do("/track add kick --instrument kick909")
        answers: list[str] = []

        def learn() -> None:
            answer = studio.do("/learn gain kick --low -60 --high 0")
            answers.append(answer.text() if answer is not None else "")

        learning = threading.Thread(target=learn)
        learning.start()
        way = iter([*range(0, 100, 5)] * 1000)
        until(lambda: keys.send(0xB1, 7, next(way)) or answers, "nothing was learned")
        learning.join()
        assert answers == [f"cc 7, channel 2, {NAME}:keys → track gain kick (pickup)"]

        def fader(project: ProjectState) -> float:
            return project.find_track("kick").mixer.gain_db

        labels: list[str] = []
        controller.events.subscribe(StepMade, lambda event: labels.append(event.label))
        monkeypatch.setattr(knobs, "REST_S", 600)  # a slow machine makes no pauses
        for value in (*range(60, 128, 4), 127, *range(126, 63, -1)):  # up to the fader, and then down with it
            keys.send(0xB1, 7, value)
        keys.send(0xB0, 7, 1)  # another channel is another knob
        halfway = pytest.approx(-60 + 60 * 64 / 127, abs=0.01)
        until(lambda: fader(controller.hearing.heard) == halfway, "nothing is heard")
        assert not labels
        monkeypatch.setattr(knobs, "REST_S", 0.1)
        keys.send(0xB1, 7, 64)
        until(lambda: labels, "no step was made")
        assert len(labels) == 1 and labels[0].startswith("track gain kick -29.7")
        assert fader(studio.project) == halfway
        studio.do("/undo")
        assert fader(studio.project) == fader(controller.hearing.heard) == 0
