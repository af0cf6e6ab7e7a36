"""Reading MIDI files of others, the well-meant and the hostile."""

import io
from random import Random

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.midifile import MidiTrack, encode, read
from hardcore.music.midiread import MidiLimits
from hardcore.music.tempo import MeterMap, TempoMap

NOTE_ON = b"\x00\x90\x3c\x64"


def chunk(body, kind=b"MTrk", size=None):
    return kind + (len(body) if size is None else size).to_bytes(4, "big") + body


def smf(*chunks, kind=1, division=480, count=None):
    head = b"".join(n.to_bytes(2, "big") for n in (kind, len(chunks) if count is None else count, division))
    return chunk(head, b"MThd") + b"".join(chunks)


def meta(kind, body, delta=b"\0"):
    return delta + bytes((0xFF, kind, len(body))) + body


END = meta(0x2F, b"")


def refusal(data, limits=None):
    with pytest.raises(UserError) as caught:
        read(data, limits)
    assert "\n" not in caught.value.line()
    return caught.value.message


def test_ticks_are_scaled_to_1920():
    song = read(smf(chunk(b"\x60\x90\x3c\x64" + b"\x60\x80\x3c\x00" + END), division=96))
    assert song.tracks[0].notes == ((1920, 1920, 60, 100),)


def test_running_status_and_velocity_zero_as_note_off():
    body = NOTE_ON + b"\x10\x3c\x00" + b"\x10\x3e\x50" + b"\x10\x3e\x00" + END
    assert [n[:3] for n in read(smf(chunk(body))).tracks[0].notes] == [(0, 64, 60), (128, 64, 62)]


def test_overlapping_notes_of_one_pitch_end_in_the_order_they_began():
    body = NOTE_ON + b"\x10\x90\x3c\x50" + b"\x10\x80\x3c\x00" + b"\x10\x80\x3c\x00" + END
    assert read(smf(chunk(body))).tracks[0].notes == ((0, 128, 60, 100), (64, 128, 60, 80))


def test_a_note_left_on_ends_with_its_track():
    assert read(smf(chunk(NOTE_ON + meta(0x2F, b"", b"\x60")))).tracks[0].notes == ((0, 384, 60, 100),)


def test_a_type_0_file_parts_by_channel():
    file, track = mido.MidiFile(type=0, ticks_per_beat=480), mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("track_name", name="Jam"))
    for channel, program in ((0, 4), (9, 0), (3, 33)):
        track.append(mido.Message("program_change", channel=channel, program=program))
        track.append(mido.Message("note_on", channel=channel, note=40 + channel, velocity=90))
        track.append(mido.Message("control_change", channel=channel, control=7, value=1))
        track.append(mido.Message("pitchwheel", channel=channel, pitch=100))
        track.append(mido.Message("sysex", data=(1, 2, 3)))
        track.append(mido.Message("note_off", channel=channel, note=40 + channel, time=480))
    out = io.BytesIO()
    file.save(file=out)
    song = read(out.getvalue())
    assert [(t.channel, t.program, t.is_drum, t.notes[0][:3]) for t in song.tracks] == [
        (0, 4, False, (0, 1920, 40)), (3, 33, False, (3840, 1920, 43)), (9, 0, True, (1920, 1920, 49)),
    ]  # fmt: skip


def test_film_time_is_read_at_120():
    song = read(smf(chunk(b"\x64" + NOTE_ON[1:] + b"\x64\x80\x3c\x00" + END), division=(256 - 25) << 8 | 40))
    assert song.tracks[0].notes == ((384, 384, 60, 100),)
    assert "seconds" in song.warnings[0]


def test_a_meter_change_within_a_bar_waits_for_the_bar_line_and_says_so():
    body = meta(0x58, b"\x03\x02\x18\x08") + meta(0x58, b"\x04\x02\x18\x08", b"\x83\x60") + END
    song = read(smf(chunk(body)))
    assert [(p.tick, p.numerator) for p in song.meter_map.points] == [(0, 3), (5760, 4)]
    assert "moved to the bar line" in song.warnings[0]


def test_odd_tempos_meters_and_keys_are_kept_in_range_and_told():
    body = (
        meta(0x51, b"\0\0\0")
        + meta(0x58, b"\0\x02\x18\x08")
        + meta(0x58, b"\x04\x09\x18\x08")
        + meta(0x59, b"\x40\x05")
    )
    song = read(smf(chunk(body + meta(0x51, b"\xff\xff\xff", b"\x60") + meta(0x51, b"") + END)))
    assert [p.bpm for p in song.tempo_map.points] == [120, 10], "a tempo of nothing leaves the one before"
    assert (song.meter_map, song.key) == (MeterMap(), None)
    assert len(song.warnings) == 4


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"B\xc3\xa4ss", "Bäss"),
        (b"B\xe4ss", "Bäss"),
        (b"a\x1b[31m\n b", "a [31m b"),
        (b"x" * 127, "x" * 80),
        ("ピアノ".encode("cp932"), "ピアノ"),
        ("Баян".encode("cp1251"), "Баян"),
        ("Flöte für Ä".encode("latin-1"), "Flöte für Ä"),
    ],
)
def test_a_name_is_printable_in_any_encoding(raw, name):
    assert read(smf(chunk(meta(3, raw) + NOTE_ON + END))).tracks[0].name == name


def test_other_chunks_and_bytes_after_the_end_are_skipped():
    data = smf(chunk(b"junk", b"XFIH"), chunk(NOTE_ON + END), count=1) + b"\0\0padding"
    assert len(read(data).tracks) == 1


def test_a_file_without_notes_is_a_song_without_tracks():
    song = read(smf(chunk(meta(3, b"Silence") + END)))
    assert (song.tracks, song.title) == ((), "Silence")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"MThd", b"RIFF" + bytes(40), bytes(100), smf(chunk(END))[:13], smf(chunk(END), division=0), smf(kind=3),
        smf(chunk(END), division=0xE700), smf(chunk(END), division=0x8101), smf(chunk(END), count=9),
        smf(chunk(END, size=2**32 - 1)), smf(chunk(NOTE_ON[:3])), smf(chunk(b"\x00\x3c\x40")), smf(chunk(b"\x00\xf4")),
        smf(chunk(b"\xff\xff\xff\xff\xff\x7f")), smf(chunk(b"\x00\xff\x01\x7fabc")), smf(chunk(b"\x00\x90\x80\x64")),
        smf(chunk(b"\x00\xff\x01\xff\xff\xff\x7f")), smf(chunk(b"\x00\xff")), smf(chunk(b"\x00")),
        smf(chunk((b"\xff\xff\xff\x7f\x90\x3c\x64") * 9), division=1),
    ],
)  # fmt: skip
def test_what_is_not_a_whole_midi_file_is_refused_in_words(data):
    assert "MIDI file" in refusal(data)


def test_limits_hold():
    notes = smf(chunk(b"\x00\x90\x3c\x64" * 11 + END), chunk(b"\x00\x90\x3c\x64" * 11 + END))
    assert len(read(notes, MidiLimits(events=22)).tracks) == 2
    assert "too many notes" in refusal(notes, MidiLimits(events=21))
    assert "too large" in refusal(notes, MidiLimits(size_bytes=40))
    assert "too many tracks" in refusal(smf(*[chunk(END)] * 5), MidiLimits(tracks=4))
    assert "changes" in refusal(smf(chunk(meta(0x51, b"\x07\xa1\x20") * 70_000 + END)))


def test_a_missing_file_and_an_endless_one_are_refused(tmp_path):
    assert "cannot read" in refusal(str(tmp_path / "none.mid"))
    assert "cannot read" in refusal(tmp_path)
    big = tmp_path / "big.mid"
    with big.open("wb") as file:
        file.truncate(2**33)
    assert "too large" in refusal(big, MidiLimits(size_bytes=1000))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_song_or_an_error_in_words(data):
    for attempt in (data, smf(chunk(data)), smf(data, count=3)):
        try:
            assert read(attempt).length_ticks >= 0
        except UserError as error:
            assert error.message


def test_damaged_files_are_songs_or_errors_in_words():
    random = Random(5)
    tracks = [MidiTrack("a", [(i * 100, 50, 60 + i % 9, 90) for i in range(40)], c, c) for c in range(3)]
    whole = encode(tracks, TempoMap().with_point(1920, 99), MeterMap().with_change(1, 7, 8), title="x")
    outcomes = {"song": 0, "refused": 0}
    for _ in range(3000):
        data = bytearray(whole[: random.randrange(len(whole))] if random.random() < 0.1 else whole)
        for _ in range(random.randrange(1, 6)):
            place = random.randrange(len(data) or 1)
            data[place : place + 1] = bytes(random.randrange(256) for _ in range(random.choice((0, 1, 1, 1, 1, 3))))
        try:
            song = read(bytes(data))
            assert all(0 <= note[2] <= 127 and note[1] >= 1 for track in song.tracks for note in track.notes)
            outcomes["song"] += 1
        except UserError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 100, outcomes


@pytest.mark.timeout(60)
def test_hostile_bulk_ends():
    # Anything worse than linear would take hours.
    for body in (
        b"\x00\x90\x3c\x00" + b"\x00\x3c\x00" * 300_000,
        b"\x00\xff\x01\x00" * 250_000,
        NOTE_ON + b"\x00\x3c\x64" * 300_000,
    ):
        read(smf(chunk(body + END)))


TWO = b"\x00\x90\x3c\x64\x60\x80\x3c\x00" + b"\x00\x90\x3e\x64\x60\x80\x3e\x00"
WHOLE = [(0, 384, 60, 100), (384, 384, 62, 100)]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (smf(chunk(TWO + b"\x00\x90\x40")), ["track 1 is cut off"]),
        (smf(chunk(TWO + b"\x00\x90\x40\x64", size=999)), ["track 1 says that it is longer than the file"]),
        (smf(chunk(meta(0x51, b"\x07\xa1\x20") + END), chunk(TWO + END), count=1), ["holds 2 tracks, and says 1"]),
        (smf(chunk(TWO + END), count=5), ["holds 1 tracks, and says 5"]),
        (smf(chunk(TWO[:4] + b"\x10\xf8\x00\xf2\x01\x02\x50" + TWO[5:] + END)), ["belong in no file, left out: 2"]),
        (smf(chunk(TWO[:8] + b"\x00\xb0\x07\xff" + TWO[8:] + END)), ["belong in no file, left out: 1"]),
    ],
)  # fmt: skip
def test_what_players_forgive_is_forgiven_and_told(data, told):
    song = read(data)
    notes = [note for track in song.tracks for note in track.notes]
    assert notes[:2] == WHOLE
    assert len(song.warnings) == len(told)
    assert all(words in warning for words, warning in zip(told, song.warnings, strict=True))


def test_a_midi_file_in_a_riff_file_is_read():
    inner = smf(chunk(TWO + END))
    other = b"LIST" + (3).to_bytes(4, "little") + b"abc\0"
    body = b"RMID" + other + b"data" + len(inner).to_bytes(4, "little") + inner
    song = read(b"RIFF" + len(body).to_bytes(4, "little") + body)
    assert [*song.tracks[0].notes] == WHOLE and song.warnings == ()


def test_one_end_is_that_of_every_note_of_its_pitch_that_sounds():
    body = NOTE_ON + b"\x10\x90\x3c\x50" + b"\x10\x80\x3c\x00" + meta(0x2F, b"", b"\x60")
    assert read(smf(chunk(body))).tracks[0].notes == ((0, 128, 60, 100), (64, 64, 60, 80))
