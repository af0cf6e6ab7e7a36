"""What is launched while it plays, noted for the arrangement."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hardcore.controller.events import Event, PlaybackChanged
from hardcore.project.launches import Launch, changes
from hardcore.project.playback import Launched, Playback


@dataclass(slots=True)
class SessionRecorder:
    """What was launched since it began: it listens to the player until `stop`; `start` is the tick it begins at."""

    stop: Callable[[], None] = lambda: None
    start: int | None = None
    launches: list[Launch] = field(default_factory=list)
    last: Playback = field(default_factory=Playback)
    ended: int | None = None

    def heard(self, event: Event) -> None:
        """Note what the player does now. It is told from the player's thread."""
        if isinstance(event, PlaybackChanged):
            self.note(event.playback)

    def note(self, playback: Playback) -> None:
        """Note the launches since the last time; where it stops, the recording ends."""
        if self.ended is not None:
            return
        if self.last.playing and not playback.playing:
            self.ended = int(self.last.tick)
            return
        if not playback.playing:
            return
        before: dict[str, Launched] = dict(self.last.clips) if self.start is not None else {}
        if self.start is None:
            self.start = max(0, int(playback.tick))
        self.launches += changes(before, playback.clips)
        self.last = playback
