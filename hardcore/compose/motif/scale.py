"""Positions: the scale a tune moves on, seven a octave, and the pitches they are over each chord."""

from hardcore.compose.harmony.progression import Progression
from hardcore.compose.harmony.register import Register, over
from hardcore.music.scale import Key

_SEVEN = 7
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


def scale_of(key: Key) -> tuple[int, ...]:
    """Return the seven degrees that a key's tunes move on: its own, or those of the major or minor it lies in."""
    if len(key.intervals) == _SEVEN:
        return key.intervals
    return _MINOR if 3 in key.intervals and 4 not in key.intervals else _MAJOR


class Positions:
    """The positions of a tune: 0 is the tonic of the lowest octave, 7 the octave above it.

    low, high   those within the register
    centre      the one nearest to `home`, a MIDI pitch, that has the wished degree, `lift` steps higher, with room
                above and below
    """

    def __init__(self, usable: Register, progression: Progression, home: int, degree: int, lift: int = 0) -> None:
        self.usable, self.progression = usable, progression
        self.scale = scale_of(usable.key)
        self.tonic = usable.key.tonic
        self._rows: dict[int, list[tuple[int, bool]]] = {}
        row = [at for at in range(_SEVEN * 11) if usable.low <= self.plain(at) <= usable.high]
        near = min(range(_SEVEN * 11), key=lambda at: abs(self.plain(at) - usable.low))
        self.low, self.high = (row[0], row[-1]) if row else (near, near)
        wanted = [at for at in range(self.low, self.high + 1) if at % _SEVEN == degree] or [self.low]
        centre = min(wanted, key=lambda at: abs(self.plain(at) - home))
        room = min(5, (self.high - self.low) // 2)
        self.centre = min(max(centre + lift, self.low + room), self.high - room)

    def plain(self, position: int) -> int:
        """Return the pitch of a position in the key."""
        octave, degree = divmod(position, _SEVEN)
        return self.tonic + 12 * octave + self.scale[degree]

    def pitch(self, position: int, tick: int) -> int:
        """Return the pitch of a position over the chord at a tick: a degree that the chord alters is altered."""
        return self.row(tick)[position][0]

    def row(self, tick: int) -> list[tuple[int, bool]]:
        """Return for each position its pitch over the chord at a tick, and whether that is a note of the chord."""
        number = self.progression.index(tick)
        if number not in self._rows:
            chord = self.progression.at(tick)
            usable = over(self.usable, chord)
            pitches = [usable.nearest(self.plain(at)) for at in range(self.high + _SEVEN + 1)]
            self._rows[number] = [(pitch, bool(chord.contains(pitch))) for pitch in pitches]
        return self._rows[number]

    def goals(self, tick: int, degrees: tuple[int, ...]) -> tuple[int, ...]:
        """Return the degrees a phrase may close on at a tick: the wished ones that the chord has, else the chord's."""
        row = self.row(tick)
        tones = tuple(dict.fromkeys(at % _SEVEN for at in range(self.low, self.high + 1) if row[at][1]))
        return tuple(degree for degree in degrees if degree in tones) or tones or degrees
