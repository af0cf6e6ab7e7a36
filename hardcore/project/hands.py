"""What is known of hands on MIDI ports: which ports there are, and what was played on them."""

from typing import NamedTuple

# The kinds of channel messages: the status byte without its channel.
NOTE_OFF, NOTE_ON, POLY, CONTROL, PROGRAM, PRESSURE, BEND = 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0


class InputPorts(NamedTuple):
    """The names of the MIDI input ports, and whether this machine has a MIDI system at all."""

    names: tuple[str, ...] = ()
    available: bool = False


class DeviceLights(NamedTuple):
    """The lights of a controller as they are to be.

    port    the name of its input port, or a part of one
    part    a part of the name of its output port, where none is called as the input is
    setup   messages that it needs first, each time it is plugged in
    lights  (status byte, number, value), one for every status and number
    """

    port: str
    part: str = ""
    setup: tuple[tuple[int, ...], ...] = ()
    lights: tuple[tuple[int, int, int], ...] = ()


class Heard(NamedTuple):
    """A channel message from a port.

    kind     one of the above; a note-on of velocity 0 is a note-off
    channel  1–16
    number   the key, controller or program, 0–127; 0 for bend and channel pressure
    value    velocity, controller value or pressure 0–127; bend −8192…8191; 0 for a program change
    at_s     when it came, seconds of the machine's steady clock
    """

    port: str
    kind: int
    channel: int
    number: int
    value: int
    at_s: float


class ClockSaid(NamedTuple):
    """What another machine's clock, or a Link session, says.

    bpm      its tempo, None as long as there are too few pulses
    running  whether its music runs
    tick     where it is at `at_s`
    did      `start`, `continue`, `stop`, `position`, or nothing: it goes on
    peers    of a Link session, how many others are in it; None: it is MIDI clock
    """

    bpm: float | None
    running: bool
    tick: float
    at_s: float
    did: str = ""
    peers: int | None = None


class HeardNote(NamedTuple):
    """A note that began or ended, as it is kept: what was heard, and where the music was then.

    tick   goes on where a loop begins again; None: the music stood still
    nodes  how many nodes hands had started on the engine by then
    """

    heard: Heard
    tick: float | None
    nodes: int = 0


class LinkAsked(NamedTuple):
    """What is asked of Ableton Link.

    on        whether to be in a session
    bpm       the tempo of a session in which nobody is yet
    quantum   the beats of a bar: music begins on one
    offset_s  how much later our music is than the session's
    push      a tempo that the session is to take, None: it keeps its own
    start     the beat of its bar on which the music of all begins, None: nothing begins
    """

    on: bool
    bpm: float
    quantum: float
    offset_s: float = 0.0
    push: float | None = None
    start: float | None = None
