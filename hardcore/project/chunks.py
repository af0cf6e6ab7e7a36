"""Chunks: packed notes, cut where their content says, so that an edit changes a chunk or two however long the clip is.

A note begins a chunk when its rank, a hash of start and pitch, is the smallest in a run of more than MOST notes: from
the nearest note before it with a smaller rank up to the nearest behind it. So a chunk has MOST notes at most, half as
many on average; equal notes are cut equally, whatever edits led to them; and a cut depends on its neighbourhood alone
(it is a treap by rank, whose subtrees of MOST notes are the chunks: Seidel and Aragon 1996).
"""

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from hardcore.project.note import RECORD

MOST = 512
# A clip of tens of thousands of notes has hundreds of chunks: they are taken together as runs by the same rule.
MOST_IN_RUN = 16 * MOST

SIZE = RECORD.size
_KEY = struct.Struct("<I4xB")
_KEYS = struct.Struct("<I4xB7x")
_MASK = 2**64 - 1

# (start, pitch): the address of a note, and what they are ordered by
Key = tuple[int, int]
Chunks = tuple[bytes, ...]


def key(chunk: bytes, index: int = 0) -> Key:
    """Return the key of a chunk's first note, or of another one of its notes."""
    found: Key = _KEY.unpack_from(chunk, index * SIZE)
    return found


def cut(data: bytes) -> Chunks:
    """Return packed notes, in order and without two of one key, as chunks."""
    if len(data) <= MOST * SIZE:
        return (data,) if data else ()
    return _joined(_notes(data), _cuts(list(_ranks(data)), range(0, len(data) + 1, SIZE), MOST))


def spliced(chunks: Chunks, low: Key, high: Key, packed: bytes) -> Chunks:
    """Return the chunks with the notes of keys in [low, high) replaced by packed ones, whose keys lie there too.

    Chunks that are not touched stay the same objects.
    """
    if not chunks:
        return cut(packed)
    first = max(bisect_right(chunks, low, key=key) - 1, 0)
    last = max(bisect_left(chunks, high, key=key), first + 1)
    old = chunks[first] if last == first + 1 else b"".join(chunks[first:last])
    begin = position(old, low)
    end = begin if begin * SIZE == len(old) or key(old, begin) >= high else position(old, high, begin)
    new = old[: begin * SIZE] + packed + old[end * SIZE :]
    if new == old:
        return chunks
    if len(chunks) == 1 and 0 < len(new) <= MOST * SIZE:
        return (new,)
    if last == first + 1 and _stands(chunks, first, new, packed):
        return (*chunks[:first], new, *chunks[last:])
    if first and (not new or key(new) != key(old)):
        # what began the chunk is gone, or no longer its first: its notes belong to the one before until they are cut
        first -= 1
        new = chunks[first] + new
    return _recut(chunks[:first], chunks[first:last], new, chunks[last:])


def _stands(chunks: Chunks, place: int, new: bytes, packed: bytes) -> bool:
    """Return whether one chunk is all that changes: nothing begins in it, and it goes on to be one.

    `packed` are the notes in `new` that may not have been there. Most edits are so, and cost a few ranks then.
    """
    if not new or len(new) > MOST * SIZE or key(new) != key(chunks[place]):
        return False
    left = rank(*key(new)) if place else -1
    right = rank(*key(chunks[place + 1])) if place + 1 < len(chunks) else -1
    inside = (found for at, found in enumerate(_ranks(packed)) if key(packed, at) != key(new))
    if any(found < max(left, right) for found in inside):
        return False
    return len(new) >= len(chunks[place]) or max(left, right) < 0 or _parts(chunks, place, len(new), left > right)


def _parts(chunks: Chunks, place: int, size: int, before: bool) -> bool:
    """Return whether the cut before a chunk, or behind it, stands when that chunk has this size."""
    cut_at = place if before else place + 1
    least = rank(*key(chunks[cut_at]))
    weight = size - len(chunks[place])
    for here in range(cut_at - 1, -1, -1):
        weight += len(chunks[here])
        if weight > MOST * SIZE or rank(*key(chunks[here])) < least:
            break
    for here in range(cut_at, len(chunks)):
        if weight > MOST * SIZE or (here > cut_at and rank(*key(chunks[here])) < least):
            break
        weight += len(chunks[here])
    return weight > MOST * SIZE


def _recut(before: Chunks, old: Chunks, new: bytes, after: Chunks) -> Chunks:
    """Return the chunks with `new` in place of `old`, and all cut anew as far as that can reach.

    Whether a note begins a chunk is decided within MOST notes of it; what is decided so near to `new` is decided again.
    """
    far, near = len(before) - _near(before[::-1]), _near(after)
    left, right = before[far:], after[:near]
    pieces = [*left, *_notes(new), *right]
    ranks = [rank(*key(chunk)) for chunk in left] + [*_ranks(new)] + [rank(*key(chunk)) for chunk in right]
    starts = list(accumulate((len(piece) for piece in pieces), initial=0))
    begin = starts[len(left)] - MOST * SIZE
    end = starts[len(pieces) - len(right)] + MOST * SIZE
    stand = (place for place, start in enumerate(starts[:-1]) if not begin <= start <= end)
    known = {chunk: chunk for chunk in old}
    cut_again = (known.get(chunk, chunk) for chunk in _joined(pieces, [*stand, *_cuts(ranks, starts, MOST)]))
    return (*before[:far], *cut_again, *after[near:])


def _near(chunks: Chunks) -> int:
    """Return how many of the chunks from the first one on hold more than twice MOST notes, or all."""
    sizes = accumulate(map(len, chunks))
    return next((count for count, size in enumerate(sizes, 1) if size > 2 * MOST * SIZE), len(chunks))


def runs(chunks: Chunks) -> list[Chunks]:
    """Return the chunks of a clip in runs of MOST_IN_RUN notes at most, half as many on average, cut as chunks are.

    Notes can be chosen so that almost each begins a run: they are parted by number.
    """
    starts = list(accumulate(map(len, chunks), initial=0))
    if starts[-1] <= MOST_IN_RUN * SIZE:
        return [chunks]
    ranks = [rank(*key(chunk)) for chunk in chunks]
    ends = [0, *_cuts(ranks, starts, MOST_IN_RUN), len(chunks)]
    if len(ends) > MOST:
        ends = [*range(0, len(chunks), MOST_IN_RUN // 2), len(chunks)]
    return [chunks[a:b] for a, b in pairwise(ends)]


def by_key(chunks: Iterable[bytes]) -> dict[Key, bytes]:
    """Return packed notes, each by its key."""
    data = b"".join(chunks)
    records = (data[at : at + SIZE] for at in range(0, len(data), SIZE))
    return dict(zip(_KEYS.iter_unpack(data), records, strict=True))


def position(chunk: bytes, wanted: Key, low: int = 0) -> int:
    """Return how many notes of packed ones come before a key, where at least `low` do."""
    high = len(chunk) // SIZE
    while low < high:
        middle = (low + high) // 2
        if _KEY.unpack_from(chunk, middle * SIZE) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def rank(start: int, pitch: int) -> int:
    """Return the rank of a note: a hash that gives no two notes the same (both steps can be undone)."""
    mixed = (start << 7 | pitch) * 0x9E3779B97F4A7C15 & _MASK
    return (mixed ^ mixed >> 32) * 0xBF58476D1CE4E5B9 & _MASK


def _ranks(data: bytes) -> Iterator[int]:
    return (rank(start, pitch) for start, pitch in _KEYS.iter_unpack(data))


def _notes(data: bytes) -> list[bytes]:
    return [data[at : at + SIZE] for at in range(0, len(data), SIZE)]


def _cuts(ranks: Sequence[int], starts: Sequence[int], most: int) -> list[int]:
    """Return which pieces begin a chunk, but the first; `ranks` are of their first notes, `starts` in bytes.

    A piece is a note, or a chunk that stands: of that no other note counts, since each ranks above both its ends.
    """
    found, waiting = [], [0]
    for place in range(1, len(ranks) + 1):
        here = ranks[place] if place < len(ranks) else -1
        while len(waiting) > 1 and ranks[waiting[-1]] > here:
            least = waiting.pop()
            if starts[place] - starts[waiting[-1]] > most * SIZE:
                found.append(least)
        waiting.append(place)
    return sorted(found)


def _joined(pieces: Sequence[bytes], cuts: Sequence[int]) -> Chunks:
    """Return pieces put together to chunks that begin at `cuts`; one that is a chunk already stays the same object."""
    ends = sorted({0, *cuts, len(pieces)})
    return tuple(pieces[a] if b == a + 1 else b"".join(pieces[a:b]) for a, b in pairwise(ends))
