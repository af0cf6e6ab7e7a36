"""The view of the history: steps, branches, what changed, and hearing what was."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.history import History, Step
from hardcore.project.playback import Playback
from hardcore.project.state import new_project
from hardcore.surfaces.screen.cells import plain
from hardcore.surfaces.screen.header import header
from hardcore.surfaces.screen.screenstate import Board
from hardcore.surfaces.screen.view import Shown
from tests.song import studio_with_song
from tests.surfaces.stage import StillPlayer


def run(studio: Studio, *lines: str) -> None:
    """Run lines."""
    for line in lines:
        asyncio.run(run_line(studio, line, Caller()))


@pytest.fixture
def board(home: Path) -> Iterator[Board]:
    """Yield the board of a studio with two branches, the history in sight: 1 song, 2, 3; 4 from 1, the present."""
    studio = studio_with_song()
    studio.player = StillPlayer(Playback())  # type: ignore[assignment]
    run(studio, "/gain kick -3", "/tempo 150", "/history goto 1", "/track mute hats")
    board = Board(studio, load_keymap(), clock=lambda: 0.0)
    board.show("history")
    yield board
    studio.close()


def player_of(board: Board) -> StillPlayer:
    """Return the player, which notes what it should play."""
    assert isinstance(board.studio.player, StillPlayer)
    return board.studio.player


def seen(board: Board, width: int = 100) -> list[str]:
    """Return the lines of the view, as many as it wants."""
    height = board.view.wanted(width, board.shown())
    return plain(board.view.draw(width, height, board.shown())).split("\n")


def press(board: Board, *actions: str) -> list[str]:
    """Press keys one after the other, run the lines they become, and return those."""
    ran: list[str] = []
    for action in actions:
        for line in board.view.press(action, board.shown()):
            run(board.studio, line)
            ran.append(line)
    return ran


def test_steps_branches_and_the_present_one_are_told_apart_without_colour(board: Board) -> None:
    lines = seen(board)
    assert lines[0].split()[:3] == ["history", "4", "steps"]
    assert [line.split()[:3] for line in lines[1:5]] == [
        ["0", "│", "new"],
        ["1", "│", "a"],
        ["2", "·", "gain"],
        ["3", "·", "tempo"],
    ]
    assert lines[5].startswith("here  4 │ [track mute hats] from 1")
    assert "you" in lines[5].split()
    assert lines[6].split() == ["step", "4,", "after", "step", "1"]
    assert lines[7].strip() == "hats mute False → True"


def test_changes_stand_beside_the_steps_where_there_is_room(board: Board) -> None:
    press(board, "up", "up")
    wide = seen(board, 130)
    assert wide[1].endswith("│ step 2, after step 1") and wide[2].endswith("│ kick gain_db 0 → -3")
    assert wide[0].endswith("tab hears step 2  enter goes there")


def test_keys_go_through_steps_and_branches(board: Board) -> None:
    assert press(board, "previous-branch") == []
    assert "[tempo 150]" in seen(board)[4]
    assert press(board, "go") == ["/history goto 3"]
    assert board.studio.controller.project.tempo_map.at(0) == 150
    assert press(board, "go") == []
    press(board, "first")
    assert "[new project]" in seen(board)[1] and seen(board)[7].strip() == "the beginning"
    press(board, "next-branch", "next-branch", "next-branch", "far-down")
    assert "[track mute hats]" in seen(board)[5]
    press(board, "far-up")
    assert "[new project]" in seen(board)[1]
    run(board.studio, "/undo")
    assert seen(board)[3].startswith("here  2 │ [gain kick -3]")


def test_a_key_switches_between_what_was_and_the_present_and_nothing_is_lost(board: Board) -> None:
    controller, player = board.studio.controller, player_of(board)
    at, present = controller.history.at, controller.project
    press(board, "up", "up")
    assert press(board, "hear") == ["/history hear 2"]
    assert player.followed == [(controller.history.state(2), True)]
    assert (controller.history.at, controller.project) == (at, present) and len(controller.history.steps) == 5
    lines = seen(board)
    assert lines[3].startswith("heard 2") and lines[5].startswith("here  4")
    assert "hearing step 2, not the present step 4  tab hears the present" in lines[0]
    assert press(board, "up", "hear", "hear") == ["/history hear 1", "/history hear"]
    assert player.followed[-1] == (present, False) and player.followed[-1][0] is present
    assert board.shown().heard is None and "hearing" not in seen(board)[0]


def test_branches_stand_at_their_steps_with_whose_they_are_and_are_heard_beyond_the_view(board: Board) -> None:
    studio = board.studio
    run(studio, "/history branch bass")
    asyncio.run(run_line(studio, "/gain bass -3 --head bass", Caller(author="partner")))
    lines = seen(board)
    assert "@bass +1 partner" in lines[0]
    assert lines[5].startswith("here  4"), "the present step is where it was"
    assert lines[6].split()[:2] == ["5", "·"] and "@bass" in lines[6] and "partner" in lines[6]
    press(board, "down")
    assert press(board, "hear") == ["/history hear bass"]
    assert "hearing branch bass, not the present step 4  tab hears the present" in seen(board)[0]
    board.show("mixer")
    assert studio.heard == "bass"
    assert "hearing branch bass" in plain(header(100, board.shown()))
    board.show("history")
    assert press(board, "last", "hear") == ["/history hear"]
    assert studio.heard is None


def test_leaving_the_view_lets_the_present_be_heard(board: Board) -> None:
    press(board, "up", "hear")
    board.show("mixer")
    assert board.studio.heard is None
    assert player_of(board).followed[-1] == (board.studio.controller.project, False)
    board.show("history")
    press(board, "hear")
    board.hide()
    assert player_of(board).followed[-1] == (board.studio.controller.project, False)


def test_an_edit_is_heard_at_once(board: Board) -> None:
    press(board, "up", "hear")
    assert board.studio.heard == 3
    run(board.studio, "/gain kick 1")
    assert board.studio.heard is None


def test_a_step_that_is_not_there_cannot_be_heard(board: Board) -> None:
    with pytest.raises(UserError, match="no step 99"):
        run(board.studio, "/history hear 99")
    board.studio.player = None
    with pytest.raises(UserError, match="nothing plays here"):
        run(board.studio, "/history hear 1")
    assert board.studio.heard is None


def test_a_click_focuses_and_a_second_one_lets_it_be_heard(board: Board) -> None:
    seen(board)
    assert board.view.click(20, 3, board.shown()) == []
    assert board.view.click(20, 3, board.shown()) == ["/history hear 2"]
    assert board.view.click(20, 19, board.shown()) == []


def test_ten_thousand_steps_are_drawn_fast(board: Board) -> None:
    state = new_project("long")
    other = state.evolve(title="other")
    steps = [Step(0, None, "new project", "you", 0.0, state)]
    for number in range(1, 10_001):
        parent = number - 1 if number % 1000 else number - 500
        steps.append(Step(number, parent, f"title {number}", "you", 1.7e9 + number, other if number % 2 else state))
    shown = Shown(project=state, history=History.of(steps, 10_000, 1), keys=board.keymap)
    view = board.view
    first = perf_counter()
    view.draw(300, 100, shown)
    first = perf_counter() - first
    times = []
    for _ in range(30):
        view.press("up", shown)
        start = perf_counter()
        lines = view.draw(300, 100, shown)
        times.append(perf_counter() - start)
    assert sorted(times)[15] < 0.005 and first < 0.1
    assert "9970" in plain(lines) and "title other → long" in plain(lines)
    assert len(lines) == 100
