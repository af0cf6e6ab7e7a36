"""A child's side of its pipes: the frames that come in, and where everything goes that prints."""

import contextlib
import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from hardcore.player.osscheduling import NICE, hurry
from hardcore.player.wire import Words, frames


class Inbox:
    """Frames as they come in, read by a thread of its own, so that a closed pipe ends us whatever we are doing."""

    def __init__(self, source: BinaryIO, on_end: Callable[[], None]) -> None:
        self.waiting: deque[Words] = deque()
        self.bell, self._ring = socket.socketpair()
        self.bell.setblocking(False)
        self._source, self._on_end = source, on_end
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for words in frames(self._source):
                self.waiting.append(words)
                self._ring.send(b"\0")
        finally:
            self._on_end()
            os._exit(0)

    def quiet(self) -> None:
        """Stop the bell."""
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)


def opened() -> tuple[Words | None, BinaryIO, BinaryIO]:
    """Return the first frame, None where the pipe closed before it, and the two pipes.

    From here on Ctrl-C is ignored, and with a first frame this process hurries and what it prints goes to its `log`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    options = next(frames(source), None)
    if options is not None:
        hurry(NICE)
        _hush_prints(Path(options["log"]))
    return options, source, out


def _hush_prints(log: Path) -> None:
    """Let everything that prints, C code too, write to the log from now on."""
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (sink, 1), (sink, 2)):
        os.dup2(here, there)
