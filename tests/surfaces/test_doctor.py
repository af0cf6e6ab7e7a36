"""`hardcore doctor --fix`: what can break in a user's folders is broken, told, and mended when it is wanted."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.mending import ABANDONED_S, faults
from hardcore.store.lock import Lock
from tests import forking
from tests.blocks import ROOT
from tests.warm import warm

pytestmark = pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")


class Home:
    """The user's folders, a folder that they are in, and one for temporary files."""

    def __init__(self, place: Path) -> None:
        self.home, self.here, self.temporary = place / "home", place / "here", place / "tmp"
        for folder in (self.here, self.temporary, *(self.home / kind for kind in ("state", "config", "data", "cache"))):
            folder.mkdir(mode=0o700, parents=True)

    def __truediv__(self, name: str) -> Path:
        return self.home / name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path)
    monkeypatch.setenv("HARDCORE_HOME", str(home.home))
    monkeypatch.setattr("tempfile.tempdir", str(home.temporary))
    monkeypatch.chdir(home.here)
    return home


def locked(home: Home) -> None:
    """Leave the lock of a process that was killed while it held it."""
    script = (
        "import os, signal; from pathlib import Path; from hardcore.store.lock import Lock; "
        "lock = Lock.acquire(Path('a.hcs').absolute()); os.kill(os.getpid(), signal.SIGKILL)"
    )
    forking.run([sys.executable, "-c", script], cwd=home.here, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60)
    assert (home.here / "a.hcs.lock").exists()


def leftover(home: Home) -> None:
    folder = home.temporary / "hardcore-render-x"
    folder.mkdir()
    (folder / "take.wav").touch()
    for path in (folder / "take.wav", folder):
        os.utime(path, (time.time() - 2 * ABANDONED_S,) * 2)


BROKEN: dict[str, tuple[Callable[[Home], object], str, Callable[[Home], bool]]] = {
    "a lock": (locked, "a.hcs.lock", lambda home: not (home.here / "a.hcs.lock").exists()),
    "open to others": (
        lambda home: (home / "state").chmod(0o755), "others may look", lambda home: mode(home / "state") == 0o700
    ),
    "closed to us": (
        lambda home: (home / "data").chmod(0o500), "you may not", lambda home: mode(home / "data") == 0o700
    ),
    "a file for a cache": (
        lambda home: ((home / "cache").rmdir(), (home / "cache").write_text("mine")),
        "is no folder",
        lambda home: (home / "cache").is_dir() and (home / "cache.aside-1").read_text() == "mine",
    ),
    "a link to nothing": (
        lambda home: ((home / "cache").rmdir(), (home / "cache").symlink_to(home / "gone")),
        "a link to nothing",
        lambda home: (home / "cache").is_dir() and (home / "cache.aside-1").is_symlink(),
    ),
    "settings": (
        lambda home: (home / "config/config.toml").write_text("[render\n"),
        "cannot be read",
        lambda home: not (home / "config/config.toml").exists()
        and (home / "config/config.toml.aside-1").read_text() == "[render\n",
    ),
    "a wrong setting": (
        lambda home: (home / "config/config.toml").write_text("[render]\nrate = 7\n"),
        "render.rate",
        lambda home: (home / "config/config.toml.aside-1").exists(),
    ),
    "temporary files": (leftover, "hardcore-render-x", lambda home: not any(home.temporary.iterdir())),
}  # fmt: skip


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_told_and_mended(what: str, home: Home) -> None:
    breaks, words, is_whole = BROKEN[what]
    assert faults() == []
    breaks(home)
    (fault,) = faults()
    assert words in fault.found
    assert not is_whole(home), "what is only told is not done"
    assert fault.mend()
    assert is_whole(home)
    assert faults() == []


def test_what_is_used_is_left_alone(home: Home) -> None:
    new = home.temporary / "hardcore-render-new"
    new.mkdir()
    (home.temporary / "hardcore-mix-link").symlink_to(home.home)
    lock = Lock.acquire(home.here / "a.hcs")
    assert faults() == []
    lock.release()
    (home.here / "b.hcs.lock").touch()
    (fault,) = faults()
    lock = Lock.acquire(home.here / "b.hcs")
    assert "stays" in fault.mend() and (home.here / "b.hcs.lock").exists()
    lock.release()


def test_a_first_start_has_no_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "new"))
    monkeypatch.chdir(tmp_path)
    assert faults() == []
    assert not (tmp_path / "new").exists()


def doctor(home: Home, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    warm(home.home)
    lines = home.home / "typed"
    lines.write_text(typed)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(home.temporary)}
    with lines.open() as stdin:
        return forking.run(
            [sys.executable, "-m", "hardcore", "doctor", *words], cwd=home.here, env=environment, stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=100,
        )  # fmt: skip


def test_each_thing_is_asked_and_the_rest_left(home: Home) -> None:
    """Also where settings that cannot be read would let no studio open."""
    for what in ("settings", "a lock", "open to others"):
        BROKEN[what][0](home)
    done = doctor(home, "--fix", typed="n\ny\n")
    assert done.stderr.count("[y/N]") == 3
    assert BROKEN["settings"][2](home)
    assert not BROKEN["open to others"][2](home) and not BROKEN["a lock"][2](home)
    assert (done.returncode, done.stdout.count("hardcore doctor --fix")) == (1, 2), done.stdout
    (home / "cache").rename(home.here / "cache")  # what is not there is made
    done = doctor(home, "--fix", "--yes")
    assert "[y/N]" not in done.stderr and "yours alone" in done.stderr
    assert BROKEN["open to others"][2](home) and BROKEN["a lock"][2](home)
    assert done.returncode == 0 and "all is well" in done.stdout and (home / "cache").is_dir(), done.stdout


def test_a_studio_mends_when_it_is_sure(home: Home) -> None:
    with open_project(None) as studio:
        BROKEN["open to others"][0](home)
        told = asyncio.run(run_line(studio, "/doctor --fix", Caller()))
        assert told is not None and "others may look" in told.text() and not BROKEN["open to others"][2](home)
        done = asyncio.run(run_line(studio, "/doctor --fix --yes", Caller()))
        assert done is not None and "yours alone" in done.text() and BROKEN["open to others"][2](home)
