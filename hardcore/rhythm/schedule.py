"""From masks to notes: swing, micro-timing, ratchets, accents, velocity. Whole blocks of bars at once."""

import math

import numpy as np
from numpy.typing import NDArray

from hardcore.music.ticks import PPQ
from hardcore.rhythm.chance import draws, key_of
from hardcore.rhythm.masks import Hits, Numbers, Part, Whole
from hardcore.rhythm.notes import Notes


class Scheduler:
    """Turns the hits of one layer into notes."""

    def __init__(self, part: Part, number: int, bpm: float) -> None:
        self.part, self.number = part, number
        self.rhythm, self.layer = part.rhythm, part.layer
        self.ticks_per_ms = bpm * PPQ / 60_000
        self._curve = np.array(self.layer.velocity_curve or (1.0,))
        self._ends: Whole = np.append(part.step_ticks[1:], part.bar_ticks)

    def notes(self, first: int, hits: Hits, ghosts: Hits | None, span: tuple[int, int]) -> Notes:
        """Return the notes of the rows from `first` on whose step lies in `span` (ticks)."""
        part = self.part
        soft = hits & False if ghosts is None else ghosts
        rows, steps = np.nonzero(hits | soft)
        grid = (first + rows) * part.bar_ticks + part.step_ticks[steps]
        if part.own_bar:
            inside = (grid >= span[0]) & (grid < span[1])
            rows, steps, grid = rows[inside], steps[inside], grid[inside]
        bars = grid // self.rhythm.bar_ticks
        is_soft = soft[rows, steps]
        swung = grid + self._swing(grid, bars)
        after = (first + rows) * part.bar_ticks + self._ends[steps]
        room = np.maximum(1, after + self._swing(after, np.minimum(bars, after // self.rhythm.bar_ticks)) - swung)
        start = swung + self._micro(first, rows, steps, bars, len(hits))
        velocity, length = self._force(grid, bars, steps, is_soft, room)
        repeats = self._repeats(first, rows, steps, bars, is_soft, len(hits))
        return self._columns(grid, swung, start, room, length, velocity, repeats, bars)

    def _swing(self, ticks: Whole, bars: Whole) -> Whole:
        """Return how late swing makes each tick: (2p − 1) of a step on every second one, linear between.

        The legacy law moves only the odd steps, by (p − ½) · PPQ / 8.
        """
        rhythm, path = self.rhythm, f"{self.part.name}.swing_percent"
        own = self.layer.swing_percent is not None or path in self.part.motions
        percent = self.part.value("swing_percent", bars) if own else self._session_swing(bars)
        unit = 2 * PPQ // rhythm.swing_grid * 2
        place = (ticks % rhythm.bar_ticks) % (2 * unit)
        if rhythm.swing_law == "legacy":
            return np.where(place == unit, np.rint((percent / 100 - 0.5) * PPQ / 8), 0).astype(np.int64)
        late = np.rint((2 * percent / 100 - 1) * unit * (1 - np.abs(place - unit) / unit))
        return np.maximum(late, 0).astype(np.int64)

    def _session_swing(self, bars: Whole) -> Numbers:
        return self.part.motions.series("swing", self.rhythm.swing, bars)

    def _micro(self, first: int, rows: Whole, steps: Whole, bars: Whole, count: int) -> Whole:
        """Return the micro-timing in ticks; the caps hold after rounding."""
        layer, part = self.layer, self.part
        ms = part.value("micro_ms", bars)
        if layer.beat_bins_ms:
            shares = np.cumsum(np.array(layer.beat_bins_probs) / sum(layer.beat_bins_probs))
            bins = np.searchsorted(shares, part.draws("bin", first, count)[rows, steps], side="right")
            ms = ms + np.array(layer.beat_bins_ms)[np.minimum(bins, len(shares) - 1)]
        ticks = np.rint(ms * self.ticks_per_ms).astype(np.int64)
        path = f"{part.name}.beat_bin_cap_ms"
        if layer.beat_bin_cap_ms is not None or path in part.motions:
            most = np.floor(part.value("beat_bin_cap_ms", bars) * self.ticks_per_ms).astype(np.int64)
            ticks = np.clip(ticks, -most, most)
        cap = self.rhythm.targets.T_ms_cap
        if cap is not None:
            limit = math.floor(cap * self.ticks_per_ms)
            ticks = np.clip(ticks, -limit, limit)
        return ticks

    def _force(
        self, grid: Whole, bars: Whole, steps: Whole, is_soft: NDArray[np.bool_], room: Whole
    ) -> tuple[Numbers, Numbers]:
        """Return velocities and lengths, accents included, before rounding."""
        part = self.part
        velocity: Numbers = part.value("velocity", bars) * self._curve[steps % len(self._curve)]
        if is_soft.any():
            velocity = velocity * np.where(is_soft, part.value("ghost_velocity", bars), 1.0)
        length: Numbers = part.value("gate", bars) * room
        accent = self.rhythm.accent
        if not len(bars) or accent is None or (accent.layers and part.name not in accent.layers):
            return velocity, length
        rhythm, motions = self.rhythm, part.motions
        places = (grid % rhythm.bar_ticks + rhythm.grid_ticks // 2) // rhythm.grid_ticks % rhythm.grid_steps
        begin, end = int(bars.min()), int(bars.max()) + 1
        coins = draws(key_of(part.seed, "accent"), begin, end - begin, rhythm.grid_steps)[bars - begin, places]
        loud = np.isin(places, np.array(accent.steps) - 1) & (coins < motions.series("accent.prob", accent.prob, bars))
        louder = motions.series("accent.velocity_scale", accent.velocity_scale, bars)
        longer = motions.series("accent.length_scale", accent.length_scale, bars)
        return velocity * np.where(loud, louder, 1.0), length * np.where(loud, longer, 1.0)

    def _repeats(
        self, first: int, rows: Whole, steps: Whole, bars: Whole, is_soft: NDArray[np.bool_], count: int
    ) -> Whole | None:
        """Return how many hits each becomes, or None where none is a roll."""
        part, path = self.part, f"{self.part.name}.ratchet_prob"
        if not self.layer.ratchet_prob and path not in part.motions:
            return None
        rolls = (part.draws("ratchet", first, count)[rows, steps] < part.value("ratchet_prob", bars)) & ~is_soft
        return np.where(rolls, np.rint(part.value("ratchet_repeat", bars)).astype(np.int64), 1)

    def _columns(
        self, grid: Whole, swung: Whole, start: Whole, room: Whole, length: Numbers, velocity: Numbers,
        repeats: Whole | None, bars: Whole,
    ) -> Notes:  # fmt: skip
        nominal = np.diff(self._ends, prepend=0)[0]
        if repeats is not None and (repeats > 1).any():
            of = np.repeat(np.arange(len(grid)), repeats)
            many = repeats[of]
            place = np.arange(len(of)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
            begin, end = room[of] * place // many, room[of] * (place + 1) // many
            grid = grid[of] + nominal * place // many
            swung, start, velocity, bars = swung[of] + begin, start[of] + begin, velocity[of], bars[of]
            # inside its step, hit by hit: a roll never runs into the step after it
            length = np.where(many > 1, np.minimum(length[of] / many, end - begin), length[of])
        pitch = np.clip(np.rint(self.part.value("note", bars)), 0, 127)
        small = np.int32
        return Notes(
            grid.astype(small),
            np.maximum(start, 0).astype(small),
            np.maximum(1, np.floor(length)).astype(small),
            pitch.astype(small),
            np.clip(np.rint(velocity), 1, 127).astype(small),
            np.full(len(grid), self.number, small),
            swung.astype(small),
        )
