"""Real-time tests run one at a time, the tests of any other file together."""

import re
from types import SimpleNamespace

from tests.blocks import ROOT
from tests.each import each
from tests.scheduling import LONGEST, REAL_TIME, Scheduling, group_of

# a recorded sound device, a JACK server, the time that a process takes
NEEDS_THE_CLOCK = re.compile(r"\brecorder: Recorder\b|\bimport .*\brecording\b|\bjack_server\(|\bcpu_s\(")


@each("name", [*REAL_TIME, *LONGEST])
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


class Worker:
    """A worker that notes the tests it is given."""

    shutting_down = False

    def __init__(self) -> None:
        self.given: list[int] = []

    def send_runtest_some(self, places: list[int]) -> None:
        self.given += places

    def shutdown(self) -> None:
        """Do nothing: there is no more work."""


class Options:
    """What xdist asks the options of a run: one worker, and its usual order."""

    option = SimpleNamespace(loadscopereorder=True)

    def getvalue(self, name: str) -> list[str]:
        """Return the workers."""
        return ["popen"]


def test_what_takes_longest_begins_first() -> None:
    tests = [f"tests/music/test_chord.py::test_a[{number}]" for number in range(9)]
    tests += [f"{name}::test_a" for name in (*LONGEST[2::-1], *REAL_TIME[:2])]
    scheduling, worker = Scheduling(Options()), Worker()
    scheduling.add_node(worker)
    scheduling.add_node_collection(worker, tests)
    scheduling.schedule()
    for place in range(len(tests)):
        scheduling.mark_test_complete(worker, worker.given[place])
    groups = list(dict.fromkeys(group_of(tests[place]) for place in worker.given))
    assert groups == ["real time", *LONGEST[:3], "tests/music/test_chord.py"]
