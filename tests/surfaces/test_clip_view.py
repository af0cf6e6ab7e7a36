"""The clip view: what stands there, and the line that each key becomes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.types import length_text, length_ticks
from hardcore.commands.studio.keymap import ACTIONS
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.playback import Playback
from hardcore.surfaces.screen.cells import line_width, plain
from hardcore.surfaces.screen.screenstate import Board
from hardcore.surfaces.screen.view import Running
from tests.audio.clips import RATE, kept, with_audio
from tests.song import BAR, studio_with_song
from tests.surfaces.stage import playing
from tests.surfaces.test_screen import board_of


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """Return a studio with the song."""
    studio = studio_with_song()
    yield studio
    studio.close()


def clip_board(
    studio: Studio, track: str = "bass", playback: Playback | None = None, ascii_only: bool = False
) -> Board:
    """Return the board with the clip view in sight and the focus on a track's first clip."""
    board = board_of(studio, playback, ascii_only=ascii_only)
    names = [each.name for each in studio.controller.project.tracks]
    board.focus.go(studio.controller.project, names.index(track), 0)
    board.show("clip")
    return board


def seen(board: Board, width: int = 80, height: int = 16) -> list[str]:
    """Return the lines of the view."""
    drawn = board.view.draw(width, height, board.shown())
    assert len(drawn) <= height and all(line_width(line) <= width for line in drawn)
    return plain(drawn).split("\n")


def press(board: Board, *actions: str) -> list[str]:
    """Press keys one after the other, run the lines they become, and return these."""
    lines = []
    for action in actions:
        for line in board.view.press(action, board.shown()):
            asyncio.run(run_line(board.studio, line, Caller()))
            lines.append(line)
    return lines


def notes_of(studio: Studio, clip: str = "bass:A") -> list[Note]:
    """Return the notes of a clip."""
    return list(studio.controller.project.find_clip(clip)[1].notes)


def test_a_pitched_clip_is_a_piano_roll_with_its_figures_above(studio: Studio) -> None:
    lines = seen(clip_board(studio))
    assert lines[0] == " ▪ bass A  stopped  track bass  scene A  2 bars  grid 1/16  16 notes"
    assert lines[1] == "      1▼       ·       ·       ·       2·       ·       ·       ·"
    row = next(line for line in lines if line.startswith("[F2  ]"))
    assert row == "[F2  ]│▇━  ▇━  ▇━  ▇━  ▇━  ▇━  ▇━  ▇━  │▇━  ▇━  ▇━  ▇━  ▇━  ▇━  ▇━  ▇━  │"
    assert lines[-1] == " F2 at 1.1.1: velocity 100, length 1/16"
    assert [line[:6].strip(" []") for line in lines[2:-1]][5:8] == ["Gb2", "F2", "E2"]


def test_drums_of_a_scene_are_a_grid_with_a_row_for_each_sound(studio: Studio) -> None:
    studio.controller.edit("a tom", lambda project: tracks.add_track(project, "tom", role="tom", instrument="tom")[0])
    press(clip_board(studio), "no such action")
    for line in ("/clip add tom A --bars 1", "/note add tom:A 1.1.2 C3", "/note add tom:A 1.1.4 E3"):
        asyncio.run(run_line(studio, line, Caller()))
    lines = seen(clip_board(studio, "snare"), 80)
    assert [line[:10].strip(" []") for line in lines[2:-1]] == ["kick", "snare", "hats", "tom C3", "tom E3"]
    assert [line[:1] for line in lines[2:-1]] == [" ", "[", " ", " ", " "]
    assert lines[5].endswith("│"), "a clip that is shorter ends where it ends"
    assert "·" not in lines[5][45:] and "·" in lines[4][45:]
    assert lines[-1] == " snare Db2 at 1.1.1: no note   enter adds one".replace("Db2", "D2")


def test_velocity_length_and_what_is_special_show_by_signs(studio: Studio) -> None:
    clip = studio.controller.project.find_clip("bass:A")[1].id
    played = [
        Note(0, 960, 41, 127, 50, 3, -20, True),
        Note(1920, 1440, 41, 20),
        Note(3840, 240, 41, 60),
    ]
    studio.controller.edit("notes", lambda p: clips.edit_notes(p, clip, lambda notes: played))
    assert (
        next(line for line in seen(clip_board(studio), 160) if "[F2" in line)[6:41]
        == "│█?3~━━━━        ▂━━━━━━━━━━━    ▄━"
    )
    letters = seen(clip_board(studio, ascii_only=True), 160)
    assert "\n".join(letters).isascii()
    assert next(line for line in letters if "[F2" in line)[6:41] == "|X?3~----        o-----------    x-"
    assert letters[-1] == " F2 at 1.1.1: velocity 127, length 1/8, chance 50 %, 3 hits, 20 ticks early, slide"


def test_the_place_in_the_loop_stands_in_the_title_and_on_the_ruler(studio: Studio) -> None:
    playback = playing(studio.controller.project, 3 * BAR + 2000)
    lines = seen(clip_board(studio, playback=playback))
    assert lines[0].startswith(" ▶ bass A  playing 2.2.1  track bass")
    assert lines[1].index("▶") == lines[1].index("2") + 9
    assert "▶" not in seen(clip_board(studio))[1]


@pytest.mark.parametrize(
    ("actions", "line", "first"),
    [
        (("toggle",), "/note remove bass:A 1.1.1 F2", Note(960, 480, 41)),
        (("remove",), "/note remove bass:A 1.1.1 F2", Note(960, 480, 41)),
        (("up", "toggle"), "/note add bass:A 1.1.1 F#2 1/16", Note(0, 480, 41)),
        (("move-right",), "/note move bass:A 1.1.1 F2 1.1.2", Note(480, 480, 41)),
        (("move-up",), "/note move bass:A 1.1.1 F2 1.1.1 F#2", Note(0, 480, 42)),
        (("move-down",), "/note move bass:A 1.1.1 F2 1.1.1 E2", Note(0, 480, 40)),
        (("longer",), "/note set bass:A 1.1.1 F2 --length 1/8", Note(0, 960, 41)),
        (("shorter",), "/note set bass:A 1.1.1 F2 --length 1/32", Note(0, 240, 41)),
        (("louder",), "/note set bass:A 1.1.1 F2 --velocity 110", Note(0, 480, 41, 110)),
        (("quieter",), "/note set bass:A 1.1.1 F2 --velocity 90", Note(0, 480, 41, 90)),
        (("chance",), "/note set bass:A 1.1.1 F2 --probability 75", Note(0, 480, 41, probability=75)),
        (("ratchet",), "/note set bass:A 1.1.1 F2 --ratchet 2", Note(0, 480, 41, ratchet=2)),
        (("earlier",), "/note set bass:A 1.1.1 F2 --offset -10", Note(0, 480, 41, offset_ticks=-10)),
        (("slide",), "/note set bass:A 1.1.1 F2 --slide on", Note(0, 480, 41, slide=True)),
    ],
)
def test_a_key_is_one_command_and_one_undo(studio: Studio, actions: tuple[str, ...], line: str, first: Note) -> None:
    board, before = clip_board(studio), studio.controller.project
    assert press(board, *actions) == [line]
    assert notes_of(studio)[0] == first
    assert studio.controller.history.step.label == line.removeprefix("/")
    studio.controller.undo()
    assert studio.controller.project is before


def test_the_cursor_follows_the_note_it_moves(studio: Studio) -> None:
    board = clip_board(studio)
    press(board, "move-up", "move-right", "louder")
    assert seen(board)[-1] == " Gb2 at 1.1.2: velocity 110, length 1/16"
    assert press(board, "move-left", "move-left") == ["/note move bass:A 1.1.2 F#2 1.1.1"], "a clip has a start"


def test_keys_pressed_before_the_line_has_run_mean_the_note_as_it_will_be(studio: Studio) -> None:
    board = clip_board(studio)
    first = board.view.press("louder", board.shown())[0]
    number = board.begin(first)
    second = board.view.press("louder", board.shown())[0]
    board.end(number)
    assert (first.split()[-1], second.split()[-1]) == ("110", "120")
    assert Running(first) not in board.shown().running
    assert board.view.press("louder", board.shown()) == [first], "a line that came to nothing counts no longer"


def test_a_hand_played_note_is_found_and_kept_beside_the_grid(studio: Studio) -> None:
    clip = studio.controller.project.find_clip("bass:A")[1].id
    studio.controller.edit("notes", lambda p: clips.edit_notes(p, clip, lambda _: [Note(1907, 400, 41)]))
    board = clip_board(studio)
    press(board, "next-note")
    assert seen(board)[-1] == " F2 at 1.1.4+467: velocity 100, length 400 ticks"
    assert next(line for line in seen(board) if "[F2" in line)[6:19] == "│·       ▇━  "
    assert press(board, "move-right") == ["/note move bass:A 1.1.4+467 F2 1.2.1+467"]
    assert notes_of(studio) == [Note(2387, 400, 41)]


def test_zoom_changes_the_step_and_a_new_note_has_its_length(studio: Studio) -> None:
    board = clip_board(studio)
    assert press(board, "down", "finer", "right", "toggle") == ["/note add bass:A 1.1.1+240 E2 1/32"]
    assert press(board, "coarser", "coarser", "right", "toggle") == ["/note add bass:A 1.1.3 E2 1/8"]
    assert press(board, "triplets", "right", "toggle") == ["/note add bass:A 1.1.3+320 E2 1/8t"]
    assert "grid 1/8t" in seen(board)[0]
    press(board, *["coarser"] * 9)
    assert "grid 1/2t" in seen(board)[0]


def test_clips_are_chosen_by_track_and_by_scene(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/clip copy bass:A bass B", Caller()))
    board = clip_board(studio)
    press(board, "next-scene")
    assert seen(board)[0].startswith(" ▪ bass B")
    press(board, "previous-scene", "next-clip")
    assert seen(board)[0].startswith(" ▪ kick A"), "round to the first"
    press(board, "previous-clip", "previous-clip")
    assert seen(board)[0].startswith(" ▪ hats A")
    press(board, "up")
    assert board.focus.track(studio.controller.project).name == "snare", "the focus goes along in a drum grid"


def test_an_empty_slot_says_so_and_a_key_fills_it(studio: Studio) -> None:
    board = clip_board(studio)
    board.focus.move(studio.controller.project, 0, 1)
    assert seen(board)[0] == " no clip on bass in scene B"
    assert press(board, "louder") == []
    press(board, "toggle")
    assert seen(board)[0] == " ▪ bass B  stopped  track bass  scene B  4 bars  grid 1/16  0 notes"
    assert press(board, "toggle") == ["/note add bass:B 1.1.1 F2 1/16"]
    assert "holds no clips" in seen(clip_board(studio, "reverb"))[1]


def test_the_mouse_puts_the_cursor_and_a_second_click_a_note(studio: Studio) -> None:
    board = clip_board(studio, "snare")
    lines = seen(board)
    column = lines[1].index("2")
    assert board.view.click(column + 3, 4, board.shown()) == []
    assert seen(board)[-1] == " hats Gb2 at 2.1.2: no note   enter adds one"
    assert board.view.click(column + 4, 4, board.shown()) == ["/note add hats:A 2.1.2 F#2 1/16"]
    assert board.view.click(3, 2, board.shown()) == []
    assert board.focus.track(studio.controller.project).name == "kick"


def test_a_long_clip_is_paged_around_the_cursor_and_signs_say_what_is_out_of_sight(studio: Studio) -> None:
    def long(project):  # type: ignore[no-untyped-def]
        notes = [Note(960 * n, 480, 30 + n * 7 % 60) for n in range(500)]
        return clips.edit_notes(
            project.with_clip(clip, lambda c: c.evolve(length_ticks=64 * BAR)), clip, lambda _: notes
        )

    clip = studio.controller.project.find_clip("bass:A")[1].id
    studio.controller.edit("long", long)
    board = clip_board(studio)
    lines = seen(board)
    assert "bars 1-2" in lines[0] and lines[1].startswith(" →↑")
    press(board, "end")
    lines = seen(board)
    assert "bars 63-64" in lines[0] and lines[1].startswith(" ←↑")
    press(board, "bar-left", "bar-left", "octave-up")
    assert "bars 63-64" in seen(board)[0] and seen(board)[-1].startswith(" Gb2 at 63.1.1")
    press(board, "left")
    assert "bars 61-62" in seen(board)[0]
    press(board, *["finer"] * 2, "start")
    assert "bar 1 " in seen(board, 40)[0] + " "


@pytest.mark.parametrize("size", [(80, 13), (300, 64)])
def test_two_thousand_notes_draw_in_milliseconds_and_the_second_time_nothing_is_made(
    studio: Studio, size: tuple[int, int]
) -> None:
    clip = studio.controller.project.find_clip("bass:A")[1].id
    notes = [Note(240 * n, 240, 30 + n * 7 % 60) for n in range(2048)]
    studio.controller.edit("long", lambda p: p.with_clip(clip, lambda c: c.evolve(length_ticks=64 * BAR)))
    studio.controller.edit("notes", lambda p: clips.edit_notes(p, clip, lambda _: notes))
    board = clip_board(studio)
    press(board, *["coarser"] * 2)
    first = board.view.draw(*size, board.shown())
    took = []
    for action in ("right", "left", "up", "down", "bar-right") * 4:
        press(board, action)
        start = perf_counter()
        board.view.draw(*size, board.shown())
        took.append(perf_counter() - start)
    assert min(took) < 0.015
    again = board.view.draw(*size, board.shown())
    assert len(again) == len(first) and all(
        a is b for a, b in zip(again[2:-1], board.view.draw(*size, board.shown())[2:-1], strict=True)
    )


def test_bars_of_other_meters_have_their_own_steps(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/meter 7/8", Caller()))
    board = clip_board(studio)
    assert seen(board)[1].startswith("      1▼   ·   ·   ·   ·   ·   ·   2·")
    press(board, "coarser", "coarser", *["right"] * 4)
    assert seen(board)[-1].startswith(" F2 at 2.1.1"), "a step ends with its bar"


def test_lengths_are_written_as_they_are_read() -> None:
    for ticks in (30, 60, 100, 160, 240, 320, 480, 640, 720, 960, 1440, 2400, 2880, 7680, 15360, 5, 2**31 - 1):
        assert length_ticks(length_text(ticks)) == ticks
    assert [length_text(ticks) for ticks in (480, 640, 720, 2400, 100)] == ["1/16", "1/8t", "1/16.", "5/16", "100ticks"]


def test_a_move_refuses_a_place_that_is_taken(studio: Studio) -> None:
    with pytest.raises(UserError, match=r"has F2 at 1\.1\.3 already"):
        asyncio.run(run_line(studio, "/note move bass:A 1.1.1 F2 1.1.3", Caller()))
    with pytest.raises(UserError, match="that is where"):
        asyncio.run(run_line(studio, "/note move bass:A 1.1.1 F2 1.1.1", Caller()))


def test_a_stretch_of_notes_is_marked_copied_pasted_and_cut(studio: Studio) -> None:
    board = clip_board(studio)
    before = [note.start_ticks for note in notes_of(studio)]
    press(board, "mark", *("right",) * 3)
    assert "1.1.1 to 1.2.1 marked" in seen(board)[-1]
    assert press(board, "cut") == ["/note cut bass:A 1.1.1 --until 1.2.1"]
    assert [note.start_ticks for note in notes_of(studio)] == [start for start in before if start >= 1920]
    press(board, "bar-right", "copy", "start")  # without a mark the bar is meant
    assert press(board, "paste") == ["/note copy bass:A 2.1.1 1.1.1 --until 3.1.1"]
    assert [note.start_ticks for note in notes_of(studio)] == before
    # what is pasted next goes on where the last one ended, in another clip too
    assert press(board, "paste") == ["/note copy bass:A 2.1.1 2.1.1 --until 3.1.1"]
    press(board, "previous-clip")
    assert press(board, "paste")[0].endswith("--into hats:A")


def test_every_key_of_the_view_does_something(studio: Studio) -> None:
    asyncio.run(run_line(studio, "/clip copy bass:A bass B", Caller()))
    for action in ACTIONS["clip"]:
        board = clip_board(studio)
        press(board, "bar-right", "move-up", "next-note", "previous-note")
        press(board, "copy") if action == "paste" else None
        before = seen(board)
        lines = press(board, action) if action != "launch" else board.view.press(action, board.shown())
        assert lines or seen(board) != before or action == "copy", action
        while studio.controller.history.step.label != "clip copy bass:A bass B":
            studio.controller.undo()


def test_an_audio_clip_is_a_waveform_and_takes_no_notes(studio: Studio) -> None:
    sound = np.repeat(np.array([[0.0, 0.5, 1.0, 0.0]], np.float32), RATE // 2, axis=1)
    studio.controller.edit("import", lambda project: with_audio(project, kept(sound), name="tape")[0])
    board = clip_board(studio, "tape")
    lines = seen(board)
    assert "track tape  scene A" in lines[0] and "2.00 s, warp off" in lines[0]
    quiet, half, full = (lines[-1][column] for column in (10, 30, 50))
    assert (quiet, half, full) == (" ", "█", "█")
    assert lines[1][30] == " " and lines[1][50] == "█"
    assert press(board, "toggle", "louder") == [] and press(board, "launch") == ["/launch tape:A"]
    assert "@" in seen(clip_board(studio, "tape", ascii_only=True))[-1]
