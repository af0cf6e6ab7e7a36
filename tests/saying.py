"""Sentences said to a project, as a user types them, for tests that need what comes of them."""

import asyncio

from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.project.state import ProjectState


def say(project: ProjectState, *sentences: str) -> ProjectState:
    """Return the project after sentences that are all carried out. Raises UserError for one that is not."""
    with open_project(None) as studio:
        studio.controller.edit("given", lambda _: project)
        for sentence in sentences:
            before = studio.controller.project
            asyncio.run(run_line(studio, sentence, Caller()))
            assert studio.controller.project is not before, f"{sentence}: nothing changed"
        return studio.controller.project
