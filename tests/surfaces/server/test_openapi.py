"""Every operation that the server describes, asked with what it takes and with what it does not."""

import http.client
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hardcore.commands.core.clientschema import plain
from hardcore.commands.core.registry import registry
from tests.arguments import WORDS, a_value, an_object
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving

# What renders, or composes whole pieces, takes seconds: it is asked only with an argument that it does not have.
SLOW = {
    "analyse", "compare", "spectrogram", "waveform", "doctor", "critique", "mix check", "restyle", "compose", "song",
    "samples find", "samples place", "docs search", "docs list", "docs answer", "plan make",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path_factory.mktemp("described")) as served:
        yield served
    studio.close()


def a_body(path: str, operation: dict[str, Any], schemas: dict[str, Any], chance: random.Random) -> bytes | None:
    if "requestBody" not in operation:
        return None
    if path.removeprefix("/do/").replace("/", " ") in SLOW:
        return b'{"unknown": 1}'
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return json.dumps(an_object(plain({"$defs": schemas, **schema}), chance)).encode()


def an_address(path: str, operation: dict[str, Any], chance: random.Random) -> str:
    """Return the path with something in each place, and some of the parameters."""
    command = registry().get(path.removeprefix("/do/").replace("/", " "))
    asked: dict[str, Any] = {}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(chance.choice(WORDS) or "1", safe=""))
        elif chance.random() < 0.2:
            asked[parameter["name"]] = a_value(parameter["schema"], chance)
    if "requestBody" in operation and command and command.effects.all and not command.is_step:
        asked["dry_run"] = True
    return f"{path}?{urlencode(asked)}"


def test_the_description_is_one() -> None:
    from hardcore.surfaces.http.openapi import openapi

    whole = openapi("1")
    known = set()
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            known.add((method, path))
            assert {"200", "401", "404", "422", "429"} <= operation["responses"].keys()
            for parameter in operation["parameters"]:
                assert (parameter["in"] == "path") == (f"{{{parameter['name']}}}" in path)
    assert len(known) > 2 * len(registry())


def test_a_method_that_a_path_does_not_have_is_named(server: Served) -> None:
    for path, allowed in (("/do/tempo", "GET, POST"), ("/status", "GET"), ("/say", "POST")):
        status, headers, body = server.raw("DELETE", path)
        assert (status, headers["allow"], json.loads(body)["code"]) == (405, allowed, "route")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/do/tempo", {"bpm": True}, "bpm"),
        ("/do/recover", {"all": 0}, "all"),
        ("/session", {"seed": False}, "seed"),
        ("/session", {"tempo_bpm": "120"}, "tempo_bpm"),
    ],
)
def test_a_value_of_another_kind_is_not_taken_for_one(server: Served, path: str, body: Any, field: str) -> None:
    status, answer = server.post(path, body)
    assert (status, answer["field"]) == (422, field)


def test_in_a_batch_as_well(server: Served) -> None:
    status, answer = server.post("/batch", {"calls": [{"name": "tempo", "arguments": {"bpm": True}}]})
    assert (status, answer["field"]) == (422, "bpm")


def test_what_switches_takes_true_and_false(server: Served) -> None:
    assert server.post("/do/track/mute", {"tracks": "kick", "state": True})[0] == 200
    assert server.studio.controller.project.find_track("kick").mixer.mute


@pytest.mark.parametrize("query", ["since=x", "since=-1", "limit=0", "limit=9999"])
def test_a_parameter_that_is_wrong_is_named_as_an_argument_is(server: Served, query: str) -> None:
    status, answer = server.get(f"/history?{query}")
    assert (status, answer["code"], answer["field"]) == (422, "argument", query.partition("=")[0])


# the last one: after so many requests the next ones are refused for a while
@settings(max_examples=1, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32))
def test_every_operation_answers_as_it_is_described(server: Served, seed: int) -> None:
    chance = random.Random(seed)
    whole = server.get("/openapi.json")[1]
    schemas = whole["components"]["schemas"]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            if path in ("/events", "/stream"):
                continue  # it does not end
            address, body = an_address(path, operation, chance), a_body(path, operation, schemas, chance)
            headers = {"Authorization": f"Bearer {server.token}"}
            connection.request(method.upper(), address, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            what = (method, address, body, answer.status, text[:300])
            assert answer.status < 500, what
            described = operation["responses"].get(str(answer.status))
            assert described is not None, what
            assert answer.headers["content-type"].partition(";")[0] in described["content"], what
            if answer.status >= 400:
                error = json.loads(text)
                assert {"error", "code"} <= error.keys() <= schemas["Error"]["properties"].keys(), what
                assert all(isinstance(value, str) for value in error.values()), what
            elif "application/json" in described["content"]:
                kind = described["content"]["application/json"]["schema"]["type"]
                assert isinstance(json.loads(text), {"object": dict, "array": list}[kind]), what
    connection.close()
