"""A sound device without a card: ALSA's `file` plug-in writes into a FIFO; a reader here takes it at the rate of time.

What the reader takes is recorded, so that tests measure what would have been heard. The plug-in blocks when the pipe is
full: that is what paces the engine (`type null` would run free). The reader opens first, and must outlive the engine.
"""

import contextlib
import fcntl
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 48_000
FRAME_BYTES = 8
PIPE_BYTES = 8192
CHUNK_BYTES = 2048
PLUGINS = Path("/usr/lib/x86_64-linux-gnu/alsa-lib")
CONFIG = """pcm.!default {{type plug slave {{pcm "cap" format FLOAT_LE channels 2}}}}
pcm.cap {{type file slave.pcm "nul" file "{fifo}" format "raw"}}
pcm.nul {{type null}}
ctl.!default {{type null}}
"""

needs_alsa = pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's")


class Recorder:
    """Takes float32 stereo from a FIFO at 48 kHz and keeps it."""

    def __init__(self, folder: Path) -> None:
        self.fifo, self.config = folder / "sound.fifo", folder / "asound.conf"
        os.mkfifo(self.fifo)
        self.config.write_text(CONFIG.format(fifo=self.fifo))
        self._pipe = os.open(self.fifo, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._taken = bytearray()
        self._more = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        start, paced = time.monotonic(), 0
        while not self._stop.wait(0.002):
            due = (time.monotonic() - start) * RATE * FRAME_BYTES
            if due - paced > CHUNK_BYTES * 8:
                # Nothing came for a while: no engine. Time that has passed is not caught up with.
                start, paced, due = time.monotonic(), 0, 0
            while paced < due:
                try:
                    data = os.read(self._pipe, CHUNK_BYTES)
                except BlockingIOError:
                    break
                if not data:
                    break
                paced += len(data)
                with self._more:
                    self._taken += data
                    self._more.notify_all()

    @property
    def frames(self) -> int:
        """Return how many frames were taken so far."""
        return len(self._taken) // FRAME_BYTES

    def wait_for(self, frames: int, timeout_s: float = 20) -> None:
        """Return when so many frames were taken. Fails after a while."""
        with self._more:
            assert self._more.wait_for(lambda: self.frames >= frames, timeout_s), "the device stands still"

    def wait_s(self, seconds: float) -> None:
        """Return when so much sound was taken from now on."""
        self.wait_for(self.frames + round(seconds * RATE))

    def sound(self, start: int = 0, end: int | None = None) -> NDArray[np.float32]:
        """Return what was taken, [2, frames]."""
        with self._more:
            data = bytes(self._taken[: self.frames * FRAME_BYTES])
        return np.frombuffer(data, np.float32).reshape(-1, 2).T[:, start:end]

    def close(self) -> None:
        """Stop taking; the engine must have ended."""
        self._stop.set()
        self._thread.join(5)
        os.close(self._pipe)


@contextlib.contextmanager
def recording(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Yield a recorder that is this process's default sound device, and its children's."""
    folder.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(folder)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(recorder.config))
    if PLUGINS.is_dir():
        monkeypatch.setenv("ALSA_PLUGIN_DIR", str(PLUGINS))
    try:
        yield recorder
    finally:
        recorder.close()


def onsets(sound: NDArray[np.float32], gap_frames: int = 2000, threshold: float = 0.02) -> list[int]:
    """Return the frames where sound begins after at least `gap_frames` below the threshold."""
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > threshold)
    if not len(loud):
        return []
    first = np.flatnonzero(np.diff(loud, prepend=-gap_frames - 1) > gap_frames)
    return [int(loud[place]) for place in first]
