"""The arrangement view: what stands there, and the line that each key becomes; keys pressed fast lose nothing."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.studio.keymap import ACTIONS
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.playback import Launched, Loop, Playback
from hardcore.project.section import starts
from hardcore.store.project_file import open_project
from hardcore.surfaces.screen.blockpicture import notes_picture
from hardcore.surfaces.screen.cells import line_width, plain
from hardcore.surfaces.screen.header import header
from hardcore.surfaces.screen.screenstate import Board
from hardcore.surfaces.screen.view import Cell, Draggable
from tests.effort import IS_SOAK
from tests.song import BAR, studio_with_song
from tests.surfaces.screen import Terminal
from tests.surfaces.test_screen import board_of, large

SONG = ("/song --bars 48 --style techno --seed 2",)
BLOCKS = (
    "/clip copy bass:A bass B",
    "/place bass:A 1 --bars 4",
    "/place bass:B 5 --bars 4",
    "/place kick:A 1 --bars 8",
)


def run(studio: Studio, *lines: str) -> None:
    """Run lines."""
    for line in lines:
        asyncio.run(run_line(studio, line, Caller()))


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """Return a studio with the song."""
    studio = studio_with_song()
    yield studio
    studio.close()


def song_board(
    studio: Studio, track: str = "bass", playback: Playback | None = None, ascii_only: bool = False
) -> Board:
    """Return the board with the arrangement in sight, drawn once, and the focus on a track."""
    board = board_of(studio, playback, ascii_only=ascii_only)
    names = [each.name for each in studio.controller.project.tracks]
    board.focus.go(studio.controller.project, names.index(track), 0)
    board.show("arrangement")
    seen(board)
    return board


def seen(board: Board, width: int = 80, height: int = 24) -> list[str]:
    """Return the lines of the view."""
    drawn = board.view.draw(width, height, board.shown())
    assert len(drawn) <= height and all(line_width(line) <= width for line in drawn)
    return plain(drawn).split("\n")


def test_the_key_of_a_lifted_section_stands_above_it_in_the_header_and_beside_its_notes(studio: Studio) -> None:
    run(studio, *SONG, "/song lift 2 --from outro")
    project = studio.controller.project
    lifted = next(at for at, one in enumerate(project.sections) if one.lift)
    start = project.meter_map.bar_start(starts(project.sections)[lifted])
    board = song_board(studio, playback=Playback(playing=True, tick=start))
    assert "outro Gm" in seen(board, 160)[0] and "Fm" not in seen(board, 160)[0], seen(board, 160)[0]
    assert "  G minor  " in plain(header(160, board.shown()))
    before = song_board(studio, playback=Playback(playing=True, tick=start - 1))
    assert "  F minor  " in plain(header(160, before.shown()))
    scene = project.find_scene(project.sections[lifted].name)
    launched = {track: Launched(clip=clip, tick=0) for track, clip in scene.slots.items()}
    alone = song_board(studio, playback=Playback(playing=True, clips=launched))
    assert "  G minor  " in plain(header(160, alone.shown())), "the grid plays what lies a tone higher"


def press(board: Board, *actions: str) -> list[str]:
    """Press keys one after the other, run the lines they become, and return these."""
    lines = []
    for action in actions:
        for line in board.view.press(action, board.shown()):
            run(board.studio, line)
            lines.append(line)
    return lines


def row(board: Board, name: str, width: int = 80) -> str:
    """Return what stands on a track's row, without its label."""
    return next(line for line in seen(board, width) if line[1:].startswith(f"{name} "))[12:]


def blocks(studio: Studio, name: str) -> list[tuple[float, float]]:
    """Return the blocks of a track: first bar from 1, and bars."""
    track = studio.controller.project.find_track(name)
    return [(one.start_ticks / BAR + 1, one.length_ticks / BAR) for one in track.placements]


def test_sections_bars_and_blocks_stand_in_their_cells(studio: Studio) -> None:
    run(studio, *BLOCKS)
    board = song_board(studio)
    press(board, "coarser", "finer")
    lines = seen(board)
    assert lines[0].startswith(" 1/4 bar")
    cells = 8 * 4
    text = row(board, "kick")
    assert text[:cells].strip("·▐▁▂▃▄▅▆▇█─A ") == ""
    assert text[0] == "▐"
    run(studio, "/arrangement clear", *SONG)
    board = song_board(studio)
    lines = seen(board)
    names = [section.name for section in studio.controller.project.sections]
    assert lines[0].startswith(" sections") and all(f"│{name[:2]}" in lines[0] for name in names)
    first = lines[0].index(f"│{names[1][:2]}")
    bar = studio.controller.project.sections[0].bars
    assert first == 12 + bar


def test_letters_that_every_terminal_has(studio: Studio) -> None:
    run(studio, *BLOCKS, "/marker add turn 3", "/automation ramp bass pan 1 --over 1-4")
    board = song_board(studio, ascii_only=True)
    press(board, "lane")
    assert "\n".join(seen(board, 120, 40)).isascii()


def test_markers_loop_playhead_and_a_lane_are_drawn(studio: Studio) -> None:
    run(studio, *BLOCKS, "/marker add turn 3", "/automation ramp bass pan 1 --start -1 --over 1-8")
    playback = Playback(playing=True, tick=2 * BAR, loop=Loop(start_ticks=0, end_ticks=2 * BAR))
    board = song_board(studio, playback=playback)
    press(board, "lane")
    lines = seen(board)
    cell = lines[0].index("◆turn") - 12
    assert "━" in lines[1]
    assert lines[1][12 + cell] == "▶"
    lane = next(line for line in lines if line.startswith(" ~pan"))
    heights = ["▁▂▃▄▅▆▇█".index(letter) for letter in lane[12 : 12 + 4 * cell]]
    assert heights == sorted(heights) and (heights[0], heights[-1]) == (0, 7)
    assert "pan" in lines[-1]


@pytest.mark.parametrize(
    ("actions", "line", "bass"),
    [
        (("move-right",), "/arrangement move {bass} 1 2 --until 5", [(2, 4), (6, 3)]),
        (("duplicate",), "/arrangement duplicate {bass} 1 --until 5", [(1, 4), (5, 4)]),
        (("longer",), "/arrangement trim {bass} 1 --end 6", [(1, 5), (6, 3)]),
        (("shorter",), "/arrangement trim {bass} 1 --end 4", [(1, 3), (5, 4)]),
        (("start-later",), "/arrangement trim {bass} 1 --start 2", [(2, 3), (5, 4)]),
        (("right", "right", "split"), "/arrangement split {bass} 3", [(1, 2), (3, 2), (5, 4)]),
        (("remove",), "/arrangement remove {bass} 1 --until 5", [(5, 4)]),
        (("select-right", "remove"), "/arrangement remove {bass} 1 --until 3", [(3, 2), (5, 4)]),
        (("cut", "end", "right", "paste"), "/clipboard paste 9", [(5, 4), (9, 4)]),
        (("select-right", "copy", "end", "right", "paste"), "/clipboard paste 9", [(1, 4), (5, 4), (9, 2)]),
        (("insert-time",), "/time insert 1 --bars 1", [(2, 4), (6, 4)]),
        (("select-right", "delete-time"), "/time delete 1 --bars 2", [(1, 2), (3, 4)]),
        (("end", "right", "place"), "/arrangement place {clip} 9", [(1, 4), (5, 4), (9, 2)]),
        (("next-edge", "remove"), "/arrangement remove {bass} 5 --until 9", [(1, 4)]),
    ],
)
def test_a_key_is_one_command_and_one_step(
    studio: Studio, actions: tuple[str, ...], line: str, bass: list[tuple[float, float]]
) -> None:
    run(studio, *BLOCKS)
    board = song_board(studio)
    press(board, *("coarser",) * 3)
    while not any(line.startswith(" 1 bar ") for line in seen(board)[:3]):
        press(board, "finer")
    history = studio.controller.history
    edits = [action for action in actions if action in ("cut", "copy")]
    press(board, *actions[:-1])
    at, before = history.at, studio.controller.project
    lines = press(board, actions[-1])
    assert lines == [line.format(bass="bass", clip="bass:A")]
    assert history.at == at + 1 and blocks(studio, "bass") == bass
    run(studio, "/undo")
    assert studio.controller.project == before and len(edits) < 2


def test_two_hundred_keys_before_any_of_them_has_run_are_two_hundred_steps(studio: Studio) -> None:
    run(studio, "/place bass:A 1 --bars 4")
    board = song_board(studio)
    while not any(line.startswith(" 1 bar ") for line in seen(board)[:3]):
        press(board, "coarser")
    at = studio.controller.history.at
    lines = [line for _ in range(200) for line in board.view.press("move-right", board.shown())]
    run(studio, *lines)
    assert studio.controller.history.at == at + 200
    assert blocks(studio, "bass") == [(201, 4)]
    press(board, "lane")
    ups = [line for _ in range(5) for line in board.view.press("value-up", board.shown())]
    run(studio, *ups)
    (moving,) = studio.controller.project.find_track("bass").automation
    assert (moving.parameter, moving.points[0].value) == ("gain_db", 24.0)


def test_every_key_of_the_view_does_something(studio: Studio) -> None:
    run(studio, *BLOCKS, "/clipboard copy bass 1")
    for action in ACTIONS["arrangement"]:
        board = song_board(studio)
        view = board.view
        press(board, "right", "lane") if action.startswith("value") else press(board, "right", "finer")
        before = (vars(view.cursor).copy(), view.lane.key, board.focus.place(board.shown().project))  # type: ignore[attr-defined]
        lines = view.press(action, board.shown())
        seen(board)
        after = (vars(view.cursor), view.lane.key, board.focus.place(board.shown().project))  # type: ignore[attr-defined]
        assert lines or before != after, action


def test_the_mouse_puts_the_cursor_selects_blocks_and_sections_and_seeks(studio: Studio) -> None:
    run(studio, *SONG)
    board = song_board(studio)
    lines = seen(board)
    kick = next(place for place, line in enumerate(lines) if line[1:].startswith("kick"))
    assert board.view.click(20, kick, board.shown()) == []
    assert board.focus.track(studio.controller.project).name == "kick"
    board.view.click(20, kick, board.shown())
    assert "selected" in seen(board)[-1]
    assert board.view.click(12, 1, board.shown()) == ["/seek 1"]
    board.view.click(13, 0, board.shown())
    tracks = len(studio.controller.project.tracks)
    bars = studio.controller.project.sections[0].bars
    assert f"{tracks} tracks  1 to {bars + 1} selected" in seen(board)[-1]


def test_the_header_says_what_plays_and_what_comes_and_one_scene_is_marked(studio: Studio) -> None:
    run(studio, *SONG)
    project = studio.controller.project
    first, second = project.sections[:2]

    def said(playback: Playback) -> str:
        return plain(header(200, board_of(studio, playback).shown()))

    tick = (first.bars - 3) * BAR
    assert f"song: {first.name}, then {second.name} in 3 bars" in said(Playback(playing=True, tick=tick))
    last = project.sections[-1]
    end = sum(section.bars for section in project.sections)
    assert f"song: {last.name}, then end in 1 bar" in said(Playback(playing=True, tick=(end - 1) * BAR))
    scene = project.find_scene("A")
    clips = {track: Launched(clip=clip, tick=0) for track, clip in scene.slots.items()}
    others = {track.id: Launched(clip=None, tick=0) for track in project.tracks if track.clips} | clips
    assert "scene A " in said(Playback(playing=True, clips=others))
    queue = {track: Launched(clip=clip, tick=2 * BAR) for track, clip in project.scenes[-1].slots.items()}
    queue |= {track.id: Launched(clip=None, tick=2 * BAR) for track in project.tracks if track.id not in queue}
    assert f"then {project.scenes[-1].name} in 2 bars" in said(Playback(playing=True, clips=others, queue=queue))
    # scenes that share their clips: one is marked, and it is the focused one where that plays too
    run(studio, "/scene copy A again", *(f"/scene put again {track} {clip}" for track, clip in scene.slots.items()))
    board = board_of(studio, Playback(playing=True, clips=others))
    marked = [line.split()[0] for line in seen(board, 100, 30) if line.startswith("▶")]
    assert marked == ["▶A"]
    board.focus.scene_id = studio.controller.project.find_scene("again").id
    assert [line.split()[0] for line in seen(board, 100, 30) if line.startswith("▶")] == ["▶again"]


def test_a_song_of_64_tracks_and_200_blocks_each_is_drawn_from_pictures_that_are_kept(studio: Studio) -> None:
    studio.controller.edit("large", lambda project: large(64, 8))
    run(studio, *(f"/arrangement scene {scene} {4 * scene - 3} --bars 4" for scene in range(1, 9)))
    for bars in (32, 64, 128, 256, 512):
        run(studio, f"/time duplicate 1 --bars {bars}")
    project = studio.controller.project
    assert len(project.tracks[0].placements) >= 200
    board = song_board(studio, project.tracks[0].name)
    press(board, *("finer",) * 3)
    seen(board, 200, 60)
    made = notes_picture.cache_info().misses
    seen(board, 200, 60)
    assert notes_picture.cache_info().misses == made


def test_keys_5_ms_apart_in_a_terminal_are_each_a_step(home: Path) -> None:
    opened = studio_with_song(home)
    run(opened, "/place bass:A 1 --bars 4", "/marker add far 300", "/save")
    opened.close()
    with Terminal(home, "--project", "song.hcs", environment={"HARDCORE_ENGINE_KIND": "none"}) as terminal:
        terminal.wait("song  saved", "Enter launch")
        terminal.type("<f10>")
        terminal.wait("markers")
        terminal.type("<down>" * 3 + "---")
        terminal.wait("[bass", "2 bars")
        cell = 2
        for _ in range(200):
            terminal.type("<a-right>")
            time.sleep(0.005)
        terminal.wait(f"→ {1 + 200 * cell}.1.1")
        terminal.run("/save", "saved")
        terminal.run("/quit")
        terminal.ended()
    saved = open_project(home / "song.hcs", read_only=True)
    history = saved.history
    moves = [step for step in history.steps.values() if "arrangement move" in step.label]
    assert len(moves) == 200
    track = history.state().find_track("bass")
    assert [(one.start_ticks // BAR, one.length_ticks // BAR) for one in track.placements] == [(200 * cell, 4)]
    saved.close(keep=False)


def test_what_cannot_be_done_is_said_and_nothing_is_lost(studio: Studio) -> None:
    run(studio, *BLOCKS)
    board = song_board(studio)
    before = studio.controller.project
    with pytest.raises(UserError, match="begins or ends there"):
        press(board, "split")
    with pytest.raises(UserError, match="nothing was copied yet"):
        press(board, "paste")
    assert press(board, "end", "right", "right", "remove") == []
    assert studio.controller.project is before


def drag(board: Board, start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    """Drag the mouse over the view as drawn last, run the line that it becomes, and return it."""
    view = board.view
    assert isinstance(view, Draggable)
    view.drag(Cell(*start), Cell(*end), board.shown())
    seen(board)
    lines = view.drop(Cell(*start), Cell(*end), board.shown())
    for line in lines:
        run(board.studio, line)
    return list(lines)


def row_of(board: Board, name: str) -> int:
    """Return the row of the view that a track's name stands on."""
    return next(place for place, line in enumerate(seen(board)) if line[1:].startswith(f"{name} "))


def test_the_mouse_drags_blocks_and_their_edges(studio: Studio) -> None:
    run(studio, *BLOCKS)
    board = song_board(studio)
    press(board, "coarser", "finer", "coarser", "coarser")  # a cell is a bar
    assert seen(board)[0].startswith(" 1 bar")
    at = row_of(board, "bass")
    before = studio.controller.project
    assert drag(board, (12 + 5, at), (12 + 9, at)) == ["/arrangement move bass 5 9 --until 9"]
    assert blocks(studio, "bass") == [(1, 4), (9, 4)]
    assert "9 to 13 selected" in seen(board)[-1]
    assert drag(board, (12 + 11, at), (12 + 12, at)) == ["/arrangement move bass 9 10 --until 13"]
    board.view.press("left", board.shown())
    assert drag(board, (12 + 3, at), (12 + 5, at)) == ["/arrangement trim bass 1 --end 7"]
    board.view.press("left", board.shown())
    assert drag(board, (12 + 9, at), (12 + 10, at)) == ["/arrangement trim bass 10 --start 11"]
    assert blocks(studio, "bass") == [(1, 6), (11, 3)]
    for _ in range(4):
        run(studio, "/undo")
    assert studio.controller.project == before


def test_the_mouse_drags_sections_loops_on_the_ruler_and_selects_what_is_empty(studio: Studio) -> None:
    run(studio, *SONG)
    board = song_board(studio)
    names = [section.name for section in studio.controller.project.sections]
    bars = [section.bars for section in studio.controller.project.sections]
    seen(board)
    second = 12 + bars[0] + 1
    [line] = drag(board, (second, 0), (13, 0))
    assert line.startswith("/section move ")
    assert [one.name for one in studio.controller.project.sections] == [names[1], names[0], *names[2:]]
    run(studio, "/undo")
    seen(board)
    [line] = drag(board, (12 + bars[0] - 1, 0), (12 + bars[0] + 1, 0))
    assert line.startswith("/section resize ")
    assert studio.controller.project.sections[0].bars == bars[0] + 2
    run(studio, "/undo")
    seen(board)
    assert board.view.drop(Cell(12 + 4, 1), Cell(12 + 7, 1), board.shown()) == ["/loop 5 --bars 4"]  # type: ignore[attr-defined]
    end = 12 + sum(bars) + 1
    at = row_of(board, "bass")
    assert drag(board, (end, at), (end + 2, at)) == []
    assert "selected" in seen(board)[-1]
    assert drag(board, (2, at), (20, at)) == []


# lines that change what is heard alone
_HEARD = ("/play", "/launch", "/stop", "/loop", "/seek")


@pytest.mark.parametrize("view", ["arrangement", "session"])
@pytest.mark.parametrize("seed", range(10 if IS_SOAK else 1))
def test_200_keys_and_drags_by_chance_are_undone_to_the_beginning(studio: Studio, view: str, seed: int) -> None:
    run(studio, *SONG)
    board = song_board(studio)
    if view != "arrangement":
        board.show(view)
    assert board.view.name == view
    chance, known = random.Random(seed), sorted(ACTIONS[view])
    before, steps = studio.controller.project, studio.controller.history.at
    for _ in range(200):
        if len(studio.controller.project.arrangement) < 4:  # all of it was selected and cut
            run(studio, "/undo")
        if view == "arrangement" and chance.random() < 0.3:  # back to where something plays
            place = chance.randrange(4)
            board.focus.go(studio.controller.project, place, 0)
            board.view.press("start", board.shown())
            board.view.press("next-edge", board.shown())
        seen(board)
        if chance.random() < 0.2 and isinstance(board.view, Draggable):
            cells = [Cell(chance.randrange(80), chance.randrange(24)) for _ in range(2)]
            board.view.drag(*cells, board.shown())
            seen(board)
            lines = board.view.drop(*cells, board.shown())
            assert len(lines) <= 1
        else:
            lines = board.view.press(chance.choice(known), board.shown())
        for line in lines:
            if line.startswith(_HEARD):
                continue
            made = len(studio.controller.history.steps)
            with suppress(UserError):  # an answer of one line; the error class of a bug is another
                run(studio, line)
            assert len(studio.controller.history.steps) <= made + 1, line
    assert view == "session" or len(studio.controller.history.steps) > steps + 10
    while studio.controller.history.at != steps:
        run(studio, "/undo")
    assert studio.controller.project == before


def test_a_block_and_a_section_are_dragged_in_a_terminal_each_one_step(home: Path) -> None:
    opened = studio_with_song(home)
    run(opened, *SONG, "/save")
    sections = [one.name for one in opened.controller.project.sections]
    opened.close()

    def drags(terminal: Terminal, start: tuple[int, int], end: tuple[int, int]) -> None:
        (x, y), (to, down) = start, end
        way = range(x, to, 1 if to > x else -1)
        moves = "".join(f"\x1b[<32;{at + 1};{y + 1}M" for at in way)
        terminal.type(f"\x1b[<0;{x + 1};{y + 1}M{moves}\x1b[<32;{to + 1};{down + 1}M\x1b[<0;{to + 1};{down + 1}m")

    with Terminal(home, "--project", "song.hcs", environment={"HARDCORE_ENGINE_KIND": "none"}) as terminal:
        terminal.wait("song  saved", "Enter launch")
        terminal.run("/config screen.mouse true", "False → True")
        terminal.type("<f10>")
        shown = terminal.wait(" sections", " hats ", " master ", "longer").split("\n")
        top = next(row for row, line in enumerate(shown) if line.startswith(" sections"))
        at = shown[top].index(f"│{sections[1][:2]}")
        drags(terminal, (at + 1, top), (14, top))
        terminal.wait("order: ")
        hats = next(place for place, line in enumerate(shown) if line.startswith(" hats"))
        drags(terminal, (70, hats), (72, hats))  # what is empty is selected, and no step
        terminal.wait("selected")
        drags(terminal, (14, hats), (66, hats))
        terminal.run("/history", "section move", "arrangement move hats")
        terminal.run("/save", "saved")
        terminal.run("/quit")
        terminal.ended()
    saved = open_project(home / "song.hcs", read_only=True)
    history = saved.history
    edits = [step.label.split()[:2] for step in list(history.steps.values())[-2:]]
    assert edits == [["section", "move"], ["arrangement", "move"]]
    saved.close(keep=False)
