"""The rhythm engine: bars a second, where the time goes, and whether it grows with the bars."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from hardcore.commands.rhythm.writing import write_files
from hardcore.knowledge.rhythms import rhythm
from hardcore.rhythm.log import log
from hardcore.rhythm.session import Session, perform
from hardcore.rhythm.smf import encode
from tests.bench.start import python
from tests.bench.timing import Measure, median_s

BARS, MANY, RUNS = 2048, 100_000, 7
EARLIER_S = BARS / 920  # the earlier engine, generated and written, on a machine like this


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of generating, writing and logging, of the whole process, and of very many bars."""
    for name in ("default", "showcase"):
        yield from _stages(name, folder)
    words = ("-m", "hardcore", "do", f"/rhythm render showcase {folder / 'p.mid'} --bars {BARS}")
    nothing = median_s(lambda: python("-m", "hardcore", "do", "/help"), 3)
    whole = median_s(lambda: python(*words), 5)
    yield Measure(
        f"showcase: {BARS:,} bars to a file, whole process", whole, "s", "start alone", whole / nothing, goal=0.6
    )
    yield from _many(folder)


def _stages(name: str, folder: Path) -> Iterator[Measure]:
    found = rhythm(name)
    both = median_s(lambda: write_files(folder / "a.mid", None, found, bars=BARS, seed=None, bpm=None), RUNS)
    yield Measure(
        f"{name}: {BARS:,} bars, generated and written", both, "s", "earlier", both / EARLIER_S, goal=BARS / 10_000
    )
    play = perform(found, bars=BARS)
    parts = {
        "deciding hits and timing": median_s(lambda: _blocks(Session(found)), RUNS),
        "writing the MIDI bytes": median_s(lambda: io.BytesIO(encode(play)), RUNS),
        "logging (only when asked)": median_s(lambda: log(play), 3),
    }
    for what, taken in parts.items():
        yield Measure(f"… {what}", taken, "ms", "of both", taken / both)


def _blocks(session: Session) -> None:
    for _ in session.play(BARS):
        pass


def _many(folder: Path) -> Iterator[Measure]:
    found, taken = rhythm("showcase"), {}
    for bars in (BARS, MANY):
        start = perf_counter()
        write_files(folder / "b.mid", None, found, bars=bars, seed=None, bpm=None)
        taken[bars] = perf_counter() - start
    grown = taken[MANY] / taken[BARS] / (MANY / BARS)
    yield Measure(
        f"{MANY:,} bars to a file",
        taken[MANY],
        "s",
        "growing with the bars",
        grown,
        goal_said="≤ 1.2×",
        met=grown <= 1.2,
    )


if __name__ == "__main__":
    for measure in measures(Path(sys.argv[1])):
        print(measure.row())
