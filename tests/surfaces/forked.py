"""Terminals whose program is forked from one that has loaded it (tests/forking.py).

How a program starts from its very beginning is tested with `Terminal`, which starts Python anew.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.forking import Forked
from tests.surfaces.screen import Process, Terminal


class ForkedTerminal(Terminal):
    """A terminal with a program that is loaded already."""

    def _started(self, words: Sequence[str], slave: int, variables: Mapping[str, str], folder: Path) -> Process:
        return Forked(
            [sys.executable, *self._program, *words],
            stdin=slave, stdout=slave, stderr=subprocess.STDOUT, start_new_session=True, cwd=folder, env=variables,
        )  # fmt: skip
