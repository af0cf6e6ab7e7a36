"""MIDI out and back: what sounds is what is exported; another library reads it."""

import io
from itertools import accumulate
from math import log2

import mido
import pytest
import symusic
from pythonosc.osc_bundle import OscBundle

from hardcore.engine.score import build_score
from hardcore.errors import UserError
from hardcore.knowledge.generalmidi import general_midi
from hardcore.music import midifile
from hardcore.music.groove import swing
from hardcore.project import clips, tracks
from hardcore.project.markers import marks
from hardcore.project.midi import to_midi
from hardcore.project.midiimport import add_song, maps_kept, parts_of
from hardcore.project.notes import Note
from hardcore.project.sectionkeys import key_at
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.song import song


def imported(data: bytes, project: ProjectState | None = None) -> ProjectState:
    """Return a project, an empty one unless told, with a MIDI file imported."""
    file = midifile.read(data)
    return add_song(project or new_project(), file, "file", parts_of(file, "file", general_midi()))


def test_another_library_reads_tempo_names_channels_and_notes() -> None:
    project = song()
    file = mido.MidiFile(file=io.BytesIO(to_midi(project, timeline(project))))
    assert file.type == 1
    names = [track.name for track in file.tracks]
    assert names[1:] == ["kick", "snare", "hats", "bass"]
    tempo = next(message for message in file.tracks[0] if message.type == "set_tempo")
    assert round(mido.tempo2bpm(tempo.tempo), 3) == 138
    kick = [message for message in file.tracks[1] if message.type == "note_on" and message.velocity]
    assert {(message.channel, message.note) for message in kick} == {(9, 36)}
    assert len(kick) == 8
    bass = [message for message in file.tracks[4] if message.type == "note_on" and message.velocity]
    assert {message.channel for message in bass} == {0}
    assert all(sum(message.time for message in track) == 8 * 1920 for track in file.tracks[1:])


def test_the_groove_is_exported_as_it_sounds() -> None:
    project = song().evolve(grooves=(swing(60, 960),), active_groove=swing(60, 960).id)
    notes = midifile.read(to_midi(project, timeline(project))).tracks[2].notes
    assert sorted(note[0] % 1920 for note in notes)[0] == 960 + 192


def test_a_file_comes_back_with_its_tempo_key_and_parts() -> None:
    project = song()
    again = imported(to_midi(project, timeline(project)))
    assert again.tempo_map.bpm == 138
    assert again.key.name == "F minor"
    before = {
        track.role or track.name: [n[:4] for c in track.clips for n in c.notes]
        for track in project.tracks
        if track.clips
    }
    after = {
        track.role or track.name: [n[:4] for c in track.clips for n in c.notes] for track in again.tracks if track.clips
    }
    assert set(after) == {"kick", "snare", "hat_closed", "bass"}
    assert after["kick"] == before["kick"]
    assert after["bass"] == before["bass"]


def test_importing_into_a_filled_project_adds_a_scene_and_keeps_its_tempo() -> None:
    project = song().evolve(tempo_map=song().tempo_map.with_bpm(99))
    again = imported(to_midi(song(), timeline(song())), project)
    assert again.tempo_map.bpm == 99
    assert len(again.scenes) == len(project.scenes) + 1
    assert len(again.scenes[-1].slots) == 4


def test_a_file_without_notes_is_refused() -> None:
    empty = midifile.encode([], song().tempo_map, song().meter_map)
    with pytest.raises(UserError, match="no notes"):
        imported(empty)


@pytest.mark.parametrize("ppq", [480, 960, 1920])
def test_every_division_gives_the_same_music_to_other_readers(ppq: int) -> None:
    project = song()
    project = project.evolve(tempo_map=project.tempo_map.with_point(7680, 150, ramp=True))
    data = to_midi(project, timeline(project), [(0, "intro"), (7680, "drop")], ppq)
    file = mido.MidiFile(file=io.BytesIO(data))
    assert file.ticks_per_beat == ppq
    marked = [(round(now * 1920 / ppq), m.text) for now, m in told(file.tracks[0]) if m.type == "marker"]
    assert marked == [(0, "intro"), (7680, "drop")]
    assert file.length == pytest.approx(project.tempo_map.seconds(2 * 7680), abs=1e-3)
    bass = [message for message in file.tracks[4] if message.type == "program_change"]
    assert [message.program for message in bass] == [38]
    other = symusic.Score.from_midi(data)
    assert other.ticks_per_quarter == ppq
    assert sorted(note.time * 1920 // ppq for note in other.tracks[3].notes) == list(range(0, 2 * 7680, 960))
    assert len(other.tempos) == len([m for m in file.tracks[0] if m.type == "set_tempo"]) > 50


def told(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    """Return a track's messages with the tick of each."""
    return list(zip(accumulate(message.time for message in track), track, strict=True))


def test_a_slide_is_a_bend_that_arrives_where_the_next_note_begins() -> None:
    project, track_id = tracks.add_track(song(), "acid", role="lead", instrument="acid303")
    notes = [Note(0, 960, 45, slide=True), Note(960, 480, 52), Note(1920, 960, 45), Note(2880, 960, 43)]
    project, _ = clips.add_clip(project, track_id, "s2", 7680, notes)
    data = to_midi(project, timeline(project))
    messages = told(mido.MidiFile(file=io.BytesIO(data)).tracks[-1])
    bends = [(now, message.pitch) for now, message in messages if message.type == "pitchwheel"]
    glide_ticks = 0.06 * 138 / 60 * 1920
    first = bends[: bends.index((960, 0)) + 1]
    assert first[0][0] == pytest.approx(960 - glide_ticks * 7 / 8, abs=2)
    assert [pitch for _, pitch in first[:-1]] == sorted(pitch for _, pitch in first[:-1])
    assert first[-2][1] / 8192 * 12 == pytest.approx(7 * 7 / 8, abs=0.01), "seven semitones, nearly all of them"
    range_said = [(message.control, message.value) for _, message in messages if message.type == "control_change"]
    assert range_said[:3] == [(101, 0), (100, 0), (6, 12)], "the smallest range that is enough"
    kinds = [message.type for now, message in messages if now == 960]
    assert kinds.index("pitchwheel") < kinds.index("note_on"), "the wheel is back before the next note begins"
    bent = symusic.Score.from_midi(data).tracks[-1].pitch_bends
    assert [(bend.time, bend.value) for bend in bent] == bends
    assert not any(960 < now < 7680 for now, _ in bends), "what does not slide does not bend"
    back = [tuple(note)[:3] for note in midifile.read(data).tracks[-1].notes]
    assert back[:2] == [(0, 960, 45), (960, 480, 52)]


def gm_file(programs: int = 128) -> mido.MidiFile:
    """Return a file by another library: a track for each program, and one with every drum key of General MIDI."""
    file = mido.MidiFile(ticks_per_beat=480)
    for program in range(programs):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=f"p{program}")])
        track.append(mido.Message("program_change", program=program, channel=program % 9))
        track += [mido.Message(kind, note=60, channel=program % 9, time=240) for kind in ("note_on", "note_off")]
        file.tracks.append(track)
    drums = mido.MidiTrack()
    for key in range(27, 88):
        drums.append(mido.Message("note_on", note=key, velocity=90, channel=9))
        drums.append(mido.Message("note_off", note=key, channel=9, time=120))
    file.tracks.append(drums)
    return file


def saved(file: mido.MidiFile) -> bytes:
    """Return the bytes of another library's file."""
    file.save(file=(out := io.BytesIO()))
    return out.getvalue()


def test_every_program_comes_in_with_an_instrument_of_its_kind_and_goes_out_as_it_was() -> None:
    project = imported(saved(gm_file()))
    played = {track.name: track.instrument.device for track in project.tracks if track.instrument}
    names = {"p0": "piano", "p6": "harpsichord", "p19": "pipe_organ", "p24": "nylon_guitar", "p32": "upright_bass",
             "p40": "fiddle", "p46": "harp", "p56": "trumpet", "p65": "sax",
             "p73": "flute", "p114": "steel_drum"}  # fmt: skip
    assert {name: played[name] for name in names} == names
    back = symusic.Score.from_midi(to_midi(project, timeline(project)))
    assert [track.program for track in back.tracks if not track.is_drum] == list(range(128))


def test_every_drum_key_comes_in_as_what_it_is_and_goes_out_as_it_was() -> None:
    project = imported(saved(gm_file(0)))
    roles = {note.pitch: track.role for track in project.tracks for clip in track.clips for note in clip.notes}
    assert [roles[key] for key in (35, 40, 44, 50, 57, 56)] == ["kick", "snare", "hat_closed", "tom", "ride", "perc"]
    devices = {n.pitch: t.instrument.device for t in project.tracks if t.instrument for c in t.clips for n in c.notes}
    assert [devices[key] for key in (49, 51, 54, 56)] == ["crash", "ride", "tambourine", "cowbell"]
    back = mido.MidiFile(file=io.BytesIO(to_midi(project, timeline(project))))
    hits = [(now, m.note) for track in back.tracks for now, m in told(track) if m.type == "note_on" and m.velocity]
    assert sorted(hits) == [(480 * place, key) for place, key in enumerate(range(27, 88))]


def test_an_instrument_of_one_voice_gives_its_chords_to_one_of_many() -> None:
    file = gm_file(57)
    del file.tracks[:56], file.tracks[1:]
    assert imported(saved(file)).tracks[0].instrument.device == "trumpet"
    file.tracks[0].insert(2, mido.Message("note_on", note=64, channel=2, time=240))
    file.tracks[0][3].time = 0
    project = imported(saved(file))
    assert project.tracks[0].instrument.device == "brass"
    changed = tracks.set_instrument(project, project.tracks[0].id, "piano")
    data = symusic.Score.from_midi(to_midi(changed, timeline(changed)))
    assert data.tracks[0].program == 81, "another instrument is no trumpet: the program is that of the role"


def played(*messages: mido.Message, program: int = 0) -> mido.MidiFile:
    """Return a file of one track that plays messages on a piano unless told."""
    track = mido.MidiTrack([mido.Message("program_change", program=program), *messages])
    return mido.MidiFile(ticks_per_beat=1920, tracks=[track])


def note(key: int, length: int = 1920, velocity: int = 100) -> list[mido.Message]:
    """Return a note on and, so many ticks later, off."""
    on = mido.Message("note_on", note=key, velocity=velocity)
    return [on, mido.Message("note_off", note=key, time=length)]


def control(number: int, value: int, time: int = 0) -> mido.Message:
    """Return a controller."""
    return mido.Message("control_change", control=number, value=value, time=time)


def test_the_sustain_pedal_becomes_the_lengths_of_notes() -> None:
    notes = [*note(60, 480), *note(64, 480), *note(60, 480), control(64, 63, 480), *note(67, 480)]
    project = imported(saved(played(control(64, 127), *notes)))
    held = [(0, 960, 60, 100), (480, 1440, 64, 100), (960, 960, 60, 100), (1920, 480, 67, 100)]
    assert [n[:4] for n in project.tracks[0].clips[0].notes] == held
    back = symusic.Score.from_midi(to_midi(project, timeline(project))).tracks[0]
    assert [(n.time, n.duration, n.pitch, n.velocity) for n in back.notes] == held
    assert not back.pedals


def test_the_pedal_holds_to_the_end_and_lets_go_of_all_at_a_reset() -> None:
    project = imported(saved(played(control(64, 127), *note(60, 480), control(121, 0, 480), *note(62, 480))))
    assert [n[:3] for n in project.tracks[0].clips[0].notes] == [(0, 960, 60), (960, 480, 62)]
    file = played(control(64, 127), *note(60, 480))
    file.tracks[0].append(mido.MetaMessage("end_of_track", time=960))
    assert [n[:3] for n in imported(saved(file)).tracks[0].clips[0].notes] == [(0, 1440, 60)]


@pytest.mark.parametrize(("volume", "gain_db"), [(127, 4.15), (100, 0), (50, -12.04), (0, -96)])
def test_volume_and_pan_are_those_of_the_track_and_go_out_as_they_came(volume: int, gain_db: float) -> None:
    project = imported(saved(played(control(7, volume), control(10, 32), *note(60))))
    mixer = project.tracks[0].mixer
    assert (mixer.gain_db, mixer.pan) == (pytest.approx(gain_db, abs=0.01), pytest.approx(-32 / 63))
    back = symusic.Score.from_midi(to_midi(project, timeline(project))).tracks[0]
    assert {one.number: one.value for one in back.controls} == {10: 32} | ({7: volume} if volume != 100 else {})


def test_volume_that_moves_is_automation_and_goes_out_where_it_moved() -> None:
    moves = [(0, 100), (960, 80), (1920, 50), (2880, 127)]
    body = [message for _, value in moves for message in (control(11, value), *note(60, 960))]
    project = imported(saved(played(control(7, 100), *body)))
    (lane,) = project.tracks[0].clips[0].automation
    assert [point.tick for point in lane.points] == [tick for tick, _ in moves]
    back = mido.MidiFile(file=io.BytesIO(to_midi(project, timeline(project))))
    volumes = [(now, m.value) for now, m in told(back.tracks[1]) if m.type == "control_change" and m.control == 7]
    assert volumes == [(tick, round(100 * value / 127)) for tick, value in moves]


def test_what_has_no_place_is_counted_and_a_wheel_at_rest_is_nothing() -> None:
    tuned = [control(101, 0), control(100, 1), control(6, 70), control(99, 1), control(98, 8), control(6, 3)]
    data = saved(played(*[mido.Message("pitchwheel", pitch=0)] * 2, *tuned, *note(60)))
    assert midifile.read(data).warnings == ("no place for: parameters of instruments (2)",)
    assert not imported(data).tracks[0].clips[0].automation


def test_a_bend_is_heard_from_where_it_begins_on_the_note_that_sounds_and_on_the_next() -> None:
    turns = [mido.Message("pitchwheel", pitch=4096, time=480), mido.Message("note_off", note=60, time=480)]
    body = [mido.Message("note_on", note=60), *turns, *note(62, 480), mido.Message("pitchwheel", pitch=0)]
    project = imported(saved(played(*body, *note(64, 480))))
    data = build_score(project, timeline(project), rate=48000, tail_s=0.1).data
    frequencies = sorted({round(12 * log2(one / 440) + 69, 3) for one in heard_frequencies(data)})
    assert frequencies == [60, 61, 63, 64], "C, a semitone up while it sounds, D a semitone up, E as it is"


def heard_frequencies(score: bytes) -> list[float]:
    """Return every frequency that a score tells a synth, read by another library."""
    found, at = [], 0
    while at < len(score):
        size = int.from_bytes(score[at : at + 4], "big")
        for message in OscBundle(score[at + 4 : at + 4 + size]):
            values = list(message.params) if hasattr(message, "params") else []
            found += [values[place + 1] for place, one in enumerate(values) if one == "freq"]
        at += 4 + size
    return found


def test_of_notes_that_begin_together_the_louder_stays() -> None:
    ons = [mido.Message("note_on", note=60, velocity=velocity) for velocity in (40, 110, 70)]
    offs = [mido.Message("note_off", note=60, time=480) for _ in ons]
    song_read = midifile.read(saved(played(*ons, *offs)))
    assert song_read.tracks[0].notes == ((0, 1440, 60, 110),)
    assert song_read.warnings == ("a track: notes that began with another of their pitch: 2",)


def test_markers_come_in_and_go_out_and_a_name_that_is_taken_gets_a_number() -> None:
    file = played(*note(60, 4 * 1920))
    marked = [(0, "intro"), (1920, "verse"), (3840, "verse")]
    file.tracks.append(mido.MidiTrack(mido.MetaMessage("marker", text=t, time=min(at, 1920)) for at, t in marked))
    project = imported(saved(file))
    assert [(one.tick, one.name) for one in project.markers] == [(0, "intro"), (1920, "verse"), (3840, "verse 2")]
    data = to_midi(project, timeline(project), marks(project, 7680))
    back = symusic.Score.from_midi(data).markers
    assert [(one.time, one.text) for one in back] == [(0, "intro"), (1920, "verse"), (3840, "verse 2")]


def test_a_project_with_music_takes_the_maps_of_a_file_only_where_that_is_asked() -> None:
    file = played(*note(60, 4 * 1920))
    file.tracks[0][:0] = [
        mido.MetaMessage("set_tempo", tempo=400_000), mido.MetaMessage("time_signature", numerator=3, denominator=4),
        mido.MetaMessage("key_signature", key="D"), mido.MetaMessage("marker", text="here"),
    ]  # fmt: skip
    known = midifile.read(saved(file))
    parts = parts_of(known, "file", general_midi())
    project = add_song(song(), known, "file", parts)
    assert (project.tempo_map, project.meter_map, project.key) == (song().tempo_map, song().meter_map, song().key)
    assert not project.markers and project.title == "song"
    assert maps_kept(song(), known) == ["tempo 150", "meter 3/4", "key D major", "markers 1"]
    project = add_song(song(), known, "file", parts, maps=True)
    assert (project.tempo_map.bpm, project.meter_map.text, project.key.name) == (150, "3/4", "D major")
    assert [one.name for one in project.markers] == ["here"] and project.title == "song"
    assert maps_kept(project, known) == ["markers 1"]


def test_a_channel_that_changes_its_program_is_a_track_for_each() -> None:
    later = mido.Message("program_change", program=73)
    project = imported(saved(played(*note(60), later, *note(72), mido.Message("program_change"), *note(64))))
    heard = [(t.instrument.device, [n[2] for c in t.clips for n in c.notes]) for t in project.tracks if t.instrument]
    assert heard == [("piano", [60, 64]), ("flute", [72])]
    back = symusic.Score.from_midi(to_midi(project, timeline(project)))
    assert [(track.program, [n.pitch for n in track.notes]) for track in back.tracks] == [(0, [60, 64]), (73, [72])]


def test_what_a_track_without_notes_says_of_a_channel_counts_for_its_notes() -> None:
    file = mido.MidiFile(ticks_per_beat=1920)
    setup = [mido.Message("program_change", program=46), control(7, 50)]
    file.tracks = [mido.MidiTrack(setup), mido.MidiTrack(note(60)), mido.MidiTrack(m.copy(channel=1) for m in note(64))]
    first, second = imported(saved(file)).tracks[:2]
    assert (
        first.instrument
        and first.instrument.device == "harp"
        and first.mixer.gain_db == pytest.approx(-12.04, abs=0.01)
    )
    assert second.instrument and second.instrument.program is None and second.mixer.gain_db == 0


def test_keys_after_the_first_are_markers_that_are_signatures_again_and_tell_the_key() -> None:
    file = played(*note(60, 8 * 1920))
    signatures = [(0, "D"), (7680, "Bbm"), (3840, "D")]
    file.tracks.append(mido.MidiTrack(mido.MetaMessage("key_signature", key=key, time=at) for at, key in signatures))
    project = imported(saved(file))
    assert project.key.name == "D major"
    assert [(one.tick, one.name) for one in project.markers] == [(7680, "key Bb minor"), (11520, "key D major")]
    assert [key_at(project, tick).short for tick in (0, 7679, 7680, 11520)] == ["D", "D", "Bbm", "D"]
    back = mido.MidiFile(file=io.BytesIO(to_midi(project, timeline(project), marks(project, 8 * 1920))))
    assert [(now, m.key) for now, m in told(back.tracks[0]) if m.type == "key_signature"] == [
        (0, "D"), (7680, "Bbm"), (11520, "D"),
    ]  # fmt: skip
    assert not [m for m in back.tracks[0] if m.type == "marker"]


def test_parts_keep_their_channels_and_ports_and_no_two_programs_share_one() -> None:
    file = mido.MidiFile(ticks_per_beat=1920)
    for channel, program, port in ((4, 10, None), (4, 11, None), (4, 12, 1), (0, 10, None)):
        head = [mido.MetaMessage("midi_port", port=port)] if port is not None else []
        head += [mido.Message("program_change", program=program, channel=channel)]
        file.tracks.append(mido.MidiTrack([*head, *(one.copy(channel=channel) for one in note(60))]))
    project = imported(saved(file))
    back = midifile.read(to_midi(project, timeline(project)))
    places = [(track.channel, track.port, track.program) for track in back.tracks]
    assert places == [(4, None, 10), (1, None, 11), (4, 1, 12), (0, None, 10)]


def test_more_parts_than_a_cable_has_channels_go_to_a_second_port() -> None:
    project = new_project()
    for number in range(20):
        project, track_id = tracks.add_track(project, f"part {number}", instrument="piano")
        project, _ = clips.add_clip(project, track_id, "s2", 7680, [Note(0, 480, 60)])
    back = midifile.read(to_midi(project, timeline(project)))
    places = [(track.channel, track.port) for track in back.tracks]
    assert len(set(places)) == 20 and 9 not in {channel for channel, _ in places}
    assert [port for _, port in places] == [None] * 15 + [1] * 5


def test_a_lane_with_more_points_than_a_clip_may_have_keeps_where_the_wheel_comes_to_rest() -> None:
    turns = [mido.Message("pitchwheel", pitch=100 + place % 50, time=1) for place in range(9000)]
    project = imported(saved(played(*note(60), *turns, mido.Message("pitchwheel", pitch=0, time=1))))
    (lane,) = project.tracks[0].clips[0].automation
    assert len(lane.points) <= 4096 and lane.points[-1].value == 0
