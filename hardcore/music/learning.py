"""Learning: from when and how loud notes were played to a groove template.

Every onset belongs to a step of the grid; a step's timing is the median of its onsets' distances from it, so one slip
in many bars changes nothing. Times are in ticks: a tempo map, however it moves, is out of the picture.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, floor, log
from statistics import fmean, median
from typing import NamedTuple

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.groove import GrooveTemplate
from hardcore.music.meter import MeterMap
from hardcore.music.midisong import MidiSong
from hardcore.music.ticks import PPQ, SIXTEENTH, ticks_of_beats

# An onset may be this much of a step early; the rest is late. Swing goes to 75 %, half a step late, nobody plays half a
# step early.
EARLY = 0.4
LEAST_ONSETS = 4
MOST_STEPS = 1024
# of the alternation between voices and steps; each halves what is left to do
_ROUNDS = 30


class Onset(NamedTuple):
    """Something that starts: when, how loud (above 0, in any unit), and in which voice (a drum, a part)."""

    tick: float
    level: float
    voice: str = ""


class Learned(NamedTuple):
    """A groove and what it was learned from: onsets per step, and how far off they lie, as a median in ticks."""

    groove: GrooveTemplate
    heard: tuple[int, ...]
    spread_ticks: float


def of_song(song: MidiSong) -> list[Onset]:
    """Return the onsets of a MIDI file; each drum is a voice, each other part is one."""
    onsets = []
    for number, track in enumerate(song.tracks):
        for note in track.notes:
            checkpoint()
            if note[3] > 0:
                onsets.append(Onset(note[0], note[3], f"{number} {note[2] if track.is_drum else ''}"))
    return onsets


def learn(
    onsets: Iterable[Onset],
    name: str,
    *,
    id: str | None = None,
    meter_map: MeterMap | None = None,
    step_ticks: int = SIXTEENTH,
    bars: int = 1,
    about: str = "",
) -> Learned:
    """Return the groove of the onsets, `bars` long, on a grid of `step_ticks`, in the meter at the start.

    Timing is in ticks from the grid; velocity factors are relative to the voice that plays and average 1. A step that
    is never played takes what the same place of the other beats has. Raises UserError when there is too little to hear.
    """
    meter_map = meter_map or MeterMap()
    bar_ticks = meter_map.bar_ticks()
    steps = steps_of(bar_ticks, step_ticks, bars)
    placed = _placed(onsets, meter_map, bar_ticks, step_ticks, bars)
    offsets: list[list[float]] = [[] for _ in range(steps)]
    for step, offset, _ in placed:
        offsets[step].append(offset)
    if len(placed) < LEAST_ONSETS:
        raise UserError(f"{len(placed)} notes are too few to learn a groove from", f"{LEAST_ONSETS} at least")
    found = {step: median(own) for step, own in enumerate(offsets) if own}
    beat = max(1, PPQ // step_ticks)
    timing = [round(value) for value in _filled(found, steps, beat, 0.0)]
    groove = GrooveTemplate(
        id=id or name,
        name=name,
        step_ticks=step_ticks,
        timing=tuple(_within(timing, step_ticks)),
        velocity=_velocities(placed, steps, beat),
        bar_ticks=bar_ticks,
        about=about,
    )
    spread = median(abs(offset - found[step]) for step, offset, _ in placed)
    return Learned(groove, tuple(map(len, offsets)), spread)


def steps_of(bar_ticks: int, step_ticks: int, bars: int) -> int:
    """Return how many steps the groove has. Raises UserError when they do not fill the bar, or are too many."""
    if bar_ticks % step_ticks:
        raise UserError(
            f"steps of {step_ticks / PPQ:g} beats do not fill a bar of {bar_ticks / PPQ:g}", "such as --grid 1/16"
        )
    steps = bar_ticks // step_ticks * bars
    if not 1 <= steps <= MOST_STEPS or not PPQ // 32 <= step_ticks <= 4 * PPQ:
        raise UserError(f"a groove of {steps} steps is out of range", f"1 to {MOST_STEPS}; fewer --bars")
    return steps


def _placed(
    onsets: Iterable[Onset], meter_map: MeterMap, bar_ticks: int, step_ticks: int, bars: int
) -> list[tuple[int, float, Onset]]:
    """Return each onset with its step and its distance from it in ticks; bars of other meters are left out."""
    early = ticks_of_beats(EARLY * step_ticks / PPQ)
    placed = []
    for onset in onsets:
        checkpoint()
        moved = floor(onset.tick + early)
        bar = meter_map.bar_of(moved)
        if meter_map.bar_ticks(moved) == bar_ticks:
            step = (moved - meter_map.bar_start(bar)) // step_ticks
            offset = onset.tick - meter_map.bar_start(bar) - step * step_ticks
            placed.append((bar % bars * (bar_ticks // step_ticks) + step, offset, onset))
    return placed


def _filled(found: Mapping[int, float], steps: int, beat: int, plain: float) -> list[float]:
    """Return a value for every step: what was found, else the median of the same place in other beats, else `plain`."""
    values = []
    for step in range(steps):
        kin = [value for other, value in found.items() if other % beat == step % beat]
        values.append(found.get(step, median(kin) if kin else plain))
    return values


def _within(timing: Sequence[int], step_ticks: int) -> list[int]:
    """Return the timing with no step where it would pass its neighbour: rounding can bring two together by a tick."""
    low, high = -int(EARLY * step_ticks), int((1 - EARLY) * step_ticks) - 1
    return [min(max(offset, low), high) for offset in timing]


def _velocities(placed: Sequence[tuple[int, float, Onset]], steps: int, beat: int) -> tuple[float, ...]:
    """Return the factor of each step, on average 1.

    A voice's level and a step's accent multiply. Their logarithms are told apart by going back and forth between the
    medians of voices and of steps (the median polish of Tukey, Exploratory Data Analysis, 1977), so a loud kick that
    plays only on the beat does not make the beat loud.
    """
    levels: dict[tuple[str, int], list[float]] = {}
    for step, _, onset in placed:
        levels.setdefault((onset.voice, step), []).append(log(max(onset.level, 1e-9)))
    table = {place: median(own) for place, own in levels.items()}
    by_voice: dict[str, list[int]] = {}
    by_step: dict[int, list[str]] = {}
    for voice, step in table:
        by_voice.setdefault(voice, []).append(step)
        by_step.setdefault(step, []).append(voice)
    accent = dict.fromkeys(by_step, 0.0)
    for _ in range(_ROUNDS if len(by_voice) > 1 else 1):
        checkpoint()
        level = {voice: median(table[voice, step] - accent[step] for step in own) for voice, own in by_voice.items()}
        accent = {step: median(table[voice, step] - level[voice] for voice in own) for step, own in by_step.items()}
    factors = {step: exp(value) for step, value in accent.items()}
    middle = fmean(factors.values())
    filled = _filled({step: value / middle for step, value in factors.items()}, steps, beat, 1.0)
    return tuple(round(min(value, 4.0), 4) for value in filled)
