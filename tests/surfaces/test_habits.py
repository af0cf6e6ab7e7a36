"""What people do without thinking: Ctrl-C with something typed, going on after a kill, opening what they had."""

import os
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are for POSIX", allow_module_level=True)

from hardcore.commands.studio.keys import help_of
from hardcore.commands.studio.tour import STEPS
from hardcore.commands.studio.view import VIEWS
from tests.song import studio_with_song
from tests.surfaces.forked import ForkedTerminal

READY = "? help"


def test_ctrl_c_with_something_typed_clears_that_first_and_what_runs_goes_on(home: Path) -> None:
    studio_with_song(home).close()
    with ForkedTerminal(home, "--project", "song.hcs") as terminal:
        terminal.wait(READY)
        terminal.run("/export long.wav --bars 900", "Ctrl-C cancel")
        terminal.type("/title other")
        terminal.wait("> /title other")
        terminal.type("<c-c>")
        assert "cancelled" not in terminal.wait("Ctrl-C cancel", gone="/title other")
        terminal.type("<c-c>")
        terminal.wait("cancelled", READY)


def test_a_suggestion_is_told_from_what_is_typed_without_colour(home: Path) -> None:
    with ForkedTerminal(home, environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait(READY)
        terminal.run("/tempo 138", "→ 138 bpm")
        terminal.type("/te")
        terminal.wait("> /te[mpo 138] Right takes it")
        terminal.type("\x1b[C")
        terminal.wait("> /tempo 138", gone="Right takes it")
        assert not terminal.has_color()


def test_the_tour_says_that_its_line_stands_in_the_prompt(home: Path) -> None:
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/tour", "tour 1 of 6", "Enter runs that line", f"> {STEPS[0].line}")
        assert "type" not in terminal.contents().partition("tour 1 of 6")[2].partition(">")[0]
    with ForkedTerminal(home, "--plain") as terminal:
        terminal.run("/tour", "tour 1 of 6", "type that line")


def test_after_a_kill_the_file_is_offered_with_its_lost_steps_at_once(home: Path) -> None:
    studio_with_song(home).close()
    with ForkedTerminal(home, "--project", "song.hcs") as terminal:
        terminal.wait(READY)
        terminal.run("/tempo 99", "→ 99 bpm")
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
    with ForkedTerminal(home, "--project", "song.hcs") as terminal:
        terminal.wait("song.hcs was left with 1 unsaved step", "> /recover 1", "138 bpm")
        terminal.type("<enter>")
        terminal.wait("recovered song, 1 unsaved step", "song  unsaved  99 bpm")
        terminal.run("/save", "saved")


def test_what_was_open_last_is_named_at_the_start_and_opens_by_number(home: Path) -> None:
    studio_with_song(home).close()
    with ForkedTerminal(home) as terminal:
        terminal.wait(READY)
        terminal.run("/title other", "this is other")
        terminal.run("/save other", "other.hcs")
        terminal.run("/close", "other.hcs is closed: a new project", "untitled  new")
    with ForkedTerminal(home) as terminal:
        terminal.wait("open again with /open NUMBER: 1 other.hcs, 2 song.hcs")
        terminal.run("/open", "other.hcs", str(home)[:20], "open NUMBER opens one")
        terminal.run("/open 2", "opened song.hcs", "song  saved")


def test_the_keys_say_what_they_do() -> None:
    assert help_of("always", "/view mixer") == f"mixer: {VIEWS['mixer']}"
    assert help_of("empty", "/undo").startswith("take back the last step")
    assert (
        help_of("always", "/track gain kick --by 1")
        == "set tracks' faders, or move them --by decibels (/track gain kick --by 1)"
    )
    assert help_of("always", "/nothing") == "run /nothing, which is no command"


def test_f1_has_no_line_that_only_repeats_a_command(home: Path) -> None:
    with ForkedTerminal(home, columns=120, rows=50) as terminal:
        terminal.wait(READY)
        terminal.type("<f1>")
        shown = terminal.wait("faders, pans, meters, sends and inserts")
        assert "run /" not in shown
