"""Writing MIDI files: checked by two other readers, and read back by our own."""

import io
from random import Random

import mido
import pytest
import symusic
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.midifile import MidiTrack, encode, read, write
from hardcore.music.scale import Key
from hardcore.music.tempo import PPQ, MeterMap, TempoMap

TEMPO, METER = TempoMap().with_bpm(138).with_point(7680, 140.5), MeterMap().with_change(2, 7, 8)
NOTES = st.lists(
    st.tuples(st.integers(0, 40_000), st.integers(1, 5000), st.integers(0, 127), st.integers(1, 127)), max_size=40
)


def song(*notes, length=0, **options):
    return encode([MidiTrack("Bass", notes, 2, 38)], TEMPO, METER, Key.parse("F minor"), length_ticks=length, **options)


def messages(data, track=1):
    now, out = 0, []
    for message in mido.MidiFile(file=io.BytesIO(data)).tracks[track]:
        now += message.time
        out.append((now, message))
    return out


def onsets(data, track=1):
    return [(now, m.type, m.note) for now, m in messages(data, track) if m.type in ("note_on", "note_off")]


def without_overlaps(notes):
    """The oracle: of one pitch, same starts become one note, and each ends where the next begins."""
    out = []
    for pitch in {note[2] for note in notes}:
        merged = {}
        for start, length, _, velocity in (note for note in notes if note[2] == pitch):
            end, loud = merged.get(start, (0, 0))
            merged[start] = max(end, start + length), max(loud, velocity)
        starts = sorted(merged)
        for start in starts:
            end = min([merged[start][0], *(later for later in starts if later > start)])
            out.append((start, end - start, pitch, merged[start][1]))
    return sorted(out)


@given(NOTES, st.integers(0, 100_000))
def test_notes_come_back_as_written(notes, length):
    data = song(*notes, length=length)
    back = read(data)
    wanted = without_overlaps(notes)
    assert [tuple(note) for track in back.tracks for note in track.notes] == wanted
    # what other readers make of the same bytes
    score = symusic.Score.from_midi(data)
    got = [(n.time, n.duration, n.pitch, n.velocity) for track in score.tracks for n in track.notes]
    assert sorted(got) == wanted
    assert back.length_ticks == max([length, 15360, *(start + size for start, size, *_ in wanted)])


def test_the_conductor_track_holds_title_tempo_meter_and_key():
    seen = [(now, m.type, m.dict()) for now, m in messages(song(title="Nacht"), track=0)]
    assert [(now, kind) for now, kind, _ in seen] == [
        (0, "track_name"), (0, "time_signature"), (0, "key_signature"), (0, "set_tempo"), (7680, "set_tempo"),
        (15360, "time_signature"), (15360, "end_of_track"),
    ]  # fmt: skip
    assert seen[0][2]["name"] == "Nacht"
    assert seen[2][2]["key"] == "Fm"
    assert [d["tempo"] for _, kind, d in seen if kind == "set_tempo"] == [434783, 427046]
    assert [(d["numerator"], d["denominator"]) for _, kind, d in seen if kind == "time_signature"] == [(4, 4), (7, 8)]


def test_a_ramp_is_steps_that_drift_by_less_than_a_millisecond():
    tempo = TempoMap().with_bpm(90).with_point(7680, 90).with_point(33 * 7680, 150, ramp=True)
    tempo = tempo.with_point(41 * 7680, 70, ramp=True)
    for division in (1920, 480):
        data = encode([], tempo, METER, division=division, length_ticks=45 * 7680)
        changes = [(now, m.dict()["tempo"]) for now, m in messages(data, track=0) if m.type == "set_tempo"]
        assert len(changes) == 2 + 40 * 7680 // 120
        now_s, last, quarter_us, drifts = 0.0, 0, 500_000, []
        for tick, following_us in changes:
            now_s += (tick - last) / division * quarter_us / 1e6
            last, quarter_us = tick, following_us
            drifts.append(abs(now_s - tempo.seconds(tick * 1920 // division)))
        assert max(drifts) < 1e-3


def test_a_song_comes_back_whole():
    tracks = [MidiTrack("Bass é", ((0, 480, 36, 100),), 2, 38), MidiTrack("Drums", ((480, 10, 42, 1),), 9)]
    data = encode(tracks, TEMPO, METER, Key.parse("Eb minor"), length_ticks=61440, title="Nacht")
    back = read(data)
    assert (back.tempo_map, back.meter_map, back.key) == (TEMPO, METER, Key.parse("Eb minor"))
    assert (back.title, back.length_ticks, back.warnings) == ("Nacht", 61440, ())
    assert [(t.name, t.channel, t.program, t.is_drum) for t in back.tracks] == [
        ("Bass é", 2, 38, False), ("Drums", 9, None, True),
    ]  # fmt: skip


@pytest.mark.parametrize("bpm", [10, 59.94, 128, 137.9, 174.125, 190, 999])
def test_a_tempo_comes_back_as_the_number_it_was(bpm):
    assert read(encode([], TempoMap().with_bpm(bpm), MeterMap())).tempo_map.bpm == bpm


@pytest.mark.parametrize("key", ["C", "Am", "F#", "Eb minor", "Db", "G#m", "B"])
def test_a_key_signature_comes_back(key):
    assert read(encode([], TEMPO, METER, Key.parse(key))).key == Key.parse(key)


def test_a_note_ends_before_the_next_of_its_pitch_begins():
    data = song((0, 480, 60, 100), (480, 480, 60, 90), (200, 100, 61, 80), (240, 400, 61, 80))
    assert onsets(data) == [
        (0, "note_on", 60), (200, "note_on", 61), (240, "note_off", 61), (240, "note_on", 61),
        (480, "note_off", 60), (480, "note_on", 60), (640, "note_off", 61), (960, "note_off", 60),
    ]  # fmt: skip


def test_no_note_is_cut_at_birth():
    data = song((0, 10, 60, 100), (0, 500, 60, 50), (100, 0, 61, 90), (7, 1, 62, 0))
    assert [tuple(note) for note in read(data).tracks[0].notes] == [(0, 500, 60, 100), (7, 1, 62, 1), (100, 1, 61, 90)]


def test_a_note_before_zero_starts_at_zero_and_moves_no_other():
    data = song((-30, 100, 60, 100), (10, 20, 62, 100))
    assert [tuple(note) for note in read(data).tracks[0].notes] == [(0, 100, 60, 100), (10, 20, 62, 100)]


def test_every_track_lasts_to_the_asked_end_and_ringing_notes_ring():
    data = encode([MidiTrack("A", ((0, 10, 60, 1),)), MidiTrack("B", ((0, 99_999, 60, 1),))], TEMPO, METER,
                  length_ticks=61440)  # fmt: skip
    assert [messages(data, track)[-1][0] for track in range(3)] == [61440, 61440, 99_999]


def test_a_division_rounds_to_the_nearest_tick():
    data = song((1921, 3, 60, 100), length=7680, division=96)
    assert mido.MidiFile(file=io.BytesIO(data)).ticks_per_beat == 96
    assert onsets(data) == [(96, "note_on", 60), (97, "note_off", 60)]
    assert read(data).tracks[0].notes[0][:2] == (1920, 20)


def test_every_event_has_its_own_status_byte():
    track = song(*((i * 10, 5, 60, 100) for i in range(50))).split(b"MTrk")[2]
    assert track.count(b"\x92\x3c\x64") == track.count(b"\x82\x3c\x00") == 50


def test_a_very_long_rest_is_bridged():
    assert read(song((2**30, 5, 60, 100))).tracks[0].notes[0].start_ticks == 2**30


def test_the_order_of_the_notes_does_not_change_the_bytes():
    notes = [(i * 100 % 7000, 90, 40 + i % 30, 1 + i % 127) for i in range(300)]
    shuffled = Random(3).sample(notes, len(notes))
    assert song(*notes) == song(*shuffled)


@pytest.mark.parametrize(
    "track",
    [MidiTrack("x", ((0, 1, 128, 1),)), MidiTrack("x", ((0, 1, 60, 128),)), MidiTrack("x", (), 16),
     MidiTrack("x", (), 0, 128)],
)  # fmt: skip
def test_values_a_file_cannot_hold_are_refused(track):
    with pytest.raises(ValueError, match="out of range"):
        encode([track], TEMPO, METER)


def test_a_file_is_written_and_opened_by_its_path(tmp_path):
    path = tmp_path / "ä b.mid"
    write(path, [MidiTrack("A", ((0, 10, 60, 1),))], TEMPO, METER, length_ticks=7680)
    assert read(path).tracks[0].name == "A"
    with pytest.raises(UserError, match="could not be written"):
        write(tmp_path / "no" / "where.mid", [], TEMPO, METER)


def test_mido_hears_the_length_we_mean():
    data = encode([], TempoMap().with_bpm(138), MeterMap(), length_ticks=32 * PPQ)
    assert mido.MidiFile(file=io.BytesIO(data)).length == pytest.approx(32 * 60 / 138, abs=1e-4)
