"""The library of the user's sounds: listening to a folder, looking at it again, finding in ten thousand."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from hardcore.jobs.foldersearch import walk
from hardcore.jobs.scan import scan
from hardcore.project.samples import samples
from hardcore.project.soundfacts import SoundFacts, SoundFile
from hardcore.project.soundsearch import query, search
from hardcore.store import sound_index
from tests.bench.timing import Measure, median_s

HEARD, KEPT = 200, 10_000


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of scanning, of a second look, of the index and of finding."""
    place = folder / "sounds"
    place.mkdir()
    known = [sample.path.read_bytes() for sample in samples().values()]
    for number in range(HEARD):
        # A byte after the end makes each file another one.
        (place / f"{number}.wav").write_bytes(known[number % len(known)] + bytes([number]))
    begun = perf_counter()
    asyncio.run(scan(place, {}, lambda lot: None))
    each = (perf_counter() - begun) / HEARD
    yield Measure("listen to a sample, worker and all", each, "ms", goal=50e-3)
    many = folder / "many"
    for number in range(KEPT):
        path = many / f"{number % 100}" / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    walking = median_s(lambda: walk(many), 3)
    yield Measure(f"look through a folder of {KEPT:,} files", walking, "s", goal=1.0)
    files = [_file(many, number) for number in range(KEPT)]
    begun = perf_counter()
    sound_index.record(files)
    yield Measure(f"keep {KEPT:,} of them in the index", perf_counter() - begun, "s")
    reading = median_s(sound_index.files, 3)
    yield Measure("… read it", reading, "s", "looking through the folder", reading / walking)
    asked = query("dark kick 50hz")
    yield Measure(f"find in {KEPT:,}", median_s(lambda: search(files, asked), 3), "s", goal=0.5)


def _file(folder: Path, number: int) -> SoundFile:
    kind = ("kick", "snare", "hat", "loop")[number % 4]
    facts = SoundFacts(f"{number:064x}", 1000, 9600, 48000, 1, kind, "", 30.0 + number % 90, words=("dark",))
    return SoundFile(str(folder / f"{number % 100}" / f"{kind}_{number}.wav"), str(folder), 1000, 1, facts)
