"""The view of the drum generator: choose a rhythm, go through its variations, keep one; the figures of a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.studio.keymap import checked, load_keymap
from hardcore.errors import UserError
from hardcore.surfaces.screen.cells import plain, width
from hardcore.surfaces.screen.screenstate import Board
from tests.commands.listener import Heard
from tests.song import song


@pytest.fixture
def heard(home: Path) -> Iterator[Heard]:
    """Yield a studio with a song, whose player is moved by hand."""
    heard = Heard(song())
    yield heard
    heard.close()


@pytest.fixture
def board(heard: Heard) -> Board:
    """Return its board, the view in sight."""
    board = Board(heard.studio, load_keymap(), clock=lambda: 0.0)
    board.show("rhythm")
    return board


def seen(board: Board, columns: int = 100, rows: int = 40) -> list[str]:
    """Return the lines of the view, as many as it wants of `rows`."""
    height = min(rows, board.view.wanted(columns, board.shown()))
    lines = plain(board.view.draw(columns, height, board.shown())).split("\n")
    assert len(lines) <= height and max(map(width, lines)) <= columns
    return lines


def press(board: Board, heard: Heard, *actions: str) -> list[str]:
    """Press keys, run the lines they become, and return those."""
    ran = []
    for action in actions:
        for line in board.view.press(action, board.shown()):
            ran.append(line)
            heard.do(line)
    return ran


def test_the_rhythms_are_listed_and_the_focused_one_is_tried(board: Board, heard: Heard) -> None:
    lines = seen(board)
    assert lines[0].startswith(" rhythms  enter tries  alt-enter plays on and on")
    assert len(lines) == 1 + len(board.shown().rhythm.names) > 16  # type: ignore[union-attr]
    assert lines[1].startswith("[") and "bpm" in lines[1]
    assert press(board, heard, "next", "next", "previous") == []
    chosen = seen(board)[2].split("]")[0].strip("[ ")
    assert press(board, heard, "keep") == [f"/rhythm explore {chosen}"]
    assert seen(board)[0].startswith(f" {chosen}: as it is")


def test_the_list_scrolls_with_its_focus_and_stops_at_its_ends(board: Board, heard: Heard) -> None:
    names = board.shown().rhythm.names  # type: ignore[union-attr]
    press(board, heard, "previous")
    assert f"[{names[0]}]" in seen(board, rows=5)[1]
    press(board, heard, *["next"] * 40)
    assert f"[{names[-1]}]" in seen(board, rows=5)[-1]


def test_variations_are_gone_through_and_one_is_kept_as_one_step(board: Board, heard: Heard) -> None:
    heard.do("/rhythm explore ghosty --distance 15")
    steps = heard.steps
    assert press(board, heard, "next", "next", "previous", "farther") == [
        "/rhythm explore next", "/rhythm explore next", "/rhythm explore back", "/rhythm explore far",
    ]  # fmt: skip
    lines = seen(board)
    assert lines[0].startswith(" ghosty: variation 1 at 25 %  j next  k back  < nearer  > farther  enter keeps it")
    changed = [line for line in lines if " * " in line]
    view = heard.do("/rhythm explore")
    assert len(changed) == sum(was != now for _, was, now in view.bars) > 0
    assert lines[-1].strip().startswith("E ") and "→" in lines[-1]
    assert heard.steps == steps
    press(board, heard, "keep")
    assert heard.steps == steps + 1 and seen(board)[0].startswith(" rhythms")


def test_leaving_brings_the_list_back_and_makes_no_step(board: Board, heard: Heard) -> None:
    steps = heard.steps
    heard.do("/rhythm explore warehouse")
    assert press(board, heard, "next", "leave") == ["/rhythm explore next", "/rhythm explore leave"]
    assert seen(board)[0].startswith(" rhythms") and heard.steps == steps


def test_a_session_shows_its_figures_beside_their_targets(board: Board, heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 3")
    heard.pass_bars(6)
    lines = seen(board)
    assert lines[0].startswith(" warehouse in scene warehouse: bar 6, playing")
    figures = {line.split()[0]: line for line in lines[1:-1]}
    assert "0.92" in figures["E"] and "0.28–0.36" in figures["S"] and "in its band" in figures["S"]
    assert "target none" in figures["H"]
    assert lines[-1] == " 0 rescues"
    # What is kept wants a name: the line waits in the prompt.
    assert board.view.press("keep", board.shown()) == ["/rhythm session keep "]
    press(board, heard, "leave")
    assert seen(board)[0].startswith(" rhythms")


def test_a_click_chooses_and_a_second_one_tries(board: Board, heard: Heard) -> None:
    names = board.shown().rhythm.names  # type: ignore[union-attr]
    seen(board)
    assert board.view.click(3, 4, board.shown()) == []
    assert board.view.click(3, 4, board.shown()) == [f"/rhythm explore {names[3]}"]
    assert board.view.click(3, 0, board.shown()) == board.view.click(3, 99, board.shown()) == []


def test_letters_are_keys_only_where_one_browses() -> None:
    assert checked("rhythm", "next", "n") == ("n",)
    with pytest.raises(UserError, match="'n' is no key"):
        checked("session", "launch", "n")
