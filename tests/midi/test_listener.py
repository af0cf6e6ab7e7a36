"""Real MIDI between processes, over JACK: a keyboard is plugged in, played, pulled out, and comes back."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.midi.listener import Listener
from hardcore.midi.messages import SUSTAIN
from hardcore.player.remote import Remote
from hardcore.project import tracks
from hardcore.project.hands import CONTROL, NOTE_ON, Heard
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState, new_project
from tests.player.conftest import play as play
from tests.player.conftest import recorder as recorder
from tests.player.device import RATE, Recorder, needs_alsa
from tests.player.jack import jack_server, needs_jack
from tests.song import studio_with_song
from tests.waiting import until

pytestmark = [needs_alsa, needs_jack]
NAME = "Keystation"


class Keyboard:
    """A keyboard in a process of its own."""

    def __init__(self) -> None:
        script = str(Path(__file__).with_name("keyboard.py"))
        self._process = subprocess.Popen(
            [sys.executable, script, NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, bufsize=1,
        )  # fmt: skip
        self._answered()

    def send(self, *data: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, data)) + "\n")
        self._answered()

    def lights(self) -> list[tuple[int, ...]]:
        """Return the messages that have come since the last time."""
        return [tuple(map(int, message.split())) for message in self._asked("lights")]

    def stamped(self) -> list[tuple[float, tuple[int, ...]]]:
        """Return the same, each with the time when it came, in seconds of the steady clock."""
        found = [message.split() for message in self._asked("stamped")]
        return [(float(at), tuple(map(int, message))) for at, *message in found]

    def _asked(self, what: str) -> list[str]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{what}\n")
        line = self._process.stdout.readline().strip()
        return line.split(",") if line else []

    def _answered(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ok\n"

    def leave(self) -> None:
        """Take the ports away as a program does that ends; JACK gets over that at once."""
        self._process.communicate(timeout=10)

    def pull_out(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def keyboards() -> Iterator[Callable[[], Keyboard]]:
    made: list[Keyboard] = []

    def keyboard() -> Keyboard:
        made.append(Keyboard())
        return made[-1]

    yield keyboard
    for one in made:
        one.pull_out()


def organ(port: str | None = None) -> ProjectState:
    """Return a project of one held sound that hears a port."""
    project, track = tracks.add_track(new_project(seed=1), "organ", instrument="organ")
    return project.with_track(track, lambda one: one.evolve(midi_in=MidiInput(port=port)))


def level(recorder: Recorder, seconds: float = 0.25) -> float:
    """Return the RMS level of what comes next."""
    start = recorder.frames
    recorder.wait_for(start + round(seconds * RATE))
    return float(np.sqrt(np.mean(recorder.sound(start, start + round(seconds * RATE)).astype(np.float64) ** 2)))


def panic(remote: Remote, listener: Listener) -> None:
    """Give the command in a studio with that player and those inputs."""
    studio = studio_with_song()
    studio.player, studio.hands = remote, listener
    answer = asyncio.run(run_line(studio, "/panic", Caller()))
    assert answer is not None and answer.text() == "silent"
    studio.player = studio.hands = None
    studio.close()


def test_a_keyboard_is_heard_pulled_out_and_comes_back(
    recorder: Recorder, play: Callable[[ProjectState], Remote], keyboards: Callable[[], Keyboard],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    heard: list[Heard] = []
    news: list[str] = []
    with jack_server(tmp_path, monkeypatch, []):
        keys, project = keyboards(), organ()
        remote = play(project)
        remote.state()
        listener = Listener(project, lambda: tmp_path / "midi.log", lambda: remote.engine, heard.append, news.append)
        try:
            until(lambda: listener.listed().names, "no port")
            assert [name for name in listener.listed().names if NAME in name] == [f"{NAME}:keys"]
            assert level(recorder) < 1e-4
            keys.send(0x90, 60, 100)
            until(lambda: heard, "nothing was told")
            until(lambda: level(recorder, 0.05) > 0.01, "nothing sounds")
            keys.send(0x80, 60, 0)
            until(lambda: level(recorder, 0.05) < 1e-3, "the note hangs")
            keys.send(0xB2, 74, 99)
            until(lambda: len(heard) == 3, "a controller was not told")
            assert [(one.port, one.kind, one.channel, one.number, one.value) for one in (heard[0], heard[2])] == [
                (f"{NAME}:keys", NOTE_ON, 1, 60, 100), (f"{NAME}:keys", CONTROL, 3, 74, 99)
            ]  # fmt: skip

            keys.send(0xB0, SUSTAIN, 127)
            keys.send(0x90, 60, 100)
            keys.send(0x80, 60, 0)
            until(lambda: level(recorder, 0.05) > 0.01, "the pedal keeps nothing")
            panic(remote, listener)
            until(lambda: level(recorder, 0.05) < 1e-4, "what the pedal keeps goes on after a panic")
            keys.send(0x90, 60, 100)
            until(lambda: level(recorder, 0.05) > 0.01, "nothing sounds after a panic")
            keys.send(0x80, 60, 0)
            until(lambda: level(recorder, 0.05) < 1e-3, "the pedal is still down after a panic")

            keys.send(0x90, 64, 100)
            until(lambda: level(recorder, 0.05) > 0.01, "nothing sounds")
            keys.pull_out()
            until(lambda: level(recorder, 0.05) < 1e-3, "the note of a keyboard that is gone hangs")
            until(lambda: news, "nothing was said")
            assert news == [f"MIDI input {NAME}:keys is gone; its notes are released"]

            again = keyboards()
            until(lambda: len(news) == 2, "it did not come back")
            again.send(0x90, 67, 100)
            until(lambda: level(recorder, 0.05) > 0.01, "it came back and is not heard")
        finally:
            listener.close()


@pytest.mark.soak
def test_a_killed_process_is_started_again_and_heard(
    keyboards: Callable[[], Keyboard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JACK itself needs some ten seconds to get over a client that was killed (test_journal.py kills one, too)."""
    heard: list[Heard] = []
    with jack_server(tmp_path, monkeypatch, []):
        keys = keyboards()
        listener = Listener(organ(), lambda: tmp_path / "midi.log", lambda: None, heard.append, lambda news: None)
        try:
            assert any(NAME in name for name in listener.listed().names)
            os.kill(listener.process_id or 0, signal.SIGKILL)

            def hears() -> bool:
                keys.send(0x90, 72, 100)
                return bool(heard)

            until(hears, "the next one hears nothing", 60)
        finally:
            listener.close()
    assert listener.process_id is None
