"""How well a bass fits the drums: what each step is worth, and a line against the best and the worst there could be.

A step beside a hat is worth 0.5, beside a clap 0.7, on a kick −1 where the mode avoids it and 1 where it locks to it
(the earlier engine's weights), and what the mode likes of the meter.
"""

from collections.abc import Iterable
from typing import NamedTuple

from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.rhythm.bass_modes import BassMode
from hardcore.rhythm.drums import Drums
from hardcore.rhythm.tone import Tone

HAT, CLAP, KICK = 0.5, 0.7, 1.0


class Fit(NamedTuple):
    """How a line fits, every number 0–1.

    total   its steps' worth between the worst (0) and the best (1) that as many notes a bar could have
    clear   share of the notes that neither start with a kick nor sound into one
    lock    share of the notes that start with a kick
    hat     share of the notes with a hat within a step
    clap    share of the backbeat's hits with a note within a step
    """

    total: float
    clear: float
    lock: float
    hat: float
    clap: float


def collides(drums: Drums, tick: int) -> bool:
    """Return whether a note that sounds at `tick` starts with a kick: less than half a step from one."""
    return drums.heard("kick", tick, drums.step_ticks // 2)


def free_steps(drums: Drums, mode: BassMode, bar: int) -> list[int]:
    """Return the steps of a bar on which the mode may start a note."""
    steps = range(drums.steps)
    if mode.kick != "avoid":
        return list(steps)
    free = [step for step in steps if not collides(drums, drums.played(bar, step))]
    halves = [step for step in free if step * drums.step_ticks % PPQ == PPQ // 2]
    return halves if mode.only_halves and halves else free


def worth(drums: Drums, mode: BassMode, bar: int, step: int) -> float:
    """Return what a note on a step is worth to the mode."""
    tick, near = drums.played(bar, step), drums.step_ticks * 3 // 2
    place = step * drums.step_ticks % PPQ
    liking = mode.metre[0 if place == 0 else 1 if place == PPQ // 2 else 2]
    liking += HAT * drums.heard("hat", tick, near) + CLAP * drums.heard("clap", tick, near)
    if collides(drums, tick):
        liking += {"avoid": -KICK, "lock": KICK, "free": 0.0}[mode.kick]
    return liking


def fit(line: Iterable[Tone], drums: Drums, mode: BassMode) -> Fit:
    """Return how well the line fits the drums in the mode; an empty line has nothing to fit: 0 but for `clear`."""
    tones = list(line)
    if not tones:
        return Fit(0.0, 1.0, 0.0, 0.0, 0.0)
    near = drums.step_ticks * 3 // 2
    started = [collides(drums, tone.sounds) for tone in tones]
    into = [drums.next_kick(tone.sounds) < tone.ends for tone in tones]
    sounding = tuple(sorted({tone.sounds % drums.length_ticks for tone in tones}))
    listener = Drums(drums.bar_ticks, drums.bars, hat=sounding)
    answered = [listener.heard("hat", tick, near) for tick in drums.clap]
    return Fit(
        total=_total(tones, drums, mode),
        clear=sum(not (a or b) for a, b in zip(started, into, strict=True)) / len(tones),
        lock=sum(started) / len(tones),
        hat=sum(drums.heard("hat", tone.sounds, near) for tone in tones) / len(tones),
        clap=sum(answered) / len(answered) if answered else 0.0,
    )


def _total(tones: list[Tone], drums: Drums, mode: BassMode) -> float:
    got = best = worst = 0.0
    bars: dict[int, list[int]] = {}
    for tone in tones:
        bar, step = step_of(drums, tone)
        bars.setdefault(bar, []).append(step)
    for bar, steps in bars.items():
        values = sorted(worth(drums, mode, bar, step) for step in range(drums.steps))
        count = min(len(steps), drums.steps)
        got += sum(worth(drums, mode, bar, step) for step in steps[:count])
        worst, best = worst + sum(values[:count]), best + sum(values[-count:])
    return min(1.0, max(0.0, (got - worst) / (best - worst))) if best - worst > 1e-9 else 1.0


def step_of(drums: Drums, tone: Tone) -> tuple[int, int]:
    """Return the bar and the step whose played tick is nearest to where the note sounds, round the loop."""
    base = tone.sounds // drums.step_ticks
    near = [divmod(place, drums.steps) for place in (base - 1, base, base + 1)]
    bar, step = min(near, key=lambda place: abs(drums.played(*place) - tone.sounds))
    return bar % drums.bars, step


def counts(drums: Drums, mode: BassMode, bar: int) -> tuple[int, int]:
    """Return the fewest and the most notes of a bar: the mode's in proportion to its length, as room allows."""
    sixteenths = drums.bar_ticks / SIXTEENTH
    room = len(free_steps(drums, mode, bar))
    low = min(max(1, round(mode.fewest * sixteenths / 16)), room)
    return low, max(low, min(max(1, round(mode.most * sixteenths / 16)), drums.steps))
