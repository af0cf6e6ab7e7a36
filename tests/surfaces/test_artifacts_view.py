"""The view of artifacts: listed with tags, heard, placed, tagged by the lines that its keys become."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project import artifacts
from hardcore.surfaces.screen.cells import plain, width
from hardcore.surfaces.screen.screenstate import Board
from tests.audio.clips import kept
from tests.commands.test_soundfolder import do, said
from tests.song import studio_with_song


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    loud = np.linspace(0, 1, 48_000, dtype=np.float32)[None]
    for name, share in (("riser", 1.0), ("tick", 0.1), ("deep", 0.5)):
        kept(loud[:, : round(48_000 * share)], name)
    studio = studio_with_song()
    yield studio
    studio.close()


@pytest.fixture
def board(studio: Studio) -> Board:
    board = Board(studio, load_keymap(), clock=lambda: 0.0)
    board.show("artifacts")
    return board


def seen(board: Board, columns: int = 100, rows: int = 40) -> list[str]:
    height = min(rows, board.view.wanted(columns, board.shown()))
    lines = plain(board.view.draw(columns, height, board.shown())).split("\n")
    assert len(lines) <= height and max(map(width, lines)) <= columns
    return lines


def test_the_newest_is_first_and_the_focused_one_shows_its_waveform(board: Board) -> None:
    lines = seen(board)
    assert lines[0] == " artifacts  3  tab hears  enter places  + tags  delete removes"
    assert [line.split()[0] for line in lines[1:4]] == ["[deep]", "tick", "riser"]
    assert lines[1].split()[1:] == ["import", "0.50", "s", "0.0", "MB"]
    assert board.view.press("last", board.shown()) == []
    lines = seen(board)
    assert lines[3].startswith("[riser]") and "48000 Hz  mono" in lines[-2]
    # it grows louder from left to right
    heights = [sum(row[column : column + 1].strip() != "" for row in lines[5:9]) for column in (1, 40, 70, 99)]
    assert heights == sorted(heights) and heights[-1] == 4


def test_keys_become_lines_that_hear_place_tag_and_remove(board: Board, studio: Studio) -> None:
    deep = artifacts.find("deep").id
    press = board.view.press
    assert press("hear", board.shown()) == [f"/artifacts audition {deep}"]
    assert press("tag", board.shown()) == [f"/artifacts tag {deep} "]
    assert press("remove", board.shown()) == [f"/artifacts remove {deep} "]
    (line,) = press("place", board.shown())
    assert "deep on deep, scene A: " in said(studio, line)
    board.focus.track_id = studio.controller.project.find_track("deep").id
    board.focus.scene_id = studio.controller.project.scenes[1].id
    board.view.press("last", board.shown())
    (line,) = press("place", board.shown())
    assert "riser on deep, scene B: " in said(studio, line)
    said(studio, f"/artifacts tag {deep} warm")
    assert "warm" in seen(board)[1]
    assert board.view.click(3, 2, board.shown()) == []
    assert board.view.click(3, 2, board.shown()) == [f"/artifacts audition {artifacts.find('tick').id}"]


def test_what_is_used_stays_and_what_is_not_goes_for_good(board: Board, studio: Studio) -> None:
    said(studio, "/artifacts place deep --at 3")
    with pytest.raises(UserError, match="deep is in use"):
        do(studio, "/artifacts remove deep")
    said(studio, "/artifacts tag tick dry")
    assert "tick removed" in said(studio, "/artifacts remove tick")
    assert [line.split()[0] for line in seen(board)[1:3]] == ["[deep]", "riser"]
    with pytest.raises(UserError, match="no artifact 'tick'"):
        do(studio, "/artifacts remove tick")
    assert "deep, 0.50 s, cannot be heard here" in said(studio, "/artifacts audition deep")


def test_without_artifacts_it_says_what_makes_some(board: Board) -> None:
    for known in artifacts.everything():
        artifacts.remove(known)
    assert "no artifacts: /import FILE" in seen(board)[1]
    assert board.view.press("hear", board.shown()) == []
