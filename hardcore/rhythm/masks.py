"""Which steps of a layer may sound: masks, drift, displacement, conditions. All of it a function of the bar's number.

A row is one bar of the layer (its own, in a polymeter). Arrays of booleans are [rows, steps]; packed, a row is one
integer whose bit s is step s.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hardcore.music.ticks import PPQ
from hardcore.rhythm.chance import draws, key_of
from hardcore.rhythm.config import Energy, Rhythm, meter_point
from hardcore.rhythm.euclid import euclid
from hardcore.rhythm.modulation import Walk
from hardcore.rhythm.spacing import Spacing

Hits = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


def packed(hits: Hits) -> list[int]:
    """Return each row as an integer, bit s for step s; at most 64 steps."""
    little = np.packbits(hits, axis=1, bitorder="little")
    room = np.zeros((len(hits), 8), np.uint8)
    room[:, : little.shape[1]] = little
    whole: list[int] = room.view("<u8")[:, 0].tolist()
    return whole


def unpacked(rows: Sequence[int], steps: int) -> Hits:
    """Return the inverse of `packed`."""
    octets = np.array(rows, dtype="<u8").view(np.uint8).reshape(len(rows), 8)
    return np.unpackbits(octets, axis=1, count=steps, bitorder="little").astype(np.bool_)


class Motions:
    """The values of all that modulators move, by path and bar."""

    def __init__(self, rhythm: Rhythm, seed: int, starts: Mapping[str, float], energy: Energy) -> None:
        every = energy if isinstance(energy, tuple) else (energy,)
        self._walks = {
            m.param_path: Walk(m.mod, key_of(seed, "modulator", m.param_path), starts[m.param_path], every)
            for m in rhythm.modulators
        }
        self._sums: dict[str, Numbers] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._walks

    def series(self, path: str, fixed: float, bars: Whole) -> Numbers:
        """Return the value at each of `bars`; before bar 0 it is that of bar 0."""
        if path not in self._walks:
            return np.full(bars.shape, fixed, np.float64)
        if not bars.size:
            return np.zeros(bars.shape)
        places = np.maximum(bars, 0)
        low, end = int(places.min()), int(places.max()) + 1
        found: Numbers = np.asarray(self._walks[path].upto(end)[low:end])[places - low]
        return found

    def total(self, path: str, fixed: float, bars: Whole) -> Numbers:
        """Return the sum of the values of all bars before each of `bars`: where a rate has led."""
        places = np.maximum(bars, 0)
        if path not in self._walks:
            return fixed * places
        last = int(places.max(initial=0)) + 1
        if len(self._sums.get(path, ())) < last + 1:
            values = self._walks[path].upto(last * 2)
            self._sums[path] = np.concatenate([[0.0], np.cumsum(values)])
        total: Numbers = self._sums[path][places]
        return total


class Part:
    """One layer laid out over the session."""

    def __init__(self, rhythm: Rhythm, name: str, seed: int, motions: Motions) -> None:
        self.rhythm, self.name, self.layer, self.motions = rhythm, name, rhythm.layers[name], motions
        self.seed, self.steps = seed, self.layer.steps
        self.bar_ticks = meter_point(self.layer.bar).bar_ticks if self.layer.bar else rhythm.bar_ticks
        self.step_ticks: Whole = np.arange(self.steps) * self.bar_ticks // self.steps
        self.own_bar = self.bar_ticks != rhythm.bar_ticks
        self.held = name == "kick" and rhythm.guard.kick_immutable
        self.spacing = Spacing(self.steps, self.layer.refractory) if self.layer.refractory else None

    def draws(self, purpose: str, first: int, rows: int) -> Numbers:
        """Return the chances of a purpose for rows and steps."""
        return draws(key_of(self.seed, self.name, purpose), first, rows, self.steps)

    def rows_of(self, first_bar: int, bars: int) -> tuple[int, int]:
        """Return the first row and how many rows reach into the session's bars."""
        if not self.own_bar:
            return first_bar, bars
        begin, end = first_bar * self.rhythm.bar_ticks, (first_bar + bars) * self.rhythm.bar_ticks
        first = begin // self.bar_ticks
        return first, -(-end // self.bar_ticks) - first

    def ticks(self, first: int, rows: int) -> Whole:
        """Return the tick of every step, [rows, steps]."""
        return np.arange(first, first + rows)[:, None] * self.bar_ticks + self.step_ticks

    def bars(self, first: int, rows: int) -> Whole:
        """Return the session's bar in which every step lies, [rows, steps]."""
        return self.ticks(first, rows) // self.rhythm.bar_ticks

    def value(self, field: str, bars: Whole) -> Numbers:
        """Return a number of the layer at each of `bars`."""
        fixed = getattr(self.layer, field, None)
        return self.motions.series(f"{self.name}.{field}", 0.0 if fixed is None else float(fixed), bars)

    def raw(self, first: int, rows: int) -> Hits:
        """Return the mask before conditions: turned, drifted, displaced."""
        bars = np.arange(first, first + rows) * self.bar_ticks // self.rhythm.bar_ticks
        turn = np.rint(self.value("rot", bars)).astype(np.int64)
        if not self.held:
            path, rate = f"{self.name}.rotation_rate_per_bar", self.layer.rotation_rate_per_bar
            turn += np.rint(self.motions.total(path, rate, bars)).astype(np.int64)
        hits = self._turned(bars, turn % self.steps)
        if self.layer.offbeats_only:
            hits = hits & (self.step_ticks % PPQ == PPQ // 2)
        chance = self.value("displace_into_2_prob", bars)
        if not self.held and self.steps > 2 and chance.any():
            moving = hits & (self.draws("displace", first, rows) < chance[:, None])
            moving[:, 0] = False
            moving[:, -2:] = False
            moving[:, :-2] &= ~hits[:, 2:]
            hits = hits & ~moving
            hits[:, 2:] |= moving[:, :-2]
        return hits

    def _turned(self, bars: Whole, turn: Whole) -> Hits:
        if self.layer.pattern is not None:
            base = np.array([letter in "xX" for letter in self.layer.pattern])
            turned: Hits = base[(np.arange(self.steps) - turn[:, None]) % self.steps]
            return turned
        fills = np.rint(self.value("fills", bars)).astype(np.int64)
        pairs, where = np.unique(fills * 64 + turn, return_inverse=True)
        table: Hits = np.array([euclid(self.steps, pair // 64, pair % 64) for pair in pairs.tolist()], dtype=np.bool_)
        found: Hits = table[where.reshape(-1)]
        return found

    def gate(self, first: int, rows: int, raw: Hits, kick: "KickGrid | None") -> Hits:
        """Return where the conditions hold; `raw` has one row more, before the first."""
        held = self.static_gate(first, rows, kick)
        return held & self.pre_gate(raw) if self.has_pre else held

    @property
    def has_pre(self) -> bool:
        """Return whether a condition looks at the step before."""
        return any(condition.kind in ("PRE", "NOT_PRE") for condition in self.layer.conditions)

    def pre_gate(self, raw: Hits) -> Hits:
        """Return where PRE and NOT_PRE hold, for all rows of `raw` but the first."""
        before = np.roll(raw.reshape(-1), 1).reshape(raw.shape)[1:]
        held = np.ones(before.shape, np.bool_)
        for wanted in self.wanted_before():
            held &= before == wanted
        return held

    def wanted_before(self) -> set[bool]:
        """Return what PRE and NOT_PRE want of the step before."""
        kinds = [condition for condition in self.layer.conditions if condition.kind in ("PRE", "NOT_PRE")]
        return {(condition.kind == "PRE") != condition.negate for condition in kinds}

    def static_gate(self, first: int, rows: int, kick: "KickGrid | None") -> Hits:
        """Return where the conditions hold that do not look at the step before."""
        held = np.ones((rows, self.steps), np.bool_)
        bars = self.bars(first, rows)
        for number, condition in enumerate(self.layer.conditions):
            path = f"{self.name}.conditions.{number}"

            def moved(field: str, fixed: float, path: str = path) -> Numbers:
                return self.motions.series(f"{path}.{field}", fixed, bars)

            if condition.kind == "PROB":
                holds = self.draws(f"condition {number}", first, rows) < moved("p", condition.p)
            elif condition.kind in ("EVERY_N", "FILL"):
                n = np.maximum(1, np.rint(moved("n", condition.n)))
                offset = np.rint(moved("offset", condition.offset))
                holds = (bars + 1 >= np.maximum(1, offset)) & ((bars + 1 - offset) % n == 0)
            elif condition.kind == "MUTE_NEAR_KICK" and kick is not None:
                window = np.rint(moved("window", condition.window)).astype(np.int64)
                holds = kick.near(self.ticks(first, rows), window) == 0
            else:
                continue
            held &= holds != condition.negate
        return held

    def thinning(self, first: int, rows: int, kick: "KickGrid | None") -> Hits | None:
        """Return where a hit beside a kick is kept, or None where nothing is thinned.

        The chance is 1 + thin_bias · share for each kick within one sixteenth, at least 0.
        """
        rhythm = self.rhythm
        if not rhythm.is_thinned(self.name) or kick is None or not (rhythm.thin_bias or "thin_bias" in self.motions):
            return None
        bars = self.bars(first, rows)
        bias = self.motions.series("thin_bias", rhythm.thin_bias, bars) * self.value("thin", bars)
        beside = kick.near(self.ticks(first, rows), np.ones((rows, self.steps), np.int64))
        kept: Hits = self.draws("thin", first, rows) < np.maximum(0.0, 1 + bias * beside)
        return kept

    def spaced(self, first: int, hits: Hits) -> Hits:
        """Return the hits of the rows from `first` on without those in the refractory time of another."""
        spacing = self.spacing
        if spacing is None:
            return hits
        return unpacked([spacing.spaced(first + row, bits) for row, bits in enumerate(packed(hits))], self.steps)

    def ghosts(self, first: int, rows: int) -> Hits | None:
        """Return where the chance of a ghost comes true, or None where there are none."""
        path, fixed = f"{self.name}.ghost_pre1_prob", self.layer.ghost_pre1_prob
        if not fixed and path not in self.motions:
            return None
        chance = self.motions.series(path, fixed, self.bars(first, rows))
        found: Hits = self.draws("ghost", first, rows) < chance
        return found


class KickGrid:
    """The kicks of some bars on the session's grid, with one bar more on either side."""

    def __init__(self, kick: Part, first_bar: int, bars: int, gated: Hits) -> None:
        """`gated` is the kick's mask of all bars, the two more included."""
        first, rows = kick.rows_of(first_bar - 1, bars + 2)
        self._unit = kick.rhythm.grid_ticks
        self._begin = (first_bar - 1) * kick.rhythm.bar_ticks
        self._hits = np.zeros((bars + 2) * kick.rhythm.grid_steps, np.int64)
        places = (kick.ticks(first, rows)[gated] - self._begin + self._unit // 2) // self._unit
        self._hits[places[(places >= 0) & (places < len(self._hits))]] = 1
        self._sums = np.concatenate([[0], np.cumsum(self._hits)])

    def near(self, ticks: Whole, window: Whole) -> Whole:
        """Return how many kicks are within `window` sixteenths of each tick."""
        places = (ticks - self._begin + self._unit // 2) // self._unit
        low = np.clip(places - window, 0, len(self._hits))
        high = np.clip(places + window + 1, 0, len(self._hits))
        count: Whole = self._sums[high] - self._sums[low]
        return count


@cache
def step_weights(steps: int, bar_ticks: int) -> tuple[float, ...]:
    """Return how strong each step is in the meter: 1 on beats, 0.7 halfway between them, 0.4 elsewhere.

    The tiers are those of the earlier engine's plan, after Longuet-Higgins and Lee, "The Rhythmic Interpretation of
    Monophonic Music" (1984).
    """
    places = [step * bar_ticks // steps for step in range(steps)]
    return tuple(1.0 if tick % PPQ == 0 else 0.7 if tick % PPQ == PPQ // 2 else 0.4 for tick in places)
