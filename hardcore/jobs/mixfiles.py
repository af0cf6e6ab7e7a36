"""Files of a mix: one sound, brought to its loudness once, written in every format that is asked for beside each other.

A file is measured from what is in it, and written again where its format made it louder or its peaks higher.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from copy import copy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.audio.formats import by_ending
from hardcore.jobs.request import MixFile, Progress, RenderRequest, tags
from hardcore.jobs.writing import Writing
from hardcore.knowledge.targets import Target

if TYPE_CHECKING:
    from hardcore.audio.leveller import Goal, Leveller
    from hardcore.audio.samples import Audio

MOST_TRIES = 4


def goal(target: Target) -> "Goal":
    """Return the level and the ceiling that a target asks for."""
    import math

    from hardcore.audio.leveller import Goal

    if target.rms is not None:
        return Goal(target.peak, 20 * math.log10(target.rms), "rms")
    return Goal(target.peak, target.lufs)


def begin_mix(request: RenderRequest, audio: "Audio", writing: Writing) -> "list[Future[MixFile]]":
    """Begin to write the mix to each of its files; return what becomes of each, the request's own first."""
    from hardcore.audio.leveller import Leveller
    from hardcore.audio.tilt import tilted

    shaped = tilted(audio, request.target.tilt_db, loop=request.loop)
    leveller = Leveller(shaped, request.rate, goal(request.target), loop=request.loop)
    # begun first, so that none of those that wait for it can keep it from a thread
    levelled = writing.begin(partial(_levelled, leveller))
    return [
        writing.begin(partial(_written, request, path, leveller, levelled)) for path in (request.path, *request.also)
    ]


def _levelled(leveller: "Leveller", progress: Progress) -> "Audio":
    progress(0.0, "levelling")
    return leveller.sound()


def _written(
    request: RenderRequest, path: Path, first: "Leveller", levelled: "Future[Audio]", progress: Progress
) -> MixFile:
    from hardcore.audio import files
    from hardcore.audio.loudness import measure_file

    sound, leveller = levelled.result(), copy(first)
    form = by_ending()[path.suffix.lower()]
    for _ in range(MOST_TRIES):
        written = files.write(
            path, sound, request.rate, depth=form.depth(request.depth), tags=tags(request, request.project.title),
            on_progress=lambda share: progress(0.9 * share, "writing"),
        )  # fmt: skip
        progress(0.95, "measuring")
        loudness = measure_file(path)
        if not leveller.missed(loudness):
            break
        sound = leveller.sound()
    return MixFile(
        path=path,
        format=form.name,
        rate=written.rate,
        depth="" if form.is_lossy else form.depth(request.depth),
        loudness=loudness,
        gain_db=leveller.done.gain_db,
        limited_db=leveller.done.limited_db,
        in_reach=leveller.done.in_reach,
        crest_before_db=leveller.crest_db,
        note=written.note,
    )


def notes(files: Sequence[MixFile], target: Target) -> list[str]:
    """Return what is to be said of how the files came to their levels, each thing once."""
    own = {file.format: _levelling(file, target) for file in files}
    alike = len(set(own.values())) == 1
    said = [f"{name}: {note}" if note and not alike else note for name, note in own.items()]
    said += [file.note for file in files]
    return list(dict.fromkeys(note for note in said if note))


def _levelling(file: MixFile, target: Target) -> str:
    if target.lufs is None and target.rms is None:
        down_db = -file.gain_db
        return f"turned down {down_db:.1f} dB for a true peak of {target.peak:g} dBTP" if down_db >= 0.05 else ""
    from hardcore.audio.leveller import MOST_LIMITED_DB
    from hardcore.audio.loudness import signed

    loud, crest, before = file.loudness, file.loudness.crest_db, file.crest_before_db
    if goal(target).level(loud) is None or crest is None or before is None:
        return "too short or too quiet for a loudness: only the true peak is held"
    aim = f"mean power {target.rms:g}" if target.rms is not None else f"{signed(target.lufs)} LUFS"
    said = f"{'+' * (file.gain_db > 0)}{signed(file.gain_db)} dB for {aim}"
    if file.limited_db >= 0.05:
        said += f", the limiter took up to {file.limited_db:.1f} dB, crest {before:.1f} → {crest:.1f} dB"
    return said if file.in_reach else f"{said}; louder would take more than {MOST_LIMITED_DB:g} dB of limiting"
