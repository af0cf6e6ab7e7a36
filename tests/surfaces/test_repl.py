"""The full screen and the plain prompt: the real program on a virtual terminal."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are for POSIX", allow_module_level=True)

from hardcore.commands.studio.tour import STEPS
from hardcore.store.profile import UserProfile
from hardcore.surfaces.repl.prompt import PLAIN_WELCOME, WELCOME
from hardcore.surfaces.screen.cells import width
from tests.song import studio_with_song
from tests.surfaces.forked import ForkedTerminal
from tests.surfaces.screen import Terminal

READY = "? help"


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    """Return a terminal on which the prompt waits."""
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        yield terminal


@pytest.fixture
def song_file(home: Path) -> str:
    """Return the name of a saved song in the folder that terminals start in."""
    studio_with_song(home).controller.close()
    return "song.hcs"


def test_the_first_start_says_what_to_type(home: Path) -> None:
    with Terminal(home) as terminal:
        shown = terminal.wait("Welcome", "Press Enter to hear", "Enter hear an example", READY)
        assert "new  120 bpm  A minor  4/4" in shown
        terminal.type("<c-d>")
        assert terminal.ended() == 0
    with Terminal(home) as terminal:
        assert "Welcome" not in terminal.wait(READY)


def test_a_command_is_answered_and_the_bar_follows(terminal: Terminal) -> None:
    shown = terminal.run("/tempo 138", "tempo 120 → 138 bpm", "unsaved  138 bpm")
    assert "> /tempo 138" in shown


def test_a_sentence_becomes_a_project_that_words_change(terminal: Terminal) -> None:
    terminal.run(
        "acid 130 bpm, A minor, 4 bars --seed 3", "acid: 130 bpm, A minor, 4/4, 4 bars, seed 3", "130 bpm  A minor"
    )
    terminal.run("same but 150", "tempo 130 → 150 bpm", "150 bpm  A minor")
    terminal.type("<c-z>")
    terminal.wait("undone: same but 150", "130 bpm  A minor")


def test_a_piece_is_as_the_person_likes_it_one_key_compares_and_what_they_do_is_learned(home: Path) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/config producer.listen false", "True → False")
        terminal.run("/profile set hats gain -4", "hats gain: -4 dB, as you set it")
        terminal.run("house with hats, 1 bar --seed 3", "hats 4 dB lower, as you like it")
        terminal.type("\x1by")
        terminal.wait("without the profile: not hats 4 dB lower")
        terminal.type("\x1by")
        terminal.wait("with the profile: hats 4 dB lower")
        terminal.type("<c-d>")
        terminal.ended()
    (piece,) = UserProfile(lambda: home / "data" / "profile.db").read().pieces
    assert piece.offsets["hat_closed"]["gain"] == -4


def test_an_unknown_command_names_the_nearest_in_one_line(terminal: Terminal) -> None:
    shown = terminal.run("/tempoo 138", "error:")
    assert "error: no command 'tempoo' (did you mean tempo" in shown
    assert b"\x1b[0;31merror:" in terminal.raw


def test_a_question_mark_is_help(terminal: Terminal) -> None:
    terminal.run("? tempo", "example: /tempo 138")


def test_alt_enter_says_what_a_sentence_would_do_and_keeps_it(terminal: Terminal) -> None:
    terminal.run("house 124 bpm, A minor, 4 bars --seed 1", "house: 124 bpm")
    terminal.type("kick 2 db down")
    terminal.type("\x1b\r")
    terminal.wait("> ? kick 2 db", "kick: gain -1 dB", "> kick 2 db down")
    terminal.type("\r")
    terminal.wait("-1 dB → -3 dB", "-3.0 dB")
    terminal.type("<c-z>")
    terminal.wait("undone: kick 2 db down")


def test_the_menu_shows_commands_with_help_and_tab_takes_one(terminal: Terminal) -> None:
    terminal.type("/track ga")
    terminal.wait("Set tracks' faders")
    terminal.type("<tab>")
    terminal.wait("> /track gain")
    terminal.type(" ")
    terminal.wait("/track gain TRACKS [GAIN_DB]", "master")
    terminal.type("ma<tab>")
    terminal.wait("> /track gain master")
    terminal.run(" -3", "master: gain 0 dB → -3 dB")


def test_the_menu_knows_the_words_of_music(terminal: Terminal) -> None:
    terminal.type("dark warehouse te")
    terminal.wait("warehouse techno", "genre")


def test_ctrl_z_on_an_empty_line_undoes_and_ctrl_y_redoes(terminal: Terminal) -> None:
    terminal.run("/tempo 138", "138 bpm  A minor")
    terminal.type("<c-z>")
    terminal.wait("undone: tempo 138", "new  120 bpm", "Ctrl-Y redo")
    terminal.type("<c-y>")
    terminal.wait("redone: tempo 138", "138 bpm  A minor")


def test_ctrl_z_in_a_line_undoes_the_typing(terminal: Terminal) -> None:
    terminal.run("/tempo 138", "138 bpm  A minor")
    terminal.type("/title abc")
    terminal.wait("> /title abc")
    terminal.type("<c-z>")
    terminal.wait("138 bpm  A minor", gone="/title abc")
    terminal.type("<c-c>")
    terminal.wait(READY)
    terminal.run("/history", "tempo 138")


def test_up_brings_back_the_lines_of_the_last_session(home: Path) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/tempo 138", "tempo 120 → 138")
        terminal.type("<c-z>")
        terminal.wait("undone")
        terminal.type("<c-d>")
        assert terminal.ended() == 0
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.type("<c-p>")
        terminal.wait("> /tempo 138")
        terminal.type("<c-c>")
        terminal.wait(READY, gone="/tempo 138")
        terminal.type("/te")
        terminal.wait("> /tempo 138")  # suggested, in grey
        terminal.type("<right><enter>")
        terminal.wait("tempo 120 → 138")


def test_pasted_lines_run_one_after_the_other(terminal: Terminal) -> None:
    terminal.type("<paste>/tempo 140\r\n/title Ünï\n/key F minor\n/swing 58</paste>")
    shown = terminal.wait("tempo 120 → 140 bpm", "this is Ünï", "key A minor → F minor", "> /swing 58")
    assert shown.index("→ 140") < shown.index("is Ünï") < shown.index("→ F minor")
    terminal.type("<enter>")
    terminal.wait("swing 50 → 58 %", READY)


def test_an_error_stops_the_pasted_lines_after_it(terminal: Terminal) -> None:
    terminal.type("<paste>/tempo 140\n/tempo fast\n/tempo 150\n/tempo 160\n</paste>")
    terminal.wait("error: bpm: 'fast' is not a number", "2 more pasted lines not run", "unsaved  140 bpm")


def test_ctrl_c_clears_the_line_and_keeps_the_project(terminal: Terminal) -> None:
    terminal.run("/tempo 138", "138 bpm  A minor")
    terminal.type("/tempo 99")
    terminal.wait("> /tempo 99")
    terminal.type("<c-c>")
    terminal.wait(READY, "138 bpm  A minor", gone="/tempo 99")
    terminal.type("<c-c><c-c>")
    terminal.run("/title still-here", "this is still-here", "still-here  unsaved  138 bpm")


def test_ctrl_d_leaves_and_what_was_not_saved_is_offered(home: Path) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/title treasure", "this is treasure")
        terminal.type("<c-d>")
        assert terminal.ended() == 0
        assert "goodbye; unsaved changes are kept" in terminal.contents()
    with ForkedTerminal(home) as terminal:
        terminal.wait("1 unsaved project: /recover", READY)
        terminal.run("/recover 1", "recovered treasure", "treasure  unsaved")
        modes = {path.name: path.stat().st_mode & 0o777 for path in (home / "state").rglob("*")}
        assert {"history", "welcomed", "journal.hcs"} <= modes.keys()
        assert {name for name, mode in modes.items() if mode & 0o077} == set()


def test_unsaved_work_that_was_damaged_is_said_and_offered(home: Path) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/title treasure", "this is treasure")
        terminal.type("<c-d>")
        assert terminal.ended() == 0
    (journal,) = (home / "state" / "work").glob("*/journal.hcs")
    journal.write_bytes(b"x" + journal.read_bytes()[1:])
    with ForkedTerminal(home) as terminal:
        terminal.wait("1 unsaved project: /recover", "unsaved work was damaged and is kept in", READY)
        terminal.run("/recover 1", "recovered treasure; damaged: its 2 steps could be read")


def test_quit_leaves(terminal: Terminal) -> None:
    terminal.type("/quit<enter>")
    assert terminal.ended() == 0


def test_an_export_shows_its_progress_and_ctrl_c_cancels_it(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY, "song  saved")
        before = children(terminal.process.pid)
        terminal.type("/export long.wav --bars 600<enter>")
        terminal.wait("rendering", "%")
        terminal.type("/undo <c-c><c-c>")  # the first clears what is typed, the second cancels
        terminal.wait("cancelled", "song  saved  138 bpm", gone="/undo")
        assert not (home / "long.wav").exists()
        assert children(terminal.process.pid) == before
        terminal.run("/export short.wav --bars 1", "short.wav: 1 bar", READY)
        assert (home / "short.wav").stat().st_size > 100_000


def children(parent: int) -> list[str]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return listed.stdout.split()


def test_keys_typed_while_a_command_runs_wait_for_the_prompt(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY)
        terminal.type("/export a.wav --bars 8<enter>/tempo 150<enter><c-z>")
        terminal.wait("a.wav: 8 bars", "tempo 138 → 150 bpm", "undone: tempo 150", READY)


def test_a_clip_is_drawn_in_the_width_of_the_terminal(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file, columns=60) as terminal:
        terminal.wait(READY)
        shown = terminal.run("/clip show bass", "F2 |x x x x x x x x |x", READY)
        assert "   1                2\n" in shown
        terminal.run("/clip stretch bass 4", "8 bars", READY)
        shown = terminal.run("/clip show bass", "\n   7 ", READY)
        assert max(map(len, shown.split("\n"))) <= 60


def test_j_and_k_browse_in_a_terminal_and_other_letters_begin_a_line(
    home: Path, song_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with ForkedTerminal(home, "--project", song_file, columns=100) as terminal:
        terminal.wait(READY)
        terminal.type("<f9>")
        first = terminal.wait("rhythms  enter tries")
        name = next(line for line in first.split("\n") if line.startswith("["))
        terminal.type("j")
        terminal.wait("rhythms", gone=name)
        terminal.type("k<enter>")
        terminal.wait(": as it is", READY)
        terminal.type("j")
        terminal.wait(": variation 1 at 25 %", READY)
        terminal.type("/tempo 150<enter>")
        terminal.wait("tempo 138 → 150 bpm", ": variation 1")


def test_tables_fit_a_narrow_terminal(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file, columns=80, rows=24) as terminal:
        terminal.wait(READY, "song  saved  138 bpm")
        terminal.run("/view transcript", gone="gain")
        shown = terminal.run("/tracks", "master", "kick909", READY)
        for name in ("kick909", "snare909", "reese", "filter"):
            assert name in shown
        terminal.run("/track show bass", "cutoff", READY)


def test_the_devices_of_a_track_are_set_by_keys(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY)
        terminal.type("<f5>")
        terminal.wait("[kick] 1/7  kick909: ")
        terminal.type("<tab><tab><tab>")
        terminal.wait("[bass] 4/7  reese: ", "[reese] ─  filter")
        terminal.type("<right><down>")
        terminal.wait("[bass] 4/7  filter: ", "[cutoff ", "default 18000 Hz")
        terminal.type("<<+")
        terminal.wait("bass filter: cutoff 18000 → 4943 Hz", "Hz   *")
        terminal.type("=")
        terminal.wait("→ 18000", gone="Hz   *")
        terminal.type("\x1bb")
        terminal.wait("─ [(filter)]", "filter, bypassed: ")
        terminal.type("\x1ba")
        terminal.wait("> /effect add bass\n")
        terminal.type("drive<enter>")
        terminal.wait("drive on bass", "─ [(filter)] ─  drive")
        terminal.type("\x1b[1;2C")
        terminal.wait("reese  ─  drive  ─ [(filter)]")
        terminal.type("<delete>")
        terminal.wait("reese  ─ [drive]")
        terminal.type("<c-z>")
        terminal.wait("reese  ─ [drive] ─  (filter)")


def test_the_history_is_browsed_heard_and_gone_back_to(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY)
        terminal.run("/gain kick -3", "kick: gain 0 dB → -3 dB")
        terminal.run("/tempo 150", "tempo 138 → 150")
        terminal.type("<f6>")
        terminal.wait("here  3 │ [tempo 150]", "tempo_map 138 → 150")
        terminal.type("<up>")
        terminal.wait("[gain kick -3]", "kick gain_db 0 → -3", "tab hears step 2")
        terminal.type("<tab>")
        terminal.wait("heard 2", "here  3", "hearing step 2, not the present step 3", "150 bpm")
        terminal.type("<tab>")
        terminal.wait("you hear the present: step 3", gone="heard 2")
        terminal.type("<tab>")
        terminal.wait("heard 2")
        terminal.type("<f2>")
        terminal.wait("[▪ A", gone="hearing step 2")
        terminal.type("<f6><enter>")
        terminal.wait("here  2 │ [gain kick -3]", "138 bpm")
        terminal.type("<c-z>")
        terminal.wait("here  1 │ [a song]")


def test_a_very_narrow_terminal_gets_rows_in_words(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file, columns=40, rows=40) as terminal:
        terminal.wait("? help")
        terminal.run("/tracks", "track kick, kind midi", READY)


def test_the_window_may_change_its_size(terminal: Terminal) -> None:
    terminal.resize(50, 24)
    terminal.wait(READY)
    terminal.run("/tempoo 3", "error: no command", READY)
    terminal.run("/help effect", "/effect bypass TRACK", READY)
    assert max(map(len, terminal.contents().split("\n"))) <= 50
    terminal.resize(140, 40)
    shown = terminal.run("/tempo 138", "138 bpm  A minor  4/4  grid 1 bar")
    assert max(map(len, shown.split("\n"))) == 140
    terminal.resize(20, 6)
    terminal.wait("■ stopped", "> ", gone="A minor")
    terminal.run("/tempo 99", "→ 99")
    terminal.resize(300, 100)
    terminal.wait("99 bpm  A minor  4/4  grid 1 bar", READY)


def test_wide_letters_line_up(terminal: Terminal) -> None:
    terminal.run('/track add "低音 ü" --instrument sub', "低音 ü   ", "added midi track")
    terminal.run("/tracks", "2  master", READY)
    shown = terminal.contents()
    before = [
        re.search(rf"^{start}", shown, re.MULTILINE) for start in ("1  低音 ü +(?=midi)", "2  master +(?=master)")
    ]
    assert len({width(found[0]) for found in before if found}) == 1
    assert all(before)


def test_no_color_prints_no_colour(home: Path) -> None:
    for environment in ({"NO_COLOR": "1"}, {"HARDCORE_SCREEN_COLOR": "false"}, {"TERM": "vt100"}):
        with ForkedTerminal(home, environment=environment) as terminal:
            terminal.wait(READY)
            terminal.type("/track ")
            terminal.wait("List the tracks with")
            terminal.type("<c-c>")
            terminal.run("/tempoo", "error: no command")
            terminal.run("/tracks", "master", READY)
            assert not terminal.has_color()


def test_colour_is_there_unless_it_is_switched_off(terminal: Terminal) -> None:
    terminal.run("/tempoo", "error: no command")
    assert terminal.has_color()


@pytest.mark.parametrize("how", ["plain", "dumb"])
def test_a_plain_terminal_gets_words_only(home: Path, song_file: str, how: str) -> None:
    words = ("--plain",) if how == "plain" else ()
    environment = {"TERM": "dumb"} if how == "dumb" else {}
    with ForkedTerminal(home, *words, "--project", song_file, environment=environment) as terminal:
        terminal.wait("Welcome", "\n>")
        terminal.run("/tracks", "7 rows", "1, track kick, kind midi, plays kick909")
        terminal.run("/clip show bass", "bar 1: F2 at 1, F2 at 1.3, F2 at 2")
        terminal.run("/tempoo", "did you mean tempo or ", "?)\n>")
        # what is typed before the prompt is echoed before it
        terminal.type("/tempo 99")
        terminal.wait("> /tempo 99")
        terminal.type("<c-c>")
        terminal.wait("> /tempo 99^C\n>")
        terminal.run("/tempo", "tempo 138 bpm")
        terminal.run("/export a.wav --bars 8", "rendering, ", "percent", "a.wav: 8 bars")
        terminal.type("<c-d>")
        assert terminal.ended() == 0
        assert b"\x1b" not in terminal.raw


def test_a_welcome_is_not_broken_in_the_middle_of_a_word() -> None:
    assert max(map(len, f"{WELCOME}\n{PLAIN_WELCOME}".splitlines())) <= 80


def test_a_plain_export_can_be_cancelled(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--plain", "--project", song_file) as terminal:
        terminal.wait("\n>")
        terminal.type("/export a.wav --bars 600<enter>")
        terminal.wait("rendering")
        terminal.type("<c-c>")
        terminal.wait("cancelled\n>")
        terminal.run("/tempo", "tempo 138 bpm")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_puts_the_terminal_right(home: Path, number: int) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/title treasure", "treasure  unsaved")
        terminal.type("/half a line")
        terminal.wait("> /half a line")
        os.kill(terminal.process.pid, number)
        assert terminal.ended() == 128 + number
        assert terminal.echoes()
    with ForkedTerminal(home) as terminal:
        terminal.wait("1 unsaved project")


@pytest.mark.parametrize("line", ["", "/export a.wav --bars 600<enter>"])
def test_closing_the_window_loses_nothing(home: Path, song_file: str, line: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY)
        terminal.run("/title treasure", "treasure  unsaved")
        if line:
            terminal.type(line)
            terminal.wait("rendering")
        assert terminal.hang_up() != 0
        assert not (home / "a.wav").exists()
    with ForkedTerminal(home) as terminal:
        terminal.wait("1 unsaved project", READY)
        terminal.run("/recover 1", "recovered treasure, 1 unsaved step")


def test_a_name_cannot_steer_the_terminal(terminal: Terminal) -> None:
    terminal.type("<paste>/track rename \x1b]0;owned\x07 x\n</paste>")
    terminal.wait("error: no track '\\x1b]0;owned\\x07'")
    assert b"\x1b]0;owned" not in terminal.raw


# some 200 stand at the first prompt; each costs about half a millisecond
MOST_MODULES = 224
LOADED = """
import asyncio
import sys
from hardcore import app
from hardcore.model import Model
from hardcore.surfaces.repl import fullscreen

async def line(self):
    await self._seen()
    self.say("LOADED " + " ".join(sorted({name.partition(".")[0] for name in sys.modules})) + " END")
    ours = [name for name in sys.modules if name.startswith("hardcore.")]
    self.say("OURS " + " ".join(sorted({name.split(".")[1] for name in ours})) + f" END COUNT {len(ours)} END")
    built = [kind.__name__ for kind in Model.__subclasses__() if kind.__pydantic_complete__]
    self.say("BUILT " + " ".join(sorted(built)) + " END WHOLE")
    await asyncio.Event().wait()

fullscreen.WARM_AFTER_S = 100
fullscreen.FullScreen.line = line
sys.exit(app.run([]))
"""


def test_the_first_prompt_needs_few_packages_modules_and_models(home: Path) -> None:
    with Terminal(home, program=("-c", LOADED), columns=400, rows=50) as terminal:
        terminal.wait("LOADED", "BUILT", "END WHOLE")
        shown = terminal.contents()
    loaded, ours, built = (_shown(shown, heading) for heading in ("LOADED", "OURS", "BUILT"))
    needed = {"hardcore", "prompt_toolkit", "rich", "pydantic"}
    theirs = {"pydantic_core", "annotated_types", "typing_extensions", "typing_inspection", "wcwidth", "platformdirs"}
    foreign = {name for name in loaded - sys.stdlib_module_names - needed - theirs if not name.startswith("_")}
    assert foreign == set()
    assert {"hardcore", "prompt_toolkit", "pydantic"} <= loaded
    assert "argparse" not in loaded
    # what makes, plays and judges music comes when it is asked for
    later = {"assistant", "compose", "engine", "kernel", "knowledge", "language", "rhythm", "rules"}
    assert ours & later == set()
    assert int(_shown(shown, "COUNT").pop()) <= MOST_MODULES
    # of the models of a project those that a new one has; rules, clips and mappings are built with the first of them
    assert built <= {
        "Key", "MeterMap", "MeterPoint", "MidiEffects", "Mixer", "Playback", "ProjectState", "Scene", "Settings",
        "TempoMap", "TempoPoint", "Track",
    }  # fmt: skip


def _shown(contents: str, heading: str) -> set[str]:
    """Return the words between a heading and END, however the lines are broken."""
    return set(contents.partition(f"{heading} ")[2].partition(" END")[0].split())


def test_enter_alone_makes_a_first_piece_and_plays_it(terminal: Terminal) -> None:
    terminal.type("<enter>")
    shown = terminal.wait("▶ playing", "warehouse techno  unsaved", "138 bpm  F minor", "[▶ A")
    assert "> /play" in shown
    terminal.type("<space>")
    terminal.wait("■ stopped", "Space play", "[▪ A")


def test_keys_move_launch_and_mix_while_nothing_is_typed(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY, "[▪ A")
        terminal.type("<right><right>+")
        terminal.wait("hats: gain 0 dB → +1 dB")
        terminal.type("<down>")
        terminal.wait("[·")
        terminal.type("<up><enter>")
        shown = terminal.wait("▶ playing", "[▶ A")
        assert len(re.findall(r"▶ A", shown)) == 1
        terminal.type("<esc><esc>")
        terminal.wait("■ stopped", "silent")


def test_f_keys_show_views_and_give_way_again(terminal: Terminal) -> None:
    terminal.type("<f3>")
    terminal.wait("-22 dB", "peak", gone="level")
    terminal.type("<f1>")
    terminal.wait("anywhere", "silence everything at once")
    terminal.type("<f1>")
    terminal.wait("level", gone="anywhere")


def test_a_clip_is_edited_by_keys_and_what_was_held_is_one_undo(home: Path, song_file: str) -> None:
    with ForkedTerminal(home, "--project", song_file) as terminal:
        terminal.wait(READY, "[▪ A")
        terminal.type("<f4>")
        terminal.wait("kick A  stopped", "8 notes", "[kick ", "velocity 100, length 1/16", "Enter note")
        terminal.type("<tab><tab><tab>")
        terminal.wait("bass A  stopped", "[F2  ]│▇━", "F2 at 1.1.1: velocity 100, length 1/16")
        terminal.type("+++")
        terminal.wait("F2 at 1.1.1: velocity 127, length 1/16", "[F2  ]│█━")
        terminal.type("<s-up><s-up>")
        terminal.wait("[G2  ]│█━", "G2 at 1.1.1: velocity 127")
        terminal.type("<c-z>")
        terminal.wait("F2   │█━", "G2 at 1.1.1: no note")
        terminal.type("<c-z>")
        terminal.wait("F2   │▇━  ▇━")
        terminal.type("<enter>")
        terminal.wait("[G2  ]│▇━", "17 notes", "bass A: G2 at 1.1.1")
        terminal.type("<delete>")
        terminal.wait("16 notes", "G2 at 1.1.1: no note")
        terminal.type("/clip show bass:A<enter>")
        terminal.wait("16 notes", "> /clip show bass:A")
        terminal.type("<f4>")
        terminal.wait("level", "[▪ A")


def test_a_key_is_changed_and_holds_at_once(terminal: Terminal) -> None:
    terminal.run("/keys set empty.play ctrl-t", "empty.play: ctrl-t", READY)
    terminal.run("acid 130 bpm, 4 bars --seed 3", "Ctrl-T play")
    terminal.type("<c-t>")
    terminal.wait("▶ playing", "Ctrl-T stop")
    terminal.run("/keys set empty.leave ctrl-t", "ctrl-t means both play and leave in empty; the latter wins")


def test_ctrl_r_finds_an_earlier_line(terminal: Terminal) -> None:
    terminal.run("/tempo 138", "→ 138 bpm")
    terminal.run("/key F minor", "→ F minor")
    terminal.type("<c-r>temp")
    terminal.wait("> /tempo 138")
    terminal.type("<enter>")
    terminal.wait("/tempo [BPM]")
    terminal.type("<c-c>")
    terminal.wait(READY)


def test_earlier_answers_are_scrolled_back_to(terminal: Terminal) -> None:
    terminal.run("/help", "lines above: pageup", READY, gone="Welcome")
    assert "Welcome" not in terminal.contents()
    for _ in range(120):
        terminal.type("<pageup>")
    terminal.wait("Welcome", "below: pagedown")
    terminal.run("/tempo 138", "→ 138 bpm", gone="Welcome")


def test_a_stopped_program_gives_the_terminal_back_and_comes_again(terminal: Terminal) -> None:
    terminal.run("/title treasure", "treasure  unsaved")
    os.kill(terminal.process.pid, signal.SIGTSTP)
    terminal.settle(lambda: terminal.echoes())
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.settle(lambda: not terminal.echoes())
    terminal.run("/tempo 138", "treasure  unsaved  138 bpm")


def test_the_tour_goes_from_a_sentence_to_a_file_by_enter_alone(terminal: Terminal) -> None:
    terminal.type("/tour<enter>")
    for step in range(1, 7):
        terminal.wait(f"tour {step} of 6", "> " + STEPS[step - 1].line)
        terminal.type("<enter>")
    terminal.wait("that was the tour", "LUFS")


@pytest.mark.parametrize("words", [(), ("--plain",)])
def test_a_project_that_is_half_full_says_so_under_the_answer(words: tuple[str, ...], home: Path) -> None:
    small = "import sys, hardcore.store.schema as s; s.MAX_FILE_BYTES = 110_000; from hardcore.__main__ import main"
    with ForkedTerminal(home, *words, program=("-c", f"{small}; sys.exit(main())")) as terminal:
        terminal.wait("\n>" if words else READY)
        shown = terminal.run("acid 130 bpm, A minor, 4 bars --seed 3", "acid: 130 bpm", "% full")
        assert "/history compact makes room" in " ".join(shown.split())
        terminal.type("<c-d>")
        assert terminal.ended() == 0
