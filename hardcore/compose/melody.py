"""Melody: what a lead is drawn from, its notes, and the motif with its calls and responses."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.harmony import Progression
from hardcore.compose.phrase import (
    Cell,
    Hit,
    answer,
    augment,
    fit,
    invert,
    read_cell,
    scaled,
    sequence,
    shorten,
    thicken,
    thin,
    vary,
)
from hardcore.compose.register import Register
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
    """What a lead is drawn from."""

    style: LeadStyle
    progression: Progression
    usable: Register
    density: float
    movement: float

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Return the bars of the clip."""
        return self.progression.bars

    def home(self) -> int:
        """Return the tonic nearest to the style's home."""
        tonic, home = self.usable.key.tonic, self.style.home
        return self.usable.fold(home + (tonic - home + 6) % 12 - 6)

    def above_root(self, bar: Bar, tone: int) -> int:
        """Return the pitch `tone` semitones above the root of the bar's chord near the style's home."""
        chord = self.progression.at(bar.start_ticks)
        home = self.style.home
        root = self.usable.fold(home + (chord.root - home + 6) % 12 - 6)
        return self.usable.above(chord, root, tone) if tone else self.usable.chord_tone(chord, root)


def rooted(melody: Melody, cell: Cell, bar: Bar, rng: Random) -> Iterator[Note]:
    """Yield a cell of semitones above the chord's root."""
    pitches = {tone: melody.above_root(bar, tone) for tone in {hit.tone for hit in cell}}
    for hit in cell:
        yield note(melody, bar, hit, pitches[hit.tone], rng)


def note(melody: Melody, bar: Bar, hit: Hit, pitch: int, rng: Random) -> Note:
    """Return the note of a hit at a pitch."""
    start = bar.tick(hit.step)
    length = max(bar.tick(hit.step + hit.length) - start, 1)
    sounding = length if hit.slide else max(round(length * melody.style.gate), 1)
    return Note(start, sounding, pitch, min(max(hit.velocity + rng.randint(-3, 3), 1), 127), slide=hit.slide)


def motif(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield a melody of calls and responses: a motif, its answer, the motif on another step, and a close that rests."""
    pattern, lag = rng.choice(melody.style.rhythms), 0
    call = _motif(melody, pattern, melody.bars[0], rng)
    for bar in melody.bars:
        place = bar.index % 4
        if place == 0 and bar.index:
            call = _evolved(call, bar.steps, melody, rng)
            lag = rng.choice((0, 0, 1, -1))
        if place == 1:
            cell = _on_rhythm(answer(call, rng.choice((0, 2, 4))), pattern, bar)
        elif place == 2:
            cell = _moved(call, melody, rng)
        else:
            cell = answer(call) if place == 3 else call
        if place % 2 and bar.index and rng.random() < scaled(melody.style.rest, 1 - melody.density):
            continue
        yield from _sung(melody, fit(sequence(cell, lag), bar.steps), bar, rng)


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


def _moved(call: Cell, melody: Melody, rng: Random) -> Cell:
    """Return the call again on another step, or with some tones changed."""
    if rng.random() < 0.5:
        return sequence(call, rng.choice((1, 2, -1, -2)))
    return vary(call, 0.2 + 0.4 * melody.movement, [hit.tone + rng.choice((1, -1)) for hit in call] or [0], rng)


def _evolved(call: Cell, steps: int, melody: Melody, rng: Random) -> Cell:
    """Return the motif for the next phrase: the same, upside down, twice as slow, or new in places."""
    if rng.random() > 0.3 + melody.movement:
        return call
    kind = rng.randrange(3)
    if kind == 0:
        return invert(call)
    if kind == 1 and len(call) > 3:
        return shorten(augment(call, 2, steps))
    return vary(call, 0.5, [hit.tone for hit in call] or [0], rng)


def _sung(melody: Melody, cell: Cell, bar: Bar, rng: Random) -> Iterator[Note]:
    """Yield a cell of scale steps around the home; notes on the beat and the last one settle on the chord."""
    chord = melody.progression.at(bar.start_ticks)
    home = melody.home()
    for place, hit in enumerate(cell):
        pitch = melody.usable.step(home, hit.tone)
        beat = hit.step % bar.beat_steps == 0 or place == len(cell) - 1
        if beat and rng.random() < melody.style.chord_tone:
            pitch = melody.usable.chord_tone(chord, pitch)
        elif not beat and hit.length <= 1 and rng.random() < melody.style.chromatic:
            pitch = min(pitch + 1, melody.usable.high)
        slide = rng.random() < melody.style.slide
        accent = 12 if rng.random() < melody.style.accent else 0
        yield note(melody, bar, hit._replace(slide=slide, velocity=hit.velocity + accent), pitch, rng)
