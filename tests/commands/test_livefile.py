"""A file that is coded live: what is saved is heard from the next bar on, and what is wrong stops nothing."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore.commands.assistant.livefile import until_bar_s
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.reactions import start_reacting
from hardcore.controller.events import Notified
from hardcore.controller.studio import Studio
from hardcore.project.playback import Playback
from tests.song import studio_with_song
from tests.surfaces.stage import StillPlayer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
FIRST = "tempo(150)\nmarker('drop', 32)\n@live_loop(4)\ndef lift(beat): studio.session.vibe(f'first {beat}')\n"
SECOND = FIRST.replace("first", "second")


async def typed(studio: Studio, line: str) -> str:
    result = await run_line(studio, line, Caller())
    assert result is not None
    return result.text()


async def until(true: Callable[[], object]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def saved(path: Path, code: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(code)
    beside.replace(path)


def test_a_saved_file_runs_again_and_a_faulty_one_leaves_the_loops(tmp_path: Path) -> None:
    studio, path = studio_with_song(), tmp_path / "set.py"
    said: list[str] = []

    async def session() -> None:
        saved(path, FIRST)
        start_reacting(studio)
        studio.controller.events.subscribe(Notified, lambda event: said.append(event.message))
        assert "runs again at the next bar" in await typed(studio, f"/live {path}")
        await typed(studio, "/rule fire lift")
        project = studio.controller.project
        assert (project.tempo_map.bpm, project.vibe) == (150, "first 0")
        step = studio.controller.history.last
        saved(path, SECOND)
        await until(lambda: said)
        assert said.pop() == "set.py: done" and studio.controller.history.last == step, "the same again is no step"
        await typed(studio, "/rule fire lift")
        assert studio.controller.project.vibe == "second 0"
        saved(path, SECOND + "def lift(beat:\n")
        await until(lambda: said)
        assert said.pop() == "set.py: SyntaxError: '(' was never closed (line 5); what went before goes on"
        await typed(studio, "/session vibe none")
        await typed(studio, "/rule fire lift")
        assert studio.controller.project.vibe == "second 0"
        path.unlink()
        saved(path, FIRST)  # as some editors save
        await until(lambda: said)
        assert await typed(studio, "/live") == "set.py runs again at the next bar after each save"
        assert await typed(studio, "/live stop") == "no file is watched: live FILE.py"

    asyncio.run(session())
    studio.close()


def test_it_waits_for_the_bar_of_the_music() -> None:
    studio = studio_with_song()
    assert until_bar_s(studio) == 0
    studio.player = StillPlayer(Playback(playing=True, tick=3 * 1920, at_s=1e9))  # type: ignore[assignment]
    assert until_bar_s(studio) == pytest.approx(60 / 138)
    studio.close()


@pytest.mark.parametrize(
    ("line", "error"), [("/live set.py", "a single line cannot watch a file"), ("/live", "no file is watched")]
)
def test_a_studio_that_closes_at_once_watches_nothing(line: str, error: str) -> None:
    studio = studio_with_song()
    try:
        words = asyncio.run(typed(studio, line))
    except Exception as refused:
        words = str(refused)
    assert words.startswith(error)
    studio.close()
