"""The recorder of automation: what knobs, OSC and the mixer's keys move while the music runs becomes envelopes.

Each track has a mode. `read`: what is moved is set, as ever. `touch`: from the first move until it rests; then the
envelope counts again. `latch`: until the music stops. `write`: from where the music began, all that is automated there.
A take is one step: of touch all that rests together, else all up to the stop.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, NamedTuple

from hardcore.commands.performance.maptarget import Edit, Target
from hardcore.commands.performance.ownstep import make_step
from hardcore.controller.events import Notified, PlaybackChanged, ProjectOpened
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.automation import parameter_of, static
from hardcore.project.automationtake import LaneTake, place_of
from hardcore.project.clip import Automation
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Mode = Literal["read", "touch", "latch", "write"]
LAYER = "automation"
# How far the points of a take may be from what was moved, as a share of the parameter's range.
WITHIN = 0.01
Key = tuple[str, str, str]


class _Recorded(NamedTuple):
    """A take, what it moves in words, and the edit that sets that; None where it stays as it is set."""

    take: LaneTake
    words: str
    set: Edit | None


class AutomationRecorder:
    """Records automation, in the loop in which it was made, until `close`. `modes` are those that are not `read`."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self.modes: dict[str, Mode] = {}
        self.within = WITHIN
        self._takes: dict[Key, _Recorded] = {}
        self._playing: Playback | None = None
        events = studio.controller.events
        self._stops: tuple[Callable[[], None], ...] = (
            events.subscribe(PlaybackChanged, self._played),
            events.subscribe(ProjectOpened, lambda opened: self._forget()),
        )

    def close(self) -> None:
        """Stop; what was moved is kept."""
        for stop in self._stops:
            stop()
        self.end()

    def mode(self, track: str, mode: Mode) -> None:
        """Let a track record so from now on; what was being recorded on it ends."""
        self.modes[track] = mode
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._begin_anew, track)

    def records(self, target: Target) -> bool:
        """Return whether what is moved now is recorded: it is of a track that records, and an envelope can move it."""
        track = target.lane and target.lane[0]
        return track is not None and self.modes.get(track, "read") != "read" and self._now() is not None

    def move(self, target: Target, value: float, at_s: float) -> bool:
        """Take in a move at a time of the steady clock; return whether it is recorded."""
        if target.lane is None or not self.records(target):
            return False
        self._take(target.lane, target.words, target.set, value, at_s)
        self._lay()
        return True

    def value(self, target: Target, at_s: float) -> float | None:
        """Return where a parameter that would be recorded is at a time; None where it is as it is set."""
        if target.lane is None or not self.records(target):
            return None
        if target.lane in self._takes:
            return self._takes[target.lane].take.value
        project, now = self._studio.controller.hearing.heard, self._now()
        assert now is not None
        place = place_of(project, now, target.lane[0], at_s)
        thing = project.find_clip(place.clip)[1] if place.clip else project.find_track(target.lane[0])
        found = next((one for one in thing.automation if one.key == target.lane[1:]), None)
        return None if found is None else found.at(place.tick)

    def rest(self) -> None:
        """End what is only touched: nothing has moved for a while."""
        self._write([key for key in self._takes if self.modes.get(key[0]) == "touch"])

    def end(self, track: str | None = None) -> None:
        """End all takes, or those of one track, and keep them."""
        self._write([key for key in self._takes if track in (None, key[0])])

    def _begin_anew(self, track: str) -> None:
        self.end(track)
        self._note(self._now())

    def _forget(self) -> None:
        self._takes.clear()
        self.modes.clear()

    def _now(self) -> Playback | None:
        """Return what the player does, None while it stands still."""
        player = self._studio.player
        now = player.latest() if player is not None else None
        return now if now is not None and now.playing else None

    def _played(self, event: PlaybackChanged) -> None:
        self._loop.call_soon_threadsafe(self._note, event.playback)

    def _note(self, now: Playback | None) -> None:
        """Begin what is written when the music begins, and end everything when it stops."""
        if now is None or not now.playing:
            self.end()
            self._playing = None
            return
        self._playing = now
        project = self._studio.controller.project
        for track in project.tracks:
            if self.modes.get(track.id) == "write":
                for one in _automated(track):
                    key = (track.id, *one.key)
                    value = static(track, *one.key)
                    if key not in self._takes and value is not None:
                        self._take(key, f"{track.name} {one.parameter}", None, value, time.monotonic())
        self._lay()

    def _take(self, key: Key, words: str, set_: Edit | None, value: float, at_s: float) -> None:
        project, now = self._studio.controller.hearing.heard, self._now() or self._playing
        assert now is not None
        self._playing = now
        take = self._takes[key].take if key in self._takes else LaneTake(*key, value)
        self._takes[key] = _Recorded(take, words, set_)
        take.move(project, place_of(project, now, key[0], at_s), value)

    def _lay(self) -> None:
        """Let what is recorded be heard as it is moved, not as its envelopes are."""
        hearing = self._studio.controller.hearing
        if not self._takes:
            hearing.lift(LAYER)
            return
        moved = [(one.take, one.set, one.take.value) for one in self._takes.values()]

        def layer(project: ProjectState) -> ProjectState:
            for take, put, value in moved:
                with suppress(HardcoreError):
                    project = take.lifted(project)
                    project = put(project, value) if put is not None else project
            return project

        hearing.lay(LAYER, layer)

    def _write(self, keys: list[Key]) -> None:
        """Keep takes as one step."""
        if not keys:
            return
        ended = [self._takes.pop(key) for key in keys]
        heard, now = self._studio.controller.hearing.heard, self._now() or self._playing
        tracks = {track.id for track in heard.tracks}
        for take, *_ in ended:
            if now is not None and take.track in tracks:
                take.end(heard, place_of(heard, now, take.track, time.monotonic()))

        def change(project: ProjectState) -> ProjectState:
            for take, *_ in ended:
                project = take.written(project, self.within)
            return project

        label = "automation: " + ", ".join(one.words for one in ended)
        try:
            make_step(self._studio, "automation", label, change)
        except HardcoreError as error:
            self._studio.controller.events.tell(Notified(message=error.line(), author="automation"))
        finally:
            self._lay()


def _automated(track: Track) -> list[Automation]:
    """Return one envelope of each parameter of a track that moves, in its clips or along the song."""
    every = (*track.automation, *(one for clip in track.clips for one in clip.automation))
    there = {one.key: one for one in every}
    return [one for one in there.values() if parameter_of(track, *one.key) is not None]
