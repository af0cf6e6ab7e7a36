"""Opening a project for the command line: it must be there unless it may be made, and one may wait until it is free."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hardcore.controller.studio import Studio
from hardcore.errors import Locked, NotFound
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.gate import person
from hardcore.surfaces.options import Options

Open = Callable[[Path | None], AbstractContextManager[Studio]]
# How long one waits before a file that was open elsewhere is tried again.
AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Opening:
    """How projects are opened: `open_project` does it, the options say whether one is made, and whether to wait."""

    open_project: Open
    options: Options
    answers: Answers

    def path(self) -> Path | None:
        """Return the file that the options name. Raises NotFound when it is not there and may not be made."""
        named = self.options.file
        path = person().path(named) if named is not None else None
        if path is not None and not path.exists() and not self.options.create:
            raise NotFound(f"there is no file {path}", "--create makes it")
        return path

    @asynccontextmanager
    async def studio(self, path: Path | None) -> AsyncIterator[Studio]:
        """Yield a studio with the project in `path`, an empty one where there is no file. Raises UserError."""
        there = path if path is not None and path.exists() else None
        with ExitStack() as stack:
            waits = False
            while True:
                try:
                    studio = stack.enter_context(self.open_project(there))
                    break
                except Locked as error:
                    if not self.options.wait:
                        raise
                    if not waits:
                        self.answers.news(f"{error.message}; waiting until it is closed there")
                    waits = True
                await asyncio.sleep(AGAIN_S)
            yield studio
