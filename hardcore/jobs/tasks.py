"""The tasks of jobs that work on a project: each a function that runs in a worker and answers with data.

They start the engine, and workers with limits of their own for sounds of unknown origin; whatever they have started is
killed with them. What they write for a while lies in their folder.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hardcore.compose.mix.target import wanted
from hardcore.compose.review.hearing import Ears
from hardcore.compose.review.review import review as reviewed
from hardcore.errors import UserError
from hardcore.jobs.album import AlbumRequest, Source, write_album
from hardcore.jobs.analysis import ask
from hardcore.jobs.bouncing import bounce as bounce
from hardcore.jobs.exchange import dawproject as dawproject
from hardcore.jobs.generation import generate as generate
from hardcore.jobs.mixdown import correct as corrected
from hardcore.jobs.mixdown import judge as judged
from hardcore.jobs.mixdown import loudness_of
from hardcore.jobs.mixdown import match as matched
from hardcore.jobs.piece import piece as piece
from hardcore.jobs.previewing import preview as preview
from hardcore.jobs.rawtake import plugin_sounds as plugin_sounds
from hardcore.jobs.render import render
from hardcore.jobs.request import MixFile, Rendered, RenderRequest
from hardcore.jobs.reviewing import reviewed as heard_review
from hardcore.jobs.scan import scan as scanned
from hardcore.jobs.soundsource import part_of, sound_of
from hardcore.jobs.stemsreadme import README
from hardcore.jobs.trackcosts import costs as costs
from hardcore.knowledge.targets import target as target_called
from hardcore.project.markers import marks
from hardcore.project.soundfacts import SoundFile
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.workers.context import Context, Words


def export(
    context: Context, file: str, stage: str, bars: int | None, scene: str | None, stems: str | None,
    places: Words, correct: bool, review: bool, target: str, also: Sequence[str], sidecar: str | None, **options: Any,
) -> Words:  # fmt: skip
    """Write a project to sound files and perhaps stems; return what was written, measured from the files.

    review   whether to say what a producer would say of it first
    """
    project: ProjectState = context.project()
    playing = tuple(timeline(project, project.find_scene(scene) if scene else None, bars))
    request = RenderRequest(
        project=project, playing=playing, marks=() if scene else marks(project, end_ticks(playing)), path=Path(file),
        stage=Path(stage), stems=Path(stems) if stems else None, places=_paths(places),
        wanted=wanted(project) if correct else None, target=target_called(target),
        also=tuple(map(Path, also)), sidecar=Path(sidecar) if sidecar else None, **options,
    )  # fmt: skip
    made = asyncio.run(render(request, context.progress))
    return {**_written(made), "critique": _weightiest(project, made) if review else None}


def _weightiest(project: ProjectState, made: Rendered) -> Words | None:
    """Return what a producer would say first of what was rendered, None where there is nothing to say."""
    listened = made.listened
    try:
        found = reviewed(listened.project if listened else project, ears=Ears(listened.after) if listened else None)
    except UserError:  # nothing sounds
        return None
    return found[0].data() if found else None


def album(
    context: Context, sources: list[Words], folder: str, stage: str, endings: list[str], target: str, **options: Any
) -> Words:
    """Write several mixes as the tracks of an album; return what was written, measured from the files."""
    pieces = tuple(Source(Path(one["file"]), one["gain_db"], one["about"]) for one in sources)
    request = AlbumRequest(pieces, Path(folder), Path(stage), tuple(endings), target=target_called(target), **options)
    made = write_album(request, context.progress)
    return {
        "files": [str(path) for path in made.files],
        "cue": str(made.cue),
        "lufs": made.lufs,
        "true_peak_dbtp": made.true_peak_dbtp,
        "gain_db": made.levelled.gain_db,
        "limited_db": made.levelled.limited_db,
        "in_reach": made.levelled.in_reach,
        "tracks": [
            {
                "file": str(track.path), "title": track.title, "sound_s": track.sound_s,
                "length_s": track.loudness.length_s, "lufs": track.loudness.integrated_lufs,
                "true_peak_dbtp": track.loudness.true_peak_dbtp,
            }
            for track in made.tracks
        ],
    }  # fmt: skip


def judge(context: Context, parts: bool, places: Words, **options: Any) -> Words:
    """Return what is heard of a project's mix and, with `parts`, of each of its tracks by itself."""
    request = _listened(context.project(), places, options)
    return {"heard": asdict(asyncio.run(judged(request, context.progress, parts=parts)))}


def sections(context: Context, stretches: list[list[int]], places: Words, **options: Any) -> Words:
    """Return how loud a project's mix is in stretches of ticks, LUFS; null in silence."""
    request = _listened(context.project(), places, options)
    return {"lufs": asyncio.run(loudness_of(request, stretches, context.progress))}


def correct(context: Context, style: str | None, places: Words, **options: Any) -> Words:
    """Return what brings a project's mix nearer to what its style, or another one, wants, and what was heard then."""
    project: ProjectState = context.project()
    made = asyncio.run(corrected(_listened(project, places, options), wanted(project, style), context.progress))
    return {"changes": [asdict(change) for change in made.changes], "said": made.said, "after": asdict(made.after)}


def match(context: Context, reference: str, name: str, correct: bool, places: Words, **options: Any) -> Words:
    """Return the figures of a recording and of a project's mix, and what brings that nearer, if it is to be."""
    request = _listened(context.project(), places, options)
    return asyncio.run(_matched(context, Path(reference), name, correct, request))


async def _matched(context: Context, reference: Path, name: str, correct: bool, request: RenderRequest) -> Words:
    figures = await ask("overall", path=str(reference))
    if figures["lufs"] is None:
        raise UserError(f"{name} is silent, or too short to be a reference", "a second of sound at least")
    changes, (before, after) = await matched(request, name, figures, context.progress, correct=correct)
    return {"changes": [asdict(change) for change in changes], "reference": figures, "before": before, "after": after}


def review(context: Context, where: str, places: Words, **options: Any) -> Words:
    """Return what a producer would say of a project, or of a stretch of it, having heard it."""
    request = _listened(context.project(), places, options)
    found = asyncio.run(heard_review(request, where, context.progress))
    return {"findings": [one.data() for one in found]}


def analyse(context: Context, sources: list[dict[str, str]]) -> Words:
    """Return the analysis of each source: a `file`, or a `part` of the project, which is rendered first."""
    return asyncio.run(_analysed(context, sources))


async def _analysed(context: Context, sources: list[dict[str, str]]) -> Words:
    heard = []
    for source in sources:
        path = await _sound(context, source)
        context.progress(0.95, "listening")
        heard.append(await ask("hear", path=str(path)))
    return {"heard": heard}


def picture(context: Context, source: dict[str, str], task: str, options: Words) -> Words:
    """Return what the ears' task `draw` or `paint` makes of a source."""
    return asyncio.run(_pictured(context, source, task, options))


async def _pictured(context: Context, source: dict[str, str], task: str, options: Words) -> Words:
    path = await _sound(context, source)
    context.progress(0.95, "drawing")
    return await ask(task, path=str(path), **options)


async def _sound(context: Context, source: dict[str, str]) -> Path:
    if "file" in source:
        return Path(source["file"])
    project: ProjectState = context.project()
    return await sound_of(project, part_of(project, source["part"]), context.folder, context.progress)


def scan(context: Context, folder: str, known: dict[str, tuple[int, int]], within: list[str] | None) -> Words:
    """Hear every new sound in a folder; each lot is handed over as it is heard."""

    def take(files: Sequence[SoundFile]) -> None:
        context.part({"files": [asdict(file) for file in files]})

    roots = [Path(root) for root in within] if within is not None else None
    sizes = {path: (size, changed) for path, (size, changed) in known.items()}
    return asdict(asyncio.run(scanned(Path(folder), sizes, take, context.progress, within=roots)))


def _listened(project: ProjectState, places: Words, options: Words) -> RenderRequest:
    return RenderRequest(
        project=project, playing=tuple(timeline(project)), path=Path(), places=_paths(places), **options
    )


def _paths(places: Words) -> dict[str, Path]:
    return {sha256: Path(path) for sha256, path in places.items()}


def _written(made: Rendered) -> Words:
    listened = made.listened
    return {
        "file": str(made.path),
        "bars": made.bars,
        "length_s": made.loudness.length_s,
        "body_frames": made.body_frames,
        "tail_s": made.tail_s,
        "rate": made.rate,
        "lufs": made.loudness.integrated_lufs,
        "true_peak_dbtp": made.loudness.true_peak_dbtp,
        "peak_dbfs": made.loudness.peak_dbfs,
        "said": made.loudness.words(),
        "files": [_file(file) for file in made.files],
        "sidecar": str(made.sidecar) if made.sidecar else None,
        "stems": [{"file": str(stem.path), "track": stem.track, "summed": stem.summed} for stem in made.stems],
        "stems_error_db": made.sum_error_db,
        "stems_readme": str(made.stems[0].path.with_name(README)) if made.stems else None,
        "notes": made.notes,
        "heard": made.heard,
        "corrected": listened.said if listened else (),
        "changes": [asdict(change) for change in listened.changes] if listened else None,
    }


def _file(file: MixFile) -> Words:
    loudness = file.loudness
    return {
        "file": str(file.path),
        "format": file.format,
        "rate": file.rate,
        "depth": file.depth,
        "bytes": file.path.stat().st_size,
        "lufs": loudness.integrated_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "crest_db": loudness.crest_db,
        "crest_before_db": file.crest_before_db,
        "gain_db": file.gain_db,
        "limited_db": file.limited_db,
        "said": loudness.words(),
    }
