"""What commands about the user's own sounds have in common: finding one, and finding its file."""

from pathlib import Path

from hardcore.commands.core.call import Call
from hardcore.controller.storeports import SoundIndex
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError, near, nearest
from hardcore.project import artifacts, samples
from hardcore.project.artifact import Artifact
from hardcore.project.recording import Recording
from hardcore.project.recordings import recordings
from hardcore.project.samples import Sample
from hardcore.project.soundfacts import recording_of
from hardcore.project.state import ProjectState


def index_of(call: Call) -> SoundIndex:
    """Return the user's library of sounds. Raises UserError in a studio that keeps none."""
    if call.studio.sounds is None:
        raise UserError("this studio keeps no sounds")
    return call.studio.sounds


def sound_called(call: Call, name: str, *, pitched: bool = False) -> Sample | Recording:
    """Return the program's sample of that name, or the user's of that name, id or path; `pitched` for a melodic part.

    Raises UserError naming the nearest of both.
    """
    if name in samples.samples() or call.studio.sounds is None:
        return samples.sample(name)
    if not name.strip():
        raise UserError("no sample ''", nearest("", samples.samples()))
    try:
        return recording_of(index_of(call).find(name), pitched=pitched)
    except NotFound as error:
        ours = near(name, samples.samples())
        hint = error.hint if error.near and not ours else nearest(name, samples.samples())
        raise NotFound(f"no sample '{name}'", hint, ours or error.near) from error


def sound_places(call: Call, project: ProjectState | None = None) -> dict[str, Path]:
    """Return where the sounds of a project (the open one) lie, by hash: collected beside it, or in the library."""
    return places_in(call.studio, project or call.project)


def places_in(studio: Studio, project: ProjectState) -> dict[str, Path]:
    """Return where the sounds of a project lie for a studio, as `sound_places` does."""
    known = recordings(project)
    if not known:
        return {}
    from hardcore.jobs.soundfiles import collected, collected_folder

    found = studio.sounds.paths(known) if studio.sounds is not None else {}
    if studio.controller.path is not None:
        folder = collected_folder(studio.controller.path)
        for sha256, recording in known.items():
            if sha256 not in found and (copy := collected(recording, folder)) is not None:
                found[sha256] = copy
    return found


async def ensure_playable(known: list[Artifact]) -> None:
    """See to it that the engine can play artifacts at once. Raises UserError when one cannot be read."""
    from hardcore.jobs import preparation

    for one in known:
        await preparation.ensure_playable(artifacts.recording_of(one.sound))
