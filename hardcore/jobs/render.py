"""Rendering: a project's timeline to sound files, trimmed to the frame, measured from what was written."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.engine.score import Score, tail_seconds
from hardcore.engine.structure import Tap
from hardcore.errors import EngineError, JobFailed, UserError
from hardcore.jobs.analysis import ask
from hardcore.jobs.mixcorrection import listen
from hardcore.jobs.mixdown import heard_apart
from hardcore.jobs.mixfiles import begin_mix, notes
from hardcore.jobs.mixreport import Listened
from hardcore.jobs.rawtake import Take, take
from hardcore.jobs.request import Progress, Rendered, RenderRequest
from hardcore.jobs.sidecar import write_sidecar
from hardcore.jobs.staging import staged
from hardcore.jobs.stems import begin_stems, stem_taps, stems_error_db
from hardcore.jobs.stemsreadme import write_readme
from hardcore.jobs.trim import channels_of, faded, kept_frames, wrapped
from hardcore.jobs.writing import writing
from hardcore.project.state import ProjectState
from hardcore.project.timeline import bars_of, end_ticks
from hardcore.workers.thread import beside, relayed, unattended

if TYPE_CHECKING:
    from hardcore.jobs.trim import Interleaved


async def render(request: RenderRequest, progress: Progress = lambda share, words: None) -> Rendered:
    """Return what was rendered and written. Raises UserError when there is nothing to render, EngineError."""
    if end_ticks(request.playing) == 0:
        raise UserError("there is nothing to render yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    # The libraries that write and measure take half a second to load: do that while the engine renders.
    loaded = asyncio.ensure_future(unattended(import_module, "hardcore.audio.loudness"))
    async with AsyncExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="hardcore-render-")))
        made, listened = await _taken(request, folder, progress)
        await loaded

        result = replace(await beside(_kept, request, made, relayed(progress)), listened=listened)
        if request.listen:
            progress(0.97, "listening")
            result = await _listened(result)
    progress(1.0, "done")
    return result


def _kept(request: RenderRequest, made: Take, progress: Progress) -> Rendered:
    """Return what was written of a take; its files appear together. Raises UserError."""
    import numpy as np

    sound = np.memmap(made.raw, np.float32, mode="r").reshape(-1, made.score.channels)
    with staged(request) as there:
        result = _written(there, made.score, sound, made.taps, progress, made.notes)
        progress(0.96, "keeping")
    return _placed(result, request)


async def _taken(request: RenderRequest, folder: Path, progress: Progress) -> tuple[Take, Listened | None]:
    """Return the take to write; of a mix that is to be right the first one, or one of a corrected mix."""
    project, wanted = request.project, request.wanted
    tail_s = min(request.longest_tail_s, tail_seconds(project)) if request.tail_s is None else request.tail_s
    tapped = request.stems or (wanted and heard_apart(request))
    taps = stem_taps(project) if tapped else ()

    async def play(mixed: ProjectState, there: Path) -> Take:
        # after the first the parts are not heard again, only written
        apart = taps if request.stems or mixed is project else ()
        return await take(request, mixed, tail_s, apart, there, lambda share, words: progress(share * 0.8, words))

    first = await play(project, folder / "first")
    if wanted is None:
        return first, None
    try:
        listened, kept = await listen(
            first, play, wanted, rate=request.rate, folder=folder,
            progress=lambda share, words: progress(share * 0.8, words), places=False,
        )  # fmt: skip
    except (EngineError, JobFailed):
        # What was played is there: that nobody could listen to it costs the correction, not the file.
        return first, None
    return kept, listened


async def _listened(made: Rendered) -> Rendered:
    try:
        return replace(made, heard=await ask("hear", path=str(made.path.absolute())))
    except (JobFailed, UserError) as error:
        # The file is there and measured: that nobody could listen to it is worth a note, not a failure.
        return replace(made, notes=(*made.notes, f"not listened to: {error.message}"))


def _placed(made: Rendered, request: RenderRequest) -> Rendered:
    """Return it with the names that the files have now."""
    there = zip(made.files, (request.path, *request.also), strict=True)
    stems = tuple(replace(stem, path=request.stems / stem.path.name) for stem in made.stems if request.stems)
    files = tuple(replace(file, path=path) for file, path in there)
    return replace(made, files=files, stems=stems, sidecar=request.sidecar)


def _written(
    request: RenderRequest, score: Score, sound: "Interleaved",
    taps: Sequence[Tap], progress: Progress, said: Sequence[str],
) -> Rendered:  # fmt: skip
    master = channels_of(sound[score.latency :], 0, score.frames - score.latency)
    keep = kept_frames(request, score, master)
    shaped = wrapped(master, score.body) if request.loop else faded(master[:, :keep], score.body, request.rate)
    progress(0.82, "writing")
    count = 1 + len(request.also) + (len(taps) if request.stems else 0)
    with writing(count, progress, 0.82, 0.95) as files:
        mix = begin_mix(request, shaped, files)
        begun = begin_stems(request, score, sound, taps, keep, files) if request.stems else []
        error = stems_error_db(request, score, sound, taps, keep) if request.stems else None
        written = tuple(file.result() for file in mix)
        stems = tuple(stem.result() for stem in begun)
    made = Rendered(
        files=written,
        bars=bars_of(request.project, request.playing),
        body_frames=score.body,
        tail_s=0.0 if request.loop else (keep - score.body) / request.rate,
        stems=stems,
        sum_error_db=error,
        notes=tuple(note for note in (*said, *notes(written, request.target)) if note),
    )
    if request.sidecar:
        write_sidecar(request, made)
    if request.stems:
        write_readme(request, made)
    return made
