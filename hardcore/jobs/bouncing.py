"""Bouncing: what tracks sound like, kept as artifacts: a whole track, group or mix, or each clip of a track."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from hardcore.errors import UserError
from hardcore.jobs.artifactsound import keep_sound
from hardcore.jobs.render import render
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.jobs.soundfiles import playable
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.project.freezing import bare
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.timeline import Playing, end_ticks, timeline
from hardcore.workers.context import Context, Words


def bounce(
    context: Context, track: str, scene: str | None, clips: Sequence[str] | None, kind: str, rate: int,
    places: dict[str, str],
) -> Words:  # fmt: skip
    """Return the artifact of what a track, group or the master sounds like, or one for each of a track's `clips`."""
    project: ProjectState = context.project()
    there = {sha256: Path(path) for sha256, path in places.items()}
    if clips is not None:
        found = {}
        for place, clip in enumerate(clips):
            known = project.find_clip(clip)[1]
            alone = (Playing(track, known, 0, known.length_ticks),)
            made = _request(bare(project, track), alone, context.folder / f"{place}", rate, there, loop=True)
            told = _part(context.progress, place, len(clips))
            found[clip] = _kept(made, track, known.name, kind, told).model_dump(mode="json")
        return {"clips": found}
    playing = tuple(timeline(project, project.find_scene(scene) if scene else None))
    if not playing:
        raise UserError("there is nothing to hear", "a prompt or a clip makes something")
    request = _request(project, playing, context.folder / "whole", rate, there, loop=scene is not None)
    known_sound = _kept(request, track, project.find_track(track).name, kind, context.progress)
    return {"artifact": known_sound.model_dump(mode="json"), "length_ticks": end_ticks(playing)}


def _part(progress: Progress, place: int, count: int) -> Progress:
    return lambda share, words: progress((place + share) / count, words)


def _request(
    project: ProjectState, playing: tuple[Playing, ...], folder: Path, rate: int, places: dict[str, Path], *, loop: bool
) -> RenderRequest:
    folder.mkdir()
    return RenderRequest(
        project=project, playing=playing, path=folder / "mix.wav", rate=rate, depth="32f", loop=loop,
        stems=folder / "stems", listen=False, places=places,
    )  # fmt: skip


def _kept(request: RenderRequest, track: str, name: str, kind: str, progress: Progress) -> Artifact:
    """Return the artifact of one track of a render; the master's is the whole mix. It can be played at once."""
    from hardcore.audio.reader import OURS, read

    made = asyncio.run(render(request, progress))
    path = made.path
    if track != MASTER_ID:
        own = request.project.find_track(track).name
        path = next(stem.path for stem in made.stems if stem.track == own)
    audio, rate = read(path, OURS)
    known = keep_sound(audio, rate, name=name, kind=kind, recipe={"track": name, "title": request.project.title})
    playable(artifacts.recording_of(known.sound), artifacts.path_of(known.sha256))
    return known
