"""The sounds of the page of styles: of each, the bars that its pictures show, as the program exports them."""

import asyncio
from pathlib import Path

from hardcore.compose.mix.target import wanted
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge import loader
from hardcore.project.timeline import timeline
from tests.hearing import piece
from tests.styles import BARS, SEED

# The styles of a quick build: one with drums, one without a beat.
FEW = ("acid", "ambient")


def write_sounds(folder: Path, *, quick: bool) -> None:
    """Write an .mp3 a style into `folder`, of a few styles where it is to be quick."""
    for genre_id in FEW if quick else loader.genre_ids():
        project = piece(genre_id, SEED)
        playing, path = tuple(timeline(project, bars=BARS)), folder / f"{genre_id}.mp3"
        asyncio.run(render(RenderRequest(project, playing, path, listen=False, wanted=wanted(project))))
