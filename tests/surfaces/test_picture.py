"""Pictures of the terminal."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.table import Table

from hardcore.errors import UserError
from hardcore.surfaces.picture import draw_svg, save_svg

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> str:
    """Return all text of a drawing, spaces as spaces."""
    found = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return "".join(text.text or "" for text in found).replace("\xa0", " ")


def test_a_picture_holds_the_text_and_the_title() -> None:
    said = words(draw_svg("night & day", 'kick "<x>"\n  bass'))
    assert "night & day" in said
    assert 'kick "<x>"' in said
    assert "  bass" in said


def test_a_picture_asks_for_nothing_from_the_network() -> None:
    svg = draw_svg("a", "b")
    assert re.findall(r"https?://[^\s\"')]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in svg


def test_colours_of_the_terminal_are_kept() -> None:
    plain, coloured = draw_svg("a", "word"), draw_svg("a", "\x1b[36mword\x1b[0m")
    assert words(plain) == words(coloured)
    assert len(set(re.findall(r"fill: (#\w+)", coloured))) == len(set(re.findall(r"fill: (#\w+)", plain))) + 1


def test_tables_can_be_drawn_too() -> None:
    table = Table("track", "plays")
    table.add_row("bass", "reese")
    assert "reese" in words(draw_svg("a", [table, "and a line"]))


def test_the_same_text_is_the_same_bytes_in_any_process_and_terminal(tmp_path: Path) -> None:
    save_svg(tmp_path / "here.svg", "a", "\x1b[31mred\x1b[0m\nplain")
    script = (
        "import sys, pathlib; from hardcore.surfaces.picture import save_svg;"
        "save_svg(pathlib.Path(sys.argv[1]), 'a', '\\x1b[31mred\\x1b[0m\\nplain')"
    )
    environment = {**os.environ, "COLUMNS": "33", "TERM": "dumb", "PYTHONHASHSEED": "7", "FORCE_COLOR": "1"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "there.svg")], env=environment, check=True, timeout=60)
    assert (tmp_path / "here.svg").read_bytes() == (tmp_path / "there.svg").read_bytes()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        save_svg(tmp_path / "no" / "a.svg", "a", "b")
