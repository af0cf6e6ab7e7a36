"""Instruments from files as you meet them: listed, played, blended, undone, missed, relinked, confined."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.multisample import Multisample
from hardcore.project.recording import decoded_path
from tests.audio.soundfonts import layered
from tests.song import studio_with_song

SFZ = """<control> default_path=waves/
<group> ampeg_release=0.3 cutoff=500
<region> sample=c.flac key=36 <region> sample=d.flac key=38 trigger=release"""


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio in a folder with a SoundFont, and an SFZ file whose samples are FLAC."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grand.sf2").write_bytes(layered())
    (tmp_path / "kit" / "waves").mkdir(parents=True)
    (tmp_path / "kit" / "kit.sfz").write_text(SFZ)
    knock = 0.3 * np.sin(np.arange(9600) / 20) * np.exp(-np.arange(9600) / 2000)
    for name in ("c", "d"):
        soundfile.write(tmp_path / "kit" / "waves" / f"{name}.flac", knock, 48_000)
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def said(studio: Studio, line: str, caller: Caller | None = None) -> str:
    result = asyncio.run(run_line(studio, line, caller or Caller()))
    assert result is not None
    return result.text()


def played(studio: Studio, track: str) -> Multisample:
    instrument = studio.controller.project.find_track(track).instrument
    assert instrument is not None and instrument.multisample is not None
    return instrument.multisample


def test_a_preset_of_a_soundfont_comes_onto_a_track_in_one_step_that_can_be_undone(studio: Studio) -> None:
    listed = said(studio, "/instrument presets grand.sf2").splitlines()
    assert [line.split()[:3] for line in listed[1:3]] == [["Grand", "0:0", "2"], ["Hard", "0:1", "1"]]
    at, before = studio.controller.history.at, studio.controller.project
    answer = said(studio, "/instrument import grand.sf2 bass")
    assert answer == "bass plays Grand: 2 zones from 2 sounds, C-1 to G9, 2 velocity layers, 0.2 MB in memory"
    assert studio.controller.history.at == at + 1
    assert "multisample Grand" in said(studio, "/tracks")
    zones = said(studio, "/instrument zones bass")
    assert "soft" in zones and "0–79" in zones and "80–127" in zones
    said(studio, "/undo")
    assert studio.controller.project is before


def test_without_a_track_a_new_one_is_made(studio: Studio) -> None:
    assert said(studio, "/instrument import grand.sf2 --preset hard").startswith("Hard plays Hard: 1 zone")
    assert played(studio, "Hard").zones[0].recording is not None
    assert said(studio, "/instrument import grand.sf2 --preset 0:1").startswith("Hard 2 plays Hard")


def test_layers_are_blended_and_cut_again(studio: Studio) -> None:
    said(studio, "/instrument import grand.sf2 bass")
    assert said(studio, "/instrument blend bass 20") == "bass: 1 layer blended over 20 velocities"
    assert [zone.velocity_in for zone in played(studio, "bass").zones] == [None, (70, 90)]
    said(studio, "/instrument blend bass 0")
    assert [zone.low_velocity for zone in played(studio, "bass").zones] == [0, 80]
    said(studio, "/instrument import grand.sf2 bass --preset hard")
    with pytest.raises(UserError, match="no velocity layers that meet"):
        said(studio, "/instrument blend bass 20")
    with pytest.raises(UserError, match="kick plays no zones"):
        said(studio, "/instrument zones kick")


def test_an_sfz_file_says_what_was_left_out_and_its_sounds_are_decoded_at_once(studio: Studio) -> None:
    answer = said(studio, "/instrument import kit/kit.sfz kick").splitlines()
    assert answer[0].startswith("kick plays kit: 1 zone from 1 sound, C2 to C2")
    assert answer[1:] == ["  left out: 1 zone for trigger=release", "  not understood: cutoff ×1"]
    (key,) = played(studio, "kick").recordings
    assert decoded_path(key).is_file(), "FLAC is not what the engine reads"


def test_moved_files_are_missed_in_words_and_found_again(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/instrument import kit/kit.sfz kick")
    said(studio, "/instrument import grand.sf2 bass")
    for key in (*played(studio, "kick").recordings, *played(studio, "bass").recordings):
        decoded_path(key).unlink()
    (tmp_path / "else").mkdir()
    (tmp_path / "grand.sf2").rename(tmp_path / "else" / "renamed.sf2")
    (tmp_path / "kit" / "waves").rename(tmp_path / "else" / "waves")
    answer = said(studio, "/export lost.wav")
    assert "c is missing" in answer and "kick is silent" in answer and "bass is silent" in answer
    assert said(studio, "/samples relink else").startswith("found 2 sounds again")
    answer = said(studio, "/export found.wav")
    assert "missing" not in answer
    assert {zone.recording.path for zone in played(studio, "bass").zones if zone.recording} == {
        str(tmp_path / "else" / "renamed.sf2")
    }
    assert "2 sounds in" in said(studio, "/samples collect")
    assert {path.name for path in (tmp_path / "song samples").iterdir()} == {"renamed.sf2", "c.flac"}


def test_a_saved_project_opens_with_its_zones(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/instrument import grand.sf2 bass")
    zones = played(studio, "bass")
    said(studio, "/save other.hcs")
    said(studio, "/new")
    said(studio, "/open other.hcs")
    assert played(studio, "bass") == zones


def test_a_caller_with_folders_of_its_own_stays_in_them(studio: Studio, tmp_path: Path) -> None:
    confined = Caller(roots=(tmp_path / "kit",))
    assert said(studio, "/instrument import kit.sfz kick", confined).startswith("kick plays kit")
    with pytest.raises(UserError, match="outside the folders"):
        said(studio, "/instrument import ../grand.sf2 bass", confined)
    with pytest.raises(UserError, match="outside the folders"):
        said(studio, "/instrument presets ../grand.sf2", confined)


def test_a_library_is_read_from_its_root_and_a_confined_caller_names_none_outside(
    studio: Studio, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    for folder in ("Programs", "Samples"):
        (library / folder).mkdir(parents=True)
    soundfile.write(library / "Samples" / "a.wav", np.sin(np.arange(4000) / 20), 44_100)
    (library / "Programs" / "up.sfz").write_text("<region> sample=../Samples/a.wav key=60")
    with pytest.raises(UserError, match="nothing to play"):
        said(studio, "/instrument import library/Programs/up.sfz")
    assert "1 zone" in said(studio, "/instrument import library/Programs/up.sfz --root library")
    confined = Caller(roots=(library / "Programs",))
    with pytest.raises(UserError, match="outside the folders you may use"):
        said(studio, f"/instrument import up.sfz --root {library}", confined)
