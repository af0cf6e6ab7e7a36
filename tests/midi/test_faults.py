"""What goes wrong on a stage: floods, nonsense, and a MIDI process that is killed while notes are held."""

import io
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.midi.listener import Listener
from hardcore.midi.process import MOST_TOLD
from hardcore.midi.process import Listener as Process
from hardcore.player.child import Ends
from hardcore.player.remote import Remote
from hardcore.player.wire import frames
from hardcore.project.state import ProjectState
from tests.effort import IS_SOAK
from tests.midi.test_listener import Keyboard, level, organ
from tests.midi.test_listener import keyboards as keyboards
from tests.player.conftest import play as play
from tests.player.conftest import recorder as recorder
from tests.player.device import Recorder, needs_alsa
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

TIMES = 50
# From a kill until a key is heard again, without the time that a machine with much to do takes once in a while.
BACK_S = 1.0
FLOOD = 10_000
ROUNDS = 100_000 if IS_SOAK else 5_000


class Sink:
    """A MIDI process that hears what it is given: what it sends to the engine, and the frames it tells."""

    def __init__(self, project: ProjectState) -> None:
        self.sent: list[bytes] = []
        self.out = io.BytesIO()
        self.process = Process(self.out)
        self.process._hands._send = self.sent.extend
        self.process._hands.follow(project)

    def held(self) -> tuple[str, ...]:
        return tuple(
            track for track, held in self.process._hands._voices._held.items() if held.nodes or held.keys or held.pedal
        )

    def told(self) -> list[list[object]]:
        self.process._polled_s = time.monotonic()  # no port is looked for
        self.process.run()
        self.out.seek(0)
        return [heard for words in frames(self.out) for heard in words.get("heard", ())]


def test_a_flood_of_ten_thousand_messages_a_second_is_played_and_told_in_part() -> None:
    sink = Sink(organ())
    for place in range(FLOOD // 2):
        sink.process._hear("keys", (0x90, 36 + place % 48, 100))
        sink.process._hear("keys", (0x80, 36 + place % 48, 0))
    assert not sink.held(), "no note hangs"
    assert sum(b"gate" in request and request.startswith(b"/n_set") for request in sink.sent) == FLOOD // 2
    assert len(sink.told()) == MOST_TOLD


def test_nonsense_on_a_port_is_no_note_and_nothing_hangs_when_it_is_pulled_out() -> None:
    draw = random.Random(1)
    sink = Sink(organ())
    for _ in range(ROUNDS):
        data = tuple(draw.choices(range(256), k=draw.choice((0, 1, 2, 3, 3, 3, 4, 20))))
        sink.process._hear(draw.choice(("keys", "pads")), data)
    for port in ("keys", "pads"):
        sink.process._hands.unplugged(port)
    assert not sink.held()
    for port, kind, channel, number, value, at_s in sink.told():  # type: ignore[misc]
        assert 1 <= channel <= 16 and 0 <= number <= 127 and -8192 <= value <= 8191
        assert port in ("keys", "pads") and kind in range(0x80, 0xF0, 0x10) and at_s > 0


@pytest.fixture
def organist(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Listener]:
    """Yield what hears keyboards on JACK and plays an organ that is recorded."""
    with jack_server(tmp_path, monkeypatch, ["--timeout", "100"]):
        project = organ()
        remote = play(project)
        remote.state()
        listener = Listener(
            project, lambda: tmp_path / "midi.log", lambda: remote.engine, lambda heard: None, lambda news: None,
            played=lambda: tmp_path / "played",
        )  # fmt: skip
        yield listener
        listener.close()


def sound_of(keys: Keyboard, recorder: Recorder) -> None:
    """Return when a key of a keyboard is heard."""
    until(lambda: keys.send(0x90, 60, 100) or level(recorder, 0.05) > 0.01, "nothing sounds", 60)


@needs_alsa
@needs_jack
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_midi_process_that_is_killed_while_notes_are_held_leaves_none_and_plays_on(
    recorder: Recorder, organist: Listener, keyboards: Callable[[], Keyboard], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    keys, back = keyboards(), []
    until(lambda: organist.listed().names, "no port")
    for _ in range(TIMES):
        sound_of(keys, recorder)
        until(lambda: keys.send(0x90, 60, 100) or organist._spare.process_id, "no other process is loaded")
        monkeypatch.setattr(organist, "_ends", Ends())  # so many ends at once are asked for
        killed = time.monotonic()
        os.kill(organist.process_id or 0, signal.SIGKILL)
        until(lambda: level(recorder, 0.05) < 1e-3, "a note hangs", 60)
        sound_of(keys, recorder)
        back.append(time.monotonic() - killed)
    with capsys.disabled():
        print(f"\nheard again after {np.median(back):.2f} s, at worst {max(back):.2f} s")
    assert np.median(back) <= BACK_S


@needs_alsa
@needs_jack
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_keyboard_that_is_pulled_out_while_a_key_is_down_leaves_no_note_and_comes_back(
    recorder: Recorder, organist: Listener, keyboards: Callable[[], Keyboard], capsys: pytest.CaptureFixture[str]
) -> None:
    silent: list[float] = []
    organist.listen()
    process = organist.process_id
    for _ in range(TIMES):
        keys = keyboards()
        until(lambda: organist.listed().names, "no port")
        sound_of(keys, recorder)
        pulled = time.monotonic()
        keys.pull_out()
        until(lambda: level(recorder, 0.05) < 1e-3, "a note hangs", 60)
        silent.append(time.monotonic() - pulled)
    with capsys.disabled():
        print(f"\nsilent after {np.median(silent):.2f} s, at worst {max(silent):.2f} s")
    assert organist.process_id == process
