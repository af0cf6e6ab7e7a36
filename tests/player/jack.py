"""A JACK server without a card, and what is heard on it: what the external engine needs."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

PROGRAMS = ("scsynth", "jackd", "jack_rec")
needs_jack = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason="needs supercollider-server and jackd2"
)  # fmt: skip


@contextlib.contextmanager
def jack_server(folder: Path, monkeypatch: pytest.MonkeyPatch, options: Sequence[str]) -> Iterator[str]:
    """Yield the name of a JACK server of our own; it is this process's default, and its children's."""
    name = f"hardcore-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    words = ["jackd", "--no-realtime", *options, "-n", name, "-d", "dummy", "-r", "48000", "-p", "512"]
    with (folder / "jack.log").open("wb") as sink:
        server = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
    try:
        subprocess.run(["jack_wait", "-w", "-t", "10"], check=True, capture_output=True)
        yield name
    finally:
        server.terminate()
        server.wait(10)


def heard_on_jack(folder: Path, seconds: int) -> tuple[NDArray[np.float32], int]:
    """Return what the external engine plays for so long, [2, frames], and its rate."""
    import soundfile

    file = folder / "heard.wav"
    ports = ["SuperCollider:out_1", "SuperCollider:out_2"]
    words = ["jack_rec", "-f", str(file), "-d", str(seconds), "-b", "16", *ports]
    subprocess.run(words, check=True, capture_output=True)
    heard, rate = soundfile.read(file, dtype="float32", always_2d=True)
    return heard.T, rate


def children(process: int) -> list[int]:
    """Return the children of a process's first thread."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
