"""Counter-melody: a second line that moves where the lead rests, and against it where both move."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from hardcore.compose.grid import Bar, finish_mono
from hardcore.compose.harmony.progression import Progression
from hardcore.compose.harmony.register import Register, over, register
from hardcore.compose.motif.phrase import Cell, Hit, answer, fit
from hardcore.knowledge.melodic import CompStyle
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note

COUNTER = "counter"  # traits: a second melody; the answers to the lead's calls
RESPONSE = "call and response"
_BELOW = 9  # semitones under the lead that the line lies around
_REACH = 4  # scale steps from note to note
_CLOSE = 3  # semitones to the lead that crowd it
_SMOOTH = frozenset({3, 4, 8, 9})
_HOLLOW = frozenset({0, 5, 7})


def wanted(part: CompStyle | None, traits: Sequence[str], rng: Random) -> bool:
    """Return whether a part plays a counter-melody: asked for, or by the chance of its style."""
    draw = rng.random()
    return COUNTER in traits or RESPONSE in traits or (part is not None and draw < part.counter)


def generate(
    progression: Progression,
    key: Key,
    lead: Sequence[Note],
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    response: bool = False,
    velocity: int = 84,
    low: int = 48,
    high: int = 84,
) -> list[Note]:
    """Return a line of one voice under the lead, between MIDI pitches `low` and `high`.

    It starts notes where the lead starts none, chord tones on the beats, moves against the lead or while it holds, and
    keeps out of its way. With `response` it plays the lead's phrase again, answered, in the bars that the lead leaves
    it. Without a lead it is a line of chord tones.
    """
    line = _Line(progression, register(key, low, high), sorted(lead), rng, velocity)
    notes: list[Note] = []
    before: Cell = ()
    for bar in progression.bars:
        own = line.cell(bar)
        if response and before and not own:
            notes += line.answered(before, bar)
            before = ()
        else:
            steps = line.steps(bar, density, movement)
            notes += line.against(steps, bar)
            before = own
    return finish_mono(notes, progression.end_ticks)


@dataclass
class _Line:
    """What the line is drawn from, and the pitch it is on."""

    progression: Progression
    usable: Register
    lead: Sequence[Note]
    rng: Random
    velocity: int
    pitch: int = -1
    heard: int = -1

    def __post_init__(self) -> None:
        self.starts = [note.start_ticks for note in self.lead]
        middle = sum(note.pitch for note in self.lead) / len(self.lead) if self.lead else self.usable.high + 3
        span = self.usable.high - self.usable.low
        centre = min(max(round(middle) - _BELOW, self.usable.low + span // 4), self.usable.high - span // 4)
        self.home = self.usable.nearest(centre)

    def sounding(self, tick: int) -> Note | None:
        """Return the lead's note at a tick, None where it rests."""
        at = bisect_right(self.starts, tick) - 1
        return self.lead[at] if at >= 0 and self.lead[at].end_ticks > tick else None

    def cell(self, bar: Bar) -> Cell:
        """Return what the lead plays in a bar: steps of the scale from the home."""
        inside = [note for note in self.lead if bar.start_ticks <= note.start_ticks < bar.end_ticks]
        return tuple(
            Hit((note.start_ticks - bar.start_ticks) / SIXTEENTH, max(note.length_ticks / SIXTEENTH, 1), note.pitch)
            for note in inside
        )

    def steps(self, bar: Bar, density: float, movement: float) -> list[int]:
        """Return the steps of a bar on which the line moves: where a chord starts, and in the lead's gaps."""
        fixed = {*self.progression.breaks(bar)}
        if self.progression.index(bar.start_ticks) != self.progression.index(bar.start_ticks - 1) or not bar.index:
            fixed.add(0)
        taken = {round(hit.step) for hit in self.cell(bar)}
        grid = [step for step in range(0, bar.steps, 2) if step not in taken and step not in fixed]
        scores = {step: self._room(bar, step) + self.rng.random() for step in grid}
        more = round(bar.steps / 16 * (0.5 + 3 * density) * (0.7 + 0.6 * movement))
        chosen = sorted(grid, key=lambda step: (-scores[step], step))[:more]
        free = {step for step in fixed if step not in taken} or (fixed if not chosen else set())
        return sorted({*free, *chosen})

    def _room(self, bar: Bar, step: int) -> float:
        """Return how much room the lead leaves at a step: a rest more than a note that is held."""
        heard = self.sounding(bar.tick(step))
        strong = 0.3 if step % bar.beat_steps == 0 else 0.0
        return strong + (1.5 if heard is None else 0.5 if heard.start_ticks < bar.tick(step) - SIXTEENTH else 0.0)

    def against(self, steps: Sequence[int], bar: Bar) -> Iterator[Note]:
        """Yield notes on steps of a bar, each moving as little along with the lead as can be."""
        for step, end in zip(steps, [*steps[1:], bar.steps], strict=False):
            start = bar.tick(step)
            pitch = self._next(start, step % bar.beat_steps == 0)
            length = max(round((bar.tick(end) - start) * 0.92), 60)
            yield Note(start, length, pitch, min(max(self.velocity + self.rng.randint(-4, 4), 1), 127))

    def _next(self, tick: int, beat: bool) -> int:
        """Return the pitch of the line at a tick, and take it."""
        chord = self.progression.at(tick)
        usable = over(self.usable, chord)
        heard = self.sounding(tick)
        now = heard.pitch if heard else self.heard
        way = (now > self.heard) - (now < self.heard) if self.heard >= 0 and now >= 0 else 0
        here = self.pitch if self.pitch >= 0 else self.home
        near = sorted({usable.step(here, step) for step in range(-_REACH, _REACH + 1)})
        tones = [pitch for pitch in near if chord.contains(pitch)]
        pool = tones if tones and (beat or self.pitch < 0) else near
        chosen = min(pool, key=lambda pitch: (self._cost(pitch, here, way, heard), pitch))
        self.pitch, self.heard = chosen, now
        return chosen

    def _cost(self, pitch: int, here: int, way: int, heard: Note | None) -> float:
        """Return how bad a pitch is: along with the lead, on its notes, far away, or where it was."""
        move = (pitch > here) - (pitch < here)
        cost = 2.5 * (way != 0 and move == way) + 0.6 * (move == 0) + 0.12 * abs(pitch - here)
        cost += 0.08 * abs(pitch - self.home)
        if heard is not None:
            apart = heard.pitch - pitch
            cost += 0.0 if apart % 12 in _SMOOTH else 0.5 if apart % 12 in _HOLLOW else 1.2
            cost += 2.0 if apart < _CLOSE else 0.0
        return cost + self.rng.random() * 0.4

    def answered(self, call: Cell, bar: Bar) -> Iterator[Note]:
        """Yield the lead's last bar as a response: its rhythm, its second half mirrored, at rest on the chord."""
        for hit in fit(answer(tuple(hit._replace(tone=hit.tone - call[0].tone) for hit in call)), bar.steps):
            start = bar.tick(hit.step)
            chord = self.progression.at(start)
            usable = over(self.usable, chord)
            wanted = usable.fold(self.home + hit.tone)
            beat = hit.step % bar.beat_steps == 0 or hit.tone == 0
            self.pitch = usable.chord_tone(chord, wanted) if beat else usable.nearest(wanted)
            length = max(bar.tick(hit.step + hit.length) - start, 60)
            yield Note(start, length, self.pitch, min(max(self.velocity + 4 + self.rng.randint(-4, 4), 1), 127))
