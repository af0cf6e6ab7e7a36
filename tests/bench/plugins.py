"""How fast plug-ins render, and how long after an edit the new sound is heard: the synth of the tests, a bar of it.

Nothing is measured where that cannot be built (tests/plugins/built.py).
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.tracks.pluginsound import PluginWatch, keep_rendered
from hardcore.controller.studio import Studio
from hardcore.jobs.pluginscan import scan_plugins
from hardcore.jobs.rawtake import render_plugins
from hardcore.workers.context import Context
from tests.bench.timing import Measure
from tests.plugins import built

BARS, EDITS = 64, 7
LINES = ("/track add lead --instrument vst3:testtone", "/effect add lead vst3:testdelay", "/clip add lead A --bars {}")


def measures(folder: Path) -> Iterator[Measure]:
    """Yield how many times faster than it plays 64 bars are rendered, and the wait after an edit of one bar."""
    if built.LACKING:
        return
    os.environ["HARDCORE_ENGINE_KIND"] = "none"
    scan_plugins(Context(lambda share: None), [str(built.folder())], [])
    yield Measure(
        "64 bars of a plug-in synth and effect, times faster than it plays", asyncio.run(_speed()), "×", goal=10
    )
    yield Measure("from an edit of a bar to its new sound from a plug-in", asyncio.run(_wait()), "s", goal=1.0)


async def _studio(bars: int) -> Studio:
    studio = build_studio()
    for line in (*LINES, *(f"/note add lead:A {bar}.1 A4 1/4" for bar in range(1, bars + 1))):
        await run_line(studio, line.format(bars), Caller())
    return studio


async def _speed() -> float:
    studio = await _studio(BARS)
    project = studio.controller.project
    begun = perf_counter()
    with tempfile.TemporaryDirectory(prefix="hardcore-bench-") as folder:
        failures = await render_plugins(project, {}, Path(folder), lambda share, words: None)
    assert not failures
    spent = perf_counter() - begun
    studio.close()
    return project.tempo_map.seconds(project.find_clip("lead:A")[1].length_ticks) / spent


async def _wait() -> float:
    studio = await _studio(1)
    keep_rendered(studio)
    watch = studio.recall(PluginWatch)
    assert watch is not None
    await watch.settled()
    times = []
    for number in range(EDITS):
        begun = perf_counter()
        await run_line(studio, f"/track set lead level -{20 + number}", Caller())
        await watch.settled()
        times.append(perf_counter() - begun)
    studio.close()
    return median(times)
