"""A model's server for tests: a real HTTP server on this machine that speaks OpenAI's protocol from a script.

    with fake_model(calls(("track_gain", {"tracks": "bass", "gain_db": -3})), says("The bass is lower.")) as server:
        ...  # server.url; server.requests holds what it was asked

Each request takes the next answer of the script; the last one is given again and again.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Holds the script, and what was asked."""

    daemon_threads = True

    def __init__(self, script: tuple[Answer, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.stalled, self.released = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def told(self, request: int = -1) -> list[str]:
        """Return what the model was told by the tools in a request."""
        return [str(one["content"]) for one in self.requests[request]["messages"] if one["role"] == "tool"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a client goes."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.requests.append(json.loads(self.rfile.read(length)))
        self.server.keys.append(self.headers["Authorization"])
        script = self.server.script
        (script.pop(0) if len(script) > 1 else script[0])(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def streamed(*deltas: dict[str, Any], finish: str = "stop", ends: bool = True) -> Answer:
    """Answer with server-sent events; without `ends` the connection breaks off in the middle."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for delta in deltas:
            _send(handler, {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if ends:
            _send(handler, {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
            _send(handler, {"choices": [], "usage": usage})
            handler.wfile.write(b"data: [DONE]\n\n")

    return answer


def _send(handler: BaseHTTPRequestHandler, part: dict[str, Any]) -> None:
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **part}
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()


def says(text: str) -> Answer:
    """Say something, word by word."""
    return streamed(*({"role": "assistant", "content": f"{word} "} for word in text.split(" ")))


def calls(*wanted: tuple[str, dict[str, Any] | str]) -> Answer:
    """Call tools, all at once; arguments that are text are sent as they are."""
    listed = [
        {
            "index": place,
            "id": f"call-{place}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for place, (name, given) in enumerate(wanted)
    ]
    return streamed({"role": "assistant", "tool_calls": listed}, finish="tool_calls")


def status(code: int, message: str, **headers: str) -> Answer:
    """Refuse a request."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"error": {"message": message}}).encode()
        handler.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def stalls(handler: BaseHTTPRequestHandler) -> None:
    """Answer nothing until the test lets go."""
    server = handler.server
    assert isinstance(server, Server)
    server.stalled.set()
    server.released.wait(60)


@contextmanager
def fake_model(*script: Answer) -> Iterator[Server]:
    """Yield a server that runs."""
    server = Server(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
