"""Line: the pitches of a tune, note by note: sampled steps of the scale, copies of what was heard, aims and closes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp
from random import Random
from typing import NamedTuple

from hardcore.compose.motif.counts import START, STEPS, step_weights
from hardcore.compose.motif.form import BarForm
from hardcore.compose.motif.traits import Traits
from hardcore.knowledge.tunes import tune_counts

REACH = 6  # scale steps from the centre a tune keeps within
_CHORD_POWER = (1.05, 1.0, 0.8, 0.6, 0.6)  # by metre level
_REPEAT, _STEP, _ONWARD, _FOREIGN_LEAP, _UNRECOVERED = 0.85, 1.12, 1.75, 0.7, 0.3
_SAME_LAGS = ((4, 1.25), (2, 0.9), (1, 0.5))
_COPY = 1.2
_KEEP_FOREIGN = (0.35, 0.4, 0.6, 1.0, 1.0)  # chance that a copy stays off the chord, by metre level
_ARC = 0.045
_AIM = 0.16


class Place(NamedTuple):
    """What is known of a note before its pitch is.

    bar, step   where it is
    level       metre level: 0 bar, 1 half, 2 beat, 3 eighth, 4 16th
    gap, length classes of the time from the note before and of its own: 0 a 16th, 1 an eighth, 2 a beat, 3 longer
    copied      whether its rhythm follows the form
    height      where the phrase lies here, scale steps above the centre
    goals       degrees it should be on; none but where a phrase closes
    aim         notes until the next close; 0 is the close itself
    peak        whether it is the highest place of the tune
    """

    bar: int
    step: int
    level: int
    gap: int
    length: int
    copied: bool
    height: float
    goals: tuple[int, ...]
    aim: int
    peak: bool


class _Given(NamedTuple):
    """What is known of a note before a step to it is weighed.

    chord   for each position its pitch and whether that is a note of the chord
    odds    factor of a note of the chord
    after   factors by size of the step (3: and more), each by 0, 1 away from the centre and −1 towards it
    goals   degrees of the next close, where it is near
    """

    place: Place
    chord: Sequence[tuple[int, bool]]
    odds: float
    after: tuple[tuple[float, float, float], ...]
    goals: tuple[int, ...]


@cache
def _after(stood: bool) -> tuple[tuple[float, float, float], ...]:
    """Return the factors of a step after a note of the chord, or after another one: see `_Given`."""
    after = tune_counts().after
    rows = [[after.get(f"{stood},{size},{sign}", 1.0) for sign in (0, 1, -1)] for size in range(4)]
    return tuple((stays, away, back) for stays, away, back in rows)


@dataclass
class Line:
    """Scale positions (7 a octave, 0 the tonic) of the notes of a tune, filled from the first to the last.

    chords   per note, for each position its pitch and whether that is a note of the chord
    low, high, centre   positions
    movement 0–1: how far it leaps and how seldom it comes back; 0.5 as pop songs
    """

    places: Sequence[Place]
    forms: Sequence[BarForm]
    traits: Traits
    chords: Sequence[Sequence[tuple[int, bool]]]
    low: int
    high: int
    centre: int
    movement: float
    repeat: float
    chord_power: float = 1.0
    row: list[int] = field(default_factory=list)

    def inside(self, number: int, position: int) -> bool:
        """Return whether a position is a note of the chord at a note."""
        return self.low <= position <= self.high and self.chords[number][position][1]

    def positions(self, rng: Random) -> list[int]:
        """Return the positions of all notes."""
        self.at = {(place.bar, place.step): n for n, place in enumerate(self.places)}
        self.top = self.centre + max((place.height for place in self.places), default=0)
        self.runs = {lag: [0, 0, 0] for lag, _ in _SAME_LAGS}  # equal pitches, equal gaps, equal steps
        for number in range(len(self.places)):
            chosen = self._formed(number, rng)
            chosen = self._copied(number, rng) if chosen is None else chosen
            self.row.append(self._sampled(number, rng) if chosen is None else chosen)
            self._note_runs(number)
        return self.row

    def _formed(self, number: int, rng: Random) -> int | None:
        """Return the position that the form gives: that of the bar this one is like, on its own steps."""
        place = self.places[number]
        form = self.forms[place.bar]
        if not place.copied or form.like is None or place.goals or place.aim == 1:
            return None
        other = self.at.get((form.like, place.step))
        if other is None or other >= number or rng.random() > 0.94 - 0.16 * self.movement:
            return None
        wanted = self.row[other] + form.move
        if place.level <= 2 and not self.inside(number, wanted) and rng.random() > _KEEP_FOREIGN[place.level]:
            near = [wanted + step for step in (1, -1) if self.inside(number, wanted + step)]
            wanted = rng.choice(near) if near else wanted
        return wanted if self._usable(number, wanted) else None

    def _copied(self, number: int, rng: Random) -> int | None:
        """Return a position copied from the same place some bars before: the pitch there, or the step to it."""
        place, counts = self.places[number], tune_counts()
        if place.goals or place.aim in (1, 2) or not number:
            return None
        for lag, weight in _SAME_LAGS:
            other = self.at.get((place.bar - lag, place.step))
            if other is None or not other:
                continue
            equal, gaps, steps = self.runs[lag]
            often = weight * _COPY * self.repeat * (1.3 - 0.6 * self.movement)
            chance = counts.same[f"{min(equal, 6)},{min(gaps // 2, 3)}"]
            chance = min(chance * 1.08, 0.95) if equal else 0.6 * chance * often
            if rng.random() < chance:
                return self._settled(number, self.row[other], rng)
            if not equal and steps and rng.random() < 0.55 * counts.moved[str(min(steps, 4))] * often:
                return self._settled(number, self.row[-1] + self.row[other] - self.row[other - 1], rng)
        return None

    def _settled(self, number: int, wanted: int, rng: Random) -> int | None:
        """Return a copied position where it may stay: in range, not off the chord where that is heard."""
        level = self.places[number].level
        stays = self.inside(number, wanted) or rng.random() < _KEEP_FOREIGN[level]
        return wanted if stays and self._usable(number, wanted) else None

    def _usable(self, number: int, position: int) -> bool:
        """Return whether a position may be copied to a note: in range, and not the climax in another place."""
        inside = self.low <= position <= self.high and abs(position - self.centre) <= REACH + 1
        return inside and (position < self.top or self.places[number].peak)

    def _note_runs(self, number: int) -> None:
        """Count for how many notes the line has been as it was some bars before."""
        place = self.places[number]
        for lag, run in self.runs.items():
            other = self.at.get((place.bar - lag, place.step))
            if other is None or other >= number:
                run[:] = 0, 0, 0
                continue
            run[0] = run[0] + 1 if self.row[other] == self.row[number] else 0
            run[1] = run[1] + 1 if self.places[other].gap == place.gap else 0
            moved = bool(other) and self.row[number] - self.row[number - 1] == self.row[other] - self.row[other - 1]
            run[2] = run[2] + 1 if moved else 0

    def _sampled(self, number: int, rng: Random) -> int:
        """Return a position by the counts, the chord, the song's taste, the arc of the phrase and what it aims at."""
        place = self.places[number]
        here = self.row[-1] if self.row else self.centre + round(place.height)
        last = self.row[-1] - self.row[-2] if len(self.row) > 1 else START
        before = self.row[-2] - self.row[-3] if len(self.row) > 2 else START
        chances = step_weights(
            self.traits.mode,
            here % 7,
            min(max(last, -9), 9) if last != START else START,
            min(max(before, -9), 9) if before != START else START,
            min(max(round((here - self.centre) / 2), -2), 2),
            place.level,
            place.gap,
        )
        stood = not self.row or self.inside(number - 1, here)
        given = self._given(number, stood)
        weights = [
            chance * self._factor(given, here, step, last) if chance else 0.0
            for step, chance in zip(STEPS, chances, strict=True)
        ]
        if sum(weights) <= 0:
            return min(max(here, self.low), self.high)
        return here + rng.choices(STEPS, weights)[0]

    def _given(self, number: int, stood: bool) -> _Given:
        """Return what is the same for every step to a note; `stood`: whether the one before was on its chord."""
        place, odds = self.places[number], tune_counts().chord_odds
        power = _CHORD_POWER[place.level] * self.chord_power
        near = 0 < place.aim <= 3 and not place.goals
        return _Given(
            place, self.chords[number], odds[f"{place.level},{place.length}"] ** power, _after(stood),
            self._next_goals(place) if near else (),
        )  # fmt: skip

    def _factor(self, given: _Given, here: int, step: int, last: int) -> float:
        """Return what all wishes together make of a step."""
        position, place, size = here + step, given.place, abs(step)
        away = abs(position - self.centre)
        if not self.low <= position <= self.high or away > REACH + 2:
            return 0.0
        traits, inside = self.traits, given.chord[position][1]
        factor = 0.25 if away > REACH else 1.0
        factor *= traits.degrees[position % 7] * traits.sizes[size if size < 4 else 4]
        if size > 1:
            factor *= 0.55 + 0.9 * self.movement
        if inside:
            factor *= given.odds
        elif size > 2:
            factor *= _FOREIGN_LEAP
        sign = 0 if not size else 1 if away > abs(here - self.centre) else -1
        factor *= given.after[size if size < 3 else 3][sign]
        factor *= _STEP if size == 1 else 1.0 if size else _REPEAT
        if last != START and last * step > 0:
            factor *= _UNRECOVERED if abs(last) > 3 and size > 1 else _ONWARD
        if traits.colour and position % 7 == traits.colour[0] and (place.level > 2 or inside):
            factor *= traits.colour[1]
        return factor * exp(-_ARC * (position - self.centre - place.height) ** 2) * self._aimed(given, position)

    def _aimed(self, given: _Given, position: int) -> float:
        """Return how well a position serves the close that comes, and the one climax."""
        place = given.place
        if place.peak:
            return exp(-0.6 * abs(position - self.top))
        factor = 0.12 if position >= self.top else 1.0
        if place.goals:
            return factor * (1.0 if position % 7 in place.goals else 0.001)
        if given.goals:
            distance = min([abs((position - goal + 3) % 7 - 3) for goal in given.goals])
            factor *= exp(-_AIM * distance * 3 / place.aim)
        return factor

    def _next_goals(self, place: Place) -> tuple[int, ...]:
        at = self.at[place.bar, place.step] + place.aim
        return self.places[at].goals if at < len(self.places) and self.places[at].goals else (0,)
