"""The Link session that a studio is in: who else is, and what is told to it."""

from collections.abc import Callable

from hardcore.commands.core.call import Call
from hardcore.commands.performance.clockfollower import ClockFollower
from hardcore.controller.events import ClockHeard, StepMade
from hardcore.controller.studio import Studio
from hardcore.music.ticks import PPQ
from hardcore.project.hands import LinkAsked


class LinkSession:
    """In a session from now on, until `close`. `peers` are the others, `bpm` is the session's tempo, once known."""

    def __init__(self, studio: Studio, offset_s: float) -> None:
        self._studio, self.offset_s = studio, offset_s
        self.peers, self.bpm = 0, studio.controller.project.tempo_map.bpm
        events = studio.controller.events
        self._stops: tuple[Callable[[], None], ...] = (
            events.subscribe(ClockHeard, self._heard),
            events.subscribe(StepMade, self._edited),
        )
        self.tell()

    def tell(self, *, push: float | None = None, start: float | None = None, on: bool = True) -> None:
        """Tell the session how we stand; `push`: a tempo that it is to take; `start`: the beat to begin on."""
        project, hands = self._studio.controller.project, self._studio.hands
        quantum = project.meter_map.bar_ticks() / PPQ
        if hands is not None:
            hands.share(LinkAsked(on, project.tempo_map.bpm, quantum, self.offset_s, push, start))

    def close(self) -> None:
        """Leave it."""
        for stop in self._stops:
            stop()
        self.tell(on=False)

    def _heard(self, event: ClockHeard) -> None:
        if event.peers is not None:
            self.peers = event.peers
            self.bpm = event.bpm or self.bpm

    def _edited(self, event: StepMade) -> None:
        """Let the session take a tempo that was set here."""
        if event.old.tempo_map.bpm != event.new.tempo_map.bpm:
            self.tell(push=event.new.tempo_map.bpm if self.peers else None)


def starts_with_link(call: Call, tick: int | None) -> bool:
    """Let the music begin on the session's bar, where others are in it and it stands; return whether it does."""
    session, follower = call.studio.recall(LinkSession), call.studio.recall(ClockFollower)
    now = call.player.latest()
    if session is None or follower is None or not session.peers or now.playing:
        return False
    begins = now.start_tick if tick is None else tick
    follower.start_tick = begins
    meters = call.project.meter_map
    session.tell(start=(begins - meters.bar_start(meters.bar_of(begins))) / PPQ)
    return True
