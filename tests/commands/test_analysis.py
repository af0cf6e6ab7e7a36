"""The commands of the ears: files and parts of the project, figures for people and as data, pictures, bad input."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio import files, reader
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.mixing.analysis import Heard
from hardcore.commands.mixing.figures import asked_of, key_words, side_by_side, tempo_words
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.jobs.comparison import differences
from hardcore.jobs.job import Job
from hardcore.jobs.soundsource import part_of
from hardcore.surfaces.repl.spokenanswers import spoken
from hardcore.workers.context import request
from hardcore.workers.host import answer
from tests.audio.sounds import RATE, groove
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    files.write("beat.wav", groove("techno", 138, 4), RATE)
    studio = studio_with_song()
    yield studio
    studio.controller.close()


def say(studio: Studio, line: str, caller: Caller | None = None) -> Result:
    result = asyncio.run(run_line(studio, line, caller or Caller()))
    assert result is not None
    return result


def test_a_file_is_analysed_for_people_and_as_data(studio: Studio) -> None:
    heard = say(studio, "/analyse beat.wav")
    assert re.match(r"beat.wav: 6.96 s, stereo, 48000 Hz\n  tempo     13[78]\.\d BPM \(sure\)\n", heard.text())
    assert "asked" not in heard.text()
    figures = heard.data()["figures"]
    assert len(figures["rhythm"]["beats_s"]) == 16
    json.dumps(figures, allow_nan=False)


def test_a_part_of_the_project_says_what_was_asked_beside_what_is_heard(studio: Studio) -> None:
    lines = say(studio, "/analyse").text().split("\n")
    assert lines[-2] == "asked  138 BPM, F minor"
    assert re.match(r"heard  13[78]\.\d BPM \(", lines[-1])
    assert say(studio, "/analyse kick").text().startswith("kick: ")
    assert say(studio, "/analyse bass:A").text().startswith("bass:")


def test_a_render_says_what_was_asked_and_what_is_heard(studio: Studio) -> None:
    made = say(studio, "/export song.wav --bars 4")
    assert re.search(r"\nasked  138 BPM, F minor\nheard  13[78]\.\d BPM \(", made.text())
    data = made.data()
    assert data["asked"]["tempo_bpm"] == 138
    assert data["heard"]["tempo_bpm"] == pytest.approx(138, rel=0.01)


def test_a_track_brings_what_goes_into_it(studio: Studio) -> None:
    say(studio, "/track route kick drums")
    project = studio.controller.project
    assert {one.track_id for one in part_of(project, "drums").playing} == {project.find_track("kick").id}
    assert len(part_of(project, "").playing) == 4


def test_two_sounds_are_compared_with_the_audible_first(studio: Studio) -> None:
    same = say(studio, "/compare beat.wav beat.wav")
    assert same.text() == "beat.wav and beat.wav measure the same"
    other = say(studio, "/compare beat.wav bass").text()
    assert other.startswith("from beat.wav to bass, audible:\n")


def test_a_difference_that_only_meters_see_is_told_as_such(studio: Studio) -> None:
    audio, rate = reader.read("beat.wav")
    files.write("softer.wav", audio * 10 ** (-0.3 / 20), rate)
    said = say(studio, "/compare beat.wav softer.wav").text()
    assert said.startswith("no difference between beat.wav and softer.wav is audible\nmeasured, hardly heard:\n")
    assert "loudness" in said and "−0.3 LU" in said


def test_what_is_no_sound_or_no_place_is_refused_before_anything_is_rendered(studio: Studio) -> None:
    begun: list[Job] = []
    assert studio.jobs is not None
    studio.jobs.listen(begun.append)
    for line in ("/compare kick gone.wav", "/compare kick gone", "/spectrogram -o none/a.png", "/waveform -o a.gif"):
        with pytest.raises(UserError):
            say(studio, line)
    assert not begun
    say(studio, "/compare kick beat.wav")
    assert begun[-1].arguments["sources"] == [{"part": "kick"}, {"file": str(Path("beat.wav").absolute())}]


def broken_files() -> dict[str, str]:
    """Write sounds that are hardly any; return by name what an analysis says of each."""
    tone = 0.5 * np.sin(np.arange(24_000) * 0.03)
    holes = {"nan.wav": np.nan, "inf.wav": np.inf}
    for name, value in holes.items():
        soundfile.write(name, np.where(np.arange(24_000) == 500, value, tone), RATE, subtype="FLOAT")
    soundfile.write("zero.wav", np.zeros(24_000), RATE)
    soundfile.write("one.wav", np.array([0.5]), RATE)
    soundfile.write("eight.wav", np.tile(tone[:, None], (1, 8)), RATE)
    soundfile.write("slow.wav", tone, 8000)
    soundfile.write("fast.wav", tone, 192_000)
    soundfile.write("whole.wav", tone, RATE)
    Path("cut.wav").write_bytes(Path("whole.wav").read_bytes()[:300])
    return {
        "nan.wav": "1 sample is not a number", "inf.wav": "1 sample is not a number", "zero.wav": "silent",
        "one.wav": "mono", "eight.wav": "8 channels", "slow.wav": "8000 Hz", "fast.wav": "192000 Hz",
        "cut.wav": "cut short at 0.00 s: the file lacks 47,744 bytes",
    }  # fmt: skip


def asked(task: str, **arguments: Any) -> dict[str, Any]:
    """Return what the listening process answers."""
    done: dict[str, Any] = answer(request(f"hardcore.jobs.analysistasks:{task}", arguments))["done"]
    return done


def test_sounds_that_are_hardly_any_are_measured_and_drawn_all_the_same(studio: Studio) -> None:
    heard = {}
    for name, words in broken_files().items():
        heard[name] = asked("hear", path=name)
        assert words in Heard(source=name, figures=heard[name]).text()
        assert not differences(heard[name], heard[name])
        for what in ("spectrogram", "waveform"):
            assert asked("draw", path=name, what=what, width=40, height=8)["drawing"]
        assert all(differences(heard[name], heard["nan.wav"]) for name in heard if name not in ("nan.wav", "inf.wav"))
    for name in ("nan.wav", "one.wav", "eight.wav"):
        asked("paint", path=name, what="spectrogram", to="p.png", title=name)
        assert Path("p.png").read_bytes()[:4] == b"\x89PNG"
    assert "1 sample is not a number" in say(studio, "/spectrogram nan.wav -o a.png").text()
    assert "cut short" in say(studio, "/waveform cut.wav").text()
    silence = say(studio, "/compare zero.wav whole.wav").text()
    assert "−120" not in silence and "brightness" not in silence and "loudness" in silence


def test_pictures_are_as_wide_as_the_terminal_and_words_for_the_ear(studio: Studio) -> None:
    for what in ("waveform", "spectrogram"):
        drawn = say(studio, f"/{what} beat.wav --width 60 --height 9")
        lines = drawn.text().split("\n")
        assert lines[0] == "beat.wav: 6.96 s"
        assert len(lines) == 10
        assert max(map(len, lines)) <= 60
        assert "\x1b" not in drawn.text()
        told = spoken(drawn, studio.controller.project)
        assert told.startswith(f"{what} of 7.0 seconds")
        assert not set("█▓▒░▀▄") & set(told)


def test_a_picture_is_written_as_png(studio: Studio) -> None:
    for option in ("-o a.png", "--output b.png"):
        assert "drawn to" in say(studio, f"/spectrogram beat.wav {option}").text()
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    say(studio, "/waveform beat.wav -o w.png")
    assert Path("w.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/analyse bet.wav", "no file"),
        ("/analyse nothing", "nothing"),
        ("/analyse kick:B", "no clip"),
        ("/compare", "needs"),
        ("/compare beat.wav gone.flac", "no file"),
        ("/waveform beat.wav -o a.jpg", "no picture format '.jpg'"),
        ("/waveform beat.wav -o none/a.png", "no folder"),
        ("/waveform beat.wav --height 3", "at least 4"),
        ("/spectrogram beat.wav --width -4", "at least 16"),
        ("/analyse bass:Z", "no scene"),
        ("/analyse bea", "no sound file, track or clip 'bea' (did you mean bass or beat.wav"),
        ("/analyse kik", "did you mean kick"),
        ("/spectrogram beat.wav -o .", "no picture format"),
        ("/spectrogram beat.wav -o", "needs"),
        ("/tempo -o", "-o"),
    ],
)
def test_what_cannot_be_heard_is_said_in_one_line(studio: Studio, line: str, said: str) -> None:
    with pytest.raises(HardcoreError) as error:
        say(studio, line)
    assert said in error.value.line()


def test_what_is_no_sound_and_what_lies_outside_is_refused(studio: Studio, tmp_path: Path) -> None:
    Path("text.wav").write_text("not a sound")
    with pytest.raises(UserError):
        say(studio, "/analyse text.wav")
    inside = tmp_path / "inside"
    inside.mkdir()
    for line in (f"/analyse {tmp_path}/beat.wav", "/compare beat.wav ../beat.wav", "/waveform kick -o ../a.png"):
        with pytest.raises(UserError):
            say(studio, line, Caller(roots=(inside,)))


def test_half_the_tempo_and_the_relative_key_are_called_that(studio: Studio) -> None:
    assert tempo_words(69.0, 0.3, 138.0) == "69.0 BPM (fairly sure, half of what was asked)"
    assert tempo_words(100.0, 0.1, 138.0) == "100.0 BPM (unsure, not as asked)"
    assert tempo_words(0.0, 0.0, 138.0) == "no tempo"
    assert key_words("", 0.0) == "no key"
    heard = {"tempo_bpm": 138.0, "tempo_confidence": 0.5, "key_confidence": 0.7, "faults": []}
    asked = asked_of(studio.controller.project)
    endings = {
        ("G# major", 8, "major"): "same notes",
        ("F major", 5, "major"): "same tonic",
        ("C minor", 0, "minor"): "not as asked",
    }
    for (name, tonic, mode), ending in endings.items():
        said = side_by_side(asked, {**heard, "key": name, "tonic": tonic, "mode": mode})
        assert said[1].endswith(ending)
    unsure = {**heard, "key_confidence": 0.1, "key": "C minor", "tonic": 0, "mode": "minor"}
    assert side_by_side(asked, unsure)[1].endswith("C minor (unsure)")
    assert side_by_side(asked, {**heard, "key": "F minor", "tonic": 5, "mode": "minor"})[1].endswith("(sure)")
