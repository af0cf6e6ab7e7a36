"""Saving replaces a file in one step, and keeps the one before."""

import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.store import schema
from hardcore.store.opened import Opened
from hardcore.store.project_file import create, open_project
from tests.store.samples import saved, song, wander


def _edited(file: Path, steps: int = 2) -> Opened:
    opened = open_project(file)
    wander(opened, random.Random(9), steps)
    return opened


def test_the_version_before_is_kept(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    first = file.read_bytes()
    opened = _edited(file)
    opened.save()
    opened.close()
    assert (tmp_path / "a.hcs~").read_bytes() == first
    assert file.read_bytes() != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.hcs", "a.hcs~"]
    shutil.copy(tmp_path / "a.hcs~", tmp_path / "b.hcs")
    before = open_project(tmp_path / "b.hcs")
    assert before.history.last == 6
    before.close()


def test_what_someone_else_made_of_the_file_is_kept_and_named(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    for name in ("a.theirs.hcs", "a.theirs-2.hcs"):
        opened = _edited(file)
        shutil.copy(saved(tmp_path / "b.hcs", steps=3, seed=7), tmp_path / "c.hcs")
        foreign = (tmp_path / "c.hcs").read_bytes()
        (tmp_path / "c.hcs").replace(file)
        opened.save()
        assert opened.theirs == tmp_path / name
        assert opened.theirs.read_bytes() == foreign
        opened.save()
        assert opened.theirs is None, "it is told once"
        opened.close()
        again = open_project(file)
        assert again.history.state() == opened.history.state()
        again.close()
        (tmp_path / "b.hcs").unlink()
    theirs = open_project(tmp_path / "a.theirs.hcs", read_only=True)
    assert theirs.history.last == 3
    theirs.close()


def test_save_says_that_someone_else_had_changed_the_file(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    with open_studio() as studio:
        studio.do(f"/open {file}")
        studio.do("/tempo 99")
        saved(tmp_path / "b.hcs", seed=7).replace(file)
        answers = [studio.do("/save"), studio.do("/save")]
    texts = [answer.text() for answer in answers if answer is not None]
    assert texts[0].endswith("a.hcs; someone else had changed it: their version is kept as a.theirs.hcs")
    assert texts[1] == f"saved {file}"


def test_a_file_that_appeared_under_the_name_of_a_new_project_is_kept(tmp_path: Path) -> None:
    opened = create(tmp_path / "a.hcs", song())
    foreign = saved(tmp_path / "b.hcs").read_bytes()
    (tmp_path / "a.hcs").write_bytes(foreign)
    opened.save()
    opened.close()
    assert (tmp_path / "a.theirs.hcs").read_bytes() == foreign


def test_a_file_that_was_only_copied_back_was_not_changed(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = _edited(file)
    shutil.copy(file, tmp_path / "b.hcs")
    (tmp_path / "b.hcs").replace(file)
    opened.save()
    assert opened.theirs is None
    opened.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.hcs", "a.hcs~"]


def test_a_save_that_fails_leaves_the_file_of_someone_else_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = _edited(file)
    foreign = saved(tmp_path / "b.hcs", seed=8).read_bytes()
    (tmp_path / "b.hcs").replace(file)
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", 1)
    with pytest.raises(UserError):
        opened.save()
    opened.close(keep=False)
    assert file.read_bytes() == foreign
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.hcs"]


def test_saving_again_without_an_edit_gives_the_same_bytes(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    opened.save()
    opened.close()
    again = open_project(file)
    again.save(tmp_path / "b.hcs")
    again.close()
    assert file.read_bytes() == (tmp_path / "a.hcs~").read_bytes() == (tmp_path / "b.hcs").read_bytes()


def test_a_saved_file_is_one_plain_database_without_traces_of_this_machine(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    assert os.fsencode(str(tmp_path)) not in file.read_bytes()
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT key FROM meta ORDER BY key").fetchall() == [("at",), ("highest_id",)]
    connection.close()


def test_save_as_goes_on_in_the_new_file(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = _edited(file)
    first = file.read_bytes()
    opened.save(tmp_path / "b.hcs")
    assert opened.path == tmp_path / "b.hcs"
    open_project(file).close()
    with pytest.raises(UserError, match="is open in this program"):
        open_project(tmp_path / "b.hcs")
    opened.close()
    assert file.read_bytes() == first


def test_what_a_save_cut_off_left_is_swept_up_and_nothing_else(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    kept = [".a.hcs.x.tmp", ".b.hcs.12.tmp", "a.hcs.12.tmp", ".a.hcs.12.tmp.wav"]
    for name in (".a.hcs.4711.tmp", ".a.hcs.47110.tmp", *kept):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".a.hcs.5.tmp").mkdir()
    open_project(file).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, "a.hcs", ".a.hcs.5.tmp"])


def test_a_save_sweeps_too(tmp_path: Path) -> None:
    (tmp_path / ".a.hcs.4711.tmp").write_bytes(b"half")
    saved(tmp_path / "a.hcs")
    assert [path.name for path in tmp_path.iterdir()] == ["a.hcs"]


def test_the_file_is_on_the_disk_before_it_gets_its_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = _edited(file)
    opened.flush()
    before, synced, sync = file.stat().st_ino, [], os.fsync

    def watched(fd: int) -> None:
        synced.append((os.fstat(fd).st_ino, file.stat().st_ino == before))
        sync(fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", watched)
        opened.save()
    assert synced == [(file.stat().st_ino, True), (tmp_path.stat().st_ino, False)]
    opened.close()


def test_a_failed_save_leaves_the_file_and_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path / "a.hcs")
    first = file.read_bytes()
    opened = _edited(file)

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match=r"a\.hcs is not saved: no space left"):
            opened.save()
    assert file.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.hcs", "a.hcs.lock"]
    assert opened.unsaved
    opened.save()
    assert not opened.unsaved
    opened.close()


def test_a_file_that_is_no_project_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"RIFF")
    (tmp_path / "folder").mkdir()
    opened = create(state=song())
    for name, words in {
        "song.wav": "not a hardcore project: it is not overwritten",
        "folder": "is a folder",
        "no/song.hcs": "no folder",
        "nul\0": "usable name",
    }.items():
        with pytest.raises(UserError, match=words):
            opened.save(tmp_path / name)
    with pytest.raises(UserError, match="no file yet"):
        opened.save()
    opened.close(keep=False)
    assert (tmp_path / "song.wav").read_bytes() == b"RIFF"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "song.wav"]


def test_a_link_stays_a_link_and_a_mode_stays_a_mode(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    file = saved(tmp_path / "real" / "a.hcs")
    file.chmod(0o640)
    (tmp_path / "link.hcs").symlink_to(file)
    opened = _edited(tmp_path / "link.hcs")
    opened.save()
    opened.close()
    assert (tmp_path / "link.hcs").is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "real" / "a.hcs~").exists()
    assert not (tmp_path / "link.hcs~").exists()


def test_a_planted_link_in_the_place_of_the_temporary_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    file = saved(tmp_path / "a.hcs")
    (tmp_path / f".a.hcs.{os.getpid()}.tmp").symlink_to(victim)
    opened = _edited(file)
    opened.save()
    opened.close()
    assert victim.read_bytes() == b"mine"
    assert not file.is_symlink()
