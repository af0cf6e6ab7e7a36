"""Processes of ours that are forked from one that has loaded the program: loading takes most of what many of them take.

`Forked` is `subprocess.Popen` in all but how it begins, and what it starts is a child of this process like any other.
The process that forks has no threads, and nothing behind it but imports and what completion reads of the knowledge
base. conftest.py has all that a studio starts begin like this, but for tests/workers; how the program starts from its
very beginning is tested wherever a test starts it with `subprocess`.
"""

import ctypes
import fcntl
import gc
import inspect
import json
import os
import platform
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[1]
PROGRAM, WORKER = "hardcore", "hardcore.workers.host"
HANDS = ("hardcore.player.process", "hardcore.midi.process")
IS_POSSIBLE = sys.platform == "linux" and platform.machine() == "x86_64"
# Of the system call: the new process is a child of the one that asks, which waits for it as for any other.
CLONE, CLONE_PARENT = 56, 0x8000
LONGEST = 1 << 17
# Two threads in each library would only get into each other's way, and a process with threads is not to be forked.
CALM = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# What workers load; the studio has the rest.
LOADED = ("hardcore.jobs.tasks", "hardcore.jobs.reading", "hardcore.audio.analysis", "hardcore.audio.levels")
Popen = subprocess.Popen
# Where a process finds its modules. One that is to look elsewhere too, for a hook that sabotages it, starts anew.
PATHS = {"", str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)}
SET_NAME = 15  # of prctl
FORKS = "forking"  # the name of those that fork


class Forked(Popen[Any]):
    """`python -m hardcore …` or `python -c SCRIPT`, forked where that can be; all else is started as ever."""

    kinds: ClassVar[tuple[tuple[str, ...], ...]] = (("-m", PROGRAM), ("-c",))

    def _execute_child(self, *arguments: Any) -> None:
        start = super()._execute_child  # type: ignore[misc]
        given = inspect.signature(start).bind(*arguments).arguments
        words = [str(word) for word in given["args"]]
        environment = os.environ if given["env"] is None else given["env"]
        plain = IS_POSSIBLE and not set(environment.get("PYTHONPATH", "").split(os.pathsep)) - PATHS
        pid = 0
        if plain and words[0] == sys.executable and any(words[1:][: len(kind)] == [*kind] for kind in self.kinds):
            pid = FORKING.ask(words[1:], given)
        if not pid:
            start(*arguments)
            return
        self.pid, self._child_created = pid, True
        pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        self._close_pipe_fds(*(given[pipe] for pipe in pipes))  # type: ignore[attr-defined]


class Studios(Forked):
    """A Popen that forks what a studio starts: workers, players, and what hears MIDI; nothing else."""

    kinds = tuple(("-m", module) for module in (WORKER, *HANDS))


def name_of(home: str) -> str:
    """Return the name of processes with this HARDCORE_HOME that were forked: of those the system shows no variables."""
    return f"h-{sha256(home.encode()).hexdigest()[:12]}"


def run(words: Sequence[str], timeout: float, **options: Any) -> "subprocess.CompletedProcess[Any]":
    """Run a command as `subprocess.run` does, forked where that can be. Raises TimeoutExpired."""
    with Forked(words, **options) as process:
        try:
            out, errors = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
        return subprocess.CompletedProcess(words, process.returncode, out, errors)


class _Forking:
    """The process that forks; it ends with this one. Until it has loaded all, what is asked for is started as ever."""

    def __init__(self) -> None:
        self._connection: socket.socket | None = None
        self._is_ready = False
        self._lock = threading.Lock()

    def take(self, connection: socket.socket) -> None:
        """Ask the process at the other end of a connection from now on."""
        self._connection, self._is_ready = connection, True

    def begin(self) -> None:
        """Start it, unless it was started."""
        if self._connection is None:
            self._connection, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, "-m", "tests.forking", str(there.fileno())]
            environment = {**os.environ, **CALM, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
            Popen(command, cwd=ROOT, env=environment, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL)
            there.close()

    def ask(self, words: Sequence[str], given: Mapping[str, Any]) -> int:
        """Return the number of a new process, 0 when there is none. `given` are the arguments of `_execute_child`."""
        environment = os.environ if given["env"] is None else given["env"]
        question = {
            "words": words, "environment": dict(environment), "folder": str(given["cwd"] or Path.cwd()),
            "apart": bool(given["start_new_session"]),
        }  # fmt: skip
        streams = (given["p2cread"], given["c2pwrite"], given["errwrite"])
        descriptors = [own if stream == -1 else stream for own, stream in enumerate(streams)]
        with self._lock:
            self.begin()
            assert self._connection is not None
            if not self._is_ready and not select.select([self._connection], [], [], 0)[0]:
                return 0
            self._is_ready = self._is_ready or bool(self._connection.recv(LONGEST))
            if not self._is_ready:
                return 0
            socket.send_fds(self._connection, [json.dumps(question).encode()], descriptors)
            return int(self._connection.recv(LONGEST) or b"0")


FORKING = _Forking()


def _serve(connection: socket.socket) -> Callable[[], None]:
    """Answer until nobody asks, and end; in a process that was forked, return what it is to run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a run that is stopped closes the connection
    while True:
        data, descriptors, _, _ = socket.recv_fds(connection, LONGEST, 3)
        if not data:
            os._exit(0)
        if _fork():
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            return _become(json.loads(data), descriptors, connection)


def _fork() -> int:
    """Fork, as `os.fork` does, into a child of the process that started this one."""
    ctypes.pythonapi.PyOS_BeforeFork()
    pid: int = ctypes.PyDLL(None).syscall(CLONE, CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    if pid:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    return pid


def _become(asked: Mapping[str, Any], descriptors: Sequence[int], connection: socket.socket) -> Callable[[], None]:
    """Make this process what `subprocess` would have started, say so, and return what it runs."""
    if asked["apart"]:
        os.setsid()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if asked["apart"] and os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(asked["environment"])
    _call_it(name_of(os.environ.get("HARDCORE_HOME", "")))
    os.chdir(asked["folder"])
    sys.path[1:1] = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place not in sys.path]
    tempfile.tempdir = None
    random.seed()
    for name, mode, buffering in (("stdin", "r", -1), ("stdout", "w", -1), ("stderr", "w", 1)):
        old = getattr(sys, f"__{name}__")
        new = open(old.fileno(), mode, buffering, encoding="utf-8", errors=old.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that nohup started ignore it, and so would this
    connection.send(str(os.getpid()).encode())
    connection.close()
    how, what, *words = asked["words"]
    if how == "-c":
        sys.argv = [how, *words]
        return _with_studios(lambda: exec(compile(what, "<string>", "exec"), {"__name__": "__main__"}))  # noqa: S102
    sys.argv = [what, *words]
    if what == PROGRAM:
        return _with_studios(import_module("hardcore.__main__").main)
    main = import_module(what).main
    return lambda: os._exit(main()) if what in HANDS else main(words)


def _with_studios(main: Callable[[], None]) -> Callable[[], None]:
    """Return `main`, for a program whose studios have a forking process of their own; in that, what it has forked."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if not os.fork():
        here.close()
        _call_it(FORKS)
        return _serve(there)
    there.close()
    FORKING.take(here)
    subprocess.Popen = Studios  # type: ignore[misc]
    return main


def _call_it(name: str) -> None:
    """Give this process a name, which `/proc` shows."""
    ctypes.CDLL(None).prctl(SET_NAME, name.encode(), 0, 0, 0)


def _load() -> None:
    from hardcore.surfaces.repl.line_input import warm

    with tempfile.TemporaryDirectory() as home:
        os.environ["HARDCORE_HOME"] = home
        warm()
    for module in (*LOADED, WORKER, *HANDS):
        import_module(module)
    gc.collect()
    gc.freeze()


def _main() -> None:
    _call_it(FORKS)
    _load()
    connection = socket.socket(fileno=int(sys.argv[1]))
    try:
        connection.send(b"ready")
    except OSError:  # nobody is there any more
        os._exit(0)
    run = _serve(connection)
    status = 0
    try:
        run()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    _main()
