"""Step text laid on the bars of any meter.

A pattern is cut into cells, one a quarter. A bar of another meter is parted into groups (7/8 is 2+2+3, 6/8 is 3+3
eighths), and each group plays a cell: cut where the group is short, its second half once more where it is long.
"""

from functools import lru_cache
from typing import NamedTuple

from hardcore.music.meter import MeterPoint
from hardcore.music.ticks import PPQ, SIXTEENTH, WHOLE

_CELLS = 4  # patterns are written in 4/4


class Mark(NamedTuple):
    """A letter of step text at a tick of its bar, and the ticks of its step."""

    tick: int
    letter: str
    step_ticks: int


@lru_cache(maxsize=256)
def groups(numerator: int, denominator: int) -> tuple[int, ...]:
    """Return the ticks of a bar's groups: what is felt as its beats."""
    unit = WHOLE // denominator
    if denominator <= 4:
        quarters = max(unit // PPQ, 1)
        return (unit // quarters,) * (numerator * quarters)
    if denominator == 8 and numerator % 3 == 0:
        return (3 * unit,) * (numerator // 3)
    beat = PPQ // unit  # units to a quarter
    count, rest = divmod(numerator, beat)
    if rest and count and denominator == 8:
        return (PPQ,) * (count - 1) + (PPQ + rest * unit,)
    return (PPQ,) * count + ((rest * unit,) if rest else ())


def _order(count: int, bar: int) -> tuple[int, ...]:
    """Return which cells of a 4/4 bar the groups of a bar play; bars of one or two groups share one 4/4 bar."""
    if count < 3:
        first = bar * count % _CELLS
        return tuple(range(first, first + count))
    rest = count % _CELLS
    tail = {0: (), 1: (2,), 2: (2, 3), 3: (0, 1, 2)}[rest]
    return tuple(range(_CELLS)) * (count // _CELLS) + tail if count > _CELLS else tuple(range(count))


@lru_cache(maxsize=4096)
def laid(steps: str, beat_steps: int, numerator: int, denominator: int, bar: int) -> tuple[Mark, ...]:
    """Return the letters of a pattern, rests included, in the `bar`th bar of a meter."""
    size = beat_steps * _CELLS
    padded = steps if len(steps) % size == 0 else steps * _CELLS
    parts = groups(numerator, denominator)
    written = bar * len(parts) // _CELLS if len(parts) < 3 else bar
    first = written % (len(padded) // size) * size
    row, step_ticks = padded[first : first + size], PPQ // beat_steps
    found, start = [], 0
    for length, cell in zip(parts, _order(len(parts), bar), strict=True):
        letters = row[cell * beat_steps : (cell + 1) * beat_steps]
        for number in range(-(-length // step_ticks)):
            found.append(Mark(start + number * step_ticks, _letter(letters, number), step_ticks))
        start += length
    return tuple(found)


def _letter(cell: str, number: int) -> str:
    """Return the letter of a step; past the cell's end its second half comes again."""
    if number < len(cell):
        return cell[number]
    half = len(cell) // 2
    return cell[half + (number - len(cell)) % (len(cell) - half)]


@lru_cache(maxsize=4096)
def laid_to_end(steps: str, bar_ticks: int) -> tuple[Mark, ...]:
    """Return sixteenth steps aligned to the end of a bar; a shorter bar keeps the first beat and lacks the next."""
    room = bar_ticks // SIXTEENTH
    if len(steps) > room:
        head = min(4, room)
        steps = steps[:head] + steps[len(steps) - (room - head) :]
    start = bar_ticks - len(steps) * SIXTEENTH
    marks = (Mark(start + number * SIXTEENTH, letter, SIXTEENTH) for number, letter in enumerate(steps))
    return tuple(mark for mark in marks if mark.tick >= 0)


def lay(steps: str, beat_steps: int, meter: MeterPoint, bar: int) -> tuple[Mark, ...]:
    """Return the letters of a pattern in a bar of `meter`."""
    return laid(steps, beat_steps, meter.numerator, meter.denominator, bar)
