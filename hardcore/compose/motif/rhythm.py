"""Rhythm: the onsets of a tune, half bar by half bar, sampled, copied from bars before, and shaped by the phrases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from random import Random
from typing import NamedTuple

from hardcore.compose.grid import Bar
from hardcore.compose.motif.counts import cell_weights
from hardcore.compose.motif.form import BarForm, Phrase
from hardcore.compose.motif.phrase import scaled
from hardcore.compose.motif.traits import Traits
from hardcore.knowledge.melodic import LeadStyle
from hardcore.knowledge.tunes import tune_counts

_LAGS = ((4, 1.3), (2, 0.9), (1, 0.55))  # bars back, and how likely that is copied
_COPY = 1.35
_AGAIN = 0.5  # a rhythm that was played already is so much likelier
_FULL = 0.85  # chance that a phrase that ends leaves the rest of its bar empty
_OPEN, _BREATH = 0.65, 0.4  # chance that an open phrase ends so, and that a long one breathes in its middle
_LIKE_EARLY = 0.5  # share of the chance to come early where a phrase is like another
_PICKUPS = (0b0100, 0b0101, 0b0100, 0b0101, 0b1100)  # of the last four sixteenths of a bar


class Slot(NamedTuple):
    """A half bar, or what a bar of another meter is cut into: its bar, number in it, first step and steps (1–8)."""

    bar: int
    number: int
    first: int
    steps: int


class Onset(NamedTuple):
    """Where a note begins: bar and step; whether its slot follows the form; whether it ends a phrase."""

    bar: int
    step: int
    copied: bool
    ends: bool


@dataclass
class _Copying:
    """What is being repeated: from how many bars back, for how many slots."""

    lag: int = 0
    run: int = 0


@dataclass
class Rhythm:
    """The slots of a tune and their rhythms as masks of sixteenths, filled from the first to the last."""

    bars: Sequence[Bar]
    forms: Sequence[BarForm]
    phrases: Sequence[Phrase]
    traits: Traits
    style: LeadStyle
    density: float
    slots: list[Slot] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    copied: list[bool] = field(default_factory=list)

    def onsets(self, rng: Random) -> list[Onset]:
        """Return the onsets of the whole tune, in order."""
        self.slots = [slot for bar in self.bars for slot in slots_of(bar)]
        place = {(slot.bar, slot.number): at for at, slot in enumerate(self.slots)}
        copying = _Copying()
        for slot in self.slots:
            mask, followed = self._mask(slot, place, copying, rng)
            self.masks.append(mask & ((1 << slot.steps) - 1))
            self.copied.append(followed)
        for phrase in self.phrases:
            self._close(phrase, rng)
        self._anticipate(rng)
        if not any(self.masks):
            self.masks[0] = 1
        return self._found()

    def _mask(self, slot: Slot, place: dict[tuple[int, int], int], copying: _Copying, rng: Random) -> tuple[int, bool]:
        """Return the rhythm of a slot, and whether the form gave it."""
        form = self.forms[slot.bar]
        partner = place.get((form.like, slot.number)) if form.like is not None else None
        if partner is not None and self._alike(slot, partner) and rng.random() < form.surely:
            copying.run = 0
            return self.masks[partner], True
        lag = self._lag(slot, place, copying, rng)
        if lag:
            copying.run = copying.run + 1 if lag == copying.lag else 1
            copying.lag = lag
            return self.masks[place[slot.bar - lag, slot.number]], False
        copying.run = 0
        return self._drawn(slot, rng), False

    def _alike(self, slot: Slot, partner: int) -> bool:
        return self.slots[partner].steps == slot.steps and partner < len(self.masks)

    def _lag(self, slot: Slot, place: dict[tuple[int, int], int], copying: _Copying, rng: Random) -> int:
        """Return how many bars back the slot is copied from, 0 where it is not."""
        counts, number, repeat = tune_counts(), slot.number % 4, self.style.tune.repeat
        if copying.run and self._copies(slot, place, copying.lag):
            chance = counts.run[f"{min(copying.run, 6)},{number}"] * min(repeat, 1.5)
            return copying.lag if rng.random() < min(chance, 0.97) else 0
        for lag, weight in _LAGS:
            chance = counts.start[f"{lag},{number}"] * _COPY * weight * repeat
            if self._copies(slot, place, lag) and rng.random() < min(chance, 0.9):
                return lag
        return 0

    def _copies(self, slot: Slot, place: dict[tuple[int, int], int], lag: int) -> bool:
        partner = place.get((slot.bar - lag, slot.number))
        return partner is not None and self._alike(slot, partner)

    def _drawn(self, slot: Slot, rng: Random) -> int:
        """Return a rhythm by the counts, the song's taste, the density, and what was played before."""
        last = self.masks[-1] if self.masks else -1
        before = self.masks[-2] if len(self.masks) > 1 else -1
        weights = cell_weights(self.traits.kind, slot.number % 2, last, before)
        own = self.traits.own if rng.random() < self.traits.share else None
        known, lean = set(self.masks), 2.4 * (self.density - 0.5)
        factors = self.traits.cells
        found = {
            mask: chance
            * (factors[mask] if own is None else 1)
            * (1 + _AGAIN * (mask in known))
            * exp(lean * (mask.bit_count() - 2.4))
            for mask, chance in (weights if own is None else own).items()
        }
        return rng.choices(list(found), list(found.values()))[0]

    def _close(self, phrase: Phrase, rng: Random) -> None:
        """Let a phrase end, and some breathe in their middle: a note that lasts, a rest, a pickup."""
        final = phrase.end == len(self.bars)
        if phrase.bars == 4 and rng.random() < _BREATH:
            self._breathe(phrase.first + 1, False, rng)
        if len(self.bars) > 1 and (phrase.close != "open" or rng.random() < _OPEN):
            if rng.random() < scaled(self.style.rest, 1 - self.density) and phrase.bars > 2 and not final:
                self._empty(phrase.end - 1)
            self._breathe(phrase.end - 1, final, rng)

    def _of(self, bar: int) -> list[int]:
        """Return the numbers of a bar's slots."""
        return [at for at, slot in enumerate(self.slots) if slot.bar == bar]

    def _empty(self, bar: int) -> None:
        """Leave a bar nothing but its first note."""
        for place, at in enumerate(self._of(bar)):
            self.masks[at] &= 0 if place else 1

    def _breathe(self, bar: int, final: bool, rng: Random) -> None:
        """Clear the second half of a bar, but for a pickup that may end it."""
        tail = self._of(bar)
        half = max(len(tail) // 2, 1)
        head, rest = tail[:half], tail[half:]
        if not rest:
            self.masks[head[0]] &= 0b10101
            return
        if final or rng.random() < _FULL:
            if not any(self.masks[at] for at in head):
                self.masks[head[0]] = 1
            for at in rest:
                self.masks[at] = self.masks[at] & 1 if not final and rng.random() < 0.4 else 0
        steps = self.slots[rest[-1]].steps
        if steps == 4:  # a bar of three beats closes early, or there is no pause before the pickup
            self.masks[head[-1]] = self.masks[head[-1]] & 0b11111 or 1
        if not final and steps in (4, 8) and rng.random() < self.style.tune.pickup:
            self.masks[rest[-1]] = rng.choice(_PICKUPS) << (steps - 4)

    def _anticipate(self, rng: Random) -> None:
        """Let the first note of some bars, also of phrases, come early, to be held over the bar line.

        An eighth early, or a sixteenth where the bar before plays its last. A phrase like an earlier one seldom begins
        earlier than that.
        """
        final = len(self.bars) - 1
        likely = {phrase.first: _LIKE_EARLY for phrase in self.phrases if phrase.like is not None}
        for at, slot in enumerate(self.slots[1:], 1):
            before = self.slots[at - 1]
            opens = slot.number == 0 and slot.bar != final and before.steps % 4 == 0 and slot.steps == 8
            if opens and self.masks[at] & 0b11 == 1 and rng.random() < self.style.tune.tie * likely.get(slot.bar, 1):
                last = self.masks[at - 1] >> (before.steps - 1)
                self.masks[at] &= ~1
                self.masks[at - 1] |= 1 << (before.steps - (1 if last else 2))

    def _found(self) -> list[Onset]:
        ends = {phrase.end - 1 for phrase in self.phrases if phrase.close != "open"}
        found = [
            Onset(slot.bar, slot.first + step, copied, False)
            for slot, mask, copied in zip(self.slots, self.masks, self.copied, strict=True)
            for step in range(slot.steps)
            if mask >> step & 1
        ]
        for bar in ends:
            # the close is what the bar begins with, not the pickup of the next phrase
            inside = [at for at, onset in enumerate(found) if onset.bar == bar]
            early = [at for at in inside if found[at].step < 0.6 * self.bars[bar].steps]
            if early or inside:
                at = (early or inside[:1])[-1]
                found[at] = found[at]._replace(ends=True)
        return found


def slots_of(bar: Bar) -> list[Slot]:
    """Return the half bars of a bar; other meters are cut into two beats each, the last part shorter."""
    size = 6 if bar.beat_steps == 6 else 8
    return [
        Slot(bar.index, number, first, min(size, bar.steps - first))
        for number, first in enumerate(range(0, bar.steps, size))
    ]
