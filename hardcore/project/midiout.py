"""What a track sends to other instruments: to which MIDI output its notes go."""

from typing import Annotated

from pydantic import Field

from hardcore.model import Model
from hardcore.project.values import Name, OwnerId

# A bank has a coarse and a fine half, of seven bits each.
MOST_BANK = (1 << 14) - 1
# Those above it are no controllers but orders, such as all notes off.
LAST_CONTROL, MOST_LANES = 119, 32
EARLIEST_MS, LATEST_MS = -50.0, 500.0


class FileChannel(Model):
    """Where a MIDI file has a part.

    channel  1–16
    port     0–127, of a file for several ports; None: it names none
    """

    channel: Annotated[int, Field(ge=1, le=16)]
    port: Annotated[int, Field(ge=0, le=127)] | None = None


class ControlLane(Model):
    """A parameter of a track or of one of its effects (`owner`) whose automation is sent as a control change."""

    owner: OwnerId
    parameter: Name
    cc: Annotated[int, Field(ge=0, le=LAST_CONTROL)]


class MidiOutput(Model):
    """A track's MIDI output.

    port      the name of the port, or a part of it
    channel   1–16
    program   1–128, as instruments count them; None: what is chosen there stays
    bank      0–16383, chosen before the program; None: none is
    delay_ms  how much later than here its notes are sent
    thru      what hands play on the track goes there, too
    lanes     automation that is sent as control changes
    """

    port: Name
    channel: Annotated[int, Field(ge=1, le=16)] = 1
    program: Annotated[int, Field(ge=1, le=128)] | None = None
    bank: Annotated[int, Field(ge=0, le=MOST_BANK)] | None = None
    delay_ms: Annotated[float, Field(ge=EARLIEST_MS, le=LATEST_MS)] = 0.0
    thru: bool = False
    lanes: tuple[ControlLane, ...] = Field((), max_length=MOST_LANES)

    @property
    def name(self) -> str:
        """Return it in words: the port, and how."""
        words = [self.port, f"channel {self.channel}"]
        words += [f"program {self.program}"] if self.program is not None else []
        words += [f"bank {self.bank}"] if self.bank is not None else []
        words += [f"{self.delay_ms:+g} ms"] if self.delay_ms else []
        words += ["thru"] if self.thru else []
        words += [f"{lane.parameter} as cc {lane.cc}" for lane in self.lanes]
        return ", ".join(words)

    @property
    def chosen(self) -> list[tuple[int, ...]]:
        """Return the messages that choose the bank and the program."""
        control, change = 0xB0 + self.channel - 1, 0xC0 + self.channel - 1
        bank = [(control, 0, self.bank >> 7), (control, 32, self.bank & 127)] if self.bank is not None else []
        return [*bank, *([(change, self.program - 1)] if self.program is not None else [])]
