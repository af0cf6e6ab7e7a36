"""MIDI out and back: what sounds is what is exported; another library reads it."""

import io
from itertools import accumulate

import mido
import pytest
import symusic

from hardcore.errors import UserError
from hardcore.music import midifile
from hardcore.music.groove import swing
from hardcore.project import clips, tracks
from hardcore.project.midi import add_song, to_midi
from hardcore.project.notes import Note
from hardcore.project.state import new_project
from hardcore.project.timeline import timeline
from tests.song import song


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
    again = add_song(new_project(), midifile.read(to_midi(project, timeline(project))), "back")
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
    data = midifile.read(to_midi(song(), timeline(song())))
    again = add_song(project, data, "more")
    assert again.tempo_map.bpm == 99
    assert len(again.scenes) == len(project.scenes) + 1
    assert len(again.scenes[-1].slots) == 4


def test_a_file_without_notes_is_refused() -> None:
    empty = midifile.encode([], song().tempo_map, song().meter_map)
    with pytest.raises(UserError, match="no notes"):
        add_song(new_project(), midifile.read(empty), "nothing")


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
