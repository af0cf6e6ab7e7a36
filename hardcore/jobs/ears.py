"""Listening from the studio's side: a process beside it that measures sound files and draws them.

async with Ears() as ears:
    heard = await ears.ask("hear", path="song.wav")
"""

import json
from types import TracebackType
from typing import Any

from hardcore.errors import JobFailed, UserError
from hardcore.workers.child import Child, environment, python

# the curve of an hour's beats is far smaller
_LONGEST_LINE = 1 << 26


class Ears:
    """A listening process, for as long as the `async with` lasts; cancelling ends it."""

    async def __aenter__(self) -> "Ears":
        """Start the process; what it needs is loading while the caller goes on."""
        self._child = Child(*python("hardcore.jobs.listener"), env=environment(), longest=_LONGEST_LINE)
        await self._child.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        await self._child.__aexit__(kind, error, trace)

    async def ask(self, task: str, **arguments: Any) -> dict[str, Any]:
        """Return what a task of jobs/listener.py answers. Raises UserError, and JobFailed when the process ends."""
        await self._child.send((json.dumps({"task": task, **arguments}) + "\n").encode())
        line = await self._child.line()
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
