"""Live MIDI effects: what a track does with the keys that it hears before they sound."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Flag, Kind, Length, Share, Toggle, TrackList
from hardcore.commands.performance.midi import tracks_named
from hardcore.errors import UserError
from hardcore.project.midieffects import Arp, Interval, MidiEffects
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

CHORDS = {
    "off": (), "octave": (0, 12), "power": (0, 7), "triad": (0, 4, 7), "minor": (0, 3, 7), "seventh": (0, 4, 7, 10),
    "sus4": (0, 5, 7),
}  # fmt: skip
TOUCHES = {"soft": -0.5, "linear": 0.0, "hard": 0.5}
ChordWord = Annotated[str, Field(max_length=60), Kind("chord", f"{', '.join(CHORDS)}, or semitones such as 0,3,7")]
TouchWord = Annotated[str, Field(max_length=20), Kind("velocity", "soft, linear, hard, or one for all, 1 to 127")]
ArpWord = Annotated[Arp | Literal["off"], Kind("arp", "up, down, updown, order, random, repeat or off")]
Octaves = Annotated[int, Field(ge=1, le=4), Kind("octaves", "1 to 4")]


@command(
    "midi effect",
    "midi effect bass --scale on --arp up --rate 1/16",
    about={
        "tracks": "the tracks whose keys are changed as they are played",
        "scale": "move every note to the nearest one of the key",
        "rate": "from one note of the arpeggio to the next, 1/16",
        "octaves": "how many octaves it goes through, 1",
        "gate": "how long its notes are, in percent of a step, 60",
        "off": "play keys as they are",
    },
)
def midi_effect(
    call: Call,
    tracks: TrackList,
    *,
    scale: Toggle = None,
    chord: ChordWord | None = None,
    velocity: TouchWord | None = None,
    arp: ArpWord | None = None,
    rate: Length | None = None,
    octaves: Octaves | None = None,
    gate: Share | None = None,
    off: Flag = False,
) -> Done:
    """Say what tracks do with the keys of their MIDI input before they sound; what is not said stays as it is.

    --velocity is a touch or one velocity for all, --chord the notes that each key sounds, --scale on keeps them in the
    project's key. --arp plays the keys that are down one after the other on the grid of the music, repeat strikes all
    of them at once. --off ends it all.
    """
    found = tracks_named(call.project, tracks)
    for track in found:
        if track.midi_in is None:
            raise UserError(f"{track.name} hears no MIDI input", f"midi input {track.name}")
    changes = _changes(scale, chord, velocity, arp) | _timing(rate, octaves, gate)
    if not changes and not off:
        raise UserError("say what it is to do", "such as --scale on, --chord triad, --arp up")

    def changed(track: Track) -> Track:
        assert track.midi_in is not None
        effects = MidiEffects() if off else track.midi_in.effects.evolve(**changes)
        return track.evolve(midi_in=track.midi_in.evolve(effects=effects))

    def change(project: ProjectState) -> ProjectState:
        for one in found:
            project = project.with_track(one.id, changed)
        return project

    new = call.edit(change)
    first = new.find_track(found[0].id).midi_in
    named = ", ".join(track.name for track in found)
    return Done(message=f"{named}: {(first.effects.name if first is not None else '') or 'keys as they are'}")


def _changes(scale: bool | None, chord: str | None, velocity: str | None, arp: str | None) -> dict[str, Any]:
    """Return what is set of which notes sound and how loud. Raises UserError."""
    changes: dict[str, Any] = {} if scale is None else {"scale": scale}
    changes |= {} if chord is None else {"chord": _intervals(chord)}
    changes |= {} if velocity is None else _touch(velocity)
    return changes if arp is None else changes | {"arp": None if arp == "off" else arp}


def _timing(rate: int | None, octaves: int | None, gate: float | None) -> dict[str, Any]:
    """Return what is set of how an arpeggio runs."""
    share = None if gate is None else max(0.05, min(gate / 100, 0.95))
    given = {"rate_ticks": rate, "octaves": octaves, "gate": share}
    return {name: value for name, value in given.items() if value is not None}


def _intervals(text: str) -> tuple[Interval, ...]:
    """Return the semitones of a chord. Raises UserError."""
    if text.casefold() in CHORDS:
        return CHORDS[text.casefold()]
    try:
        return tuple(int(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise UserError(f"'{text}' is no chord", f"{', '.join(CHORDS)}, or semitones such as 0,3,7") from error


def _touch(text: str) -> dict[str, Any]:
    """Return what a velocity word sets. Raises UserError."""
    if text.casefold() in TOUCHES:
        return {"velocity": None, "curve": TOUCHES[text.casefold()]}
    if text.isdecimal() and 1 <= int(text) <= 127:
        return {"velocity": int(text)}
    raise UserError(f"'{text}' is no velocity", "soft, linear, hard, or 1 to 127")
