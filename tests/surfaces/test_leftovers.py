"""What a run leaves to be recovered: nothing of one line that ended well, a few scripts, all that was cut off."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.store.leftovers import recoverable
from hardcore.store.working_copy import KEPT_ENDED
from hardcore.surfaces.answers import bug
from hardcore.surfaces.cli import main


def ran(*arguments: str, lines: str = "") -> int:
    """Return the exit status of a run."""
    return main(arguments, open_project, io.StringIO(lines), io.StringIO(), io.StringIO())


def test_a_line_that_ended_well_leaves_nothing(tmp_path: Path) -> None:
    assert ran("do", "acid 130 bpm, 1 bar --seed 3") == 0
    assert ran("render", "acid 130 bpm, 1 bar", "-o", str(tmp_path / "acid.mid")) == 0
    assert ran("render", "acid 130 bpm, 1 bar", "-o", str(tmp_path / "acid.xyz")) == 1
    assert recoverable() == []


def test_of_scripts_the_newest_few_are_left() -> None:
    for number in range(KEPT_ENDED + 3):
        wrong = number % 2
        assert ran(lines=f'/title "script {number}"\n' + "/nothing\n" * wrong) == wrong
    with open_studio() as studio:
        studio.do("/title python")
    newest = {f"script {number}" for number in range(4, KEPT_ENDED + 3)}
    assert {left.title for left in recoverable()} == {"python"} | newest


def test_a_script_never_pushes_out_what_was_cut_off_or_recovered(home: Path) -> None:
    with open_project(None) as studio:
        studio.controller.edit("by hand", lambda project: project.evolve(title="by hand"))
    assert ran("do", "/recover 1") == 0
    for _ in range(KEPT_ENDED + 2):
        ran(lines="/tempo 130\n")
    assert ran(lines="/recover 6\n/tempo 99\n") == 0
    for _ in range(KEPT_ENDED + 2):
        ran(lines="/tempo 130\n")
    assert "by hand" in [left.title for left in recoverable()]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed")
def test_a_script_that_was_killed_is_left_whole(home: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "hardcore"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert running.stdin is not None and running.stdout is not None
    running.stdin.write("/title killed\n")
    running.stdin.flush()
    assert "killed" in running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=10)
    running.stdin.close()
    running.stdout.close()
    assert [left.title for left in recoverable()] == ["killed"]


def test_a_saved_line_keeps_its_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "song.hcs"
    assert ran("do", "acid 130 bpm, 1 bar --seed 3", "--create", "--project", str(file)) == 0
    assert file.exists() and recoverable() == []


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of files there")
def test_nobody_else_may_read_what_lies_in_the_state_folder(home: Path) -> None:
    loose = os.umask(0o000)
    try:
        with open_project(None) as studio:
            studio.controller.edit("by hand", lambda project: project.evolve(title="by hand"))
            studio.controller.flush()
            bug(ValueError("x"), io.StringIO())
            found = {path: path.stat().st_mode & 0o777 for path in (home / "state").rglob("*")}
    finally:
        os.umask(loose)
    names = {path.name for path in found}
    assert {"journal.hcs", "journal.hcs-wal", "journal.hcs-shm", "journal.hcs.lock", "errors.log"} <= names
    assert [str(path) for path, mode in found.items() if mode & 0o077] == []
