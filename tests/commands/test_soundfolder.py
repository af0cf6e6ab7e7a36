"""Your own samples as you meet them: add, list, find, show, play, move, relink, collect, audition, forget."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.project.recordings import recording_of
from hardcore.project.samples import sample
from hardcore.surfaces.repl.completion import LineCompleter
from tests.audio.sounds import RATE, groove, noise
from tests.audio.test_oneshots import saw, swept
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio in a folder with `drums/`: a deep kick, a hat, and a file that is no sound."""
    monkeypatch.chdir(tmp_path)
    drums = tmp_path / "drums"
    drums.mkdir()
    shutil.copy(sample("kick808_long").path, drums / "deep kick.wav")
    shutil.copy(sample("hat_tick").path, drums / "tss.wav")
    (drums / "broken.wav").write_text("no sound")
    studio = studio_with_song(tmp_path)
    yield studio
    studio.controller.close()


def do(studio: Studio, line: str, caller: Caller | None = None) -> Result:
    result = asyncio.run(run_line(studio, line, caller or Caller()))
    assert result is not None
    return result


def said(studio: Studio, line: str) -> str:
    return do(studio, line).text()


def test_from_a_folder_to_a_track_that_plays_it(studio: Studio, tmp_path: Path) -> None:
    answer = said(studio, "/samples add drums")
    assert "2 new sounds, 1 file passed over" in answer and "broken.wav: it cannot be read as sound" in answer
    listed = said(studio, "/samples list")
    assert "deep kick" in listed and "kick" in listed and "tss" in listed and "1 file could not be used" in listed
    assert "broken.wav" in said(studio, "/samples list --problems")
    assert said(studio, "/samples find dark kick 60-70hz").splitlines()[1].startswith("deep kick")
    assert "nothing is all of" in said(studio, "/samples find zorp kick")
    shown = said(studio, '/samples show "deep kick"')
    assert sample("kick808_long").sha256 in shown and "below 250 Hz" in shown
    at = studio.controller.history.at
    assert "kick plays deep kick instead of kick909; C2" in said(studio, '/track sample kick "deep kick"')
    assert studio.controller.history.at == at + 1
    assert "sampler deep kick" in said(studio, "/tracks")
    said(studio, "/solo kick on")
    assert "missing" not in said(studio, "/export own.wav")
    said(studio, "/track sample kick kick808_long")
    said(studio, "/export ours.wav")
    own, ours = (soundfile.read(tmp_path / name)[0] for name in ("own.wav", "ours.wav"))
    assert np.array_equal(own, ours), "a copy of our own sample sounds as our own sample"


def test_again_only_what_is_new_is_heard_and_what_is_gone_forgotten(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/samples add drums")
    (tmp_path / "drums" / "tss.wav").unlink()
    answer = said(studio, "/samples add drums")
    assert "0 new sounds, 2 known already" in answer and "1 file no longer there" in answer
    assert "tss" not in said(studio, "/samples list")
    assert "forgot 2 files" in said(studio, "/samples forget drums")
    assert (tmp_path / "drums" / "deep kick.wav").is_file()
    assert "none of yours yet" in said(studio, "/samples list")


def test_a_moved_file_is_said_and_relinked(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/samples add drums")
    said(studio, '/track sample kick "deep kick"')
    (tmp_path / "drums").rename(tmp_path / "elsewhere")
    answer = said(studio, "/export a.wav")
    assert "deep kick is missing" in answer and "kick is silent" in answer
    with pytest.raises(UserError, match="holds none of the missing"):
        said(studio, "/samples relink song.hcs")
    assert "found 2 sounds again" in said(studio, "/samples relink elsewhere")
    assert "missing" not in said(studio, "/export b.wav")
    recording = recording_of(studio.controller.project.find_track("kick"))
    assert recording is not None and recording.path == str(tmp_path / "elsewhere" / "deep kick.wav")
    assert "nothing is missing" in said(studio, "/samples relink elsewhere")
    said(studio, "/undo")


def test_collected_sounds_travel_with_the_project(studio: Studio, tmp_path: Path) -> None:
    assert "plays none" in said(studio, "/samples collect")
    said(studio, "/samples add drums")
    said(studio, '/track sample kick "deep kick"')
    assert "1 sound in" in said(studio, "/samples collect")
    said(studio, "/save")
    said(studio, "/samples forget drums")
    studio.controller.close()
    (tmp_path / "box").mkdir()
    for name in ("song.hcs", "song samples"):
        shutil.move(tmp_path / name, tmp_path / "box" / name)
    shutil.rmtree(tmp_path / "drums")
    other = studio_with_song()
    said(other, "/open box/song.hcs")
    assert "missing" not in said(other, "/export c.wav")
    other.controller.close()


@pytest.mark.usefixtures("full_rate")
def test_an_audition_is_the_sound_through_the_master(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/samples add drums")
    before = studio.controller.project
    assert "a.wav" in said(studio, '/samples audition "deep kick" a.wav')
    assert studio.controller.project is before
    heard = soundfile.read(tmp_path / "a.wav", always_2d=True)[0][:, 0]
    kept = soundfile.read(sample("kick808_long").path)[0]
    part, wanted = heard[200 : len(kept) - 3000], kept[200 : len(kept) - 3000]
    assert np.corrcoef(part, wanted)[0, 1] > 0.99
    assert np.abs(heard[len(kept) + 3000 :]).max() < 1e-4, "it plays once"
    said(studio, "/samples audition tom_low b.wav")
    with pytest.raises(UserError, match="no sound format"):
        said(studio, "/samples audition tom_low b.txt")


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(studio: Studio) -> None:
    said(studio, "/samples add drums")
    with pytest.raises(UserError) as caught:
        said(studio, '/track sample kick "deep kik"')
    assert "deep kick" in caught.value.hint
    with pytest.raises(UserError, match="nothing to look for"):
        said(studio, "/samples find the")


def test_completion_offers_the_users_samples_after_ours(studio: Studio) -> None:
    said(studio, "/samples add drums")

    def offered(line: str) -> list[str]:
        completions = LineCompleter(studio).get_completions(Document(line), CompleteEvent(completion_requested=True))
        return [completion.text for completion in completions]

    assert offered("/track sample kick dee") == ['"deep kick"']
    assert offered("/track sample kick t") == ["tom_low", "tss"]
    assert offered("/samples show ts") == ["tss"]


def test_a_caller_with_roots_adds_nothing_to_the_library(studio: Studio, tmp_path: Path) -> None:
    caller = Caller(roots=(tmp_path / "drums",))
    for folder in ("/", "..", "."):
        with pytest.raises(Denied, match="the library"):
            do(studio, f"/samples add {folder}", caller)
    assert "none of yours yet" in said(studio, "/samples list")


def test_a_scan_in_the_background_lets_you_go_on_and_can_be_stopped(studio: Studio, tmp_path: Path) -> None:
    for number in range(150):
        soundfile.write(tmp_path / "drums" / f"{number}.wav", np.sin(np.arange(4800) * (0.01 + number / 1999)), 48000)

    jobs = studio.jobs
    assert jobs is not None

    async def session() -> list[str]:
        said: list[str] = []
        for line in ("/samples add drums --background", "/tempo 150", "/jobs"):
            result = await run_line(studio, line, Caller())
            assert result is not None
            said.append(result.text())
        (job,) = jobs.going()
        while jobs.find(job.number).share == 0:
            await jobs.settled(job.number)
        for line in (f"/job cancel {job.number}", "/job wait", f"/job show {job.number}"):
            result = await run_line(studio, line, Caller())
            assert result is not None
            said.append(result.text())
        return said

    started, _, under_way, _, _, after = asyncio.run(session())
    assert "in the background" in started and "samples add drums" in under_way and "cancelled" in after
    assert studio.controller.project.tempo_map.bpm == 150
    heard = [file for file in studio.sounds.files() if file.facts] if studio.sounds else []
    assert 1 <= len(heard) < 152
    assert f"{152 - len(heard)} new sound" in said(studio, "/samples add drums")


def test_the_commands_load_no_arrays_until_they_listen(home: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from hardcore.app import build_studio\nfrom hardcore.commands.core.call import Caller\n"
        "from hardcore.commands.core.line import run_line\n"
        "studio = build_studio()\n"
        "early = {'numpy', 'soundfile', 'scipy', 'sqlite_utils', 'soxr'} & set(sys.modules)\n"
        "asyncio.run(run_line(studio, '/samples list', Caller()))\n"
        "asyncio.run(run_line(studio, '/samples find dark kick', Caller()))\n"
        "late = {'soundfile', 'scipy', 'soxr', 'pyloudnorm'} & set(sys.modules)\n"
        "studio.controller.close()\n"
        "assert not early and not late, (early, late)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr


def test_a_kick_is_found_by_the_frequency_that_it_has_or_that_its_name_says(studio: Studio, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    for name, sound in {
        "BD_50hz": swept(50.0, 0.3, 12.0), "BD_deep": swept(49.0, 0.5, 8.0), "BD_high": swept(75.0, 0.5, 8.0),
        "hat 50hz": noise(0.05, channels=1),
    }.items():  # fmt: skip
        soundfile.write(bank / f"{name}.wav", sound.T, RATE)
    said(studio, "/samples add bank")
    rows = said(studio, "/samples find dark kick 50hz").splitlines()[1:]
    assert [row.split("  ")[0] for row in rows[:2]] == ["BD_50hz", "BD_deep"]
    assert "BD_high" not in "".join(rows) and "50.0 Hz" in rows[0]
    assert "50 Hz by its name" in said(studio, "/samples find hat 50hz")


def test_a_tone_lies_on_its_own_pitch_in_a_melodic_part_and_where_patterns_play_in_a_drum_part(
    studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "tones").mkdir()
    soundfile.write("tones/saw_A2.wav", saw(110.0, 1.0, 2.0).T, RATE)
    soundfile.write("tones/tom.wav", swept(110.0, 0.6, 6.0).T, RATE)
    said(studio, "/samples add tones")
    assert "A2 is its own pitch" in said(studio, "/track sample bass saw_A2")
    assert "A2 is its own pitch" in said(studio, "/track sample bass tom")
    assert "D#5 is its own pitch" in said(studio, "/track sample kick tom")
    said(studio, "/track add cloud --instrument granular")
    assert "A2 is its own pitch" in said(studio, "/track sample cloud saw_A2")


def test_of_a_loop_only_that_is_offered_what_the_device_can_do(studio: Studio, tmp_path: Path) -> None:
    soundfile.write("loop_125bpm.wav", groove("techno", 125.0, 1).T, RATE)
    said(studio, "/samples add loop_125bpm.wav")
    said(studio, "/track add lo --instrument sampler")
    assert "/track set lo sync 1 lets it go" in said(studio, "/track sample lo loop_125bpm")
    said(studio, "/track set lo sync 1")
    said(studio, "/track add cut --instrument slicer")
    answer = said(studio, "/track sample cut loop_125bpm")
    assert "its 8 slices lie on the keys from C2 up" in answer and "sync" not in answer
    assert "/track set cut rate 1.104 plays them in time at 138" in answer
    said(studio, "/track set cut rate 1.104")
    said(studio, "/track add cloud --instrument granular")
    assert "/track set" not in said(studio, "/track sample cloud loop_125bpm")
