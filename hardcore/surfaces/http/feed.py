"""What happens in the studio, for clients that stay connected: server-sent events and a WebSocket say the same."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any

from fastapi import FastAPI, Query, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from hardcore.controller.controller import Controller
from hardcore.controller.events import (
    ArmsFired,
    Changed,
    CommandRan,
    Event,
    HeadChanged,
    HearingChanged,
    PlaybackChanged,
)
from hardcore.controller.stream import Stream
from hardcore.errors import NotFound, UserError
from hardcore.project.difference import difference
from hardcore.surfaces.http.replies import json_bytes

# A comment this often keeps what lies between from closing the connection.
ALIVE_S = 15.0
MOST_CLIENTS = 64


class Feeds:
    """The connections that are open; `close` ends them all, so that the server need not wait for its clients."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._streams: set[Stream] = set()
        self._latest: tuple[Event, dict[str, Any] | None] | None = None

    def opened(self, since: int | None) -> Stream:
        """Return a stream of events. Raises NotFound for a step that there is not, UserError when too many listen."""
        if len(self._streams) >= MOST_CLIENTS:
            raise UserError(f"{MOST_CLIENTS} clients listen already")
        try:
            stream = Stream(self._controller, since)
        except UserError as error:
            raise NotFound(error.message, error.hint) from error
        self._streams.add(stream)
        return stream

    def ended(self, stream: Stream) -> None:
        """Forget a stream whose client has gone."""
        stream.close()
        self._streams.discard(stream)

    def close(self) -> None:
        """End every connection."""
        for stream in tuple(self._streams):
            stream.close()

    async def told(self, stream: Stream) -> AsyncIterator[dict[str, Any] | None]:
        """Yield events as data, None where nothing happened for a while. The stream ends with it."""
        try:
            arriving = asyncio.ensure_future(_next(stream))
            while True:
                done, _ = await asyncio.wait([arriving], timeout=ALIVE_S)
                if not done:
                    yield None
                    continue
                event = arriving.result()
                if event is None:
                    return
                arriving = asyncio.ensure_future(_next(stream))
                if (data := self._data(event)) is not None:
                    yield data
        finally:
            arriving.cancel()
            self.ended(stream)

    def _data(self, event: Event) -> dict[str, Any] | None:
        """Return an event as data, made once for all who listen: they are told the same event one after the other."""
        if self._latest is None or self._latest[0] is not event:
            self._latest = event, as_data(event)
        return self._latest[1]


async def _next(stream: Stream) -> Event | None:
    try:
        return await anext(stream)
    except StopAsyncIteration:
        return None
    except UserError:  # it was too slow; it comes again, since the last step that it knows
        return None


def as_data(event: Event) -> dict[str, Any] | None:
    """Return an event as JSON-ready data, None for what means nothing outside: what is heard, which arms fired."""
    kind = type(event).__name__
    if isinstance(event, HearingChanged | ArmsFired):
        return None
    if isinstance(event, Changed | HeadChanged):
        found = difference(event.old, event.new)
        return {
            "event": kind,
            **({"head": event.head} if isinstance(event, HeadChanged) else {}),
            "step": event.step,
            "label": event.label,
            "author": event.author,
            "cause": event.cause,
            "changes": [change.model_dump(mode="json") for change in found.changes],
            "created": [thing.model_dump(mode="json") for thing in found.created],
            "removed": [thing.model_dump(mode="json") for thing in found.removed],
        }
    if isinstance(event, PlaybackChanged):
        playback = event.playback
        return {"event": kind, "playing": playback.playing, "tick": round(playback.tick), "sound": playback.sound}
    left_out = {"answer"} if isinstance(event, CommandRan) else set()
    plain = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in left_out}
    return {"event": kind, **{name: _plain(value) for name, value in plain.items()}}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value if isinstance(value, int | float) else str(value)


def add_routes(app: FastAPI, feeds: Feeds) -> None:
    """Add `/events` (server-sent events) and `/events/ws` (a WebSocket); `since` tells every step after that one."""

    @app.get("/events")
    async def events(since: int | None = Query(None, ge=0)) -> StreamingResponse:
        stream = feeds.opened(since)
        return StreamingResponse(_sent(feeds, stream), media_type="text/event-stream", headers=_STREAMED)

    @app.websocket("/events/ws")
    async def socket(websocket: WebSocket, since: int | None = None) -> None:
        try:
            stream = feeds.opened(since)
        except UserError as error:
            await websocket.close(4404, error.line()[:120])
            return
        await websocket.accept()
        gone = asyncio.ensure_future(_gone(websocket, stream))
        try:
            async for data in feeds.told(stream):
                if data is not None:
                    await websocket.send_bytes(json_bytes(data))
            await websocket.close(1012)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            gone.cancel()


_STREAMED = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def _gone(websocket: WebSocket, stream: Stream) -> None:
    """End the stream when the client goes; what it says meanwhile is not heard."""
    try:
        while True:
            await websocket.receive()
    except (WebSocketDisconnect, RuntimeError):
        stream.close()


async def _sent(feeds: Feeds, stream: Stream) -> AsyncIterator[bytes]:
    async for data in feeds.told(stream):
        if data is None:
            yield b": alive\n\n"
        else:
            number = f"id: {data['step']}\n".encode() if data.get("step") is not None else b""
            yield number + b"event: " + data["event"].encode() + b"\ndata: " + json_bytes(data) + b"\n\n"
