"""A take: a project's timeline as the engine plays it, raw in a file: the mix, and perhaps each track beside it."""

from dataclasses import dataclass
from pathlib import Path

from hardcore.compose.mix.judgement import Heard
from hardcore.engine.offline import render_raw
from hardcore.engine.score import Score, build_score
from hardcore.engine.structure import Tap
from hardcore.errors import UserError
from hardcore.jobs.analysis import ask
from hardcore.jobs.preparation import prepare
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.jobs.stretchtasks import stretched
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.stretching import replayed
from hardcore.workers.context import Words
from hardcore.workers.thread import beside, relayed

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
    playing = replayed(project, request.playing)
    sounds = await prepare(project, request.places, progress)
    # Seconds for a long piece: whoever watches must not wait for it.
    score = await beside(
        build_score, project, playing, rate=request.rate, tail_s=tail_s, taps=taps, places=sounds.places
    )
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
    return Take(project, score, raw, taps, tuple(sounds.notes))


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
