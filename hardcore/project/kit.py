"""Dressing a project's drum tracks: each takes the sound that a kit has for its role."""

from collections.abc import Mapping

from hardcore.errors import UserError
from hardcore.project.preset import Preset, with_preset
from hardcore.project.roles import Role
from hardcore.project.state import ProjectState


def with_kit(project: ProjectState, sounds: Mapping[Role, Preset]) -> tuple[ProjectState, tuple[str, ...]]:
    """Return the project with the kit's sounds on its drum tracks, and the names of those tracks, in their order.

    Notes, faders, sends and side-chains stay. Raises UserError when no track has a role that the kit has.
    """
    dressed = []
    for track in project.tracks:
        if track.instrument is not None and track.role is not None and track.role in sounds:
            project = with_preset(project, track.id, sounds[track.role])
            dressed.append(track.name)
    if not dressed:
        raise UserError("no track here is a drum", f"give one a role: track add kick --role {next(iter(sounds))}")
    return project, tuple(dressed)
