"""The process that sends MIDI in time: `python -m hardcore.midi.sendprocess`, with frames on standard input.

MIDI clock, and what tracks send out, each at its own time. It does nothing else, so nothing here holds the interpreter
while a message is due; where the system allows it, it goes before every other process. It ends when its input closes.
"""

import contextlib
import gc
import heapq
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from hardcore.midi.clockout import ClockOut
from hardcore.midi.outputs import Outputs
from hardcore.midi.ports import POLL_S, writer
from hardcore.midi.ticker import Ticker
from hardcore.music.tempo import TempoMap
from hardcore.player.inbox import Inbox, opened
from hardcore.player.osscheduling import before_all
from hardcore.player.wire import Words
from hardcore.project.hands import NOTE_OFF, NOTE_ON

# So long before a message the processor is no longer let go of: what wakes us may be late by as much.
SPIN_S = 0.0003
NAP_S, IDLE_S = 0.02, 1.0
# What is later than this is sent no more, but for what ends a note.
LATE_S = 0.25
# JACK passes nothing on over a connection that was made in the same few periods.
SETTLE_S = 0.1
MOST_WAITING = 20_000
Wanted = Mapping[str, Sequence[Sequence[int]]]


class Sending:
    """Sends what is due. `send` takes a port and a message; `steady` gives seconds."""

    def __init__(
        self, send: Callable[[str, Sequence[int]], None], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._send, self._steady = send, steady
        self.ticker = Ticker(steady)
        self.clock = ClockOut(self.ticker, steady)
        self.clock_ports: tuple[str, ...] = ()
        self._waiting: list[tuple[float, int, str, tuple[int, ...]]] = []
        self._number = 0
        self._sounding: set[tuple[str, int, int]] = set()

    def do(self, words: Words) -> None:
        """Do what a frame asks."""
        if words["do"] == "time":
            self.ticker.heard(words["playing"], words["tick"], words["at_s"], words["epoch"])
        elif words["do"] == "tempo":
            self.ticker.follow(TempoMap.model_validate(words["tempo"]))
        elif words["do"] == "sync":
            self.clock_ports, self.clock.offset_s = tuple(words["out"]), words["offset_s"]
        elif words["do"] == "send":
            for at_s, port, message in words["messages"][:MOST_WAITING]:
                self._number += 1
                heapq.heappush(self._waiting, (at_s, self._number, port, tuple(message)))
        elif words["do"] == "hush":
            self.hush()

    def hush(self) -> None:
        """Send nothing of what waits, and end every note that sounds."""
        self._waiting = []
        for port, channel, key in sorted(self._sounding):
            self._pass_on(port, (NOTE_OFF + channel, key, 0))

    def due_s(self) -> float:
        """Return how long nothing is due, in seconds."""
        times = [self._waiting[0][0]] if self._waiting else []
        times += [self.clock.next_s()] if self.clock_ports else []
        if not times:
            return IDLE_S
        return min(max(min(times) - self._steady(), 0.0), NAP_S)

    def run(self) -> None:
        """Send what is due now."""
        if self.clock_ports:
            for message in self.clock.due():
                for port in self.clock_ports:
                    self._send(port, message)
        now = self._steady()
        while self._waiting and self._waiting[0][0] <= now:
            at_s, _, port, message = heapq.heappop(self._waiting)
            if at_s > now - LATE_S or _ends_note(message):
                self._pass_on(port, message)

    def _pass_on(self, port: str, message: tuple[int, ...]) -> None:
        """Send a message of a track, and keep in mind which notes sound; what sounds no more is not ended again."""
        place = (port, message[0] & 0x0F, message[1])
        if _ends_note(message):
            if place not in self._sounding:
                return
            self._sounding.discard(place)
        elif message[0] & 0xF0 == NOTE_ON:
            self._sounding.add(place)
        self._send(port, message)


def _ends_note(message: Sequence[int]) -> bool:
    return message[0] & 0xF0 == NOTE_OFF


class Ports:
    """Opens the outputs that are asked for, in a thread of its own: that takes a while."""

    def __init__(self) -> None:
        self.outputs = Outputs(writer)
        self.wanted: Wanted = {}
        self._asked = threading.Event()
        threading.Thread(target=self._poll, name="ports", daemon=True).start()

    def want(self, ports: Wanted) -> None:
        """Open these from now on, and no others, and send each what it is to be told first, as far as that is new."""
        before, self.wanted = self.wanted, ports
        for port, messages in ports.items():
            known = before.get(port, ())
            self.outputs.send(port, [message for message in messages if message not in known])
        self._asked.set()

    def _poll(self) -> None:
        while True:
            with contextlib.suppress(Exception):  # what a system of MIDI says when it ends comes to anything
                if come := self.outputs.poll(dict.fromkeys(self.wanted, "")):
                    time.sleep(SETTLE_S)
                for port in come:
                    self.outputs.send(port, self.wanted.get(port, ()))
            self._asked.wait(POLL_S)
            self._asked.clear()


def serve(sending: Sending, ports: Ports, inbox: Inbox) -> None:
    """Run until the pipe closes."""
    while True:
        wait(sending, inbox.bell)
        inbox.quiet()
        while inbox.waiting:
            words = inbox.waiting.popleft()
            if words["do"] == "ports":
                ports.want(words["ports"])
            else:
                sending.do(words)
        sending.run()


def wait(sending: Sending, bell: socket.socket) -> None:
    """Return when a message is due, or when the bell rings."""
    wait_s = sending.due_s()
    rung = select.select([bell], [], [], wait_s - SPIN_S)[0] if wait_s > SPIN_S else []
    while not rung and 0 < sending.due_s() <= SPIN_S:
        pass


def main() -> int:
    """Return the exit status; it is left when the studio ends."""
    options, source, _ = opened()
    if options is None:
        return 0
    ports = Ports()
    sending = Sending(lambda port, message: ports.outputs.send(port, [message]))
    inbox = Inbox(source, sending.hush)
    gc.collect()
    gc.freeze()
    gc.disable()  # it makes no circles, and one look for them takes milliseconds
    before_all()
    serve(sending, ports, inbox)
    return 0


if __name__ == "__main__":
    # rtmidi's threads would be joined, and may wait for a server that is gone.
    os._exit(main())
