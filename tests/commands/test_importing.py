"""Sounds brought in: into a slot, into the arrangement, as stems; tempo and key are heard, and what is asked wins."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Edited
from hardcore.commands.studio.jobs import JobStates
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.music import midifile
from hardcore.music.midisong import MidiTrack
from hardcore.music.pitch import note_name
from hardcore.music.tempo import PPQ, MeterMap, TempoMap
from hardcore.project import artifacts
from hardcore.project.audioclips import audio_of
from hardcore.project.integrity import check
from tests.audio.sounds import RATE, groove, progression
from tests.commands.test_soundfolder import do, said

BAR = 4 * PPQ


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield an empty studio in a folder with a drum loop of two bars at 128 BPM."""
    monkeypatch.chdir(tmp_path)
    soundfile.write(tmp_path / "beat.wav", groove("techno", 128, bars=2).T, RATE, "PCM_24")
    studio = build_studio()
    yield studio
    studio.close()


def test_a_loop_comes_into_a_slot_and_an_empty_project_takes_its_tempo(studio: Studio) -> None:
    answer = do(studio, "/import beat.wav")
    assert isinstance(answer, Edited)
    assert "on beat, scene A: 2 bars" in answer.message and "128 bpm" in answer.message
    project = studio.controller.project
    track, clip = project.find_clip("beat:A")
    region = audio_of(clip)
    assert (project.tempo_map.bpm, region.bpm, region.warp) == (128, 128, "stretch")
    assert track.kind == "audio" and clip.length_ticks == 2 * BAR
    assert artifacts.lookup(region.sound.artifact) is not None
    check(project)
    again = said(studio, "/import beat.wav --track beat")
    assert "on beat, scene B" in again, "the slot is taken: the next free one, and it says which"
    assert len(artifacts.everything()) == 1, "one content is kept once"
    said(studio, "/undo")
    assert len(studio.controller.project.find_track("beat").clips) == 1
    assert len(artifacts.everything()) == 1, "undo never removes an artifact"


def test_it_is_placed_where_it_is_said_and_keeps_its_speed_if_that_is_said(studio: Studio) -> None:
    said(studio, "/tempo 140")
    said(studio, "/track add pad")
    said(studio, "/clip add pad A --bars 1")
    answer = said(studio, "/import beat.wav --at 5 --track drums --warp off --bpm 128")
    assert "on drums, bar 5" in answer and "warp off" in answer
    track = studio.controller.project.find_track("drums")
    (placed,) = track.placements
    assert placed.start_ticks == 4 * BAR
    # 3.75 s are 8.75 beats at 140: three bars
    assert placed.length_ticks == 3 * BAR


def test_stems_begin_together_and_are_equally_long(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "stems"
    folder.mkdir()
    drums, chords = groove("techno", 150, bars=8), progression(9, "minor", (0, 5, 3, 4))
    soundfile.write(folder / "drums.wav", drums.T, RATE, "PCM_24")
    soundfile.write(folder / "chords.wav", np.repeat(chords, 2, axis=0)[:, : drums.shape[1] - RATE].T, RATE, "PCM_24")
    (folder / "notes.txt").write_text("no sound")
    answer = said(studio, "/import stems")
    project = studio.controller.project
    names = [track.name for track in project.tracks if track.kind == "audio"]
    assert names == ["chords", "drums"] and "imported 2 stems of stems" in answer
    assert abs(project.tempo_map.bpm - 150) < 0.5 and project.key.name == "A minor", answer
    spans = {(one.start_ticks, one.length_ticks) for track in project.tracks for one in track.placements}
    assert spans == {(0, 8 * BAR)}
    check(project)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/import nothing.wav", "no file"),
        ("/import text.wav", "cannot be read as sound"),
        ("/import beat.wav --scene A --at 3", "a scene or the arrangement"),
        ("/import beat.wav --track pad", "pad is a midi track"),
        ("/import empty", "holds 0 sounds"),
    ],
)
def test_what_cannot_be_brought_in_is_said_and_changes_nothing(
    studio: Studio, tmp_path: Path, line: str, words: str
) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "empty").mkdir()
    said(studio, "/track add pad")
    at = studio.controller.history.at
    with pytest.raises(UserError, match=words):
        do(studio, line)
    assert studio.controller.history.at == at


def test_a_sound_outside_the_allowed_folders_is_refused(studio: Studio, tmp_path: Path) -> None:
    caller = Caller(author="agent", roots=(tmp_path / "inside",))
    with pytest.raises(UserError, match="outside the folders"):
        do(studio, "/import ../beat.wav", caller)


def test_what_is_done_to_an_audio_clip_is_shown_and_undone(studio: Studio) -> None:
    said(studio, "/import beat.wav")
    before = studio.controller.project
    said(studio, "/clip gain beat:A -3")
    said(studio, "/clip fade beat:A --into 0.1 --out 0.5")
    said(studio, "/clip transpose beat:A 2")
    assert said(studio, "/clip reverse beat:A").startswith("beat runs backwards")
    assert said(studio, "/clip reverse beat:A").startswith("beat runs forwards again")
    said(studio, "/clip reverse beat:A")
    shown = said(studio, "/clip show beat:A --width 64")
    assert "3.75 s of beat, 128 bpm, warp stretch, -3 dB, +2 semitones, backwards, in 0.1 s, out 0.5 s" in shown
    picture = shown.splitlines()[1:]
    assert len(picture) == 4 and all(len(line) == 64 for line in picture)
    # eight kicks, each loud where it begins: backwards, where it ends
    assert picture[-1].strip() and picture[0] != picture[-1]
    assert "4 bars" in said(studio, "/clip warp beat:A repitch --bpm 256")
    with pytest.raises(UserError, match="its pitch follows the tempo"):
        do(studio, "/clip transpose beat:A 1")
    with pytest.raises(UserError, match="holds audio"):
        do(studio, "/clip quantize beat:A 1/16")
    for _ in range(7):
        said(studio, "/undo")
    assert studio.controller.project == before


def test_a_loop_is_cut_into_a_kit_that_plays_it_and_travels_with_the_project(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/import beat.wav")
    assert "beat: 16 slices on beat slices, C2 to D#3; beat is muted" in said(studio, "/clip slice beat:A")
    project = studio.controller.project
    check(project)
    assert project.find_track("beat").mixer.mute
    _, clip = project.find_clip("beat slices:A")
    assert clip.length_ticks == 2 * BAR and [note.pitch for note in clip.notes] == list(range(36, 52))
    assert all(-20 < note.start_ticks - number * PPQ // 2 <= 0 for number, note in enumerate(clip.notes) if number)
    said(studio, "/undo")
    assert "4 slices" in said(studio, "/clip slice beat:A --grid 1/2")
    said(studio, "/undo")
    assert "3 slices" in said(studio, "/clip slice beat:A --most 3")
    with pytest.raises(UserError, match="every 1/16 makes 32 slices"):
        do(studio, "/clip slice beat:A --grid 1/16 --most 31")
    said(studio, "/clip reverse beat:A")
    with pytest.raises(UserError, match="runs backwards"):
        do(studio, "/clip slice beat:A")
    # the kit alone names the artifact now
    said(studio, "/track remove beat")
    needed = project.find_clip("beat:A")[1].region
    assert needed is not None
    said(studio, "/save kit.hcs")
    assert needed.sound.artifact in studio.store.artifacts()
    said(studio, "/new")
    for path in artifacts.folder().glob(f"{needed.sound.artifact}*"):
        path.unlink()
    said(studio, "/open kit.hcs")
    assert artifacts.lookup(needed.sound.artifact) is not None


def test_a_loop_of_drums_is_written_down_on_tracks_of_its_kinds(studio: Studio) -> None:
    said(studio, "/import beat.wav")
    answer = said(studio, "/clip to-midi beat:A")
    project = studio.controller.project
    check(project)
    assert "on beat kick" in answer and "beat stays" in answer
    _, clip = project.find_clip("beat kick:A")
    assert clip.length_ticks == 2 * BAR and len(clip.notes) == 8
    assert all(abs(note.start_ticks - number * PPQ) < 30 for number, note in enumerate(clip.notes))


def test_a_sound_and_stems_come_in_while_one_goes_on(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "stems").mkdir()
    soundfile.write(tmp_path / "stems" / "one.wav", groove("techno", 120, bars=1).T, RATE, "PCM_24")

    async def both() -> None:
        await run_line(studio, "/import beat.wav --track vox --warp off --bpm 64 --background", Caller())
        await run_line(studio, "/import stems --at 3 --background", Caller())
        with pytest.raises(UserError, match="--background is for sounds"):
            await run_line(studio, "/import song.mid --background", Caller())
        await run_line(studio, "/tempo 100", Caller())
        ended = await run_line(studio, "/job wait", Caller())
        assert isinstance(ended, JobStates)
        assert {job.state for job in ended.jobs} <= {"done"}, ended.text()

    asyncio.run(both())
    project = studio.controller.project
    check(project)
    region = audio_of(project.find_clip("vox:A")[1])
    assert (region.warp, region.bpm) == ("off", 64.0)
    (placement,) = project.find_track("one").placements
    assert placement.start_ticks == 2 * BAR


def test_chords_of_an_electric_piano_are_written_down_as_they_were_played(studio: Studio, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    chords = ((48, 60, 64, 67), (45, 57, 60, 64), (41, 60, 65, 69), (43, 59, 62, 67))
    said(studio, "/track add rhodes --instrument epiano")
    said(studio, "/clip add rhodes A --bars 2")
    for number, chord in enumerate(chords):
        for pitch in chord:
            said(studio, f"/note add rhodes:A {number // 2 + 1}.{number % 2 * 2 + 1} {note_name(pitch)} 7/16")
    said(studio, "/export keys.wav --loop --rate 22050")
    said(studio, "/new")
    said(studio, "/import keys.wav --bpm 120")
    assert "on keys keys" in said(studio, "/clip to-midi keys:A chords")
    project = studio.controller.project
    check(project)
    played = {(number * 2 * PPQ, pitch) for number, chord in enumerate(chords) for pitch in chord}
    heard = [
        (min((at for at, pitch in played), key=lambda at: abs(at - note.start_ticks)), note.pitch)
        for note in project.find_clip("keys keys:A")[1].notes
        if min(abs(at - note.start_ticks) for at, _ in played) < PPQ // 8
    ]
    assert len(set(heard) & played) >= 0.9 * len(played)
    assert len(set(heard) & played) >= 0.9 * len(project.find_clip("keys keys:A")[1].notes)


def test_a_midi_file_says_what_plays_it_and_whose_tempo_counts(studio: Studio, tmp_path: Path) -> None:
    tempo = TempoMap().with_bpm(150)
    midifile.write(tmp_path / "tune.mid", [MidiTrack("tune", [(0, 480, 60, 90)], program=40)], tempo, MeterMap())
    assert "program 41 Violin: fiddle" in said(studio, "/import tune.mid")
    assert studio.controller.project.tempo_map == tempo
    said(studio, "/tempo 120")
    assert "the file has tempo 150: --maps takes them" in said(studio, "/import tune.mid")
    assert studio.controller.project.tempo_map.bpm == 120
    assert "--maps" not in said(studio, "/import tune.mid --maps")
    assert studio.controller.project.tempo_map.bpm == 150
    with pytest.raises(UserError, match="--maps is for MIDI files"):
        said(studio, "/import beat.wav --maps")
