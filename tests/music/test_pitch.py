"""Pitches, their names and frequencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.pitch import class_name, frequency, note_name, parse_note, pitch_class


def test_middle_c_is_c4():
    assert note_name(60) == "C4"
    assert parse_note("C4") == parse_note("60") == parse_note(60) == 60


@given(st.integers(0, 127), st.booleans())
def test_a_name_leads_back_to_its_pitch(pitch, flats):
    assert parse_note(note_name(pitch, flats)) == pitch
    assert pitch_class(class_name(pitch, flats)) == pitch % 12


def test_sharps_and_flats_meet():
    assert parse_note("F#3") == parse_note("Gb3") == parse_note("f♯3") == parse_note("G♭3") == 54
    assert parse_note("Cb4") == 59
    assert parse_note("B#3") == 60
    assert (pitch_class("F#"), pitch_class("Cb"), pitch_class("F##")) == (6, 11, 7)


@pytest.mark.parametrize("text", ["H4", "C", "", "C10", "128", "-1", "C-2", "G#9", "C4 E4", "1e3", 500])
def test_what_is_no_note_is_refused_in_words(text):
    with pytest.raises(UserError) as caught:
        parse_note(text)
    assert caught.value.hint


def test_a_name_with_an_octave_is_no_pitch_class():
    with pytest.raises(UserError):
        pitch_class("C4")


def test_an_octave_doubles_the_frequency():
    assert frequency(69) == 440
    assert frequency(81) == 880
    assert frequency(60) == pytest.approx(261.6256, abs=1e-4)
    assert frequency(69.5) == pytest.approx(440 * 2 ** (1 / 24))
