"""Roles: what a track does in the music, and how loud its instrument is built to be.

`LOUDNESS_LUFS` is the calibration target: the maximum momentary loudness (BS.1770, 400 ms) of the role's
phrase played at 120 BPM, velocity 100, gain 0 dB, pan centre, by any instrument of the role. The phrase:
drums: the hit on every quarter note for two bars (hats and shaker on every eighth); bass: eighth notes on the tonic
at MIDI 33–45 in the instrument's range, gate 90 %; lead, keys, pluck: quarter notes C4 E4 G4 C5, gate 90 %; pad,
chords, texture, riser, impact: one C minor triad around C4 held for two bars (one note of what has no pitch).
"""

from typing import Literal, get_args

Role = Literal[
    "kick", "snare", "clap", "rim", "hat_closed", "hat_open", "ride", "tom", "shaker", "perc",
    "bass", "sub", "lead", "chords", "pluck", "keys", "pad", "texture", "riser", "impact",
]  # fmt: skip

# who plays in a section; `drums` stands for all of them
Player = Role | Literal["drums"]

ROLES: tuple[Role, ...] = get_args(Role)
DRUMS: tuple[Role, ...] = ROLES[:10]
# what leads into a section and what marks its start: they play by the form, not by the harmony
TRANSITIONS: tuple[Role, ...] = ("riser", "impact")
# what has the harmony under a tune
ACCOMPANIMENT: tuple[Role, ...] = ("chords", "keys", "pad", "pluck")
# what plays neither chords nor lines
UNTUNED: tuple[Role, ...] = (*DRUMS, *TRANSITIONS)

# Relative weights of a balanced mix at 0 dB faders; the kick leads.
LOUDNESS_LUFS: dict[Role, float] = {
    "kick": -16.0, "snare": -19.0, "clap": -20.0, "rim": -24.0, "hat_closed": -27.0, "hat_open": -25.0,
    "ride": -26.0, "tom": -21.0, "shaker": -29.0, "perc": -25.0,
    "bass": -19.0, "sub": -19.0, "lead": -21.0, "chords": -23.0, "pluck": -23.0, "keys": -22.0,
    "pad": -25.0, "texture": -30.0, "riser": -30.0, "impact": -22.0,
}  # fmt: skip

# General MIDI percussion notes for export (channel 10).
GM_DRUM_NOTE: dict[Role, int] = {
    "kick": 36, "snare": 38, "clap": 39, "rim": 37, "hat_closed": 42, "hat_open": 46,
    "ride": 51, "tom": 45, "shaker": 70, "perc": 75,
}  # fmt: skip

# Other keys of the same drums.
_ALSO: dict[int, Role] = {
    35: "kick", 40: "snare", 44: "hat_closed", 41: "tom", 43: "tom", 47: "tom", 48: "tom", 50: "tom", 86: "tom",
    87: "tom", 49: "ride", 52: "ride", 53: "ride", 55: "ride", 57: "ride", 59: "ride", 69: "shaker", 82: "shaker",
}  # fmt: skip
_OF_KEY: dict[int, Role] = {**_ALSO, **{key: role for role, key in GM_DRUM_NOTE.items()}}


def drum_role(key: int) -> Role:
    """Return the role of a General MIDI drum key; what is none of the others is percussion."""
    return _OF_KEY.get(key, "perc")
