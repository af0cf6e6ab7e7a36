"""Real-time tests run one at a time, the tests of any other file together."""

from types import SimpleNamespace

from tests.blocks import ROOT
from tests.each import each
from tests.scheduling import LONGEST, REAL_TIME, SHARING, Scheduling, group_of


@each("name", [*SHARING, *(name for name in LONGEST if name not in SHARING.values())])
def test_what_is_listed_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_a_test_that_needs_the_clock_is_found_by_what_it_uses() -> None:
    for name in ("player/test_exact", "player/test_external", "surfaces/test_tmux", "midi/test_listener"):
        assert group_of(f"tests/{name}.py::test_a[1]") == REAL_TIME
    assert group_of("tests/player/test_queue.py::test_a") != REAL_TIME


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
    tests += [
        f"{name}::test_a" for name in (*LONGEST[3:0:-1], "tests/player/test_exact.py", "tests/player/test_end.py")
    ]
    scheduling, worker = Scheduling(Options()), Worker()
    scheduling.add_node(worker)
    scheduling.add_node_collection(worker, tests)
    scheduling.schedule()
    for place in range(len(tests)):
        scheduling.mark_test_complete(worker, worker.given[place])
    groups = list(dict.fromkeys(group_of(tests[place]) for place in worker.given))
    assert groups == [REAL_TIME, *LONGEST[1:4], "tests/music/test_chord.py"]
