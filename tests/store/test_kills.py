"""A writer is killed at random moments; nothing it acknowledged is ever missing."""

import os
import random
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from hardcore.project.integrity import check
from hardcore.store.project_file import open_project, recover, recoverable
from tests.store.child import fingerprint, work
from tests.store.processes import heard, running

ROUNDS = int(os.environ.get("HARDCORE_KILLS", "100"))
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
    pytest.mark.timeout(600),
]


def _kill(home: Path, file: Path, rng: random.Random) -> tuple[dict[int, str], int]:
    """Return the steps a child acknowledged, and the last that it saved, after it was killed at a random moment."""
    steps: dict[int, str] = {}
    saved = -1

    def take(wire: Connection) -> None:
        nonlocal saved
        kind, number, print_of_it = heard(wire)
        if kind == "saved":
            saved = number
        else:
            steps[number] = print_of_it

    with running(work, str(home), str(file), rng.randrange(2**32)) as (process, wire):
        for _ in range(rng.randrange(2, 12)):
            take(wire)
        if rng.random() < 0.7:
            wire.poll(rng.random() * 0.003)
        process.kill()
        process.join()
        try:
            while True:
                take(wire)
        except EOFError:
            return steps, saved


def _rounds(home: Path, tmp_path: Path, count: int) -> None:
    rng, file = random.Random(11), tmp_path / "song.hcs"
    for number in range(count):
        steps, saved = _kill(home, file, rng)
        left = recoverable()
        # with nothing left it was killed just after a save: the file has everything
        opened = recover(left[0]) if left else open_project(file)
        history = opened.history
        assert steps.keys() <= history.steps.keys()
        for step, expected in steps.items():
            assert fingerprint(history.state(step)) == expected
        check(history.state())
        if saved >= 0:
            other = open_project(file, read_only=True)
            assert other.history.last >= saved
            other.close()
        if number % 12 == 11:
            opened.close(keep=False)
            file.unlink(missing_ok=True)
        else:
            opened.close()


def test_a_killed_writer_loses_no_acknowledged_step(home: Path, tmp_path: Path) -> None:
    _rounds(home, tmp_path, ROUNDS)


@pytest.mark.soak
def test_five_hundred_kills_lose_no_acknowledged_step(home: Path, tmp_path: Path) -> None:
    _rounds(home, tmp_path, 500)
