"""The song command: a scene becomes a song, in one step."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Listing, Result
from hardcore.commands.exchange.transfer import Exported
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.events import NoteEvent, Span, events
from hardcore.project.integrity import check
from hardcore.project.roles import DRUMS
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
    assert lines[1].split() == ["intro", "build", "drop", "break", "drop", "2", "outro"]
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


def last_bar(studio: Studio) -> list[NoteEvent]:
    """Return the tones that begin in the last bar, in order."""
    project, playing = studio.controller.project, timeline(studio.controller.project)
    end = end_ticks(playing)
    drums = {track.id for track in project.tracks if track.role in DRUMS}
    start = project.meter_map.bar_start(project.meter_map.bar_of(end - 1))
    return [one for one in events(project, playing, Span(start, end)) if one.track_id not in drums]


def test_a_song_is_ended_with_a_hit_on_its_tonic_slowing_down_or_in_a_fade(studio: Studio) -> None:
    do(studio, "pop, 8 bars, C major --seed 3")
    with pytest.raises(UserError, match="it is a loop"):
        do(studio, "end it properly")
    do(studio, "/song --seed 1")
    do(studio, "/key G major --bare")
    assert min(one.pitch for one in last_bar(studio)) % 12 == 0
    bars = end_ticks(timeline(studio.controller.project))
    do(studio, "end it properly")
    hit = last_bar(studio)
    assert min(one.pitch for one in hit) % 12 == 7 and {one.pitch % 12 for one in hit} <= {7, 11, 2}
    assert len({one.tick for one in hit}) == 1 and end_ticks(timeline(studio.controller.project)) == bars
    do(studio, "/song end ritard --bars 4")
    project = studio.controller.project
    last = project.meter_map.bar_start(project.meter_map.bar_of(bars - 1))
    assert project.tempo_map.at(last) == pytest.approx(project.tempo_map.bpm * 2 / 3, abs=0.1)
    assert project.tempo_map.at(project.meter_map.bar_start(project.meter_map.bar_of(bars - 1) - 4)) == 112
    do(studio, "/song end ritard --bars 4")
    assert studio.controller.project.tempo_map == project.tempo_map, "it slows down once"
    check(studio.controller.project)
    do(studio, "end it with a fade")
    assert studio.controller.project.master.automation[-1].points[-1].value <= -90
