"""Write-ahead logs as SQLite writes them: whether one is whole, and its pages past the first wrong bit too.

SQLite takes a log up to the first frame that does not hold and forgets the rest without a word.
The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log and https://www.sqlite.org/walformat.html
"""

import struct
from functools import cache
from operator import mul
from pathlib import Path
from typing import NamedTuple

PAGE_BYTES = 4096
_MAGIC = b"SQLite format 3\0"
_HEADER, _FRAME_HEADER, _INDEX = 32, 24, 136
_FRAME = _FRAME_HEADER + PAGE_BYTES
_MASK = 2**32 - 1

Sums = tuple[int, int]


class Frame(NamedTuple):
    """A page in a log: its number, its content, and whether its checksum follows from the frame before."""

    page: int
    data: bytes
    holds: bool


class Log(NamedTuple):
    """A log: its frames in order, of which the first `copied` are in the database too, and whether it is all right.

    `earlier` are those of a round before, which lie behind. `cut` says that frames are known to be missing at the end.
    """

    frames: list[Frame]
    copied: int
    earlier: list[Frame]
    whole: bool
    cut: bool


def read(file: Path) -> Log:
    """Return the log of the database `file`, an empty one when there is none. Raises OSError."""
    log, index = (_bytes(file.with_name(file.name + end)) for end in ("-wal", "-shm"))
    salts, sums = log[16:24], checksum((0, 0), log[:24].ljust(24, b"\0"))
    header_holds = len(log) >= _HEADER and sums == _sums(log, 24)
    if not header_holds:
        salts = log[_HEADER + 8 : _HEADER + 16]
    # where a checksum itself is damaged, the next frame follows from what it should be
    seeds, ours, rounds, whole = {_sums(log, 24), sums}, True, 0, header_holds or not log
    frames: list[Frame] = []
    for start in range(_HEADER, len(log) - _FRAME + 1, _FRAME):
        head, data = log[start : start + _FRAME_HEADER], log[start + _FRAME_HEADER : start + _FRAME]
        stored, salted = _sums(head, 16), head[8:16] == salts
        found = {checksum(seed, head[:8] + data) for seed in seeds} if salted or ours else set()
        frames.append(Frame(int.from_bytes(head[:4], "big"), data, stored in found))
        # frames of an earlier round, which lie behind those of this one, follow from each other too
        ours = salted or (ours and stored in found)
        seeds = {stored} if stored in found else {stored, *found}
        if ours:
            rounds = len(frames)
            whole = whole and salted and stored in found
    held = sum(frame.holds for frame in frames[:rounds])
    most, copied = _counted(index, log[16:24])
    no_end = not frames[rounds - 1].holds if rounds else bool(log) and not header_holds
    cut = no_end or (held < most and (held > 0 or copied < most))
    return Log(frames[:rounds], copied, frames[rounds:], whole and held == rounds and not cut, cut)


def is_whole(file: Path) -> bool:
    """Return whether SQLite may be trusted with a database and its log: nothing in them is seen to be damaged."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC and read(file).whole
    except OSError:
        return False


def checksum(before: Sums, data: bytes) -> Sums:
    """Return the sums after `data`, whole pairs of words, where those before it were `before`.

    SQLite goes pair by pair, s0 += x + s1, s1 += y + s0; that is linear, so each word counts by its place.
    """
    words = (before[0], before[1] - before[0], *struct.unpack(f"={len(data) // 4}I", data))
    first, second = _weights(len(words))
    return sum(map(mul, first, words)) & _MASK, sum(map(mul, second, words)) & _MASK


@cache
def _weights(words: int) -> tuple[list[int], list[int]]:
    """Return how often each of so many words is in the first and the second sum; the last word comes last."""
    first, second = [], []
    (x0, x1), (y0, y1) = (1, 1), (0, 1)
    for _ in range(words // 2):
        first += [y0, x0]
        second += [y1, x1]
        x0, x1, y0, y1 = x0 + x1 & _MASK, x0 + 2 * x1 & _MASK, y0 + y1 & _MASK, y0 + 2 * y1 & _MASK
    return first[::-1], second[::-1]


def _counted(index: bytes, salts: bytes) -> tuple[int, int]:
    """Return how many frames the shared-memory index of a log knows, and how many of them are in the database too.

    None where it is damaged, or the index of another log.
    """
    if len(index) < _INDEX or index[:48] != index[48:96] or checksum((0, 0), index[:40]) != _sums(index, 40, "="):
        return 0, 0
    (most,), (copied,) = struct.unpack_from("=I", index, 16), struct.unpack_from("=I", index, 96)
    return (most, copied) if index[32:40] == (salts or index[32:40]) else (0, 0)


def _sums(data: bytes, at: int, order: str = ">") -> Sums:
    first, second = struct.unpack(f"{order}2I", data[at : at + 8].ljust(8, b"\0"))
    return first, second


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
