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
