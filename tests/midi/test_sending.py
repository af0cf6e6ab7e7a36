"""MIDI that is sent in time: what is due, what came too late, and that no note is left hanging."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from hardcore.midi.sender import Sender
from hardcore.midi.sendprocess import LATE_S, Sending
from tests.waiting import until

ON, OFF = (0x90, 60, 99), (0x80, 60, 0)
OTHER, OTHER_OFF = (0x93, 60, 99), (0x83, 60, 0)


class Clocked:
    """What is sent in a time of our own."""

    def __init__(self) -> None:
        self.now_s = 10.0
        self.sent: list[tuple[float, str, tuple[int, ...]]] = []
        self.sending = Sending(self._send, lambda: self.now_s)

    def _send(self, port: str, message: Sequence[int]) -> None:
        self.sent.append((self.now_s, port, tuple(message)))

    def ask(self, *messages: tuple[float, tuple[int, ...]]) -> None:
        self.sending.do({"do": "send", "messages": [(at, "synth", list(message)) for at, message in messages]})

    def until(self, end_s: float) -> list[tuple[float, tuple[int, ...]]]:
        before = len(self.sent)
        while self.now_s < end_s:
            self.now_s += max(self.sending.due_s(), 1e-4)
            self.sending.run()
        return [(at, message) for at, _, message in self.sent[before:]]


def test_messages_are_sent_at_their_times_in_order_and_together_with_the_clock() -> None:
    clocked = Clocked()
    clocked.sending.do({"do": "sync", "out": ["synth"], "offset_s": 0.0})
    clocked.ask((10.5, OFF), (10.25, ON), (10.5, ON))
    sent = [(at, message) for at, message in clocked.until(10.6) if message[0] < 0xF0]
    assert [message for _, message in sent] == [ON, OFF, ON]
    assert all(abs(at - wanted) < 2e-4 for (at, _), wanted in zip(sent, (10.25, 10.5, 10.5), strict=True))
    assert sum(message == (0xF8,) for _, _, message in clocked.sent) in range(27, 31), "24 a beat at 120"


def test_what_is_too_late_is_not_played_but_every_note_ends() -> None:
    clocked = Clocked()
    clocked.ask((10 - 2 * LATE_S, ON), (10 - 2 * LATE_S, OFF), (12, OFF), (11, ON))
    assert not clocked.until(10.1)
    clocked.ask((10.1, ON))
    clocked.until(10.2)
    clocked.now_s += 0.1
    clocked.ask((10.3 - 2 * LATE_S, OFF))
    assert [message for _, message in clocked.until(10.4)] == [OFF]
    clocked.sent.pop(0)
    clocked.sending.do({"do": "hush"})
    assert not clocked.until(11.5), "what waited is not sent, and nothing sounds"
    clocked.ask((13, ON), (13, OTHER), (15, OFF), (13.1, OTHER_OFF), (15, OTHER))
    clocked.until(13.5)
    clocked.sending.do({"do": "hush"})
    assert [message for _, _, message in clocked.sent[1:]] == [ON, OTHER, OTHER_OFF, OFF]
    assert not clocked.until(16)


def test_the_process_is_started_again_when_it_is_killed_and_ends_with_the_studio(tmp_path: Path) -> None:
    news: list[str] = []
    sender = Sender(lambda: tmp_path / "midi_out.log", news.append)
    sender.start()
    assert sender.process_id is None, "nothing is to be sent"
    sender.sync(["Volca"], 0.0)
    sender.start()
    first = sender.process_id
    os.kill(first or 0, signal.SIGKILL)
    until(lambda: news and sender.process_id not in (None, first), "it was not started again")
    assert news == ["the process that sends MIDI ended: it is started again"]
    second = sender.process_id or 0
    sender.close()
    assert sender.process_id is None
    until(lambda: not Path(f"/proc/{second}").exists(), "it goes on")
