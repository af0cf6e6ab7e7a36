"""What tracks cost: each is played alone by an engine of its own, and the processor's time is counted.

scsynth says how busy it is with everything, never with what; so it is measured beside it, with the same requests.
"""

import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from hardcore.engine.offline import render_raw
from hardcore.engine.score import build_score
from hardcore.jobs.preparation import prepare
from hardcore.jobs.request import Progress
from hardcore.project.clip import Clip
from hardcore.project.freezing import bare
from hardcore.project.notes import NoteBlock
from hardcore.project.pluginsound import with_plugins
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.timeline import Playing
from hardcore.project.tracks import remove_track
from hardcore.workers.context import Context, Words

# So much of each is played: a loop or two, and far more than an engine needs to start.
SPAN_S = 6.0


def costs(context: Context, clips: Mapping[str, str], rate: int, places: Mapping[str, str]) -> Words:
    """Return what tracks cost while they play a clip, with their effects: percent of a core, by track."""
    project: ProjectState = context.project()
    there = {sha256: Path(path) for sha256, path in places.items()}
    found = asyncio.run(measured(project, clips, rate, there, context.folder, context.progress))
    return {"costs": found}


async def measured(
    project: ProjectState, clips: Mapping[str, str], rate: int, places: Mapping[str, Path], folder: Path,
    progress: Progress,
) -> dict[str, float]:  # fmt: skip
    """Return the percent of a core that each track takes. Raises EngineError."""
    project = with_plugins(project)
    sounds = (await prepare(project, places, progress)).places
    base: float | None = None
    found = {}
    for place, (track_id, clip_id) in enumerate(clips.items()):
        progress(place / len(clips), f"measuring {project.find_track(track_id).name}")
        only, clip = _alone(project, track_id), project.find_clip(clip_id)[1]
        if base is None:
            base = await _seconds(_without_effects(only, track_id), track_id, _silent(clip), rate, sounds, folder)
        spent = await _seconds(only, track_id, clip, rate, sounds, folder)
        found[track_id] = round(max(0.0, spent - base) / SPAN_S * 100, 2)
    return found


async def _seconds(
    project: ProjectState, track_id: str, clip: Clip, rate: int, sounds: Mapping[str, Path], folder: Path
) -> float:
    """Return how many seconds of a processor an engine takes to play a clip for SPAN_S."""
    playing = (Playing(track_id, clip, 0, round(project.tempo_map.ticks(SPAN_S))),)
    score = build_score(project, playing, rate=rate, tail_s=0.0, places=sounds)
    before = _spent()
    await render_raw(score.data, rate=rate, channels=score.channels, folder=folder, frames=score.frames)
    return _spent() - before


def _spent() -> float:
    """Return the seconds of a processor that children took which have ended; of time, where a system can't tell."""
    if sys.platform == "win32":
        return time.perf_counter()
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _alone(project: ProjectState, track_id: str) -> ProjectState:
    """Return the project with one track and a bare master."""
    project = bare(project, track_id)
    for other in project.tracks:
        if other.id not in (track_id, MASTER_ID):
            project = remove_track(project, other.id)
    return _without_effects(project, MASTER_ID)


def _without_effects(project: ProjectState, track_id: str) -> ProjectState:
    return project.with_track(track_id, lambda track: track.evolve(effects=(), automation=()))


def _silent(clip: Clip) -> Clip:
    return clip.evolve(notes=NoteBlock(), region=None, automation=())
