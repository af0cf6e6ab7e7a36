"""From a sentence to clips, from clips to sound, and what is written and measured then."""

import asyncio
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from hardcore.engine.offline import render_raw
from hardcore.engine.score import Score, build_score, tail_seconds
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge import loader
from hardcore.music import midifile
from hardcore.music.midisong import MidiNote, MidiTrack
from hardcore.music.tempo import MeterMap, TempoMap
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.bench.timing import Measure, median_s

BARS = 16
RATE = 48000
MIDI_NOTES = 10_000


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of composing, rendering, MIDI and loudness."""
    yield from _composing()
    yield from _rendering(made(f"dark warehouse techno, 138 bpm, F minor, rolling bass, {BARS} bars"), folder)
    yield from _processor(folder)
    yield from _midi()
    yield from _loudness()
    yield from _ears()


def made(prompt: str, seed: int = 7) -> ProjectState:
    """Return the project of a prompt."""
    from hardcore.compose.producer import compose
    from hardcore.language.prompt.understand import understand

    return compose(understand(prompt), seed)


def _composing() -> Iterator[Measure]:
    prompts = [f"{loader.genre(name).name}, 8 bars" for name in loader.genre_ids()]
    for prompt in prompts:
        made(prompt)
    each = {prompt: median_s(lambda prompt=prompt: made(prompt), 5) for prompt in prompts}  # type: ignore[misc]
    worst = max(each, key=lambda prompt: each[prompt])
    typical = median(each.values())
    yield Measure("a sentence to clips, 8 bars, median of the styles", typical, "ms", goal=50e-3)
    said = f"the median ({worst.removesuffix(', 8 bars')})"
    yield Measure("… the slowest style", each[worst], "ms", said, each[worst] / typical, goal=50e-3)


def _rendering(project: ProjectState, folder: Path) -> Iterator[Measure]:
    """Compare a whole render (trimmed, faded, written, measured) with the engine's process on the same score."""
    from hardcore.audio.loudness import measure_file

    playing = tuple(timeline(project))
    longest = min(8.0, tail_seconds(project))
    score = build_score(project, playing, rate=RATE, tail_s=longest)
    silence = build_score(project, (), rate=RATE, tail_s=0.01)
    request = RenderRequest(
        project=project, playing=playing, path=folder / "b.wav", longest_tail_s=longest, listen=False
    )
    rendered = asyncio.run(render(request))
    start_up = median_s(lambda: engine(silence, folder), 3)
    # In turns: a machine that is busy for a while is busy for both.
    pairs = [
        (median_s(lambda: engine(score, folder), 1), median_s(lambda: asyncio.run(render(request)), 1))
        for _ in range(5)
    ]
    bare, whole = (median(times) for times in zip(*pairs, strict=True))
    beyond = (whole - start_up) / (bare - start_up)
    yield Measure("start the engine's process, defs loaded", start_up, "s")
    yield Measure(
        f"render {BARS} bars to a measured .wav", whole, "s", "the bare engine on the same score", whole / bare,
        goal_said=f"≤ 1.1× plus start-up; {beyond:.2f}× without it", met=beyond <= 1.1,
    )  # fmt: skip
    measuring = median_s(lambda: measure_file(request.path), 3)
    yield Measure("… measuring the file is", measuring, "s", "all of it", measuring / whole)
    heard = median_s(lambda: asyncio.run(render(replace(request, listen=True))), 3)
    yield Measure("… and listened to, asked beside heard", heard, "s", "without", heard / whole)
    length_s = rendered.loudness.length_s
    yield Measure("… times faster than it plays", length_s / whole, "×", "the engine alone", bare / whole)


def _processor(folder: Path) -> Iterator[Measure]:
    """Count what the processor does for a render, here and in the engine's process."""
    project = made("deep house, 8 bars, kick, clap, hats, shaker, bass, chords, pad, lead only")
    parts = sum(bool(track.clips) for track in project.tracks)
    request = RenderRequest(project=project, playing=tuple(timeline(project)), path=folder / "c.wav", listen=False)
    asyncio.run(render(request))
    taken = []
    for _ in range(3):
        before = os.times()
        asyncio.run(render(request))
        taken.append(sum(os.times()[:4]) - sum(before[:4]))
    yield Measure(f"processor time of a render: 8 bars, {parts} parts", median(taken), "s", goal=1.5)


def engine(score: Score, folder: Path) -> None:
    """Render a score in the engine's process and do nothing with it."""
    asyncio.run(render_raw(score.data, rate=RATE, channels=score.channels, folder=folder, frames=score.frames))


def _midi() -> Iterator[Measure]:
    import mido

    notes = [MidiNote(at * 240, 200, 36 + at % 60, 1 + at % 127) for at in range(MIDI_NOTES)]
    tracks = [MidiTrack("notes", notes)]

    def theirs() -> None:
        happenings = [(note.start_ticks, "note_on", note) for note in notes]
        happenings += [(note.start_ticks + note.length_ticks, "note_off", note) for note in notes]
        track, now = mido.MidiTrack(), 0
        for tick, kind, note in sorted(happenings, key=lambda one: one[0]):
            track.append(mido.Message(kind, note=note.pitch, velocity=note.velocity, time=tick - now))
            now = tick
        mido.MidiFile(tracks=[track], ticks_per_beat=1920).save(file=io.BytesIO())

    own = median_s(lambda: midifile.encode(tracks, TempoMap(), MeterMap()), 7)
    other = median_s(theirs, 3)
    yield Measure("write 10,000 notes as MIDI", own, "ms", "mido", own / other)


def _loudness() -> Iterator[Measure]:
    import numpy as np

    from hardcore.audio.loudness import measure

    seconds = 60
    noise = np.random.default_rng(1).standard_normal((2, seconds * RATE), np.float32) * np.float32(0.1)
    taken = median_s(lambda: measure(noise, RATE), 3)
    yield Measure("measure loudness and true peak, times faster than it plays", seconds / taken, "×")


def _ears() -> Iterator[Measure]:
    """Time a whole analysis of music: chords and drums, not noise, which has fewer peaks to look at."""
    import numpy as np

    from hardcore.audio.analysis import analyse
    from tests.audio.sounds import groove, progression

    drums, seconds = groove("techno", 138, 18), 30
    chords = np.tile(progression(9, "minor", (0, 5, 3, 4)), (2, 3))
    music = (drums[:, : seconds * RATE] + chords[:, : seconds * RATE]) * np.float32(0.5)
    taken = median_s(lambda: analyse(music, RATE), 5)
    yield Measure("analyse 30 s: every figure of the ears", taken, "s", goal=0.5)
