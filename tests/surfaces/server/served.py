"""A studio that serves in a thread of its own, and a client that knows nothing but HTTP."""

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hardcore.app import build_studio
from hardcore.controller.studio import Studio
from hardcore.surfaces.serverstart import Door

T = TypeVar("T")


class Served:
    """The studio, its server, and requests to it."""

    def __init__(self, studio: Studio, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        self.studio, self.door, self.loop = studio, door, loop
        assert door.url is not None and door.token is not None
        self.url, self.token = door.url, door.token
        self.port = int(door.url.rpartition(":")[2])

    def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what a coroutine returns that runs in the studio's loop."""
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(60)

    def raw(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a request, with the token unless `headers` say otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, Any]:
        """Return status and data of a GET."""
        status, _, body = self.raw("GET", path)
        return status, json.loads(body)

    def post(self, path: str, data: Any = None) -> tuple[int, Any]:
        """Return status and data of a POST."""
        status, _, body = self.raw("POST", path, json.dumps(data).encode() if data is not None else None)
        return status, json.loads(body)


@contextmanager
def serving(studio: Studio, folder: Path, *, agents_write: bool = False, allow_eval: bool = False) -> Iterator[Served]:
    """Yield a studio that serves, and end the server afterwards."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    door = Door(studio)
    studio.door = door
    try:
        opened = door.open("127.0.0.1", 0, (folder,), agents_write=agents_write, allow_eval=allow_eval)
        asyncio.run_coroutine_threadsafe(opened, loop).result(60)
        yield Served(studio, door, loop)
    finally:
        asyncio.run_coroutine_threadsafe(door.close(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Yield a studio of its own that serves, and end its jobs and itself afterwards."""
    studio = build_studio()
    with serving(studio, folder) as server:
        yield server
        server.run(studio.jobs.stop)  # type: ignore[attr-defined]
    studio.close()
