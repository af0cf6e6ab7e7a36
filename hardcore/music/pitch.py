"""Pitch: MIDI note numbers, their names and frequencies. Middle C is C4 = 60; A4 is 440 Hz."""

import re

from hardcore.errors import UserError

SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "##": 2, "x": 2, "b": -1, "♭": -1, "bb": -2}

_NOTE = re.compile(r"([A-Ga-g])(##|#|♯|x|bb|b|♭)?(-?[0-9]{1,2})?")


def note_name(pitch: int, flats: bool = False) -> str:
    """Return the name of a MIDI pitch with its octave, as `C4` for 60; `flats` spells Db for C#."""
    return f"{class_name(pitch, flats)}{pitch // 12 - 1}"


def class_name(pitch: int, flats: bool = False) -> str:
    """Return the name of a pitch or pitch class without octave, as `F#` for 6 or 66."""
    return (FLATS if flats else SHARPS)[pitch % 12]


def parse_note(text: str | int) -> int:
    """Return the MIDI pitch (0–127) of `F#3`, `Gb3` or `60`. Raises UserError."""
    word = str(text).strip()
    match = _NOTE.fullmatch(word)
    if match and match[3]:
        pitch = _class(match) + 12 * (int(match[3]) + 1)
    elif re.fullmatch(r"[0-9]{1,3}", word):
        pitch = int(word)
    else:
        raise UserError(f"'{word[:40]}' is not a note", "like C4, F#3, Bb2 or a number from 0 to 127")
    if not 0 <= pitch <= 127:
        raise UserError(f"the note {word} is out of range", "C-1 to G9, or 0 to 127")
    return pitch


def pitch_class(text: str) -> int:
    """Return the pitch class (0–11, C is 0) of a name without octave, as 6 for `F#`. Raises UserError."""
    match = _NOTE.fullmatch(text.strip())
    if not match or match[3]:
        raise UserError(f"'{text.strip()[:40]}' is not a note name", "like C, F# or Bb")
    return _class(match) % 12


def frequency(pitch: float) -> float:
    """Return the frequency in Hz of a MIDI pitch, which may have a fraction: 440 · 2^((p − 69)/12)."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _class(match: re.Match[str]) -> int:
    return LETTERS[match[1].lower()] + ACCIDENTALS[match[2] or ""]
