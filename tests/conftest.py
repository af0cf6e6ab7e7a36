"""What every test has: an empty home of its own, patient hypothesis, no colour. And what holds for a whole run."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.effort import IS_SOAK
from tests.forking import FORKING, IS_POSSIBLE, Studios
from tests.scheduling import Scheduling
from tests.skips import pytest_sessionfinish as pytest_sessionfinish
from tests.skips import pytest_terminal_summary as pytest_terminal_summary

# Two busy cores make deadlines a lottery; timing never gates a test. The ordinary run tries the same examples each
# time, so that what passes in one clone passes in the next; `make soak` tries others every time.
settings.register_profile("patient", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None)
settings.load_profile("soak" if IS_SOAK else "patient")

# Every test that opens a project waits for the disk: where the system keeps a folder in memory, with room, the files of
# tests lie there.
MEMORY, ROOM_BYTES = Path("/dev/shm"), 2 << 30
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY)

# Ten thousand tests are made and stay: looking for garbage among them takes seconds.
gc.disable()

# Where this is set, each of the many processes that tests start compiles the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What the studios of this process start is forked.
subprocess.Popen = Studios  # type: ignore[misc]
if IS_POSSIBLE and "PYTEST_XDIST_WORKER" in os.environ:  # of a whole run: it loads while tests are collected
    FORKING.begin()


def pytest_collection_finish() -> None:
    """Look for garbage again, from here on in what the tests make, and seldom: a tenth of a test's time went there."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Return who says which worker runs what."""
    return Scheduling(config, log)


HOMES = count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty folder that holds everything the program keeps for its user; no studio is left open in it."""
    # a name of its own: to find the next free number, pytest would look through thousands
    folder = tmp_path_factory.mktemp(f"home-{next(HOMES)}", numbered=False)
    monkeypatch.setenv("HARDCORE_HOME", str(folder))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("HARDCORE_RENDER_RATE", "HARDCORE_SCREEN_COLOR"):
        monkeypatch.delenv(name, raising=False)
    before = journals()
    yield folder
    assert journals() <= before, "a studio is left open, with its files and its journal's thread"


def journals() -> set[threading.Thread]:
    """Return the threads that write steps; each open project has one."""
    return {thread for thread in threading.enumerate() if thread.name == "journal"}
