"""What is heard, for programs that listen: a ring buffer on the engine, read by a thread while somebody listens.

The engine writes its outputs into the ring; the thread asks 20 times a second how far it is and fetches what is new in
packets of 4 kB, once for all who listen. Nothing of it is there before the first and after the last listener. The
metronome is not heard: its clicks are computed after the ring.
"""

import sys
import threading
import time
from array import array
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.server import Connection
from hardcore.engine.structure import BEFORE
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import EngineError


class RingPlace(NamedTuple):
    """Where a ring is on the engine: a buffer, a node, and a control bus that says how far it is."""

    buffer: int
    node: int
    bus: int


# Such as nothing else uses: the buffer above is the audition's, and envelopes need no control buses.
HEARD = RingPlace(nodes.FIRST_RECORDING - 2, 1_900_000_002, 0)
# 2.7 s at 48 kHz: so long the thread may be held up without losing a frame.
RING_FRAMES = 1 << 17
PIECE_FRAMES = 512
CHANNELS = 2
POLL_S, LOOK_S = 0.05, 0.2
# An answer that is not there by now was lost on the way: it is asked for again, so often at most.
LOST_S, ASKED = 0.2, 5

# Takes the sample rate, and what was heard: float32 samples, left and right by turns, little-endian.
Take = Callable[[int, bytes], None]


class Broadcast:
    """Tells everybody who listens what is heard. Its methods may be called from any thread; takers in its own.

    engine   gives the port and the hardware channels of the engine that plays, None while none does
    playing  gives whether time runs: then silence is told, too
    """

    def __init__(self, engine: Callable[[], tuple[int, int] | None], playing: Callable[[], bool]) -> None:
        self._engine, self._playing = engine, playing
        self._takers: list[Take] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def listen(self, take: Take) -> Callable[[], None]:
        """Tell `take` what is heard from now on, until the function that is returned is called. Returns at once."""
        with self._lock:
            self._takers.append(take)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="broadcast", daemon=True)
                self._thread.start()

        def leave() -> None:
            with self._lock, suppress(ValueError):
                self._takers.remove(take)

        return leave

    def close(self) -> None:
        """Tell nobody any more, and wait until the engine has nothing of it."""
        with self._lock:
            self._takers.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._over():
            engine = self._engine()
            try:
                if engine is not None:
                    self._tell(engine[0])
            except EngineError:  # it has ended, and is started again
                pass
            time.sleep(LOOK_S)

    def _over(self) -> bool:
        """Return whether nobody listens, and the thread ends: who listens next starts another."""
        with self._lock:
            if not self._takers:
                self._thread = None
            return not self._takers

    def _tell(self, port: int) -> None:
        """Tell what the engine on a port plays while anybody listens. Raises EngineError when it has ended."""
        ring = Ring(port, HEARD)
        try:
            ring.begin()
            while self._takers:
                sound = ring.new()
                if sound and (self._playing() or sound.count(0) < len(sound)):
                    with self._lock:
                        takers = tuple(self._takers)
                    for take in takers:
                        take(ring.rate, sound)
                time.sleep(POLL_S)
        finally:
            ring.close()


class Ring:
    """A ring buffer of the engine on a port, and how far it was read. Making and reading raise EngineError.

    What writes into it is `written`; somebody else may start that.
    """

    def __init__(self, port: int, place: RingPlace) -> None:
        self._connection, self._place = Connection(port), place
        try:
            self.rate = round(self._connection.status().rate)
            self._connection.send(message("/d_recv", synthdef_bytes("broadcast")))
            self._connection.send(message("/b_alloc", place.buffer, RING_FRAMES, CHANNELS))
            self._connection.send(message("/c_set", place.bus, 0))
            self._connection.sync(1)
        except EngineError:
            self._connection.close()
            raise
        self._next, self._read_s = 0, time.monotonic()

    def begin(self) -> None:
        """Let what comes out of the engine be written into it from now on."""
        self._connection.send(written(self._place, 0))
        self._connection.sync(2)

    def new(self) -> bytes | None:
        """Return what was heard since the last time, in whole pieces; after a stop longer than the ring, None."""
        place = int(self._connection.ask(message("/c_get", self._place.bus), "/c_set")[1])
        count = (place - self._next) % RING_FRAMES // PIECE_FRAMES
        pieces = [(self._next + number * PIECE_FRAMES) % RING_FRAMES for number in range(count)]
        self._next = (self._next + count * PIECE_FRAMES) % RING_FRAMES
        before, self._read_s = self._read_s, time.monotonic()
        if self._read_s - before > 0.8 * RING_FRAMES / self.rate:
            return None
        found = self._fetched(pieces)
        return b"".join(found[piece] for piece in pieces)

    def _fetched(self, pieces: list[int]) -> dict[int, bytes]:
        """Return the pieces that begin at those frames."""
        found: dict[int, bytes] = {}
        for _ in range(ASKED):
            for piece in pieces:
                if piece not in found:
                    self._connection.send(
                        message("/b_getn", self._place.buffer, piece * CHANNELS, PIECE_FRAMES * CHANNELS)
                    )
            deadline = time.monotonic() + LOST_S
            while len(found) < len(pieces) and (left := deadline - time.monotonic()) > 0:
                self._connection.wait(left)
                found |= dict(filter(None, map(_piece, self._connection.packets())))
            if len(found) >= len(pieces):
                return found
        raise EngineError("the engine does not say what is heard", "it may be overloaded")

    def close(self) -> None:
        """Take the ring out of the engine, where it is there still."""
        with suppress(EngineError):
            self._connection.send(message("/n_free", self._place.node))
            self._connection.send(message("/b_free", self._place.buffer))
        self._connection.close()


def written(place: RingPlace, bus: int) -> bytes:
    """Return the request that lets two buses, from `bus` on, be written into a ring: after all tracks, before the cue
    and what it makes of the outputs."""
    controls = ("buffer", place.buffer, "place", place.bus, "bus", bus)
    return message("/s_new", "broadcast", place.node, BEFORE, nodes.CUE_GROUP, *controls)


_SETN = b"/b_setn\0"
_SAMPLES = 4 * PIECE_FRAMES * CHANNELS


def _piece(packet: bytes) -> tuple[int, bytes] | None:
    """Return the frame at which a piece begins and its samples, None for another answer.

    After the types such an answer is buffer, first sample, number of samples, and the samples, big-endian.
    """
    if not packet.startswith(_SETN) or len(packet) < len(_SETN) + 12 + _SAMPLES:
        return None
    samples = array("f", packet[-_SAMPLES:])
    if sys.byteorder == "little":
        samples.byteswap()
    first = int.from_bytes(packet[-_SAMPLES - 8 : -_SAMPLES - 4], "big")
    return first // CHANNELS, samples.tobytes()
