"""What can be listened to: a sound file as it is, or a part of the project rendered for the purpose."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hardcore.errors import UserError, nearest
from hardcore.jobs.foldersearch import SUFFIXES
from hardcore.jobs.render import render
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, timeline


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a project to listen to: what it was called, its name, and what plays."""

    source: str
    name: str
    playing: tuple[Playing, ...]


def is_file_name(source: str) -> bool:
    """Return whether a source means a file rather than a part of the project."""
    return Path(source).suffix.lower() in SUFFIXES


def part_of(project: ProjectState, source: str, files: Iterable[str] = ()) -> Part:
    """Return the whole project for an empty `source`, else a track (all its clips) or a clip.

    Raises UserError naming the nearest of them; `files` are sounds that might have been meant.
    """
    whole = tuple(timeline(project))
    if not source:
        return Part(source, project.title, whole)
    if ":" not in source:
        try:
            track = project.find_track(source)
        except UserError:
            pass
        else:
            inside = _inside(project, track.id)
            return Part(source, track.name, tuple(one for one in whole if one.track_id in inside))
    clips = {name for _, clip in project.clips() for name in (clip.id, clip.name.casefold())}
    if ":" not in source and source not in clips and source.casefold() not in clips:
        known = [track.name for track in project.tracks]
        known += [clip.name for _, clip in project.clips() if clip.name not in known]
        raise UserError(f"no sound file, track or clip '{source}'", nearest(source, [*known, *sorted(files)]))
    track, clip = project.find_clip(source)
    return Part(source, f"{track.name}:{clip.name}", (Playing(track.id, clip, 0, clip.length_ticks),))


def _inside(project: ProjectState, track_id: str) -> set[str]:
    """Return a track's id and those of the tracks that go into it, however far down."""
    found = {track_id}
    while more := {track.id for track in project.tracks if track.output in found} - found:
        found |= more
    return found


async def sound_of(project: ProjectState, part: Part, folder: Path, progress: Progress) -> Path:
    """Return a file in `folder` with a part of the project as it leaves the master. Raises UserError, EngineError."""
    if not part.playing:
        raise UserError(f"{part.name} plays nothing", "a prompt or a clip makes something to hear")
    request = RenderRequest(project=project, playing=part.playing, path=folder / "part.wav", depth="32f", listen=False)
    return (await render(request, progress)).path
