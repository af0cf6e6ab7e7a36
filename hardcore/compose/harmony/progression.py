"""Progression: a genre's chords over a clip, with their cadences, colours and places."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import fmean

from hardcore.compose.grid import Bar, bars_of
from hardcore.compose.harmony.cadence import cadences, turnaround
from hardcore.compose.harmony.chordcolour import coloured
from hardcore.compose.harmony.chordnames import parsed
from hardcore.compose.harmony.chordwords import bent
from hardcore.compose.harmony.placement import PlacedChord, halved
from hardcore.compose.harmony.register import fit
from hardcore.compose.intent import ChordWord
from hardcore.knowledge.melodic import HarmonyStyle, ProgressionStyle
from hardcore.music.chord import Chord, parse_progression
from hardcore.music.function import function, leads
from hardcore.music.meter import MeterMap
from hardcore.music.mode import mode_name
from hardcore.music.recolouring import simplified
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH


@dataclass(frozen=True, slots=True)
class Progression:
    """The chords of a clip without gaps, and the bars they lie on; `reach` is how far parts follow their tension."""

    chords: tuple[PlacedChord, ...]
    bars: tuple[Bar, ...]
    reach: float = 0.0
    strict: bool = False

    @property
    def end_ticks(self) -> int:
        """Return the length of the clip."""
        return self.bars[-1].end_ticks

    def at(self, tick: int) -> Chord:
        """Return the chord at `tick`; before the start the first, after the end the last."""
        return self.chords[self.index(tick)].chord

    def index(self, tick: int) -> int:
        """Return the number of the chord at `tick`."""
        return max(bisect_right(self.chords, tick, key=lambda placed: placed.start_ticks) - 1, 0)

    def breaks(self, bar: Bar) -> list[int]:
        """Return the steps of a bar, not its first, on which a chord starts."""
        inside = (placed.start_ticks - bar.start_ticks for placed in self.chords)
        return [ticks // SIXTEENTH for ticks in inside if 0 < ticks < bar.length_ticks]

    def lift(self, tick: int) -> float:
        """Return how far above (1) or below (−1) a middling tension `tick` is, as far as the parts follow it."""
        return min(max((self.chords[self.index(tick)].tension - 0.5) * 4, -1.0), 1.0) * self.reach

    def told(self) -> str:
        """Return the chords in words, a bar after the other: `Fm | Db Ab7 | …`."""
        rows: list[list[str]] = [[] for _ in self.bars]
        for placed in self.chords:
            place = next(bar.index for bar in self.bars if placed.start_ticks < bar.end_ticks)
            rows[place].append(placed.chord.name.replace(" ", ","))
        return " | ".join(" ".join(row) or "–" for row in rows)


def progression(
    style: HarmonyStyle,
    key: Key,
    meter_map: MeterMap,
    bars: int,
    rng: Random,
    *,
    curve: Sequence[float] = (),
    wishes: Collection[ChordWord] = (),
    typed: Sequence[str] = (),
) -> Progression:
    """Return chords for `bars` bars (at least 1) in `key`: a progression of the style, repeated, with turnarounds.

    curve   the tension of each bar, 0–1; 0.5 where it is not given
    wishes  what the prompt asks of the chords
    typed   the names or numerals of the chords to play, in place of the style's; one a bar, as they are written
    """
    if typed:
        return _as_typed(style, key, bars_of(meter_map, max(bars, 1)), rng, curve, wishes, typed)
    style = bent(style, wishes)
    chosen = _chosen(style, key, rng)
    keep = rng.random() < style.chromatic
    chords, turns = ([_own(chord, key, keep) for chord in row] for row in _parsed(style, chosen, key))
    if "simple" in wishes:
        chords, turns = [simplified(chord) for chord in chords], [simplified(chord) for chord in turns]
    each = max(min(chosen.bars_per_chord, bars // len(chords)), 1)
    grid = bars_of(meter_map, max(bars, 1))
    count = -(-len(grid) // each)
    row = [chords[place % len(chords)] for place in range(count)]
    for place in _turn_places(count, len(chords)):
        if turns and rng.random() < style.turn and not _leads_home(row[place], row[0], key):
            row[place] = turnaround(turns, row[place - 1], row[0], key, rng)
    ends = cadences(row, key, style.cadence, len(chords), rng) if style.cadence else {}
    placed = [
        part
        for place, one in enumerate(_placed(row, grid, each, curve))
        for part in _with_cadence(one, ends.get(place), grid)
    ]
    made = coloured(placed, style, key, grid, rng)
    return Progression(tuple(made), grid, style.tension, style.voice_leading == "strict")


def _as_typed(
    style: HarmonyStyle,
    key: Key,
    grid: tuple[Bar, ...],
    rng: Random,
    curve: Sequence[float],
    wishes: Collection[ChordWord],
    typed: Sequence[str],
) -> Progression:
    """Return the typed chords over the bars, one a bar; only what is wished beside them colours them."""
    chords = parsed(typed, key)
    row = [chords[place % len(chords)] for place in range(len(grid))]
    if "simple" in wishes:
        row = [simplified(chord) for chord in row]
    placed = list(_placed(row, grid, 1, curve))
    if set(wishes) - {"simple"}:
        placed = list(coloured(placed, bent(style, wishes), key, grid, rng))
    return Progression(tuple(placed), grid, style.tension, style.voice_leading == "strict")


def _parsed(style: HarmonyStyle, chosen: ProgressionStyle, key: Key) -> tuple[list[Chord], list[Chord]]:
    """Return the chords of a progression and those of the style's turnarounds."""
    turns = [chord for text in style.turnarounds for chord in parse_progression(text, key)]
    return list(parse_progression(chosen.numerals, key)), turns


def _own(chord: Chord, key: Key, keep: bool) -> Chord:
    """Return the chord, with only notes of the key unless its own are to be kept; home keeps the key's third."""
    foreign = chord.root == key.tonic and any(
        interval in (3, 4) and not key.contains(chord.root + interval) for interval in chord.intervals
    )
    return chord if keep and not foreign else fit(chord, key)


def _leads_home(chord: Chord, first: Chord, key: Key) -> bool:
    """Return whether the last chord of a round leads into the first by itself, so that nothing need turn around."""
    return first.root == key.tonic and function(chord, key) == "dominant" and leads(chord, first, key)


def _with_cadence(one: PlacedChord, end: tuple[str, Chord] | None, grid: tuple[Bar, ...]) -> tuple[PlacedChord, ...]:
    """Return a chord with what a cadence makes of it: another chord, or a dominant in the last half of its time."""
    if end is None:
        return (one,)
    name, chord = end
    if name == "deceptive":
        return (replace(one, chord=chord, mark=name),)
    parts = halved(one, grid)
    return (*parts[:-1], replace(parts[-1], chord=chord, mark=name))


def _chosen(style: HarmonyStyle, key: Key, rng: Random) -> ProgressionStyle:
    """Return a progression by weight: one written for the key's mode, else one for any, else whichever there is."""
    written = [one for one in style.progressions if key.mode in (mode_name(mode) for mode in one.modes)]
    pool = written or [one for one in style.progressions if not one.modes] or list(style.progressions)
    pool = [*pool, *(one for one in style.progressions if not one.modes and one not in pool)]
    return rng.choices(pool, [one.weight for one in pool])[0]


def _turn_places(count: int, length: int) -> list[int]:
    """Return the places of chords that may turn around: the last of every second round, and of all."""
    ends = [place for place in range(2 * length - 1, count, 2 * length) if length > 1]
    return sorted({*ends, *([count - 1] if count > 3 else [])})


def _placed(row: list[Chord], grid: tuple[Bar, ...], each: int, curve: Sequence[float]) -> Iterator[PlacedChord]:
    """Yield the chords with their places; neighbours that are the same chord stay apart, so that they strike again."""
    for place, chord in enumerate(row):
        first, last = grid[place * each], grid[min((place + 1) * each, len(grid)) - 1]
        tension = fmean([*curve[first.index : last.index + 1]] or [0.5])
        yield PlacedChord(chord, first.start_ticks, last.end_ticks - first.start_ticks, tension)
