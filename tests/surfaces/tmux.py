"""A terminal as people have it: tmux, a server of its own, the program in its only window."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import pytest

from tests.warm import warm

PATIENCE_S = 60.0
LOOK_S = 0.05
ROOT = Path(__file__).resolve().parents[2]
UNSET = ("NO_COLOR", "COLUMNS", "LINES", "TMUX", "TMUX_PANE", "PROMPT_TOOLKIT_COLOR_DEPTH")

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not here")


class Tmux:
    """A shell in tmux, and what stands on its screen; every wait ends after PATIENCE_S."""

    def __init__(self, home: Path, variables: Mapping[str, str], columns: int = 110, rows: int = 40) -> None:
        # A socket's path may have 107 bytes, which the folders of tests may exceed.
        self._folder = tempfile.mkdtemp(prefix="hardcore-tmux-")
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        own = {"HARDCORE_HOME": str(warm(home)), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        self._variables = kept | own | dict(variables) | {"TMUX_TMPDIR": self._folder}
        size = ("-x", str(columns), "-y", str(rows))
        self._tmux("-u", "-f", os.devnull, "new-session", "-d", *size, "-c", str(home), "sh")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", *words], env=self._variables, capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
        return done.stdout

    @property
    def shell(self) -> int:
        """Return the process id of the shell."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def start(self, *words: str) -> None:
        """Start `hardcore` from the shell."""
        self.run(" ".join([sys.executable, "-m", "hardcore", *words]))

    def run(self, line: str) -> None:
        """Type a line, and Enter."""
        self._tmux("send-keys", "-l", line)
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys, by the names that tmux has for them."""
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._tmux("capture-pane", "-p")

    def wait(self, *wanted: str) -> str:
        """Return the screen once each pattern of `wanted` is found on it. Raises AssertionError with what it shows."""
        return self.settle(lambda screen: all(re.search(text, screen) for text in wanted), str(wanted))

    def settle(self, is_so: Callable[[str], object], what: str) -> str:
        """Return the screen once it `is_so`. Raises AssertionError with what it shows."""
        end = time.monotonic() + PATIENCE_S
        while not is_so(shown := self.screen()):
            assert time.monotonic() < end, f"waited for {what}, the screen shows:\n{shown}"
            time.sleep(LOOK_S)
        return shown

    def close(self) -> None:
        """End the server, and with it whatever runs in its window."""
        with contextlib.suppress(subprocess.SubprocessError):
            self._tmux("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
