"""Unsaved work whose files were damaged: all of it comes back, or what can be read does, and that is said."""

import contextlib
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.project.integrity import check
from hardcore.store.leftovers import recoverable
from hardcore.store.opened import Opened
from hardcore.store.project_file import create, open_project, recover
from hardcore.store.projects import Projects
from hardcore.store.salvage import salvage
from hardcore.store.working_copy import claim
from tests.effort import IS_SOAK
from tests.store.child import fingerprint
from tests.store.samples import saved, song, wander

# in the soak some 2,000 damages in all
ROUNDS = 1920 if IS_SOAK else 120
pytestmark = pytest.mark.timeout(7200)
KINDS = ("new", "of a file", "full", "long", "ended")
JOURNAL, LOG, INDEX = "journal.hcs", "journal.hcs-wal", "journal.hcs-shm"

Damage = Callable[[Path, random.Random], object]


class Session(NamedTuple):
    """What a killed session left: its files, and the fingerprints of steps that it acknowledged."""

    files: Path
    steps: dict[int, str]


def _work(opened: Opened, steps: int = 1) -> None:
    for _ in range(steps):
        wander(opened, random.Random(opened.history.last), 1)
        opened.flush()


def _killed(opened: Opened, files: Path) -> Session:
    """Keep the files as a kill at this moment leaves them, with the prints of the last steps and some before."""
    history = opened.history
    found = {n: fingerprint(history.state(n)) for n in history.steps if n % 9 == 0 or n > history.last - 15}
    shutil.copytree(opened.copy.folder, files, ignore=shutil.ignore_patterns("*.lock"))
    return Session(files, found)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Session]:
    """Return a session of each kind: never saved, of an opened file, ended unsaved, and two of more than a log holds.

    Of those the log of one was just copied to the journal, the other has begun a new round in it.
    """
    folder = tmp_path_factory.mktemp("sessions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(folder / "home"))
        made = {}
        opened = create(state=song())
        _work(opened, 12)
        made["new"] = _killed(opened, folder / "new")
        while (opened.copy.folder / LOG).stat().st_size < 32 + 1000 * (24 + 4096):
            _work(opened)
        made["full"] = _killed(opened, folder / "full")
        _work(opened, 12)
        made["long"] = _killed(opened, folder / "long")
        opened.close(keep=False)
        opened = open_project(saved(folder / "a.hcs", steps=5))
        _work(opened, 7)
        made["of a file"] = _killed(opened, folder / "of a file")
        opened.close(keep=False)
        opened = create(state=song())
        _work(opened, 12)
        opened.close()
        made["ended"] = _killed(opened, folder / "ended")
        return made


def _left(session: Session, home: Path, damage: Damage, rng: random.Random) -> dict[str, bytes]:
    """Put the files of a session, damaged, where a kill leaves them; return them."""
    shutil.rmtree(home / "state", ignore_errors=True)
    folder = home / "state" / "work" / "0001"
    shutil.copytree(session.files, folder)
    damage(folder, rng)
    return {name: (folder / name).read_bytes() for name in (JOURNAL, LOG) if (folder / name).exists()}


def _outcome(session: Session, home: Path, damage: Damage, rng: random.Random) -> int:
    """Return how many steps of a session come back after some damage; what is lost silently fails the test."""
    files = _left(session, home, damage, rng)
    store = Projects()
    left = store.recoverable()
    come_back: dict[int, str] = {}
    said = "" if left else " ".join(folder.name for folder in store.damaged())
    if left:
        try:
            opened = store.recover(left[0])
        except UserError as error:
            said = error.line()
        else:
            history = opened.history
            check(history.state())
            come_back = {n: fingerprint(history.state(n)) for n in session.steps.keys() & history.steps.keys()}
            said = opened.damage
            opened.close(keep=False)
    lost = {number for number, made in session.steps.items() if come_back.get(number) != made}
    assert said or not lost, f"steps {sorted(lost)} are gone, and nobody says so" if left else "all is gone, unsaid"
    if lost:
        (aside,) = store.damaged()
        kept = {name: (aside / name).read_bytes() for name in files}
        assert kept == files, "the damaged files are not as they were"
    assert set(come_back.values()) <= set(session.steps.values()), "a state that never was"
    return len(session.steps) - len(lost)


def _rounds(kind: str) -> int:
    """Return how often to damage a session of a kind; the long ones take the time of ten others."""
    return ROUNDS // (120 if kind in ("full", "long") else 20)


def _flip(name: str, low: int = 0, high: int | None = None) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        content = bytearray((folder / name).read_bytes())
        content[rng.randrange(low, high or len(content))] ^= 1 << rng.randrange(8)
        (folder / name).write_bytes(content)

    return damage


def _wipe(name: str, length: int) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        content = bytearray((folder / name).read_bytes())
        start = rng.randrange(len(content)) // length * length
        content[start : start + length] = bytes(len(content[start : start + length]))
        (folder / name).write_bytes(content)

    return damage


def _cut(name: str) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: rng.randrange(len(content))])

    return damage


@pytest.mark.parametrize(("kind", "apart"), [("new", 1), ("of a file", 3), ("long", 9)])
def test_no_bit_of_the_header_of_a_log_loses_a_step(
    sessions: dict[str, Session], home: Path, kind: str, apart: int
) -> None:
    rng = random.Random(1)
    for place in range(0, 32, apart):
        damage = _flip(LOG, place, place + 1)
        assert _outcome(sessions[kind], home, damage, rng) == len(sessions[kind].steps), f"byte {place}"


@pytest.mark.parametrize("name", [LOG, INDEX])
@pytest.mark.parametrize("kind", ["new", "of a file", "long"])
def test_a_bit_of_a_log_or_its_index_loses_no_step(
    sessions: dict[str, Session], home: Path, kind: str, name: str
) -> None:
    rng = random.Random(2)
    back = [_outcome(sessions[kind], home, _flip(name), rng) for _ in range(_rounds(kind))]
    assert back == [len(sessions[kind].steps)] * len(back)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bit_of_the_journal_is_mended_or_said(sessions: dict[str, Session], home: Path, kind: str) -> None:
    rng = random.Random(3)
    for high in (100, 4096, None):
        for _ in range(_rounds(kind)):
            _outcome(sessions[kind], home, _flip(JOURNAL, 0, high), rng)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_wiped_or_cut_off_is_said(sessions: dict[str, Session], home: Path, kind: str) -> None:
    rng = random.Random(4)
    for _ in range(_rounds(kind)):
        name = JOURNAL if kind == "ended" else rng.choice((JOURNAL, LOG))
        for damage in (_wipe(name, rng.choice((512, 4096, 65536))), _cut(name)):
            _outcome(sessions[kind], home, damage, rng)


@pytest.mark.parametrize("kind", KINDS)
def test_files_that_are_empty_or_gone_are_said(sessions: dict[str, Session], home: Path, kind: str) -> None:
    names = [name for name in (JOURNAL, LOG, INDEX) if (sessions[kind].files / name).exists()]
    for name in names:
        _outcome(sessions[kind], home, lambda folder, _, name=name: (folder / name).write_bytes(b""), random.Random(5))
        if (kind, name) != ("ended", JOURNAL):  # of that one nothing at all would be left
            _outcome(sessions[kind], home, lambda folder, _, name=name: (folder / name).unlink(), random.Random(5))


@pytest.mark.parametrize("kind", ["new", "of a file"])
def test_a_log_alone_gives_back_what_was_done(sessions: dict[str, Session], home: Path, kind: str) -> None:
    back = _outcome(sessions[kind], home, lambda folder, _: (folder / JOURNAL).unlink(), random.Random(6))
    assert back == len(sessions[kind].steps)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_whole_comes_back_without_a_word(sessions: dict[str, Session], home: Path, kind: str) -> None:
    _left(sessions[kind], home, lambda folder, _: None, random.Random(7))
    (left,) = recoverable()
    opened = recover(left)
    assert (left.damage, opened.damage, Projects().damaged()) == ("", "", [])
    assert opened.history.steps.keys() >= sessions[kind].steps.keys()
    opened.close(keep=False)


def test_recover_says_what_is_lost_and_where_the_damaged_files_are(sessions: dict[str, Session], home: Path) -> None:
    _left(sessions["new"], home, _flip(LOG, 0, 32), random.Random(8))
    with open_studio() as studio:
        listed = studio.do("/recover")
        assert listed is not None
        aside = home / "state" / "damaged"
        assert "damaged: its 13 steps could be read" in listed.text()
        assert f"damaged files are kept in {aside}: 0001-1" in listed.text()
        said = studio.do("/recover 1")
        assert said is not None
        assert "damaged: its 13 steps could be read" in said.text()
        assert str(aside) in said.text()
        (row,) = [row for row in studio.do("/history list").rows if row[0] == ">"]  # type: ignore[union-attr]
        assert row[1] == 12


def test_recover_says_when_nothing_can_be_read(sessions: dict[str, Session], home: Path) -> None:
    _left(sessions["ended"], home, lambda folder, _: (folder / JOURNAL).write_bytes(b"x" * 5000), random.Random(9))
    with open_studio() as studio:
        listed = studio.do("/recover")
        assert listed is not None
        assert listed.text().startswith("nothing is left to recover; damaged files are kept in ")
    assert (home / "state" / "damaged" / "0001-1" / JOURNAL).read_bytes() == b"x" * 5000


def test_a_lost_beginning_is_stood_in_for_and_counted(sessions: dict[str, Session], home: Path) -> None:
    def behead(folder: Path, _: random.Random) -> None:
        connection = sqlite3.connect(folder / JOURNAL, isolation_level=None)
        connection.execute("DELETE FROM steps WHERE number < 3")
        connection.close()

    _left(sessions["ended"], home, behead, random.Random(12))
    opened = recover(recoverable()[0])
    assert opened.damage == "damaged: 2 of its 12 steps cannot be read", "nothing that is left tells of step 1"
    assert list(opened.history.steps) == [0, *range(3, 13)]
    assert opened.history.step.number == 12
    opened.close(keep=False)


def test_damage_that_only_opening_finds_is_mended_there(sessions: dict[str, Session], home: Path) -> None:
    def misdate(folder: Path, _: random.Random) -> None:
        connection = sqlite3.connect(folder / JOURNAL, isolation_level=None)
        connection.execute("UPDATE steps SET root = zeroblob(20) WHERE number = 5")
        connection.close()

    _left(sessions["ended"], home, misdate, random.Random(10))
    (left,) = recoverable()
    assert left.damage == ""
    opened = recover(left)
    assert opened.damage == "damaged: 1 of its 13 steps cannot be read"
    assert 5 not in opened.history.steps
    assert opened.history.steps[6].parent == 4
    assert fingerprint(opened.history.state(12)) == sessions["ended"].steps[12]
    opened.close(keep=False)
    assert recoverable() == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of the size of files")
def test_no_room_to_mend_leaves_all_as_it_is(sessions: dict[str, Session], home: Path) -> None:
    import resource

    files = _left(sessions["new"], home, _flip(LOG, 0, 32), random.Random(11))
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    try:
        (left,) = recoverable()
        assert left.damage.startswith("damaged, and what can be read cannot be written: ")
        with pytest.raises(UserError, match="no working copy can be made"):
            recover(left)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert {name: (home / "state" / "work" / "0001" / name).read_bytes() for name in files} == files
    assert Projects().damaged() == []
    recover(recoverable()[0]).close(keep=False)


def test_branches_come_back_where_their_steps_do() -> None:
    opened = create(state=song())
    history = opened.history
    for name in ("kept", "lost"):
        opened.journal.headed(name, history.branch(name))
        for number in range(3):
            state = history.state(history.place(name)).evolve(title=f"{name} {number}")
            opened.append(history.push(state, "title", name, 0.0, name))
    opened.flush()
    heads = dict(history.heads)
    opened.close()
    copy = claim(opened.copy.folder)
    assert copy is not None
    with contextlib.closing(sqlite3.connect(copy.file, isolation_level=None)) as connection:
        connection.execute("UPDATE steps SET root = zeroblob(20) WHERE number = ?", (heads["lost"].step,))
        connection.execute("DELETE FROM steps WHERE number = ?", (heads["lost"].step,))
        connection.execute("VACUUM")
    mended = salvage(copy)
    assert mended is not None
    mended.lock.release()
    again = recover(recoverable()[0])
    assert again.history.heads == {"kept": heads["kept"]}
    assert [step.head for step in again.history.own("kept")] == ["kept"] * 3
    assert again.history.steps[5].head == "lost"
    again.close(keep=False)
