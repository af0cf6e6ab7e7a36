"""The time of a DAWproject read: its tempos and meters, and where a time in its own unit lies in ticks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hardcore.errors import UserError
from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_BPM, MAX_TICKS, MIN_BPM, PPQ, MeterMap, TempoMap, TempoPoint
from hardcore.music.ticks import MAX_POINTS


class Scale(NamedTuple):
    """A timeline of the file: its unit, and the ticks that a second or a quarter of it has."""

    unit: str
    ticks: float

    def tick(self, time: float) -> int:
        """Return a time of it as ticks from its beginning, held to what a song can have."""
        return min(max(round(time * self.ticks), -MAX_TICKS), MAX_TICKS)


QUARTERS = Scale("beats", PPQ)


def scale_of(element: Element, parent: Scale, bpm: float, attribute: str = "timeUnit") -> Scale:
    """Return the timeline of an element: its own unit, else its parent's; seconds last as they do at a tempo."""
    unit = element.get(attribute, parent.unit)
    return Scale(unit, PPQ * bpm / 60) if unit == "seconds" else QUARTERS


def tempo_map(document: Element, losses: Losses) -> TempoMap:
    """Return the tempos of a file: its automation, else the one of its transport."""
    first = document.find("Transport/Tempo")
    steady = _bpm(numeral(first, "value", 120.0) if first is not None else 120.0, losses)
    found: dict[int, TempoPoint] = {}
    leading = False
    for point in children(document.find("Arrangement/TempoAutomation"), "RealPoint")[:MAX_POINTS]:
        tick = max(0, QUARTERS.tick(numeral(point, "time")))
        found[tick] = TempoPoint(
            tick=tick, bpm=_bpm(numeral(point, "value", steady), losses), ramp=leading and tick > 0
        )
        leading = point.get("interpolation") == "linear"
    if 0 not in found:
        start = found[min(found)].bpm if found else steady
        found[0] = TempoPoint(tick=0, bpm=start)
    return TempoMap(points=tuple(found[tick] for tick in sorted(found)))


def _bpm(value: float, losses: Losses) -> float:
    kept = min(max(value, MIN_BPM), MAX_BPM)
    if kept != value:
        losses.add("tempos", f"only {MIN_BPM:g} to {MAX_BPM:g} BPM")
    return kept


def meter_map(document: Element, losses: Losses) -> MeterMap:
    """Return the meters of a file; a change in the middle of a bar comes with the next bar line."""
    meters = MeterMap()
    first = document.find("Transport/TimeSignature")
    points = children(document.find("Arrangement/TimeSignatureAutomation"), "TimeSignaturePoint")
    given = [(0, first)] if first is not None else []
    given += [(QUARTERS.tick(numeral(point, "time")), point) for point in points[:MAX_POINTS]]
    for tick, point in given:
        bar = meters.bar_of(max(tick, 0))
        if meters.bar_start(bar) != max(tick, 0):
            losses.add("changes of meter inside a bar", "they come with the next bar")
            bar += 1
        numerator, denominator = (round(numeral(point, name, 4)) for name in ("numerator", "denominator"))
        try:
            meters = meters.with_change(bar, numerator, denominator)
        except UserError as error:
            losses.add("meters", error.message)
    return _merged(meters)


def _merged(meters: MeterMap) -> MeterMap:
    """Return a map without points that change nothing."""

    def differing() -> Iterator[int]:
        for place, (a, b) in enumerate(pairwise(meters.points), 1):
            if (a.numerator, a.denominator) != (b.numerator, b.denominator):
                yield place

    return meters.evolve(points=(meters.points[0], *(meters.points[place] for place in differing())))
