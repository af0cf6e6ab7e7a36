"""A piece of a batch, from what its prompt asks for to its files and its row in the manifest, in one task."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.compose.form.song import composed
from hardcore.compose.intent import Intent
from hardcore.compose.mix.target import wanted
from hardcore.jobs.comparison import summary
from hardcore.jobs.manifest import Row, described
from hardcore.jobs.render import render
from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.jobs.stemsreadme import README
from hardcore.knowledge.targets import target as target_called
from hardcore.music.ticks import PPQ
from hardcore.project.markers import marks
from hardcore.project.midi import to_midi
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.workers.context import Context, Words

# Of what was heard, what is compared with what was asked.
_HEARD = ("tempo_bpm", "tempo_confidence", "key", "key_confidence", "faults")


def piece(
    context: Context, intent: Words, seed: int, name: str, stage: str, format: str, also: Sequence[str],
    stems: bool, midi: bool, sidecar: bool, target: str, correct: bool, **options: Any,
) -> Row:  # fmt: skip
    """Compose what an intent asks for and write its files; return what a manifest says of the piece.

    name     what its files are called, without an ending
    stage    the folder that they are written to, made when it is missing
    also     endings of further formats
    options  rate, depth, tails and software as those of `RenderRequest`
    """
    context.progress(0.0, "composing")
    project, _ = composed(Intent.model_validate(intent), seed)
    playing = tuple(timeline(project))
    marked = marks(project, end_ticks(playing))
    folder = Path(stage)
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.{format}"
    request = RenderRequest(
        project=project, playing=playing, marks=marked, path=path, also=tuple(path.with_suffix(one) for one in also),
        stems=folder / f"{name} stems" if stems else None, sidecar=path.with_suffix(".json") if sidecar else None,
        wanted=wanted(project) if correct else None, target=target_called(target), **options,
    )  # fmt: skip
    made = asyncio.run(render(request, context.progress))
    files = [*(file.path for file in made.files), *(stem.path for stem in made.stems)]
    files += [path for path in (made.sidecar, request.stems and request.stems / README) if path]
    if midi:
        files.append(path.with_suffix(".mid"))
        write_whole(files[-1], to_midi(project, playing, marked, PPQ))
    return {**_facts(project, made), "target": target, "files": [described(file, folder) for file in files]}


def _facts(project: ProjectState, made: Rendered) -> Row:
    source = project.provenance
    heard = summary(made.heard) if made.heard else {}
    return {
        "title": project.title,
        "style": dict(source.intent).get("genre", "").strip('"') or None if source else None,
        "tempo_bpm": project.tempo_map.bpm,
        "music_key": project.key.name,
        "meter": project.meter_map.text,
        "bars": made.bars,
        "sections": [{"name": one.name, "kind": one.kind, "bars": one.bars} for one in project.sections],
        "length_s": made.loudness.length_s,
        "lufs": made.loudness.integrated_lufs,
        "true_peak_dbtp": made.loudness.true_peak_dbtp,
        "heard": {name: heard.get(name) for name in _HEARD},
        "made_by": source.version if source else None,
    }
