"""One player process, from its start to its end, seen from the studio's side.

It is spoken to in frames over its standard input and output; its prints go to a log. It ends when this process ends,
however that happens, because its input closes.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hardcore.player.wire import Sender, Words, frame, frames

CLOSE_S = 2.0
# What has lived for so long gets a spare; before, it has the machine for itself.
SPARE_S = 1.5
# So many ends within so many seconds, and a process is not started again by itself.
ENDS, WITHIN_S = 5, 10.0


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine the player starts, with which outputs and inputs (see `EngineSettings`).

    An empty device and 0 frames are the system's choice.
    """

    kind: str = "embedded"
    rate: int = 48_000
    device: str = ""
    buffer_frames: int = 0
    inputs: int = 0
    outputs: int = 2
    cue: str = "off"
    click: str = "main"


@dataclass(eq=False)
class Life:
    """A player process and what is known of it.

    expected  it should go on: when it ends, another is started
    busy      it said that it is about to be silent for a while
    port      the engine's port, once it has said so, and how many hardware `outputs` it has
    why       what its end was, in words
    """

    process: "subprocess.Popen[bytes]"
    sender: Sender = field(default_factory=Sender)
    ready: threading.Event = field(default_factory=threading.Event)
    heard_s: float = field(default_factory=time.monotonic)
    expected: bool = True
    busy: bool = False
    port: int | None = None
    outputs: int = 0
    why: str = "the player was killed"

    def begin(self, choice: EngineChoice, log: Path) -> None:
        """Let it start the engine that was chosen."""
        self.send(asdict(choice) | {"log": str(log)})

    def send(self, *messages: Words) -> None:
        """Send messages, as `tell` does."""
        tell(self.process, *messages)

    def said(self) -> Iterator[Words]:
        """Yield what it says until it ends."""
        assert self.process.stdout is not None
        yield from frames(self.process.stdout)
        self.process.wait()

    def end(self) -> None:
        """Let it end by itself, or kill it, and wait for that."""
        self.expected = False
        ended(self.process)

    def clear_away(self) -> None:
        """End what one that was killed leaves: an engine program it started. Its files the next one sweeps."""
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Ends:
    """When a process of ours has ended unasked, again and again."""

    def __init__(self) -> None:
        self._times_s: list[float] = []

    def too_many(self) -> bool:
        """Note an end, and return whether there were too many lately to start another."""
        now = time.monotonic()
        self._times_s = [end for end in self._times_s if now - end < WITHIN_S] + [now]
        return len(self._times_s) > ENDS


def tell(process: "subprocess.Popen[bytes]", *messages: Words) -> None:
    """Send messages to a process. A pipe that broke is noticed by who reads, and starts another with all it needs."""
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(b"".join(map(frame, messages)))
        process.stdin.flush()


def ended(process: "subprocess.Popen[bytes]", patience_s: float = CLOSE_S) -> None:
    """Let a process of ours end by closing its input, or kill it, and wait for that."""
    with contextlib.suppress(OSError):
        assert process.stdin is not None
        process.stdin.close()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Spare:
    """A second process of a module of ours that has loaded its program and waits to be told to begin.

    To load takes most of the time that starting another one takes. Who uses it sees to it that one thread does at once.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """Return the process id of the one that waits, None where none does."""
        return self._process.pid if self._process is not None else None

    def stand_by(self) -> None:
        """Have one that waits."""
        if self._process is None:
            self._process = spawned(self._module)

    def take(self) -> "subprocess.Popen[bytes]":
        """Return the one that waits, or one that has just been started."""
        process, self._process = self._process, None
        return process if process is not None and process.poll() is None else spawned(self._module)

    def close(self) -> None:
        """End the one that waits."""
        process, self._process = self._process, None
        if process is not None:
            ended(process)


def spawned(module: str) -> "subprocess.Popen[bytes]":
    """Return a process of a module of ours, spoken to in frames over its standard input and output."""
    # The package must be found where we found it, also when it is not installed.
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
