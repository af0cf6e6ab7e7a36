"""What stands on the full screen, without a terminal."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from prompt_toolkit.application.current import set_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output.vt100 import Vt100_Output

from hardcore.commands.studio.keymap import load_keymap
from hardcore.commands.studio.view import VIEWS
from hardcore.controller.studio import Studio
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project import clips, scenes, tracks
from hardcore.project.playback import Launched, Playback
from hardcore.project.state import ProjectState, new_project
from hardcore.surfaces.repl.fullscreen import FullScreen
from hardcore.surfaces.screen.cells import line_width, plain
from hardcore.surfaces.screen.page import page
from hardcore.surfaces.screen.screenstate import Board
from hardcore.surfaces.screen.view import Running
from tests.song import BAR, studio_with_song
from tests.surfaces.stage import StillPlayer, full_screen, playing


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """Return a studio with the song."""
    studio = studio_with_song()
    yield studio
    studio.close()


def board_of(studio: Studio, playback: Playback | None = None, *, ascii_only: bool = False) -> Board:
    """Return the board of a studio whose player says that, at time 0."""
    studio.player = StillPlayer(playback or Playback())  # type: ignore[assignment]
    return Board(studio, load_keymap(), ascii_only=ascii_only, clock=lambda: 0.0)


def seen(board: Board, width: int = 100, height: int = 24) -> list[str]:
    """Return the lines of the screen above the prompt."""
    drawn = page(width, height, board.shown(), board.view, lambda *_: ([[("", "answer")]], 0))
    return plain(drawn.lines).split("\n")


def is_gain(line: str) -> bool:
    """Return whether a line is that of the faders, which is the one below the last scene."""
    return line.startswith(" gain")


def large(count: int = 64, rows: int = 16) -> ProjectState:
    """Return a project of many tracks and scenes, a clip in every slot."""
    project = new_project("large")
    for number in range(1, rows):
        project, _ = scenes.add_scene(project, f"scene {number}")
    for number in range(count):
        project, track = tracks.add_track(project, f"track {number}", role="lead", instrument="pluck")
        for scene in project.scenes:
            project, _ = clips.add_clip(project, track, scene.id, 4 * BAR, [])
    return project


def test_the_header_says_what_plays_where_and_how(studio: Studio) -> None:
    project = studio.controller.project
    header = seen(board_of(studio, playing(project, BAR + 2400)), 120)[0]
    assert header == (
        " ▶ playing   2.2.2  song  unsaved  scene A  138 bpm  F minor  4/4  grid 1 bar  embedded 48000 Hz  load 7 %"
    )
    assert seen(board_of(studio), 120)[0].startswith(" ■ stopped   1.1.1  song")
    narrow = seen(board_of(studio, playing(project, BAR + 2400)), 40)[0]
    assert narrow.startswith(" ▶ playing   2.2.2") and "unsaved" in narrow and len(narrow) <= 40


def test_trouble_has_a_line_of_its_own_and_a_second_one_for_the_remedy(studio: Studio) -> None:
    lines = seen(board_of(studio, Playback(trouble="no sound\x1b[2J device")))
    assert lines[1] == " ! no sound\\x1b[2J device"
    lines = seen(board_of(studio, Playback(trouble="no sound device: silent (connect one)")), 28)
    assert lines[1:3] == [" ! no sound device: silent", "   (connect one)"]


def test_what_the_player_says_unasked_is_shown_once(studio: Studio) -> None:
    remote = Remote(studio.controller.project, EngineChoice, lambda: Path("none"))
    studio.player = remote
    with full_screen(studio, 100, 24) as screen:
        remote._keeper.news = "the player was killed: it is started again"
        for _ in range(3):
            screen.frame()
        assert screen.picture().count("the player was killed") == 1


def test_a_clip_that_the_player_has_begun_ahead_of_what_is_heard_still_waits(studio: Studio) -> None:
    project = studio.controller.project
    kick = project.find_track("kick")
    playback = playing(project, BAR - 10).evolve(clips={kick.id: Launched(clip=kick.clips[0].id, tick=BAR)})
    assert "[◔ A" in seen(board_of(studio, playback))[2]
    assert "[▶ A" in seen(board_of(studio, playback.evolve(tick=float(BAR))))[2]


def test_a_cell_says_in_signs_what_its_clip_does(studio: Studio) -> None:
    project = studio.controller.project
    ids = {track.name: track.id for track in project.tracks}
    clip = {track.name: track.clips[0].id for track in project.tracks if track.clips}
    playback = playing(project, BAR * 3).evolve(
        clips={
            ids["kick"]: Launched(clip=clip["kick"], tick=0),
            ids["snare"]: Launched(clip=clip["snare"], tick=0),
            ids["bass"]: Launched(clip=None, tick=0),
        },
        queue={
            ids["snare"]: Launched(clip=None, tick=4 * BAR),
            ids["hats"]: Launched(clip=clip["hats"], tick=4 * BAR),
        },
    )
    lines = seen(board_of(studio, playback))
    assert lines[1].split() == ["kick", "snare", "hats", "bass", "drums", "reverb", "master"]
    assert lines[2].split() == ["A", "[▶", "A", "2/2]", "◻", "A", "2/2", "◔", "A", "▪", "A"]
    assert lines[3].split() == ["B", "·", "·", "·", "·"]
    letters = seen(board_of(studio, playback, ascii_only=True))
    assert "\n".join(letters).isascii()
    assert letters[2].split()[1:3] == ["[>", "A"]


def test_the_place_in_the_loop_fills_the_cell_behind_its_words(studio: Studio) -> None:
    project = studio.controller.project
    for tick, filled in ((0, 0), (BAR, 5), (2 * BAR - 1, 10), (2 * BAR, 0)):
        board = board_of(studio, playing(project, tick))
        row = page(100, 24, board.shown(), board.view, lambda *_: ([], 0)).lines[2]
        kick = row[1 : 1 + next(place for place, (_, text) in enumerate(row) if text.endswith("]"))]
        assert sum(len(text) for _, text in kick) == 12
        assert sum(len(text) for style, text in kick if "cell.done" in style) == filled


def test_the_mixer_shows_levels_and_lamps(studio: Studio) -> None:
    project = studio.controller.project
    kick, snare = project.tracks[0].id, project.tracks[1].id
    playback = Playback(peaks_db={kick: -9.0, snare: -200.0}, rms_db={kick: -24.0}, clipped=(kick,))
    studio.controller.edit("mix", lambda state: state.with_mixer(kick, gain_db=-3, pan=-0.3, mute=True, solo=True))
    gain, pan, level = seen(board_of(studio, playback))[4:7]
    assert gain.split()[:3] == ["gain", "-3.0", "dB"]
    assert pan.split()[:4] == ["pan", "L30", "M", "S"]
    assert level.split()[1] == "████▒▒▒··!"
    assert set(level.split()[2]) == {"·"}


def test_a_grid_larger_than_the_screen_is_paged_around_the_focus(studio: Studio) -> None:
    studio.controller.edit("large", lambda project: large())
    board = board_of(studio)
    lines = seen(board, 80, 22)
    assert lines[1].split()[:3] == ["→↓", "track", "0"]
    assert lines[1].split()[-1] == "master"
    board.focus.move(board.shown().project, 40, 15)
    lines = seen(board, 80, 22)
    assert "track 40" in lines[1] and lines[1].startswith("←→↑") and lines[1].split()[-1] == "master"
    assert [row for row, line in enumerate(lines) if "[▪" in line] == [lines.index(next(filter(is_gain, lines))) - 1]


@pytest.mark.parametrize("size", [(1, 1), (8, 3), (20, 5), (40, 12), (80, 22), (120, 38), (300, 98)])
@pytest.mark.parametrize("name", VIEWS)
def test_every_view_fits_every_size(studio: Studio, name: str, size: tuple[int, int]) -> None:
    studio.controller.edit("large", lambda project: large(20, 6))
    board = board_of(studio, playing(studio.controller.project, 100.0))
    if name != board.view.name:
        board.show(name)
    board.begin("/export a.wav")
    drawn = page(*size, board.shown(), board.view, lambda columns, rows, back: ([[("", "x" * columns)]] * rows, 3))
    assert len(drawn.lines) == size[1]
    assert max(map(line_width, drawn.lines)) <= size[0]
    for row in range(size[1]):
        board.view.click(size[0] - 1, row, board.shown())
    assert board.view.press("no such action", board.shown()) == []


def test_keys_of_the_session_become_lines(studio: Studio) -> None:
    board = board_of(studio)
    shown = board.shown()
    bass = shown.project.tracks[3]
    assert board.view.press("launch", shown) == ["/launch kick:A"]
    for action in ("right", "next-track", "right"):
        board.view.press(action, shown)
    assert board.focus.track(shown.project) is bass
    assert board.view.press("louder", shown) == ["/track gain bass --by 1"]
    board.view.press("down", shown)
    assert board.view.press("launch", shown) == ["/launch stop bass"]
    assert board.view.press("launch-scene", shown) == ["/launch B"]
    assert board.view.press("mute", shown) == ["/track mute bass"]


def test_a_second_click_launches(studio: Studio) -> None:
    board = board_of(studio)
    lines = seen(board)
    column = lines[1].index("hats")
    assert board.view.click(column, 1, board.shown()) == []
    hats = board.focus.track(studio.controller.project)
    assert hats.name == "hats"
    assert board.view.click(column, 1, board.shown()) == ["/launch hats:A"]


def test_a_view_that_fails_leaves_the_screen_to_the_transcript(studio: Studio) -> None:
    with full_screen(studio, 80, 24) as screen:
        screen.board.view.draw = lambda width, height, shown: [][1]  # type: ignore[method-assign]
        shown = screen.picture()
        assert "a bug in hardcore (IndexError); nothing was lost" in shown
        screen.show("mixer")
        assert "-23 dB" in screen.picture() or "peak" in screen.picture()


def test_only_what_moved_is_written_and_the_screen_is_the_same_as_a_whole_one(studio: Studio) -> None:
    asyncio.run(compare_painted(studio))


async def compare_painted(studio: Studio) -> None:
    """Play on, painting only what moves, and compare with drawing all of it."""
    columns, rows = 90, 24
    terminal, written = pyte.Screen(columns, rows), io.StringIO()
    stream = pyte.Stream(terminal)
    output = Vt100_Output(written, lambda: Size(rows=rows, columns=columns), term="xterm", enable_cpr=False)
    studio.controller.edit("a wide name", lambda project: tracks.add_track(project, "低音")[0])
    screen = FullScreen(studio, lambda: True, clock=lambda: 0.0, input=DummyInput(), output=output)
    with set_app(screen.app):
        screen.app.renderer.render(screen.app, screen.app.layout)
        for tick in (0, 3000, BAR, BAR + 480, 2 * BAR):
            studio.player = StillPlayer(playing(studio.controller.project, tick))  # type: ignore[assignment]
            assert screen.drawn.refresh()
            before = len(written.getvalue())
            assert screen.sheet.paint(screen.app)
            assert len(written.getvalue()) - before < 3000
            stream.feed(written.getvalue().replace("\n", "\r\n").replace("\r\r", "\r"))
            written.seek(written.truncate(0))
            page_lines = plain(screen.drawn.page.lines).split("\n")
            assert [line.rstrip() for line in terminal.display[: rows - 2]] == [
                *page_lines, *[""] * (rows - 2 - len(page_lines))
            ]  # fmt: skip
            screen.app.renderer.render(screen.app, screen.app.layout)
            assert len(written.getvalue()) < 400
            stream.feed(written.getvalue())
            written.seek(written.truncate(0))


def test_the_focus_outlives_what_it_was_on(studio: Studio) -> None:
    board = board_of(studio)
    board.focus.move(studio.controller.project, 3, 1)
    assert board.focus.place(new_project()) == (0, 0)
    assert board.focus.place(studio.controller.project) == (3, 1)


def test_the_jobs_view_shows_progress_and_what_waits(studio: Studio) -> None:
    board = board_of(studio)
    board.show("jobs")
    assert seen(board)[2].strip() == "nothing runs"
    number = board.begin("/export a.wav")
    board.progress(number, 0.5, "rendering")
    board.waiting = ("/quit",)
    lines = seen(board)
    assert "50% rendering" in lines[2] and "/export a.wav" in lines[2]
    assert lines[3].split() == ["waits", "/quit"]
    board.end(number)
    assert board.shown().running == (Running("/quit", waits=True),)
