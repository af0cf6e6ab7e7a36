"""Layers that follow the session: their bars are decided one after another, each with what was heard before it."""

from typing import NamedTuple

import numpy as np

from hardcore.rhythm.config import Rhythm
from hardcore.rhythm.density import Counts, allowed_counts, clamped
from hardcore.rhythm.layer import Markov
from hardcore.rhythm.markov import Chances, chance_of
from hardcore.rhythm.masks import Hits, KickGrid, Part, packed, step_weights


class Leaning(NamedTuple):
    """How a bar is steered: `lean` 0–1 toward weak steps, `repeat` −1–1 toward repeating the beat, or a rescue."""

    lean: float = 0.0
    repeat: float = 0.0
    rescue: bool = False


class Steered:
    """One such layer, prepared for a block of bars."""

    def __init__(self, part: Part) -> None:
        self.part, layer, rhythm = part, part.layer, part.rhythm
        self.steps, self.full = layer.steps, (1 << layer.steps) - 1
        weights = layer.step_weights or step_weights(layer.steps, part.bar_ticks)
        levels = sorted(set(weights))
        self.groups = tuple(sum(1 << s for s, w in enumerate(weights) if w == level) for level in levels)
        metric = step_weights(layer.steps, part.bar_ticks)
        beats = sum(1 << step for step, weight in enumerate(metric) if weight == 1.0)
        self.chances = Chances(layer.markov, beats) if layer.markov else None
        self.beat = max(1, round(layer.steps * 1920 / part.bar_ticks))
        self._columns = [1 << s for s in sorted(range(layer.steps), key=lambda s: (-(s % self.beat) % self.beat, s))]
        self._stamp = sum(1 << s for s in range(0, layer.steps, self.beat))
        self._odd = sum(1 << s for s in range(layer.steps) if s // self.beat % 2)
        self._last_raw = -1
        self._wanted = part.wanted_before()
        self._spread = self._projection(rhythm)

    def _projection(self, rhythm: Rhythm) -> list[int] | None:
        """Return the grid's step (a bit) nearest to each of the layer's, or None where they are the same."""
        if self.steps == rhythm.grid_steps:
            return None
        return [
            1 << ((tick + rhythm.grid_ticks // 2) // rhythm.grid_ticks % rhythm.grid_steps)
            for tick in self.part.step_ticks.tolist()
        ]

    def prepare(self, first: int, bars: int, kick: KickGrid | None) -> None:
        """Lay out what does not depend on what is heard, for the bars from `first` on."""
        part, self._first = self.part, first
        # a bar more on either side: what the step before was, and whether a ghost leads into a hit
        raw = part.raw(first - 1, bars + 2)
        self.masks = packed(raw)[1:]
        self.hard = packed(part.static_gate(first, bars + 1, kick))
        soft = part.thinning(first, bars, kick)
        self.soft = [self.full] * bars if soft is None else packed(soft)
        ghosts = part.ghosts(first, bars)
        self.ghosts = None if ghosts is None else packed(ghosts)
        self._draw(first, bars)
        self._numbers(first, bars)
        if self._last_raw < 0:
            self._last_raw = packed(raw)[0]

    def _draw(self, first: int, bars: int) -> None:
        draws = self.part.draws("hit", first, bars)
        places = np.argsort(draws, axis=1, kind="stable")
        ones = np.left_shift(np.uint64(1), places.astype(np.uint64))
        below = np.zeros((bars, self.steps + 1), np.uint64)
        below[:, 1:] = np.bitwise_or.accumulate(ones, axis=1)
        self.rising = np.take_along_axis(draws, places, axis=1).tolist()
        self.below = below.tolist()
        order = self.part.draws("order", first, bars)
        self.order = np.left_shift(np.uint64(1), np.argsort(order, axis=1, kind="stable").astype(np.uint64)).tolist()
        self.dice = self.part.draws("dice", first, bars)[:, 0].tolist()
        copies = self.part.draws("copy", first, bars)
        places = np.argsort(copies, axis=1, kind="stable")
        below = np.zeros((bars, self.steps + 1), np.uint64)
        below[:, 1:] = np.bitwise_or.accumulate(np.left_shift(np.uint64(1), places.astype(np.uint64)), axis=1)
        self.copied = below.tolist()

    def _numbers(self, first: int, bars: int) -> None:
        """Lay out the density's counts and the chances' numbers, bar by bar where something moves them."""
        part, targets = self.part, self.part.rhythm.targets
        where = np.arange(first, first + bars)
        aim = part.rhythm.density_of(part.name)
        self.counts: list[Counts | None] = [None] * bars
        if aim:
            bands = (targets.H_low, targets.H_high) if part.name == "hat_c" else (None, None)
            targeted = part.motions.series(f"{part.name}.density_target", aim[0], where).tolist()
            tolerance = part.motions.series(f"{part.name}.density_tol", aim[1], where).tolist()
            self.counts = [
                allowed_counts(self.steps, t, tol, first + number, *bands)
                for number, (t, tol) in enumerate(zip(targeted, tolerance, strict=True))
            ]
        markov = part.layer.markov
        self.markov: list[Markov] = [markov] * bars if markov else []
        paths = [f for f in ("gain", "cap", "floor", "ceil", "stickiness") if f"{part.name}.markov.{f}" in part.motions]
        if markov and paths:
            moved = {
                f: part.motions.series(f"{part.name}.markov.{f}", getattr(markov, f), where).tolist() for f in paths
            }
            self.markov = [
                markov.model_copy(update={field: values[bar] for field, values in moved.items()}) for bar in range(bars)
            ]
        self.home = [m.start for m in self.markov]
        if aim:
            shares = [
                t * self.steps / max(1, mask.bit_count()) for t, mask in zip(targeted, self.masks[:bars], strict=True)
            ]
            self.home = [chance_of(m, min(1.0, share)) for m, share in zip(self.markov, shares, strict=False)]

    def decide(self, bar: int, leaning: Leaning) -> tuple[int, int]:
        """Return the hits and the ghosts of the block's bar `bar`, as bits of the layer's steps."""
        mask, hard = self.masks[bar], self.hard[bar]
        raw, soft = mask, self.soft[bar]
        if self.chances and not leaning.rescue:
            self.chances.settle(self.markov[bar], self.home[bar])
            raw = self.chances.sample(self.markov[bar], mask, self.rising[bar], self.below[bar])
        elif self.chances:
            self.chances.raise_all(self.markov[bar])
        if leaning.repeat and not leaning.rescue:
            raw = self._repeated(raw, mask, bar, leaning.repeat)
        if self._wanted:
            before = ((raw << 1) | (self._last_raw >> (self.steps - 1))) & self.full
            for wanted in self._wanted:
                hard &= before if wanted else ~before
            self._last_raw = raw
        hits = raw & hard & (self.full if leaning.rescue else soft)
        counts = self.counts[bar]
        if counts:
            hits = self._clamped(hits, mask & hard, soft, counts, bar, leaning)
        if self.part.spacing:
            hits = self.part.spacing.spaced(self._first + bar, hits)
        ghosts = 0
        if self.ghosts:
            # of the next bar only what conditions let through is known yet
            into = self.masks[bar + 1] & self.hard[bar + 1] & 1
            ghosts = ((hits >> 1) | (into << (self.steps - 1))) & self.ghosts[bar] & ~hits & self.hard[bar]
        return hits, ghosts

    def _clamped(self, hits: int, allowed: int, soft: int, counts: Counts, bar: int, leaning: Leaning) -> int:
        tidy = leaning.rescue or leaning.repeat > self.dice[bar]
        order = self._columns if tidy else self.order[bar]
        if hits.bit_count() < counts.low:
            # what was thinned out comes back last
            hits = clamped(hits, allowed & soft, counts, self.groups, order, leaning.lean)
        return clamped(hits, allowed, counts, self.groups, order, leaning.lean)

    def _repeated(self, raw: int, mask: int, bar: int, repeat: float) -> int:
        """Return the bar with a share of its steps copied from the first beat, or made its opposite in every other."""
        first = raw & ((1 << self.beat) - 1)
        pattern = first * self._stamp & self.full
        if repeat < 0:
            pattern ^= self._odd
        copied = self.copied[bar][round(abs(repeat) * self.steps)]
        return (raw & ~copied) | (pattern & copied & mask)

    def follow(self, bar: int, error: float) -> None:
        """Let the chances follow the error of syncopation."""
        if self.chances:
            self.chances.follow(self.markov[bar], error)

    def on_grid(self, hits: int) -> int:
        """Return hits as bits of the session's grid."""
        if self._spread is None:
            return hits
        found = 0
        while hits:
            low = hits & -hits
            hits ^= low
            found |= self._spread[low.bit_length() - 1]
        return found


def split(rhythm: Rhythm, parts: list[Part]) -> tuple[list[Part], list[Steered]]:
    """Return the parts that are laid out at once, and those that are decided bar by bar."""
    steered = [part for part in parts if rhythm.is_steered(part.name, part.layer)]
    return [part for part in parts if part not in steered], [Steered(part) for part in steered]


__all__ = ["Hits", "Leaning", "Steered", "split"]
