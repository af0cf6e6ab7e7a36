"""The server in the studio's own loop: its socket, its start and its end.

Measured on two cores: a socket with protocol 0 answers in 42 ms instead of 0.5, because asyncio leaves Nagle's
algorithm on there; building the application between `gc.disable` and `gc.freeze` keeps the loop from standing still for
more than 35 ms.
"""

import asyncio
import contextlib
import gc
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import uvicorn

from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.paths import state_folder
from hardcore.surfaces.gate import LOOPBACK, Gate, Rights
from hardcore.surfaces.http.access import Access, granted, revoked
from hardcore.surfaces.http.app import create_app
from hardcore.surfaces.http.feed import Feeds
from hardcore.surfaces.http.guard import Guard
from hardcore.surfaces.http.master import Listeners
from hardcore.surfaces.service import Service

END_S = 3.0
# Bytes of a message on a WebSocket: its clients only listen.
MOST_SAID = 4096


class _Quiet(uvicorn.Server):
    """A server that leaves the process's signals to the program."""

    def capture_signals(self) -> Any:
        """Take no signal."""
        return nullcontext()


class HttpServer:
    """A server that runs. `access` says where it is and which token it asks for."""

    def __init__(
        self, access: Access, server: _Quiet, task: "asyncio.Future[None]", ends: Sequence[Feeds | Listeners],
        door: socket.socket,
    ) -> None:  # fmt: skip
        self.access = access
        self._server, self._task, self._ends, self._socket = server, task, ends, door

    def _end(self) -> None:
        """Let every connection that would never end, end, and the server with it."""
        for one in self._ends:
            one.close()
        self._server.should_exit = True

    async def stop(self) -> None:
        """End every connection and the server; returns when the port is free."""
        revoked(self.access)
        self._end()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), END_S)

    def abandon(self) -> None:
        """Ask for the end without waiting for it; where the loop has ended, let go of the port."""
        revoked(self.access)
        self._end()
        loop = self._task.get_loop()
        if loop.is_closed():
            self._socket.close()
        else:
            self._task.cancel()


async def start(studio: Studio, programs: Rights, agents: Rights, host: str, port: int) -> HttpServer:
    """Return a server of the studio for programs and agents, once it answers. Port 0: any that is free.

    Raises UserError.
    """
    door = _bound(host, port)
    _log_to_file()
    feeds, listeners = Feeds(studio.controller), Listeners(studio)
    with _unmoved():
        access = granted(host, door.getsockname()[1])
        gate = Gate(access.token, LOOPBACK | {host})
        services = Service(studio, gate, programs), Service(studio, gate, agents)
        app = Guard(create_app(*services, feeds, listeners), gate)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=1, lifespan="on", ws="wsproto",
            ws_max_size=MOST_SAID,
        )  # fmt: skip
        server = _Quiet(config)
    task = asyncio.ensure_future(server.serve(sockets=[door]))
    while not server.started:
        if task.done():
            revoked(access)
            raise UserError("the server could not start") from task.exception()
        await asyncio.sleep(0.005)
    return HttpServer(access, server, task, (feeds, listeners), door)


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket on an address. Raises UserError when it is taken or not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except (OSError, OverflowError) as error:
        door.close()
        why = error.strerror if isinstance(error, OSError) else "a port is 0 to 65535"
        raise UserError(f"{host}:{port} cannot be used: {why}", "--port 0 takes any that is free") from error
    return door


def _log_to_file() -> None:
    """Let what libraries log go to a file: without a handler the last resort prints it over the screen."""
    root = logging.getLogger()
    if not root.handlers:
        path = state_folder() / "server.log"
        path.touch(0o600)
        root.addHandler(logging.FileHandler(path, encoding="utf-8", delay=True))


@contextlib.contextmanager
def _unmoved() -> Iterator[None]:
    """Build many objects without a garbage collection in between, and never look through them again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
