"""A parent and what is here now, measured by turns: the same measures on the code of both, each in its own process.

A machine is faster at one moment than at another; two runs beside each other, in turns, are hit alike. What the
measures of now cannot do on the parent's code has no comparison.
"""

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

from tests.bench.timing import Against, Measure

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5


def by_turns(part: str, commit: str, runs: int) -> list[Measure]:
    """Return the medians of a part's measures over so many runs here, compared with as many of the commit."""
    with checked_out(commit) as parent:
        ours: list[list[Measure]] = []
        theirs: list[list[Measure]] = []
        for number in range(runs):
            for folder, found in ((parent, theirs), (ROOT, ours))[:: 1 if number % 2 == 0 else -1]:
                found.append(run_apart(folder, part))
    return compared(ours, theirs)


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Yield a folder with the program of a commit and the measures of now. Raises CalledProcessError."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory(prefix="hardcore-parent-") as name:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(name, filter="data")
        shutil.rmtree(Path(name, "tests", "bench"), ignore_errors=True)
        shutil.copytree(ROOT / "tests" / "bench", Path(name, "tests", "bench"))
        yield Path(name)


def run_apart(folder: Path, part: str) -> list[Measure]:
    """Return the measures of a part, taken of the program in `folder`; none where they do not fit it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--json", part], cwd=folder, capture_output=True, text=True
    )
    if done.returncode and folder == ROOT:
        raise RuntimeError(f"{part}: {done.stderr.strip()}")
    if done.returncode:
        print(f"{part}: not measured there: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    return [Measure(**json.loads(line)) for line in done.stdout.splitlines()]


def as_line(measure: Measure) -> str:
    """Return a measure as a line of JSON."""
    return json.dumps(asdict(measure))


def compared(ours: list[list[Measure]], theirs: list[list[Measure]]) -> list[Measure]:
    """Return the median of each measure over our runs, beside that of their runs where they have it."""
    before = {name: _values(theirs, name) for name in {measure.name for run in theirs for measure in run}}
    found = []
    for first in ours[0]:
        values = _values(ours, first.name)
        ratios = [one.ratio for run in ours for one in run if one.name == first.name and one.ratio is not None]
        was = before.get(first.name)
        spread = (max(was) - min(was)) / median(was) if was and len(was) > 1 else None
        against = Against(median(values) / median(was), spread) if was else None
        found.append(replace(first, value=median(values), ratio=median(ratios) if ratios else None, parent=against))
    return found


def _values(runs: list[list[Measure]], name: str) -> list[float]:
    return [measure.value for run in runs for measure in run if measure.name == name]
