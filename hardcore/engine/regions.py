"""Audio regions as scsynth requests: segments, each a synth that is exact to the sample, joined without a seam.

The same for the offline score and the player. A segment plays from one buffer (`project.region.segment`) so many
frames, counted by the synth itself, so that the next can begin at the very next frame.
"""

from collections.abc import Iterator
from math import ceil, floor
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.structure import ADD_TO_TAIL, REGION
from hardcore.project.multisample import Load
from hardcore.project.region import SEGMENT_S, segment
from hardcore.project.regionevents import RegionEvent
from hardcore.project.state import ProjectState

# Beyond that a float counts no single frames; a fade is shorter (project.region.FadeS).
_FAR = 1 << 23
# Less than that of a frame is the rounding of a float.
_HAIR = 1e-6
# What is cut in the middle goes out within that; less of it than that beyond its clip is a rounded length: no seam.
CUT_S = 0.005


class Segment(NamedTuple):
    """One synth: it begins `frame` frames after its event and lasts `frames`, at the engine's rate.

    at, speed    where in the load it begins, and how far it goes a frame (below 0: backwards), frames of the load
    begun, left  how many frames of the region have sounded before, and how many are to come: what fades go by
    fade_out     how long it goes out at the end of those, frames
    """

    frame: int
    frames: int
    load: Load
    at: float
    speed: float
    begun: int
    left: int
    fade_out: float


def length(event: RegionEvent, rate: int) -> int:
    """Return how many frames an event sounds when nothing cuts it."""
    return max(0, ceil((event.frames - event.at) * rate / event.speed - _HAIR))


def segments(event: RegionEvent, rate: int, until: int | None = None) -> Iterator[Segment]:
    """Yield the segments of an event in order; `until`: not past so many frames."""
    ratio, size = event.speed / rate, SEGMENT_S * event.sound.rate
    begun, left, fade_out = floor(event.at / ratio), length(event, rate), event.region.fade_out_s * rate
    end = left if until is None else min(left, until)
    if left - end > CUT_S * rate and not event.goes_on:
        left, fade_out = end, max(fade_out, CUT_S * rate)
    frame = 0
    while frame < end:
        way = event.at + frame * ratio
        source = event.first + (event.frames - 1 - way if event.region.reverse else way)
        place = max(0, floor(source + _HAIR)) // size
        edge = source - place * size if event.region.reverse else (place + 1) * size - source
        frames = floor(edge / ratio + _HAIR) + 1 if event.region.reverse else ceil(edge / ratio - _HAIR)
        frames = min(max(frames, 1), end - frame)
        load = segment(event.sound, place)
        speed = -ratio if event.region.reverse else ratio
        at = max(0.0, source - load.first)
        yield Segment(frame, frames, load, at, speed, begun + frame, left - frame, fade_out)
        frame += frames


def started(project: ProjectState, event: RegionEvent, one: Segment, node: int, bus: int, rate: int) -> bytes:
    """Return the request that starts a segment as `node`."""
    region = event.region
    return message(
        "/s_new", REGION, node, ADD_TO_TAIL, nodes.source_group(event.track_id), "out", bus,
        "buffer", nodes.load_buffer(project, one.load), "at", float(one.at), "speed", float(one.speed),
        "gain_db", float(event.gain_db), "frames", one.frames, "begun", min(one.begun, _FAR),
        "left", min(one.left, _FAR), "fade_in", float(region.fade_in_s * rate),
        "fade_out", float(one.fade_out),
    )  # fmt: skip
