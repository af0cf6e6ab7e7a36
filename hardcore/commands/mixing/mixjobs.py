"""Listening to a mix: what commands ask of the jobs that render and judge one."""

from typing import Any

from hardcore.commands.core.call import Call
from hardcore.commands.tracks.sounds import sound_places
from hardcore.project.state import ProjectState


def mix_options(call: Call, project: ProjectState) -> dict[str, Any]:
    """Return how a project's mix is rendered to listen to it: whole, at the rate of files if that has all bands."""
    from hardcore.jobs.request import LOWEST_RATE

    settings = call.studio.settings.render
    return {
        "rate": max(settings.rate, LOWEST_RATE),
        "longest_tail_s": settings.tail_s,
        "places": {sha256: str(place) for sha256, place in sound_places(call, project).items()},
    }
