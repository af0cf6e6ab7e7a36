"""Placement: a chord in its time, and that time parted in two."""

from dataclasses import dataclass, replace

from hardcore.compose.grid import Bar
from hardcore.music.chord import Chord


@dataclass(frozen=True, slots=True)
class PlacedChord:
    """A chord and where it sounds; it starts on a beat, most start a bar.

    tension  of the form there, 0–1
    mark     how it came to be where the style's progression did not say so: authentic, half, deceptive, secondary,
             borrowed, suspended, prepared, inverted
    """

    chord: Chord
    start_ticks: int
    length_ticks: int
    tension: float = 0.5
    mark: str = ""

    @property
    def end_ticks(self) -> int:
        """Return where the next chord starts."""
        return self.start_ticks + self.length_ticks


def halved(placed: PlacedChord, grid: tuple[Bar, ...]) -> tuple[PlacedChord, ...]:
    """Return a placed chord as two: its last bar apart, or the second half of its only bar; one beat stays whole."""
    inside = [bar for bar in grid if placed.start_ticks <= bar.start_ticks < placed.end_ticks]
    if not inside:
        return (placed,)
    if len(inside) > 1:
        middle = inside[-1].start_ticks
    else:
        bar = inside[0]
        beats = [bar.tick(step) for step in bar.beats() if 2 * step >= bar.steps]
        middle = beats[0] if beats else placed.start_ticks
    if not placed.start_ticks < middle < placed.end_ticks:
        return (placed,)
    first = replace(placed, length_ticks=middle - placed.start_ticks)
    return (first, replace(placed, start_ticks=middle, length_ticks=placed.end_ticks - middle))
