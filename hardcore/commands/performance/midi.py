"""MIDI inputs: which ports there are, and which tracks hear them."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Choice, Flag, Kind, Pitch, TrackList
from hardcore.errors import NotFound, UserError, nearest
from hardcore.music.pitch import note_name
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.workers.thread import beside

_KEYS = 127


def _ports(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    heard = {track.midi_in.port for track in project.tracks if track.midi_in is not None}
    return (Choice(port, "a track hears it") for port in sorted(filter(None, heard)))


PortName = Annotated[str, Field(max_length=80), Kind("port", "a MIDI input port of /midi list, or all", _ports)]
Channel = Annotated[int, Field(ge=1, le=16), Kind("channel", "1 to 16")]
BendRange = Annotated[float, Field(ge=0, le=96), Kind("semitones", "0 to 96")]
ParameterName = Annotated[str, Field(max_length=40), Kind("parameter", "a parameter of the sound, such as cutoff")]
Shift = Annotated[int, Field(ge=-48, le=48), Kind("semitones", "-48 to 48")]


class PortRow(Row):
    """A MIDI input port: the tracks that hear it; `there` is whether it is plugged in."""

    name: str
    there: bool
    tracks: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, "" if self.there else "not plugged in", ", ".join(self.tracks))


class PortList(Listing[PortRow]):
    """The MIDI input ports; `available` is whether this machine has a MIDI system at all."""

    headings = ("port", "", "heard by")

    available: bool


@command("midi list", "midi list", effects={"player"}, aliases=("midi", "midi ports"))
async def midi_list(call: Call) -> PortList:
    """List the MIDI input ports, and the tracks that hear each of them.

    What is plugged in is there at once, and what was pulled out comes back by itself; `midi input` lets tracks hear it.
    """
    hands = call.studio.hands
    if hands is None:
        raise UserError("no MIDI is heard here", "start `hardcore` in a terminal")
    ports = await beside(hands.listed)
    heard = {track.name: track.midi_in for track in call.project.tracks if track.midi_in is not None}
    missing = {taken.port for taken in heard.values() if taken.port is not None} - {*ports.names}
    rows = tuple(
        PortRow(
            name=port,
            there=port in ports.names,
            tracks=tuple(name for name, taken in heard.items() if taken.port in (None, port)),
        )
        for port in (*ports.names, *sorted(missing))
    )
    note = "" if rows else "nothing is plugged in"
    if not ports.available:
        note = "this machine has no MIDI system: ALSA's sequencer or a JACK server is needed"
    return PortList(items=rows, available=ports.available, note=note)


def tracks_named(project: ProjectState, names: Sequence[str]) -> list[Track]:
    """Return tracks by their names, at least one. Raises UserError."""
    if not names:
        raise UserError("that names no track", "such as bass, or bass,lead")
    return [project.find_track(name) for name in names]


@command(
    "midi input",
    "midi input bass --channel 1",
    about={
        "tracks": "the tracks that its keys play, with commas",
        "port": "the port that is heard, all where none is named",
        "channel": "only this channel",
        "low": "the lowest key of its zone",
        "high": "the highest key of its zone",
        "transpose": "move the keys",
        "bend": "semitones of a full pitch wheel, 2; of a note's own bend in MPE 48",
        "mpe": "every note has a channel of its own",
        "pressure": "the parameter that aftertouch moves",
        "timbre": "the parameter that cc 74 of an MPE note moves",
        "off": "hear nothing any more",
    },
)
def midi_input(
    call: Call,
    tracks: TrackList,
    port: PortName = "all",
    *,
    channel: Channel | None = None,
    low: Pitch = 0,
    high: Pitch = _KEYS,
    transpose: Shift = 0,
    bend: BendRange | None = None,
    mpe: Flag = False,
    pressure: ParameterName | None = None,
    timbre: ParameterName | None = None,
    off: Flag = False,
) -> Done:
    """Let tracks hear MIDI inputs: what is played there sounds on their instruments at once.

    --low and --high give a track a zone of the keyboard, so that two tracks split one. Sustain pedal and pitch bend
    count. --pressure cutoff lets aftertouch, of a channel or a key, move a parameter of the sound up from where it is;
    with --mpe every note bends, presses and moves its --timbre by itself. --off ends it.
    """
    if low > high:
        raise UserError(f"no key is from {note_name(low)} to {note_name(high)}", "--low is the lower one")
    name = None if port.casefold() == "all" else plugged(call, port)
    found = tracks_named(call.project, tracks)
    moved = {"pressure": _parameter(found, pressure), "timbre": _parameter(found, timbre)}
    zone = {"port": name, "channel": channel, "low": low, "high": high, "transpose": transpose}
    taken = None if off else MidiInput(**zone, bend=bend, mpe=mpe, **moved)
    for track in found:
        if track.instrument is None:
            raise UserError(f"{track.name} plays no notes", "a midi track with an instrument does")

    def change(project: ProjectState) -> ProjectState:
        for track in found:
            project = project.with_track(track.id, lambda one: one.evolve(midi_in=taken))
        return project

    call.edit(change)
    named = ", ".join(track.name for track in found)
    if taken is None:
        return Done(message=f"{named}: no MIDI input")
    return Done(message=f"{named}: hears {taken.name}")


def _parameter(tracks: Iterable[Track], name: str | None) -> str | None:
    """Return the parameter of a name, which the sound of every track has. Raises UserError naming the nearest."""
    from hardcore.knowledge.terms import parameter_called

    if name is None:
        return None
    found = name
    for track in tracks:
        if track.instrument is not None:
            device = track.instrument.definition
            found = (parameter_called(device, name) or device.parameter(name)).id
    return found


def plugged(call: Call, port: str) -> str:
    """Return a port's whole name. Raises NotFound, naming the nearest, where the ports are known and it is none."""
    hands = call.studio.hands
    known = hands.ports.names if hands is not None and hands.running else ()
    if not known:
        return port
    found = [name for name in known if port.casefold() in name.casefold()]
    if not found:
        raise NotFound(f"no MIDI input '{port}'", nearest(port, known))
    return next((name for name in found if name.casefold() == port.casefold()), found[0])
