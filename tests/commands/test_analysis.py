"""The commands of the ears: files and parts of the project, figures for people and as data, pictures, bad input."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.audio import files
from hardcore.commands.call import Caller, Studio
from hardcore.commands.hearing import asked_of, key_words, side_by_side, tempo_words
from hardcore.commands.line import run_line
from hardcore.commands.results import Result
from hardcore.errors import HardcoreError, UserError
from hardcore.jobs.sounding import part_of
from hardcore.surfaces.answers import as_data
from hardcore.surfaces.repl.spoken import spoken
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
    figures = as_data(heard)["figures"]
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
    data = as_data(made)
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
        ("/waveform beat.wav --height 3", "greater than or equal to 4"),
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
    assert side_by_side(asked, {**heard, "key": "F minor", "tonic": 5, "mode": "minor"})[1].endswith("(sure)")
