"""Terminals whose program is forked from one that has loaded it: loading takes half of what such a test takes.

The process that forks has no threads, and nothing behind it but imports and what completion reads of the knowledge
base. How a program starts from its very beginning is tested with `Terminal`, which starts Python anew.
"""

import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.surfaces.screen import PATIENCE_S, ROOT, Terminal

LONGEST = 65_536


class Forked:
    """A process that the forking one made. Statuses are those of subprocess: −n where signal n ended it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        if self._status is None:
            self._status = _ask({"poll": self.pid})
        return self._status

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Return the exit status once it has ended. Raises TimeoutExpired."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("hardcore", timeout)
            time.sleep(0.01)
        return status


class ForkedTerminal(Terminal):
    """A terminal with a program that is loaded already."""

    def _started(self, words: Sequence[str], slave: int, variables: Mapping[str, str], folder: Path) -> Forked:
        answer = _ask({"words": words, "environment": variables, "folder": str(folder)}, slave)
        assert answer is not None
        return Forked(answer)


@cache
def _forking() -> socket.socket:
    """Return the connection to the process that forks; it ends with this one."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.surfaces.forked", str(there.fileno())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL)
    there.close()
    return here


def _ask(question: Mapping[str, object], *descriptors: int) -> int | None:
    connection = _forking()
    socket.send_fds(connection, [json.dumps(question).encode()], descriptors)
    answer: int | None = json.loads(connection.recv(LONGEST))
    return answer


def _serve(connection: socket.socket) -> None:
    """Answer until nobody asks; in a process that was forked, return to run the program."""
    statuses: dict[int, int] = {}
    while True:
        data, descriptors, _, _ = socket.recv_fds(connection, LONGEST, 1)
        if not data:
            os._exit(0)
        asked = json.loads(data)
        if "poll" in asked:
            answer = statuses.get(asked["poll"])
            if answer is None:
                pid, status = os.waitpid(asked["poll"], os.WNOHANG)
                answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if not answer:
                connection.close()
                _become(descriptors[0], asked)
                return
            os.close(descriptors[0])
        if "poll" in asked and answer is not None:
            statuses[asked["poll"]] = answer
        connection.send(json.dumps(answer).encode())


def _become(terminal: int, asked: Mapping[str, object]) -> None:
    """Make this process what a shell would have started on a terminal."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    os.close(terminal)
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    os.chdir(asked["folder"])  # type: ignore[arg-type]
    sys.argv = ["hardcore", *asked["words"]]  # type: ignore[misc]
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        old = getattr(sys, f"__{name}__")
        new = open(old.fileno(), mode, encoding="utf-8", errors=old.errors, buffering=1, closefd=False)  # noqa: SIM115
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    random.seed()


def _load() -> None:
    from hardcore.surfaces.repl.line_input import warm

    warm()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a run that is stopped closes the connection
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that nohup started ignore it, and so would this
    from hardcore.__main__ import main

    main()
