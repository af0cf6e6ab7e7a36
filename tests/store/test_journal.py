"""The journal: durable after flush, cheap to append to, patient with a full disk."""

import asyncio
import random
import sqlite3
import sys
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import UserError
from hardcore.store import schema
from hardcore.store.project_file import create, open_project, recover, recoverable
from hardcore.store.rows import plain
from tests.song import studio_with_song
from tests.store.child import fill, fingerprint
from tests.store.processes import heard, running
from tests.store.samples import song, wander


def _steps(file: Path) -> list[int]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [number for (number,) in connection.execute("SELECT number FROM steps ORDER BY number")]
    finally:
        connection.close()


def test_after_a_flush_every_step_can_be_read_by_others() -> None:
    opened = create(state=song())
    for count in (1, 1, 5):
        wander(opened, random.Random(count), count)
        opened.flush()
        assert _steps(opened.copy.file) == list(range(opened.history.last + 1))
        assert opened.journal.acknowledged == opened.history.last
    opened.close(keep=False)


def test_a_commit_is_on_the_disk_before_it_returns() -> None:
    opened = create(state=song())
    opened.flush()
    connection = schema.open_working(opened.copy.file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "2 is FULL"
    connection.close()
    opened.close()


def test_a_step_is_written_once_however_often_it_is_flushed() -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 3)
    opened.flush()
    opened.flush()
    assert _steps(opened.copy.file) == [0, 1, 2, 3]
    opened.close(keep=False)


def test_a_busy_disk_is_told_when_the_patience_ends_and_the_step_is_written_later() -> None:
    opened = create(state=song())
    opened.flush()
    other = sqlite3.connect(opened.copy.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    wander(opened, random.Random(1), 1)
    with pytest.raises(UserError, match="not written yet"):
        opened.flush(timeout=0.05)
    assert opened.journal.acknowledged == 0
    other.execute("COMMIT")
    other.close()
    opened.flush()
    assert opened.journal.acknowledged == 1
    opened.close(keep=False)


def test_the_loop_goes_on_while_an_answer_waits_for_the_disk() -> None:
    studio = studio_with_song()
    controller = studio.controller
    controller.flush()
    other = sqlite3.connect(controller._opened.copy.file, isolation_level=None)

    async def edited() -> None:
        other.execute("BEGIN IMMEDIATE")
        answer = asyncio.ensure_future(run_line(studio, "/gain kick -3", Caller()))
        while controller.history.last == 1:
            await asyncio.sleep(0)
        look = await run_line(studio, "/info", Caller())
        assert look is not None and not answer.done(), "the edit is there, and not yet acknowledged"
        other.execute("COMMIT")
        await answer

    asyncio.run(edited())
    other.close()
    assert controller._opened.journal.acknowledged == 2
    studio.close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file size are a Unix thing")
def test_a_full_disk_loses_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "saved.hcs"
    with running(fill, str(home), str(file)) as (_, wire):
        words, acknowledged, last, kept = heard(wire)
        assert len(words) == 3
        assert all("not on the disk" in line and "\n" not in line for line in words)
        assert acknowledged < last
        assert heard(wire) is False, "a save takes in what the journal could not write"
        assert heard(wire) == last, "with room again, the journal catches up"
        with pytest.raises(EOFError):
            heard(wire)
    opened = open_project(file)
    assert {number: fingerprint(opened.history.state(number)) for number in opened.history.steps} == kept
    opened.close()
    again = recover(recoverable()[0])
    assert {number: fingerprint(again.history.state(number)) for number in kept} == kept
    assert again.history.last > last
    again.close(keep=False)


def test_a_label_cannot_steer_the_terminal_or_break_the_file(tmp_path: Path) -> None:
    opened = create(state=song())
    bad = "a\x1b]0;title\x07\nb\ud800c" + "x" * 10_000
    opened.append(opened.history.push(opened.history.state().evolve(title="b"), bad, "\x00", float("nan")))
    opened.save(tmp_path / "a.hcs")
    opened.close()
    again = open_project(tmp_path / "a.hcs")
    step = again.history.steps[1]
    assert step.label.isprintable()
    assert step.label.startswith("a ]0;title  b c")
    assert (step.author, step.at) == ("", 0.0)
    again.close()
    assert plain("gain of kick – é 日本") == "gain of kick – é 日本"
