"""Motifs: cells of hits on a bar's steps, and what a composer does with them.

A hit's tone is a distance: semitones above the chord's root in a bass cell, scale steps from the centre in a melody.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from hardcore.compose.grid import Bar

VELOCITIES = {"X": 114, "x": 96, "o": 72}

T = TypeVar("T")


class Hit(NamedTuple):
    """One event of a cell: its step, its length in steps, its tone, how hard, and whether it glides on."""

    step: float
    length: float = 1
    tone: int = 0
    velocity: int = 96
    slide: bool = False


Cell = tuple[Hit, ...]


def choose(weights: dict[T, float], rng: Random) -> T:
    """Return a key of `weights`, drawn by weight, in the dict's own order."""
    return rng.choices(list(weights), list(weights.values()))[0]


def asked_or_drawn(traits: Sequence[str], asks: Mapping[str, T], weights: Mapping[T, float], rng: Random) -> T:
    """Return what the last of the traits that is in `asks` asks for, else a key of `weights`, drawn by weight.

    It is drawn in any case, so that what follows is the same with and without the word.
    """
    drawn = choose({name: float(weight) for name, weight in weights.items()}, rng)
    return next((asks[word] for word in reversed(traits) if word in asks), drawn)


def scaled(chance: float, amount: float) -> float:
    """Return a style's chance at `amount` (0–1, 0.5 is normal): 0 gives 0, 1 gives twice, at most 0.95."""
    return min(chance * amount * 2, 0.95)


def read_cell(pattern: str, bar: Bar, tones: Mapping[str, int] = MappingProxyType({})) -> Cell:
    """Return the hits of a step pattern in a bar: its part for this bar, cut off or started over to fit the meter.

    tones   signs of a written figure beside those of VELOCITIES, each with the tone of its hits
    Where a short bar cuts off all hits, one stands on its first step.
    """
    parts = pattern.split("|")
    part = parts[bar.index % len(parts)]
    row = (part * (bar.steps // len(part) + 1))[: bar.steps]
    hits = []
    for step, sign in enumerate(row):
        if sign in VELOCITIES or sign in tones:
            held = len(row) - step - 1 - len(row[step + 1 :].lstrip("-"))
            hits.append(Hit(step, 1 + held, tones.get(sign, 0), VELOCITIES.get(sign, VELOCITIES["x"])))
    cut_off = not hits and bar.steps < len(part)
    return (Hit(0, min(bar.steps, 2)),) if cut_off else tuple(hits)


def fit(cell: Cell, steps: int) -> Cell:
    """Return the hits that start within `steps`, none longer than to its end."""
    return tuple(hit._replace(length=min(hit.length, steps - hit.step)) for hit in cell if hit.step < steps)


def repeat(cell: Cell, length: int, steps: int) -> Cell:
    """Return a cell of `length` steps repeated until `steps`."""
    rounds = range(0, steps, max(length, 1))
    return fit(tuple(hit._replace(step=hit.step + start) for start in rounds for hit in cell), steps)


def parted(cell: Cell, steps: Sequence[int]) -> Cell:
    """Return the cell with the hits that sound across one of `steps` struck again on it."""
    for step in steps:
        cell = tuple(
            part
            for hit in cell
            for part in (
                (hit._replace(length=step - hit.step), hit._replace(step=step, length=hit.step + hit.length - step))
                if hit.step < step < hit.step + hit.length
                else (hit,)
            )
        )
    return cell


def sequence(cell: Cell, tones: int) -> Cell:
    """Return the cell moved by `tones`."""
    return tuple(hit._replace(tone=hit.tone + tones) for hit in cell)


def invert(cell: Cell) -> Cell:
    """Return the cell upside down around its first tone."""
    axis = cell[0].tone if cell else 0
    return tuple(hit._replace(tone=2 * axis - hit.tone) for hit in cell)


def answer(cell: Cell, close: int = 0) -> Cell:
    """Return the response to a call: the same rhythm, its second half mirrored, its last tone at rest on `close`."""
    if not cell:
        return cell
    half = len(cell) // 2
    tail = cell[-1]._replace(tone=close, length=cell[-1].length * 2)
    return (*cell[:half], *invert(cell[half:-1]), tail) if len(cell) > 1 else (tail,)


def thin(cell: Cell, density: float, rng: Random) -> Cell:
    """Return the cell with fewer hits below a density of 0.5, soft ones first; the first stays."""
    if density >= 0.5 or not cell:
        return cell
    drop = (0.5 - density) * 1.7
    return (cell[0], *(hit for hit in cell[1:] if rng.random() > drop * (1.25 - hit.velocity / 254)))


def thicken(cell: Cell, density: float, steps: int, rng: Random) -> Cell:
    """Return the cell with soft hits in its gaps above a density of 0.5, each with the tone before it."""
    if density <= 0.5 or not cell:
        return cell
    added = []
    for hit, end in zip(cell, [*(after.step for after in cell[1:]), steps], strict=True):
        for step in range(int(hit.step) + 1, int(end)):
            if rng.random() < (density - 0.5) * 0.9:
                added.append(Hit(step, 1, hit.tone, max(hit.velocity - 22, 40)))
    return shorten(tuple(sorted((*cell, *added))))


def shorten(cell: Cell) -> Cell:
    """Return the cell with each hit ending at the next one."""
    cut = [hit._replace(length=min(hit.length, after.step - hit.step)) for hit, after in pairwise(cell)]
    return (*cut, *cell[-1:])


def vary(cell: Cell, amount: float, tones: Sequence[int], rng: Random) -> Cell:
    """Return the cell with about `amount` (0–1) of its hits changed: another tone, a soft touch, or left out.

    The first hit stays, so that the cell is known again.
    """
    changed = list(cell[:1])
    for hit in cell[1:]:
        if rng.random() >= amount:
            changed.append(hit)
            continue
        kind = rng.random()
        if kind < 0.7:
            changed.append(hit._replace(tone=rng.choice(tones)))
        elif kind < 0.85:
            changed.append(hit._replace(velocity=max(hit.velocity - 24, 40)))
    return tuple(changed)


def develop(
    bars: Sequence[Bar],
    form: str,
    theme: Callable[[Bar], Cell],
    change: Callable[[Cell, float], Cell],
    movement: float,
    rows: int = 1,
) -> list[Cell]:
    """Return one cell a bar by a form such as `A A' A B`: A is the theme, a prime a slight change, B C D far ones.

    Each round of the form starts from a theme that has moved on a little, the more so the more movement there is.
    `change(cell, amount)` changes a cell by 0–1; a theme of several bars has as many `rows`.
    """
    letters = form.split()
    themes: dict[tuple[str, int, int], Cell] = {}
    cells = []
    for place, bar in enumerate(bars):
        letter = letters[place % len(letters)]
        if place and place % len(letters) == 0:
            themes = {name: change(cell, 0.3 * movement) if name[0] == "A" else cell for name, cell in themes.items()}
        known = ("A", bar.steps, bar.index % rows)
        if known not in themes:
            themes[known] = theme(bar)
        name = (letter[0], *known[1:])
        if name not in themes:
            themes[name] = change(themes[known], 0.3 + 0.7 * movement)
        cells.append(change(themes[name], 0.15 + 0.5 * movement) if letter.endswith("'") else themes[name])
    return cells
