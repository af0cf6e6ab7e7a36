"""Chunks against a plain dictionary: cut by content alone, changed only where an edit is."""

import random
from bisect import insort
from collections.abc import Callable

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hardcore.project import chunks
from hardcore.project.note import RECORD, Note, pack

FEW = 8


def packed(oracle: dict[chunks.Key, Note]) -> bytes:
    return b"".join(pack(oracle[key]) for key in sorted(oracle))


def some_edit(rng: random.Random, oracle: dict[chunks.Key, Note]) -> tuple[chunks.Key, chunks.Key, list[Note]]:
    """Return a span of keys and the notes to put there: one note more or less, or a stretch between two notes."""
    known = sorted(oracle)
    here = rng.choice(known) if known else (0, 60)
    chance = rng.random()
    if chance < 0.35:
        return here, (here[0], here[1] + 1), []
    if chance < 0.7:
        new = (max(0, here[0] + rng.randrange(-3, 4)), rng.randrange(128))
        return new, (new[0], new[1] + 1), [Note(new[0], rng.randrange(1, 99), new[1])]
    low, high = sorted((here, rng.choice(known) if known and chance < 0.85 else (rng.randrange(99), 0)))
    starts = [rng.randrange(low[0], high[0] + 1) for _ in range(rng.randrange(25))]
    listed = {(start, pitch): Note(start, 5, pitch) for start in starts for pitch in (rng.randrange(128),)}
    return low, high, [note for key, note in listed.items() if low <= key < high]


@given(st.integers(0, 2**32), st.integers(0, 200))
@settings(max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_chunks_hold_what_a_dictionary_holds_and_are_cut_as_if_made_at_once(seed: int, count: int) -> None:
    rng = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "MOST", FEW)
        oracle = {(n.start_ticks, n.pitch): n for n in (Note(at // 2, 10, 40 + at % 2) for at in range(count))}
        held = chunks.cut(packed(oracle))
        for _ in range(12):
            low, high, fresh = some_edit(rng, oracle)
            oracle = {key: note for key, note in oracle.items() if not low <= key < high}
            oracle |= {(note.start_ticks, note.pitch): note for note in fresh}
            inside = {key: note for key, note in oracle.items() if low <= key < high}
            before, held = held, chunks.spliced(held, low, high, packed(inside))
            assert b"".join(held) == packed(oracle)
            assert held == chunks.cut(packed(oracle)), "the way that led here makes no difference"
            assert all(0 < len(chunk) <= FEW * chunks.SIZE for chunk in held)
            same = {chunk: id(chunk) for chunk in before}
            assert all(id(chunk) == same.get(chunk, id(chunk)) for chunk in held), "what stands is the same object"


Listing = Callable[[int], list[chunks.Key]]


def grid(count: int) -> list[chunks.Key]:
    return [(at // 4 * 120, 36 + at % 4 * 12) for at in range(count)]


def scattered(count: int) -> list[chunks.Key]:
    rng = random.Random(3)
    return sorted({(rng.randrange(2**24), rng.randrange(128)) for _ in range(count)})


@pytest.mark.parametrize("listing", [grid, scattered, lambda count: [(0, 1), (2**31 - 1, 127)]])
def test_chunks_are_of_about_256_notes(listing: Listing) -> None:
    listed = listing(20_000)
    held = chunks.cut(packed({key: Note(key[0], 1, key[1]) for key in listed}))
    assert len(held) <= len(listed) / 200 + 1
    assert max(map(len, held)) <= 512 * RECORD.size


@pytest.mark.parametrize("listing", [grid, scattered])
def test_a_note_more_makes_two_new_chunks_at_most_and_a_note_less_hardly_more(listing: Listing) -> None:
    rng = random.Random(5)
    listed = listing(20_000)
    held = chunks.cut(packed({key: Note(key[0], 1, key[1]) for key in listed}))
    made: list[int] = []
    for _ in range(400):
        adding = rng.random() < 0.5
        key = (rng.randrange(listed[-1][0] + 500), rng.randrange(128)) if adding else rng.choice(listed)
        known = {id(chunk) for chunk in held}
        after = chunks.spliced(held, key, (key[0], key[1] + 1), pack(Note(key[0], 7, key[1])) if adding else b"")
        fresh = sum(id(chunk) not in known for chunk in after)
        made.append(fresh)
        assert fresh <= 2 or not adding
        if not adding:
            listed.remove(key)
        elif key not in listed:
            insort(listed, key)
        held = after
    assert sum(made) <= 1.2 * len(made)
    assert [chunks.key(chunk, at) for chunk in held for at in range(len(chunk) // chunks.SIZE)] == listed


@pytest.mark.parametrize("listing", [grid, scattered])
def test_runs_are_a_few_and_a_note_more_changes_two_at_most(listing: Listing) -> None:
    listed = listing(20_000)
    held = chunks.cut(packed({key: Note(key[0], 1, key[1]) for key in listed}))
    runs = chunks.runs(held)
    assert [chunk for run in runs for chunk in run] == list(held)
    assert len(runs) <= len(held) / 8
    assert all(sum(map(len, run)) <= chunks.MOST_IN_RUN * chunks.SIZE for run in runs)
    rng = random.Random(7)
    for _ in range(60):
        key = (rng.randrange(listed[-1][0]), rng.randrange(128))
        after = chunks.spliced(held, key, (key[0], key[1] + 1), pack(Note(key[0], 7, key[1])))
        assert len({*chunks.runs(after)} - {*runs}) <= 2
    assert chunks.runs(held[:1]) == [held[:1]]


def test_notes_chosen_to_be_a_chunk_each_are_held_in_few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "rank", lambda start, pitch: start)
    held = chunks.cut(packed({(at, 60): Note(at, 1, 60) for at in range(30_000)}))
    assert len(held) > 29_000
    runs = chunks.runs(held)
    assert [chunk for run in runs for chunk in run] == list(held)
    assert len(runs) < 20 and max(map(len, runs)) <= 4096


def test_nothing_becomes_nothing() -> None:
    assert chunks.cut(b"") == () == chunks.spliced((), (0, 0), (9, 9), b"")
    one = pack(Note(5, 1, 60))
    assert chunks.spliced((), (5, 60), (5, 61), one) == (one,)
    assert chunks.spliced((one,), (0, 0), (9, 0), b"") == ()
    held = (one,)
    assert chunks.spliced(held, (5, 60), (5, 61), one) is held
