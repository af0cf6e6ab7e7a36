"""Notes by name or one after the other: struck at once, or written step by step from a keyboard."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import ClipRef, Kind, Length, TrackRef, Velocity, Where
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.performance.stepinput import StepInput
from hardcore.errors import UserError
from hardcore.music.pitch import note_name, parse_note
from hardcore.music.ticks import PPQ, SIXTEENTH

NoteNames = Annotated[str, Field(min_length=1, max_length=200), Kind("notes", "such as C4 Eb4 G4", rest=True)]
Steps = Annotated[int, Field(ge=-256, le=256), Kind("steps", "how many, below 0 back")]


class StepState(Done):
    """Where step input is: the clip, and the place in it from its start."""

    clip: str
    at_ticks: int
    step_ticks: int


class NotesStruck(Done):
    """Notes that were played at once: their track and their MIDI numbers."""

    track: str
    keys: tuple[int, ...]


class StepEnded(Done):
    """Step input that is over: the clip it wrote into, and how far it had come."""

    clip: str
    at_ticks: int


@command(
    "play notes", "play notes bass C2 Eb2 G2", effects={"player"}, immediate=True, about={"length": "how long, 1/4"}
)
async def play_notes(
    call: Call, track: TrackRef, notes: NoteNames, *, length: Length = PPQ, velocity: Velocity = 100
) -> NotesStruck:
    """Sound notes on a track at once, by their names, as if they were played by hand."""
    found = call.project.find_track(track)
    if found.instrument is None:
        raise UserError(f"{found.name} plays no notes", "a midi track with an instrument does")
    hands = call.studio.hands
    if hands is None:
        raise UserError("nothing plays here", "start `hardcore` in a terminal")
    keys = [parse_note(name) for name in notes.replace(",", " ").split()]
    await ready(call)
    await asked(call, lambda player: player.state())
    hands.listen()
    hands.strike(found.id, keys, velocity, length / PPQ * 60 / call.project.tempo_map.bpm)
    said = f"{found.name}: {' '.join(note_name(key) for key in keys)}"
    return NotesStruck(message=said, track=found.id, keys=tuple(keys))


@command("step", "step bass:A --grid 1/8", effects={"screen"}, about={"grid": "how far it goes on, 1/16"})
async def step(call: Call, clip: ClipRef, *, at: Where | None = None, grid: Length = SIXTEENTH) -> StepState:
    """Write what is played by hand into a clip, one step after the other; keys that are down together are one step.

    `step move` leaves a step out or goes back, `step off` ends it. Each step is undone by itself.
    """
    track, found = call.project.find_clip(clip)
    if track.midi_in is None:
        raise UserError(f"{track.name} hears no MIDI input", f"midi input {track.name}")
    if found.region is not None:
        raise UserError(f"{found.name} holds audio, and no notes", "a clip of notes")
    begin = 0 if at is None else call.project.meter_map.tick(*at)
    if begin >= found.length_ticks:
        raise UserError(f"{found.name} ends before that", "a place in the clip")
    if (before := call.studio.recall(StepInput)) is not None:
        before.close()
    entry = StepInput(call.studio, track.id, found.id, begin, grid)
    call.studio.keep(entry)
    entry.begin()
    return _state(call, entry)


@command("step move", "step move 1", effects={"screen"})
def step_move(call: Call, steps: Steps) -> StepState:
    """Leave steps out, or go back: the next keys come there."""
    entry = _entry(call)
    entry.move(steps)
    return _state(call, entry)


@command("step off", "step off", effects={"screen"})
def step_off(call: Call) -> StepEnded:
    """End step input."""
    entry = _entry(call)
    entry.close()
    call.studio.forget(StepInput)
    return StepEnded(message="step input is off", clip=entry.clip, at_ticks=entry.at_ticks)


def _entry(call: Call) -> StepInput:
    entry = call.studio.recall(StepInput)
    if entry is None:
        raise UserError("step input is off", "step bass:A begins")
    return entry


def _state(call: Call, entry: StepInput) -> StepState:
    _, clip = call.project.find_clip(entry.clip)
    words = f"{clip.name}: the next keys come to {call.project.meter_map.place(entry.at_ticks)}"
    return StepState(message=words, clip=clip.id, at_ticks=entry.at_ticks, step_ticks=entry.step_ticks)
