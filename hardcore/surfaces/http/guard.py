"""What stands before every request: who it is for, where it comes from, its token, its size, how often it comes."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 1_000_000
# Requests a second over time, and at once.
RATE, BURST = 200.0, 400.0
# What answers without a token: it says nothing of the project.
OPEN = frozenset({"/", "/health"})
# A browser's EventSource and WebSocket, and players of sound, send no headers of ours.
TOKEN_IN_QUERY = ("/events", "/stream")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """Refuses what must not come in, with a status and one line as JSON; everything else goes on to `app`.

    hosts   names that requests may be addressed to: a page elsewhere whose name is made to point here (DNS rebinding)
            has another
    """

    def __init__(
        self,
        app: App,
        token: str,
        hosts: frozenset[str] = LOOPBACK,
        *,
        clock: Callable[[], float] = time.monotonic,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._app, self._token, self._hosts, self._clock, self._most = app, token, hosts, clock, most_bytes
        self._left, self._at = BURST, clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, send, *refusal)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        if _name(headers.get("host", "")) not in self._hosts:
            return 421, "this server does not go by that name"
        origin = headers.get("origin")
        if origin is not None and _name(urlsplit(origin).netloc) not in self._hosts:
            return 403, "pages from elsewhere may not call this server"
        if not self._has_room():
            return 429, "too many requests: wait a second"
        if scope["path"] not in OPEN and not self._knows_token(scope, headers):
            return 401, "a token is needed: Authorization: Bearer …"
        if headers.get("content-length", "0").isdecimal() and int(headers.get("content-length", "0")) > self._most:
            return 413, f"more than {self._most // 1000} kB"
        return None

    def _has_room(self) -> bool:
        """Return whether another request may come now (a token bucket)."""
        now = self._clock()
        self._left, self._at = min(BURST, self._left + (now - self._at) * RATE), now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def _knows_token(self, scope: Scope, headers: dict[str, str]) -> bool:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" and scope["path"].startswith(TOKEN_IN_QUERY):
            token = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        elif kind.lower() != "bearer":
            return False
        return secrets.compare_digest(token.strip().encode(), self._token.encode())

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on with a request whose body is counted as it comes: a length is only claimed."""
        taken, begun, over = 0, False, False

        async def counted() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
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
            await _refuse(scope, send, 413, f"more than {self._most // 1000} kB")


def _name(host: str) -> str:
    """Return a host's name without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


async def _refuse(scope: Scope, send: Send, status: int, message: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4000 + status, "reason": message})
        return
    body = json.dumps({"error": message, "hint": "", "code": "refused"}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == 429:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
