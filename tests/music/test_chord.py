"""Chords: symbols and roman numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.chord import QUALITIES, Chord, diatonic, parse_chord, parse_progression, parse_roman
from hardcore.music.mode import SCALES
from hardcore.music.scale import Key

FM, C = Key.parse("F minor"), Key.parse("C")


@pytest.mark.parametrize(
    ("numeral", "key", "name"),
    [
        ("i", FM, "Fm"), ("VI", FM, "Db"), ("iv7", FM, "Bbm7"), ("bII", FM, "Gb"), ("V/V", C, "D"), ("V7/ii", C, "A7"),
        ("Isus4", FM, "Fsus4"), ("im9", FM, "Fm9"), ("im7", FM, "Fm7"), ("i9", FM, "Fm9"), ("V7", FM, "C7"),
        ("v", FM, "Cm"), ("bVI", FM, "Db"), ("bVI", C, "Ab"), ("VII", FM, "Eb"), ("bVII", C, "Bb"),
        ("#iv°", C, "F#dim"),
        ("vii°", C, "Bdim"), ("vii°7", FM, "Edim7"), ("viiø7", C, "Bm7b5"), ("Imaj7", C, "Cmaj7"), ("IM7", C, "Cmaj7"),
        ("I+", C, "Caug"), ("iadd9", FM, "Fmadd9"), ("I6/9", C, "C69"), ("i5", FM, "F5"), ("V7#9", FM, "C7#9"),
        ("III", Key.parse("E phrygian"), "G"), ("II", Key.parse("E phrygian"), "F"),
        ("VI", Key.parse("A minor pentatonic"), "F"), ("V7/V/V", C, "A7"), ("VI/V", C, "E"), ("VI/ii", C, "Bb"),
    ],
)  # fmt: skip
def test_a_numeral_is_read_in_its_key(numeral, key, name):
    assert parse_roman(numeral, key).name == name


@pytest.mark.parametrize(
    ("numeral", "key", "name"),
    [
        ("I/3", C, "C/E"), ("V7/7", C, "G7/F"), ("i/5", FM, "Fm/C"), ("V7/ii/3", C, "A7/C#"), ("I/1", C, "C"),
        ("IV@5", C, "F/G"), ("VI@1", FM, "Db/F"), ("bVII@1", C, "Bb/C"), ("V7/V@5", C, "D7/G"), ("I6/9/3", C, "C69/E"),
        ("V7alt", C, "G7alt"), ("V13b9", C, "G13b9"), ("IVmaj7#11", C, "Fmaj7#11"), ("iim9b5", FM, "Gm9b5"),
        ("V7#5", C, "Gaug7"), ("V9sus", C, "G9sus4"), ("im6/9", FM, "Fm69"), ("imaj9", FM, "Fmmaj9"),
    ],
)  # fmt: skip
def test_a_numeral_may_have_another_bass_and_alterations(numeral, key, name):
    assert parse_roman(numeral, key).name == name


def test_a_bass_that_cannot_be_is_told_with_what_can():
    with pytest.raises(UserError, match="no 7 to put in the bass") as caught:
        parse_roman("I/7", C)
    assert caught.value.hint == "it has 1, 3, 5"
    for text in ("I@9", "I@", "I@x", "I@5@5", "I//3", "I/3/V"):
        with pytest.raises(UserError) as caught:
            parse_roman(text, C)
        assert caught.value.hint


@pytest.mark.parametrize("text", ["", "VIII", "iV", "z", "ifoo", "V/", "V/x", "bbI", "I/" * 2000, "1"])
def test_what_is_no_numeral_is_refused_in_words(text):
    with pytest.raises(UserError) as caught:
        parse_roman(text, FM)
    assert caught.value.hint


@given(st.text(alphabet="IViv/b#7m9°sudim+@35 ", max_size=12))
def test_any_numeral_like_text_is_a_chord_or_an_error_in_words(text):
    try:
        assert parse_roman(text, FM).intervals
    except UserError as error:
        assert error.message


@given(st.integers(0, 11), st.sampled_from(sorted(QUALITIES)))
def test_a_symbol_leads_back_to_its_chord(root, quality):
    for flats in (False, True):
        chord = Chord(root=root, intervals=QUALITIES[quality], flats=flats)
        again = parse_chord(chord.name)
        assert (again.root, again.intervals) == (chord.root, chord.intervals)


def test_no_two_symbols_mean_the_same_notes():
    assert len(set(QUALITIES.values())) == len(QUALITIES)


def test_a_slash_names_the_bass():
    chord = parse_chord("C/Bb")
    assert (chord.root, chord.bass, chord.name) == (0, 10, "C/A#")


@pytest.mark.parametrize("text", ["", "H", "Cfoo", "c", "C/H", "C/"])
def test_what_is_no_chord_is_refused_in_words(text):
    with pytest.raises(UserError):
        parse_chord(text)


def test_a_chord_without_a_symbol_shows_its_intervals():
    assert Chord(root=0, intervals=(0, 1, 6)).name == "C(0 1 6)"


def test_a_progression_is_read_with_any_separator():
    for text in ("i VI III VII", "i-VI-III-VII", "i | VI | III | VII", "i, VI, III,VII", "i – VI – III – VII"):
        assert [chord.name for chord in parse_progression(text, FM)] == ["Fm", "Db", "Ab", "Eb"]
    with pytest.raises(UserError):
        parse_progression(" | ", FM)


@given(st.integers(0, 11), st.sampled_from(sorted(m for m, s in SCALES.items() if len(s) == 7)), st.integers(-9, 9))
def test_a_diatonic_chord_has_only_notes_of_its_key(tonic, mode, degree):
    key = Key(tonic=tonic, mode=mode)
    chord = diatonic(key, degree, 4)
    assert all(key.contains(tone) for tone in chord.pitch_classes)
    assert chord.root == key.pitch_classes[degree % 7]


def test_the_nearest_chord_note_is_in_the_chord():
    assert parse_chord("Fm").nearest(62) == 60
    assert parse_chord("Fm").contains(68)
    assert not parse_chord("Fm").contains(69)
