"""What another surface changes is seen on the screen at once."""

import asyncio
from pathlib import Path

from prompt_toolkit.input import create_pipe_input

from hardcore.surfaces.repl.fullscreen import FullScreen
from tests.song import studio_with_song
from tests.surfaces.stage import Sized


def test_what_another_surface_changes_is_seen(home: Path) -> None:
    studio = studio_with_song()

    async def seen() -> None:
        with create_pipe_input() as keys:
            screen = FullScreen(studio, lambda: True, input=keys, output=Sized(100, 30))

            def shown() -> str:
                return "".join(piece[1] for line in screen.drawn.page.lines for piece in line)

            async with screen.opened(lambda line: None, lambda: None), asyncio.timeout(60):
                while "138" not in shown():
                    await asyncio.sleep(0.01)
                studio.controller.edit("elsewhere", lambda now: now.evolve(tempo_map=now.tempo_map.with_bpm(151)))
                while "151" not in shown():
                    await asyncio.sleep(0.01)

    asyncio.run(seen())
    studio.close()
