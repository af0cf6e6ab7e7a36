"""The grid a part is written on: bars of sixteenth steps in any meter, and the last clean-up of a part's notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hardcore.music.meter import MeterMap
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note

GLIDE_TICKS = SIXTEENTH // 4  # how far a sliding note reaches into the next one


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it is, and its sixteenth steps (the last is shorter where the meter has no whole number)."""

    index: int
    start_ticks: int
    length_ticks: int
    beat_steps: int = 4

    @property
    def end_ticks(self) -> int:
        """Return where the next bar starts."""
        return self.start_ticks + self.length_ticks

    @property
    def steps(self) -> int:
        """Return how many steps start in the bar, at least 1."""
        return -(-self.length_ticks // SIXTEENTH)

    def tick(self, step: float) -> int:
        """Return the tick of a step, at most the bar's end."""
        return self.start_ticks + min(round(step * SIXTEENTH), self.length_ticks)

    def step(self, tick: int) -> int:
        """Return the step nearest to a tick of the bar."""
        return (tick - self.start_ticks + SIXTEENTH // 2) // SIXTEENTH

    def beats(self) -> range:
        """Return the steps where beats start."""
        return range(0, self.steps, self.beat_steps)


def bars_of(meter_map: MeterMap, bars: int) -> tuple[Bar, ...]:
    """Return the first `bars` bars of a meter map; a beat is a quarter, in 6/8, 9/8, 12/8 a dotted one."""
    starts = [meter_map.bar_start(bar) for bar in range(bars + 1)]
    found = []
    for index, (start, end) in enumerate(pairwise(starts)):
        found.append(Bar(index, start, end - start, 6 if meter_map.at(start).is_compound else 4))
    return tuple(found)


def kick_steps(bar: Bar, kick_ticks: Sequence[int]) -> frozenset[int]:
    """Return the steps of a bar that a kick falls on."""
    early = bar.start_ticks - SIXTEENTH // 2
    return frozenset(bar.step(tick) for tick in kick_ticks if early <= tick < bar.end_ticks)


def finish(notes: Iterable[Note], end_ticks: int) -> list[Note]:
    """Return the notes in order, none past `end_ticks`, none over another of its pitch."""
    unique = {(note.start_ticks, note.pitch): note for note in notes if note.start_ticks < end_ticks}
    done: list[Note] = []
    last: dict[int, int] = {}
    for (start, pitch), note in sorted(unique.items()):
        before = last.get(pitch)
        if before is not None and done[before].end_ticks > start:
            done[before] = done[before]._replace(length_ticks=start - done[before].start_ticks)
        last[pitch] = len(done)
        done.append(note if note.end_ticks <= end_ticks else note._replace(length_ticks=end_ticks - start))
    return done


def finish_mono(notes: Iterable[Note], end_ticks: int) -> list[Note]:
    """Return the notes as one voice: each stops at the next, or reaches a little into it where it slides.

    Only a note that would sound until the next one slides; over a rest there is nothing to glide to.
    """
    first: dict[int, Note] = {}
    for note in notes:
        if note.start_ticks < end_ticks:
            first.setdefault(note.start_ticks, note)
    ordered = [first[start] for start in sorted(first)]
    done = []
    for note, after in pairwise(ordered):
        slide = note.slide and after.pitch != note.pitch and note.end_ticks >= after.start_ticks
        reach = after.start_ticks + min(GLIDE_TICKS, after.length_ticks // 2)
        length = reach - note.start_ticks if slide else min(note.length_ticks, after.start_ticks - note.start_ticks)
        done.append(note._replace(length_ticks=length, slide=slide))
    if ordered:
        last = ordered[-1]
        done.append(last._replace(length_ticks=min(last.length_ticks, end_ticks - last.start_ticks), slide=False))
    return done
