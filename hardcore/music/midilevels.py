"""Volume, expression and pan of a channel, controllers 7, 11 and 10 of MIDI, as level in dB and pan, and back.

The curve is General MIDI's (RP-036): 40·log10 of the share; volume 100, where a channel begins, is 0 dB.
Pan 0 and 1 are both the left side.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import log10
from operator import itemgetter

VOLUME, PAN, EXPRESSION = 7, 10, 11
_PLAIN, _CENTRE, _SIDE, _FULL = 100, 64, 63, 127
_SILENT_DB = -96.0
# (tick, controller, value), and (tick, dB or pan)
Controls = Sequence[tuple[int, int, int]]
Curve = list[tuple[int, float]]


def levels_of(controls: Controls) -> Curve:
    """Return the level in dB from each tick on at which it changes, of volume and expression together."""
    return changes(
        (tick, _level_db(values.get(VOLUME, _PLAIN) / _PLAIN * values.get(EXPRESSION, _FULL) / _FULL))
        for tick, values in _states(controls, (VOLUME, EXPRESSION))
    )


def pans_of(controls: Controls) -> Curve:
    """Return the pan, −1 to 1, from each tick on at which it changes."""
    return changes((tick, max((values[PAN] - _CENTRE) / _SIDE, -1.0)) for tick, values in _states(controls, (PAN,)))


def controls_of(levels: Curve, pans: Curve) -> list[tuple[int, int, int]]:
    """Return the controllers that say levels in dB and pans; what is louder than a channel can be is its most."""
    volumes = ((tick, min(round(_PLAIN * 10 ** (level / 40)), _FULL)) for tick, level in levels)
    places = ((tick, _CENTRE + round(pan * _SIDE)) for tick, pan in pans)
    said = [(tick, VOLUME, round(value)) for tick, value in changes(volumes)]
    return sorted(said + [(tick, PAN, round(value)) for tick, value in changes(places)])


def _states(controls: Controls, numbers: tuple[int, ...]) -> Iterator[tuple[int, dict[int, int]]]:
    """Yield what some controllers are from each tick on at which one of them moves."""
    values: dict[int, int] = {}
    moves = sorted((one for one in controls if one[1] in numbers), key=itemgetter(0))
    for tick, row in groupby(moves, key=itemgetter(0)):
        values.update((number, value) for _, number, value in row)
        yield tick, values


def _level_db(share: float) -> float:
    return max(40 * log10(share), _SILENT_DB) if share > 0 else _SILENT_DB


def changes(points: Iterable[tuple[int, float]]) -> Curve:
    """Return the points at which a curve changes."""
    found: Curve = []
    for tick, value in points:
        if not found or found[-1][1] != value:
            found.append((tick, value))
    return found
