"""One behaviour through every surface: a line, a call, the command line, lines on stdin, Python."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import HardcoreError
from hardcore.knowledge import index
from hardcore.project.midi import to_midi
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.surfaces.cli import main
from tests.song import song, studio_with_song

# what is done, the typed arguments of the same, and what is true afterwards
BEHAVIOURS = [
    ("track gain", "kick -3", {"track": "kick", "gain_db": -3}, lambda p: p.find_track("kick").mixer.gain_db == -3),
    ("track mute", "hats on", {"track": "hats", "state": True}, lambda p: p.find_track("hats").mixer.mute),
    ("tempo", "150.5", {"bpm": 150.5}, lambda p: p.tempo_map.bpm == 150.5),
    ("key", "A minor", {"key": "A minor"}, lambda p: p.key.name == "A minor"),
    ("scene add", "drop", {"name": "drop"}, lambda p: p.scenes[-1].name == "drop"),
    ("note add", "bass:A 1.1.3 C3 1/8", {"clip": "bass:A", "at": "1.1.3", "pitch": "C3", "length": "1/8"},
     lambda p: p.find_clip("bass:A")[1].notes.find(960, 48).length_ticks == 960),
    ("effect add", "bass drive", {"track": "bass", "effect": "drive"},
     lambda p: p.find_track("bass").effects[-1].device == "drive"),
    ("clip transpose", "bass:A -2", {"clip": "bass:A", "semitones": -2},
     lambda p: {note.pitch for note in p.find_clip("bass:A")[1].notes} == {39}),
]  # fmt: skip
Surface = Callable[[Path, str, str, dict[str, object]], ProjectState]


def by_line(file: Path, name: str, words: str, values: dict[str, object]) -> ProjectState:
    with open_project(file) as studio:
        asyncio.run(run_line(studio, f"/{name} {words}", Caller()))
        return studio.controller.project


def by_call(file: Path, name: str, words: str, values: dict[str, object]) -> ProjectState:
    with open_project(file) as studio:
        asyncio.run(registry.run(studio, registry.registry()[name], values, Caller()))
        return studio.controller.project


def by_python(file: Path, name: str, words: str, values: dict[str, object]) -> ProjectState:
    with open_studio(str(file)) as studio:
        studio.call(name, **values)
        return studio.project


def by_do(file: Path, name: str, words: str, values: dict[str, object]) -> ProjectState:
    out, err = io.StringIO(), io.StringIO()
    assert (
        main(["do", f"/{name} {words}", "--project", str(file), "--json"], open_project, io.StringIO(), out, err) == 0
    )
    assert json.loads(out.getvalue())["text"]
    with open_project(file) as studio:
        return studio.controller.project


def by_stdin(file: Path, name: str, words: str, values: dict[str, object]) -> ProjectState:
    lines = f"# a comment\n/open {file}\n/{name} {words}\n/save\n"
    command = [sys.executable, "-m", "hardcore"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with open_project(file) as studio:
        return studio.controller.project


@pytest.mark.parametrize("surface", [by_line, by_call, by_python, by_do, by_stdin], ids=lambda f: f.__name__)
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda b: b[0])
def test_a_behaviour_is_the_same_on_every_surface(surface: Surface, behaviour, tmp_path: Path) -> None:
    name, words, values, holds = behaviour
    studio = studio_with_song(tmp_path)
    studio.controller.close()
    after = surface(tmp_path / "song.hcs", name, words, values)
    assert holds(after)


WRONG = [
    ("track gain", "kock -3", {"track": "kock", "gain_db": -3}, "kick"),
    ("track gain", "kick 99", {"track": "kick", "gain_db": 99}, "24"),
    ("key", "H minor", {"key": "H minor"}, "H"),
]


@pytest.mark.parametrize("surface", [by_line, by_call, by_python], ids=lambda f: f.__name__)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: w[1])
def test_bad_input_is_one_line_that_names_it_and_changes_nothing(surface: Surface, wrong, tmp_path: Path) -> None:
    name, words, values, said = wrong
    studio_with_song(tmp_path).controller.close()
    before = (tmp_path / "song.hcs").read_bytes()
    with pytest.raises(HardcoreError) as caught:
        surface(tmp_path / "song.hcs", name, words, values)
    assert said in caught.value.line()
    assert "\n" not in caught.value.line()
    assert (tmp_path / "song.hcs").read_bytes() == before


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: w[1])
def test_bad_input_on_the_command_line_exits_with_one_line(wrong, tmp_path: Path) -> None:
    name, words, _, said = wrong
    studio_with_song(tmp_path).controller.close()
    out, err = io.StringIO(), io.StringIO()
    arguments = ["do", f"/{name} {words}", "--project", str(tmp_path / "song.hcs")]
    assert main(arguments, open_project, io.StringIO(), out, err) == 1
    assert out.getvalue() == ""
    assert err.getvalue().startswith("error: ")
    assert said in err.getvalue()
    assert err.getvalue().count("\n") == 1


def test_a_script_stops_at_its_first_error_and_says_the_line(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    source = io.StringIO("/track add a\n/trick add b\n/track add c\n")
    assert main([], open_project, source, out, err) == 1
    assert err.getvalue().startswith("error: line 2: ")
    assert "track" in err.getvalue()


def test_an_import_can_be_tried(tmp_path: Path) -> None:
    file = tmp_path / "song.mid"
    file.write_bytes(to_midi(song(), tuple(timeline(song()))))
    with open_studio() as studio:
        before = studio.project
        tried = asyncio.run(run_line(studio._studio, f"/import {file}", Caller(dry_run=True)))
        assert studio.project is before
        done = studio.do(f"/import {file}")
        assert done is not None and tried is not None and tried.text() == done.text()
        assert "4 tracks" in done.text() and len(studio.project.tracks) == len(before.tracks) + 4


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    studio_with_song(tmp_path).controller.close()
    before = (tmp_path / "song.hcs").read_bytes()
    out, err = io.StringIO(), io.StringIO()
    arguments = ["do", "/track gain kick -3", "--project", str(tmp_path / "song.hcs"), "--dry-run"]
    assert main(arguments, open_project, io.StringIO(), out, err) == 0
    assert "-3 dB" in out.getvalue()
    assert (tmp_path / "song.hcs").read_bytes() == before


def test_names_from_others_are_confined_to_their_folders(tmp_path: Path) -> None:
    studio = studio_with_song()
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "inside2").mkdir()
    (inside / "link").symlink_to(tmp_path)
    caller = Caller(author="someone", roots=(inside,))
    for name in ("../out.mid", str(tmp_path / "out.mid"), "../inside2/out.mid", "link/out.mid", "a\0.mid"):
        with pytest.raises(HardcoreError):
            asyncio.run(registry.run(studio, registry.registry()["export"], {"file": name}, caller))
    asyncio.run(registry.run(studio, registry.registry()["export"], {"file": "out.mid"}, caller))
    assert (inside / "out.mid").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "inside2"]
    studio.controller.close()


def test_the_longest_file_name_is_saved_and_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "home"))
    longest = "é" * 100
    with open_studio() as studio:
        studio.do("house 124 bpm, 1 bar")
        studio.call("save", file=str(tmp_path / longest))
        studio.call("export", file=str(tmp_path / ("é" * 98 + ".wav")))
        with pytest.raises(HardcoreError, match="no file"):
            studio.call("import", file=str(tmp_path / longest))
    assert sorted(path.name for path in tmp_path.glob("é*")) == ["é" * 98 + ".wav", longest + ".hcs"]


@pytest.mark.parametrize("name", ["x" * 300 + ".hcs", "é" * 150 + ".hcs", "a\0.hcs", "x/" * 3000 + "a.hcs"])
def test_a_name_that_can_be_none_is_refused_in_words(name: str) -> None:
    for line in (["do", "/tempo 99", "--project", name], ["do", "/info", "--project", name], ["--project", name]):
        out, err = io.StringIO(), io.StringIO()
        assert main(line, open_project, io.StringIO(""), out, err) == 1
        assert err.getvalue().startswith("error: ")
        assert "a bug" not in err.getvalue()


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    environment = {**os.environ, "HARDCORE_HOME": str(tmp_path)}
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "hardcore", "do", "/samples"]
        ended = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "no space left" in ended.stderr


def test_the_album_has_a_file_of_each_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = tuple(entry for entry in index.entries() if entry.id in ("metal", "drone"))
    monkeypatch.setattr(index, "entries", lambda: two)
    monkeypatch.setenv("HARDCORE_RENDER_RATE", "22050")
    out, err = io.StringIO(), io.StringIO()
    assert main(["demo", "--all", "-o", str(tmp_path / "album"), "--json"], open_project, io.StringIO(), out, err) == 0
    assert [path.name for path in sorted((tmp_path / "album").iterdir())] == ["01 drone.flac", "02 metal.flac"]
    assert len([json.loads(line) for line in out.getvalue().splitlines()]) == 2
    taken = tmp_path / "a file"
    taken.write_text("")
    assert main(["demo", "--all", "-o", str(taken)], open_project, io.StringIO(), out, err) == 1
    assert "cannot be made" in err.getvalue()
