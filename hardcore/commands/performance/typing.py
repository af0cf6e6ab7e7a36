"""The computer's keyboard as a piano or as pads."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Flag, Kind, Length
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.performance.typingkeys import PORT, TypingKeys
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.music.ticks import PPQ, SIXTEENTH

Octave = Annotated[int, Field(ge=-1, le=8), Kind("octave", "the octave of the key `a`, -1 to 8")]


class TypingState(Done):
    """What the computer's keys are now: piano, pads or typing, and how long what they play lasts, in seconds.

    gate_s   null: until the next key
    """

    keys: str
    gate_s: float | None = None


@command(
    "keys piano",
    "keys piano --octave 3",
    effects={"player", "screen"},
    about={"gate": "how long a note lasts, 1/4", "hold": "until the next note"},
)
async def keys_piano(call: Call, *, octave: Octave = 4, gate: Length = PPQ, hold: Flag = False) -> TypingState:
    """Play on the computer's keyboard: `a` to `'` are white keys, the row above black ones, for all that hear MIDI.

    z and x move it by an octave, c and v play softer and louder. Terminals do not tell when a key is let go: a note
    lasts for --gate, or, with --hold, until the next. It is a MIDI input, `computer keyboard`, so it is captured,
    recorded and written step by step like any other. Commands are typed as ever, with a slash. Alt-K ends it.
    """
    if not any(track.midi_in is not None and track.midi_in.takes(PORT, 1) for track in call.project.tracks):
        raise UserError("no track hears a keyboard", "midi input bass lets one")
    if call.studio.hands is None:
        raise UserError("nothing plays here", "start `hardcore` in a terminal")
    gate_s = None if hold else _seconds(call, gate)
    await ready(call)
    await asked(call, lambda player: player.state())
    call.studio.hands.listen()
    return _begin(call, TypingKeys(call.studio, gate_s, octave=12 * (octave + 1)))


@command("keys pads", "keys pads", effects={"screen"}, about={"gate": "how long a pad is held, 1/16"})
def keys_pads(call: Call, *, gate: Length = SIXTEENTH) -> TypingState:
    """Launch clips with the computer's keyboard: 1234, qwer, asdf and zxcv are four rows of four pads over the bank.

    Columns are tracks and rows are scenes; `bank tracks next` moves them. Alt-K ends it.
    """
    return _begin(call, TypingKeys(call.studio, _seconds(call, gate), pads=True))


@command("keys off", "keys off", effects={"screen"})
def keys_off(call: Call) -> TypingState:
    """Let the computer's keys type again."""
    typing = call.studio.recall(TypingKeys)
    if typing is not None:
        typing.let_go()
        typing.close()
    call.studio.forget(TypingKeys)
    return TypingState(message="keys type", keys="typing")


def _begin(call: Call, typing: TypingKeys) -> TypingState:
    keys_off(call)
    call.studio.keep(typing)
    if typing.pads:
        return TypingState(
            message="keys are pads: 1234, qwer, asdf, zxcv; Alt-K ends it", keys="pads", gate_s=typing.gate_s
        )
    words = f"keys are a piano from {note_name(typing.octave)} on: awsedftg…, z x octave, c v velocity; Alt-K ends it"
    return TypingState(message=words, keys="piano", gate_s=typing.gate_s)


def _seconds(call: Call, gate: int) -> float:
    return gate / PPQ * 60 / call.project.tempo_map.bpm
