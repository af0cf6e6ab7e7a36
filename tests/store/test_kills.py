"""A writer is killed at random moments; nothing it acknowledged is ever missing."""

import os
import random
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from hardcore.project.integrity import check
from hardcore.store import schema
from hardcore.store.project_file import open_project, recover, recoverable
from tests.effort import IS_SOAK
from tests.store.child import SMALL_BYTES, command, crowd, fingerprint, placed, work
from tests.store.processes import heard, running

ROUNDS = int(os.environ.get("HARDCORE_KILLS", "100"))
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
    pytest.mark.timeout(600),
]


def _kill(home: Path, file: Path, rng: random.Random) -> tuple[dict[int, str], int, set[str]]:
    """Return the steps a child acknowledged, and the last that it saved, after it was killed at a random moment.

    And where the heads may stand then: where it was last acknowledged, or told since; nothing where none was.
    """
    steps: dict[int, str] = {}
    places: dict[int, str] = {}
    saved, sure = -1, 0

    def take(wire: Connection) -> str:
        nonlocal saved, sure
        kind, number, print_of_it = heard(wire)
        if kind == "saved":
            saved = number
        elif kind == "place":
            places[number] = print_of_it
        elif kind == "placed":
            sure = number
        else:
            steps[number] = print_of_it
        return str(kind)

    with running(work, str(home), str(file), rng.randrange(2**32)) as (process, wire):
        least = rng.randrange(2, 12)
        while least > 0:
            least -= take(wire) != "place"
        if rng.random() < 0.7:
            wire.poll(rng.random() * 0.003)
        process.kill()
        process.join()
        try:
            while True:
                take(wire)
        except EOFError:
            return steps, saved, {place for number, place in places.items() if number >= sure > 0}


def _rounds(home: Path, tmp_path: Path, count: int) -> None:
    rng, file = random.Random(11), tmp_path / "song.hcs"
    for number in range(count):
        steps, saved, places = _kill(home, file, rng)
        left = recoverable()
        # with nothing left it was killed just after a save: the file has everything
        opened = recover(left[0]) if left else open_project(file)
        history = opened.history
        assert steps.keys() <= history.steps.keys()
        assert not places or placed(history) in places
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


def _crowded(home: Path, tmp_path: Path, count: int) -> int:
    """Kill what fills, saves and compacts a project so many times; return how often in the midst of a compaction."""
    rng, file, midst = random.Random(12), tmp_path / "song.hcs", 0
    for _ in range(count):
        for old in tmp_path.glob("song.before-compact*.hcs"):
            old.unlink()
        steps: dict[int, str] = {}
        last = ""
        with running(crowd, str(home), str(file), rng.randrange(2**32)) as (process, wire):
            least, wanted = rng.randrange(3, 30), rng.random() < 0.7
            while least > 0 or (wanted and last != "compacting"):
                least -= 1
                last, number, print_of_it = heard(wire)
                steps |= {number: print_of_it} if last == "step" else {}
            wire.poll(rng.random() * 0.01)
            process.kill()
            process.join()
            with suppress(EOFError):
                while True:
                    last, number, print_of_it = heard(wire)
                    steps |= {number: print_of_it} if last == "step" else {}
        midst += last == "compacting"
        left = recoverable()
        opened = recover(left[0]) if left else open_project(file)
        kept = [open_project(path, read_only=True) for path in sorted(tmp_path.glob("song.before-compact*.hcs"))]
        histories = [project.history for project in (opened, *kept)]
        for number, expected in steps.items():
            there = [history for history in histories if number in history.steps]
            assert there, f"step {number} is nowhere"
            assert all(fingerprint(history.state(number)) == expected for history in there)
        assert not steps or max(steps) in opened.history.steps, "the newest is never left out"
        check(opened.history.state())
        for project in kept:
            project.close(keep=False)
        opened.close()
    return midst


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a project file hold as little here as in the process that is killed."""
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", SMALL_BYTES)


def test_a_kill_while_a_full_project_is_compacted_loses_no_acknowledged_step(
    home: Path, tmp_path: Path, small: None
) -> None:
    assert _crowded(home, tmp_path, 12) > 0


@pytest.mark.soak
def test_two_hundred_kills_while_a_full_project_is_compacted(home: Path, tmp_path: Path, small: None) -> None:
    assert _crowded(home, tmp_path, 200) > 50


@pytest.mark.soak
def test_five_hundred_kills_lose_no_acknowledged_step(home: Path, tmp_path: Path) -> None:
    _rounds(home, tmp_path, 500)


@pytest.mark.timeout(7200)
def test_a_kill_in_any_command_loses_no_acknowledged_step(home: Path, tmp_path: Path) -> None:
    """In the soak 500 times, over all commands that are a step of the history."""
    rng, ran = random.Random(13), set[str]()
    for number in range(count := int(os.environ.get("HARDCORE_KILLS", "500" if IS_SOAK else "2"))):
        steps: dict[int, str] = {}
        with running(command, str(home), str(tmp_path / "song.hcs"), rng.randrange(2**32)) as (process, wire):
            for _ in range(rng.randrange(4, 30)):
                _note(heard(wire), steps, ran)
            wire.poll(rng.random() * 0.05)
            process.kill()
            process.join()
            with suppress(EOFError):
                while True:
                    _note(heard(wire), steps, ran)
        opened = recover(recoverable()[0])
        for step, expected in steps.items():
            assert fingerprint(opened.history.state(step)) == expected
        check(opened.history.state())
        opened.close(keep=number % 12 < 11)
    assert len(ran) > min(2 * count, 120)


def _note(told: tuple[str, int, str], steps: dict[int, str], ran: set[str]) -> None:
    kind, number, words = told
    if kind == "ran":
        ran.add(words)
    else:
        steps[number] = words
