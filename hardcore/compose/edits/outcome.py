"""Outcome: what an edit returns."""

from typing import NamedTuple

from hardcore.project.state import ProjectState


class Outcome(NamedTuple):
    """What an edit did: the project, what changed in words with figures, and what could not be done and why.

    Nothing in `said`: the project is as it was.
    """

    project: ProjectState
    said: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
