"""Recording sound: what an input of the engine hears, into a WAV file that is readable at any moment.

The player starts a synth at a sample of its own clock that writes the input into a ring buffer; a thread of the studio
fetches what is new, appends it and keeps the header true. Whoever is killed, the file holds what came before.
"""

import os
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.errors import EngineError
from hardcore.player.broadcast import CHANNELS, POLL_S, Ring, RingPlace

PLACE = RingPlace(nodes.FIRST_RECORDING - 3, 1_900_000_003, 1)
# The synth begins so long before the music that is recorded, and goes on so long after it.
AROUND_S = 0.05
# The header is made true so often.
TRUE_S = 0.5
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FLOAT, _BYTES = 3, 4


class Begun(NamedTuple):
    """What a recording is to hold, in samples of the player's clock.

    first   the sample that its first frame is
    sample  where the music that is recorded begins; `end`: where it ends, None: when it is stopped
    """

    first: int
    sample: float
    end: float | None
    rate: int


class WavFile:
    """A WAV file of 32-bit floats that grows. Raises OSError."""

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        self.path, self._rate, self.channels = path, rate, channels
        self._bytes, self._true_s = 0, 0.0
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        self._handle = os.open(path, flags, 0o600)
        self._head()
        os.lseek(self._handle, _HEAD.size, os.SEEK_SET)

    @property
    def frames(self) -> int:
        """Return how many frames it holds."""
        return self._bytes // (_BYTES * self.channels)

    def append(self, sound: bytes) -> None:
        """Append frames of both channels by turns, of which a file of one keeps the first."""
        if self.channels == 1:
            samples = memoryview(sound).cast("f")[::CHANNELS]
            sound = samples.tobytes()
        self._bytes += os.write(self._handle, sound)
        if time.monotonic() - self._true_s > TRUE_S:
            self._head()

    def close(self) -> None:
        """Make the header true for good."""
        self._head()
        os.fsync(self._handle)
        os.close(self._handle)

    def _head(self) -> None:
        self._true_s = time.monotonic()
        frame = _BYTES * self.channels
        sizes = (b"RIFF", _HEAD.size - 8 + self._bytes, b"WAVE", b"fmt ", 16, _FLOAT, self.channels, self._rate)
        head = _HEAD.pack(*sizes, self._rate * frame, frame, 8 * _BYTES, b"data", self._bytes)
        os.pwrite(self._handle, head, 0)


class SoundRecording:
    """A recording that goes on, in a thread of its own, until its end, `stop`, or the end of its engine.

    ring   is where the input is written; `begin` is called once that is there, and tells what is to be held
    done   is called at the end, in that thread, with why it ended early, empty where it did not
    """

    def __init__(
        self, port: int, path: Path, channels: int, begin: Callable[[], Begun], done: Callable[[str], None],
        extra_s: float = 0.0,
    ) -> None:  # fmt: skip
        self._ring = Ring(port, PLACE)
        try:
            self.begun = begin()
            self.file = WavFile(path, self.begun.rate, channels)
        except BaseException:
            self._ring.close()
            raise
        self._done, self._stopped = done, threading.Event()
        self._extra = round((AROUND_S + extra_s) * self.begun.rate)
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; `done` is called soon."""
        self._stopped.set()

    def close(self) -> None:
        """End it and wait for that."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        why, begun = "", self.begun
        end = None if begun.end is None else round(begun.end - begun.first) + self._extra
        try:
            while not self._stopped.wait(POLL_S) and (end is None or self.file.frames < end):
                sound = self._ring.new()
                if sound is None:
                    raise EngineError("the studio was held up: what came meanwhile is lost")
                self.file.append(sound)
        except (EngineError, OSError) as error:
            why = error.line() if isinstance(error, EngineError) else f"nothing can be written: {error.strerror}"
        finally:
            self._ring.close()
            self.file.close()
        self._done(why)
