"""A running engine, spoken to in OSC over UDP on a loopback port. `boot` starts one and returns its Server."""

import contextlib
import selectors
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardcore.engine.osc import Message, bundle, decode, message
from hardcore.errors import EngineError

if TYPE_CHECKING:
    import subprocess

    from hardcore.engine.sandbox import Sandbox

LOOPBACK = "127.0.0.1"
LONG_S = 10.0
ANSWER_S = 2.0
# Seconds from 1900, where OSC counts from, to 1970.
EPOCH_S = 2_208_988_800
# What reading an answer raises that is not what it should be.
NONSENSE = (ValueError, IndexError, TypeError, OverflowError, struct.error)
# How the end of an engine is told, whoever notices it first.
ENDED = "the engine ended"


@dataclass(frozen=True, slots=True)
class Status:
    """What the engine says of itself: load in percent of real time, and its sample rate."""

    synths: int
    groups: int
    load_percent: float
    peak_percent: float
    rate: float


def now_s() -> float:
    """Return the time as OSC counts it: seconds since 1900."""
    return time.time() + EPOCH_S


def free_port() -> int:
    """Return a UDP port of the loopback interface that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Connection:
    """A socket to an engine's port. It takes packets from nobody else; those that are no OSC are dropped."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # The engine answers many requests at once with one packet each.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.connect((LOOPBACK, port))
        self.socket.setblocking(False)

    def send(self, packet: bytes) -> None:
        """Send a message or bundle. Raises EngineError when the engine has ended."""
        try:
            self.socket.send(packet)
        except OSError as error:
            raise _failed(error) from error

    def send_at(self, time_s: float, messages: list[bytes]) -> None:
        """Send messages to be done at `time_s` (seconds since 1900)."""
        self.send(bundle(time_s, messages))

    def packets(self) -> list[bytes]:
        """Return the packets that have arrived, unread. Raises EngineError when the engine has ended."""
        found: list[bytes] = []
        while True:
            try:
                found.append(self.socket.recv(65536))
            except BlockingIOError:
                return found
            except OSError as error:
                raise _failed(error) from error

    def received(self) -> list[Message]:
        """Return the answers that have arrived. Raises EngineError when the engine has ended."""
        return [answer for packet in self.packets() for answer in _messages(packet)]

    def wait(self, timeout_s: float) -> None:
        """Return when an answer is there, or after a while."""
        with selectors.DefaultSelector() as selector:  # `select` knows no descriptor above 1,023
            selector.register(self.socket, selectors.EVENT_READ)
            selector.select(timeout_s)

    def ask(self, packet: bytes, reply: str, timeout_s: float = ANSWER_S) -> list[Any]:
        """Return the arguments of the `reply` to a request; other answers are lost. Raises EngineError in time."""
        deadline = time.monotonic() + timeout_s
        self.send(packet)
        while (left := deadline - time.monotonic()) > 0:
            self.wait(left)
            for address, words in self.received():
                if address == reply:
                    return words
        raise EngineError(f"the engine does not answer {reply}", "it may be overloaded")

    def status(self) -> Status:
        """Return how the engine fares. Raises EngineError."""
        return status_of(self.ask(message("/status"), "/status.reply"))

    def sync(self, number: int, timeout_s: float = LONG_S) -> None:
        """Return when everything sent so far is done. Raises EngineError in time."""
        self.ask(message("/sync", number), "/synced", timeout_s)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()


class Server(Connection):
    """An engine of our own: its program, where that is beside us, and its sandbox.

    outputs   its hardware channels, the last `inputs` of which are heard: buses above them are free
    """

    def __init__(
        self, port: int, outputs: int, sandbox: "Sandbox", child: "subprocess.Popen[bytes] | None", inputs: int = 0
    ) -> None:
        super().__init__(port)
        self.outputs, self.inputs, self.sandbox, self.rate = outputs, inputs, sandbox, 0
        self._child = child

    def alive(self) -> bool:
        """Return whether the program beside us still runs; the embedded engine lives as long as we do."""
        return self._child is None or self._child.poll() is None

    def close(self) -> None:
        """End the external engine, and remove the sandbox."""
        if self._child is not None and self.alive():
            self._child.kill()
            self._child.wait()
        self.sandbox.close()
        super().close()


def status_of(words: list[Any]) -> Status:
    """Return the status in the words of a /status.reply."""
    return Status(int(words[2]), int(words[3]), float(words[5]), float(words[6]), float(words[7]))


def _failed(error: OSError) -> EngineError:
    # Nobody listens on the port any more: that is noticed before the program's end can be.
    if isinstance(error, ConnectionRefusedError):
        return EngineError(ENDED)
    return EngineError(f"the engine cannot be reached: {error}")


def _messages(packet: bytes) -> list[Message]:
    # Any user of the machine can make the engine send nonsense to all who listen (SendReply).
    with contextlib.suppress(*NONSENSE):
        return decode(packet)[1]
    return []
