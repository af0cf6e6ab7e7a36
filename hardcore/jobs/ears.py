"""Listening from the studio's side: a process beside it that measures sound files and draws them.

async with Ears() as ears:
    heard = await ears.ask("hear", path="song.wav")
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from hardcore.errors import JobFailed, UserError

_ROOT = Path(__file__).resolve().parents[2]
# the curve of an hour's beats is far smaller
_LONGEST_LINE = 1 << 26


class Ears:
    """A listening process, for as long as the `async with` lasts; cancelling ends it."""

    async def __aenter__(self) -> "Ears":
        """Start the process; what it needs is loading while the caller goes on."""
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hardcore.jobs.listener",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}, limit=_LONGEST_LINE, start_new_session=True,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()

    async def ask(self, task: str, **arguments: Any) -> dict[str, Any]:
        """Return what a task of jobs/listener.py answers. Raises UserError, and JobFailed when the process ends."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write((json.dumps({"task": task, **arguments}) + "\n").encode())
            await self._child.stdin.drain()
            line = await self._child.stdout.readline()
        except (BrokenPipeError, ConnectionResetError):
            line = b""
        if not line:
            raise JobFailed(
                "the sound could not be analysed: the process that listens has ended", "is there memory left?"
            )
        answer: dict[str, Any] = json.loads(line)
        if "bug" in answer:
            raise JobFailed(f"the sound could not be analysed: a bug in hardcore ({answer['bug']})")
        if "error" in answer:
            raise UserError(answer["error"], answer["hint"])
        done: dict[str, Any] = answer["done"]
        return done
