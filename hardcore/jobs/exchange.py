"""DAWproject files: a project as one, with its sounds and, if asked, those of its parts; and one as a project."""

import asyncio
from pathlib import Path

from hardcore.artifacts import replacing
from hardcore.errors import NotFound
from hardcore.exchange.dawproject.media import Sound
from hardcore.exchange.dawproject.package import write_package
from hardcore.exchange.dawproject.reduced import arranged
from hardcore.jobs.render import render
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.project import artifacts, clips, placing, tracks
from hardcore.project.artifact import Artifact, SoundRef
from hardcore.project.recording import file_digest
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.workers.context import Context, Words

BOUNCED = "bounced"


def dawproject(context: Context, file: str, stage: str, stems: bool, places: dict[str, str], rate: int) -> Words:
    """Write a project as a DAWproject; with `stems` its parts lie in it as audio as well. Return what was written."""
    project: ProjectState = context.project()
    bounced: dict[str, Path] = {}
    if stems:
        there = {sha256: Path(path) for sha256, path in places.items()}
        project, bounced = _with_audio(context, project, there, rate)

    def sound_file(sound: Sound) -> Path:
        context.progress(0.9, f"packing {sound.sound.name}")
        known = bounced.get(sound.sound.artifact)
        return known or unpacked(sound, context.folder)

    folder, target = Path(stage), Path(file)
    folder.mkdir(exist_ok=True)
    with replacing(folder / target.name) as package:
        document = write_package(package, project, sound_file)
    (folder / target.name).replace(target)
    return {"file": file, "sounds": len(document.sounds), "losses": list(document.losses)}


def read_dawproject(path: Path, folder: Path, progress: Progress) -> tuple[ProjectState, list[str], list[Artifact]]:
    """Return the project that a DAWproject of unknown origin holds, what was lost, and the artifacts of its sounds.

    What is unpacked lies in `folder` meanwhile. In a worker only. Raises UserError.
    """
    from hardcore.exchange.dawproject.opened import opened
    from hardcore.exchange.dawproject.reading import read_project
    from hardcore.exchange.losses import Losses
    from hardcore.jobs.artifactsound import keep_file

    known: dict[str, Artifact] = {}
    losses = Losses()
    with opened(path) as package:

        def sound(name: str) -> Artifact:
            if name not in known:
                progress(min(0.9, 0.1 + len(known) / 100), f"reading {Path(name).name[:40]}")
                target = folder / f"sound{Path(name).suffix[:8] if Path(name).suffix[1:].isalnum() else ''}"
                package.unpack(name, target)
                known[name] = keep_file(target, Path(name).stem)
            return known[name]

        project = read_project(package, sound, losses)
    return project, list(losses.lines()), list(known.values())


def unpacked(sound: Sound, folder: Path) -> Path:
    """Return a WAV of an artifact, turned round if the sound says so, which lies in `folder`. Raises NotFound."""
    from hardcore.audio import files
    from hardcore.audio.intake import whole

    source = artifacts.path_of(sound.sound.artifact)
    if not source.is_file():
        raise NotFound(f"the sound {sound.sound.name} is not there", "artifacts list shows what is")
    audio, rate = whole(source)
    target = folder / "unpacked.wav"
    files.write(target, audio[:, ::-1] if sound.reverse else audio, rate, depth="24")
    return target


def _with_audio(
    context: Context, project: ProjectState, there: dict[str, Path], rate: int
) -> tuple[ProjectState, dict[str, Path]]:
    """Return the project with a muted group of audio tracks, one for each part, and where their sounds lie, by hash."""
    from hardcore.audio.intake import measure

    project = arranged(project)
    playing = tuple(timeline(project))
    request = RenderRequest(
        project=project, playing=playing, path=context.folder / "mix.wav", stems=context.folder / "stems", rate=rate,
        listen=False, places=there,
    )  # fmt: skip
    made = asyncio.run(render(request, lambda share, words: context.progress(share * 0.85, words)))
    names = {track.name for track in project.tracks if track.kind == "midi"}
    project, group = tracks.add_track(project, BOUNCED, "group")
    project = project.with_mixer(group, mute=True)
    found: dict[str, Path] = {}
    for stem in made.stems:
        if stem.track in names:
            frames, own_rate, channels = measure(stem.path)
            digest = file_digest(stem.path)
            found[digest] = stem.path
            sound = SoundRef(
                artifact=digest, name=stem.track, size=stem.path.stat().st_size, frames=frames, rate=own_rate,
                channels=channels,
            )  # fmt: skip
            project = _placed(project, group, sound, end_ticks(playing))
    return project, found


def _placed(project: ProjectState, group: str, sound: SoundRef, length: int) -> ProjectState:
    project, track = tracks.add_track(project, f"{sound.name} audio", "audio")
    project = tracks.route(project, track, group)
    region = AudioRegion(sound=sound, frames=sound.frames)
    project, clip = clips.add_clip(project, track, None, length, name=sound.name, region=region)
    return placing.place(project, clip, 0)
