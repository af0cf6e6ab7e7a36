"""Tempo, meter, key, swing and length as commands: the whole is meant, --bare is the bare thing, figures are said."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.integrity import check
from tests.song import BAR, studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.controller.close()


def say(studio: Studio, line: str) -> str:
    """Return what a line answers."""
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    check(studio.controller.project)
    return result.text()


def data(studio: Studio, line: str) -> dict[str, Any]:
    """Return what a line answers as data."""
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.data()


def refusal(studio: Studio, line: str) -> str:
    """Return why a line is refused; nothing has changed."""
    before = studio.controller.project
    with pytest.raises(UserError) as error:
        say(studio, line)
    assert studio.controller.project is before
    return error.value.line()


def bpm(studio: Studio) -> float:
    return studio.controller.project.tempo_map.bpm


@pytest.mark.parametrize(
    ("line", "after"),
    [("/tempo 150", 150), ("/tempo --by -6", 132), ("/tempo --by 6bpm", 144), ("/tempo --factor 0.5", 69),
     ("/tempo --by 900", 400), ("/tempo --factor 0.01", 20), ("/tempo 100.5", 100.5)],
)  # fmt: skip
def test_a_tempo_is_set_by_value_step_or_factor_and_undone(studio: Studio, line: str, after: float) -> None:
    before = studio.controller.project
    answer = say(studio, line)
    assert bpm(studio) == after
    assert f"tempo 138 → {after:g} bpm" in answer
    assert ("as far as it goes (20 to 400 bpm)" in answer) == (after in (400, 20))
    studio.controller.undo()
    assert studio.controller.project is before


def test_a_delay_in_beats_follows_the_tempo_by_command(studio: Studio) -> None:
    say(studio, f"/effect add bass delay time={0.75 * 60 / 138:.4f}")
    assert "ms" in say(studio, "/tempo 150")
    chain = studio.controller.project.find_track("bass").effects
    assert next(one for one in chain if one.device == "delay").value("time") == pytest.approx(0.3, rel=1e-3)
    say(studio, "/tempo 75 --bare")
    chain = studio.controller.project.find_track("bass").effects
    assert next(one for one in chain if one.device == "delay").value("time") == pytest.approx(0.3, rel=1e-3)


def test_all_tempos_and_meters_are_listed_as_data_and_taken_out_again(studio: Studio) -> None:
    before = studio.controller.project
    say(studio, "/tempo 150 --bar 5")
    say(studio, "/tempo --by 10 --bar 9")
    assert say(studio, "/tempo") == "tempo 138 bpm\n  from bar 5: 150 bpm\n  from bar 9: 160 bpm"
    assert data(studio, "/tempo")["points"][1] == {"bar": 5, "place": "5", "bpm": 150.0, "ramp": False}
    assert say(studio, "/tempo --bar 9 --remove") == "bar 9: 160 bpm → 150 bpm"
    say(studio, "/tempo --bar 5 --remove")
    assert studio.controller.project.tempo_map == before.tempo_map
    say(studio, "/meter 7/8 --bar 2")
    assert say(studio, "/meter") == "meter 4/4\n  from bar 2: 7/8"
    assert data(studio, "/meter")["points"] == [{"bar": 1, "meter": "4/4"}, {"bar": 2, "meter": "7/8"}]
    say(studio, "/meter --bar 2 --remove")
    assert studio.controller.project.meter_map == before.meter_map


def test_a_key_moves_every_pitched_note_by_command_and_its_old_option_changes_nothing(studio: Studio) -> None:
    assert say(studio, "/key A minor") == "key F minor → A minor, 16 notes moved"
    notes = studio.controller.project.find_clip("bass:A")[1].notes
    assert {note.pitch for note in notes} == {45}  # F2 is 41
    assert {note.pitch for note in studio.controller.project.find_clip("kick:A")[1].notes} == {36}
    studio.controller.undo()
    say(studio, "/key A minor --notes")
    assert studio.controller.project.find_clip("bass:A")[1].notes == notes
    studio.controller.undo()
    assert "no note moved" in say(studio, "/key A minor --bare")
    assert {note.pitch for note in studio.controller.project.find_clip("bass:A")[1].notes} == {41}
    assert say(studio, "/key") == "key A minor"


def test_a_meter_takes_the_clips_bar_by_bar_and_bare_leaves_them(studio: Studio) -> None:
    say(studio, "/meter 3/4")
    clip = studio.controller.project.find_clip("kick:A")[1]
    assert clip.length_ticks == 2 * 5760 and [note.start_ticks for note in clip.notes] == list(range(0, 11520, 1920))
    studio.controller.undo()
    say(studio, "/meter 3/4 --bare")
    assert studio.controller.project.find_clip("kick:A")[1].length_ticks == 2 * BAR


def test_swing_is_of_the_whole_or_of_parts(studio: Studio) -> None:
    assert say(studio, "/swing 58%") == "swing 50 → 58 %"
    assert say(studio, "/swing --by 4 --tracks hats,snare").splitlines()[1:] == [
        "  snare: swing 58 → 62 %", "  hats: swing 58 → 62 %",
    ]  # fmt: skip
    assert say(studio, "/swing") == "swing 58 %, groove swing 58 %"
    assert say(studio, "/swing --tracks hats,bass") == "hats: swing 62 %\nbass: swing 58 %"
    assert say(studio, "/swing 60 --amount 50").startswith("2 changes\n  swing 58 → 60 %, 50% of it")


def test_length_and_crop(studio: Studio) -> None:
    assert say(studio, "/length") == "scene A: 2 bars"
    assert say(studio, "/length --factor 2 --seed 1") == "length 2 → 4 bars, 4 clips"
    assert {clip.length_ticks for _, clip in studio.controller.project.clips()} == {4 * BAR}
    assert say(studio, "/crop 1 --first 2") == "cropped 4 → 1 bars, 4 clips"
    assert [note.start_ticks for note in studio.controller.project.find_clip("kick:A")[1].notes] == [
        0,
        1920,
        3840,
        5760,
    ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/tempo 138", "the tempo is 138 BPM already"),
        ("/tempo 150 --by 3", "one of"),
        ("/tempo fast", "is not a number"),
        ("/tempo 900", "400"),
        ("/tempo --remove", "--bar 33"),
        ("/tempo --remove --bar 4", "no change of tempo in bar 4"),
        ("/tempo 150 --bar 0", "at least 1"),
        ("/meter 4/4", "the meter is 4/4 already"),
        ("/meter --remove", "--bar 9"),
        ("/key F minor", "the key is F minor already"),
        ("/key A minor --bare --notes", "--bare"),
        ("/swing 50", "50 % already"),
        ("/swing 80", "75"),
        ("/swing 58 --tracks hast", "hats"),
        ("/length 2", "it is 2 bars long already"),
        ("/length 2 --by 2", "one of"),
        ("/length --factor 0", "more than 0"),
        ("/length 8 --scene B", "scene B is empty"),
        ("/crop 3", "scene A has 2 bars"),
    ],
)
def test_what_cannot_be_is_refused_with_what_there_is(studio: Studio, line: str, hint: str) -> None:
    assert hint in refusal(studio, line)


def test_a_loop_that_a_song_is_made_of_keeps_its_length(studio: Studio) -> None:
    say(studio, "/place bass:A 1")
    assert "there is a song of 2 bars" in refusal(studio, "/length 4")
    assert "arrangement clear" in refusal(studio, "/crop 1")


def test_a_ramp_is_set_listed_and_removed_by_command(studio: Studio) -> None:
    told = say(studio, "/tempo 150 --bar 9 --ramp")
    assert "tempo 138 → 150 bpm in a ramp from bar 1 to bar 9" in told
    assert say(studio, "/tempo") == "tempo 138 bpm\n  in a ramp to bar 9: 150 bpm"
    assert data(studio, "/tempo")["points"][1] == {"bar": 9, "place": "9", "bpm": 150.0, "ramp": True}
    assert "tempo: from bar 1: 138 bpm, in a ramp to bar 9: 150 bpm" in say(studio, "/info")
    say(studio, "/tempo 120 --bar 17 --over 4")
    assert [studio.controller.project.tempo_map.at(bar * BAR) for bar in (8, 12, 14, 16)] == [150, 150, 135, 120]
    say(studio, "/tempo --remove --bar 9")
    with pytest.raises(UserError, match="say in which bar the ramp gets there"):
        say(studio, "/tempo 150 --ramp")
    say(studio, "/meter 7/8 --bar 5")
    assert "meter: 4/4 from bar 1, 7/8 from bar 5" in say(studio, "/info")
