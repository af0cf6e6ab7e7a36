"""MIDI out and back: what sounds is what is exported; another library reads it."""

import io

import mido
import pytest

from hardcore.errors import UserError
from hardcore.music import midifile
from hardcore.music.groove import swing
from hardcore.project.midi import add_song, to_midi
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
