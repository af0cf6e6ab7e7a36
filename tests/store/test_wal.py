"""Write-ahead logs are read as SQLite wrote them, and no bit of one changes unseen."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.store import wal

FRAME = 24 + wal.PAGE_BYTES


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a database in use, with a log."""
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE a (b)")
    yield connection
    connection.close()


def _fill(database: sqlite3.Connection, rows: int) -> None:
    for _ in range(rows):
        database.execute("INSERT INTO a VALUES (randomblob(3000))")


def _copied(folder: Path, log: bytes, index: bytes = b"") -> wal.Log:
    (folder / "b.db-wal").write_bytes(log)
    (folder / "b.db-shm").write_bytes(index)
    return wal.read(folder / "b.db")


def test_what_sqlite_wrote_holds_frame_by_frame(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 9)
    found = wal.read(tmp_path / "a.db")
    assert (found.whole, found.cut, found.copied, found.earlier) == (True, False, 0, [])
    assert all(frame.holds for frame in found.frames)
    newest = {frame.page: frame.data for frame in found.frames}
    database.execute("PRAGMA wal_checkpoint")
    pages = (tmp_path / "a.db").read_bytes()
    for number, data in newest.items():
        assert pages[(number - 1) * wal.PAGE_BYTES : number * wal.PAGE_BYTES] == data
    assert wal.read(tmp_path / "a.db").copied == len(found.frames)


def test_a_new_round_is_told_from_the_one_before(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 9)
    database.execute("PRAGMA wal_checkpoint")
    before = wal.read(tmp_path / "a.db").frames
    _fill(database, 2)
    found = wal.read(tmp_path / "a.db")
    assert found.whole
    assert 0 < len(found.frames) < len(before)
    assert [frame.data for frame in found.earlier] == [frame.data for frame in before[len(found.frames) :]]


def test_no_bit_of_a_log_changes_unseen(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 3)
    log, rng = (tmp_path / "a.db-wal").read_bytes(), random.Random(1)
    frames = len(wal.read(tmp_path / "a.db").frames)
    places = [*range(32 + 24), *(rng.randrange(len(log)) for _ in range(100))]
    for place in places:
        broken = bytearray(log)
        broken[place] ^= 1 << rng.randrange(8)
        found = _copied(tmp_path, bytes(broken))
        assert not found.whole, f"byte {place}"
        assert len(found.frames) == frames
        assert sum(not frame.holds for frame in found.frames) <= 1, "only the frame itself is lost"


def test_what_a_kill_leaves_unfinished_is_no_damage(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 3)
    log = (tmp_path / "a.db-wal").read_bytes()
    for cut in (1, 23, 24, 25, FRAME - 1):
        assert _copied(tmp_path, log[: -FRAME + cut]).whole
    assert _copied(tmp_path, b"").whole


def test_an_index_knows_what_is_missing_at_the_end(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 3)
    log, index = (tmp_path / "a.db-wal").read_bytes(), (tmp_path / "a.db-shm").read_bytes()
    assert _copied(tmp_path, log, index).whole
    for kept in (b"", log[:32], log[:-FRAME]):
        assert _copied(tmp_path, kept, index).cut
    other = index[:16] + b"\xff" + index[17:]
    assert _copied(tmp_path, log, other).whole, "an index that is damaged itself says nothing"
    database.execute("PRAGMA wal_checkpoint")
    index = (tmp_path / "a.db-shm").read_bytes()
    assert _copied(tmp_path, b"", index).whole, "all of it is in the database"
    assert _copied(tmp_path, log[:-FRAME], index).cut, "older pages would take the place of newer ones"


def test_a_log_without_its_database_is_not_trusted(database: sqlite3.Connection, tmp_path: Path) -> None:
    _fill(database, 1)
    assert wal.is_whole(tmp_path / "a.db")
    (tmp_path / "b.db-wal").write_bytes((tmp_path / "a.db-wal").read_bytes())
    assert not wal.is_whole(tmp_path / "b.db")
    (tmp_path / "b.db").write_bytes(b"")
    assert not wal.is_whole(tmp_path / "b.db")
