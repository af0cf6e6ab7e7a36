"""A JACK server without a card, and what is heard on it: what the external engine needs."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

PROGRAMS = ("scsynth", "jackd", "jack_rec")
needs_jack = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason="needs supercollider-server and jackd2"
)  # fmt: skip


@contextlib.contextmanager
def _own_name() -> Iterator[str]:
    """Yield the name of a server that no other test uses, the first that is free.

    JACK knows eight names; one whose server ended with a client still there stays taken until a server of that name.
    """
    for number in count(1):
        with (Path(tempfile.gettempdir()) / f"hardcore-jack-{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"hardcore-{number}"
            return


@contextlib.contextmanager
def jack_server(folder: Path, monkeypatch: pytest.MonkeyPatch, options: Sequence[str]) -> Iterator[str]:
    """Yield the name of a JACK server of our own; it is this process's default, and its children's."""
    with _own_name() as name:
        monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
        words = ["jackd", "--no-realtime", *options, "-n", name, "-d", "dummy", "-r", "48000", "-p", "512"]
        server = _started(words, folder / "jack.log")
        try:
            yield name
        finally:
            _end(server)


def _started(words: Sequence[str], log: Path) -> "subprocess.Popen[bytes]":
    """Return a server that answers; one that stands still is begun again."""
    for left in (2, 1, 0):
        with log.open("wb") as sink:
            server = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
        try:
            subprocess.run(["jack_wait", "-w", "-t", "10"], check=True, capture_output=True, timeout=20)
            return server
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            _end(server)
            if not left:
                raise
            # What all servers of a user write properties to: one that was killed may have left it locked.
            shutil.rmtree(f"/dev/shm/jack_db-{os.getuid()}", ignore_errors=True)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End a server: one whose client went away while it was told something may stand still for good, and is killed.

    While it stands it holds what all servers share, and no other one could start.
    """
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(5)


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
