"""The master as a stream: what the player plays, from now on, as one endless WAV of float32 samples for each listener.

Nothing is sent while nothing sounds and time stands still. Who does not keep up is let go, so that what waits for a
listener has an end.
"""

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hardcore.controller.studio import Studio
from hardcore.errors import EngineError, UserError

MOST_LISTENERS = 16
# What may wait for a listener: five seconds in pieces of 50 ms.
MOST_WAITING = 100
# Of what length nobody knows: the largest that a WAV can name.
_ENDLESS = 0xFFFFFFFF
_CHANNELS, _SAMPLE_BYTES, _FLOAT = 2, 4, 3


class Listener:
    """Somebody who listens: what is heard and was not sent yet."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._news = asyncio.Event()
        self._over = False
        self.slow = asyncio.Event()

    def take(self, rate: int, sound: bytes) -> None:
        """Take what is heard; in any thread."""
        with suppress(RuntimeError):  # the loop has ended, and the listener with it
            self._loop.call_soon_threadsafe(self._take, rate, sound)

    def _take(self, rate: int, sound: bytes) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append((rate, sound))
            self._news.set()
        else:
            self.slow.set()

    def end(self) -> None:
        """Let the stream end after what waits."""
        self._over = True
        self._news.set()

    async def next(self) -> tuple[int, bytes] | None:
        """Return the next piece and its sample rate, None at the end."""
        while not self._waiting:
            if self._over:
                return None
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


class Listeners:
    """Everybody who listens; `close` lets all streams end."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._leave: dict[Listener, Callable[[], None]] = {}

    def opened(self) -> Listener:
        """Return a listener from now on. Raises EngineError where nothing can be heard, UserError at too many."""
        player = self._studio.player
        if player is None:
            raise EngineError("nothing plays in this studio", "`hardcore` in a terminal plays, `hardcore serve` too")
        if player.latest().silent:
            raise EngineError("nothing can be heard here: there is no engine, only time", "/engine says why")
        if len(self._leave) >= MOST_LISTENERS:
            raise UserError(f"{MOST_LISTENERS} listen already")
        listener = Listener()
        self._leave[listener] = player.listen(listener.take)
        return listener

    def ended(self, listener: Listener) -> None:
        """Forget one that has gone."""
        if (leave := self._leave.pop(listener, None)) is not None:
            leave()

    def close(self) -> None:
        """Let every stream end."""
        for listener in tuple(self._leave):
            listener.end()


class _Stream(Response):
    """What one listener is sent, until it goes, does not keep up, or the server ends."""

    def __init__(self, listeners: Listeners) -> None:
        super().__init__(media_type="audio/wav", headers={"cache-control": "no-store"})
        del self.headers["content-length"]
        self._listeners, self._listener = listeners, listeners.opened()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a client that stopped reading is cut off in the middle."""
        work = [asyncio.ensure_future(one) for one in (self._sent(send), _gone(receive), self._listener.slow.wait())]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._listeners.ended(self._listener)
            for one in work:
                one.cancel()

    async def _sent(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        rate = None
        while (piece := await self._listener.next()) is not None:
            if rate is None:
                rate = piece[0]
                await send(_body(wav_head(rate)))
            if piece[0] != rate:  # another engine: a WAV has one rate
                break
            await send(_body(piece[1]))
        await send({**_body(b""), "more_body": False})


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def wav_head(rate: int) -> bytes:
    """Return the head of a WAV without an end: stereo, float32, of that sample rate."""
    frame = _CHANNELS * _SAMPLE_BYTES
    facts = struct.pack("<HHIIHH", _FLOAT, _CHANNELS, rate, rate * frame, frame, 8 * _SAMPLE_BYTES)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", _ENDLESS, b"WAVE", b"fmt ", len(facts))
        + facts
        + struct.pack("<4sI", b"data", _ENDLESS)
    )


def add_stream(app: FastAPI, listeners: Listeners) -> None:
    """Add `/stream`."""

    @app.get("/stream")
    async def stream() -> Response:
        return _Stream(listeners)
