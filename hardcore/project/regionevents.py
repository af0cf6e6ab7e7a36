"""Region events: which stretches of audio sound in a span of a timeline. Player and offline score both feed from here.

An event is a piece of one pass of an audio clip that plays at one speed: all of it, or, where it follows a tempo that
changes, what lies between two changes.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from hardcore.checkpoint import checkpoint
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.artifact import SoundRef
from hardcore.project.events import Span
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing

# A ramp is played in steps of so many ticks, each at its own speed, joined without a gap.
RAMP_STEP_TICKS = PPQ // 4
# Tempos that differ by less of themselves are one.
_SAME = 1e-9


class RegionEvent(NamedTuple):
    """A piece of a region that begins to sound at `tick`; both ticks are on the timeline.

    end_tick  where it is cut at the latest; its sound may end before
    region    its fades and its direction
    gain_db   how loud it is
    sound     what plays: `frames` of it from `first`, at most
    at        how far into that it begins, frames
    speed     how many of those frames pass in a second
    goes_on   whether the next piece of the same pass follows at its end, without a seam
    """

    tick: int
    end_tick: int
    track_id: str
    region: AudioRegion
    gain_db: float
    sound: SoundRef
    first: int
    frames: int
    at: float
    speed: float
    goes_on: bool


class _Pass(NamedTuple):
    """Where a region sounds once, [start, end), and where its own beginning lies, perhaps before that."""

    start: int
    end: int
    origin: int


def region_events(
    project: ProjectState, playing: Sequence[Playing], span: Span, *, sounding: Collection[str] = ()
) -> list[RegionEvent]:
    """Return the pieces that begin in the span, ordered by tick and track.

    sounding   tracks whose audio also begins where it sounds already when the span begins: in its middle then
    """
    found: list[RegionEvent] = []
    for item in playing:
        found += pieces(project.tempo_map, item, span, sounding=item.track_id in sounding)
    return sorted(found, key=lambda event: event[:3])


def pieces(tempo: TempoMap, item: Playing, span: Span, *, sounding: bool = False) -> Iterator[RegionEvent]:
    """Yield the pieces of one clip's audio that begin in the span; none for a clip of notes. See `region_events`."""
    region = item.clip.region
    if region is None:
        return
    for one in _passes(item, region, span):
        cuts = _cuts(tempo, region, one)
        for tick, stop in pairwise(cuts):
            checkpoint()
            begin = span.start_ticks if sounding and tick < span.start_ticks < stop else tick
            if span.start_ticks <= begin < span.end_ticks:
                event = _event(tempo, item.track_id, region, one.origin, begin, stop, stop != cuts[-1])
                if event.at < event.frames:
                    yield event


def _passes(item: Playing, region: AudioRegion, span: Span) -> Iterator[_Pass]:
    """Yield the passes of a region that overlap the span."""
    first, last = max(span.start_ticks, item.start_ticks), min(span.end_ticks, item.end_ticks)
    length, zero = item.clip.length_ticks, item.start_ticks - item.offset_ticks
    if first >= last:
        return
    for number in range((first - zero) // length, (last - 1 - zero) // length + 1):
        base = zero + number * length
        low, high = max(base, item.start_ticks), min(base + length, item.end_ticks)
        origin, period = base + region.start_ticks, region.loop_ticks or 2 * length + abs(region.start_ticks)
        rounds = range(max(0, (first - origin) // period), (min(last, high) - 1 - origin) // period + 1)
        for begin in (origin + place * period for place in rounds):
            start, end = max(begin, low), min(begin + period, high)
            if start < end and start < last and end > first:
                yield _Pass(start, end, begin)


def _cuts(tempo: TempoMap, region: AudioRegion, one: _Pass) -> list[int]:
    """Return where a pass has to be cut because the tempo that it follows changes, its ends included."""
    cuts = {one.start, one.end}
    for point, after in pairwise((*tempo.points, None)) if region.warp != "off" else ():
        assert point is not None
        inside = {point.tick}
        if after is not None and after.ramp:
            inside |= set(range(point.tick, after.tick, RAMP_STEP_TICKS))
        cuts |= {tick for tick in inside if one.start < tick < one.end}
    return sorted(cuts)


def _event(
    tempo: TempoMap, track_id: str, region: AudioRegion, origin: int, tick: int, stop: int, goes_on: bool
) -> RegionEvent:
    sound, first, frames, gain_db = region.sound, region.first, region.frames, region.gain_db
    if region.warp == "off" or region.bpm is None:
        speed = sound.rate * region.speed
        at = (tempo.seconds(tick) - tempo.seconds(origin)) * speed
    else:
        # the tempo on the way: what it is where it is steady, the mean in a step of a ramp
        bpm = (stop - tick) * 60 / (PPQ * (tempo.seconds(stop) - tempo.seconds(tick)))
        made = next((one for one in region.stretched if abs(one.bpm - bpm) < _SAME * bpm), None)
        own = region.bpm
        if made is not None:
            sound, first, frames, own = made.sound, 0, made.sound.frames, made.bpm
            gain_db += made.gain_db
        speed = sound.rate * bpm / own
        at = (tick - origin) * 60 / (PPQ * own) * sound.rate
    # what is a whole frame but for the last bits of a float is one
    return RegionEvent(tick, stop, track_id, region, gain_db, sound, first, frames, round(at, 6), speed, goes_on)
