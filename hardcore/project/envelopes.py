"""Envelopes cut and put together: what an envelope does over a stretch, as points that do the same elsewhere.

Shapes are kept. Of a curve that is cut in the middle straight pieces are left: a bend says how a whole one goes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from hardcore.project.clip import Automation, AutomationPoint

Points = tuple[AutomationPoint, ...]
# a cut curve becomes twice so many straight pieces
_PIECES = 16
MOST_POINTS = 4096


def stretch(envelope: Automation, start: int, end: int | None = None) -> Points:
    """Return points that go over [0, end − start) as the envelope does over [start, end); without end, to its last."""
    if end is None:
        end = max(envelope.points[-1].tick, start) + 1
    found = {point.tick: point for point in envelope.points if start <= point.tick < end}
    for edge in (start, end - 1):
        for point in _edge(envelope, edge, start, end):
            if point.tick not in found or found[point.tick].shape == "curve":
                found[point.tick] = point
    return shifted((found[tick] for tick in sorted(found)), -start)


def _edge(envelope: Automation, edge: int, start: int, end: int) -> Iterator[AutomationPoint]:
    """Yield the points needed where an envelope is cut at `edge`: one, or those of a curve that is cut."""
    after = bisect_right(envelope.points, edge, key=lambda point: point.tick)
    if not 0 < after < len(envelope.points):
        yield AutomationPoint(tick=edge, value=envelope.at(edge))
        return
    a, b = envelope.points[after - 1], envelope.points[after]
    if a.shape != "curve":
        yield a.evolve(tick=edge, value=envelope.at(edge))
        return
    if start <= a.tick and b.tick < end:
        return  # the curve is whole
    low, high = max(a.tick, start), min(b.tick - 1, end - 1)
    for tick in sorted({low, high, *(tick for tick in _bends(a, b) if low <= tick <= high)}):
        yield AutomationPoint(tick=tick, value=envelope.at(tick))


def _bends(a: AutomationPoint, b: AutomationPoint) -> set[int]:
    """Return the ticks between two points where straight pieces that stand for a curve meet."""
    shares = [piece / _PIECES for piece in range(1, _PIECES)]
    # even in time, and even in value: a steep curve is all in its beginning or end
    shares += [share ** (1 / a.power) for share in shares]
    return {round(a.tick + (b.tick - a.tick) * share) for share in shares} - {a.tick, b.tick}


def straightened(envelope: Automation) -> Points:
    """Return an envelope's points with straight pieces for its curves; of too many curves each becomes one line."""
    found = [point.evolve(shape="linear") if point.shape == "curve" else point for point in envelope.points]
    between = {tick for a, b in pairwise(envelope.points) if a.shape == "curve" for tick in _bends(a, b)}
    if len(found) + len(between) > MOST_POINTS:
        return tuple(found)
    return merged(found, (AutomationPoint(tick=tick, value=envelope.at(tick)) for tick in between))


def shifted(points: Iterable[AutomationPoint], by: int) -> Points:
    """Return points so many ticks later."""
    return tuple(point.evolve(tick=point.tick + by) for point in points) if by else tuple(points)


def merged(*parts: Iterable[AutomationPoint]) -> Points:
    """Return the points of several stretches in order; of two at one tick the later part's counts."""
    found = {point.tick: point for part in parts for point in part}
    return tuple(found[tick] for tick in sorted(found))[:MOST_POINTS]


def looped(envelope: Automation, length: int, offset: int, size: int) -> Points:
    """Return what an envelope that loops every `length` ticks does over `size` ticks, `offset` ticks into it."""
    parts = []
    for number in range(offset // length, (offset + size - 1) // length + 1):
        base = number * length - offset
        start, end = max(0, -base), min(length, size - base)
        parts.append(shifted(stretch(envelope, start, end), base + start))
    return merged(*parts)


def without(envelope: Automation, start: int, end: int) -> Points:
    """Return an envelope's points as they are with the time [start, end) cut out of it."""
    before = stretch(envelope, 0, start) if start else ()
    return merged(before, shifted(stretch(envelope, end), start))


def parted(envelope: Automation, at: int, size: int, filling: Points = ()) -> Points:
    """Return an envelope's points with `size` ticks put in at `at`, which do what `filling` does, or hold."""
    before = stretch(envelope, 0, at) if at else ()
    if not filling and before:
        before = (*before[:-1], before[-1].evolve(shape="step"))
    return merged(before, shifted(filling, at), shifted(stretch(envelope, at), at + size))


def over(envelope: Automation | None, rest: float, start: int, end: int, inside: Points) -> Points:
    """Return an envelope's points with [start, end) done by `inside` (ticks of the song); around it nothing changes.

    rest   the value where there was no envelope
    """
    if envelope is None:
        before: Points = (AutomationPoint(tick=0, value=rest, shape="step"),) if start else ()
        return merged(before, inside, (AutomationPoint(tick=end, value=rest),))
    before = stretch(envelope, 0, start) if start else ()
    return merged(before, inside, shifted(stretch(envelope, end), end))
