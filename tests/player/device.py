"""A sound device without a card: ALSA's `file` plug-in writes into a FIFO; a reader here takes it at the rate of time.

What the reader takes is recorded, so that tests measure what would have been heard. The plug-in blocks when the pipe is
full: that is what paces the engine (`type null` would run free). The reader opens first, and must outlive the engine.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 48_000
FRAME_BYTES = 8
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
        self._taken = folder / "sound.raw"
        reader = str(Path(__file__).with_name("reader.py"))
        self._reader = subprocess.Popen(
            [sys.executable, "-I", "-S", reader, str(self.fifo), str(self._taken)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self._reader.stdout is not None
        assert self._reader.stdout.readline() == b"ready\n"

    @property
    def frames(self) -> int:
        """Return how many frames were taken so far."""
        return self._taken.stat().st_size // FRAME_BYTES

    def wait_for(self, frames: int, timeout_s: float = 20) -> None:
        """Return when so many frames were taken. Fails after a while."""
        deadline = time.monotonic() + timeout_s
        while self.frames < frames:
            assert time.monotonic() < deadline, "the device stands still"
            time.sleep(0.005)

    def wait_s(self, seconds: float) -> None:
        """Return when so much sound was taken from now on."""
        self.wait_for(self.frames + round(seconds * RATE), 3 * seconds + 20)

    def sound(self, start: int = 0, end: int | None = None) -> NDArray[np.float32]:
        """Return what was taken, [2, frames]."""
        count = -1 if end is None else 2 * (end - start)
        whole = np.fromfile(self._taken, np.float32, count, offset=start * FRAME_BYTES)
        return whole[: len(whole) // 2 * 2].reshape(-1, 2).T

    def close(self) -> None:
        """Stop taking; the engine must have ended."""
        self._reader.communicate(timeout=5)


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


def heard_apart(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, NDArray[np.float32]]:
    """Return what a script reports as JSON in the file that its argument names, and what was heard of its engine."""
    with recording(folder / "device", monkeypatch) as recorder:
        report = folder / "report"
        command = [sys.executable, "-c", script, str(report)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert report.exists(), run.stderr
        return json.loads(report.read_text()), recorder.sound()


def onsets(sound: NDArray[np.float32], gap_frames: int = 2000, threshold: float = 0.02) -> list[int]:
    """Return the frames where sound begins after at least `gap_frames` below the threshold."""
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > threshold)
    if not len(loud):
        return []
    first = np.flatnonzero(np.diff(loud, prepend=-gap_frames - 1) > gap_frames)
    return [int(loud[place]) for place in first]
