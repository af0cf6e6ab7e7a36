"""Whoever works with a studio is cut off at random moments: clients of HTTP and MCP, Python, a language model's server.

A client that is killed is, to the studio, a connection that is reset, in the middle of a request or of its answer.
"""

import json
import os
import random
import signal
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.events import StepMade
from hardcore.errors import JobFailed, ModelFailed
from hardcore.kernel.kernel import Kernel
from hardcore.project.integrity import check
from tests.assistant.fakemodel import fake_model, hangs_up
from tests.effort import IS_SOAK
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving
from tests.waiting import until

ROUNDS = 100 if IS_SOAK else 8
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="descriptors are looked at as Linux shows them")
ACCEPT = "application/json, text/event-stream"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path, allow_eval=True) as served:
        yield served
    studio.close()


def request(server: Served, method: str, path: str, data: object = None, **headers: str) -> bytes:
    """Return the bytes of a request."""
    body = b"" if data is None else json.dumps(data).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {server.token}"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def cut(server: Served, whole: bytes, rng: random.Random) -> None:
    """Send a request, or its beginning, read none or some of its answer, and reset the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sent = rng.choice([rng.randrange(1, len(whole)), len(whole), len(whole)])
        client.sendall(whole[:sent])
        if sent == len(whole) and rng.random() < 0.7:
            client.recv(rng.randrange(1, 200))


def http_client(server: Served, rng: random.Random) -> None:
    gain = {"tracks": "kick", "gain_db": -rng.randrange(1, 40)}
    cut(server, rng.choice([
        request(server, "POST", "/do/track/gain", gain), request(server, "GET", "/events?since=0"),
        request(server, "GET", "/project/state"), request(server, "POST", "/say", {"text": "mute the kick"}),
    ]), rng)  # fmt: skip


def mcp_client(server: Served, rng: random.Random) -> None:
    accept = {"Accept": ACCEPT}
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip
    if rng.random() < 0.3:
        cut(server, request(server, "POST", "/mcp/", hello, **accept), rng)
        return
    typed = {**accept, "Content-Type": "application/json"}
    status, headers, _ = server.raw("POST", "/mcp/", json.dumps(hello).encode(), typed)
    assert status == 200
    named = {**accept, "Mcp_Session_Id": headers["mcp-session-id"], "Mcp_Protocol_Version": "2025-06-18"}
    line = {"name": "line", "arguments": {"line": f"/tempo {rng.randrange(80, 180)}"}}
    calling = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": line}
    cut(server, request(server, "POST", "/mcp/", calling, **named), rng)
    server.raw("DELETE", "/mcp/", None, {"Mcp-Session-Id": headers["mcp-session-id"]})


def python(server: Served, rng: random.Random) -> None:
    studio, left = server.studio, rng.randrange(1, 20)

    def count(event: StepMade) -> None:
        nonlocal left
        kernel = studio.recall(Kernel)
        if kernel is not None and kernel.pid and "vibe" in event.label:
            left -= 1
            if left == 0:
                os.kill(kernel.pid, signal.SIGKILL)

    stop = studio.controller.events.subscribe(StepMade, count)
    code = f"n = 0\nwhile True:\n    n += 1\n    studio.session.vibe(f'{rng.random()} {{n}}')"
    with pytest.raises(JobFailed, match="has ended"):
        done = server.run(lambda: run_line(studio, f"/py --seconds 60 {code}", Caller()))
        assert done is None, done.text()
    stop()


def model(server: Served, rng: random.Random) -> None:
    studio = server.studio
    with fake_model(hangs_up) as fake:
        asked = studio.settings.assistant.evolve(url=fake.url, model="scripted", retries=0)
        studio.settings = studio.settings.evolve(assistant=asked)
        with pytest.raises(ModelFailed):
            server.run(lambda: run_line(studio, "/ask give the low end some room please mate", Caller()))


VICTIMS: tuple[Callable[[Served, random.Random], None], ...] = (http_client, mcp_client, python, model)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_whoever_is_cut_off_leaves_a_studio_that_goes_on_and_nothing_else(server: Served) -> None:
    rng, hit = random.Random(7), Counter[str]()
    for victim in VICTIMS:  # what is loaded once is loaded
        victim(server, rng)
    assert server.studio.door is not None
    before = descriptors()
    for number in range(ROUNDS):
        victim = VICTIMS[number % len(VICTIMS)]
        victim(server, rng)
        hit[victim.__name__] += 1
        assert server.get("/status")[0] == 200
    until(lambda: descriptors() <= before + 4, "connections, pipes or files are left open")
    history = server.studio.controller.history
    assert set(hit.values()) == {ROUNDS // len(VICTIMS)}
    for step in (history.at, *map(history.place, history.heads)):
        check(history.state(step))
    done = server.run(lambda: run_line(server.studio, "/py 40 + 2", Caller()))
    assert done is not None and done.text() == "42"
    assert {step.author for step in history.steps.values()} <= {"you", "http", "agent"}
