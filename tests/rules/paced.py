"""A studio whose player is the real sequencer, moved on by hand: its time is the test's, and nothing waits for a clock.

async with paced("/rule add ...") as paced:
    await paced.play(beats=8)
    assert paced.fired == [...]
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.reactive.ruleactions import StudioHands
from hardcore.controller.events import ArmsFired, CommandRan, Notified, RuleFired
from hardcore.controller.playing import PlaybackEvents
from hardcore.controller.studio import Studio
from hardcore.player.sequencer import Sequencer
from hardcore.project.playback import Arm, Playback, next_on_grid
from hardcore.project.state import ProjectState
from hardcore.rules.runner import RuleRunner

RATE = 48_000
BEGUN_S = 1000.0


class PacedPlayer:
    """The sequencer as a player whose clock is moved by `move`. Reports come as often as it is moved."""

    def __init__(self, studio: Studio) -> None:
        self.sequencer = Sequencer(studio.controller.project, RATE, 2)
        self.now = 0.0
        self.peaks_db: dict[str, float] = {}
        self.process = 1
        self.armed: list[Arm] = []
        self._events = studio.controller.events
        self._told = PlaybackEvents(self._events, lambda: studio.controller.project)
        self._state = Playback()

    def now_s(self) -> float:
        return BEGUN_S + self.now / RATE

    def latest(self) -> Playback:
        return self._state

    def report(self) -> None:
        sequencer = self.sequencer
        if fired := tuple(sequencer.arms.heard(self.now)):
            self._events.tell(ArmsFired(fired=fired))
        epoch = sequencer.epoch(self.now)
        self._state = Playback(
            playing=sequencer.playing, paused=sequencer.paused, tick=sequencer.position(self.now),
            at_s=self.now_s(), loop=sequencer.loop,
            start_tick=sequencer.start_tick, clips=sequencer.session.clips, epoch=epoch.number, lap=epoch.lap,
            peaks_db=self.peaks_db, sound="paced",
        )  # fmt: skip
        self._told.take(self._state)

    def move(self, samples: float) -> None:
        self.now += samples
        self.sequencer.advance(self.now + 0.12 * RATE)
        self.report()

    def arm(self, add: Sequence[Arm], drop: Sequence[Arm]) -> int:
        self.armed += add
        self.sequencer.arms.change(add, [arm.key for arm in drop])
        return self.process

    def follow(self, project: ProjectState, **how: object) -> None:
        self.sequencer.follow(project)

    def play(self, tick: int | None = None, **how: object) -> Playback:
        self.sequencer.play(self.now, self.sequencer.tick if tick is None else tick)
        self.report()
        return self._state

    def stop(self) -> Playback:
        self.sequencer.stop()
        self.report()
        return self._state

    def pause(self) -> Playback:
        self.sequencer.pause(self.now)
        self.report()
        return self._state

    def launch(self, clips: dict[str, str | None], quantum: Any = None, scene: str | None = None) -> Playback:
        meters = self.sequencer.project.meter_map
        self.sequencer.launch(clips, lambda clip, tick: next_on_grid(meters, tick, quantum or "1"), None, scene)
        self.report()
        return self._state

    def news(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing is left of it."""


class Paced:
    """A studio with rules at work. `fired` are the names of the rules that have, `told` all that was told of them."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.player = studio, PacedPlayer(studio)
        studio.player = self.player  # type: ignore[assignment]
        self.told: list[RuleFired] = []
        self.said: list[str] = []
        self.ran: list[CommandRan] = []
        events = studio.controller.events
        events.subscribe(RuleFired, self.told.append)
        events.subscribe(Notified, lambda event: self.said.append(event.message))
        events.subscribe(CommandRan, self.ran.append)
        self.runner = RuleRunner(studio, StudioHands(studio), self.player.now_s)
        studio.keep(self.runner)

    @property
    def fired(self) -> list[str]:
        return [event.name for event in self.told]

    async def do(self, line: str) -> str:
        result = await run_line(self.studio, line, Caller())
        await self.settle()
        return result.text() if result is not None else ""

    async def settle(self) -> None:
        """Return when everything that rules had to do is done."""
        for _ in range(3):
            await asyncio.sleep(0)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)

    async def play(self, beats: float, *, dense: int = 4) -> None:
        """Move the music on by beats at the tempo of its beginning, with so many reports a beat."""
        if not self.player.sequencer.playing:
            self.player.play()
            await self.settle()
        step = 60 / self.studio.controller.project.tempo_map.bpm * RATE / dense
        for _ in range(int(beats * dense)):
            self.player.move(step)
            await self.settle()


@asynccontextmanager
async def paced(*lines: str, project: ProjectState | None = None) -> AsyncIterator[Paced]:
    """Yield a studio with a project (two scenes at 120 BPM) and what lines made of it."""
    from tests.player.test_arms import two_scenes

    studio = build_studio()
    studio.controller.edit("begin", lambda _: project or two_scenes())
    held = Paced(studio)
    try:
        for line in lines:
            await held.do(line)
        yield held
    finally:
        studio.close()
