"""Real-time tests run one at a time, the tests of any other file together."""

import re

import pytest

from tests.blocks import ROOT
from tests.scheduling import REAL_TIME, group_of

# a recorded sound device, a JACK server, the time that a process takes
NEEDS_THE_CLOCK = re.compile(r"\brecorder: Recorder\b|\bimport .*\brecording\b|\bjack_server\(|\bcpu_s\(")


@pytest.mark.parametrize("name", REAL_TIME)
def test_what_is_listed_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_every_test_that_needs_the_clock_is_in_the_real_time_group() -> None:
    files = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if path.name != "test_scheduling.py"]
    needing = {path.relative_to(ROOT).as_posix() for path in files if NEEDS_THE_CLOCK.search(path.read_text("utf-8"))}
    assert sorted(needing - set(REAL_TIME)) == []


def test_the_rest_is_grouped_by_file() -> None:
    assert group_of("tests/player/test_kills.py::test_a[2]") == group_of("tests/player/test_live.py::test_b")
    assert group_of("tests/music/test_chord.py::test_a") == group_of("tests/music/test_chord.py::test_b[a::b]")
    assert group_of("tests/music/test_chord.py::test_a") != group_of("tests/music/test_scale.py::test_a")
