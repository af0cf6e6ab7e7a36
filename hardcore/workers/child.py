"""A process of ours for as long as an `async with` lasts: lines in, lines out, and it is gone afterwards.

async with Child(*python("hardcore.workers.host"), "100000000", env=environment()) as child:
    child.send(b'{"task": …}\n')
    answer = await child.line(60.0)

Nothing is awaited between the start of the process and the moment from which it is ended with the block. asyncio's own
processes are: one whose start is cancelled is waited for without end, because its pipes were never connected.
"""

import asyncio
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from hardcore.workers.thread import outlast

_ROOT = Path(__file__).resolve().parents[2]
_BLOCK = 1 << 16
# Stands in the environment of workers and of all that they start.
INSIDE = "HARDCORE_WORKER"


def python(module: str, interpreter: str = "") -> tuple[str, ...]:
    """Return the words that run one of our modules in a process of its own, by the Python of another environment."""
    return interpreter or sys.executable, "-m", module


def environment(**more: str) -> dict[str, str]:
    """Return the variables for such a process: ours, the package found where we found it, and `more`."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **more}


def inside() -> bool:
    """Return whether this process is a worker: what it starts stays in its group, which is killed as one."""
    return INSIDE in os.environ


class Child:
    """A process in a session of its own, whose standard input is open until it is to end.

    log      where what it prints goes; without one, standard output is read line by line
    errors   where what it prints as errors goes then; without one it is dropped
    longest  bytes of the longest line it may answer
    """

    def __init__(
        self, *words: str, env: Mapping[str, str] | None = None, log: BinaryIO | None = None,
        errors: BinaryIO | None = None, longest: int = 1 << 20,
    ) -> None:  # fmt: skip
        self._words, self._env, self._log, self._errors, self._longest = words, env, log, errors, longest
        self._apart = not inside()

    def start(self) -> None:
        """Start it; whoever does so ends it. Raises OSError."""
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self._answers = asyncio.StreamReader(self._longest)
        self._sent: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threads = [threading.Thread(target=work, daemon=True) for work in (self._follow, self._pass_on)]
        self._process = subprocess.Popen(
            self._words, stdin=subprocess.PIPE, stdout=self._log or subprocess.PIPE,
            stderr=self._log or self._errors or subprocess.DEVNULL, env=self._env, start_new_session=self._apart,
        )  # fmt: skip
        try:
            for thread in threads:
                thread.start()
        except BaseException:
            self.kill()
            raise

    async def end(self) -> None:
        """Kill it, unless it has ended, and return once it is gone, however often that is cancelled."""
        self.kill()
        await outlast(self.ended, self.kill)
        self.close_input()

    async def __aenter__(self) -> Self:
        """Start it. Raises OSError."""
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        await self.end()

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it and what it has started; one that has ended stays as it is."""
        if self._process.returncode is not None:  # asked, it would be let go of: see `_reaped`
            return
        with contextlib.suppress(ProcessLookupError):
            if self._apart and hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def interrupt(self) -> None:
        """Send it SIGINT, where there is such a thing; what it has started hears nothing of it."""
        if self._process.returncode is None and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)

    def kill_and_wait(self) -> None:
        """Kill it and return once it is gone: for where no loop runs."""
        self.kill()
        self._process.wait()
        self.close_input()

    def send(self, data: bytes) -> None:
        """Have `data` written to its standard input. This never waits, also for one that does not read or has ended."""
        self._sent.put(data)

    def close_input(self) -> None:
        """Close its standard input, once all that was sent is written."""
        self._sent.put(None)

    async def line(self, patience_s: float | None = None) -> bytes | None:
        """Return its next whole line; nothing when it has ended, None when it says nothing for so many seconds."""
        try:
            # Not wait_for: before Python 3.12 it forgets that it was cancelled when a line comes at the same moment.
            async with asyncio.timeout(patience_s):
                line = await self._answers.readline()
        except TimeoutError:
            return None
        except ValueError:  # longer than the longest
            return b""
        return line if line.endswith(b"\n") else b""

    def _pass_on(self) -> None:
        """Write what is sent, in a thread: a pipe that nobody reads holds up only that."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while (data := self._sent.get()) is not None:
                pipe.write(data)
                pipe.flush()

    def _follow(self) -> None:
        """Hand on what it says until it ends, in a thread: that works on every system."""
        if self._process.stdout is not None:
            with self._process.stdout as out:
                while data := os.read(out.fileno(), _BLOCK):
                    self._tell(self._answers.feed_data, data)
        self._tell(self._answers.feed_eof)
        self._tell(self.ended.set_result, self._reaped())

    def _reaped(self) -> int:
        """Return its status once it has ended and what it had started is killed, while its number is still its own."""
        if self._apart and hasattr(os, "waitid"):
            with contextlib.suppress(OSError):
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def _tell(self, act: Callable[..., None], *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed: there is nobody to tell
            self._loop.call_soon_threadsafe(act, *args)
