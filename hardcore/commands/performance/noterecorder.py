"""The recorder of what hands play: into one slot, from a bar line until its bars are over or it is stopped."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from hardcore.commands.core.results import counted
from hardcore.commands.performance.ownstep import make_step
from hardcore.commands.performance.played import PlayedNotes, tick_when
from hardcore.controller.events import BeatReached, Notified, PlaybackChanged
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project import clips, placing, scenes
from hardcore.project.note import Note
from hardcore.project.notes import NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.take import EARLY, Played, bars_of, recorded


@dataclass
class NoteRecorder:
    """Records, in the loop in which it was made, until `end`.

    start_ticks  where the recording begins, and where its clip does
    end_ticks    where it ends by itself, None: when it is stopped
    clip         the clip that it is played into, None: a new one is made
    scene        where its clip stands, None: a scene is made for it
    replace      what was in that clip goes
    quantize     the grid that its notes are moved to, in ticks
    placed       a new clip is placed in the arrangement, where it was recorded
    takes        each round of the clip is a take: the last one counts, the others become branches
    """

    studio: Studio
    track: str
    scene: str | None
    start_ticks: int
    end_ticks: int | None
    clip: str | None = None
    replace: bool = False
    quantize: int | None = None
    takes: bool = False
    placed: bool = False
    _stops: list[Callable[[], None]] = field(default_factory=list)

    @property
    def into(self) -> str:
        """Return the slot, as a mapping names it."""
        return f"{self.track}:{self.scene}"

    def begin(self) -> None:
        """Take notice of when the music comes to the end, or stops."""
        loop, events = asyncio.get_running_loop(), self.studio.controller.events

        def beat(event: BeatReached) -> None:
            if self.end_ticks is not None and event.tick >= self.end_ticks:
                loop.call_soon_threadsafe(self.end)

        def changed(event: PlaybackChanged) -> None:
            if not event.playback.playing:
                loop.call_soon_threadsafe(self.end)

        self._stops = [events.subscribe(BeatReached, beat), events.subscribe(PlaybackChanged, changed)]

    def close(self) -> None:
        """Forget it: what was played is not recorded."""
        for stop in self._stops:
            stop()
        self._stops = []

    def end(self) -> str:
        """Put what was played into the clip, as one step; return that in words. A second time nothing happens."""
        if not self._stops:
            return ""
        self.close()
        self.studio.forget(NoteRecorder)
        notes = self._notes()
        said = f"recorded {counted(len(notes), 'note')}" if notes else "nothing was played: nothing is recorded"
        try:
            *earlier, last = self._rounds(notes)
            names = [self._branch(one) for one in earlier]
            if last:
                make_step(self.studio, "record notes", "record notes", lambda project: self._put(project, last))
            if names:
                said = f"{counted(len(names) + 1, 'take')}: the last one is kept, branches {', '.join(names)}"
        except HardcoreError as error:
            said = error.line()
        self.studio.controller.events.tell(Notified(message=said, author="recorder"))
        return said

    def _notes(self) -> list[Played]:
        kept = self.studio.recall(PlayedNotes)
        notes = kept.notes(time.monotonic()) if kept is not None else []
        end = self.end_ticks if self.end_ticks is not None else float("inf")
        return [
            one for one in notes
            if one.track == self.track and one.tick is not None and self.start_ticks - EARLY <= one.tick < end
        ]  # fmt: skip

    def _rounds(self, notes: list[Played]) -> list[list[Played]]:
        """Return the notes of each take that has any, at least one."""
        if not self.takes or self.clip is None:
            return [notes]
        length = self.studio.controller.project.find_clip(self.clip)[1].length_ticks
        rounds: dict[int, list[Played]] = {}
        for one in notes:
            rounds.setdefault(int(((one.tick or 0.0) - self.start_ticks + EARLY) // length), []).append(one)
        return [rounds[number] for number in sorted(rounds)] or [[]]

    def _branch(self, notes: list[Played]) -> str:
        """Put a take on a branch of its own, and return its name. Raises HardcoreError."""
        controller = self.studio.controller
        name = next(one for one in map("take-{}".format, count(1)) if one not in controller.history.heads)
        controller.branch(name)
        make_step(self.studio, "record notes", "record notes", lambda project: self._put(project, notes), name)
        return name

    def _put(self, project: ProjectState, played: list[Played]) -> ProjectState:
        bar, beats = project.meter_map.bar_ticks(), project.tempo_map.at(self.start_ticks) / 60
        length = project.find_clip(self.clip)[1].length_ticks if self.clip else bars_of(self._reach(played), bar)
        notes = recorded(played, self.start_ticks, length, beats)
        if self.clip is not None:
            clip = self.clip
        else:
            project, scene = (project, self.scene) if self.scene is not None else scenes.add_scene(project)
            project, clip = clips.add_clip(project, self.track, scene, length)
            project = placing.place(project, clip, self.start_ticks) if self.placed else project

        def added(before: NoteBlock) -> NoteBlock:
            kept: tuple[Note, ...] = () if self.replace else tuple(before)
            fresh = clips.block(notes)
            if self.quantize is not None:
                fresh = clips.quantized(self.quantize, 1.0, length)(fresh)
            return clips.block((*kept, *fresh))

        return clips.edit_notes(project, clip, added)

    def _reach(self, played: list[Played]) -> float:
        """Return how many ticks the recording covers."""
        if self.end_ticks is not None:
            return self.end_ticks - self.start_ticks
        now = self.studio.player.latest() if self.studio.player is not None else None
        here = tick_when(self.studio.controller.project, now, time.monotonic()) if now is not None else None
        return max(here or 0.0, max(one.tick or 0.0 for one in played)) - self.start_ticks
