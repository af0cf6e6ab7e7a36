"""What an export will come to before anything is rendered: its files, their sizes, and about how long it takes."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hardcore.audio.formats import by_ending
from hardcore.engine.score import tail_seconds
from hardcore.filenames import safe_name
from hardcore.project.costs import COST_PERCENT
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, bars_of, end_ticks

# Seconds of one core for a minute of stereo at 48 kHz, measured on one machine: to write and measure a file.
_WRITING_S = {"wav": 0.25, "aiff": 0.25, "flac": 0.5, "ogg": 1.6, "mp3": 1.9}
# To start the engine, and to load what measures.
_START_S = 1.0
# Voices that sound at once on a track, and what a track and the rest of the mixer take, percent of a core.
_VOICES, _TRACK_PERCENT = 1.5, 0.15


@dataclass(frozen=True, slots=True)
class Forecast:
    """Files and about their bytes; seconds of sound, of tail at most, and of work."""

    files: tuple[tuple[Path, int], ...]
    bars: int
    length_s: float
    longest_tail_s: float
    work_s: float


def forecast(
    project: ProjectState, playing: Sequence[Playing], mixes: Sequence[Path], stems: Path | None, *,
    rate: int, depth: str, tail_s: float | None, longest_tail_s: float, loop: bool,
) -> Forecast:  # fmt: skip
    """Return what an export of these files will come to; `stems` is their folder."""
    body_s = project.tempo_map.seconds(end_ticks(playing))
    tail_s = 0.0 if loop else min(longest_tail_s, tail_seconds(project)) if tail_s is None else tail_s
    paths = [*mixes, *(_stem_paths(project, stems, mixes[0].suffix) if stems else ())]
    forms = [by_ending()[path.suffix.lower()] for path in paths]
    sizes = [form.about_bytes(body_s + tail_s, rate, depth) for form in forms]
    minutes = (body_s + tail_s) / 60 * rate / 48_000
    engine_s = 60 * minutes * _load_percent(project) / 100
    writing_s = [minutes * _WRITING_S[form.name] for form in forms]
    work_s = _START_S + engine_s + max(max(writing_s), sum(writing_s) / (os.cpu_count() or 1))
    return Forecast(tuple(zip(paths, sizes, strict=True)), bars_of(project, tuple(playing)), body_s, tail_s, work_s)


def _stem_paths(project: ProjectState, folder: Path, ending: str) -> list[Path]:
    taken: list[str] = []
    for track in project.tracks:
        if track.kind != "master":
            taken.append(safe_name(track.name, taken))
    return [folder / f"{name}{ending}" for name in taken]


def _load_percent(project: ProjectState) -> float:
    """Return about how many percent of a core the engine takes to play a project as it sounds."""
    load = 0.0
    for track in project.tracks:
        load += _TRACK_PERCENT + sum(COST_PERCENT.get(effect.device, 0.3) for effect in track.effects)
        if track.instrument is not None:
            load += _VOICES * COST_PERCENT.get(track.instrument.device, 0.2)
    return load
