"""Prints the table of one run, or of several beside as many of a parent commit.

python -m tests.bench                          every part, once
python -m tests.bench start sound              these parts
python -m tests.bench start --against HEAD~1   five runs here and five of the commit, by turns
python -m tests.bench --write                  keeps the table in docs/benchmarks.md
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from time import perf_counter

from tests.bench import compare
from tests.bench.timing import Measure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PARTS = (
    "start", "screen", "state", "large", "rhythm", "rules", "agents", "sound", "delivery", "plan", "devices", "library",
    "playing", "hands", "stage", "plugins",
)  # fmt: skip
COLUMNS = ("what", "median", "compared in the same run", "over the parent", "goal", "")
INTRO = """# Benchmarks

What `make bench` printed on one machine; `python -m tests.bench --write` writes this page. Times are medians of several
runs. The ratios compare with something measured beside it in the same run, and hold better than the times from machine
to machine. `make bench ARGS='--against HEAD~1'` measures a parent commit by turns with what is here, five times each;
the fourth column is empty where that was not done. Worse is what is slower by more than 5 % and by more than the
parent's own runs differ.
"""


def taken(parts: list[str]) -> Iterator[Measure]:
    """Yield the measurements of these parts, taken in an empty home."""
    with tempfile.TemporaryDirectory(prefix="hardcore-bench-") as name:
        folder = Path(name)
        os.environ["HARDCORE_HOME"] = str(folder / "home")
        for part in parts:
            # one by one: what measures another part may not fit the code of a parent
            yield from import_module(f"tests.bench.{part}").measures(folder)


def machine() -> str:
    """Return what the numbers were taken on."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{processor()}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def processor() -> str:
    """Return the name of the processor, as well as the system knows it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def plain(rows: list[tuple[str, ...]]) -> str:
    """Return rows as columns that line up."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def page(measures: list[Measure], before: str = "") -> str:
    """Return docs/benchmarks.md; its later sections are measured by other means and stay as they were `before`."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(measure.row() for measure in measures)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    _, heading, rest = before.partition("\n## ")
    return f"{INTRO}\nMachine: {machine()}.\n\n{table}\n{heading}{rest}"


def main() -> None:
    """Measure, print, and write the page when asked to."""
    asked, begun = arguments(), perf_counter()
    parts: list[str] = asked.parts or list(PARTS)
    measures: list[Measure] = []
    if asked.json:
        for measure in taken(parts):
            print(compare.as_line(measure), flush=True)
        return
    several = (compare.by_turns(part, asked.against, asked.runs) for part in parts) if asked.against else [taken(parts)]
    for measure in chain.from_iterable(several):
        measures.append(measure)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(plain([COLUMNS, *(measure.row() for measure in measures)]))
    print(f"\n{machine()}; took {perf_counter() - begun:.0f} s")
    if asked.write:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(measures, before), encoding="utf-8", newline="\n")
        print(f"wrote docs/{PAGE.name}")


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--against", metavar="COMMIT", help="measure that commit too, by turns")
    parser.add_argument("--runs", type=int, default=compare.RUNS, help="of each, by turns")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--json", action="store_true", help="a line for each measure, for a program")
    asked = parser.parse_args()
    if strange := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"no part '{strange[0]}'; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    main()
