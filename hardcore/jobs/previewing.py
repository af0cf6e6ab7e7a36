"""Previews of what a library keeps: rendered, heard, and kept in the cache by content."""

import asyncio
from pathlib import Path

from hardcore.artifacts import PRIVATE, write_whole
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project.previews import BARS, Preview
from hardcore.project.recording import Recording, file_digest
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.workers.context import Context, Words

FACTS = ".json"


def preview(context: Context, file: str, rate: int, places: dict[str, str]) -> Words:
    """Render the first bars of a project's first scene to a file, and return the preview; its facts lie beside it."""
    from hardcore.audio.likeness import figures
    from hardcore.audio.reader import OURS, read

    project: ProjectState = context.project()
    playing = tuple(timeline(project, project.scenes[0], BARS))
    request = RenderRequest(
        project=project, playing=playing, path=context.folder / "preview.wav", rate=rate, depth="16", listen=False,
        longest_tail_s=1.0, places={sha256: Path(path) for sha256, path in places.items()},
    )  # fmt: skip
    path, target = asyncio.run(render(request, context.progress)).path, Path(file)
    audio, rate = read(path, OURS)
    write_whole(target, path.read_bytes(), PRIVATE)
    recording = Recording(
        sha256=file_digest(target), name="preview", path=file, size=target.stat().st_size, frames=audio.shape[1],
        rate=rate, channels=audio.shape[0],
    )  # fmt: skip
    made = Preview(recording=recording, figures=figures(audio, rate))
    write_whole(target.with_suffix(FACTS), made.model_dump_json().encode(), PRIVATE)
    return made.model_dump(mode="json")
