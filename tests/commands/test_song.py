"""The song command: a scene becomes a song, in one step."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.call import Caller
from hardcore.commands.line import run_line
from hardcore.commands.results import Listing, Result
from hardcore.commands.transfer import Exported
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.timeline import end_ticks, timeline


@pytest.fixture
def studio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = build_studio()
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> Result:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def test_a_sentence_becomes_a_song_as_one_step_that_can_be_undone(studio: Studio) -> None:
    do(studio, "house 124 bpm --seed 3")
    before = studio.controller.project
    told = do(studio, "/song --minutes 3")
    assert isinstance(told, Listing)
    assert [row[0] for row in told.rows] == ["intro", "build", "drop", "break", "drop 2", "outro"]
    project = studio.controller.project
    seconds = project.tempo_map.seconds(end_ticks(timeline(project)))
    assert seconds == pytest.approx(180, rel=0.06)
    assert f"{int(seconds // 60)}:{round(seconds % 60):02}" in told.text()
    do(studio, "/undo")
    assert studio.controller.project is before


def test_an_export_writes_the_song(studio: Studio) -> None:
    do(studio, "house 124 bpm, only kick and hats, 1 bar --seed 3")
    told = do(studio, "/song --bars 24 --seed 1")
    assert isinstance(told, Listing) and sum(int(str(row[2])) for row in told.rows) == 24
    result = do(studio, "/export song.wav --rate 22050")
    assert isinstance(result, Exported) and "24 bars" in result.text()


def test_a_song_of_another_style_and_of_a_project_of_one_s_own(studio: Studio) -> None:
    do(studio, "house 124 bpm --seed 3")
    told = do(studio, "/song --style pop")
    assert isinstance(told, Listing) and "chorus" in [row[0] for row in told.rows]
    do(studio, "/new")
    with pytest.raises(UserError, match="not made from a prompt"):
        do(studio, "/song")
    with pytest.raises(UserError, match="no clips to make a song of"):
        do(studio, "/song --style house")
    with pytest.raises(UserError):
        do(studio, "/song --minutes -1")


def test_the_arrangement_is_drawn_a_line_a_track(studio: Studio) -> None:
    with pytest.raises(UserError, match="nothing plays yet"):
        do(studio, "/arrangement show")
    do(studio, "house 124 bpm, A minor --seed 3")
    do(studio, "/song --bars 64 --seed 1")
    lines = do(studio, "/arrangement show").text().splitlines()
    project = studio.controller.project
    assert lines[1].split() == ["intro", "build", "drop", "break", "drop", "2", "outro", "end"]
    first = {track.name: track.placements[0].clip for track in project.tracks if track.placements}
    rows = {line.split("  ")[0]: line for line in lines[2:]}
    assert set(rows) == {track.name for track in project.tracks if track.clips}
    margin = len(rows["kick"]) - 64
    assert lines[0].startswith("bar") and lines[0].index("17") == margin + 16
    for track, row in rows.items():
        for placed in project.arrangement:
            if placed.track == project.find_track(track).id:
                bar = project.meter_map.bar_of(placed.start_ticks)
                assert row[margin + bar] in ("#" if placed.clip == first[track] else "=+%")
    heard = sum(placed.length_ticks for placed in project.arrangement) // project.meter_map.bar_ticks()
    assert sum(row[margin:].count(sign) for row in rows.values() for sign in "#=+%") == heard


def test_words_make_a_song_of_what_is_there(studio: Studio) -> None:
    made = do(studio, "house 124 bpm, A minor, 2 minutes --seed 3")
    assert "song: intro " in made.text() and len(studio.controller.project.arrangement) > 20
    do(studio, "house 124 bpm, A minor --seed 3")
    assert not studio.controller.project.arrangement
    kick = studio.controller.project.find_track("kick").clips[0]
    assert "intro " in do(studio, "make it a 2 minute song").text()
    assert studio.controller.project.arrangement
    assert studio.controller.project.find_track("kick").clips[0] == kick, "the piece stays"
