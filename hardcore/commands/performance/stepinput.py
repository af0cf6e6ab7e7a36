"""Step input: notes of a keyboard go into a clip one step after the other, whatever the music does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from hardcore.commands.core.call import Call, Caller
from hardcore.controller.events import MidiReceived, Notified, acting
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project import clips
from hardcore.project.note import Note
from hardcore.project.notes import NoteBlock


@dataclass
class StepInput:
    """Writes what is played into a clip at a cursor that goes on by a step, in the loop in which it began.

    at_ticks     the cursor, from the start of the clip
    step_ticks   how far it goes on, and how long the notes are
    """

    studio: Studio
    track: str
    clip: str
    at_ticks: int
    step_ticks: int
    _chord: dict[int, int] = field(default_factory=dict)
    _down: set[int] = field(default_factory=set)
    _stop: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Listen to keyboards that the track hears."""
        loop = asyncio.get_running_loop()

        def received(event: MidiReceived) -> None:
            if event.message in ("note", "off"):
                loop.call_soon_threadsafe(self._take, event)

        self._stop = self.studio.controller.events.subscribe(MidiReceived, received)

    def close(self) -> None:
        """Write no more."""
        self._stop()

    def move(self, steps: int) -> None:
        """Move the cursor; at either end of the clip it goes round."""
        _, clip = self.studio.controller.project.find_clip(self.clip)
        self.at_ticks = (self.at_ticks + steps * self.step_ticks) % clip.length_ticks

    def _take(self, event: MidiReceived) -> None:
        taken = self.studio.controller.project.find_track(self.track).midi_in
        if taken is None or not taken.takes(event.port, event.channel):
            return
        pitch = taken.key(event.number)
        if event.message == "note" and pitch is not None:
            self._chord[pitch] = event.value
            self._down.add(event.number)
        elif event.number in self._down:
            self._down.discard(event.number)
            if not self._down and self._chord:
                self._write()

    def _write(self) -> None:
        """Put the keys that were down together into the clip, as one step, and go on."""
        fresh = [Note(self.at_ticks, self.step_ticks, pitch, loud) for pitch, loud in self._chord.items()]
        self._chord.clear()

        def added(notes: NoteBlock) -> NoteBlock:
            return clips.block((*notes, *fresh))

        call = Call(self.studio, Caller(permissions=frozenset(("project",))), "step input")
        try:
            with acting(call.caller.author, call.caller.cause):
                call.edit(lambda project: clips.edit_notes(project, self.clip, added))
                call.ran("step", frozenset(("project",)))
            self.move(1)
        except HardcoreError as error:  # the clip is gone
            self.studio.controller.events.tell(Notified(message=error.line(), author="step input"))
