"""What is typed as people type it: commands without a slash, units, names with spaces, and what is wrong in words."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.slashless import as_command
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    return result.text() if result else ""


def project(studio: Studio) -> ProjectState:
    return studio.controller.project


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (":help track gain", "/help track gain"),
        (":about", "/about"),
        ("export song.wav", "/export song.wav"),
        ("Export it as song.flac --stems", "/export song.flac --stems"),
        ('export "my song.mid"', '/export "my song.mid"'),
        ("import beat.mid", "/import beat.mid"),
        ("save night", "/save night"),
        ("save it as night", "/save night"),
        ("save the song to night.hcs", "/save night.hcs"),
        ('save "my night"', '/save "my night"'),
        ("save", "/save"),
        ("open night.hcs", "/open night.hcs"),
        ("launch drop", "/launch drop"),
        ("launch the scene drop", "/launch drop"),
        ("launch bass:A", "/launch bass:A"),
        ("play from bar 5", "/play 5"),
        ("play from 5", "/play 5"),
        ("undo that", "/undo"),
        ("critique it", "/critique"),
        ("match it to other.wav", "/mix match other.wav"),
        ("make it sound like other.flac", "/mix match other.flac"),
        ("critique the song --notes", "/critique --notes"),
        ("critique verse 2 --mend", '/critique --in "verse 2" --mend'),
        ("end it properly", "/song end"),
        ("give the song a proper ending", "/song end"),
        ("end it with a ritard", "/song end ritard"),
        ("key change in the last chorus", "/song lift"),
        ("add a key lift for the final chorus", "/song lift"),
        ("modulate up", "/song lift"),
        ("take the key change back", "/song lift 0"),
        ("modulate up a half step", "/song lift 1"),
        ("lift the last chorus by a semitone", "/song lift 1"),
    ],
)
def test_a_bare_command_is_the_command(line: str, command: str) -> None:
    assert as_command(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "open the filter", "open hats", "save the bass", "save me", "export the drums", "export song.xyz",
        "play darker", "play from the drop", "launch pad, 120 bpm", "save my ears",
        "darker", "acid 130 bpm", "launchpad house",
    ],
)  # fmt: skip
def test_a_sentence_stays_one(line: str) -> None:
    assert as_command(line) is None


def test_bare_commands_do_what_they_say(studio: Studio) -> None:
    do(studio, "save it as night")
    assert Path("night.hcs").is_file()
    do(studio, "export song.mid")
    assert Path("song.mid").read_bytes().startswith(b"MThd")


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("/pan hats L50", lambda p: p.find_track("hats").mixer.pan == -0.5),
        ("/pan hats left 30", lambda p: p.find_track("hats").mixer.pan == -0.3),
        ("/pan hats 30 right", lambda p: p.find_track("hats").mixer.pan == 0.3),
        ("/tempo 128 bpm", lambda p: p.tempo_map.bpm == 128),
        ("/tempo 128BPM", lambda p: p.tempo_map.bpm == 128),
        ("/gain kick -3 dB", lambda p: p.find_track("kick").mixer.gain_db == -3),
        ("/gain kick --by -3 dB", lambda p: p.find_track("kick").mixer.gain_db == -3),
        ("/velocity hats 50%", lambda p: {n.velocity for n in p.find_clip("hats:A")[1].notes} == {64}),
        ("/transpose bass 2 semitones", lambda p: {n.pitch for n in p.find_clip("bass:A")[1].notes} == {43}),
        ("/length 8 bars", lambda p: p.find_clip("bass:A")[1].length_ticks == 8 * 7680),
        ("/clip add kick B --bars 3bars", lambda p: p.find_clip("kick:B")[1].length_ticks == 3 * 7680),
        ("/clip add kick B --bars 3 bars", lambda p: p.find_clip("kick:B")[1].length_ticks == 3 * 7680),
        ("/place bass:A bar 3", lambda p: p.find_track("bass").placements[0].start_ticks == 2 * 7680),
        ("/set bass cutoff 300 hz", lambda p: p.find_track("bass").instrument.settings["cutoff"] == 300),
        ("/title My Song", lambda p: p.title == "My Song"),
        ("/track rename kick Big Kick", lambda p: p.tracks[0].name == "Big Kick"),
        ("/scene add Second Drop", lambda p: p.scenes[-1].name == "Second Drop"),
    ],
)
def test_units_and_names_may_stand_apart(studio: Studio, line: str, holds: object) -> None:
    do(studio, line)
    assert holds(project(studio)), line  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("/save my song.hcs", '/save "my song.hcs"'),
        ("/open a folder/my song.hcs --read-only", '/open "a folder/my song.hcs"'),
        ("/export my song.wav --stems", '/export "my song.wav"'),
        ("/track add low end", '/track add "low end"'),
    ],
)
def test_a_path_with_spaces_says_how_to_quote_it(studio: Studio, line: str, quoted: str) -> None:
    with pytest.raises(UserError) as error:
        do(studio, line)
    assert quoted in error.value.line()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/gain kick 99", "gain_db 99: at most 24"),
        ("/tempo 5", "bpm 5: at least 20"),
        ("/history goto x", "step 'x': a whole number is needed"),
        ("/section add x --bars 99999", "bars 99999: at most 4096"),
        ("/launch quantize 3", "grid 3: one of: none, 1/16"),
        ("/devices instrument", "kind 'instrument': did you mean instruments?"),
        ("/density hats --factor -3", "factor -3: more than 0"),
        ("/pan hats 57%", "such as L30, R57"),
    ],
)
def test_what_is_wrong_is_said_in_words(studio: Studio, line: str, words: str) -> None:
    with pytest.raises(UserError) as error:
        do(studio, line)
    assert words in error.value.line()
    assert "should be" not in error.value.line() and "valid" not in error.value.line()
