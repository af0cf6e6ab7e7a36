"""Grooves of a project: which one is in force where, putting one on, taking it off.

A groove that is used is copied into the project, so a project sounds the same wherever it is opened. The most
particular one counts: a clip's own, else its track's, else the project's. They are never added up.
"""

from collections.abc import Iterator
from typing import NamedTuple

from hardcore.errors import NotFound, UserError, nearest
from hardcore.music.groove import GrooveTemplate
from hardcore.project.clip import Clip, GrooveUse
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

MAX_GROOVES = 256


class InForce(NamedTuple):
    """A groove and how much of its timing and velocity is played, 0–1."""

    template: GrooveTemplate
    timing: float
    velocity: float


def in_force(project: ProjectState, track: Track, clip: Clip | None = None) -> InForce | None:
    """Return the groove that a clip, or a clip without one of its own, is played with; None when it is straight."""
    use = (clip.groove if clip else None) or track.groove
    if use is not None:
        template = find(project, use.groove) if use.groove is not None and (use.timing or use.velocity) else None
        return InForce(template, use.timing, use.velocity) if template else None
    loud = project.groove_amount if project.groove_velocity is None else project.groove_velocity
    timing, velocity = project.groove_amount * track.groove_amount, loud * track.groove_amount
    template = project.groove if timing or velocity else None
    return InForce(template, timing, velocity) if template else None


def find(project: ProjectState, groove_id: str) -> GrooveTemplate | None:
    """Return the project's groove with that id, None when it has none."""
    return next((groove for groove in project.grooves if groove.id == groove_id), None)


def key(name: str) -> str:
    """Return the id that a groove's name gives: lower case, one underscore where spaces and hyphens are."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def uses(project: ProjectState, groove_id: str) -> Iterator[str]:
    """Yield the names of what is played with a groove: `project`, tracks, clips."""
    if project.active_groove == groove_id:
        yield "project"
    for thing in with_own(project):
        if thing.groove is not None and thing.groove.groove == groove_id:
            yield thing.name


def with_own(project: ProjectState) -> Iterator[Track | Clip]:
    """Yield the tracks and clips that have a groove of their own, or are told to play straight."""
    for track in project.tracks:
        if track.groove is not None:
            yield track
        yield from (clip for clip in track.clips if clip.groove is not None)


def adopt(project: ProjectState, template: GrooveTemplate) -> tuple[ProjectState, str]:
    """Return the project with a copy of the groove in it, and the id it has there.

    A different groove of this id gives way, unless it is in use: then the new one gets a number. Raises UserError.
    """
    base, number = template.id, 1
    while (known := find(project, template.id)) is not None:
        if known == template:
            return project, template.id
        if not any(uses(project, template.id)):
            project = _without(project, template.id)
            break
        number += 1
        template = template.evolve(id=f"{base[:74]}_{number}")
    project = tidied(project) if len(project.grooves) >= MAX_GROOVES else project
    if len(project.grooves) >= MAX_GROOVES:
        raise UserError(f"a project holds {MAX_GROOVES} grooves at most", "remove some first")
    return project.evolve(grooves=(*project.grooves, template)), template.id


def _without(project: ProjectState, groove_id: str) -> ProjectState:
    return project.evolve(grooves=tuple(groove for groove in project.grooves if groove.id != groove_id))


def tidied(project: ProjectState) -> ProjectState:
    """Return the project without the grooves that nothing uses."""
    kept = tuple(groove for groove in project.grooves if any(uses(project, groove.id)))
    return project if len(kept) == len(project.grooves) else project.evolve(grooves=kept)


def drop(project: ProjectState, groove_id: str) -> ProjectState:
    """Return the project without a groove. Raises UserError when it has none of that id, or something uses it."""
    if find(project, groove_id) is None:
        raise NotFound(
            f"no groove '{groove_id}' in the project", nearest(groove_id, [known.id for known in project.grooves])
        )
    if names := list(uses(project, groove_id)):
        raise UserError(f"{groove_id} is used by {', '.join(names[:4])}", f"first: groove remove {names[0]}")
    return _without(project, groove_id)


def put_on_project(project: ProjectState, template: GrooveTemplate, timing: float, velocity: float) -> ProjectState:
    """Return the project played with the groove, wherever no track or clip has one of its own; amounts are 0–1."""
    project, groove_id = adopt(project, template)
    apart = None if velocity == timing else velocity
    return project.evolve(active_groove=groove_id, groove_amount=timing, groove_velocity=apart)


def put_on_track(
    project: ProjectState, track_id: str, template: GrooveTemplate, timing: float, velocity: float
) -> ProjectState:
    """Return the project with the groove on a midi track; amounts are 0–1. Raises UserError."""
    track = project.find_track(track_id)
    if track.kind != "midi":
        raise UserError(f"{track.name} is a {track.kind} track and plays no notes", "a groove is for a midi track")
    project, groove_id = adopt(project, template)
    use = GrooveUse(groove=groove_id, timing=timing, velocity=velocity)
    return project.with_track(track_id, lambda track: track.evolve(groove=use))


def put_on_clip(
    project: ProjectState, clip_id: str, template: GrooveTemplate, timing: float, velocity: float
) -> ProjectState:
    """Return the project with the groove on a clip; amounts are 0–1."""
    project, groove_id = adopt(project, template)
    use = GrooveUse(groove=groove_id, timing=timing, velocity=velocity)
    return project.with_clip(clip_id, lambda clip: clip.evolve(groove=use))


def take_off(project: ProjectState, thing: ProjectState | Track | Clip) -> ProjectState:
    """Return the project without the groove that a clip, a track or the project itself has; the notes stay as written.

    Raises UserError when it has none.
    """
    if isinstance(thing, ProjectState):
        if project.active_groove is None:
            raise UserError("the project has no groove", "it plays straight already")
        return project.evolve(active_groove=None, groove_amount=1.0, groove_velocity=None)
    thing = project.find_track(thing.id) if isinstance(thing, Track) else project.find_clip(thing.id)[1]
    if thing.groove is None:
        raise UserError(f"{thing.name} has no groove of its own", "groove list says what has one")
    if isinstance(thing, Track):
        return project.with_track(thing.id, lambda track: track.evolve(groove=None))
    return project.with_clip(thing.id, lambda clip: clip.evolve(groove=None))


def louder(velocity: int, factor: float) -> int:
    """Return a velocity times a groove's factor, within 1–127."""
    return max(1, min(127, round(velocity * factor)))
