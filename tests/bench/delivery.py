"""What leaves the studio: levelling, files encoded beside each other, pieces of a batch."""

import asyncio
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.exchange.batchrun import BatchDone
from hardcore.jobs.request import Progress
from hardcore.jobs.writing import writing
from tests.bench.timing import Measure, median_s

RATE = 48_000
PIECES = 4
STEMS = 14


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of levelling, encoding and batches."""
    yield from _levelling()
    yield from _encoding(folder)
    yield from _batch(folder)


def _levelling() -> Iterator[Measure]:
    import numpy as np

    from hardcore.audio.leveller import Goal, Leveller

    seconds = 60
    noise = np.random.default_rng(1).standard_normal((2, seconds * RATE), np.float32) * np.float32(0.1)
    taken = median_s(lambda: Leveller(noise, RATE, Goal(-1, -12)).sound(), 3)
    yield Measure("bring to a loudness under a true peak, times faster than it plays", seconds / taken, "×")


def _encoding(folder: Path) -> Iterator[Measure]:
    """Compare 14 MP3 files (a mix with 13 stems) written beside each other with LAME alone on every core."""
    import numpy as np

    from hardcore.audio import files

    noise = np.random.default_rng(1).standard_normal((2, 5 * RATE), np.float32) * np.float32(0.1)

    def one(number: int, progress: Progress) -> None:
        files.write(folder / f"{number}.mp3", noise, RATE)

    def quiet(share: float, words: str) -> None:
        pass

    def every() -> None:
        with writing(STEMS, quiet, 0.0, 1.0) as beside:
            for begun in [beside.begin(partial(one, number)) for number in range(STEMS)]:
                begun.result()

    alone = median_s(lambda: one(0, quiet), 3) * STEMS / (os.cpu_count() or 1)
    taken = median_s(every, 1)
    yield Measure("5 s and 13 stems as MP3", taken, "s", "LAME alone on each core", taken / alone)


def _batch(folder: Path) -> Iterator[Measure]:
    """Time a batch of pieces of two bars, and a second look at it; compare with the same pieces one by one."""
    prompts = folder / "prompts.txt"
    prompts.write_text("gabber 180 bpm, 2 bars\n", encoding="utf-8")

    def run(name: str, seeds: str) -> tuple[float, BatchDone]:
        with open_project(None) as studio:
            studio.leaves = "nothing"
            begun = perf_counter()
            done = asyncio.run(run_line(studio, f"/batch {prompts} --seeds {seeds} -o {folder / name}", Caller()))
            assert isinstance(done, BatchDone)
            return perf_counter() - begun, done

    alone = sum(run("alone", str(seed))[0] for seed in range(PIECES))
    taken, done = run("set", f"0-{PIECES - 1}")
    again, _ = run("set", f"0-{PIECES - 1}")
    assert done.a_minute is not None
    said = f"{done.a_minute:.0f} a minute"
    yield Measure(f"a piece of two bars in a batch ({said})", taken / PIECES, "s", "one by one", taken / alone)
    yield Measure(f"… a batch of {PIECES} that is there already", again, "s", "made", again / taken)
