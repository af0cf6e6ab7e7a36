"""Keys: parsing, spelling, degrees, and moving notes within and between keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.music.mode import SCALES
from hardcore.music.scale import Key

KEYS = st.builds(Key, tonic=st.integers(0, 11), mode=st.sampled_from(sorted(SCALES)))
PITCHES = st.integers(24, 103)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("F minor", "F minor"), ("Am", "A minor"), ("E phrygian", "E phrygian"), ("f# min", "F# minor"),
        ("Bb", "Bb major"), ("C#m", "C# minor"), ("bb", "Bb major"), ("b", "B major"), ("B blues", "B blues"),
        ("C", "C major"), ("CM", "C major"), ("Emaj", "E major"), ("a  AEOLIAN", "A minor"), ("D Ionian", "D major"),
        ("g natural minor", "G minor"), ("C sharp minor", "C# minor"), ("b-flat minor", "Bb minor"), ("Db", "Db major"),
        ("E♭m", "Eb minor"), ("D minor pentatonic", "D minor pentatonic"), ("A harmonic_minor", "A harmonic minor"),
        ("F pentatonic minor", "F minor pentatonic"), ("Bbm", "Bb minor"), ("G#m", "G# minor"),
        ("a flat", "Ab major"),
    ],
)  # fmt: skip
def test_a_key_is_read_as_players_write_it(text, name):
    assert Key.parse(text).name == name


@pytest.mark.parametrize("text", ["", "H", "dorian", "minor", "F minorish", "F minor x", "1", "C" * 99, "é", "F\x00m"])
def test_what_is_no_key_is_refused_in_words(text):
    with pytest.raises(UserError) as caught:
        Key.parse(text)
    assert caught.value.hint
    assert "\n" not in caught.value.line()


def test_a_misspelt_mode_names_the_nearest():
    with pytest.raises(UserError) as caught:
        Key.parse("E phrygain")
    assert "phrygian" in caught.value.hint


@given(st.text(max_size=20))
def test_any_text_is_a_key_or_an_error_in_words(text):
    try:
        assert Key.parse(text).mode in SCALES
    except UserError as error:
        assert error.message


@given(KEYS)
def test_a_name_leads_back_to_its_key(key):
    assert Key.parse(key.name) == key
    assert Key.parse(key.short) == key


def test_an_alias_is_stored_under_its_own_name():
    assert Key(tonic=9, mode="Aeolian") == Key(tonic=9, mode="minor")
    with pytest.raises(ValidationError):
        Key(tonic=0, mode="sad")


def test_flat_keys_spell_flats():
    fm = Key.parse("F minor")
    assert [fm.note_name(p) for p in (53, 56, 61)] == ["F3", "Ab3", "Db4"]
    assert Key.parse("E").note_name(56) == "G#3"
    assert [Key.parse(k).accidentals for k in ("C", "F", "Eb minor", "F#", "D dorian", "C#m")] == [0, -1, -6, 6, 0, 4]


@pytest.mark.parametrize("name", sorted(SCALES))
def test_a_scale_rises_within_one_octave_from_its_tonic(name):
    steps = SCALES[name]
    assert steps[0] == 0
    assert list(steps) == sorted(set(steps))
    assert steps[-1] < 12


@given(KEYS, st.integers(-40, 40))
def test_degrees_rise_stay_in_scale_and_wrap_by_octave(key, degree):
    assert key.contains(key.degree(degree))
    assert key.degree(degree) < key.degree(degree + 1)
    assert key.degree(degree + len(key.intervals)) == key.degree(degree) + 12
    assert key.degree(degree, 3) == key.degree(degree, 4) - 12


def test_degree_zero_is_the_tonic_of_its_octave():
    assert Key.parse("F minor").degree(0, 2) == 41
    assert Key.parse("C").degree(-1, 4) == 59


@given(KEYS, PITCHES)
def test_the_nearest_pitch_is_in_scale_and_none_is_nearer(key, pitch):
    near = key.nearest(pitch)
    assert key.contains(near)
    assert not any(key.contains(p) for p in range(pitch - abs(near - pitch) + 1, pitch + abs(near - pitch)))


@given(KEYS, PITCHES, st.integers(-12, 12))
def test_steps_move_by_scale_notes(key, pitch, steps):
    moved = key.step(pitch, steps)
    between = [p for p in range(min(pitch, moved), max(pitch, moved) + 1) if key.contains(p) and p != pitch]
    assert len(between) == abs(steps)
    assert steps == 0 or (moved > pitch) == (steps > 0)


@given(KEYS, KEYS, PITCHES)
def test_a_note_of_one_key_becomes_a_note_of_the_other_near_by(key, other, pitch):
    pitch = key.nearest(pitch)
    moved = key.map_to(other, pitch)
    assert other.contains(moved)
    assert abs(moved - pitch) <= 10
    if len(key.intervals) == len(other.intervals):
        assert key.pitch_classes.index(pitch % 12) == other.pitch_classes.index(moved % 12)


@given(st.integers(0, 11), st.integers(0, 11), st.sampled_from(sorted(SCALES)), PITCHES)
def test_within_one_mode_every_note_moves_alike_by_the_shortest_way(a, b, mode, pitch):
    moved = Key(tonic=a, mode=mode).map_to(Key(tonic=b, mode=mode), pitch)
    if len(SCALES[mode]) == 12 or Key(tonic=a, mode=mode).contains(pitch):
        assert moved - pitch == (b - a + 6) % 12 - 6


def test_a_leading_note_stays_one_and_colours_are_kept():
    am, a, fm = Key.parse("Am"), Key.parse("A"), Key.parse("Fm")
    assert am.map_to(a, 68) == 68
    assert am.map_to(fm, 68) == 64
    assert am.map_to(am, 61) == 61
    assert [am.map_to(a, p) for p in (57, 60, 64, 65)] == [57, 61, 64, 66]


def test_between_scales_of_different_size_a_note_goes_to_the_nearest():
    am, pentatonic = Key.parse("Am"), Key.parse("B minor pentatonic")
    assert [am.map_to(pentatonic, p) for p in (57, 59, 60, 65, 61)] == [59, 62, 62, 66, 63]


@given(KEYS, KEYS, st.integers(0, 127))
def test_a_mapped_note_stays_on_the_keyboard(key, other, pitch):
    assert 0 <= key.map_to(other, pitch) <= 127


def test_relatives_share_notes_and_parallels_share_the_tonic():
    assert Key.parse("C").relative().name == "A minor"
    assert Key.parse("Am").relative().name == "C major"
    assert Key.parse("D dorian").relative().name == "C major"
    assert Key.parse("A minor pentatonic").relative().name == "C major pentatonic"
    assert Key.parse("Fm").parallel().name == "F major"
    assert Key.parse("F").parallel().name == "F minor"


def test_minor_means_a_minor_third():
    assert [Key.parse(k).is_minor for k in ("Fm", "E phrygian", "A blues", "C", "C lydian", "C chromatic")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
