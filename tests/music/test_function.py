"""What chords do in a key, and how tense they are."""

import pytest

from hardcore.music.chord import parse_roman
from hardcore.music.function import borrowed, dissonance, fifths, function, leads, leads_to, tension
from hardcore.music.scale import Key

C, AM = Key.parse("C"), Key.parse("A minor")


@pytest.mark.parametrize(
    ("key", "numerals", "does"),
    [
        (C, "I vi iii Imaj7", "tonic"), (C, "IV ii iv iim7b5 bVI bII V7/V V7/ii", "predominant"),
        (C, "V V7 vii° bVII bII7", "dominant"), (AM, "i III VI im9", "tonic"), (AM, "iv iim7b5 bII", "predominant"),
        (AM, "V7 v VII vii°7", "dominant"), (Key.parse("E phrygian"), "II vii", "dominant"),
        (Key.parse("F lydian"), "II", "dominant"), (Key.parse("G mixolydian"), "bVII v", "dominant"),
        (C, "v", "predominant"),
    ],
)  # fmt: skip
def test_a_numeral_rests_leads_away_or_leads_back(key: Key, numerals: str, does: str) -> None:
    expected = {"bII7": "predominant"}
    for numeral in numerals.split():
        wanted = expected.get(numeral, does)
        assert function(parse_roman(numeral, key), key) == wanted, numeral


def test_a_dominant_seventh_leads_a_fifth_down_and_a_diminished_chord_a_semitone_up() -> None:
    assert leads_to(parse_roman("V7/ii", C)) == 2
    assert leads_to(parse_roman("vii°7", C)) == 0
    assert leads_to(parse_roman("IV", C)) is None
    assert leads_to(parse_roman("iim7b5", C)) is None


@pytest.mark.parametrize(
    ("before", "after", "does"),
    [("V7", "I", True), ("V", "I", True), ("bII7", "I", True), ("V7/ii", "ii", True), ("bVII", "I", True),
     ("IV", "ii", False), ("vi", "IV", False), ("v", "I", False), ("V7", "ii", False)],
)  # fmt: skip
def test_what_leads_into_what(before: str, after: str, does: bool) -> None:
    assert leads(parse_roman(before, C), parse_roman(after, C), C) is does


def test_tension_rises_from_the_tonic_over_the_dominant_to_altered_and_foreign_chords() -> None:
    row = [tension(parse_roman(numeral, C), C) for numeral in ("I", "IV", "V7", "V7b9", "bII7")]
    assert row == sorted(row) and row[0] < 0.1 and row[-1] > 1
    assert dissonance(parse_roman("Imaj7", C)) > 3 * dissonance(parse_roman("I", C))
    assert [fifths(parse_roman(numeral, C), C) for numeral in ("I", "V", "IV", "ii", "bII", "#iv°")] == [
        0,
        1,
        1,
        2,
        5,
        6,
    ]


def test_modal_interchange_is_told_from_applied_dominants() -> None:
    assert all(borrowed(parse_roman(numeral, C), C) for numeral in ("iv", "bVI", "bVII", "bII", "iim7b5"))
    assert not any(borrowed(parse_roman(numeral, C), C) for numeral in ("ii", "V7", "V7/ii", "V7/V"))
