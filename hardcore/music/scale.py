"""Scales and keys. A key is a tonic and a mode; its degrees count from 0 (the tonic) and wrap by octave."""

from bisect import bisect_right
from typing import Annotated

from pydantic import Field, field_validator

from hardcore.errors import nearest
from hardcore.model import Model
from hardcore.music.mode import PARENT, SCALES, accidentals, is_minor, key_name, mode_name, parse_key
from hardcore.music.pitch import class_name, note_name

_TWINS = {"major pentatonic": "minor pentatonic", "minor pentatonic": "major pentatonic"}


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
        tonic, mode = parse_key(text)
        return cls(tonic=tonic, mode=mode)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Return the semitones of the scale's degrees above the tonic."""
        return SCALES[self.mode]

    @property
    def is_minor(self) -> bool:
        """Return whether the scale has a minor third and no major one."""
        return is_minor(self.mode)

    @property
    def accidentals(self) -> int:
        """Return the key signature: sharps above 0, flats below, −6 to 6."""
        return accidentals(self.tonic, self.mode)

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
        return key_name(self.tonic, self.mode)

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
        if self.mode in PARENT and self.mode != "phrygian dominant":
            return Key(tonic=(self.tonic - PARENT[self.mode]) % 12, mode="major")
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


def _fold(pitch: int) -> int:
    """Return `pitch` moved by octaves into 0–127."""
    if pitch < 0:
        return pitch % 12
    return pitch if pitch <= 127 else pitch - 12 * -(-(pitch - 127) // 12)
