"""The benchmark's table: units, goals, and the page it writes. Nothing is timed here: timing gates no test."""

import json
from statistics import median

import pytest

from tests.bench import compare, devices
from tests.bench.__main__ import COLUMNS, INTRO, PAGE, page, plain
from tests.bench.timing import Measure, median_s


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        (Measure("start", 0.26, "s", goal=0.3), ("start", "0.26 s", "", "", "≤ 0.3 s", "met")),
        (Measure("start", 0.31, "s", goal=0.3), ("start", "0.31 s", "", "", "≤ 0.3 s", "not met")),
        (
            Measure("edit", 35.24e-6, "µs", "a call", 1077.4, 50e-6),
            ("edit", "35.2 µs", "1,077× a call", "", "≤ 50 µs", "met"),
        ),
        (Measure("step", 0.46e-3, "ms", goal=5e-3), ("step", "460 µs", "", "", "≤ 5 ms", "met")),
        (Measure("speed", 13.3, "×", "the engine", 0.8, 10), ("speed", "13.3×", "0.8× the engine", "", "≥ 10×", "met")),
        (Measure("speed", 9, "×", goal=10), ("speed", "9×", "", "", "≥ 10×", "not met")),
        (Measure("render", 4.4, "s", goal_said="≤ 1.1×", met=False), ("render", "4.4 s", "", "", "≤ 1.1×", "not met")),
        (Measure("sent", 99, "B", goal=2000), ("sent", "99 B", "", "", "≤ 2,000 B", "met")),
        (Measure("plain", 0.0117, "s"), ("plain", "11.7 ms", "", "", "", "")),
    ],
)
def test_a_measure_says_its_value_and_whether_its_goal_is_met(measure: Measure, row: tuple[str, ...]) -> None:
    assert measure.row() == row


@pytest.mark.parametrize(
    ("unit", "now", "parent", "cell"),
    [
        ("s", [2.2, 2.3, 2.1], [2.0, 2.04, 1.98], "1.10× (runs differ by 3%), worse"),
        ("s", [2.2, 2.3, 2.1], [2.0, 2.4, 1.9], "1.10× (runs differ by 25%)"),
        ("s", [2.0, 2.1, 1.9], [2.0, 2.0, 2.0], "1.00× (runs differ by 0%)"),
        ("×", [9.0, 9.0, 9.0], [10.0, 10.0, 10.0], "0.90× (runs differ by 0%), worse"),
        ("×", [11.0, 11.0, 11.0], [10.0, 10.0, 10.0], "1.10× (runs differ by 0%)"),
        ("s", [3.0], [2.0], "1.50× (one run)"),
        ("s", [2.0], [], ""),
    ],
)
def test_a_measure_says_how_it_compares_with_the_parent(
    unit: str, now: list[float], parent: list[float], cell: str
) -> None:
    ours, theirs = ([[Measure("it", value, unit, "a call", value)] for value in runs] for runs in (now, parent))
    (measure,) = compare.compared(ours, theirs)
    assert measure.value == measure.ratio == median(now)
    assert measure.row()[3] == cell


def test_what_the_parent_does_not_have_has_no_comparison_and_a_measure_goes_through_a_pipe() -> None:
    old, new = Measure("old", 1.0, "s"), Measure("new", 1.0, "s", "a call", 2.0, goal=3.0, met=True)
    assert [one.parent is None for one in compare.compared([[old, new]], [[old]])] == [False, True]
    assert Measure(**json.loads(compare.as_line(new))) == new


def test_the_parent_is_its_own_program_with_the_measures_of_now() -> None:
    with compare.checked_out("HEAD") as folder:
        assert (folder / "hardcore" / "app.py").exists()
        ours = {path.name for path in (compare.ROOT / "tests" / "bench").glob("*.py")}
        assert {path.name for path in (folder / "tests" / "bench").glob("*.py")} == ours
    assert not folder.exists()


def test_a_median_ignores_what_prepares_it() -> None:
    done: list[str] = []
    assert median_s(lambda: done.append("act"), 3, lambda: done.append("prepare")) >= 0
    assert done == ["prepare", "act"] * 3


def test_columns_line_up() -> None:
    assert plain([("a", "b"), ("long", "c")]) == "a     b\nlong  c"


def test_the_page_has_the_machine_and_every_measure() -> None:
    text = page([Measure("start", 0.26, "s", goal=0.3)])
    assert text.startswith(INTRO)
    assert "Python 3" in text
    assert "| start | 0.26 s |  |  | ≤ 0.3 s | met |" in text


def test_what_other_means_measured_stays_on_the_page() -> None:
    first = page([Measure("start", 0.26, "s")])
    again = page([Measure("start", 0.31, "s")], first + "\n## Sentences\n\n| 1 |\n\n## More\n")
    assert again.endswith("| start | 0.31 s |  |  |  |  |\n\n## Sentences\n\n| 1 |\n\n## More\n")
    assert again.count("# Benchmarks") == 1


def test_the_page_that_is_kept_is_one_that_was_written() -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert kept.startswith(INTRO), "run `python -m tests.bench --write`"
    assert "| " + " | ".join(COLUMNS) + " |" in kept
    for goal in ("≤ 0.3 s", "≤ 50 µs", "≤ 5 ms", "≤ 0.7 s", "≤ 50 ms", "≤ 1.1×"):
        assert goal in kept


def test_the_page_of_costs_is_python_that_says_them() -> None:
    said: dict[str, dict[str, float]] = {}
    exec(devices.page({"reese": 0.25, "reverb": 0.481}), said)  # noqa: S102 - our own words
    assert said["COST_PERCENT"] == {"reese": 0.25, "reverb": 0.48}
