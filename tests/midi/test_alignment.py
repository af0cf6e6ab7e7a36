"""Where recorded notes stand: keys of another process, pressed at known places of the music, over JACK."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hardcore import open_studio
from hardcore.commands.performance.capture import Captured
from hardcore.commands.performance.played import PlayedNotes
from hardcore.controller.events import MidiReceived
from hardcore.project.take import BEAT
from tests.midi.test_lights import shown_port
from tests.midi.test_listener import Keyboard
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

BPM, NOTES = 120, 12


@needs_jack
@pytest.mark.soak
def test_the_error_of_what_is_captured_is_measured_and_compensated(
    keyboards: Callable[[], Keyboard], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with jack_server(tmp_path, monkeypatch, ["--sync"]), open_studio() as studio:
        keys, player = keyboards(), studio._studio.player
        assert player is not None
        studio.do("/track add bass --instrument acid303")
        studio.do("/midi input bass")
        shown_port(studio)
        studio.do("/clip add bass A --bars 4")

        heard: dict[int, float] = {}
        studio._studio.controller.events.subscribe(
            MidiReceived, lambda event: heard.setdefault(event.number, event.at_s)
        )

        def errors_ms() -> tuple[float, float]:
            """Return medians: how late keys are heard, and how far captured notes are from where they were pressed."""
            studio.do("/stop")
            studio.do("/launch A")
            heard.clear()
            kept = studio._studio.recall(PlayedNotes)
            assert kept is not None
            kept._notes.clear()  # what was played before is another idea
            late = []
            for number in range(NOTES):
                at = player.latest()
                due = at.at_s + ((number + 2) * BEAT / 2 - at.tick) / BEAT * 60 / BPM
                time.sleep(max(0.0, due - time.monotonic()))  # a hand waits for its beat
                keys.send(0x90, 48 + number, 100)
                keys.send(0x80, 48 + number, 0)
                until(lambda: 48 + number in heard, "a key is not heard")  # noqa: B023
                late.append((heard[48 + number] - due) * 1000)
            answer = studio.do("/capture")
            assert isinstance(answer, Captured) and answer.notes >= NOTES - 1
            clip = studio.project.find_clip(answer.clip)[1]
            off = [note.start_ticks - (note.pitch - 48 + 2) * BEAT / 2 for note in clip.notes]
            whole = [one - round(one / (BEAT / 2)) * BEAT / 2 for one in off]
            return float(np.median(late)), float(np.median(whole)) / BEAT * 60_000 / BPM

        late, error = errors_ms()
        studio.do(f"/config engine.midi_latency_ms {late:.3f}")
        late_again, rest = errors_ms()
        with capsys.disabled():
            print(f"\nkeys {late:.2f} ms late, captured {error:+.2f} ms off; compensated {rest:+.2f} ms")
        # what the machine is busy with makes keys later now and then: what counts is what capturing adds
        assert abs(error - late) <= 3 and abs(rest - (late_again - late)) <= 3
