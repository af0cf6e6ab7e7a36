"""NoteBlock against a plain dictionary, and its refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.project.notes import Note, NoteBlock

notes = st.builds(
    Note,
    start_ticks=st.integers(0, 20_000),
    length_ticks=st.integers(1, 5000),
    pitch=st.integers(0, 127),
    velocity=st.integers(1, 127),
    probability=st.integers(0, 100),
    ratchet=st.integers(1, 16),
    offset_ticks=st.integers(-1920, 1920),
    slide=st.booleans(),
)


@given(st.lists(notes), st.lists(st.tuples(st.booleans(), notes)))
def test_a_block_behaves_like_a_dictionary_by_start_and_pitch(
    first: list[Note], edits: list[tuple[bool, Note]]
) -> None:
    block, oracle = NoteBlock.of(first), {(n.start_ticks, n.pitch): n for n in first}
    for adding, note in edits:
        address = (note.start_ticks, note.pitch)
        if adding:
            block, oracle[address] = block.add(note), note
        elif address in oracle:
            block = block.remove(*address)
            del oracle[address]
        else:
            with pytest.raises(KeyError):
                block.remove(*address)
        assert block.find(*address) == oracle.get(address)
    assert list(block) == [oracle[address] for address in sorted(oracle)]
    assert NoteBlock.decode(block.data) == block


@given(st.lists(notes), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000), st.lists(notes))))
def test_splice_puts_notes_in_the_place_of_those_that_start_in_a_span(
    first: list[Note], splices: list[tuple[int, int, list[Note]]]
) -> None:
    block, oracle = NoteBlock.of(first), {(n.start_ticks, n.pitch): n for n in first}
    for a, b, listed in splices:
        low, high = min(a, b), max(a, b)
        inside = [note for note in listed if low <= note.start_ticks < high]
        if len(inside) < len(listed):
            with pytest.raises(ValueError, match="is not in"):
                block.splice(low, high, listed)
        block = block.splice(low, high, inside)
        oracle = {key: note for key, note in oracle.items() if not low <= key[0] < high}
        oracle |= {(note.start_ticks, note.pitch): note for note in inside}
        assert list(block) == [oracle[key] for key in sorted(oracle)]
        assert block == NoteBlock.of(oracle.values())
        assert [block[at] for at in range(len(block))] == list(block)


@pytest.mark.parametrize("count", [700, 9000])
def test_a_block_of_many_chunks_reads_like_a_list(count: int) -> None:
    listed = [Note(at // 3 * 40, 20 + at % 7, 30 + at % 3 * 20, 1 + at % 127) for at in range(count)]
    block = NoteBlock.of(reversed(listed))
    assert len(block.chunks) > 1
    assert len(block) == count and list(block) == listed
    for at in (0, 1, count // 2, count - 1):
        note = listed[at]
        assert block[at] == note == block.find(note.start_ticks, note.pitch)
        assert block.index(note.start_ticks, note.pitch) == at
        assert block.find(note.start_ticks, 127) is None
    assert block.index(10**6, 0) == count
    for start, end in ((0, 8000), (4000, 8000), (4000, 10**6), (5, 5)):
        assert list(block.between(start, end)) == [note for note in listed if start <= note.start_ticks < end]
    assert NoteBlock.decode(block.data) == block == NoteBlock.joined(block.chunks)
    assert NoteBlock.joined(block.chunks).chunks[0] is block.chunks[0]
    assert NoteBlock.joined([block.data]).chunks == block.chunks, "whoever cut it otherwise"
    with pytest.raises(IndexError):
        block[count]


def test_a_clip_that_is_full_takes_no_more_notes() -> None:
    block = NoteBlock.of(Note(at, 1, 60) for at in range(65_536))
    for grow in (
        lambda: block.add(Note(0, 1, 61)),
        lambda: block.splice(0, 1, [Note(0, 1, 60), Note(0, 1, 61)]),
        lambda: NoteBlock.of([*block, Note(0, 1, 61)]),
    ):
        with pytest.raises(ValueError, match="at most 65536"):
            grow()
    assert len(block.add(Note(0, 1, 60))) == len(block)


@given(st.lists(notes), st.integers(0, 20_000), st.integers(0, 20_000))
def test_between_gives_the_notes_that_start_in_a_span(listed: list[Note], a: int, b: int) -> None:
    block = NoteBlock.of(listed)
    low, high = min(a, b), max(a, b)
    assert list(block.between(low, high)) == [note for note in block if low <= note.start_ticks < high]


@pytest.mark.parametrize(
    "wrong",
    [
        Note(-1, 10, 60),
        Note(0, 0, 60),
        Note(0, 10, 128),
        Note(0, 10, 60, velocity=0),
        Note(0, 10, 60, probability=101),
        Note(0, 10, 60, ratchet=17),
        Note(0, 10, 60, offset_ticks=1921),
        Note(2**31, 10, 60),
        Note(0.5, 10, 60),
        Note(0, 10, "60"),
        Note(0, 10, 60, slide=None),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(wrong: Note) -> None:
    with pytest.raises(ValueError, match="out of range"):
        NoteBlock.of([wrong])


@given(st.lists(notes, min_size=2, max_size=6), st.data())
def test_decoding_refuses_bytes_no_edit_could_have_made(listed: list[Note], data: st.DataObject) -> None:
    good = NoteBlock.of(listed).data
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    try:
        block = NoteBlock.decode(bytes(bad))
    except ValueError:
        return
    assert NoteBlock.of(block) == block


def test_a_block_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        NoteBlock.of([Note(0, 1, 60)]).data = b""
