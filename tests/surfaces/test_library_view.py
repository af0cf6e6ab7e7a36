"""The view of the library: listed, heard, put into the project, tagged by the lines that its keys become."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.studio import Studio
from hardcore.surfaces.screen.cells import plain, width
from hardcore.surfaces.screen.screenstate import Board
from tests.commands.test_soundfolder import do
from tests.song import studio_with_song


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    studio = studio_with_song()
    yield studio
    studio.close()


@pytest.fixture
def board(studio: Studio) -> Board:
    board = Board(studio, load_keymap(), clock=lambda: 0.0)
    board.show("library")
    return board


def seen(board: Board, columns: int = 100, rows: int = 24) -> list[str]:
    lines = plain(board.view.draw(columns, min(rows, board.view.wanted(columns, board.shown())), board.shown())).split(
        "\n"
    )
    assert len(lines) <= rows and max(map(width, lines)) <= columns
    return lines


def test_what_is_kept_shows_at_once_and_keys_become_lines(studio: Studio, board: Board) -> None:
    assert "nothing yet" in seen(board)[1]
    for what in ("preset rubber --from bass --tags warm", "clip riff --from bass:A", "scene main", "rhythm drive"):
        do(studio, f"/library save {what}")
    lines = seen(board)
    assert lines[0].startswith(" library  4  tab hears  enter puts it on the track")
    assert [line.split()[0] for line in lines[1:]] == ["[riff]", "rubber", "main", "drive"]
    assert "reese, filter" in lines[2] and "warm" in lines[2] and lines[2].split()[-2:] == ["preset", "v1"]
    assert seen(board, 40, 3)[1].startswith("[riff]")
    press = board.view.press
    assert press("down", board.shown()) == []
    assert press("hear", board.shown()) == ['/library audition "preset:rubber"']
    assert press("put", board.shown()) == ['/library put "preset:rubber" "kick"']
    assert press("new", board.shown()) == ['/library put "preset:rubber"']
    assert press("tag", board.shown()) == ['/library tag "preset:rubber" ']
    do(studio, press("put", board.shown())[0])
    track = studio.controller.project.find_track("kick")
    assert track.instrument is not None and track.instrument.device == "reese"
    assert press("last", board.shown()) == [] and press("put", board.shown()) == ['/library put "rhythm:drive"']
    seen(board)
    assert board.view.click(3, 3, board.shown()) == []
    assert board.view.click(3, 3, board.shown()) == ['/library audition "scene:main"']
    do(studio, press("remove", board.shown())[0].strip())
    assert len(seen(board)) == 4
