"""What goes wrong on a stage: floods, nonsense, and a MIDI process that is killed while notes are held."""

import io
import os
import random
import signal
import time
from collections.abc import Callable
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

KILLS = 50
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


@needs_alsa
@needs_jack
@pytest.mark.soak
def test_a_midi_process_that_is_killed_while_notes_are_held_leaves_none_and_plays_on(
    recorder: Recorder, play: Callable[[ProjectState], Remote], keyboards: Callable[[], Keyboard],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    back: list[float] = []
    with jack_server(tmp_path, monkeypatch, ["--timeout", "100"]):
        keys, project = keyboards(), organ()
        remote = play(project)
        remote.state()
        played = tmp_path / "played"
        listener = Listener(
            project, lambda: tmp_path / "midi.log", lambda: remote.engine, lambda heard: None, lambda news: None,
            played=lambda: played,
        )  # fmt: skip
        try:
            until(lambda: listener.listed().names, "no port")
            until(lambda: keys.send(0x90, 60, 100) or level(recorder, 0.05) > 0.01, "nothing sounds", 60)
            for _ in range(KILLS):
                killed = time.monotonic()
                monkeypatch.setattr(listener, "_ends", Ends())  # so many ends at once are asked for
                os.kill(listener.process_id or 0, signal.SIGKILL)
                until(lambda: level(recorder, 0.05) < 1e-3, "a note hangs", 60)
                until(lambda: keys.send(0x90, 60, 100) or level(recorder, 0.05) > 0.01, "nothing sounds", 60)
                back.append(time.monotonic() - killed)
        finally:
            listener.close()
    with capsys.disabled():
        print(f"\nheard again after {np.median(back):.2f} s, at worst {max(back):.2f} s")
