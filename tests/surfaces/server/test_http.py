"""The HTTP server, asked as any program asks it."""

import asyncio
import http.client
import json
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.controller.stream import Stream
from hardcore.paths import state_folder
from hardcore.surfaces.http.feed import as_data
from hardcore.surfaces.serverstart import Door
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path_factory.mktemp("served")) as served:
        yield served
    studio.close()


def test_a_command_answers_what_it_changed(server: Served) -> None:
    status, answer = server.post("/do/track/gain", {"tracks": "kick", "gain_db": -7})
    assert status == 200
    (change,) = answer["changes"]
    assert (change["name"], change["field"], change["new"]) == ("kick", "gain_db", -7)
    assert server.studio.controller.project.find_track("kick").mixer.gain_db == -7
    assert server.studio.controller.history.step.author == "http"


def test_a_sentence_is_shown_before_it_is_done(server: Served) -> None:
    before = server.studio.controller.history.at
    status, shown = server.post("/say", {"text": "mute the kick", "preview": True})
    assert (status, server.studio.controller.history.at) == (200, before)
    status, done = server.post("/say", {"text": "mute the kick"})
    assert (status, done["commands"]) == (200, shown["commands"])
    assert server.studio.controller.project.find_track("kick").mixer.mute


def test_a_batch_is_one_step_or_nothing(server: Served) -> None:
    calls = [
        {"name": "tempo", "arguments": {"bpm": 133}},
        {"name": "track pan", "arguments": {"tracks": "kick", "pan": 0.3}},
    ]
    before = server.studio.controller.history.last
    assert server.post("/batch", {"calls": calls})[0] == 200
    assert server.studio.controller.history.last == before + 1
    status, answer = server.post(
        "/batch",
        {
            "calls": [
                {"name": "tempo", "arguments": {"bpm": 134}},
                {"name": "track mute", "arguments": {"tracks": "nobody"}},
            ]
        },
    )
    assert status in (400, 404) and "nobody" in answer["error"]
    assert server.studio.controller.history.last == before + 1


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/do/nothing", {}, 404, "not_found"),
        ("/do/tempo", {"bpm": 99999}, 422, "argument"),
        ("/do/tempo", {"bpm": True}, 422, "argument"),
        ("/do/tempo", {"bpn": 120}, 422, "argument"),
        ("/do/tempo", [1], 422, "argument"),
        ("/do/export", {"file": "/etc/owned.wav"}, 422, "argument"),
        ("/do/export", {"file": "../owned.wav"}, 422, "argument"),
        ("/do/config", {"name": "render.rate", "value": "44100"}, 403, "denied"),
        ("/do/serve", {"port": 0}, 403, "denied"),
        ("/do/quit", {}, 403, "denied"),
        ("/do/tempo?expected=0", {"bpm": 99}, 409, "stale"),
        ("/say", {"txt": "darker"}, 422, "argument"),
        ("/say", {"text": 5}, 422, "argument"),
        ("/line", {"line": "/nothing"}, 404, "not_found"),
        ("/batch", {"calls": [{"name": "tempo", "arguments": 5}]}, 422, "argument"),
    ],
)
def test_what_is_wrong_has_a_status_and_changes_nothing(
    server: Served, path: str, body: Any, status: int, code: str
) -> None:
    before = server.studio.controller.history.last
    answered, answer = server.post(path, body)
    assert (answered, answer["code"]) == (status, code)
    assert answer["error"] and "\n" not in answer["error"]
    assert server.studio.controller.history.last == before


def test_an_argument_that_is_wrong_is_named(server: Served) -> None:
    assert server.post("/do/tempo", {"bpm": 99999})[1]["field"] == "bpm"


@pytest.mark.parametrize("body", [b"{", b"NaN", b'{"bpm": NaN}', b'{"bpm": Infinity}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(server: Served, body: bytes) -> None:
    status, _, answer = server.raw("POST", "/do/tempo", body)
    assert status == 422 and json.loads(answer)["code"] == "argument"


@pytest.mark.parametrize("path", ["/status", "/project", "/do", "/events", "/stream", "/mcp/", "/openapi.json"])
def test_nothing_is_said_without_the_token(server: Served, path: str) -> None:
    for given in ("", "Bearer wrong", "Basic x", f"Bearer {server.token}x", server.token):
        status, headers, _ = server.raw("GET", path, headers={"Authorization": given})
        assert status == 401 and headers["www-authenticate"] == "Bearer"


def test_a_page_from_elsewhere_may_not_call_and_a_name_made_to_point_here_is_not_ours(server: Served) -> None:
    for origin, status in (("http://evil.example", 403), ("null", 403), (server.url, 200)):
        assert server.raw("GET", "/status", headers={"Origin": origin})[0] == status
    for host, status in (
        ("evil.example", 421),
        (f"evil.example:{server.port}", 421),
        (f"localhost:{server.port}", 200),
    ):
        assert server.raw("GET", "/status", headers={"Host": host})[0] == status


def test_a_body_that_is_too_long_is_refused_whatever_it_claims(server: Served) -> None:
    assert server.raw("POST", "/do/tempo", b" " * 1_000_001)[0] == 413
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {server.token}", "Transfer-Encoding": "chunked"}
    pieces = (b" " * 100_000 for _ in range(20))
    try:
        connection.request("POST", "/do/tempo", pieces, headers, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # it did not wait for the rest
    finally:
        connection.close()
    assert server.get("/health")[0] == 200


def test_every_command_is_described_with_its_schema(server: Served) -> None:
    status, whole = server.get("/openapi.json")
    paths = {f"/do/{name.replace(' ', '/')}" for name in registry()}
    assert status == 200 and paths <= whole["paths"].keys()
    status, gain = server.get("/do/track/gain")
    assert status == 200 and gain["schema"]["properties"].keys() >= {"tracks", "gain_db"}
    assert {one["name"] for one in server.get("/do")[1]} == set(registry())


def test_the_project_is_read_whole_and_as_it_was(server: Served) -> None:
    server.post("/do/title", {"name": "before"})
    step = server.studio.controller.history.at
    server.post("/do/title", {"name": "after"})
    assert server.get("/project/state")[1]["title"] == "after"
    assert server.get(f"/project/state?step={step}")[1]["title"] == "before"
    assert server.get("/project/state?step=99999")[0] == 404
    assert [one["step"] for one in server.get(f"/history?since={step}")[1]] == [step + 1]


def events(server: Served, since: int | None, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Return the first `count` events that a client reads."""
    query = "" if since is None else f"?since={since}"
    found: list[tuple[str, dict[str, Any]]] = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", f"/events{query}", headers={"Authorization": f"Bearer {server.token}"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/event-stream")
    name = ""
    while len(found) < count:
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            found.append((name, json.loads(line[6:])))
    connection.close()
    return found


def test_a_client_that_comes_again_has_missed_nothing(server: Served) -> None:
    since = server.studio.controller.history.last
    for bpm in (101, 102, 103):
        assert server.post("/do/tempo", {"bpm": bpm})[0] == 200
    told = events(server, since, 3)
    assert [(name, event["step"]) for name, event in told] == [("StepMade", since + n) for n in (1, 2, 3)]
    assert {event["author"] for _, event in told} == {"http"}
    news = [change["new"] for _, event in told for change in event["changes"] if "tempo" in change["field"]]
    assert len(news) == 3


def test_what_happens_on_a_branch_is_told_as_what_changed_and_not_as_whole_projects(server: Served) -> None:
    controller = server.studio.controller
    stream = Stream(controller)
    server.run(lambda: run_line(server.studio, "/history branch idea", Caller()))
    server.run(lambda: run_line(server.studio, "/tempo 77", Caller(head="idea")))
    stream.close()

    async def all_told() -> list[dict[str, Any] | None]:
        return [as_data(event) async for event in stream]

    told = [event for event in asyncio.run(all_told()) if event and event["event"] == "HeadChanged"]
    assert {event["head"] for event in told} == {"idea"}
    assert any("tempo" in change["field"] for event in told for change in event["changes"])
    assert all(len(json.dumps(event)) < 4000 for event in told)
    server.run(lambda: run_line(server.studio, "/history drop idea", Caller()))


def test_a_client_may_not_ask_since_a_step_that_there_is_not(server: Served) -> None:
    assert server.get("/events?since=999999")[0] == 404


def test_the_token_lies_in_a_file_of_its_owner_and_goes_with_the_server(tmp_path: Path) -> None:
    studio = studio_with_song()
    with serving(studio, tmp_path) as served:
        path = state_folder() / "servers" / f"{served.port}.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["token"] == served.token
        waiting = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        waiting.request("GET", "/events", headers={"Authorization": f"Bearer {served.token}"})
        assert waiting.getresponse().status == 200, "a client that listens keeps no server from ending"
    assert not path.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port), timeout=5)
    waiting.close()
    studio.close()


def test_a_server_whose_loop_has_ended_lets_go_of_its_port(tmp_path: Path) -> None:
    studio = studio_with_song()
    studio.door = door = Door(studio)
    asyncio.run(door.open("127.0.0.1", 0, (tmp_path,)))
    port = int((door.url or "").rpartition(":")[2])
    asyncio.run(door.close())
    assert door.url is None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    studio.close()
