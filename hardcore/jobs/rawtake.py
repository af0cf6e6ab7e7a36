"""A take: a project's timeline as the engine plays it, raw in a file: the mix, and perhaps each track beside it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.compose.mix.judgement import Heard
from hardcore.engine.offline import render_raw
from hardcore.engine.score import Score, build_score, own_tail_seconds
from hardcore.engine.structure import Tap
from hardcore.errors import UserError
from hardcore.jobs.analysis import ask
from hardcore.jobs.pluginrender import Failure, make
from hardcore.jobs.preparation import prepare
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.jobs.stretchtasks import stretched
from hardcore.jobs.trim import channels_of, wrapped
from hardcore.project.pluginsound import RATE, absences, missing, with_plugins
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.stretching import replayed
from hardcore.project.timeline import Playing
from hardcore.project.track import Track
from hardcore.workers.context import Context, Words
from hardcore.workers.thread import beside, relayed

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

# Four channels for an hour and a half; more would fill a disk.
MAX_SAMPLES = 1 << 30


@dataclass(frozen=True, slots=True)
class Take:
    """What was played: the project, its score, the raw file of its channels, what is on them, and what was missing."""

    project: ProjectState
    score: Score
    raw: Path
    taps: tuple[Tap, ...]
    notes: tuple[str, ...]


async def take(
    request: RenderRequest,
    project: ProjectState,
    tail_s: float,
    taps: tuple[Tap, ...],
    folder: Path,
    progress: Progress,
) -> Take:
    """Return a take of the timeline with the mix of `project`, in `folder`. Raises UserError, EngineError."""
    project = await beside(stretched, project, relayed(progress))
    failures = await render_plugins(project, request.places, folder, progress)
    heard = await beside(with_plugins, project)
    playing = replayed(heard, request.playing)
    sounds = await prepare(heard, request.places, progress)
    # Seconds for a long piece: whoever watches must not wait for it.
    score = await beside(build_score, heard, playing, rate=request.rate, tail_s=tail_s, taps=taps, places=sounds.places)
    if score.frames * score.channels > MAX_SAMPLES:
        raise UserError(
            f"that is {score.frames / request.rate / 60:.0f} minutes in {score.channels} channels", "fewer --bars"
        )
    folder.mkdir(exist_ok=True)
    raw = await render_raw(
        score.data,
        rate=request.rate,
        channels=score.channels,
        folder=folder,
        progress=lambda share: progress(share, "rendering"),
        frames=score.frames,
    )
    notes = (*sounds.notes, *absences(project), *(f"{one.line}: it is silent" for one in failures))
    return Take(project, score, raw, taps, notes)


async def render_plugins(
    project: ProjectState, places: Mapping[str, Path], folder: Path, progress: Progress, only: str | None = None
) -> list[Failure]:
    """Make what plug-ins play in a project and is missing, of one track if asked; return what failed.

    `places`: where the user's own sounds lie, by hash, as far as that is known.
    """

    async def play(alone: ProjectState, playing: tuple[Playing, ...], track: Track, there: Path) -> "Audio":
        import numpy as np

        request = RenderRequest(project=alone, playing=playing, path=there / "unused.wav", rate=RATE, places=places)
        tap = Tap(track.id, 2)  # the first two channels are the master's
        made = await take(request, alone, own_tail_seconds(track), (tap,), there, lambda share, words: None)
        sound = np.memmap(made.raw, np.float32, mode="r").reshape(-1, made.score.channels)
        whole = channels_of(sound, tap.channel, made.score.frames - made.score.latency)
        return wrapped(whole, made.score.body)

    lacking = [one for one in await beside(missing, project) if only in (None, one.part.id)]
    return await make(lacking, project, folder, progress, play)


def plugin_sounds(context: Context, track: str, places: dict[str, str]) -> Words:
    """Make what plug-ins play on a track of the project and is missing; return in a line why that failed, or none."""
    there = {sha256: Path(path) for sha256, path in places.items()}
    project = stretched(context.project(), context.progress)
    work = render_plugins(project, there, context.folder, context.progress, only=track)
    return {"failed": [one.line for one in asyncio.run(work)]}


async def heard(made: Take, rate: int, *, parts: bool) -> Heard:
    """Return what is heard of a take, with `parts` of each track as well. Raises JobFailed when nobody can listen."""
    return Heard.of(await measured(made, rate, 0, made.score.frames - made.score.latency, parts=parts))


async def measured(made: Take, rate: int, start: int, end: int, *, parts: bool, full: bool = False) -> Words:
    """Return the figures of a take from frame to frame of the music, with `parts` of each track, `full` all of the mix.

    Raises JobFailed.
    """
    apart = {track.id for track in made.project.tracks if track.kind != "group"} - {MASTER_ID}
    channels = {tap.track_id: tap.channel for tap in made.taps if tap.track_id in apart} if parts else {}
    return await ask(
        "levels", path=str(made.raw), channels=made.score.channels, rate=rate,
        start=start, end=end, late=made.score.latency, parts=channels, full=full,
    )  # fmt: skip
