"""The arrangement view: what stands there, and the line that each key becomes; keys pressed fast lose nothing."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.studio.keymap import ACTIONS
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.playback import Launched, Loop, Playback
from hardcore.store.project_file import open_project
from hardcore.surfaces.screen.blockpicture import notes_picture
from hardcore.surfaces.screen.board import Board
from hardcore.surfaces.screen.cells import line_width, plain
from hardcore.surfaces.screen.header import header
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
    history = open_project(home / "song.hcs", read_only=True).history
    moves = [step for step in history.steps.values() if "arrangement move" in step.label]
    assert len(moves) == 200
    track = history.state().find_track("bass")
    assert [(one.start_ticks // BAR, one.length_ticks // BAR) for one in track.placements] == [(200 * cell, 4)]


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
