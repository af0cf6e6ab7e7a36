"""The door of a studio: its server, which is loaded when somebody opens it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.controller.studio import Studio
from hardcore.errors import UserError, without_extra
from hardcore.surfaces.gate import Rights, permitted

if TYPE_CHECKING:
    from hardcore.surfaces.http.server import HttpServer

# Agents beside a person work on a branch of their own; the person hears it, merges or drops it.
AGENTS_BRANCH = "agent"


class Door:
    """Opens and closes the server of a studio, in the studio's loop."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._server: HttpServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str | None:
        """Return the address, None while it is closed."""
        return self._server.access.url if self._server else None

    @property
    def token(self) -> str | None:
        """Return the token that callers give, None while it is closed."""
        return self._server.access.token if self._server else None

    async def open(
        self, host: str, port: int, folders: Sequence[Path], *, agents_write: bool = False, allow_eval: bool = False
    ) -> None:
        """Serve on that address. Raises UserError."""
        if self._server is not None:
            raise UserError(f"the server runs already at {self.url}", "/serve stop ends it")
        try:
            from hardcore.surfaces.http.server import start
        except ImportError as error:
            raise without_extra("a server", error, "serve") from error
        programs = Rights(tuple(folders), permitted(files=True, code=allow_eval))
        agents = Rights(tuple(folders), permitted(files=agents_write, code=allow_eval), AGENTS_BRANCH)
        self._server = await start(self._studio, programs, agents, host, port)
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """End every connection and the server."""
        server, self._server = self._server, None
        if server is not None and self._loop is asyncio.get_running_loop():
            await server.stop()
        elif server is not None:
            server.abandon()

    def abandon(self) -> None:
        """Let go of the server where nobody can wait any more: its loop has ended or ends now."""
        server, self._server = self._server, None
        if server is not None:
            server.abandon()
