"""Carving: the rows in single pages of a database, read without its tree, which one wrong bit may cut off.

The format: https://www.sqlite.org/fileformat2.html (table leaf pages, records, overflow chains).
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hardcore.store.schema import MAX_OBJECT_BYTES
from hardcore.store.wal import PAGE_BYTES

Value = int | float | str | bytes | None
Fetch = Callable[[int], bytes | None]

_LEAF = 0x0D
_MOST_LOCAL, _LEAST_LOCAL, _CHAINED = PAGE_BYTES - 35, (PAGE_BYTES - 12) * 32 // 255 - 23, PAGE_BYTES - 4
_MOST_BYTES = MAX_OBJECT_BYTES + 2**20
_WIDTHS = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)


class Row(NamedTuple):
    """A row of some table; which one, its values must tell. `key` stands for a value that is the row's number."""

    key: int
    values: tuple[Value, ...]


def rows(page: bytes, fetch: Fetch) -> Iterator[Row]:
    """Yield the rows of a page that can be read, whatever it is; `fetch` returns another page by its number.

    The first page of a file, which holds the schema, has none.
    """
    if len(page) != PAGE_BYTES or page[0] != _LEAF:
        return
    (count,) = struct.unpack_from(">H", page, 3)
    for place in range(min(count, PAGE_BYTES // 4)):
        try:
            (at,) = struct.unpack_from(">H", page, 8 + 2 * place)
            yield _row(page, at, fetch)
        except (IndexError, ValueError, struct.error):
            continue


def _row(page: bytes, at: int, fetch: Fetch) -> Row:
    size, at = _varint(page, at)
    key, at = _varint(page, at)
    if size > _MOST_BYTES:
        raise ValueError("a row is too large")
    payload = page[at : at + _local(size)]
    following = page[at + _local(size) : at + _local(size) + 4]
    pieces, left = [payload], size - len(payload)
    while left > 0:
        chained = fetch(int.from_bytes(following, "big"))
        if chained is None:
            raise ValueError("a page is missing")
        following, piece = chained[:4], chained[4 : 4 + min(left, _CHAINED)]
        pieces.append(piece)
        left -= len(piece)
    return Row(key, _values(b"".join(pieces)))


def _local(size: int) -> int:
    """Return how many bytes of a row of `size` lie in the page itself."""
    if size <= _MOST_LOCAL:
        return size
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % _CHAINED
    return local if local <= _MOST_LOCAL else _LEAST_LOCAL


def _values(record: bytes) -> tuple[Value, ...]:
    end, at = _varint(record, 0)
    kinds = []
    while at < end:
        kind, at = _varint(record, at)
        kinds.append(kind)
    found: list[Value] = []
    for kind in kinds:
        width = _WIDTHS[kind] if kind < 10 else (kind - 12) // 2
        if width > len(record) - at:
            raise ValueError("a row is cut short")
        found.append(_value(kind, record[at : at + width]))
        at += width
    return tuple(found)


def _value(kind: int, raw: bytes) -> Value:
    if kind == 0:
        return None
    if kind == 7:
        (number,) = struct.unpack(">d", raw)
        return float(number)
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True)
    if kind in (8, 9):
        return kind - 8
    if kind in (10, 11):
        raise ValueError("a value of no kind")
    return raw.decode("utf-8", "replace") if kind % 2 else bytes(raw)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends. Raises IndexError."""
    number = 0
    for place in range(8):
        byte = data[at + place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + place + 1
    number = number << 8 | data[at + 8]
    return number - 2**64 if number >= 2**63 else number, at + 9
