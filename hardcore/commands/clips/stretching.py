"""Stretching beside whatever goes on: what is heard is repitched until it was made, then it is stretched.

    stop = keep_stretched(studio)

Exports need none of this: they make what they need first (jobs/stretchtasks.py).
"""

import asyncio
from collections.abc import Callable

from hardcore.commands.core.background import finishes
from hardcore.commands.core.call import Call
from hardcore.commands.core.results import Done, counted
from hardcore.controller.events import HearingChanged
from hardcore.controller.studio import Studio
from hardcore.jobs.job import Job
from hardcore.jobs.joblist import JobList
from hardcore.project.state import ProjectState
from hardcore.project.stretching import KIND, missing
from hardcore.workers.context import Words

LABEL, AUTHOR = "stretching audio to the tempo", "hardcore"


def keep_stretched(studio: Studio) -> Callable[[], None]:
    """Stretch what is heard, now and after each edit, until the function that is returned is called.

    It belongs to the loop in which the studio's jobs run.
    """
    begin_stretching(studio)
    return studio.controller.events.subscribe(HearingChanged, lambda event: _begin(studio, event.heard))


def begin_stretching(studio: Studio) -> None:
    """Begin to make what is heard and was not stretched yet, in the background; nothing where that goes on already."""
    _begin(studio, studio.controller.hearing.heard)


def _begin(studio: Studio, heard: ProjectState, after: int | None = None) -> None:
    """Begin unless it goes on already; `after` is the number of the job that is just over."""
    if not isinstance(studio.jobs, JobList) or not heard.region_loads or not is_on_loop():
        return
    if any(job.kind == KIND and job.number != after for job in studio.jobs.going()):
        return
    lacking = [one for one in missing(heard) if one.key not in _given_up(studio)]
    if lacking:
        wanted = [{**one._asdict(), "sound": one.sound.model_dump(mode="json")} for one in lacking]
        _given_up(studio).update(one.key for one in lacking)
        studio.jobs.start(KIND, {"stretches": wanted}, LABEL, AUTHOR)


def is_on_loop() -> bool:
    """Return whether this is the thread of a loop: drums that steer themselves are heard from another."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Tried(set[str]):
    """What was begun to be stretched in this session: what failed is not tried at every edit."""


def _given_up(studio: Studio) -> _Tried:
    known = studio.recall(_Tried)
    if known is None:
        known = _Tried()
        studio.keep(known)
    return known


@finishes(KIND)
def stretch_done(call: Call, job: Job, done: Words) -> Done:
    """Let what was stretched be heard, and begin with what the project needs by now."""
    call.controller.hearing.refresh()
    _begin(call.studio, call.controller.hearing.heard, job.number)
    return Done(message=f"stretched {counted(done['made'], 'sound')}")
