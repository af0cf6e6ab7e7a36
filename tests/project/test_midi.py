"""MIDI out and back: what sounds is what is exported; another library reads it."""

import io
from itertools import accumulate

import mido
import pytest
import symusic

from hardcore.errors import UserError
from hardcore.knowledge.generalmidi import general_midi
from hardcore.music import midifile
from hardcore.music.groove import swing
from hardcore.project import clips, tracks
from hardcore.project.midi import to_midi
from hardcore.project.midiimport import add_song, parts_of
from hardcore.project.notes import Note
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
    assert first[-2][1] / 8192 * 24 == pytest.approx(7 * 7 / 8, abs=0.01), "seven semitones, nearly all of them"
    range_said = [(message.control, message.value) for _, message in messages if message.type == "control_change"]
    assert range_said[:3] == [(101, 0), (100, 0), (6, 24)]
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
