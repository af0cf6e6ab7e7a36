"""Scales and keys. A key is a tonic and a mode; its degrees count from 0 (the tonic) and wrap by octave."""

import re
from bisect import bisect_right
from typing import Annotated

from pydantic import Field, field_validator

from hardcore.errors import UserError, nearest
from hardcore.model import Model
from hardcore.music.pitch import class_name, note_name, pitch_class

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "chromatic": tuple(range(12)),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
}

ALIASES = {
    "": "major",
    "maj": "major",
    "ionian": "major",
    "m": "minor",
    "min": "minor",
    "aeolian": "minor",
    "natural minor": "minor",
    "harm minor": "harmonic minor",
    "pentatonic": "major pentatonic",
    "pentatonic major": "major pentatonic",
    "pentatonic minor": "minor pentatonic",
    "m pentatonic": "minor pentatonic",
    "min pentatonic": "minor pentatonic",
    "maj pentatonic": "major pentatonic",
    "wholetone": "whole tone",
    "spanish": "phrygian dominant",
    "freygish": "phrygian dominant",
    "gypsy minor": "hungarian minor",
}

# semitones from the tonic down to the tonic of the major scale whose signature the mode is written with
_PARENT = {"dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "locrian": 11, "phrygian dominant": 4}
_TWINS = {"major pentatonic": "minor pentatonic", "minor pentatonic": "major pentatonic"}
_KEY = re.compile(r"([A-Ga-g])([#♯b♭]| ?sharp\b| ?flat\b)?(.*)", re.DOTALL)


class Key(Model):
    """A tonic (pitch class, C is 0) and a mode named in SCALES."""

    tonic: Annotated[int, Field(ge=0, le=11)]
    mode: str = "major"

    @field_validator("mode")
    @classmethod
    def _check_mode(cls, mode: str) -> str:
        name = mode_name(mode)
        if name is None:
            raise ValueError(f"no scale '{mode[:40]}': {nearest(mode[:40], SCALES)}")
        return name

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Return the key meant by `F minor`, `Am`, `E phrygian`, `f# min`, `Bb`, `C#m`. Raises UserError."""
        words = " ".join(re.sub(r"[-_]", " ", text).split())
        match = _KEY.fullmatch(words)
        if not match or len(words) > 60:
            raise UserError(f"'{text.strip()[:40]}' is not a key", "like F minor, Am, Bb or E phrygian")
        sign = {"sharp": "#", "flat": "b"}.get((match[2] or "").strip(), match[2] or "")
        # a capital M alone is major, as in chord names
        rest = "major" if match[3].strip() == "M" else match[3]
        mode = mode_name(rest)
        if mode is None:
            if mode_name(words) is not None:
                raise UserError(f"'{words}' needs a tonic", f"like D {words.lower()}")
            raise UserError(f"no scale '{rest.strip()}'", nearest(rest.strip(), SCALES))
        return cls(tonic=pitch_class(match[1] + sign), mode=mode)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Return the semitones of the scale's degrees above the tonic."""
        return SCALES[self.mode]

    @property
    def is_minor(self) -> bool:
        """Return whether the scale has a minor third and no major one."""
        return 3 in self.intervals and 4 not in self.intervals

    @property
    def accidentals(self) -> int:
        """Return the key signature: sharps above 0, flats below, −6 to 6."""
        parent = (self.tonic - _PARENT.get(self.mode, 9 if self.is_minor else 0)) % 12
        fifths = parent * 7 % 12
        # six sharps or six flats: F# major but Eb minor, as players name them
        return fifths if fifths < 6 or (fifths == 6 and not self.is_minor) else fifths - 12

    @property
    def flats(self) -> bool:
        """Return whether notes in this key are spelled with flats."""
        return self.accidentals < 0

    @property
    def tonic_name(self) -> str:
        """Return the tonic's name, as `F`."""
        return class_name(self.tonic, self.flats)

    @property
    def name(self) -> str:
        """Return the full name, as `F minor`."""
        return f"{self.tonic_name} {self.mode}"

    @property
    def short(self) -> str:
        """Return the short name: `Fm`, `F`, or the full one for other modes."""
        return {"major": self.tonic_name, "minor": f"{self.tonic_name}m"}.get(self.mode, self.name)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Return the pitch classes of the scale, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in self.intervals)

    def note_name(self, pitch: int) -> str:
        """Return the name of a MIDI pitch as this key spells it, as `Ab3` in F minor."""
        return note_name(pitch, self.flats)

    def contains(self, pitch: int) -> bool:
        """Return whether `pitch` (any octave) is in the scale."""
        return (pitch - self.tonic) % 12 in self.intervals

    def degree(self, degree: int, octave: int = 4) -> int:
        """Return the MIDI pitch of a degree: 0 is the tonic in `octave` (C4 = 60); any integer, wraps by octave."""
        up, index = divmod(degree, len(self.intervals))
        return 12 * (octave + 1 + up) + self.tonic + self.intervals[index]

    def nearest(self, pitch: int) -> int:
        """Return the pitch of the scale nearest to `pitch`; of two as near, the lower."""
        return min((p for p in range(pitch - 11, pitch + 12) if self.contains(p)), key=lambda p: (abs(p - pitch), p))

    def step(self, pitch: int, steps: int) -> int:
        """Return `pitch` moved by scale steps; from outside the scale the first step lands on the next note of it."""
        if steps == 0:
            return pitch
        degree, rest = self._split(pitch)
        # going down from between two notes, the nearer one below is already one step away
        return self.degree(degree + steps + (1 if rest and steps < 0 else 0), octave=-1)

    def map_to(self, other: "Key", pitch: int) -> int:
        """Return `pitch` moved to `other`, keeping its degree, by the shortest move of the tonic.

        What a pitch is above its degree is kept as far as it does not reach the next degree: a leading note stays one.
        Scales with different numbers of notes map to the nearest note. The result is within 0–127.
        """
        shift = (other.tonic - self.tonic + 6) % 12 - 6
        if len(self.intervals) != len(other.intervals):
            moved = other.nearest(pitch + shift) if self.contains(pitch) else pitch + shift
        else:
            degree, rest = self._split(pitch)
            # the same number of octaves above the moved tonic, wherever the octave's C lies
            octave = (self.tonic + shift - other.tonic) // 12 - 1
            low, high = other.degree(degree, octave), other.degree(degree + 1, octave)
            moved = low + min(rest, high - low - 1)
        return _fold(moved)

    def relative(self) -> "Key":
        """Return the key with the same notes and the other gender: C major and A minor; a mode gives its major."""
        if self.mode in _PARENT and self.mode != "phrygian dominant":
            return Key(tonic=(self.tonic - _PARENT[self.mode]) % 12, mode="major")
        shift = 3 if self.is_minor else -3
        return Key(tonic=(self.tonic + shift) % 12, mode=self._other_gender())

    def parallel(self) -> "Key":
        """Return the key on the same tonic with the other gender: C major and C minor."""
        return Key(tonic=self.tonic, mode=self._other_gender())

    def _other_gender(self) -> str:
        return _TWINS.get(self.mode, "major" if self.is_minor else "minor")

    def _split(self, pitch: int) -> tuple[int, int]:
        """Return the degree at or below `pitch`, counted from the tonic of octave −1, and the semitones above it."""
        octave, within = divmod(pitch - self.tonic, 12)
        index = bisect_right(self.intervals, within) - 1
        return octave * len(self.intervals) + index, within - self.intervals[index]


def mode_name(text: str) -> str | None:
    """Return the name in SCALES that `text` means (aliases, any case), or None."""
    word = " ".join(re.sub(r"[-_]", " ", text).lower().split())
    name = ALIASES.get(word, word)
    return name if name in SCALES else None


def _fold(pitch: int) -> int:
    """Return `pitch` moved by octaves into 0–127."""
    if pitch < 0:
        return pitch % 12
    return pitch if pitch <= 127 else pitch - 12 * -(-(pitch - 127) // 12)
