"""What commands render to listen to a mix."""

from pathlib import Path

from hardcore.commands.call import Call
from hardcore.commands.sounds import sound_places
from hardcore.jobs.request import LOWEST_RATE, RenderRequest
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline


def listened_to(call: Call, project: ProjectState) -> RenderRequest:
    """Return what is listened to: a whole project, at the rate it is written with if that has all bands."""
    settings = call.studio.settings.render
    return RenderRequest(
        project=project,
        playing=tuple(timeline(project)),
        path=Path(),
        rate=max(settings.rate, LOWEST_RATE),
        longest_tail_s=settings.tail_s,
        places=sound_places(call),
    )
