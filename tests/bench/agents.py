"""Who works with the studio beside the person: a tool call of an agent, an event to many clients, Python's calls."""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from tests.bench.timing import Measure
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving

CALLS, CLIENTS, EVENTS = 50, 50, 20
ROOT = Path(__file__).resolve().parents[2]


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times."""
    listed, called = asyncio.run(_tools(folder))
    yield Measure("list the tools, an agent on stdin", listed, "ms", goal=0.050)
    yield Measure("a tool call, an agent on stdin, p50", called, "ms", goal=0.010)
    studio = studio_with_song()
    with serving(studio, folder) as server:
        yield Measure(f"a step until {CLIENTS} clients are told", _events(server), "ms")
        yield Measure("a call of Python to the studio, p50", _python(server), "ms", goal=0.001)
    studio.close()


async def _tools(folder: Path) -> tuple[float, float]:
    """Return how long a list and a call take, seconds."""
    from mcp.client.session import ClientSession
    from mcp.client.stdio import StdioServerParameters, stdio_client

    environment = {"HARDCORE_HOME": str(folder / "agent"), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    words = ["-m", "hardcore", "mcp", "--folder", str(folder)]
    program = StdioServerParameters(command=sys.executable, args=words, env=environment)
    async with stdio_client(program) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        listed, called = [], []
        for _ in range(CALLS):
            start = perf_counter()
            await session.list_tools()
            between = perf_counter()
            await session.call_tool("look", {"what": "tracks"})
            listed.append(between - start)
            called.append(perf_counter() - between)
    return median(listed), median(called)


def _events(server: Served) -> float:
    """Return how long it takes from the request of an edit until every client has the event, seconds."""
    clients = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(CLIENTS)]
    try:
        streams = [client.makefile("rb") for client in clients]
        for client in clients:
            ask = f"GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n\r\n"
            client.sendall(ask.encode())
        for stream in streams:
            while stream.readline().strip():
                pass
        taken = []
        for number in range(EVENTS):
            start = perf_counter()
            server.post("/do/tempo", {"bpm": 100 + number})
            for stream in streams:
                while b'"event":"StepMade"' not in stream.readline():
                    pass
            taken.append(perf_counter() - start)
        return median(taken)
    finally:
        for client in clients:
            client.close()


def _python(server: Served) -> float:
    """Return how long a call takes from inside Python's process, seconds."""
    code = (
        "import time\ntimes = []\nfor n in range(300):\n    t = time.perf_counter()\n    beat.current\n"
        "    times.append(time.perf_counter() - t)\nsorted(times)[150]"
    )
    done = server.run(lambda: run_line(server.studio, f"/py {code}", Caller()))
    assert done is not None
    return float(done.text())
