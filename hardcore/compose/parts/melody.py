"""Melody: what a lead is drawn from, and its notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.harmony.progression import Progression
from hardcore.compose.harmony.register import Register, over
from hardcore.compose.motif.phrase import Cell, Hit
from hardcore.knowledge.melodic import LeadStyle
from hardcore.project.notes import Note


@dataclass(frozen=True, slots=True)
class Melody:
    """What a lead is drawn from.

    lift       scale steps that a tune lies higher than the style has it
    answered   whether another part plays the responses
    bpm        of the style
    song       what is drawn once a song comes from this; None: from where all else comes
    bars_told  what each bar does with what came before: a behaviour that plays in phrases notes it here
    """

    style: LeadStyle
    progression: Progression
    usable: Register
    density: float
    movement: float
    bpm: float
    song: Random | None = None
    lift: int = 0
    answered: bool = False
    bars_told: list[str] = field(default_factory=list)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Return the bars of the clip."""
        return self.progression.bars

    def home(self) -> int:
        """Return the tonic nearest to the style's home."""
        tonic, home = self.usable.key.tonic, self.style.home
        return self.usable.fold(home + (tonic - home + 6) % 12 - 6)

    def above_root(self, tick: int, tone: int) -> int:
        """Return the pitch `tone` semitones above the root of the chord at `tick` near the style's home."""
        chord = self.progression.at(tick)
        home, usable = self.style.home, over(self.usable, chord)
        root = usable.fold(home + (chord.root - home + 6) % 12 - 6)
        return usable.above(chord, root, tone) if tone else usable.chord_tone(chord, root)


def rooted(melody: Melody, cell: Cell, bar: Bar, rng: Random) -> Iterator[Note]:
    """Yield a cell of semitones above the chord's root."""
    for hit in cell:
        yield note(melody, bar, hit, melody.above_root(bar.tick(hit.step), hit.tone), rng)


def note(melody: Melody, bar: Bar, hit: Hit, pitch: int, rng: Random) -> Note:
    """Return the note of a hit at a pitch."""
    start = bar.tick(hit.step)
    length = max(bar.tick(hit.step + hit.length) - start, 1)
    sounding = length if hit.slide else max(round(length * melody.style.gate), 1)
    return Note(start, sounding, pitch, min(max(hit.velocity + rng.randint(-3, 3), 1), 127), slide=hit.slide)
