"""MIDI outputs of tracks: other instruments play their notes."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited
from hardcore.commands.core.types import Choice, Flag, Kind, TrackList
from hardcore.commands.performance.midi import Channel, tracks_named
from hardcore.errors import UserError
from hardcore.project.midiout import EARLIEST_MS, LAST_CONTROL, LATEST_MS, MOST_BANK, ControlLane, MidiOutput
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

OFF = "off"


def _ports(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    sent = {track.midi_out.port for track in project.tracks if track.midi_out is not None}
    return (*(Choice(port, "a track sends there") for port in sorted(sent)), Choice(OFF, "send nothing any more"))


OutPort = Annotated[str, Field(max_length=80), Kind("port", "a part of the name of a MIDI output, or off", _ports)]
Program = Annotated[int, Field(ge=1, le=128), Kind("program", "1 to 128")]
Bank = Annotated[int, Field(ge=0, le=MOST_BANK), Kind("bank", f"0 to {MOST_BANK}")]
Lanes = Annotated[
    str,
    Field(max_length=400),
    Kind("lanes", "parameters and the control changes that they are sent as, such as cutoff:74,delay.mix:12"),
]
Delay = Annotated[float, Field(ge=EARLIEST_MS, le=LATEST_MS), Kind("ms", f"{EARLIEST_MS:g} to {LATEST_MS:g}")]


class MidiOutDone(Edited):
    """Where tracks send their notes now; null: nowhere."""

    tracks: tuple[str, ...]
    output: MidiOutput | None


@command(
    "track midi-out",
    "track midi-out bass Volca --channel 2 --program 33",
    about={
        "tracks": "the tracks that send their notes, with commas",
        "channel": "the channel they are sent on",
        "program": "the program that is chosen there, as instruments count them",
        "bank": "the bank that is chosen before it",
        "thru": "what hands play on the track goes there, too",
        "cc": "automation that is sent, each as a control change",
        "delay": "how many ms later they are sent, below 0 earlier",
    },
)
def track_midi_out(
    call: Call,
    tracks: TrackList,
    port: OutPort,
    *,
    channel: Channel = 1,
    program: Program | None = None,
    bank: Bank | None = None,
    delay: Delay = 0.0,
    thru: Flag = False,
    cc: Lanes = "",
) -> MidiOutDone:
    """Send the notes of tracks to a MIDI output while they play, each at its time; `off` ends it.

    Their own instrument goes on sounding: `track gain bass -96` leaves only the other one. What is muted is not sent,
    and every note that was sent is ended: by stop, panic, a seek, a mute, and when a program ends. The port is found
    when it is plugged in, and is told bank and program then, and when they change. An export plays the track as ever.
    --thru passes on what hands play on the track (`midi input`), controllers and bends too, at once; --cc sends
    automation, in clips and along the song, over the parameter's whole range.
    """
    output = MidiOutput(port=port, channel=channel, program=program, bank=bank, delay_ms=delay, thru=thru)
    found = tracks_named(call.project, tracks)
    for track in found:
        if track.kind != "midi":
            raise UserError(f"{track.name} plays no notes", "a midi track does")
    sent = None if port.casefold() == OFF else output
    lanes = {track.id: _lanes(call.project, track, cc) for track in found}

    def change(project: ProjectState) -> ProjectState:
        for track in found:
            out = sent.evolve(lanes=lanes[track.id]) if sent is not None else None
            project = project.with_track(track.id, partial(Track.evolve, midi_out=out))
        return project

    call.edit(change)
    names = tuple(track.name for track in found)
    now = call.project.find_track(found[0].id).midi_out
    where = "no MIDI output" if now is None else f"sent to {now.name}"
    return MidiOutDone(message=f"{', '.join(names)}: {where}", tracks=names, output=now)


def _lanes(project: ProjectState, track: Track, text: str) -> tuple[ControlLane, ...]:
    """Return the lanes that a text like `cutoff:74,delay.mix:12` names. Raises UserError."""
    from hardcore.compose.edits.lanes import find_parameter

    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, number = part.rpartition(":")
        if not name or not number.isdecimal() or int(number) > LAST_CONTROL:
            raise UserError(
                f"'{part}' is no parameter with a control change", f"such as cutoff:74, 0 to {LAST_CONTROL}"
            )
        owner, key = find_parameter(project, track, name)
        found.append(ControlLane(owner=owner, parameter=key, cc=int(number)))
    return tuple(found)
