"""How long a key takes to be seen, what a moving screen and a still one cost, and whether any of it grows with time."""

import asyncio
import gc
import os
import select
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from prompt_toolkit.application.current import set_app

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.surfaces.repl.fullscreen import FullScreen
from tests.song import studio_with_song
from tests.surfaces.screen import PATIENCE_S, Terminal, cpu_s
from tests.surfaces.stage import StillPlayer, full_screen, playing
from tests.surfaces.test_screen import large

SIZES = [(100, 30), (300, 100)]
# Stands nowhere on the screen, so what it is the answer to is beyond doubt.
KEY = "ж".encode()
SEEN_S, GAP_S = 0.05, 0.04
FRAMES_A_SECOND, EDIT_EVERY = 10, 97
# The history keeps every step and the transcript its answers, about 8 KB together; what is drawn leaves nothing.
GROWTH_BYTES, STEP_BYTES = 500_000, 10_000


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with 64 × 16 clips."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(folder))
        studio = build_studio()
        studio.controller.edit("large", lambda project: large())
        studio.controller.save(folder / "large.hcs")
        studio.close()
    return folder / "large.hcs"


@pytest.fixture
def grid(home: Path, large_file: Path, size: tuple[int, int]) -> Iterator[Terminal]:
    """Yield a terminal in which 64 × 16 clips play, on no engine."""
    words = ("--project", str(large_file))
    kind = {"HARDCORE_ENGINE_KIND": "none"}
    with Terminal(home, *words, columns=size[0], rows=size[1], environment=kind) as terminal:
        terminal.wait("stopped", "Enter launch")
        terminal.type(" ")
        terminal.wait("▶ playing")
        yield terminal


def drained(terminal: Terminal, seconds: float) -> None:
    """Take in what is written within so many seconds, unseen."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        if select.select([terminal._master], [], [], left)[0]:
            os.read(terminal._master, 65536)


def seen_after(terminal: Terminal) -> float:
    """Press a key, and return after how many seconds it is written to the terminal."""
    begun, written = monotonic(), b""
    os.write(terminal._master, KEY)
    while KEY not in written:
        assert select.select([terminal._master], [], [], 10)[0], "the key is not seen"
        written += os.read(terminal._master, 65536)
    return monotonic() - begun


@pytest.mark.timeout(200)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "×".join(map(str, size)))
@pytest.mark.parametrize("keys", [30, pytest.param(500, marks=pytest.mark.soak)])
def test_a_key_is_seen_at_once_while_a_large_grid_plays(grid: Terminal, keys: int) -> None:
    drained(grid, 1.0)
    taken = []
    for number in range(keys):
        taken.append(seen_after(grid))
        drained(grid, GAP_S)
        if number % 10 == 9:
            os.write(grid._master, b"\x7f" * 10)
            drained(grid, 0.2)
    taken.sort()
    p50, p99 = taken[keys // 2], taken[round(keys * 0.99) - 1]
    print(f"\na key is seen after {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
    assert p50 <= SEEN_S
    # A machine that has more to do than cores to do it with makes single keys wait.
    if os.getloadavg()[0] < (os.cpu_count() or 1):
        assert p99 <= SEEN_S


@pytest.mark.parametrize("size", SIZES[1:], ids=["300×100"])
def test_a_large_grid_that_plays_takes_little_of_a_core_and_one_that_rests_nothing(grid: Terminal) -> None:
    drained(grid, 1.0)
    before = cpu_s(grid.process.pid)
    drained(grid, 3.0)
    assert (cpu_s(grid.process.pid) - before) / 3.0 < 0.08, "playing"
    grid.type(" ")
    grid.wait("■ stopped")
    drained(grid, 1.0)
    before = cpu_s(grid.process.pid)
    drained(grid, 3.0)
    assert (cpu_s(grid.process.pid) - before) / 3.0 <= 0.02, "at rest"


def at_rest(terminal: Terminal) -> float:
    """Return the processor time that the program has taken, once it draws and computes nothing for a second."""
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        before = cpu_s(terminal.process.pid)
        if not terminal.read(1.0) and cpu_s(terminal.process.pid) - before <= 0.01:
            return before
    raise AssertionError("it never rests")


def test_nothing_moves_nothing_is_drawn_and_nothing_is_computed(home: Path) -> None:
    with Terminal(home) as terminal:
        terminal.wait("? help")
        terminal.run("/tempo 138", "→ 138 bpm", "? help")
        before = at_rest(terminal)
        assert not terminal.read(3.0)
        # what is counted comes in hundredths
        assert cpu_s(terminal.process.pid) - before < 0.035


class Passing:
    """Time that goes by as fast as it can be drawn, on a real studio and a real screen."""

    def __init__(self, studio: Studio, screen: FullScreen) -> None:
        self.studio, self.screen = studio, screen
        self.frame = 0

    async def pass_by(self, seconds: float) -> None:
        """Draw so many seconds of play, with an edit or an undo every ten seconds or so."""
        for _ in range(round(seconds * FRAMES_A_SECOND)):
            self.frame += 1
            project = self.studio.controller.project
            tick = self.frame / FRAMES_A_SECOND * 138 / 60 * 1920
            state = playing(project, tick % (2**30))
            self.studio.player = StillPlayer(state)  # type: ignore[assignment]
            self.screen.frame()
            if self.frame % EDIT_EVERY == 0:
                await self._edit()

    async def _edit(self) -> None:
        count = self.frame // EDIT_EVERY
        line = "/undo" if count % 3 == 2 else f"/gain kick {-(count % 12)}"
        self.screen.transcript.typed(line)
        answer = await run_line(self.studio, line, Caller())
        assert answer is not None
        self.screen.result(answer, self.studio.controller.project)
        self.screen.app.renderer.render(self.screen.app, self.screen.app.layout)


async def grown(studio: Studio, seconds: float) -> tuple[int, int]:
    """Return by how many bytes the memory of Python grew while so many seconds were played, and the edits made."""
    with full_screen(studio, 100, 30) as screen, set_app(screen.app):
        passing = Passing(studio, screen)
        tracemalloc.start()
        try:
            # What is kept for a while, such as the last thousand answers, is there after a sixth of it.
            await passing.pass_by(seconds / 6)
            gc.collect()
            before, steps = tracemalloc.get_traced_memory()[0], len(studio.controller.history.steps)
            await passing.pass_by(seconds)
            gc.collect()
            after = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
    return after - before, len(studio.controller.history.steps) - steps


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seconds", [60, pytest.param(3600, marks=pytest.mark.soak)])
def test_an_hour_of_play_leaves_nothing_in_memory_but_the_steps(home: Path, seconds: int) -> None:
    studio = studio_with_song()
    try:
        growth, steps = asyncio.run(grown(studio, seconds))
    finally:
        studio.player = None
        studio.close()
    print(f"\n{growth / 1e6:.2f} MB in {seconds} s of play with {steps} steps")
    assert growth < GROWTH_BYTES + steps * STEP_BYTES


def test_a_screen_that_keeps_its_frames_would_be_noticed(home: Path) -> None:
    studio = studio_with_song()
    kept: list[object] = []
    frame = FullScreen.frame

    def keeping(screen: FullScreen) -> None:
        frame(screen)
        kept.append([list(line) for line in screen.drawn.page.lines] * 3)

    try:
        FullScreen.frame = keeping  # type: ignore[method-assign]
        assert asyncio.run(grown(studio, 60))[0] > GROWTH_BYTES
    finally:
        FullScreen.frame = frame  # type: ignore[method-assign]
        studio.player = None
        studio.close()
