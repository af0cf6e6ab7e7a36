"""Rendering: a project's timeline to sound files, trimmed to the frame, measured from what was written."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.engine.offline import render_raw
from hardcore.engine.score import Score, build_score, tail_seconds
from hardcore.engine.structure import Tap
from hardcore.errors import JobFailed, UserError
from hardcore.jobs.beside import beside, staged
from hardcore.jobs.cut import faded, kept_frames, wrapped
from hardcore.jobs.ears import Ears
from hardcore.jobs.request import Progress, Rendered, RenderRequest, bars_of, tags
from hardcore.jobs.soundfiles import prepare
from hardcore.jobs.stems import stem_taps, write_stems
from hardcore.project.timeline import end_ticks

if TYPE_CHECKING:
    import numpy as np

    from hardcore.audio.files import Written
    from hardcore.audio.loudness import Loudness
    from hardcore.audio.samples import Audio

CEILING_DB = -1.0
# Four channels for an hour and a half; more would fill a disk.
MAX_SAMPLES = 1 << 30


async def render(request: RenderRequest, progress: Progress = lambda share, words: None) -> Rendered:
    """Return what was rendered and written. Raises UserError when there is nothing to render, EngineError."""
    project, playing = request.project, request.playing
    if end_ticks(playing) == 0:
        raise UserError("there is nothing to render yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    longest = min(request.longest_tail_s, tail_seconds(project)) if request.tail_s is None else request.tail_s
    taps = stem_taps(project) if request.stems else ()
    sounds = await asyncio.to_thread(prepare, project, request.places)
    # Seconds for a long piece: whoever watches must not wait for it.
    score = await asyncio.to_thread(
        build_score, project, playing, rate=request.rate, tail_s=longest, taps=taps, places=sounds.places
    )
    if score.frames * score.channels > MAX_SAMPLES:
        raise UserError(
            f"that is {score.frames / request.rate / 60:.0f} minutes in {score.channels} channels", "fewer --bars"
        )
    # The libraries that write and measure take half a second to load: do that while the engine renders.
    loaded = asyncio.get_running_loop().run_in_executor(None, import_module, "hardcore.audio.loudness")
    async with AsyncExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory(prefix="hardcore-render-"))
        # It loads what it needs while the engine renders.
        ears = await held.enter_async_context(Ears()) if request.listen else None
        raw = await render_raw(
            score.data,
            rate=request.rate,
            channels=score.channels,
            folder=Path(folder),
            progress=lambda share: progress(share * 0.8, "rendering"),
            frames=score.frames,
        )
        await loaded

        def write(told: Progress) -> Rendered:
            import numpy as np

            sound = np.memmap(raw, np.float32, mode="r").reshape(-1, score.channels)
            with staged(request) as there:
                made = _written(there, score, sound, taps, told, sounds.notes)
                told(0.96, "keeping")
            return _placed(made, request)

        result = await beside(write, progress)
        if ears is not None:
            progress(0.97, "listening")
            result = await _listened(result, ears)
    progress(1.0, "done")
    return result


async def _listened(made: Rendered, ears: Ears) -> Rendered:
    try:
        return replace(made, heard=await ears.ask("hear", path=str(made.path.absolute())))
    except (JobFailed, UserError) as error:
        # The file is there and measured: that nobody could listen to it is worth a note, not a failure.
        return replace(made, notes=(*made.notes, f"not listened to: {error.message}"))


def _placed(made: Rendered, request: RenderRequest) -> Rendered:
    """Return it with the names that the files have now."""
    stems = tuple(replace(stem, path=request.stems / stem.path.name) for stem in made.stems if request.stems)
    return replace(made, path=request.path, stems=stems)


def _written(
    request: RenderRequest, score: Score, sound: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    taps: Sequence[Tap], progress: Progress, said: Sequence[str],
) -> Rendered:  # fmt: skip
    master = sound[score.latency : score.frames, :2].T.copy()
    keep = kept_frames(request, score, master)
    shaped = wrapped(master, score.body) if request.loop else faded(master[:, :keep], score.body, request.rate)
    progress(0.82, "writing")
    written, loudness, notes = _settled(request, shaped, progress)
    stems, error = write_stems(request, score, sound, taps, keep, progress) if request.stems else ((), None)
    return Rendered(
        path=request.path,
        bars=bars_of(request),
        body_frames=score.body,
        tail_s=0.0 if request.loop else (keep - score.body) / request.rate,
        rate=written.rate,
        loudness=loudness,
        stems=stems,
        sum_error_db=error,
        notes=tuple(note for note in (*said, *notes, written.note) if note),
    )


def _settled(request: RenderRequest, audio: "Audio", progress: Progress) -> tuple["Written", "Loudness", list[str]]:
    """Return what was written, its loudness measured from the file, and what was done to bring it under the ceiling.

    The guard in the engine limits samples; between them, where a loop's tail meets its beginning, and in what a lossy
    format decodes to, it can be more. Then the file is written again, quieter.
    """
    import numpy as np

    from hardcore.audio import files
    from hardcore.audio.loudness import measure_file, true_peak_dbtp

    peak_db = true_peak_dbtp(audio, request.rate)
    down_db = 0.0 if peak_db is None else max(0.0, peak_db - CEILING_DB)
    for _ in range(3):
        sound = audio * np.float32(10 ** (-down_db / 20)) if down_db else audio
        about = tags(request, request.project.title)
        written = files.write(
            request.path, sound, request.rate, depth=request.depth, tags=about,
            on_progress=lambda share: progress(0.82 + 0.06 * share, "writing"),
        )  # fmt: skip
        progress(0.88, "measuring")
        loudness = measure_file(request.path)
        over_db = (CEILING_DB if loudness.true_peak_dbtp is None else loudness.true_peak_dbtp) - CEILING_DB
        if over_db <= 0.01:
            break
        down_db += over_db
    said = [f"turned down {down_db:.1f} dB for a true peak of {CEILING_DB:g} dBTP"] if down_db >= 0.05 else []
    return written, loudness, said
