"""Live MIDI effects: what becomes of a key before a track plays it. The notes of clips are not touched."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from hardcore.model import Model
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.rule import chance

TOP = 127
Arp = Literal["up", "down", "updown", "order", "random", "repeat"]
Interval = Annotated[int, Field(ge=-36, le=36)]


class MidiEffects(Model):
    """What a track does with the keys that it hears, in this order.

    velocity  a velocity for all; None: as it was played, by `curve`
    curve     below 0 soft keys are louder (a light touch), above 0 softer
    chord     the semitones of the notes that each key sounds; () for itself alone
    scale     every note is moved to the nearest one of the project's key
    arp       the keys that are down, one after the other on a grid of `rate_ticks`; `repeat`: all at once
    octaves   how many octaves the arpeggio goes through
    gate      how long its notes are, as a share of a step
    """

    velocity: Annotated[int, Field(ge=1, le=TOP)] | None = None
    curve: Annotated[float, Field(ge=-1, le=1)] = 0.0
    chord: Annotated[tuple[Interval, ...], Field(max_length=8)] = ()
    scale: bool = False
    arp: Arp | None = None
    rate_ticks: Annotated[int, Field(ge=SIXTEENTH // 4, le=16 * SIXTEENTH)] = SIXTEENTH
    octaves: Annotated[int, Field(ge=1, le=4)] = 1
    gate: Annotated[float, Field(ge=0.05, le=0.95)] = 0.6

    def loud(self, velocity: int) -> int:
        """Return the velocity of a note that was played with `velocity`."""
        if self.velocity is not None:
            return self.velocity
        return min(max(round(TOP * float((velocity / TOP) ** (4.0**self.curve))), 1), TOP)

    def notes(self, pitch: int, key: Key) -> list[int]:
        """Return the notes that a key sounds, each once, those outside the keyboard left out."""
        found = [pitch + interval for interval in self.chord or (0,)]
        found = [one for one in found if 0 <= one <= TOP]
        return list(dict.fromkeys(key.nearest(one) if self.scale else one for one in found))

    def step(self, held: Sequence[int], number: int, seed: int = 0) -> list[int]:
        """Return what an arpeggio of the keys that are down, in the order they were pressed, sounds at a step."""
        if self.arp == "repeat":
            return list(held)
        row = list(self._row(held))
        if not row:
            return []
        if self.arp == "random":
            return [row[int(chance(seed, "arp", number, 0) * len(row)) % len(row)]]
        return [row[number % len(row)]]

    def _row(self, held: Sequence[int]) -> Iterator[int]:
        """Yield the notes of an arpeggio until it begins again."""
        keys = list(held) if self.arp in ("order", "random") else sorted(held)
        up = [key + 12 * octave for octave in range(self.octaves) for key in keys if key + 12 * octave <= TOP]
        if self.arp == "down":
            up.reverse()
        yield from up
        if self.arp == "updown":
            yield from up[-2:0:-1]

    @property
    def name(self) -> str:
        """Return them in words, empty where there are none."""
        words = [f"velocity {self.velocity}"] if self.velocity is not None else []
        words += [f"curve {self.curve:+g}"] if self.curve and self.velocity is None else []
        words += [f"chord {' '.join(map(str, self.chord))}"] if self.chord else []
        words += ["in the key"] if self.scale else []
        if self.arp is not None:
            octaves = f", {self.octaves} octaves" if self.octaves > 1 else ""
            words += [f"arp {self.arp} every {self.rate_ticks / (4 * SIXTEENTH):g} beats{octaves}"]
        return ", ".join(words)
