"""Prints the table of one run; `--write` keeps it in docs/benchmarks.md."""

import os
import platform
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench import delivery, devices, large, library, plan, playing, rhythm, rules, screen, sound, start, state
from tests.bench.timing import Measure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
COLUMNS = ("what", "median", "compared in the same run", "goal", "")
INTRO = """# Benchmarks

What `make bench` printed on one machine; `python -m tests.bench --write` writes this page. Times are medians of several
runs. The ratios compare with something measured beside it in the same run, and hold better than the times from machine
to machine.
"""


def taken() -> list[Measure]:
    """Return every measurement, taken in an empty home."""
    found: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="hardcore-bench-") as name:
        folder = Path(name)
        os.environ["HARDCORE_HOME"] = str(folder / "home")
        for part in (start, screen, state, large, rhythm, rules, sound, delivery, plan, devices, library, playing):
            for measure in part.measures(folder):
                found.append(measure)
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


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
    begun = perf_counter()
    measures = taken()
    print(plain([COLUMNS, *(measure.row() for measure in measures)]))
    print(f"\n{machine()}; took {perf_counter() - begun:.0f} s")
    if "--write" in sys.argv[1:]:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(measures, before), encoding="utf-8", newline="\n")
        print(f"wrote docs/{PAGE.name}")


if __name__ == "__main__":
    main()
