"""A virtual terminal: the real program in a child process on a pseudo-terminal, its screen read back with pyte."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

import pyte

from tests.warm import warm

PATIENCE_S = 20.0
ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "enter": "\r", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "esc": "\x1b", "backspace": "\x7f", "s-tab": "\x1b[Z", "s-up": "\x1b[1;2A", "space": " ", "delete": "\x1b[3~",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
    "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~", "a-right": "\x1b[1;3C", "c-left": "\x1b[1;5D",
    "paste": "\x1b[200~", "/paste": "\x1b[201~",
}  # fmt: skip
COLOR = re.compile(rb"\x1b\[[\d;]*m")


def cpu_s(process: int) -> float:
    """Return the processor time a process has taken, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Screen(pyte.Screen):
    """A pyte screen that answers the questions a program asks its terminal, and keeps the lines that did not change.

    pyte itself puts every line together from its cells whenever it is asked, which takes most of a test's time.
    """

    answer: Callable[[bytes], object] = staticmethod(lambda data: None)

    def __init__(self, columns: int, lines: int) -> None:
        self._rows: dict[int, str] = {}
        super().__init__(columns, lines)

    def rows(self) -> list[str]:
        """Return the lines, without spaces at their ends."""
        for row in {*self.dirty, *range(len(self._rows), self.lines)}:
            # what a wide character covers is an empty cell
            self._rows[row] = "".join(self.buffer[row][column].data for column in range(self.columns)).rstrip()
        self.dirty.clear()
        return [self._rows[row] for row in range(self.lines)]

    def write_process_input(self, data: str) -> None:
        self.answer(data.encode())


class Process(Protocol):
    """The program."""

    pid: int

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Return its exit status once it has ended. Raises TimeoutExpired."""


class Terminal:
    """`python -m hardcore` (or other `words`) on a terminal of its own; every wait ends after PATIENCE_S."""

    def __init__(
        self,
        home: Path,
        *words: str,
        columns: int = 100,
        rows: int = 30,
        environment: dict[str, str] | None = None,
        program: tuple[str, ...] = ("-m", "hardcore"),
        folder: Path | None = None,
    ) -> None:
        self.raw = b""
        self.screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = os.openpty()
        self.screen.answer = lambda data: os.write(self._master, data)
        self._size(columns, rows)
        unset = ("NO_COLOR", "COLUMNS", "LINES", "TERM", "PROMPT_TOOLKIT_COLOR_DEPTH")
        variables = {name: value for name, value in os.environ.items() if name not in unset}
        variables |= {
            "HARDCORE_HOME": str(warm(home)),
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
        }
        self._program = program
        self.process = self._started(words, slave, variables | (environment or {}), folder or home)
        os.close(slave)

    def _started(self, words: Sequence[str], slave: int, variables: Mapping[str, str], folder: Path) -> Process:
        return subprocess.Popen(
            [sys.executable, *self._program, *words],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=folder, env=variables,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size, as a window that is dragged."""
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    def type(self, text: str) -> None:
        """Press keys: `<enter>`, `<tab>`, `<up>`, `<c-z>`, `<paste>` … `</paste>`; everything else as it is."""

        def key(match: re.Match[str]) -> str:
            name = match[1]
            return chr(ord(name[2]) - 96) if re.fullmatch("c-[a-z]", name) else KEYS[name]

        os.write(self._master, re.sub(r"<([a-z/\d-]+)>", key, text).encode())

    def contents(self) -> str:
        """Return what is on the screen, without spaces at the ends of lines."""
        return "\n".join(self.screen.rows()).rstrip()

    def read(self, seconds: float) -> bool:
        """Take in what the program writes within `seconds`; returns whether there was something."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the program is gone
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def wait(self, *wanted: str, gone: str | None = None) -> str:
        """Return the screen once it shows all of `wanted` and not `gone`. Raises AssertionError with what it shows."""
        end = time.monotonic() + PATIENCE_S
        while True:
            shown = self.contents()
            if all(text in shown for text in wanted) and (gone is None or gone not in shown):
                return shown
            left = end - time.monotonic()
            if left <= 0 or (not self.read(min(left, 0.5)) and self.process.poll() is not None and not self.read(0.1)):
                shown = self.contents()
                if all(text in shown for text in wanted) and (gone is None or gone not in shown):
                    return shown
                raise AssertionError(
                    f"waited for {wanted}{f' without {gone}' if gone else ''}, the screen shows:\n{shown}"
                )

    def run(self, line: str, *wanted: str, gone: str | None = None) -> str:
        """Type a line and Enter, and return the screen once `wanted` is on it, and not `gone`."""
        self.type(line + "<enter>")
        return self.wait(*wanted, gone=gone)

    def settle(self, is_so: Callable[[], bool]) -> None:
        """Return once `is_so`. Raises AssertionError with what the screen shows."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, f"the screen shows:\n{self.contents()}"
            self.read(0.05)

    def ended(self) -> int:
        """Return the exit status, once the program has ended by itself."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still running; the screen shows:\n{self.contents()}"
            self.read(0.05)
        while self.read(0.1):
            pass
        return self.process.wait()

    def echoes(self) -> bool:
        """Return whether the terminal is as programs expect it: it echoes keys and gives whole lines."""
        flags = termios.tcgetattr(self._master)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON)

    def has_color(self) -> bool:
        """Return whether any escape sequence so far set a colour."""
        codes = {code for found in COLOR.findall(self.raw) for code in found[2:-1].split(b";")}
        return any(
            code.isdigit() and (30 <= int(code) <= 49 or 90 <= int(code) <= 107) for code in codes - {b"39", b"49"}
        )

    def hang_up(self) -> int:
        """Close the window, and return the exit status of the program."""
        os.close(self._master)
        self._master = -1
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """End the program, whatever it does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
