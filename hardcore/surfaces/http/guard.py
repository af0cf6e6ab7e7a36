"""The gate in front of every request of HTTP and every WebSocket: what it refuses gets a status and a line as JSON."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from hardcore.surfaces.gate import Approach, Gate, Reason, TurnedAway

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# What answers without a token: it says nothing of the project.
OPEN = frozenset({"/", "/health"})
# A browser's EventSource and WebSocket, and players of sound, send no headers of ours.
TOKEN_IN_QUERY = ("/events", "/stream")
_STATUS: dict[Reason, int] = {"host": 421, "origin": 403, "rate": 429, "token": 401, "size": 413}


class Guard:
    """Lets through to `app` what the gate admits."""

    def __init__(self, app: App, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            with self._gate.admit(_approach(scope), public=scope["path"] in OPEN):
                if scope["type"] == "websocket":
                    await self._app(scope, receive, send)
                else:
                    await self._bounded(scope, receive, send)
        except TurnedAway as error:
            await _refuse(scope, send, error)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on with a request whose body is counted as it comes: a length is only claimed."""
        taken, begun, over = 0, False, False

        async def counted() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._gate.most_bytes:
                over = True
                return {"type": "http.disconnect"}
            return message

        async def sent(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, sent)
        except Exception:
            if not over:
                raise
        if over and not begun:
            raise self._gate.too_large()


def _approach(scope: Scope) -> Approach:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        in_query = scope["path"].startswith(TOKEN_IN_QUERY)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1")) if in_query else {}
        token = query.get("token", [""])[0]
    size = headers.get("content-length", "")
    return Approach(
        token=token.strip(), peer=(scope.get("client") or ("",))[0], host=headers.get("host", ""),
        origin=headers.get("origin"), size=int(size) if size.isdecimal() else 0,
    )  # fmt: skip


async def _refuse(scope: Scope, send: Send, error: TurnedAway) -> None:
    status = _STATUS[error.reason]
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4000 + status, "reason": error.message})
        return
    body = json.dumps({"error": error.message, "hint": error.hint, "code": "refused"}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == 429:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
