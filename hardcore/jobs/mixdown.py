"""A mix judged and corrected without writing a file: for the studio, beside what one goes on doing.

The engine is a process of its own; one that dies is started once more, and nothing has changed.
"""

import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from hardcore.compose.mix.correction import Change
from hardcore.compose.mix.judgement import Heard
from hardcore.compose.mix.matching import wanted_like
from hardcore.compose.mix.target import Wanted
from hardcore.engine.score import tail_seconds
from hardcore.errors import EngineError, JobFailed, UserError
from hardcore.jobs.mixcorrection import listen
from hardcore.jobs.mixreport import Listened
from hardcore.jobs.rawtake import Take, heard, measured, take
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.jobs.stems import stem_taps
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks
from hardcore.workers.context import Words
from hardcore.workers.thread import beside

# Tracks times seconds up to which a mix is heard part by part: 200 MB of raw sound.
MOST_PARTS_S = 600.0
# A recording is further away than a style: more passes come nearer.
MATCHING_PASSES = 5


def heard_apart(request: RenderRequest) -> bool:
    """Return whether the piece is short enough to hear every part by itself."""
    seconds = request.project.tempo_map.seconds(end_ticks(request.playing))
    return seconds * len(request.project.tracks) <= MOST_PARTS_S


async def judge(request: RenderRequest, progress: Progress, *, parts: bool = True) -> Heard:
    """Return what is heard of the request's mix and, with `parts`, of each of its tracks by itself.

    Raises UserError, EngineError, JobFailed.
    """
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, request, progress, parts=parts)
        first = await bench.play(request.project, bench.folder / "first")
        return await heard(first, request.rate, parts=bool(first.taps))


async def loudness_of(
    request: RenderRequest, stretches: Sequence[Sequence[int]], progress: Progress
) -> list[float | None]:
    """Return how loud the request's mix is in stretches of ticks, LUFS to about 0.5; None in silence.

    Raises UserError, EngineError, JobFailed.
    """
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, request, progress, parts=False)
        made = await bench.play(request.project, bench.folder / "first")
        seconds = request.project.tempo_map.seconds
        frames = [[int(seconds(tick) * request.rate) for tick in one] for one in stretches]
        return await beside(_loudness, made, frames, request.rate)


def _loudness(made: Take, frames: Sequence[Sequence[int]], rate: int) -> list[float | None]:
    import numpy as np

    from hardcore.audio import levels

    sound = np.memmap(made.raw, np.float32, mode="r").reshape(-1, made.score.channels)
    return [levels.part(sound[start:end, :2].T.copy(), rate)["lufs"] for start, end in frames]


async def correct(request: RenderRequest, wanted: Wanted, progress: Progress) -> Listened:
    """Return what came of listening to the request's mix and its parts. Raises UserError, EngineError, JobFailed."""
    try:
        return await _corrected(request, wanted, progress)
    except (EngineError, JobFailed):
        return await _corrected(request, wanted, progress)


async def _corrected(request: RenderRequest, wanted: Wanted, progress: Progress) -> Listened:
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, request, progress)
        first = await bench.play(request.project, bench.folder / "first")
        listened, _ = await listen(
            first, bench.play, wanted, rate=request.rate, folder=bench.folder, progress=progress,
            places=True,
        )  # fmt: skip
        return listened


async def match(
    request: RenderRequest, name: str, reference: Words, progress: Progress, *, correct: bool
) -> tuple[Sequence[Change], list[Words]]:
    """Return what brings the request's mix nearer to a recording, and the figures of the mix before and after.

    correct   whether anything is to be turned

    The request's project has what is turned on its master. Raises UserError, EngineError, JobFailed.
    """
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, request, progress)
        first = await bench.play(request.project, bench.folder / "first")
        changes: Sequence[Change] = ()
        kept = first
        if correct:
            listened, kept = await listen(
                first, bench.play, wanted_like(name, reference), rate=request.rate, folder=bench.folder,
                progress=progress, places=False, each=True, passes=MATCHING_PASSES,
            )  # fmt: skip
            changes = listened.changes
        figures = []
        for made in (first, kept):
            heard_all = await measured(made, request.rate, 0, made.score.body, parts=False, full=True)
            figures.append(heard_all["whole"])
        return changes, figures


class Bench:
    """Where takes are made: a folder, and what is played in it."""

    def __init__(self, request: RenderRequest, folder: Path, progress: Progress, parts: bool) -> None:
        self.folder = folder
        self._request, self._progress = request, progress
        self._tail_s = min(request.longest_tail_s, tail_seconds(request.project))
        self._taps = stem_taps(request.project) if parts and heard_apart(request) else ()

    @classmethod
    async def begin(
        cls, held: AsyncExitStack, request: RenderRequest, progress: Progress, *, parts: bool = True
    ) -> "Bench":
        """Return one that lasts as long as `held`. Raises UserError when there is nothing to hear."""
        if end_ticks(request.playing) == 0:
            raise UserError("there is nothing to listen to yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="hardcore-mix-")))
        return cls(request, folder, progress, parts)

    async def play(self, project: ProjectState, folder: Path) -> Take:
        """Return a take of a project in a folder."""
        return await take(self._request, project, self._tail_s, self._taps, folder, self._progress)
