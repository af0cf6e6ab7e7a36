"""Edits as a person asks for them: a line, what it made of the song, and what it answered."""

import asyncio
from typing import NamedTuple

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.integrity import check
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from tests.song import song


class Asked(NamedTuple):
    """The project after a line, and the answer, line by line."""

    project: ProjectState
    said: list[str]

    def track(self, name: str) -> Track:
        """Return a track by its name."""
        return self.project.find_track(name)


def edited(line: str, *before: str, project: ProjectState | None = None) -> Asked:
    """Return what a line makes of the song (or of `project`) after the lines before it.

    It is one step, and undo gives the project back as it was.
    """
    studio = _studio(project, before)
    controller = studio.controller
    at, old = controller.history.at, controller.project
    answer = _run(studio, line)
    new, steps = controller.project, controller.history.at - at
    check(new)
    assert steps == 1
    controller.undo()
    assert controller.project is old
    studio.close()
    return Asked(new, answer.splitlines())


def answered(line: str, project: ProjectState) -> str:
    """Return what a line that only reads answers on a project."""
    studio = _studio(project, ())
    try:
        return _run(studio, line)
    finally:
        studio.close()


def refused(line: str, *before: str, project: ProjectState | None = None) -> str:
    """Return the words with which a line is refused; nothing has changed."""
    studio = _studio(project, before)
    at, old = studio.controller.history.at, studio.controller.project
    try:
        answer = _run(studio, line)
    except UserError as error:
        assert (studio.controller.history.at, studio.controller.project) == (at, old)
        return error.line()
    finally:
        studio.close()
    raise AssertionError(f"{line} was not refused: {answer}")


def _studio(project: ProjectState | None, before: tuple[str, ...]) -> Studio:
    studio = build_studio()
    studio.controller.edit("a song", lambda _: project or song())
    for line in before:
        _run(studio, line)
    return studio


def _run(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.text()
