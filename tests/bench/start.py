"""How long the program takes to be there: the first prompt on a terminal, and a sentence to a file."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.timing import Measure, median_s

SENTENCE = "dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars"
LIBRARIES = "import prompt_toolkit, rich.console, pydantic, sqlite3"
ANSI = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")
RUNS, PATIENCE_S = 9, 20.0


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times to start."""
    nothing = median_s(lambda: python("-c", "pass"), RUNS)
    libraries = median_s(lambda: python("-c", LIBRARIES), RUNS)
    until_prompt()  # the first welcome, and bytecode
    prompt = median([until_prompt() for _ in range(RUNS)])
    yield Measure("the interpreter alone", nothing, "s")
    yield Measure(
        "… with prompt_toolkit, rich, pydantic, sqlite3", libraries, "s", "the interpreter", libraries / nothing
    )
    yield Measure("cold start to the first prompt", prompt, "s", "those imports", prompt / libraries, goal=0.30)
    words = ("-m", "hardcore", "render", SENTENCE, "--seed", "7", "-o", str(folder / "a.wav"))
    whole = median_s(lambda: python(*words), 3)
    yield Measure("a sentence to a .wav, 8 bars, whole process", whole, "s", "the prompt", whole / prompt, goal=3.0)


def python(*words: str) -> None:
    """Run Python with `words` to its end, its bytecode kept as in an installed program.

    Raises RuntimeError with what it said when it fails.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *words], capture_output=True, stdin=subprocess.DEVNULL, text=True, env=kept)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")


def until_prompt() -> float:
    """Return how long the studio, started on a terminal, takes to draw its prompt, in seconds; then it is left.

    The terminal answers where its cursor is, as real ones do. Raises RuntimeError when no prompt comes.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "hardcore"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        _read_prompt(ours)
        taken = perf_counter() - start
        _leave(ours)
        child.wait(PATIENCE_S)
        return taken
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def _leave(terminal: int) -> None:
    """Press Ctrl-D and read until the studio has gone, so that it leaves no working copy behind."""
    os.write(terminal, b"\x04")
    while select.select([terminal], [], [], PATIENCE_S)[0]:
        try:
            if not os.read(terminal, 65536):
                return
        except OSError:
            return


def _read_prompt(terminal: int) -> None:
    seen, end = b"", perf_counter() + PATIENCE_S
    while perf_counter() < end:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        seen += piece
        if b"\x1b[6n" in piece:
            os.write(terminal, b"\x1b[1;1R")
        if re.search(rb"(^|[\r\n])> ", ANSI.sub(b"", seen)):
            return
    raise RuntimeError(f"no prompt appeared: {seen[-300:]!r}")
