"""Register: the pitches a part may use, those of its key in its range."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from hardcore.music.chord import Chord
from hardcore.music.scale import Key

# the extensions and suspensions that are left out when the key does not have them; thirds, fifths and sevenths move
_OPTIONAL = (1, 2, 5, 9, 13, 14, 15, 17, 21)


@dataclass(frozen=True, slots=True)
class Register:
    """The pitches of a key from `low` to `high`, rising (all there when the key has none), and its pitch classes."""

    key: Key
    low: int
    high: int
    pitches: tuple[int, ...]
    classes: frozenset[int]

    def fold(self, pitch: int) -> int:
        """Return `pitch` moved by octaves into the range; in a range too narrow for it, the nearest pitch of it."""
        if pitch < self.low:
            pitch += 12 * -(-(self.low - pitch) // 12)
        elif pitch > self.high:
            pitch -= 12 * -(-(pitch - self.high) // 12)
        return pitch if self.low <= pitch <= self.high else self.nearest(pitch)

    def nearest(self, pitch: int) -> int:
        """Return the usable pitch nearest to `pitch`; of two as near, the lower."""
        at = bisect_left(self.pitches, pitch)
        near = self.pitches[max(at - 1, 0) : at + 1]
        return min(near, key=lambda found: (abs(found - pitch), found))

    def holds(self, pitch: int) -> bool:
        """Return whether `pitch` is one of the usable ones."""
        at = bisect_left(self.pitches, pitch)
        return self.pitches[at : at + 1] == (pitch,)

    def step(self, pitch: int, steps: int) -> int:
        """Return the pitch `steps` scale steps away; at the ends of the range it turns back like a mirror."""
        at = bisect_left(self.pitches, self.nearest(pitch)) + steps
        last = len(self.pitches) - 1
        if last == 0:
            return self.pitches[0]
        at %= 2 * last
        return self.pitches[at if at <= last else 2 * last - at]

    def chord_tone(self, chord: Chord, pitch: int) -> int:
        """Return the chord's note nearest to `pitch` that is in the range, or the nearest usable pitch."""
        classes = chord.pitch_classes
        tones = [found for found in self.pitches if found % 12 in classes]
        return min(tones, key=lambda found: (abs(found - pitch), found)) if tones else self.nearest(pitch)

    def above(self, chord: Chord, root: int, semitones: int) -> int:
        """Return the note about `semitones` above `root` that fits chord and key, folded into the range."""
        pitch = root + semitones
        tones = chord.pitch_classes
        for near in (pitch, pitch + 1, pitch - 1):
            if near % 12 in tones and near % 12 in self.classes:
                return self.fold(near)
        return self.fold(pitch if pitch % 12 in self.classes else self.key.nearest(pitch))


@lru_cache(maxsize=1024)
def over(usable: Register, chord: Chord) -> Register:
    """Return the register with the chord's notes that the key lacks, each in place of the degree that it alters.

    A raised note (a major third, a leading note) takes the place of the one below, a lowered one of the one above.
    """
    tones = set(chord.pitch_classes)
    if tones <= usable.classes:
        return usable
    classes = set(usable.classes)
    upward = (chord.root % 12 in usable.classes) or {3, 6} <= set(chord.intervals)
    for interval in chord.intervals:
        tone = (chord.root + interval) % 12
        if tone not in usable.classes:
            raised = upward if interval in (0, 7, 14, 21) else interval in (4, 8, 11, 18)
            altered = (tone - 1 if raised else tone + 1) % 12
            classes.add(tone)
            classes -= {altered} - tones
    inside = tuple(pitch for pitch in range(usable.low, usable.high + 1) if pitch % 12 in classes)
    return Register(usable.key, usable.low, usable.high, inside or usable.pitches, frozenset(classes))


@lru_cache(maxsize=256)
def register(key: Key, low: int, high: int) -> Register:
    """Return the register of a key between two MIDI pitches, both included; swapped bounds are put right."""
    low, high = min(low, high), max(low, high)
    low, high = max(low, 0), min(high, 127)
    inside = tuple(pitch for pitch in range(low, high + 1) if key.contains(pitch))
    return Register(key, low, high, inside or tuple(range(low, high + 1)), frozenset(key.pitch_classes))


def fit(chord: Chord, key: Key) -> Chord:
    """Return the chord with only notes of the key: root, third, fifth and seventh move to it, the rest is left out."""
    root = key.nearest(chord.root + 12) % 12
    kept = {0}
    for interval in chord.intervals:
        pitch = 24 + root + interval
        if key.contains(pitch):
            kept.add(interval)
        elif interval not in _OPTIONAL:
            kept.add(key.nearest(pitch) - 24 - root)
    intervals = tuple(sorted(interval for interval in kept if 0 <= interval <= 36))
    bass = None if chord.bass is None else key.nearest(chord.bass + 12) % 12
    return Chord(root=root, intervals=intervals, bass=None if bass == root else bass, flats=key.flats)
