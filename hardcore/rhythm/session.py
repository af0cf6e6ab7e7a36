"""A session: from a rhythm and a seed to notes, in blocks of bars, so that it can be as long as it likes.

    play = perform(load({"mode": "m4"}), bars=64)
    play.notes, play.control.E, play.control.rescues

The same rhythm, seed, tempo and number of bars give the same notes in any process; more bars only add at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hardcore.checkpoint import checkpoint
from hardcore.music.ticks import PPQ
from hardcore.rhythm.config import Energy, Rhythm
from hardcore.rhythm.control import Control
from hardcore.rhythm.masks import Hits, KickGrid, Motions, Part, packed, unpacked
from hardcore.rhythm.notes import Notes, Settling, joined
from hardcore.rhythm.schedule import Scheduler
from hardcore.rhythm.steered import Leaning, Steered, split

BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Performance:
    """What a session played: its notes over a number of bars, and the session as it was at the end."""

    session: "Session"
    bars: int
    notes: Notes

    @property
    def rhythm(self) -> Rhythm:
        """Return the rhythm; of a metronome, its layers."""
        return self.session.rhythm

    @property
    def seed(self) -> int:
        """Return the seed it was played with."""
        return self.session.seed

    @property
    def bpm(self) -> float:
        """Return the tempo it was played in."""
        return self.session.bpm

    @property
    def control(self) -> Control:
        """Return what was heard, and how it was steered."""
        return self.session.control

    @property
    def length_ticks(self) -> int:
        """Return the ticks of all bars."""
        return self.bars * self.rhythm.bar_ticks


def perform(
    rhythm: Rhythm,
    *,
    bars: int | None = None,
    seed: int | None = None,
    bpm: float | None = None,
    energy: Energy | None = None,
) -> Performance:
    """Return the performance of `bars` bars; what is not given is the rhythm's own."""
    session = Session(rhythm, seed=seed, bpm=bpm, energy=energy)
    count = rhythm.bars if bars is None else bars
    return Performance(session, count, joined([notes for notes, _ in session.play(count)]))


class Session:
    """A rhythm being played, block after block."""

    def __init__(
        self, rhythm: Rhythm, *, seed: int | None = None, bpm: float | None = None, energy: Energy | None = None
    ) -> None:
        rhythm = metronome(rhythm) if rhythm.mode == "m0" else rhythm
        self.rhythm = rhythm
        self.seed = rhythm.seed if seed is None else seed
        self.bpm = rhythm.bpm if bpm is None else bpm
        self.motions = Motions(rhythm, self.seed, starts(rhythm), rhythm.energy if energy is None else energy)
        self.parts = [Part(rhythm, name, self.seed, self.motions) for name in rhythm.layers]
        self.free, self.steered = split(rhythm, self.parts)
        self.control = Control(rhythm)
        self._schedulers = {part.name: Scheduler(part, number, self.bpm) for number, part in enumerate(self.parts)}
        # Whether a hit before the line of blocks is nearest to the step behind it.
        self._next_begins = False
        # As far as micro-timing goes to either side, and swing beyond it.
        self.reach_ticks = round(100 * self.bpm * PPQ / 60_000) + PPQ

    def play(self, bars: int) -> Iterator[tuple[Notes, int]]:
        """Yield notes in order, each once and as they stay, and the tick before which no more will begin."""
        settling, bar_ticks, end = Settling(self.rhythm), self.rhythm.bar_ticks, bars * self.rhythm.bar_ticks
        for first in range(0, bars, BLOCK):
            count = min(BLOCK, bars - first)
            block = self.block(first, count)
            if first + count < bars:
                yield settling.add(block, (first + count) * bar_ticks - self.reach_ticks)
            else:
                yield settling.rest(block, end), end

    def block(self, first: int, bars: int) -> Notes:
        """Return the notes of `bars` bars from `first` on. Blocks must follow one another."""
        span = (first * self.rhythm.bar_ticks, (first + bars) * self.rhythm.bar_ticks)
        kick = self._kick(first, bars)
        pieces, fixed = [], np.zeros((bars, self.rhythm.grid_steps), np.bool_)
        fixed[0, 0], self._next_begins = self._next_begins, False
        for part in self.free:
            checkpoint()
            begin, rows = part.rows_of(first, bars)
            hits, ghosts = self._gated(part, begin, rows, kick)
            piece = self._schedulers[part.name].notes(begin, hits, ghosts, span)
            pieces.append(piece)
            self._mark(fixed, piece, span[0])
        for layer, hits, ghosts in self._steer(first, bars, packed(fixed), kick):
            pieces.append(self._schedulers[layer.part.name].notes(first, hits, ghosts, span))
        return joined(pieces)

    def carry_on(self, before: "Session") -> None:
        """Go on where another session is: with its leanings, its chances, and what it has heard."""
        self.control.carry_on(before.control)
        spacings = {part.name: part.spacing for part in before.parts}
        for part in self.parts:
            if part.spacing and (spacing := spacings.get(part.name)):
                part.spacing.carry_on(spacing)
        known = {layer.part.name: layer.chances for layer in before.steered}
        for layer in self.steered:
            chances = known.get(layer.part.name)
            if layer.chances and chances:
                layer.chances.at_beats, layer.chances.at_others = chances.at_beats, chances.at_others

    def _mark(self, fixed: Hits, piece: Notes, begin: int) -> None:
        """Add a layer's hits to the union, each on the nearest step of the grid."""
        unit = self.rhythm.grid_ticks
        places = (piece.grid - begin + unit // 2) // unit
        fixed.reshape(-1)[places[places < fixed.size]] = True
        self._next_begins |= bool((places == fixed.size).any())

    def _gated(self, part: Part, first: int, rows: int, kick: KickGrid | None) -> tuple[Hits, Hits | None]:
        """Return the hits of a layer's rows, and its ghosts: soft hits a step before a hit, over the bar line too."""
        ghosts = part.ghosts(first, rows)
        if ghosts is None:
            return self._hits(part, first, rows, kick)[0], None
        hits, gate = self._hits(part, first, rows + 1, kick)
        before_hits = np.roll(hits.reshape(-1), -1).reshape(hits.shape)
        return hits[:-1], ghosts & (before_hits & ~hits & gate)[:-1]

    def _hits(self, part: Part, first: int, rows: int, kick: KickGrid | None) -> tuple[Hits, Hits]:
        """Return what sounds in a layer's rows, and where its conditions hold."""
        raw = part.raw(first - 1, rows + 1)
        gate = part.gate(first, rows, raw, kick)
        hits = raw[1:] & gate
        thinned = part.thinning(first, rows, kick)
        if thinned is not None:
            hits &= thinned
        return part.spaced(first, hits), gate

    def _kick(self, first: int, bars: int) -> KickGrid | None:
        """Return the kicks of the bars and their neighbours, when a layer listens for them."""
        part = next((part for part in self.free if part.name == "kick"), None)
        thinned = self.rhythm.thin_bias or "thin_bias" in self.motions
        listens = any(
            (thinned and self.rhythm.is_thinned(p.name)) or any(c.kind == "MUTE_NEAR_KICK" for c in p.layer.conditions)
            for p in self.parts
        )
        if part is None or not listens:
            return None
        begin, rows = part.rows_of(first - 1, bars + 2)
        raw = part.raw(begin - 1, rows + 1)
        return KickGrid(part, first, bars, raw[1:] & part.gate(begin, rows, raw, None))

    def _steer(
        self, first: int, bars: int, fixed: list[int], kick: KickGrid | None
    ) -> Iterator[tuple[Steered, Hits, Hits | None]]:
        """Decide the bars one after another, each heard by the control before the next; yield what the layers play."""
        layers, control = self.steered, self.control
        for layer in layers:
            layer.prepare(first, bars, kick)
        decided: list[list[tuple[int, int]]] = [[] for _ in layers]
        feels = self.rhythm.mode == "m4"
        leaning = Leaning()
        for bar in range(bars):
            checkpoint()
            union = fixed[bar]
            if feels:
                leaning = control.leaning()
            for layer, done in zip(layers, decided, strict=True):
                hits, ghosts = layer.decide(bar, leaning)
                done.append((hits, ghosts))
                union |= layer.on_grid(hits | ghosts)
            control.hear(union)
            for layer in layers:
                layer.follow(bar, control.error)
        for layer, done in zip(layers, decided, strict=True):
            soft = unpacked([pair[1] for pair in done], layer.steps) if layer.ghosts else None
            yield layer, unpacked([pair[0] for pair in done], layer.steps), soft


def starts(rhythm: Rhythm) -> dict[str, float]:
    """Return where each walk begins: the number its path names in the file, held within the walk's limits."""
    found = {}
    for modulator in rhythm.modulators:
        names, motion = modulator.param_path.split("."), modulator.mod
        section: object = (
            rhythm if len(names) == 1 else rhythm.accent if names[0] == "accent" else rhythm.layers.get(names[0])
        )
        for name in names if len(names) == 1 else names[1:]:
            section = section[int(name)] if isinstance(section, tuple) else getattr(section, name)
        middle = (motion.min_val + motion.max_val) / 2
        found[modulator.param_path] = float(section) if isinstance(section, int | float) else middle
    return found


def metronome(rhythm: Rhythm) -> Rhythm:
    """Return the rhythm of mode m0: a high click on the bar, a low one on its other beats."""
    beats = rhythm.meter_point.numerator
    layers = {"bar": {"pattern": "x" + "." * (beats - 1), "note": 76, "velocity": 120, "role": "perc"}}
    if beats > 1:
        layers["beat"] = {"pattern": "." + "x" * (beats - 1), "note": 77, "velocity": 90, "role": "perc"}
    kept = {k: getattr(rhythm, k) for k in ("name", "about", "bpm", "ppq", "bars", "meter", "seed")}
    return Rhythm.model_validate({**kept, "mode": "m1", "layers": layers})
