"""A studio in which everybody works at once while a scene plays: rules, a model, agents, programs and their listeners.

In the soak for six minutes, with a real player whose bundles are never late and a memory that does not grow; in the
ordinary run for four seconds, for what they all do to each other: how late bundles are and whether memory grows says
nothing on a machine that runs other tests.
"""

import asyncio
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
import pytest
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.reactions import start_reacting
from hardcore.controller.events import RuleFired
from hardcore.controller.studio import Studio
from hardcore.project.integrity import check
from hardcore.project.rule import BeatTrigger, NotifyAction, Rule
from tests.assistant.fakemodel import Server, calls, fake_model, says
from tests.effort import IS_SOAK
from tests.player.device import needs_alsa, recording
from tests.song import song, studio_with_song
from tests.surfaces.server.served import Served, serving

SECONDS = 345.0 if IS_SOAK else 4.0
RULES, LISTENERS = 1000, 4
# Between two turns of each: people and programs think.
PACE_S = 2.0 if IS_SOAK else 0.5
MEGABYTE = 1 << 20
LOWER = ("run_command", {"name": "track gain", "arguments": {"tracks": "bass", "by": -0.5}})
HIGHER = ("run_command", {"name": "track gain", "arguments": {"tracks": "bass", "by": 0.5}})


def rules(studio: Studio) -> None:
    """Let a thousand rules speak, each every so many beats."""
    action = NotifyAction(message="x")
    made = tuple(
        Rule(id=f"r{500 + n}", name=f"rule {n}", trigger=BeatTrigger(divisor=4 + n % 61), action=action)
        for n in range(RULES)
    )
    studio.controller.edit("rules", lambda project: song().evolve(rules=made, next_id=9000))
    for rule in made:
        studio.trust_rule(rule)


class Crew:
    """Those who work at once, each in a thread of its own, until `stop`; what went wrong is kept."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.done: dict[str, int] = {}
        self.faults: list[str] = []
        self._threads: list[threading.Thread] = []

    def begin(self, name: str, turn: Callable[[int], None]) -> None:
        def work() -> None:
            number = 0
            try:
                while not self.stop.is_set():
                    turn(number)
                    number += 1
                    self.done[name] = number
                    self.stop.wait(PACE_S)
            except Exception as error:
                self.faults.append(f"{name}: {error!r}")

        self._threads.append(threading.Thread(target=work, name=name))
        self._threads[-1].start()

    def end(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(60)


def program(server: Served) -> Callable[[int], None]:
    def turn(number: int) -> None:
        status, answer = server.post("/do/track/gain", {"tracks": "kick", "gain_db": -1 - number % 9})
        assert status == 200, answer
        assert server.get("/project/outline")[0] == 200

    return turn


def agent(server: Served, stop: threading.Event) -> Callable[[int], None]:
    async def session() -> None:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as client,
            streamable_http_client(f"{server.url}/mcp/", http_client=client) as (read, write),
            ClientSession(read, write) as one,
        ):
            await one.initialize()
            number = 0
            while not stop.is_set():
                number += 1
                line = f"/tempo {100 + number % 40}"
                assert not (await one.call_tool("line", {"line": line})).is_error
                assert not (await one.call_tool("look", {"what": "tracks"})).is_error
                await asyncio.sleep(PACE_S)

    return lambda number: asyncio.run(session())


def listener(server: Served, stop: threading.Event) -> Callable[[int], None]:
    """Return one that listens; who is let go, being slow, comes again since the last step that they know."""
    last = 0

    def turn(number: int) -> None:
        nonlocal last
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", f"/events?since={last}", headers={"Authorization": f"Bearer {server.token}"})
        answer = connection.getresponse()
        while not stop.is_set() and (line := answer.readline()):
            event = json.loads(line[5:]) if line.startswith(b"data:") else {}
            if event.get("event") == "StepMade":
                assert event["step"] > last, "told twice"
                last = event["step"]
        connection.close()

    return turn


def model(server: Served, fake: Server) -> Callable[[int], None]:
    line = "/ask give the low end some room please mate --apply"

    def turn(number: int) -> None:
        assert server.run(lambda: run_line(server.studio, line, Caller())) is not None
        fake.requests.clear()  # what the test remembers is no memory of the studio

    return turn


@contextmanager
def crowded(folder: Path, studio: Studio) -> Iterator[tuple[Served, Crew]]:
    """Yield a studio at which everybody works, while it plays."""
    script = [calls(LOWER), says("Lower."), calls(HIGHER), says("Higher.")] * 5000
    with fake_model(*script) as fake, serving(studio, folder) as server:
        given = {"url": fake.url, "model": "scripted"}
        studio.settings = studio.settings.evolve(assistant=studio.settings.assistant.evolve(**given))

        async def react() -> None:
            start_reacting(studio)

        server.run(react)
        rules(studio)
        server.run(lambda: run_line(studio, "/play", Caller()))
        crew = Crew()
        try:
            crew.begin("program", program(server))
            crew.begin("agent", agent(server, crew.stop))
            crew.begin("model", model(server, fake))
            for number in range(LISTENERS):
                crew.begin(f"listener {number}", listener(server, crew.stop))
            yield server, crew
        finally:
            crew.end()
            server.run(lambda: run_line(studio, "/stop", Caller()))


def memory_bytes() -> int:
    """Return what this process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.timeout(600)
@needs_alsa
def test_all_who_work_at_once_leave_time_and_memory_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired = Counter[str]()
    with recording(tmp_path / "device", monkeypatch):
        studio = studio_with_song()
        studio.controller.events.subscribe(RuleFired, lambda event: fired.update([event.error]))
        sizes: list[tuple[float, int]] = []
        try:
            with crowded(tmp_path, studio) as (_, crew):
                end = time.monotonic() + SECONDS
                # at least until the music has begun
                while (now := time.monotonic()) < end or (not fired and now < end + 60):
                    if crew.faults:
                        break
                    sizes.append((now, memory_bytes()))
                    crew.stop.wait(1.0)
                assert studio.player is not None
                late = studio.player.timing().late
        finally:
            studio.close()
        assert crew.faults == []
        assert min(crew.done.get(name, 0) for name in ("program", "model")) > 0
        assert set(fired) == {""}, "a rule could not do what it should"
        check(studio.controller.project)
        if IS_SOAK:
            print(crew.done, f"{fired['']} fired, {late} late, MB: {[size // MEGABYTE for _, size in sizes[::20]]}")
            assert late == 0
            settled = np.array([(at, size) for at, size in sizes if at > sizes[0][0] + 120])
            slope, _ = np.polyfit(settled[:, 0] / 60, settled[:, 1] / MEGABYTE, 1)
            assert slope < 1.0, f"{slope:.2f} MB a minute"
