"""Esc Esc silences everything, whatever is on the screen, open on it, or running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.studio.view import VIEWS
from tests.song import studio_with_song
from tests.surfaces.forked import ForkedTerminal

PANIC = "<esc><esc>"
F_KEYS = {
    "help": 1,
    "session": 2,
    "mixer": 3,
    "clip": 4,
    "devices": 5,
    "history": 6,
    "jobs": 7,
    "transcript": 8,
    "rhythm": 9,
    "arrangement": 10,
    "artifacts": 12,
    "stage": 11,
}
OTHER_KEYS = {"library": "<c-b>"}


@pytest.fixture
def terminal(home: Path, request: pytest.FixtureRequest) -> Iterator[ForkedTerminal]:
    """Yield a terminal in which a song plays, on no engine; the parameter is a mode of editing."""
    studio_with_song(home).close()
    kind = {"HARDCORE_ENGINE_KIND": "none", "HARDCORE_SCREEN_EDITING": getattr(request, "param", "emacs")}
    with ForkedTerminal(home, "--project", "song.hcs", environment=kind) as terminal:
        terminal.wait("song  saved", "Enter launch")
        plays(terminal)
        yield terminal


def plays(terminal: ForkedTerminal) -> None:
    """Let it play."""
    terminal.type(" ")
    terminal.wait("▶ playing")


def test_every_view_has_a_key_here() -> None:
    assert {*F_KEYS, *OTHER_KEYS} == set(VIEWS)


def test_panic_stops_from_every_view(terminal: ForkedTerminal) -> None:
    for view, key in {**{view: f"<f{number}>" for view, number in F_KEYS.items()}, **OTHER_KEYS}.items():
        if view != "session":
            terminal.type(key)
            terminal.wait("▶ playing")
        terminal.type(PANIC)
        terminal.wait("■ stopped")
        plays(terminal)


@pytest.mark.parametrize("terminal", ["emacs", "vi"], indirect=True)
def test_panic_stops_in_the_middle_of_a_line_with_its_menu_open(terminal: ForkedTerminal) -> None:
    terminal.type("/track g")
    terminal.wait("gain", "▶ playing")
    terminal.type(PANIC)
    terminal.wait("■ stopped", "> /track g")


def test_panic_stops_while_a_menu_entry_is_chosen(terminal: ForkedTerminal) -> None:
    terminal.type("/trac")
    terminal.wait("/track list")
    terminal.type("<down>")
    terminal.wait("> /track", "▶ playing")
    terminal.type(PANIC)
    terminal.wait("■ stopped")


@pytest.mark.parametrize("terminal", ["emacs", "vi"], indirect=True)
def test_panic_stops_while_the_history_is_searched(terminal: ForkedTerminal) -> None:
    terminal.run("/tempo 140", "→ 140 bpm")
    terminal.type("<c-r>temp")
    terminal.wait("> /tempo 140", "▶ playing")
    terminal.type(PANIC)
    terminal.wait("■ stopped")


def test_panic_stops_while_a_command_runs_and_the_command_goes_on(terminal: ForkedTerminal, home: Path) -> None:
    terminal.type("/export long.wav --bars 12<enter>")
    terminal.wait("rendering", "▶ playing")
    terminal.type(PANIC)
    terminal.wait("■ stopped")
    terminal.wait("long.wav: 12 bars")
    assert (home / "long.wav").exists()


def test_panic_is_a_command_too(terminal: ForkedTerminal) -> None:
    terminal.run("/panic", "silent", "■ stopped")
