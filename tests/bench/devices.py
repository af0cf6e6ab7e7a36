"""What each instrument costs per voice and each effect per instance, and how fast a mix of 32 tracks renders.

`python -m tests.bench.devices` measures all of them and writes hardcore/project/costs.py.
"""

import asyncio
import resource
import tempfile
from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import Argument, bundle, message, score_bytes
from hardcore.engine.score import build_score
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.knowledge.presets import factory_presets
from hardcore.project import clips, tracks
from hardcore.project.costs import COST_PERCENT
from hardcore.project.device import Device
from hardcore.project.devices import effects, instruments
from hardcore.project.notes import Note
from hardcore.project.preset import with_preset
from hardcore.project.samples import MULTISAMPLE, PLAYERS, sample
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.bench.timing import Measure

RATE = 48_000
VOICES = 8
SECONDS = 8.0
TRACKS, BARS = 32, 8
SAMPLE = "vinyl_loop"
PAGE = Path(__file__).resolve().parents[2] / "hardcore" / "project" / "costs.py"
HEAD = '''"""What devices cost: one voice of an instrument or one effect, percent of one core at 48 kHz, by device.

Written by `python -m tests.bench.devices` from measurements on one machine; compare them with each other.
"""

COST_PERCENT: dict[str, float] = {
'''


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the real-time factor of a mix of 32 tracks; what devices cost is in the catalogue."""
    project = large_mix()
    playing = tuple(timeline(project))
    score = build_score(project, playing, rate=RATE, tail_s=2.0)
    times = []
    for _ in range(3):
        begun = perf_counter()
        asyncio.run(render_raw(score.data, rate=RATE, channels=2, folder=folder, frames=score.frames))
        times.append(perf_counter() - begun)
    factor = score.frames / RATE / median(times)
    yield Measure(f"a mix of {TRACKS} tracks, times faster than it plays", factor, "×", goal=2)
    voices = [COST_PERCENT[name] for name in instruments()]
    yield Measure("voices of the median instrument one core can play", 100 / median(voices), "×")


def large_mix() -> ProjectState:
    """Return a project of 32 tracks, a different preset on each, eighth notes all the way."""
    project = new_project("large mix", seed=1)
    scene = project.scenes[0].id
    known = [preset for preset in factory_presets().values() if preset.sample is None]
    for number in range(TRACKS):
        preset = known[number * len(known) // TRACKS]
        project, track_id = tracks.add_track(project, f"track {number}", instrument=preset.device)
        project = with_preset(project, track_id, preset.preset)
        notes = [Note(at * 960, 900, 48 + (at * 5 + number) % 24) for at in range(BARS * 8)]
        project, _ = clips.add_clip(project, track_id, scene, BARS * 4 * 1920, notes)
    return project


def cost_percent(device: Device, effect: bool) -> float:
    """Return what `device` costs, percent of a core: processor time of a render less that of the same one without."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, score = _effect_score(device) if effect else _voice_score(device)
        used = min(_processor_s(score, folder) for _ in range(2))
    return max(0.01, (used - _idle_s()) / seconds * 100)


@cache
def _idle_s() -> float:
    """Return the processor time of a render in which nothing plays, seconds."""
    with tempfile.TemporaryDirectory() as name:
        score = _score([], SECONDS, instruments()["sub"])
        return min(_processor_s(score, Path(name)) for _ in range(5))


def _voice_score(device: Device) -> tuple[float, bytes]:
    """Return voice seconds, and a score that plays them: held ones, or drums at their longest one after another.

    A slice ends of itself, so slices as long as the whole sample play one after another too.
    """
    lasts = [p.high for p in device.parameters if p.id in ("decay", "length") and p.unit == "s"]
    if device.id == "slicer":
        lasts = [sample(SAMPLE).seconds]
    held = device.gated and device.id != "slicer"
    each = SECONDS if held else 0.9 * min(lasts)
    long: list[Argument] = []
    for p in device.parameters:
        if (p.unit == "s" and p.id in ("decay", "length", "time")) or p.id == "loop":
            long += [p.id, float(p.high)]
    if device.id in PLAYERS:
        long += ["buffer", 0.0]
    long += {"slicer": ["slices", 1.0], MULTISAMPLE: ["loop_buffer", 0.0]}.get(device.id, [])
    timed = []
    for turn in range(1 if held else ceil(SECONDS / each)):
        for voice in range(VOICES):
            words: list[Argument] = ["out", 2, "freq", 220.0, "rgen", voice, *long]
            timed.append((turn * each, message("/s_new", _played(device), 1000 + turn * VOICES + voice, 1, 0, *words)))
    return SECONDS * VOICES, _score(timed, SECONDS, device)


def _played(device: Device) -> str:
    """Return the SynthDef that is measured: the dearer where a device has two."""
    return "multisample_loop" if device.id == MULTISAMPLE else device.id


def _effect_score(device: Device) -> tuple[float, bytes]:
    timed = [(0.0, message("/s_new", device.id, 1000 + n, 1, 0, "bus", 2 + 2 * n)) for n in range(VOICES // 2)]
    return SECONDS * VOICES / 2, _score(timed, SECONDS, device)


def _score(timed: list[tuple[float, bytes]], seconds: float, device: Device) -> bytes:
    first = [message("/d_recv", synthdef_bytes(_played(device)))]
    if device.id in PLAYERS:
        first.append(message("/b_allocRead", 0, str(sample(SAMPLE).path), 0, 0))
    bundles = [bundle(0, first), *(bundle(at_s, [packet]) for at_s, packet in timed)]
    return score_bytes([*bundles, bundle(seconds, [message("/g_freeAll", 0)])])


def _processor_s(score: bytes, folder: Path) -> float:
    """Return the processor time the engine's process takes for a score, seconds: waiting for others does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asyncio.run(render_raw(score, rate=RATE, channels=2, folder=folder, frames=round(SECONDS * RATE) - 64))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def page(costs: dict[str, float]) -> str:
    """Return hardcore/project/costs.py."""
    return HEAD + "".join(f'    "{name}": {cost:.2g},\n' for name, cost in costs.items()) + "}\n"


def main() -> None:
    """Measure every device and write what it costs."""
    costs = {device.id: cost_percent(device, False) for device in instruments().values()}
    costs |= {device.id: cost_percent(device, True) for device in effects().values()}
    PAGE.write_text(page(costs), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.name}: {len(costs)} devices, the dearest {max(costs, key=lambda name: costs[name])}")


if __name__ == "__main__":
    main()
