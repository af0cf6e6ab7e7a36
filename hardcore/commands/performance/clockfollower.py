"""Following the clock of another machine: its tempo and place become those of what is heard.

    studio.keep(ClockFollower(studio))

The tempo is a layer over the project, no step. Where we are ahead or behind, the tempo leans a little until both agree.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.playing import asked, ready
from hardcore.controller.events import ClockHeard, Notified
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM, PPQ, TempoMap, TempoPoint
from hardcore.project.state import ProjectState

LAYER = "clock"
# What the player needs from a request to the first sound.
LEAD_S = 0.06
# Within so long the two are to agree; a tempo leans by so much of itself at most, and moves only by more than this.
AGREE_S, MOST_LEAN, STEADY_BPM = 2.0, 0.08, 0.03
# Farther apart than this, we go there at once.
LEAP_TICKS = PPQ


class ClockFollower:
    """Follows, in the loop in which it was made, what is told of another machine's clock, until `close`."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self.bpm: float | None = None
        self._laid: float | None = None
        # Where a Link session's start begins here, None: where the music stands.
        self.start_tick: int | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._stop: Callable[[], None] = studio.controller.events.subscribe(ClockHeard, self._heard)

    def close(self) -> None:
        """Stop."""
        self._stop()
        for task in self._running:
            task.cancel()

    def let_go(self) -> None:
        """Go on at the project's own tempo."""
        self.bpm = self._laid = None
        self._studio.controller.hearing.lift(LAYER)

    def _heard(self, event: ClockHeard) -> None:
        self._loop.call_soon_threadsafe(self._take, event)

    def _take(self, event: ClockHeard) -> None:
        if event.peers is None and not self._studio.settings.clock.follow:
            return
        if event.peers == 0:
            self.let_go()
            return
        self._follow_tempo(event)
        if event.did == "start" and event.peers:
            self._run(self._start(event))
        elif event.did in ("start", "continue"):
            self._begin(f"/play {self._place(event)}")
        elif event.did == "stop":
            self._begin("/stop" if event.peers else "/pause")
        elif event.did == "position" and not event.running:
            self._begin(f"/seek {self._place(event)}")
        elif event.running:
            self._lean(event)

    def _follow_tempo(self, event: ClockHeard) -> None:
        if event.bpm is None or not LOWEST_BPM <= event.bpm <= HIGHEST_BPM:
            return
        if self.bpm is None:
            what = "Link" if event.peers else self._studio.settings.clock.follow
            words = f"following {what} at {event.bpm:.1f} bpm"
            self._studio.controller.events.tell(Notified(message=words, author="clock"))
        if self.bpm is None or abs(event.bpm - self.bpm) > STEADY_BPM:
            self.bpm = round(event.bpm, 2)
        if not event.running:
            self._lay(self.bpm)

    def _lean(self, event: ClockHeard) -> None:
        """Let the tempo make up for how far we are from where the other machine is."""
        player = self._studio.player
        if self.bpm is None or player is None:
            return
        now = player.latest()
        if not now.playing or now.at_s > event.at_s + LEAD_S:  # it is yet to begin
            return
        heard = self._studio.controller.hearing.heard
        ours = heard.tempo_map.ticks(max(0.0, heard.tempo_map.seconds(now.tick) + event.at_s - now.at_s))
        apart = event.tick - ours
        if abs(apart) > LEAP_TICKS:
            self._begin(f"/seek {self._place(event)}")
            return
        lean = apart / PPQ * 60 / AGREE_S
        self._lay(self.bpm + max(-MOST_LEAN * self.bpm, min(lean, MOST_LEAN * self.bpm)))

    def _lay(self, bpm: float) -> None:
        if self._laid is not None and abs(bpm - self._laid) <= STEADY_BPM:
            return
        self._laid = bpm

        def at_tempo(project: ProjectState) -> ProjectState:
            return project.evolve(tempo_map=TempoMap(points=(TempoPoint(tick=0, bpm=bpm),)))

        self._studio.controller.hearing.lay(LAYER, at_tempo)

    def _place(self, event: ClockHeard) -> str:
        """Return where the other machine will be when our sound begins, as a place is typed."""
        beats = (time.monotonic() - event.at_s + LEAD_S) * (self.bpm or 120.0) / 60 if event.running else 0.0
        return self._studio.controller.project.meter_map.position(max(0, round(event.tick + beats * PPQ))).typed

    async def _start(self, event: ClockHeard) -> None:
        """Begin at the time at which a Link session comes to its bar, or to our place in one. Raises EngineError."""
        call = Call(self._studio, Caller("clock", permissions=frozenset(("player",))), "play")
        tick, self.start_tick, at_s = self.start_tick, None, event.at_s
        if tick is None:
            tick, meters = int(call.player.latest().tick), call.project.meter_map
            at_s += (tick - meters.bar_start(meters.bar_of(tick))) / PPQ * 60 / (self.bpm or 120.0)
        await ready(call)
        await asked(call, lambda player: player.play(tick, at_s=at_s))

    def _begin(self, line: str) -> None:
        self._run(run_line(self._studio, line, Caller("clock", permissions=frozenset(("player",)))))

    def _run(self, work: Coroutine[Any, Any, object]) -> None:
        async def run() -> None:
            try:
                await work
            except HardcoreError as error:
                self._studio.controller.events.tell(Notified(message=error.line(), author="clock"))

        task = self._loop.create_task(run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
