"""Projects are made, opened, closed and, after a crash, recovered."""

import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.project.integrity import check
from hardcore.store.project_file import create, open_project, recover, recoverable
from hardcore.store.projects import Projects
from tests.store.child import fingerprint
from tests.store.samples import saved, song, wander


def _copies(home: Path) -> list[str]:
    work = home / "state" / "work"
    return sorted(path.name for path in work.iterdir()) if work.exists() else []


def test_a_saved_project_comes_back_with_its_history(tmp_path: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 12)
    opened.history.goto(4)
    opened.moved(4)
    wander(opened, random.Random(2), 3)
    opened.history.undo()
    opened.moved(opened.history.at)
    opened.save(tmp_path / "a.hcs")
    opened.close()
    again = open_project(tmp_path / "a.hcs")
    assert (again.path, again.read_only, again.recovered, again.unsaved) == (tmp_path / "a.hcs", False, False, False)
    assert again.history.at == 14
    assert again.history.redo().number == 15
    for number in opened.history.steps:
        assert fingerprint(again.history.state(number)) == fingerprint(opened.history.state(number))
        check(again.history.state(number))
    again.close(keep=False)


def test_states_are_loaded_only_when_someone_goes_there_and_share_their_parts(tmp_path: Path) -> None:
    opened = open_project(saved(tmp_path / "a.hcs"))
    history = opened.history
    assert [number for number, step in history.steps.items() if step.state is not None] == [6]
    assert history.state(0) == song()
    now, then = (history.state(number).tracks for number in (6, 5))
    assert any(a is b for a in now for b in then)
    opened.close()


def test_ids_go_on_rising_after_a_reopened_project_was_undone(tmp_path: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(4), 10)
    highest = opened.history.highest_id
    opened.history.goto(0)
    opened.moved(0)
    opened.save(tmp_path / "a.hcs")
    opened.close()
    again = open_project(tmp_path / "a.hcs")
    assert again.history.state().next_id < again.history.highest_id == highest
    again.close()


def test_the_file_is_untouched_until_it_is_saved(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    before, stamp = file.read_bytes(), file.stat().st_mtime_ns
    opened = open_project(file)
    wander(opened, random.Random(1), 5)
    opened.flush()
    opened.close()
    assert file.read_bytes() == before
    assert file.stat().st_mtime_ns == stamp
    assert [path.name for path in tmp_path.iterdir()] == ["a.hcs"]


def test_closing_a_saved_or_untouched_project_leaves_nothing(home: Path, tmp_path: Path) -> None:
    create().close()
    create(tmp_path / "new.hcs").close()
    open_project(saved(tmp_path / "a.hcs")).close()
    open_project(tmp_path / "a.hcs", read_only=True).close()
    opened = open_project(tmp_path / "a.hcs")
    wander(opened, random.Random(1), 2)
    opened.close(keep=False)
    assert _copies(home) == []
    assert recoverable() == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.hcs"]


def test_closing_with_unsaved_work_keeps_it_to_be_recovered(home: Path, tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    wander(opened, random.Random(1), 3)
    state = opened.history.state()
    opened.close()
    (left,) = recoverable()
    assert (left.path, left.steps, left.title) == (file, 3, state.title)
    assert left.when.startswith("1970-01-01")
    again = recover(left)
    assert (again.recovered, again.unsaved, again.path) == (True, True, file)
    assert again.history.state() == state
    assert again.saved_heads() == {"main": 6}
    assert recoverable() == [], "what is open is not offered"
    again.save()
    assert not again.recovered
    again.close()
    assert (_copies(home), recoverable()) == ([], [])
    final = open_project(file)
    assert final.history.state() == state
    final.close()


def test_a_project_that_was_never_saved_is_recovered_too() -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 2)
    opened.close()
    (left,) = recoverable()
    assert (left.path, left.steps) == (None, 2)
    again = recover(left)
    assert again.path is None
    assert again.saved_heads() is None
    again.close()
    (still,) = recoverable()
    assert still.steps == 2, "closed once more without saving, it is offered once more"
    recover(still).close(keep=False)
    with pytest.raises(UserError, match="no longer there"):
        recover(still)


def test_an_undo_that_was_not_saved_is_kept_too(tmp_path: Path) -> None:
    opened = open_project(saved(tmp_path / "a.hcs"))
    opened.history.undo()
    opened.moved(opened.history.at)
    opened.close()
    (left,) = recoverable()
    again = recover(left)
    assert again.history.at == 5
    again.close(keep=False)


def test_work_on_a_file_that_changed_meanwhile_is_recovered_without_it(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    wander(opened, random.Random(1), 1)
    opened.close()
    other = open_project(file)
    wander(other, random.Random(2), 2)
    other.save()
    other.close()
    again = recover(recoverable()[0])
    assert again.path is None
    with pytest.raises(UserError, match="no file yet"):
        again.save()
    again.close(keep=False)


def test_a_recovered_project_waits_for_its_file_to_be_free(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    wander(opened, random.Random(1), 1)
    opened.close()
    holder = open_project(file)
    (left,) = recoverable()
    with pytest.raises(UserError, match="is open in"):
        recover(left)
    holder.close()
    assert recoverable() == [left]
    recover(left).close(keep=False)


def test_a_lost_file_is_not_forgotten(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    file.unlink()
    assert opened.unsaved
    assert opened.saved_heads() is None
    opened.close()
    (left,) = recoverable()
    assert left.steps == 6
    recover(left).close(keep=False)


def test_what_a_read_only_reader_did_is_kept_apart_from_the_file(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file, read_only=True)
    wander(opened, random.Random(1), 1)
    opened.close()
    (left,) = recoverable()
    assert left.path is None
    recover(left).close(keep=False)


def test_a_new_project_does_not_take_the_place_of_a_file(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    with pytest.raises(UserError, match="there already is a file"):
        create(file)
    opened = create(tmp_path / "b.hcs", song())
    assert not (tmp_path / "b.hcs").exists()
    assert opened.saved_heads() is None
    opened.save()
    assert opened.saved_heads() == {"main": 0}
    opened.close()
    assert (tmp_path / "b.hcs").exists()


def test_a_broken_file_leaves_no_lock_and_no_copy(home: Path, tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    file.write_bytes(file.read_bytes()[:-4096])
    for _ in range(2):
        with pytest.raises(UserError, match="damaged"):
            open_project(file)
    assert _copies(home) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.hcs"]


def test_an_unreadable_working_copy_is_not_offered_but_kept_and_named(home: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 2)
    opened.close()
    (home / "state" / "work" / "0001" / "journal.hcs").write_bytes(b"x" * 5000)
    assert recoverable() == []
    (aside,) = Projects().damaged()
    assert (aside / "journal.hcs").read_bytes() == b"x" * 5000
    create().close()


def test_a_copy_that_does_not_say_what_is_saved_is_offered_whole(home: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 2)
    opened.close()
    connection = sqlite3.connect(home / "state" / "work" / "0001" / "journal.hcs", isolation_level=None)
    connection.execute("DELETE FROM meta WHERE key = 'work.saved'")
    connection.close()
    (left,) = recoverable()
    assert left.steps == 2
    assert left.damage
    recover(left).close(keep=False)


def test_what_was_cut_off_while_a_copy_was_made_is_cleared_away(home: Path) -> None:
    work = home / "state" / "work"
    (work / "0001").mkdir(parents=True)
    (work / "0002").mkdir()
    (work / "0002" / "journal.hcs.making").write_bytes(b"x" * 5000)
    (work / "note.txt").write_bytes(b"mine")
    assert recoverable() == []
    assert _copies(home) == ["note.txt"]
    assert Projects().damaged() == []


def test_work_stays_when_the_file_does_not_have_what_was_saved_in_it(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    wander(opened, random.Random(1), 2)
    opened.save()
    state, folder, killed = opened.history.state(), opened.copy.folder, tmp_path / "as a kill leaves it"
    shutil.copytree(folder, killed, ignore=shutil.ignore_patterns("*.lock"))
    opened.close()
    shutil.copytree(killed, folder)
    assert recoverable() == [], "the file has all of it"
    shutil.copytree(killed, folder)
    (tmp_path / "a.hcs~").replace(file)
    (left,) = recoverable()
    again = recover(left)
    assert (again.path, again.history.state()) == (None, state)
    again.close(keep=False)


def test_a_home_that_cannot_be_used_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path / "a.hcs")
    (tmp_path / "blocked").write_bytes(b"")
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "blocked"))
    for act in (create, lambda: open_project(file), recoverable):
        with pytest.raises(UserError, match="cannot be made"):
            act()
    assert not (tmp_path / "a.hcs.lock").exists()


def test_the_store_recovers_and_discards_what_it_lists(tmp_path: Path) -> None:
    store = Projects(lambda: 5.0)
    opened = store.create()
    assert opened.history.step.at == 5.0
    wander(opened, random.Random(1), 2)
    opened.close()
    (left,) = store.recoverable()
    store.recover(left).close()
    (left,) = store.recoverable()
    store.discard(left)
    assert store.recoverable() == []
    with pytest.raises(UserError, match="no longer there"):
        store.discard(left)
    file = saved(tmp_path / "a.hcs")
    store.open(file, read_only=True).close()
    shutil.rmtree(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="what is open cannot be deleted there")
@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("deleted", ["state", "state/work", "state/work/0001", "state/work/0001/journal.hcs"])
def test_a_deleted_folder_of_unsaved_work_is_told_at_the_next_edit_and_made_anew(
    home: Path, tmp_path: Path, deleted: str, before: int
) -> None:
    file = saved(tmp_path / "a.hcs")
    opened = open_project(file)
    wander(opened, random.Random(1), before)
    opened.flush()
    place = home / deleted
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    wander(opened, random.Random(2), 1)
    with pytest.raises(UserError, match="the folder of unsaved work was deleted"):
        opened.flush()
    wander(opened, random.Random(3), 2)
    opened.flush()
    prints = {number: fingerprint(opened.history.state(number)) for number in opened.history.steps}
    killed = tmp_path / "as a kill leaves it"
    shutil.copytree(opened.copy.folder, killed, ignore=shutil.ignore_patterns("*.lock"))
    opened.close(keep=False)
    assert _copies(home) == []
    shutil.copytree(killed, home / "state" / "work" / "0001")
    (left,) = recoverable()
    again = recover(left)
    assert (left.damage, left.steps, again.path) == ("", before + 3, file)
    assert {number: fingerprint(again.history.state(number)) for number in again.history.steps} == prints
    again.save()
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="what is open cannot be deleted there")
def test_a_project_whose_folder_of_unsaved_work_was_deleted_is_saved_all_the_same(home: Path, tmp_path: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 3)
    opened.flush()
    shutil.rmtree(home / "state")
    opened.save(tmp_path / "a.hcs")
    opened.close()
    again = open_project(tmp_path / "a.hcs")
    assert (again.history.last, again.history.state()) == (3, opened.history.state())
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="what is open cannot be deleted there")
def test_unsaved_work_whose_folder_was_deleted_is_left_all_the_same(home: Path) -> None:
    opened = create(state=song())
    wander(opened, random.Random(1), 3)
    opened.flush()
    shutil.rmtree(home / "state")
    opened.close()
    (left,) = recoverable()
    assert left.steps == 3
    recover(left).close(keep=False)
