"""What drawing costs, without a terminal: a key, and a frame while 64 × 16 clips play."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from prompt_toolkit.application.current import set_app

from hardcore.app import build_studio
from hardcore.surfaces.repl.fullscreen import FullScreen
from tests.bench.state import large
from tests.bench.timing import Measure, median_s
from tests.surfaces.stage import StillPlayer, full_screen, playing

SIZES = ((100, 30), (300, 100))
KEYS, FRAMES = 300, 60
FRAME_TICKS = 400


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of a redraw after a key, and of a frame."""
    yield from asyncio.run(_measured())


async def _measured() -> list[Measure]:
    found: list[Measure] = []
    studio = build_studio()
    try:
        studio.controller.edit("a large project", lambda project: large())
        for columns, rows in SIZES:
            with full_screen(studio, columns, rows) as screen, set_app(screen.app):
                found += _of_size(screen, f"64 × 16 clips playing, {columns} × {rows}")
    finally:
        studio.controller.close()
    return found


def _of_size(screen: FullScreen, what: str) -> Iterator[Measure]:
    project = screen.board.studio.controller.project
    ticks = iter(range(0, 10**9, FRAME_TICKS))

    def move_on() -> None:
        screen.board.studio.player = StillPlayer(playing(project, next(ticks)))  # type: ignore[assignment]

    def key() -> None:
        screen.line_input.buffer.insert_text("a")
        screen.app.renderer.render(screen.app, screen.app.layout)
        screen.line_input.buffer.reset()

    def frame() -> None:
        screen.frame()

    key()
    taken = []
    for _ in range(KEYS):
        move_on()
        start = perf_counter()
        key()
        taken.append(perf_counter() - start)
    p99 = sorted(taken)[round(KEYS * 0.99) - 1]
    yield Measure(f"a key to the redrawn screen, p99: {what}", p99, "ms", goal=50e-3)
    cost = median_s(frame, FRAMES, move_on)
    share = cost / max(0.1, cost / 0.04) * 100
    yield Measure(
        "… a frame", cost, "ms", goal_said=f"< 5 % of a core; {share:.1f} % at {min(10, 0.04 / cost):.0f} a second",
        met=share < 5,
    )  # fmt: skip
