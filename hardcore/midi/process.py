"""The MIDI process: `python -m hardcore.midi.process`, with frames on standard input and output.

It opens every input port, plays what it hears on the engine that the player started (over a socket of its own, so that
no other process stands between a key and its note) and tells the studio of ports and messages. It ignores Ctrl-C and
ends when standard input closes.
"""

import contextlib
import os
import select
import socket
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from hardcore.engine.osc import IMMEDIATELY, bundle
from hardcore.engine.server import LOOPBACK, now_s
from hardcore.midi.clockin import ClockIn
from hardcore.midi.hands import Hands
from hardcore.midi.journal import Journal
from hardcore.midi.lightoutput import Lamps
from hardcore.midi.linkpeer import LinkPeer
from hardcore.midi.outputs import Outputs
from hardcore.midi.ports import POLL_S, Ports, client, writer
from hardcore.midi.thru import Thru
from hardcore.player.inbox import Inbox, opened
from hardcore.player.wire import Receiver, Words, frame
from hardcore.project.hands import ClockSaid, DeviceLights, Heard, HeardNote
from hardcore.project.state import new_project

# So many messages wait for the studio at most: a flood is played, but not told in full.
MOST_TOLD = 2000
_SYSTEM = 0xF0
# What is told is gathered for so long, so that a sweep of a fader is one frame.
TELL_S = 0.01
# How often arpeggios are looked after while keys are down.
STEP_S = 0.01
FIRST_S = 0.5


class Engine:
    """The way to the engine: requests go there at once; before its port is known, and after it is gone, nowhere."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port: int | None = None

    def send(self, requests: list[bytes]) -> None:
        """Send requests as one bundle."""
        if self.port is not None and requests:
            with contextlib.suppress(OSError):
                self._socket.sendto(bundle(IMMEDIATELY, requests), (LOOPBACK, self.port))

    def send_at(self, at_s: float, requests: list[bytes]) -> None:
        """Send requests for a time of the steady clock."""
        if self.port is not None and requests:
            with contextlib.suppress(OSError):
                tag = now_s() + at_s - time.monotonic()
                self._socket.sendto(bundle(tag, requests), (LOOPBACK, self.port))


class Listener:
    """Hears the ports, plays, and tells the studio."""

    def __init__(self, out: BinaryIO, journal: Journal | None = None) -> None:
        self._out, self._engine, self._receiver = out, Engine(), Receiver()
        self._journal = journal
        self._hands = Hands(new_project(), 2, self._engine.send, send_at=self._engine.send_at)
        self._ports = Ports(client, self._hear)
        self._lamps = Lamps(Outputs(writer))
        self._thru_outputs = Outputs(writer)
        self._thru = Thru(lambda port, message: self._thru_outputs.send(port, [message]))
        self._clock_in, self._followed = ClockIn(), ""
        self._link: LinkPeer | None = None
        self._clock_told: deque[ClockSaid] = deque(maxlen=MOST_TOLD)
        self._told: deque[Heard] = deque(maxlen=MOST_TOLD)
        self.bell, self._ring = socket.socketpair()
        for end in (self.bell, self._ring):
            end.setblocking(False)
        self._polled_s = -POLL_S
        self._ports_told = False

    def _hear(self, port: str, data: Sequence[int]) -> None:
        if data and data[0] >= _SYSTEM:
            if self._followed and self._followed in port.casefold():
                said = self._clock_in.take(data, time.monotonic())
                if said is not None:
                    self._tell_clock(said)
            return
        heard = self._hands.hear(port, data)
        if heard is not None:
            self._thru.take(heard)
            if self._journal is not None:
                self._journal.note(HeardNote(heard, self._hands.ticker.played_at(heard.at_s), self._hands.nodes))
            self._told.append(heard)
            self._call()

    def _call(self) -> None:
        """Let the loop look at what is to be told."""
        with contextlib.suppress(BlockingIOError):
            self._ring.send(b"\0")

    def _share(self, words: Words) -> None:
        """Join a Link session, leave it, or tell it what was done here."""
        peer = self._link
        if words["on"] and peer is None:
            peer = self._link = LinkPeer(self._hands.ticker, self._tell_clock, words["bpm"], words["quantum"])
        elif peer is not None and not words["on"]:
            self._link = None
            peer.close()
            return
        if peer is not None:
            peer.offset_s, peer.quantum = words["offset_s"], words["quantum"]
            if words.get("push") is not None:
                peer.push(words["push"])
            if words.get("start") is not None:
                peer.start(words["start"])

    def _tell_clock(self, said: ClockSaid) -> None:
        self._clock_told.append(said)
        self._call()

    def do(self, words: Words) -> None:
        """Do what a frame asks."""
        if words["do"] == "engine":
            self._engine.port = words["port"]
            self._hands.play_on(words["outputs"], words["nodes"])
        elif words["do"] == "project":
            project = self._receiver.project(words["project"])
            self._hands.follow(project)
            self._thru.follow(project)
            self._open_thru()
            if self._journal is not None:
                self._journal.belong(project.piece)
        elif words["do"] == "time":
            self._hands.ticker.heard(words["playing"], words["tick"], words["at_s"], words["epoch"], words["laps"])
        elif words["do"] == "strike":
            self._hands.strike(words["track"], words["keys"], words["velocity"], words["seconds"])
        elif words["do"] == "feed":
            self._hear(words["port"], words["data"])
        elif words["do"] == "sync":
            self._clock_in, self._followed = ClockIn(), words["follow"].casefold()
        elif words["do"] == "link":
            self._share(words)
        elif words["do"] == "silence":
            self._hands.silence()
            self._thru.silence()
        elif words["do"] == "lights":
            self._lamps.show([_lights(*device) for device in words["devices"]])

    def end(self) -> None:
        """Release what hands hold, and leave controllers dark."""
        self._hands.silence()
        self._thru.silence()
        self._lamps.dark()

    def _open_thru(self) -> None:
        """Open the outputs that what is played goes on to, where they are there."""
        for port in self._thru_outputs.poll(dict.fromkeys(self._thru.ports, "")):
            self._thru_outputs.send(port, self._thru.first(port))

    def run(self) -> float:
        """Play what is due, look for ports that came or went, and tell what was heard.

        Return for how long, in seconds, nothing is due.
        """
        busy = self._hands.run()
        now = time.monotonic()
        if now - self._polled_s >= POLL_S:
            self._polled_s = now
            come, gone = self._ports.poll()
            self._lamps.poll([*come, *gone])
            self._open_thru()
            for port in gone:
                self._hands.unplugged(port)
                self._thru.unplugged(port)
            if come or gone or not self._ports_told:
                self._ports_told = True
                names, there = list(self._ports.names), self._ports.available
                self._say({"ports": names, "come": come, "gone": gone, "available": there})
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)
        if clock := [self._clock_told.popleft() for _ in range(len(self._clock_told))]:
            self._say({"clock": [list(one) for one in clock]})
        heard = [self._told.popleft() for _ in range(len(self._told))]
        if heard:
            self._say({"heard": [list(one) for one in heard]})
        return STEP_S if busy else POLL_S

    def _say(self, words: Words) -> None:
        self._out.write(frame(words))
        self._out.flush()


def _lights(
    port: str, part: str, setup: Sequence[Sequence[int]], lights: Sequence[tuple[int, int, int]]
) -> DeviceLights:
    return DeviceLights(port, part, tuple(map(tuple, setup)), tuple((a, b, c) for a, b, c in lights))


def serve(listener: Listener, inbox: Inbox) -> None:
    """Run until the pipe closes."""
    select.select([inbox.bell], [], [], FIRST_S)  # ports may take long to open; an engine's notes are released before
    while True:
        inbox.quiet()
        while inbox.waiting:
            listener.do(inbox.waiting.popleft())
        wait_s = listener.run()
        ready, _, _ = select.select([inbox.bell, listener.bell], [], [], wait_s)
        if listener.bell in ready:
            time.sleep(TELL_S)


def main() -> int:
    """Return the exit status; it is left when the studio ends."""
    options, source, out = opened()
    if options is None:
        return 0
    journal = Journal(Path(options["played"]), options["piece"]) if options.get("played") else None
    listener = Listener(out, journal)
    serve(listener, Inbox(source, listener.end))
    return 0


if __name__ == "__main__":
    # rtmidi's threads would be joined, and may wait for a server that is gone.
    os._exit(main())
