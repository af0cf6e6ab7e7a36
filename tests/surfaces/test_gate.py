"""The gate that every surface goes through: what it does, that nothing goes round it, that no stranger is answered."""

import ast
import asyncio
import base64
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

from hardcore.errors import Denied
from hardcore.surfaces.gate import LOOPBACK, Approach, Gate, OwnInput, Rights, TurnedAway
from hardcore.surfaces.http.app import create_app
from hardcore.surfaces.http.feed import Feeds
from hardcore.surfaces.http.guard import OPEN, Guard
from hardcore.surfaces.http.master import Listeners
from hardcore.surfaces.service import Service
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving

ROOT = Path(__file__).resolve().parents[2] / "hardcore"
# Whoever makes a Caller decides what somebody may do. Surfaces have the gate; what acts inside the studio by itself is
# here, each with what it acts for.
MAKES_CALLERS = {
    "surfaces/gate.py": "every surface",
    "commands/core/registry.py": "rehearsing a command, whose edits are taken back",
    "commands/core/background.py": "a job that ends, for whoever began it",
    "commands/mixing/automix.py": "the producer, whom the person switched on",
    "commands/performance/overload.py": "the watch over the engine's load",
    "commands/performance/clockfollower.py": "another machine's clock: what plays, nothing else",
    "commands/performance/knobs.py": "controllers: the project and what plays",
    "commands/performance/ownstep.py": "hands: the project and what plays",
    "commands/performance/typingkeys.py": "the computer's keys as pads: what plays",
    "commands/performance/soundrecording.py": "a recording that ends: the project, what plays, the file of its sound",
    "commands/performance/stepinput.py": "hands: the project",
    "commands/reactive/ruleactions.py": "a rule, with the rights it was given",
    "commands/assistant/modelcontext.py": "a model that looks: commands that read",
}
# Whoever changes what a Caller may do makes another.
CHANGES_CALLERS = {
    "commands/core/registry.py": "--head, where a caller works on main or says its own",
    "commands/assistant/modelplan.py": "a model's plan: tried out, less than who asked may",
}
# Only what is typed into this very process is the person's.
FOR_THE_PERSON = {"cli", "oneshot", "rendering", "opening", "live", "serving", "repl/prompt"}
# What lets others in: names of calls and of classes that are inherited, and modules that do nothing else.
LISTENING = (
    "create_server", "create_unix_server", "create_datagram_endpoint", "start_server", "start_unix_server", "bind",
    "stdio_server", "DatagramProtocol", "connect_accepted_socket", "FastAPI", "Starlette", "openServerSocket",
)  # fmt: skip
SERVERS = ("socketserver", "http.server", "xmlrpc.server", "wsgiref", "multiprocessing", "pythonosc.osc_server")
LISTENS = {
    "engine/server.py": "takes a port that is free for the engine, and lets it go",
    "surfaces/http/app.py": "behind the guard of server.py",
    "surfaces/http/server.py": "Gate",
    "surfaces/osc/server.py": "Gate",
    "surfaces/osc/door.py": "opens osc/server.py",
    "surfaces/mcp/server.py": "OwnInput (serving.py), or the guard of HTTP",
    "surfaces/mcp/attached.py": "its own standard input; the studio's gate is on the other side",
}


@cache
def texts() -> dict[str, str]:
    files = sorted(ROOT.rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


@cache
def nodes(place: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(texts()[place])))


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def places(words: Sequence[str], true_of: Callable[[ast.AST], bool]) -> set[str]:
    """Return the files with one of these words in which something is so."""
    having = [place for place, text in texts().items() if any(word in text for word in words)]
    return {place for place in having if any(map(true_of, nodes(place)))}


def is_call(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Call) and named(node.func) in names


def keywords(call: ast.AST) -> set[str | None]:
    return {keyword.arg for keyword in call.keywords} if isinstance(call, ast.Call) else set()


def test_callers_are_made_at_the_gate_and_for_what_acts_inside_the_studio() -> None:
    made = places(["Caller("], lambda node: is_call(node, "Caller"))
    assert made == set(MAKES_CALLERS), "a surface asks hardcore/surfaces/gate.py for its callers"
    rights = {"permissions", "roots", "head"}
    changed = places(["replace("], lambda node: is_call(node, "replace") and keywords(node) & rights != set())
    assert changed == set(CHANGES_CALLERS), "what a caller may do is decided where it is made"


def test_only_the_process_s_own_input_is_the_person_s() -> None:
    assert places(["person("], lambda node: is_call(node, "person")) == {
        f"surfaces/{name}.py" for name in FOR_THE_PERSON
    }
    assert places(["OwnInput("], lambda node: is_call(node, "OwnInput")) == {"surfaces/serving.py"}


def listens(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(one.name.startswith(SERVERS) for one in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith(SERVERS)
    if isinstance(node, ast.ClassDef):
        return any(named(base) in LISTENING for base in node.bases)
    return is_call(node, *LISTENING)


def test_whatever_lets_others_in_is_known_and_has_a_gate() -> None:
    assert places([*LISTENING, *SERVERS], listens) == set(LISTENS), "how are other users of this machine kept out?"
    for place in (place for place, how in LISTENS.items() if how == "Gate"):
        assert any(is_call(node, "Gate") for node in nodes(place)), place
    admitting = places([".admit("], lambda node: is_call(node, "admit"))
    assert admitting == {"surfaces/http/guard.py", "surfaces/osc/server.py"}


def reason(gate: Gate, asked: Approach, *, public: bool = False) -> str:
    """Return why somebody is turned away; empty where they are let in."""
    try:
        with gate.admit(asked, public=public):
            return ""
    except TurnedAway as error:
        return error.reason


def test_the_gate_looks_at_token_name_page_and_size() -> None:
    gate = Gate("secret", LOOPBACK, most_bytes=100)
    for asked, why in (
        (Approach("secret", host="localhost:80"), ""),
        (Approach("secret", host="[::1]:80", origin="http://127.0.0.1:9"), ""),
        (Approach("", host="localhost"), "token"), (Approach("secre", host="localhost"), "token"),
        (Approach("é", host="localhost"), "token"), (Approach("secret"), "host"),
        (Approach("secret", host="evil.example"), "host"),
        (Approach("secret", host="localhost", origin="http://evil.example"), "origin"),
        (Approach("secret", host="localhost", origin="null"), "origin"),
        (Approach("secret", host="localhost", size=101), "size"),
    ):  # fmt: skip
        assert reason(gate, asked) == why, asked
    assert reason(Gate(""), Approach("")) == "token", "no token is no token"
    unlocked = Gate("secret", unlocked=True)
    assert [reason(unlocked, Approach(peer=peer)) for peer in ("127.0.0.1", "::1", "10.0.0.9", "nowhere")] == [
        "", "", "token", "token",
    ]  # fmt: skip


def test_strangers_who_knock_all_the_time_keep_nobody_out() -> None:
    now = [0.0]
    gate = Gate("secret", rate=10, burst=20, clock=lambda: now[0])
    knocks = [reason(gate, Approach("wrong")) for _ in range(30)]
    assert knocks == ["token"] * 20 + ["rate"] * 10
    assert [reason(gate, Approach("secret")) for _ in range(21)] == [""] * 20 + ["rate"]
    now[0] = 1.0
    assert [reason(gate, Approach("secret")) for _ in range(11)] == [""] * 10 + ["rate"]


def test_who_was_not_let_in_is_no_caller_however_public_what_they_want() -> None:
    gate, rights = Gate("secret"), Rights((Path("/tmp"),), frozenset({"project"}), "agent")
    with pytest.raises(Denied):
        gate.caller(rights, "nobody")
    with gate.admit(Approach(), public=True), pytest.raises(Denied):
        gate.caller(rights, "nobody")
    with gate.admit(Approach("secret")):
        caller = gate.caller(rights, "somebody", dry_run=True)
        with pytest.raises(Denied):
            Gate("secret").caller(rights, "of another gate")

        async def later() -> str:
            return gate.caller(rights, "a task that began inside").author

        assert asyncio.run(later())
    assert (caller.author, caller.roots, caller.permissions, caller.head, caller.dry_run) == (
        "somebody", (Path("/tmp"),), {"project"}, "agent", True,
    )  # fmt: skip
    with pytest.raises(Denied):
        gate.caller(rights, "too late")
    assert OwnInput().caller(rights, "of this process").author


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path_factory.mktemp("gated")) as served:
        yield served
    studio.close()


def test_no_route_answers_a_stranger(server: Served) -> None:
    """Every route that there is, by every method of it, as the application has them: none can be forgotten."""
    studio, gate = server.studio, Gate("other")
    service = Service(studio, gate, Rights(()))
    app = create_app(service, service, Feeds(studio.controller), Listeners(studio))
    told: list[tuple[str, str, int]] = []

    async def knock(kind: str, path: str, method: str) -> None:
        headers = [(b"host", b"localhost"), (b"authorization", b"Bearer wrong")]
        scope = {"type": kind, "path": path, "method": method, "headers": headers, "query_string": b"token=wrong"}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            if "status" in message or "code" in message:
                told.append((method, path, message.get("status", message.get("code"))))

        await Guard(app, gate)(scope, receive, send)

    async def every() -> None:
        for route in app.routes:
            if isinstance(route, Route):
                for method in sorted(route.methods or ()):
                    if route.path not in OPEN:
                        await knock("http", route.path, method)
            elif isinstance(route, WebSocketRoute):
                await knock("websocket", route.path, "GET")
            else:
                assert isinstance(route, Mount)
                await knock("http", f"{route.path}/", "POST")

    asyncio.run(every())
    assert len(told) > 20 and ("POST", "/mcp/", 401) in told and ("GET", "/events/ws", 4401) in told
    assert {status for _, _, status in told} == {401, 4401}, told


class Socket:
    """A WebSocket's client of RFC 6455, as far as it listens."""

    def __init__(self, server: Served, path: str, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        fixed = {"Host": "localhost", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        words = [f"{name}: {value}" for name, value in {**fixed, "Sec-WebSocket-Key": key, **headers}.items()]
        self._socket.sendall("\r\n".join([f"GET {path} HTTP/1.1", *words, "", ""]).encode())
        self._stream = self._socket.makefile("rb")
        self.status = int(self._stream.readline().split()[1])
        while self._stream.readline().strip():
            pass

    def send(self, text: str) -> None:
        """Send a message of less than 126 bytes, masked with nought."""
        data = text.encode()
        self._socket.sendall(bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data)

    def message(self) -> Any:
        """Return the data of the next message."""
        kind, size = self._stream.read(2)
        if size > 125:
            size = int.from_bytes(self._stream.read(2 if size == 126 else 8), "big")
        data = self._stream.read(size)
        assert kind & 15 in (1, 2), (kind, data)
        return json.loads(data)

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


def test_a_websocket_tells_every_step_since_one_to_who_has_the_token(server: Served) -> None:
    since = server.studio.controller.history.last
    assert server.post("/do/tempo", {"bpm": 141})[0] == 200
    for path, headers, status in (
        ("/events/ws", {}, 403),
        ("/events/ws?token=wrong", {}, 403),
        (f"/events/ws?token={server.token}", {"Origin": "http://evil.example"}, 403),
        (f"/events/ws?token={server.token}", {"Host": "evil.example"}, 403),
    ):
        refused = Socket(server, path, **headers)
        assert refused.status == status, path
        refused.close()
    client = Socket(server, f"/events/ws?token={server.token}&since={since}")
    assert client.status == 101
    client.send("what a client says is not heard")
    told = client.message()
    assert (told["event"], told["step"]) == ("StepMade", since + 1)
    assert server.post("/do/tempo", {"bpm": 142})[0] == 200
    while told["event"] != "StepMade" or told["step"] != since + 2:
        told = client.message()
    client.close()
