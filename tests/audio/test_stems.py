"""Stems: their sum, and names that every system takes."""

import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.audio.stems import EXACT_DB, sum_error_db
from hardcore.filenames import safe_name
from tests.audio.sounds import noise

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10))}


def test_stems_that_are_the_mix_have_no_error() -> None:
    parts = [noise(0.1, seed) for seed in range(3)]
    mix = (parts[0].astype(np.float64) + parts[1] + parts[2]).astype(np.float32)
    assert sum_error_db(parts, mix) < -130
    assert sum_error_db([mix], mix) == EXACT_DB


def test_the_error_is_the_largest_sample_that_is_off() -> None:
    part = noise(0.1)
    mix = part.copy()
    mix[1, 77] += 0.001
    assert sum_error_db([part], mix) == pytest.approx(-60.0, abs=0.01)


def test_a_missing_stem_shows() -> None:
    parts = [noise(0.1, seed) for seed in range(3)]
    assert sum_error_db(parts[:2], parts[0] + parts[1] + parts[2]) > -20


def test_a_tail_that_only_one_side_has_counts() -> None:
    part = noise(0.1)
    assert sum_error_db([part], part[:, :-10]) > -40
    assert sum_error_db([part[:, :-10]], part) > -40


def test_one_channel_counts_for_all() -> None:
    mono = noise(0.1, channels=1)
    assert sum_error_db([mono], np.vstack((mono, mono))) == EXACT_DB


def test_stems_that_are_not_numbers_never_pass() -> None:
    assert sum_error_db([np.full((1, 4), np.nan, np.float32)], np.zeros((1, 4), np.float32)) == math.inf


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("kick", "kick"),
        ("a/b\\c", "a-b-c"),
        ('what? "this": <that>|*', "what- -this-- -that---"),
        ("  two\t\nspaces ", "two spaces"),
        ("..hidden.", "hidden"),
        ("", "track"),
        ("con", "track con"),
        ("Lpt1.old", "track Lpt1.old"),
        ("control", "control"),
        ("Cafe\u0301", "Café"),
        ("\u202egpj.exe", "gpj.exe"),
        ("工 業", "工 業"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, []) == safe


def test_names_that_differ_by_case_alone_get_numbers() -> None:
    taken: list[str] = []
    for name in ("Bass", "bass", "BASS", "bass 2"):
        taken.append(safe_name(name, taken))
    assert taken == ["Bass", "bass 2", "BASS 3", "bass 2 2"]


def test_a_long_name_keeps_its_accents_and_its_number_within_80() -> None:
    # a base letter with a mark that has no composed form
    name = "-" + "q\u0307" * 60
    first = safe_name(name, [])
    assert len(first) == 79 and first.endswith("q\u0307")
    second = safe_name(name, [first])
    assert len(second) <= 80 and second.endswith("q\u0307 2")


@given(st.lists(st.text(max_size=120), max_size=6))
def test_any_names_become_distinct_safe_ones(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        safe = safe_name(name, taken)
        assert 1 <= len(safe) <= 80 and len(safe.encode()) <= 200
        assert unicodedata.is_normalized("NFC", safe)
        assert not set(safe) & set('<>:"/\\|?*\0\n') and safe == safe.strip(". ")
        assert safe.split(".")[0].strip().casefold() not in DEVICES
        assert safe.casefold() not in {other.casefold() for other in taken}
        taken.append(safe)
