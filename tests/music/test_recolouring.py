"""Chords extended, suspended, simplified, borrowed, prepared."""

from hypothesis import given
from hypothesis import strategies as st

from hardcore.music.chord import diatonic, parse_chord, parse_roman
from hardcore.music.function import dissonance
from hardcore.music.mode import SCALES
from hardcore.music.recolouring import extended, interchanged, secondary, simplified, suspended
from hardcore.music.scale import Key

C, AM = Key.parse("C"), Key.parse("A minor")
SEVEN = sorted(mode for mode, scale in SCALES.items() if len(scale) == 7)


def test_a_chord_is_stacked_up_with_the_keys_notes() -> None:
    assert [extended(parse_roman("I", C), C, size).name for size in range(4)] == ["C", "Cmaj7", "Cmaj9", "Cmaj13"]
    assert [extended(parse_roman("ii", C), C, size).name for size in (1, 2, 3)] == ["Dm7", "Dm9", "Dm11"]
    assert [extended(parse_roman("V", C), C, size).name for size in (1, 2, 3)] == ["G7", "G9", "G13"]
    assert extended(parse_roman("V", AM), AM, 2).name == "E7b9"
    assert extended(parse_chord("C5"), C, 3).name == "C5"


@given(st.integers(0, 11), st.sampled_from(SEVEN), st.integers(0, 6), st.integers(0, 3))
def test_an_extended_triad_of_a_key_stays_in_it_and_grows_no_smoother(
    tonic: int, mode: str, degree: int, size: int
) -> None:
    key = Key(tonic=tonic, mode=mode)
    chord = diatonic(key, degree)
    more = extended(chord, key, size)
    assert set(chord.intervals) <= set(more.intervals)
    assert dissonance(more) >= dissonance(chord)
    assert all(key.contains(tone) for tone in more.pitch_classes)


def test_a_suspended_chord_has_a_fourth_or_second_of_the_key_for_its_third() -> None:
    assert suspended(parse_roman("V", C), C).name == "Gsus4"
    assert suspended(parse_roman("V7", C), C).name == "G7sus4"
    assert suspended(parse_roman("IV", C), C).name == "Fsus2"
    assert suspended(parse_roman("vii°", C), C).name == "Bdim"


def test_a_simplified_chord_is_its_triad_in_root_position() -> None:
    assert simplified(parse_roman("V13/3", C)).name == "G"
    assert simplified(parse_roman("iim7b5", C)).name == "Ddim"
    assert simplified(parse_chord("Csus4")).name == "Csus4"


def test_chords_are_exchanged_for_the_parallel_keys() -> None:
    assert [chord.name for chord in interchanged(parse_roman("IV", C), C)] == ["Fm"]
    assert [chord.name for chord in interchanged(parse_roman("vi", C), C)] == ["Ab"]
    assert {chord.name for chord in interchanged(parse_roman("iv", AM), AM)} == {"D", "Bb"}
    assert interchanged(parse_roman("I", C), C) == ()


def test_a_secondary_dominant_prepares_a_chord_that_can_rest() -> None:
    found = secondary(parse_roman("ii", C), C)
    assert found is not None and found.name == "A7"
    ninth = secondary(parse_roman("vi", C), C, 2)
    assert ninth is not None and ninth.name == "E7b9"
    assert secondary(parse_roman("I", C), C) is None
    assert secondary(parse_roman("vii°", C), C) is None
    # the dominant of F is C7, which C major lacks; that of the relative major is A minor's own VII7
    assert secondary(parse_roman("IV", C), C) is not None
    assert secondary(parse_roman("III", AM), AM) is None
