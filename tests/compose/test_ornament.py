"""Ornaments: what is played around a line's notes; the line stays, and what slides is a bend in a MIDI file."""

import io
from itertools import pairwise
from random import Random

import mido
import pytest

from hardcore.compose.form.song import song
from hardcore.compose.parts.ornament import OVER, ornamented, plain
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.knowledge.melodic import Ornament
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.events import Span, events
from hardcore.project.midi import to_midi
from hardcore.project.notes import Note
from hardcore.project.timeline import end_ticks, timeline
from tests.compose.measures import composed

KEY = Key.parse("C major")
SAX, PIANO = devices.instrument("sax"), devices.instrument("piano")
LINE = [Note(at * 1920, 1440 if at % 4 != 3 else 960, 72 + at % 5, 90) for at in range(16)]


def played(chances: dict[Ornament, float], device: devices.Device = SAX) -> list[Note]:
    return ornamented(LINE, chances, KEY, device, Random(3))


def test_without_chances_a_line_stays_as_it_is() -> None:
    assert played({}) == LINE and played({"grace": 0.0, "fall": 0.0}) == LINE


def test_a_grace_note_is_a_step_below_just_before_a_beat_and_softer() -> None:
    notes = played({"grace": 1.0})
    graces = [note for note in notes if note not in LINE]
    assert len(graces) == len(LINE) - 1, "the first has nothing before it"
    assert [note for note in notes if note in LINE] == LINE
    for grace, note in zip(graces, LINE[1:], strict=True):
        assert grace.end_ticks == note.start_ticks and grace.velocity < note.velocity
        assert 1 <= note.pitch - grace.pitch <= 2 and KEY.contains(grace.pitch)


@pytest.mark.parametrize("kind", ["scoop", "bend"])
def test_a_scoop_and_a_bend_glide_from_a_tone_below_into_the_note(kind: Ornament) -> None:
    notes = played({kind: 1.0})
    for first, second, note in zip(notes[::2], notes[1::2], LINE, strict=True):
        assert (first.start_ticks, first.pitch, first.slide) == (note.start_ticks, note.pitch - 2, True)
        assert first.end_ticks == second.start_ticks + OVER and second.end_ticks == note.end_ticks
        assert second.pitch == note.pitch


def test_a_fall_slides_down_into_a_rest_and_ends_where_the_note_did() -> None:
    notes = played({"fall": 1.0})
    falls = [(a, b) for a, b in pairwise(notes) if a.slide]
    assert len(falls) == 4, "the notes with half a beat of rest after them"
    assert all(a.end_ticks == b.start_ticks + OVER and 3 <= a.pitch - b.pitch <= 6 for a, b in falls)
    assert {b.end_ticks for _, b in falls} == {note.end_ticks for note in LINE if note.length_ticks == 960}


def test_what_has_many_voices_has_grace_notes_only() -> None:
    assert played({"scoop": 1.0, "bend": 1.0, "fall": 1.0}, PIANO) == LINE
    assert len(played({"scoop": 1.0, "grace": 1.0}, PIANO)) == 2 * len(LINE) - 1


def test_others_hear_the_line_without_its_ornaments() -> None:
    chances: dict[Ornament, float] = {"grace": 0.6}
    assert plain(played(chances), chances) == LINE and plain(LINE[:1], {}) == LINE[:1]


def test_leads_of_styles_that_have_them_glide_also_where_it_swings_and_bend_in_a_midi_file() -> None:
    bends = 0
    for style in ("blues", "funk", "rock"):
        for seed in range(3):
            project = composed(style, seed, bars=8, only=("lead", "bass"))
            lead = next(track for track in project.tracks if track.role == "lead")
            assert lead.instrument is not None
            playing = timeline(project)
            own = [one for one in events(project, playing, Span(0, end_ticks(playing))) if one.track_id == lead.id]
            if devices.instrument(lead.instrument.device).mono:
                into = [(a, b) for a, b in pairwise(own) if a.slide and a.length_ticks < 400]
                assert all(b.tick <= a.tick + a.length_ticks for a, b in into), "the engine glides into what overlaps"
            file = mido.MidiFile(file=io.BytesIO(to_midi(project, playing)))
            track = next(one for one in file.tracks if one.name == lead.name)
            bends += any(message.type == "pitchwheel" and message.pitch for message in track)
    assert bends >= 2


def test_a_song_of_a_style_that_slows_down_at_its_end_does() -> None:
    slowing = [name for name in genre_ids() if genre(name).ending == "ritard"]
    assert "waltz" in slowing
    known, piece = genre("waltz"), composed("waltz", 3)
    free, placed = song(piece, known.song, 1, ending=known.ending)
    last = free.meter_map.bar_start(placed[-1].bar + placed[-1].bars - 1)
    assert free.tempo_map.at(last) == pytest.approx(free.tempo_map.bpm * 2 / 3, abs=0.1)
