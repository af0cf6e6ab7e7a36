"""Levels of stretches of a song: their faders moved by what is missing to a goal."""

from collections.abc import Sequence
from functools import partial

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.levels import gain
from hardcore.project.scope import Scope, Stretch
from hardcore.project.scopededits import scoped
from hardcore.project.state import ProjectState

PASSES = 2  # how often it is listened to
MOST_DB = 12.0
_LEAST_ANSWER = 0.25  # of what a fader moves is heard at least, however hard the master holds against it


def missing(move_db: float, before: float, stands: float, wanted: float) -> float:
    """Return how far faders are to be moved so that a stretch stands `wanted` dB over another, all in dB.

    move_db   how far they are moved so far: from standing `before` to standing `stands`
    """
    answer = (stands - before) / move_db if abs(move_db) > 0.2 else 1.0
    further = (wanted - stands) / min(max(answer, _LEAST_ANSWER), 1.5)
    return round(min(max(move_db + further, -MOST_DB), MOST_DB), 1)


def moved(project: ProjectState, stretches: Sequence[Stretch], by_db: Sequence[float]) -> ProjectState:
    """Return the project with the faders of all that plays in some stretches moved."""
    for stretch, by in zip(stretches, by_db, strict=True):
        if by:
            project = scoped(project, Scope("there", (stretch,)), partial(_louder, by_db=by))
    return project


def _louder(window: ProjectState, by_db: float) -> ProjectState:
    playing = [track for track in window.tracks if any(len(clip.notes) or clip.region for clip in track.clips)]
    return gain(window, playing, Amount(by=by_db)).project
