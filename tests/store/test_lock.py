"""One opener at a time, whatever becomes of it."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.engine.capabilities import obey_modes
from hardcore.errors import UserError
from hardcore.store import lock as lock_module
from hardcore.store.lock import Lock
from hardcore.store.project_file import create, open_project
from tests.store.child import hold, hold_project
from tests.store.processes import heard, running
from tests.store.samples import saved, song

forked = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")


@forked
def test_a_second_opener_is_told_which_process_has_the_file(tmp_path: Path) -> None:
    with running(hold, str(tmp_path / "a.hcs")) as (_, wire):
        holder = heard(wire)
        with pytest.raises(UserError, match=rf"a\.hcs is open in process {holder}$"):
            Lock.acquire(tmp_path / "a.hcs")


@forked
def test_a_kill_frees_the_lock(tmp_path: Path) -> None:
    with running(hold, str(tmp_path / "a.hcs")) as (process, wire):
        heard(wire)
        process.kill()
        process.join()
        Lock.acquire(tmp_path / "a.hcs").release()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_exclusive_within_a_process_too_and_free_after_release(tmp_path: Path) -> None:
    lock = Lock.acquire(tmp_path / "a.hcs")
    with pytest.raises(UserError, match="is open in this program"):
        Lock.acquire(tmp_path / "a.hcs")
    lock.release()
    lock.release()
    Lock.acquire(tmp_path / "a.hcs").release()


def test_a_lock_on_a_file_that_its_holder_removed_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, calls = lock_module._opened, list[int]()

    def open_then_lose(side: Path, path: Path, hint: str) -> int:
        fd = opened(side, path, hint)
        if not calls:
            side.unlink()  # the holder before let go between our open and our lock
        calls.append(fd)
        return fd

    monkeypatch.setattr(lock_module, "_opened", open_then_lose)
    lock = Lock.acquire(tmp_path / "a.hcs")
    with pytest.raises(UserError):
        Lock.acquire(tmp_path / "a.hcs")
    lock.release()


@forked
def test_a_project_open_elsewhere_can_be_read_but_not_written(home: Path, tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    (tmp_path / "link.hcs").symlink_to(file)
    with running(hold_project, str(home), str(file)) as (_, wire):
        holder = heard(wire)
        for name in ("a.hcs", "link.hcs"):
            with pytest.raises(UserError, match=f"process {holder}") as caught:
                open_project(tmp_path / name)
            assert "read-only" in caught.value.hint
        opened = open_project(file, read_only=True)
        with pytest.raises(UserError, match="read-only"):
            opened.save()
        with pytest.raises(UserError, match="read-only"):
            opened.save(file)
        opened.save(tmp_path / "b.hcs")
        assert not opened.read_only
        opened.close()
        with pytest.raises(UserError, match=f"process {holder}"):
            opened = open_project(tmp_path / "b.hcs")
            try:
                opened.save(file)
            finally:
                opened.close()


def obedient(work: Callable[[], None]) -> None:
    """Do something in a thread that no mode lets through, whoever runs the tests."""

    def run() -> None:
        obey_modes()
        work()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o600, 0o500), (0o400, 0o700)])
def test_what_may_not_be_written_is_opened_read_only_and_told(
    home: Path, tmp_path: Path, file_mode: int, folder_mode: int
) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    file = saved(folder / "a.hcs")
    before = file.read_bytes()
    file.chmod(file_mode)
    folder.chmod(folder_mode)

    def look() -> None:
        opened = open_project(file)
        assert opened.read_only and opened.news() == "a.hcs may not be written: it is open read-only"
        assert opened.news() == ""
        opened.close()
        with open_studio() as studio:
            studio.do(f"/open {file}")
            assert studio.do("/info").text().startswith("song: 120 bpm")
        other = create(state=song())
        with pytest.raises(UserError, match=r"a\.hcs (may not|cannot) be"):
            other.save(file)
        other.close()

    try:
        obedient(look)
        assert file.read_bytes() == before
    finally:
        folder.chmod(0o700)
