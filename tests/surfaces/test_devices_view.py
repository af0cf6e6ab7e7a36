"""The view of a track's devices: what is drawn, and the lines its keys become."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.studio import Studio
from hardcore.project import devices, tracks
from hardcore.surfaces.screen.cells import plain
from hardcore.surfaces.screen.screenstate import Board
from tests.song import studio_with_song


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """Return a studio with the song."""
    studio = studio_with_song()
    yield studio
    studio.close()


def board_of(studio: Studio, track: str, *, ascii_only: bool = False) -> Board:
    """Return the board of a studio with the devices of a track in sight."""
    board = Board(studio, load_keymap(), ascii_only=ascii_only, clock=lambda: 0.0)
    board.show("devices")
    board.focus.track_id = studio.controller.project.find_track(track).id
    return board


def seen(board: Board, width: int = 100, height: int = 24) -> list[str]:
    """Return the lines of the view."""
    return plain(board.view.draw(width, height, board.shown())).split("\n")


def press(board: Board, *actions: str) -> list[str]:
    """Press keys one after the other, run the lines they become, and return those."""
    ran: list[str] = []
    for action in actions:
        for line in board.view.press(action, board.shown()):
            asyncio.run(run_line(board.studio, line, Caller()))
            ran.append(line)
    return ran


def row_of(board: Board, name: str) -> list[str]:
    """Return the words of the line of a parameter."""
    return next(line for line in seen(board) if line[1:].split()[:1] == [name]).replace("[", " ").split()


def test_the_chain_and_every_parameter_are_shown(studio: Studio) -> None:
    board = board_of(studio, "bass")
    lines = seen(board)
    assert lines[0].startswith("[bass] 4/7  reese: ")
    assert lines[1].split() == ["[reese]", "─", "filter"]
    shown = [parameter.id for parameter in devices.instrument("reese").shown]
    assert [line[1:].split()[0].rstrip("]") for line in lines[2:-1]] == shown
    assert lines[-1].startswith(f" {shown[0]}: ")
    assert "\n".join(seen(board_of(studio, "bass", ascii_only=True))).isascii()
    assert press(board, "right") == []
    assert seen(board)[0].startswith("[bass] 4/7  filter: ")


def test_a_knob_turns_in_fine_and_coarse_steps_and_goes_back_to_its_default(studio: Studio) -> None:
    board = board_of(studio, "bass")
    press(board, "right", "down")
    cutoff = devices.effect("filter").parameter("cutoff")
    assert [parameter.id for parameter in devices.effect("filter").shown][1] == "cutoff"
    start = studio.controller.history.at
    coarse, fine = press(board, "much-less", "more")
    assert fine.startswith("/effect set bass filter cutoff=") and coarse.startswith(fine[:30])
    assert studio.controller.history.at == start + 2
    span = cutoff.high / cutoff.low
    values = [float(line.partition("=")[2]) / cutoff.default for line in (coarse, fine)]
    assert values == pytest.approx([span**-0.1, span**-0.09], rel=1e-3)
    assert row_of(board, "cutoff")[-2:] == ["Hz", "*"]
    assert press(board, "default") == [f"/effect set bass filter cutoff={cutoff.default:g}"]
    assert row_of(board, "cutoff")[-1] == "Hz"
    assert press(board, "default") == []
    press(board, "left")
    assert press(board, "more")[0].startswith("/track set bass ")


def test_the_bar_is_as_long_as_the_knob_has_travelled(studio: Studio) -> None:
    board = board_of(studio, "bass")
    press(board, "right", "down")
    cutoff = devices.effect("filter").parameter("cutoff")
    for share, value in ((0.0, cutoff.low), (0.5, (cutoff.low * cutoff.high) ** 0.5), (1.0, cutoff.high)):
        asyncio.run(run_line(studio, f"/effect set bass filter cutoff={value:.6g}", Caller()))
        line = next(line for line in seen(board, 80) if "[cutoff" in line)
        assert line.count("█") == pytest.approx(share * (line.count("█") + line.count("·")), abs=0.6)


def test_presses_that_come_before_the_line_has_run_add_up(studio: Studio) -> None:
    board = board_of(studio, "bass")
    press(board, "right", "down")
    shown = board.shown()
    values = [float(board.view.press("much-less", shown)[0].partition("=")[2]) for _ in range(3)]
    assert values == sorted(set(values), reverse=True) and len(values) == 3


def test_effects_are_bypassed_moved_added_and_removed(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/effect add bass drive", Caller()))
    board = board_of(studio, "bass")
    assert press(board, "bypass", "remove", "later") == []  # the instrument is none
    press(board, "right", "right")
    assert press(board, "bypass") == ["/effect bypass bass drive"]
    assert seen(board)[0].startswith("[bass] 4/7  drive, bypassed: ")
    assert seen(board)[1].split() == ["reese", "─", "filter", "─", "[(drive)]"]
    assert press(board, "later") == []
    assert press(board, "earlier") == ["/effect move bass drive 1"]
    assert seen(board)[1].split() == ["reese", "─", "[(drive)]", "─", "filter"]
    assert press(board, "remove") == ["/effect remove bass drive"]
    assert seen(board)[1].split() == ["reese", "─", "[filter]"]
    assert board.view.press("add", board.shown()) == ["/effect add bass "]
    press(board, "next-track")
    assert seen(board)[1].split() == ["no", "instrument", "and", "no", "effects;", "alt-a", "adds", "one"]
    assert press(board, "more", "remove", "up", "left") == []


def test_a_line_names_by_id_what_no_single_word_names(studio: Studio) -> None:
    asyncio.run(run_line(studio, '/track rename bass "low end"', Caller()))
    asyncio.run(run_line(studio, '/effect add "low end" filter', Caller()))
    track = studio.controller.project.find_track("low end")
    board = board_of(studio, "low end")
    press(board, "right", "right")
    assert press(board, "bypass") == [f"/effect bypass {track.id} {track.effects[1].id}"]
    assert [effect.bypass for effect in studio.controller.project.find_track("low end").effects] == [False, True]


def test_a_side_chain_and_automation_are_said(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/effect add bass sidechain --side kick", Caller()))
    asyncio.run(run_line(studio, "/automate bass cutoff 1.1.1 300", Caller()))
    board = board_of(studio, "bass")
    assert row_of(board, "cutoff")[-1] == "~"
    press(board, "right", "right")
    assert seen(board)[0].startswith("[bass] 4/7  sidechain, hears kick: ")


def test_a_long_chain_is_paged_around_the_focus_and_drawn_fast(studio: Studio) -> None:
    def long(project):  # type: ignore[no-untyped-def]
        bass = project.find_track("bass").id
        for name in ("reverb", "drive", "filter") * 10:
            project, _ = tracks.add_effect(project, bass, name)
        return project

    studio.controller.edit("long", long)
    board = board_of(studio, "bass")
    assert seen(board, 80)[1].startswith("  [reese] ─") and seen(board, 80)[1].endswith("→")
    press(board, *["right"] * 20)
    line = seen(board, 80)[1]
    assert line.startswith("←") and line.endswith("→") and len(line) <= 80
    focused, before = line.index("["), seen(board, 80)[0].split()[2]
    assert board.view.click(focused + 12, 1, board.shown()) == []
    assert (before, seen(board, 80)[0].split()[2]) == ("reverb:", "drive:")
    shown = board.shown()
    times = []
    for _ in range(50):
        start = perf_counter()
        board.view.draw(300, 100, shown)
        times.append(perf_counter() - start)
    assert sorted(times)[25] < 0.005


def test_more_parameters_than_rows_stand_in_columns_or_scroll(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/track instrument bass hoover", Caller()))
    board = board_of(studio, "bass")
    count = len(devices.instrument("hoover").shown)
    both = seen(board, 80, 12)
    assert sum(line.count("█") > 0 for line in both[2:-1]) <= 9 and len(both) == 3 + -(-count // 2)
    narrow = seen(board, 60, 8)
    assert len(narrow) == 8 and "[" in narrow[2]
    press(board, *["down"] * (count - 1))
    last = devices.instrument("hoover").shown[-1].id
    assert f"[{last}" in seen(board, 60, 8)[-2]
    board.view.click(3, 2, board.shown())
    assert f"[{last}" not in "\n".join(seen(board, 60, 8)) and "[" in seen(board, 60, 8)[2]
