"""Errors as they are told: short, whatever was given, and with the case of what they name."""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.core.kinds import whole
from hardcore.commands.core.types import length_ticks
from hardcore.commands.core.units import value_and_unit
from hardcore.commands.performance.devicemap import read_device
from hardcore.errors import HardcoreError, UserError, why
from hardcore.knowledge.source import read_yaml
from hardcore.settings import read_toml

DIGITS, NAME = "9" * 5000, "n" * 300
LINES = (
    f"/track add {NAME}", f"/save {NAME}.hcs", f"/export {NAME}.mid", f"/tempo {DIGITS}", f"/gain kick -{DIGITS}",
    f"/history goto {DIGITS}", f"/marker add drop {DIGITS}", f"/seek {DIGITS}", f"/config render.rate {DIGITS}",
    f"/loop 1 {DIGITS}", f"/history branch {NAME}", f"/clip show {NAME}:{NAME}", f"acid {DIGITS} bpm, {DIGITS} bars",
    f'/rule add "every {DIGITS} beats" notify x', f"/rhythm show {NAME}", f"/config render.rate {'[' * 20000}",
)  # fmt: skip


def test_of_what_is_far_too_long_a_line_says_so_that_can_be_read() -> None:
    with open_studio() as studio:
        studio.do("/track add kick --instrument kick909")
        for line in LINES:
            with pytest.raises(HardcoreError) as refused:
                studio.do(line)
            assert len(refused.value.line()) < 1000 and "\n" not in refused.value.line(), line[:40]
        assert len(studio.project.tracks) == 2


def test_a_number_of_any_length_is_read_in_a_time_that_grows_with_it() -> None:
    """What is tried at every digit again takes a thousand times as long for a thousand times as many."""

    def cost(digits: int) -> float:
        begin = time.process_time()
        for text in ("9" * digits, "-" + "9" * digits, "9" * digits + "x"):
            value_and_unit("bpm", "number", text, ["x"])
            with suppress(UserError, OverflowError):
                length_ticks(text)
            with suppress(UserError):
                whole(text)
        return time.process_time() - begin

    assert cost(20_000) < 50 * max(cost(2_000), 0.001)


@pytest.mark.parametrize("text", ["bpm = " + DIGITS, "a = " + "[" * 3000, "x = 2001-99-99", "\0"])
def test_a_file_of_settings_or_keys_that_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    for read in (read_toml, read_device):
        with pytest.raises(UserError, match="read"):
            read(path)


@pytest.mark.parametrize("text", ["bpm: " + DIGITS, "bpm: 2001-99-99", "bpm: " + "[" * 3000, "bpm: \0"])
def test_a_file_of_values_that_are_none_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=r"own\.yaml"):
        read_yaml(path)


def test_why_something_was_refused_keeps_the_case_of_what_it_names() -> None:
    assert why(PermissionError(13, "Permission denied", "/Home/Me")) == "permission denied"
    assert why(OSError("Cannot open /Home/Me")) == "Cannot open /Home/Me"
    assert why(sqlite3.OperationalError("database or disk is full")) == "disk is full"
