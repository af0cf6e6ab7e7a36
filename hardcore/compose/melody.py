"""Melody: what a lead is drawn from, its notes, and the motif with its calls and responses."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from hardcore.compose.development import PHRASE_BARS, Development, answered, developed, returned
from hardcore.compose.grid import Bar
from hardcore.compose.phrase import Cell, Hit, fit, read_cell, scaled, sequence, thicken, thin
from hardcore.compose.progression import Progression
from hardcore.compose.register import Register, over
from hardcore.knowledge.melodic import Contour, LeadStyle
from hardcore.project.notes import Note

_SHAPES: dict[Contour, Callable[[float], float]] = {
    "arch": lambda t: math.sin(math.pi * t),
    "valley": lambda t: -math.sin(math.pi * t),
    "rise": lambda t: t - 0.2,
    "fall": lambda t: 0.8 - t,
    "wave": lambda t: math.sin(2 * math.pi * t) * 0.7,
}


@dataclass(frozen=True, slots=True)
class Melody:
    """What a lead is drawn from.

    answered   whether another part plays the responses
    bars_told  what was done with the motif, bar by bar: the behaviour that plays notes it here
    """

    style: LeadStyle
    progression: Progression
    usable: Register
    density: float
    movement: float
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


def motif(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield a melody of calls and responses: a motif, its answer, what becomes of it, and a close that rests.

    What was done in each bar is noted in `melody.bars_told`.
    """
    pattern, lag = rng.choice(melody.style.rhythms), 0
    call = _motif(melody, pattern, melody.bars[0], rng)
    singer = _Singer(melody)
    for bar in melody.bars:
        place = bar.index % PHRASE_BARS
        done = Development("statement", call)
        if place == 0 and bar.index:
            done = returned(call, bar.steps, melody.movement, rng)
            call = done.cell
            lag = rng.choice((0, 0, 1, -1))
        elif place == 1:
            done = answered(call, rng.choice((0, 2, 4)))
            done = done._replace(cell=_on_rhythm(done.cell, pattern, bar))
        elif place == 2:
            done = developed(call, bar.steps, melody.movement, rng)
        elif place == 3:
            done = answered(call, 0)
        rests = place % 2 and bar.index and rng.random() < scaled(melody.style.rest, 1 - melody.density)
        # where another part answers, the lead leaves it its bars, but comes home itself
        if rests or (melody.answered and place % 2 and bar.index < len(melody.bars) - 1):
            melody.bars_told.append("rest")
            continue
        melody.bars_told.append(done.name)
        yield from singer.sung(fit(sequence(done.cell, lag), bar.steps), bar, rng)


def _on_rhythm(cell: Cell, pattern: str, bar: Bar) -> Cell:
    """Return the cell's tones on the rhythm that a pattern of several bars has for this bar; else the cell."""
    rhythm = read_cell(pattern, bar) if "|" in pattern else ()
    tones = [hit.tone for hit in cell] or [0]
    return tuple(hit._replace(tone=tones[min(place, len(tones) - 1)]) for place, hit in enumerate(rhythm)) or cell


def _motif(melody: Melody, pattern: str, bar: Bar, rng: Random) -> Cell:
    """Return a motif for a bar: the pattern's rhythm, and tones that follow a contour by steps and few leaps."""
    cell = thin(read_cell(pattern, bar), melody.density, rng)
    cell = thicken(cell, 0.5 + (melody.density - 0.5) * 0.7, bar.steps, rng)
    shape = _SHAPES[rng.choice(melody.style.contours)]
    span = melody.style.span * (0.4 + 1.2 * melody.movement)
    tone, hits = round(shape(0.0) * span), []
    for place, hit in enumerate(cell):
        goal = shape(place / max(len(cell) - 1, 1)) * span + rng.uniform(-0.8, 0.8)
        most = 5 if rng.random() < scaled(melody.style.leap, melody.movement) else 2
        tone += max(min(round(goal) - tone, most), -most)
        hits.append(hit._replace(tone=tone))
    return tuple(hits)


class _Singer:
    """Turns cells of scale steps around the home into notes, and remembers the note before."""

    def __init__(self, melody: Melody) -> None:
        self.melody = melody
        self.home = melody.home()
        self.before: int | None = None
        self.hangs = False

    def sung(self, cell: Cell, bar: Bar, rng: Random) -> Iterator[Note]:
        """Yield a cell; notes on the beat and the last one settle on the chord, or hang over from the one before."""
        for place, hit in enumerate(cell):
            beat = hit.step % bar.beat_steps == 0 or place == len(cell) - 1
            pitch = self._pitch(hit, bar, beat, rng)
            slide = rng.random() < self.melody.style.slide
            accent = 12 if rng.random() < self.melody.style.accent else 0
            yield note(self.melody, bar, hit._replace(slide=slide, velocity=hit.velocity + accent), pitch, rng)
            self.before = pitch

    def _pitch(self, hit: Hit, bar: Bar, beat: bool, rng: Random) -> int:
        """Return the pitch of a hit: on the beat a chord tone, or the one before held over, which then falls a step."""
        melody = self.melody
        tick = bar.tick(hit.step)
        chord = melody.progression.at(tick)
        usable = over(melody.usable, chord)
        rise = round(2 * melody.progression.lift(tick))
        pitch = usable.step(self.home, hit.tone + rise)
        draw = rng.random()
        if self.hangs and self.before is not None:
            self.hangs = False
            return usable.chord_tone(chord, usable.step(self.before, -1))
        if beat:
            if draw >= melody.style.chord_tone and self.before is not None and usable.holds(self.before):
                self.hangs = not chord.contains(self.before)
                return self.before
            return usable.chord_tone(chord, pitch)
        if hit.length <= 1 and rng.random() < melody.style.chromatic:
            return min(pitch + 1, melody.usable.high)
        return pitch
