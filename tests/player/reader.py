"""The reader of the FIFO device, a process of its own: `python reader.py FIFO FILE`. A sound card is never late either.

It takes float32 stereo at 48 kHz by the steady clock and writes it to FILE. "ready" on standard output says that the
FIFO is open for reading; it ends when its standard input closes.
"""

import fcntl
import os
import select
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hardcore.player.osscheduling import hurry

RATE, FRAME_BYTES = 48_000, 8
PIPE_BYTES, CHUNK_BYTES, BEHIND_BYTES = 8192, 1024, 38_400
TICK_S = 0.002


def main(fifo: str, target: str) -> None:
    """Take and keep what comes, no faster than it would sound."""
    hurry(-15)
    pipe = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    sink = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(1, b"ready\n")
    start, paced = time.monotonic(), 0
    while not select.select([0], [], [], TICK_S)[0]:
        due = int((time.monotonic() - start) * RATE) * FRAME_BYTES
        if due - paced > BEHIND_BYTES:
            # An engine that was held up for long: what has passed is not caught up with.
            start, paced, due = time.monotonic(), 0, 0
        while paced < due:
            try:
                data = os.read(pipe, min(CHUNK_BYTES, due - paced))
            except BlockingIOError:
                break
            if not data:
                # No engine.
                start, paced = time.monotonic(), 0
                break
            paced += len(data)
            os.write(sink, data)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
