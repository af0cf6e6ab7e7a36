"""A connection to an engine: its end is told in one way, whoever notices it first, and nonsense is dropped."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from hardcore.engine.osc import message
from hardcore.engine.sandbox import Sandbox
from hardcore.engine.server import ENDED, Server
from hardcore.errors import EngineError
from hardcore.player.enginewatch import Watch

# A program that listens like an engine and says on which port.
LISTENER = """
import socket, time
port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
port.bind(("127.0.0.1", 0))
print(port.getsockname()[1], flush=True)
time.sleep(600)
"""
STATUS = message("/status")


@pytest.fixture
def killed() -> Iterator[Server]:
    """Yield the server of a program that was just killed; its port is closed."""
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", LISTENER], stdout=subprocess.PIPE)
    assert child.stdout is not None
    port = int(child.stdout.readline())
    server = Server(port, 2, Sandbox(port, None), child)
    server.send(STATUS)
    child.kill()
    child.wait()
    yield server
    server.close()
    child.stdout.close()


def heard(server: Server) -> None:
    server.send(STATUS)
    server.received()


def sent(server: Server) -> None:
    for _ in range(2):
        server.send(STATUS)


def watched(server: Server) -> None:
    watch = Watch({"log": os.devnull, "cue": "off", "click": "main"})
    watch.server = server
    watch.check()


@pytest.mark.parametrize("notice", [watched, heard, sent, Server.status, lambda server: server.sync(1)])
def test_the_end_of_an_engine_is_told_in_one_way(killed: Server, notice: Callable[[Server], None]) -> None:
    with pytest.raises(EngineError) as told:
        notice(killed)
    assert told.value.line() == ENDED


def test_what_is_no_osc_is_dropped() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as engine:
        engine.bind(("127.0.0.1", 0))
        port = engine.getsockname()[1]
        server = Server(port, 2, Sandbox(port, None), None)
        server.send(STATUS)
        engine.connect(engine.recvfrom(100)[1])
        good = message("/synced", 3)
        for packet in (b"", b"x", b"\xff\xff\xff\0,\0\0\0", good[:-4], b"#bundle\0", b"#bundle\0" + bytes(12), good):
            engine.send(packet)
        while not (found := server.received()):
            server.wait(5)
        assert ("/synced", [3]) in found
        server.close()


def test_nobody_but_the_engine_is_heard() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as engine,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        engine.bind(("127.0.0.1", 0))
        port = engine.getsockname()[1]
        server = Server(port, 2, Sandbox(port, None), None)
        server.send(STATUS)
        ours = engine.recvfrom(100)[1]
        other.sendto(message("/synced", 1), ours)
        engine.sendto(message("/synced", 2), ours)
        server.wait(5)
        assert server.received() == [("/synced", [2])]
        server.close()
