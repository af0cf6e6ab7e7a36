"""Albums: one loudness for all, gaps to the CD frame, numbers, and a cue sheet that says where everything is."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mutagen
import numpy as np
import pyloudnorm
import pytest
import soundfile

from hardcore.commands.exchange.album import AlbumMade
from hardcore.controller.studio import Studio
from hardcore.jobs.cuesheet import CueTrack, cue_sheet
from tests.commands.test_desk import refusal, say
from tests.commands.test_export import answer
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


@pytest.fixture
def pieces(studio: Studio, tmp_path: Path) -> str:
    """Return two projects: the song, and the same 9 dB quieter."""
    shutil.copy(tmp_path / "song.hcs", tmp_path / "loud.hcs")
    say(studio, "/track gain all --by -9")
    say(studio, '/title "The Quiet One"')
    say(studio, f"/save-as {tmp_path}/quiet.hcs")
    return f"{tmp_path}/loud.hcs,{tmp_path}/quiet.hcs"


def lufs(*paths: Path) -> float:
    """Return the loudness of files one after the other, by another meter."""
    rate = soundfile.info(paths[0]).samplerate
    return float(
        pyloudnorm.Meter(rate).integrated_loudness(np.concatenate([soundfile.read(path)[0] for path in paths]))
    )


def test_an_album_has_one_loudness_and_its_pieces_keep_their_relation(
    studio: Studio, pieces: str, tmp_path: Path
) -> None:
    before = studio.controller.project
    made = answer(
        studio, f'/album {pieces} -o {tmp_path}/night --for ebu --gap 1.6 --title "Night Moves" --artist me --also mp3'
    )
    assert isinstance(made, AlbumMade)
    assert studio.controller.project is before
    first, second = (Path(track.file) for track in made.tracks)
    assert (first.name, second.name) == ("01 song.wav", "02 The Quiet One.wav")
    assert lufs(first, second) == pytest.approx(-23, abs=0.2)
    assert lufs(first) - lufs(second) == pytest.approx(9, abs=0.2)
    assert made.lufs == pytest.approx(lufs(first, second), abs=0.1)
    assert made.limited_db == 0

    sound, rate = soundfile.read(first)
    assert len(sound) % (rate // 75) == 0, "a whole number of CD frames"
    assert not sound[-round(1.6 * rate) :].any() and sound[: round(1.6 * rate)].any()
    assert len(soundfile.read(second)[0]) / rate == pytest.approx(made.tracks[1].sound_s), "no gap after the last"

    tags = mutagen.File(tmp_path / "night" / "02 The Quiet One.mp3").tags
    said = [str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TRCK")]
    assert said == ["The Quiet One", "Night Moves", "me", "2/2"]
    with soundfile.SoundFile(second) as file:
        assert (file.album, file.tracknumber) == ("Night Moves", "2")
    cue = Path(made.cue).read_text(encoding="utf-8")
    body = round((len(sound) / rate - 1.6) * 75)
    assert f"INDEX 00 {body // 4500:02}:{body // 75 % 60:02}:{body % 75:02}\n" in cue
    assert cue.count("TRACK") == cue.count("INDEX 01 00:00:00") == cue.count("FILE") == 2
    assert sorted(path.name for path in (tmp_path / "night").iterdir()) == [
        "01 song.mp3", "01 song.wav", "02 The Quiet One.mp3", "02 The Quiet One.wav", "Night Moves.cue",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/album {0}/none.hcs -o {0}/night", "there is no file"),
        ("/album {0}/empty -o {0}/night", "0 projects"),
        ("/album {0}/song.hcs -o {0}/night --also wav", "wav is written already"),
        ("/album {0}/song.hcs -o {0}/night --gap 99", "30"),
        ("/album {0}/a.hcs -o {0}/night", "a.hcs"),
    ],
)
def test_what_cannot_be_an_album_is_said(studio: Studio, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.hcs").write_bytes(b"no project")
    assert said in refusal(studio, line.format(tmp_path))
    assert not (tmp_path / "night").exists()


def test_a_cue_sheet_says_gaps_files_and_kinds() -> None:
    sheet = cue_sheet(
        'Say "Hi"', "", [CueTrack("a", "01 a.mp3", 61.52), CueTrack("b", "02 b.aiff"), CueTrack("c", "03 c.flac")]
    )
    assert sheet.splitlines() == [
        "TITLE \"Say 'Hi'\"",
        'FILE "01 a.mp3" MP3', "  TRACK 01 AUDIO", '    TITLE "a"', "    INDEX 01 00:00:00",
        "  TRACK 02 AUDIO", '    TITLE "b"', "    INDEX 00 01:01:39", 'FILE "02 b.aiff" AIFF', "    INDEX 01 00:00:00",
        'FILE "03 c.flac" WAVE', "  TRACK 03 AUDIO", '    TITLE "c"', "    INDEX 01 00:00:00",
    ]  # fmt: skip
