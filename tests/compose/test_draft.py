"""Drafts of styles: keys and chords of songs whose notes were written by hand."""

import pytest

from hardcore.compose.draft.chords import key_of, numeral, weights_of
from hardcore.compose.draft.material import material
from hardcore.compose.draft.style import draft
from hardcore.knowledge.generalmidi import general_midi
from hardcore.music.chord import parse_roman
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.music.scale import Key
from hardcore.project.midiimport import parts_of
from hardcore.project.notes import Note

BAR = 7680
CHORDS = {"I": (60, 64, 67), "V": (55, 59, 62), "vi": (57, 60, 64), "IV": (53, 57, 60)}


def song() -> MidiSong:
    """Return eight bars of I V vi IV in C: block chords, a bass of root and fifth, a tune, a kick on the beats."""
    chords, bass, tune, kick = [], [], [], []
    for bar in range(8):
        notes = list(CHORDS.values())[bar % 4]
        start = bar * BAR
        chords += [MidiNote(start, BAR, pitch) for pitch in notes]
        bass += [MidiNote(start, 1920, notes[0] - 24), MidiNote(start + 3840, 1920, notes[0] - 17)]
        tune += [MidiNote(start + at * 480, 480, notes[2] + 12) for at in (0, 3, 6, 8, 12)]
        kick += [MidiNote(start + beat * 1920, 240, 36) for beat in range(4)]
    rows = {"chords": chords, "bass": bass, "tune": tune}
    tracks = [MidiTrack(name, notes, channel) for channel, (name, notes) in enumerate(rows.items())]
    return MidiSong((*tracks, MidiTrack("drums", kick, 9)))


def test_a_draft_has_what_the_song_has() -> None:
    found = draft([material(song(), parts_of(song(), "song", general_midi()))])
    assert [row["key"] for row in found["keys"]] == ["C major"]
    assert found["harmony"]["progressions"] == [{"numerals": "I V vi IV", "weight": 2}]
    assert found["bass"]["figures"] == ["1---....5---...."]
    assert found["lead"]["tune"]["cells"] == ["x..x..x.", "x...x..."]
    assert found["drums"]["parts"]["kick"]["patterns"] == [{"steps": "X... X... X... X...", "weight": 8}]
    assert found["song"] == [{"name": "part 1", "bars": 8, "play": ["kick", "bass", "lead", "keys"]}]


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_numeral_means_the_chord_it_was_made_of(mode: str) -> None:
    for tonic in range(12):
        key = Key(tonic=tonic, mode=mode)
        for root in range(12):
            for quality, third in (("", 4), ("m", 3), ("7", 4), ("m7", 3), ("maj7", 4)):
                chord = parse_roman(numeral(root, quality, key), key)
                assert chord.root == root and third in chord.intervals, (key.name, root, quality)


def test_a_scale_with_its_tonic_held_is_in_its_key() -> None:
    for tonic in range(12):
        for mode in ("major", "minor"):
            key = Key(tonic=tonic, mode=mode)
            held = {0: 4, 4: 2, 2: 2}
            notes = [Note(0, 480 * held.get(at, 1), 60 + tonic + tone, 90) for at, tone in enumerate(key.intervals)]
            assert key_of(weights_of(notes)) == key
