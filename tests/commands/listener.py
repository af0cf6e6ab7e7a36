"""A studio whose player is moved on by hand, and what is heard of it."""

import asyncio
from typing import Any

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.rhythm.live import RhythmSession
from hardcore.controller.events import HearingChanged
from hardcore.controller.studio import Studio
from hardcore.project.state import ProjectState
from tests.player.listening import Listening


class Heard:
    """A studio, its player by hand, and a way to let bars of the drum session pass."""

    def __init__(self, project: ProjectState | None = None) -> None:
        self.studio: Studio = build_studio()
        if project is not None:
            self.studio.controller.edit("a song", lambda _: project)
        assert self.studio.player is not None
        self.studio.player.close()
        self.player = Listening(self.studio.controller.project)
        self.studio.player = self.player
        events = self.studio.controller.events
        events.subscribe(HearingChanged, lambda event: self.player.follow(event.heard))

    @property
    def project(self) -> ProjectState:
        """Return the project."""
        return self.studio.controller.project

    @property
    def steps(self) -> int:
        """Return how many steps there are."""
        return len(self.studio.controller.history.steps)

    def do(self, line: str) -> Any:
        """Return what a line answers."""
        return asyncio.run(run_line(self.studio, line, Caller()))

    def pass_bars(self, bars: float, parts: int = 3) -> None:
        """Let bars pass; the session looks on `parts` times a bar."""
        bar_s = 240 / self.project.tempo_map.bpm
        for _ in range(round(bars * parts)):
            self.look()
            self.player.go_on(bar_s / parts)
        self.look()

    def look(self) -> None:
        """Let the session see where the music is."""
        session = self.studio.recall(RhythmSession)
        if session is not None and session.running:
            session.follow(self.studio.controller.hearing, self.player, lambda: 0.0)

    def close(self) -> None:
        """Let go."""
        self.studio.close()
