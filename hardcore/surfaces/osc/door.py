"""The OSC server of a studio, which is loaded when somebody opens it."""

import asyncio
from typing import TYPE_CHECKING

from hardcore.controller.studio import Studio
from hardcore.errors import UserError

if TYPE_CHECKING:
    from hardcore.surfaces.osc.server import OscServer


class OscDoor:
    """Opens and closes it, in the studio's loop."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._server: OscServer | None = None

    @property
    def address(self) -> tuple[str, int] | None:
        """Return host and port, None while it is closed."""
        return self._server.address if self._server is not None else None

    @property
    def token(self) -> str | None:
        """Return what has to be said first, None while it is closed or for this machine unlocked."""
        return self._server.token if self._server is not None else None

    async def open(self, host: str, port: int, *, unlocked: bool) -> None:
        """Listen on that address. Raises UserError."""
        from hardcore.surfaces.osc.server import OscServer

        if self._server is not None:
            raise UserError(f"OSC is heard already, port {self._server.address[1]}", "/osc stop ends it")
        server = OscServer(self._studio, unlocked=unlocked)
        try:
            await asyncio.get_running_loop().create_datagram_endpoint(lambda: server, local_addr=(host, port))
        except OSError as error:
            raise UserError(f"port {port} of {host} cannot be opened: {error.strerror or error}", "--port") from error
        self._server = server

    def close(self) -> None:
        """End it; where it is closed nothing happens."""
        server, self._server = self._server, None
        if server is not None:
            server.end()
