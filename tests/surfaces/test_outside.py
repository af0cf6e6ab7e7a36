"""What another surface changes is seen on the screen at once."""

import asyncio
from pathlib import Path

from prompt_toolkit.input import create_pipe_input

from hardcore.commands.performance.typingkeys import TypingKeys
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


def test_letters_play_while_the_keys_are_a_piano_and_a_slash_begins_a_command(home: Path) -> None:
    studio = studio_with_song()
    heard: list[str] = []

    class Keys(TypingKeys):
        def press(self, key: str, now_s: float | None = None) -> None:
            heard.append(key)

    async def play() -> None:
        with create_pipe_input() as keys:
            screen = FullScreen(studio, lambda: True, input=keys, output=Sized(100, 30))

            async def sent(text: str, until: str) -> None:
                keys.send_text(text)
                while screen.line_input.text + "".join(heard) != until:
                    await asyncio.sleep(0.01)

            async with screen.opened(lambda line: None, lambda: None), asyncio.timeout(60):
                await sent("x", "x")
                await sent("\x7f", "")
                studio._kept[TypingKeys] = Keys(studio, 0.1)
                await sent("adg", "adg")
                heard.clear()
                await sent("/ad", "/ad")

    asyncio.run(play())
    studio.close()
