"""Keys that are held or quick: they add up to one line, seen and heard before it runs, and one step when they rest."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are for POSIX", allow_module_level=True)

from hardcore.surfaces.repl.gesture import merged
from tests.song import studio_with_song
from tests.surfaces.forked import ForkedTerminal


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("/track gain kick --by 1", "/track gain kick --by 1", "/track gain kick --by 2"),
        ("/track pan kick --by -0.1", "/track pan kick --by 0.3", "/track pan kick --by 0.2"),
        ("/track gain kick --by 1", "/track gain bass --by 1", None),
        ("/track gain kick --by 1", "/track pan kick --by 0.1", None),
        ("/effect set bass filter cutoff=9", "/effect set bass filter cutoff=8", "/effect set bass filter cutoff=8"),
        ("/effect set bass filter cutoff=900", "/effect set bass filter resonance=0.4", None),
        ("/effect move bass drive 2", "/effect move bass drive 3", "/effect move bass drive 3"),
        ("/note set bass:A 1.1.1 F2 --velocity 110", "/note set bass:A 1.1.1 F2 --velocity 120",
         "/note set bass:A 1.1.1 F2 --velocity 120"),
        ("/note set bass:A 1.1.1 F2 --velocity 110", "/note set bass:A 1.1.1 F2 --length 1/8", None),
        ("/note move c9 1.1.1 F2 1.1.2", "/note move c9 1.1.2 F2 1.1.2 G2", "/note move c9 1.1.1 F2 1.1.2 G2"),
        ("/note move c9 1.1.1 F2 1.1.1 G2", "/note move c9 1.1.1 G2 1.1.2", "/note move c9 1.1.1 F2 1.1.2 G2"),
        ("/note move c9 1.1.1 F2 1.1.2", "/note move c9 1.1.3 F2 1.1.4", None),
    ],
)  # fmt: skip
def test_two_lines_of_keys_become_one_that_does_both(first: str, second: str, both: str | None) -> None:
    assert merged(first, second) == both


@pytest.fixture
def song(tmp_path: Path) -> Path:
    studio = studio_with_song(tmp_path)
    studio.close()
    return tmp_path / "song.hcs"


def test_forty_quick_keys_are_forty_decibels_seen_at_once_and_one_step(home: Path, song: Path) -> None:
    with ForkedTerminal(home, "--project", str(song)) as terminal:
        terminal.wait("kick", "song")
        terminal.type("-" * 20 + "+" * 41)
        terminal.wait("+21.0")
        terminal.wait("gain 0 dB → +21 dB")
        terminal.type("/history<enter>")
        shown = terminal.wait("a song", "track gain kick --by 21")
        assert shown.count("track gain kick") == 1, shown
        terminal.type("<c-z>")
        terminal.wait("undone: track gain kick --by 21")


def test_what_is_typed_after_the_keys_comes_after_them(home: Path, song: Path) -> None:
    with ForkedTerminal(home, "--project", str(song)) as terminal:
        terminal.wait("kick", "song")
        terminal.type("+++<c-z>")
        terminal.wait("undone: track gain kick --by 3")
        terminal.type("<f3>>>>>/history<enter>")
        terminal.wait("R40", "track pan kick --by 0.4")


def test_keys_at_the_end_of_a_fader_do_not_make_the_way_back_longer(home: Path, song: Path) -> None:
    with ForkedTerminal(home, "--project", str(song)) as terminal:
        terminal.wait("kick", "song")
        terminal.type("+" * 40 + "-" * 4)
        terminal.wait("+20.0")
        terminal.type("/info<enter>")
        terminal.wait("gain 0 dB → +20 dB")


def test_a_way_there_and_back_is_no_step(home: Path, song: Path) -> None:
    with ForkedTerminal(home, "--project", str(song)) as terminal:
        terminal.wait("kick", "song")
        terminal.type("+++---/history<enter>")
        shown = terminal.wait("a song", "new project")
        assert "gain" not in shown.partition("> /history")[2]


def test_a_note_that_is_moved_with_a_held_key_goes_all_the_way_in_one_step(home: Path, song: Path) -> None:
    with ForkedTerminal(home, "--project", str(song)) as terminal:
        terminal.wait("kick", "song")
        terminal.type("<right><right><right><f4>")
        terminal.wait("velocity")
        terminal.type("<s-up><s-up><s-up>")
        terminal.wait("G#2")
        terminal.type("/history<enter>")
        shown = terminal.wait("note move bass:A 1.1.1 F2 1.1.1 G#2")
        assert shown.count("note move") == 1, shown
