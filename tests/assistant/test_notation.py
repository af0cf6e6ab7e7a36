"""The notation of a model: read, written, mended; whatever is written, the part keeps to its frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.assistant.mending import Frame, faults, mend
from hardcore.assistant.notation import read_bar, read_drums, write_bars
from hardcore.errors import UserError
from hardcore.music.scale import Key

BAR = 7680
BASS = Frame(2, BAR, 28, 52, Key.parse("F minor"), 8)
KICK = Frame(1, BAR, 36, 36, None, 32)


def test_a_bar_is_read_as_it_is_documented() -> None:
    bar = read_bar("F1:4! -:2 Ab1:2 C2+Eb2:8?")
    assert [(n.start_ticks, n.length_ticks, n.pitch) for n in bar.notes] == [
        (0, 1920, 29), (2880, 960, 32), (3840, 3840, 36), (3840, 3840, 39),
    ]  # fmt: skip
    assert bar.notes[0].velocity > bar.notes[1].velocity > bar.notes[2].velocity
    assert (bar.length_ticks, bar.strange) == (BAR, ())
    drums = read_drums("X..x ..o. | X..x..x.", 36)
    assert [n.start_ticks // 480 for n in drums.notes] == [0, 3, 6, 8, 11, 14]
    assert drums.length_ticks == BAR


def test_what_is_written_is_read_as_the_same() -> None:
    for text in ("F1:4! -:2 Ab1:2 C2+Eb2:8?", "-:16", "C2:1 -:15", "-:15 C2:1"):
        assert write_bars(read_bar(text).notes, 1, BAR, drums=False) == [text]
    assert write_bars(read_drums("X..xo..x........", 36).notes, 1, BAR, drums=True) == ["X..xo..x........"]


def test_a_fault_is_named_by_bar() -> None:
    assert faults(["F1:4", "F1:16 H9:2"], BASS) == ["bar 1 lasts 4 sixteenths, not 16", "bar 2: cannot read H9:2"]
    assert faults([], BASS) == ["no bars"]
    assert faults(["F1:16", "Ab1:16"], BASS) == []


def test_what_was_mended_is_told() -> None:
    notes, told = mend(["F1:4! -:2 A1:2 C5:8 F1:16 qq"], BASS)
    assert set(told) == {
        "words that are no notes left out: 1", "bars of another length cut or filled with rests: 1",
        "notes moved into the range: 1", "notes moved into the key: 1", "bars repeated to fill the clip: 1",
    }  # fmt: skip
    assert [note.start_ticks for note in notes] == [0, 2880, 3840, 7680, 10560, 11520]
    assert mend(["F1:16", "Ab1:16"], BASS)[1] == ()
    dense = mend(["F1:1 " * 16], BASS)[0]
    assert len([note for note in dense if note.start_ticks < BAR]) == 8
    with pytest.raises(UserError, match="nothing that can be played"):
        mend(["-:16", "what?"], BASS)


TOKENS = st.one_of(
    st.builds("{}{}:{}{}".format, st.sampled_from(["C", "F#", "Bb", "H", "-"]), st.integers(-2, 11), st.floats(-1, 40),
              st.sampled_from(["", "!", "?", "!!"])),
    st.text(max_size=8),
)  # fmt: skip


@given(st.lists(st.lists(TOKENS, max_size=24).map(" ".join), max_size=6), st.sampled_from([BASS, KICK]))
def test_whatever_a_model_writes_the_part_keeps_to_its_frame(texts: list[str], frame: Frame) -> None:
    try:
        notes, _ = mend(texts, frame)
    except UserError:
        return
    assert list(notes) == sorted(notes)
    for note in notes:
        assert frame.low <= note.pitch <= frame.high
        assert frame.key is None or frame.key.contains(note.pitch)
        bar = note.start_ticks // frame.bar_ticks
        assert 0 <= bar < frame.bars
        assert note.length_ticks >= 1
        assert note.start_ticks + note.length_ticks <= (bar + 1) * frame.bar_ticks
    for bar in range(frame.bars):
        assert sum(note.start_ticks // frame.bar_ticks == bar for note in notes) <= frame.most
