"""What hands play, as events: notes that begin and controllers that move; and ports that come and go, said."""

from typing import Literal

from hardcore.controller.events import Events, MidiReceived, Notified
from hardcore.project.hands import CONTROL, NOTE_OFF, NOTE_ON, Heard

_SAID: dict[int, Literal["note", "off", "cc"]] = {NOTE_ON: "note", NOTE_OFF: "off", CONTROL: "cc"}


class HandEvents:
    """Tells what the MIDI process says, in the thread that brings it."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def heard(self, heard: Heard) -> None:
        """Tell of a message; what is neither a note nor a controller is for the engine alone."""
        message = _SAID.get(heard.kind)
        if message is not None:
            self._events.tell(
                MidiReceived(
                    port=heard.port, message=message, channel=heard.channel, number=heard.number, value=heard.value
                )
            )

    def news(self, words: str) -> None:
        """Say something to the person at the studio."""
        self._events.tell(Notified(message=words, author="midi"))
