"""A project file with any value in any column: refused in words, or every command that shows its history answers."""

import hashlib
import itertools
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.errors import HardcoreError, UserError
from hardcore.surfaces.live import LiveStudio
from tests.effort import IS_SOAK, examples
from tests.store.samples import saved

LINES = (
    "/info", "/history list", "/history list 1000", "/history branches", "/history diff", "/history diff 0", "/undo",
    "/history list", "/history goto 0", "/history list", "/redo", "/undo 3", "/redo 3", "/history hear 0", "/tempo 99",
    "/history list", "/undo", "/title other", "/recover", "/log",
)  # fmt: skip
VALUES: tuple[object, ...] = (
    None, -1, 0, 1, 2, 3, 7, 2**31, 2**53, 2**63 - 1, -(2**63), 0.5, -0.5, 1e15, -1e15, 9e15, 253402300800, 1e308,
    -1e308, float("inf"), float("-inf"), float("nan"), "", "0", "3", "x", "NaN", "1e999", "-5", "9" * 5000, "x" * 3999,
    "x" * 2**20, "\x00", "\x1b[2J\x07", "\x9b31m", "\u202eevil", "a\r\nb", "\ud7ff\ufeff",
    b"", b"\xff", b"\xff" * 20, b"\x00" * 32,
)  # fmt: skip
TABLES = {
    "steps": ("number", "parent", "label", "author", "at", "root", "redo"),
    "meta": ("key", "value"),
    "action_log": ("number", "at", "author", "line", "outcome"),
    "objects": ("hash", "kind", "version", "payload", "refs"),
    "artifacts": ("hash", "size", "media"),
    "chunks": ("artifact", "number", "data"),
}
HISTORY = [(table, column) for table in ("steps", "meta") for column in TABLES[table]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a good file with a branch in its history and something in every table."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(folder))
        file = saved(folder / "a.hcs", steps=5)
        with open_studio() as studio:
            for line in (f"/open {file}", "/undo 2", "/tempo 101", "/undo", "/save"):
                studio.do(line)
    with sqlite3.connect(file) as connection:
        address = hashlib.sha256(b"\0").digest()
        connection.execute("INSERT INTO artifacts VALUES (?, 1, 'a/b')", (address,))
        connection.execute("INSERT INTO chunks VALUES (?, 0, X'00')", (address,))
    connection.close()
    return file.read_bytes()


@pytest.fixture
def studio(home: Path) -> Iterator[LiveStudio]:
    """Yield an open studio."""
    with open_studio() as opened:
        yield opened


def _forged(sample: bytes, file: Path, table: str, column: str, value: object, row: int) -> bool:
    """Write the sample with one value changed; return whether SQLite takes such a value there."""
    file.write_bytes(sample)
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        where = f"rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET ?)"
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, row % count))
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def _answers(studio: LiveStudio, file: Path) -> str:
    """Return why a file is refused, empty when it opens and every line answers. Only HardcoreErrors may come."""
    try:
        studio.do(f"/open {file}")
    except UserError as error:
        return error.line()
    for line in LINES:
        try:
            result = studio.do(line)
            said = result.text() if result is not None else ""
        except HardcoreError as error:
            said = error.line()
        assert all(letter.isprintable() or letter == "\n" for letter in said), f"{line}: {said!r}"
        assert len(said) < 20_000, line
    studio.do("/new")
    return ""


def _tried(studio: LiveStudio, sample: bytes, file: Path, table: str, column: str, value: object, row: int) -> None:
    if _forged(sample, file, table, column, value, row):
        refused = _answers(studio, file)
        assert "\n" not in refused
        assert len(refused) < 500


def test_the_sample_itself_answers_every_line(studio: LiveStudio, sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    assert _answers(studio, tmp_path / "a.hcs") == ""


@pytest.mark.parametrize(("table", "column"), HISTORY)
def test_any_value_in_the_history_is_refused_or_shown(
    studio: LiveStudio, sample: bytes, tmp_path: Path, table: str, column: str
) -> None:
    rng, turn = random.Random(f"{table} {column}"), HISTORY.index((table, column))
    # by turns: of nine columns three get each value
    for value in VALUES if IS_SOAK else VALUES[turn % 3 :: 3]:
        _tried(studio, sample, tmp_path / "a.hcs", table, column, value, rng.randrange(99))


def test_any_value_in_any_column_is_refused_or_shown(studio: LiveStudio, sample: bytes, tmp_path: Path) -> None:
    places = [(table, column) for table, columns in TABLES.items() for column in columns]
    everything = list(itertools.product(places, VALUES, range(9)))
    for (table, column), value, row in random.Random(1).sample(everything, examples(120)):
        _tried(studio, sample, tmp_path / "a.hcs", table, column, value, row)


@pytest.mark.parametrize("at", [9e15, -9e15, -1.0, 253402300800.0, 1e308])
def test_a_date_that_is_none_is_shown_as_none(studio: LiveStudio, sample: bytes, tmp_path: Path, at: float) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    connection = sqlite3.connect(tmp_path / "a.hcs", isolation_level=None)
    connection.execute("UPDATE steps SET at = ?", (at,))
    connection.close()
    studio.do(f"/open {tmp_path / 'a.hcs'}")
    listed = studio.do("/history list")
    assert listed is not None
    assert [row[-1] for row in listed.rows] == [""] * len(listed.rows)  # type: ignore[attr-defined]
    studio.do("/save")
