"""Rows are read from single pages as SQLite reads them, and nothing in a page brings the reader down."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from hardcore.store import carving
from hardcore.store.wal import PAGE_BYTES


def _pages(path: Path) -> tuple[list[bytes], Callable[[int], bytes | None]]:
    content = path.read_bytes()
    pages = [content[at : at + PAGE_BYTES] for at in range(0, len(content), PAGE_BYTES)]
    return pages, lambda number: pages[number - 1] if 0 < number <= len(pages) else None


def test_rows_of_every_kind_of_value_and_size_are_read(tmp_path: Path) -> None:
    rng = random.Random(1)
    values: list[object] = [None, 0, 1, 0.5, -1e300, "", "é" * 70, b"", "x" * 5000, rng.randbytes(100_000)]
    values += [sign * 2**bits + add for bits in (0, 7, 15, 23, 31, 47, 62) for sign in (1, -1) for add in (-1, 0)]
    values += [rng.randbytes(length) for length in (*range(4040, 4110), *range(8120, 8200, 7))]
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE a (n INTEGER PRIMARY KEY, b, c)")
    rows = [(rng.randrange(-(2**40), 2**60), value, rng.choice(values)) for value in values]
    connection.executemany("INSERT INTO a VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    pages, fetch = _pages(tmp_path / "a.db")
    found = {row.key: row.values for page in pages[1:] for row in carving.rows(page, fetch)}
    assert found == {key: (None, b, c) for key, b, c in rows}


def test_no_page_brings_the_reader_down(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE a (b, c)")
    connection.executemany("INSERT INTO a VALUES (?, ?)", [("x" * length, length) for length in range(0, 9000, 99)])
    connection.commit()
    connection.close()
    rng = random.Random(2)
    pages, fetch = _pages(tmp_path / "a.db")
    for _ in range(2000):
        page = bytearray(rng.choice(pages) if rng.random() < 0.7 else rng.randbytes(PAGE_BYTES))
        page[0] = 0x0D
        for _ in range(rng.randrange(9)):
            page[rng.randrange(rng.choice((60, PAGE_BYTES)))] = rng.randrange(256)
        assert len(list(carving.rows(bytes(page), fetch))) <= PAGE_BYTES // 4
    for short in (b"", b"\r", pages[1][:-1]):
        assert list(carving.rows(short, fetch)) == []
