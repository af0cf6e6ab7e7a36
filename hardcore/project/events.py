"""Events: what sounds in a span of a timeline. Player, offline score and MIDI export all feed from here.

Groove, probability and ratchets are applied; chance is drawn from (seed, clip, pass, tick, pitch), so the same
project always plays the same, wherever it is played.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from hardcore.checkpoint import checkpoint
from hardcore.music import groove as grooves
from hardcore.project.automation import static
from hardcore.project.clip import Automation
from hardcore.project.grooves import in_force, louder
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing
from hardcore.project.track import Track

CONTROL_STEP_TICKS = 120


class NoteEvent(NamedTuple):
    """A note that sounds; ticks are on the timeline. `slide`: it glides into the next note of its track."""

    tick: int
    length_ticks: int
    track_id: str
    pitch: int
    velocity: int
    slide: bool


class ControlEvent(NamedTuple):
    """A parameter's new value at a tick of the timeline."""

    tick: int
    track_id: str
    owner: str
    parameter: str
    value: float


class Span(NamedTuple):
    """A stretch of the timeline, [start, end) in ticks."""

    start_ticks: int
    end_ticks: int


def events(project: ProjectState, playing: Sequence[Playing], span: Span) -> list[NoteEvent]:
    """Return the notes that start in the span, ordered by tick, track and pitch.

    A note belongs to the span by its written start; groove and micro-offset may move it over the edge, never before
    tick 0. It is cut where its clip stops playing; a note that rings past its clip's end overlaps the next pass.
    """
    tracks = {track.id: track for track in project.tracks}
    found: list[NoteEvent] = []
    for item in playing:
        start, end = max(span.start_ticks, item.start_ticks), min(span.end_ticks, item.end_ticks)
        if start < end and tracks[item.track_id].frozen is None:
            found += _of_clip(project, tracks[item.track_id], item, start, end)
    found.sort()
    return found


def _of_clip(project: ProjectState, track: Track, item: Playing, start: int, end: int) -> Iterator[NoteEvent]:
    length = item.clip.length_ticks
    origin = item.start_ticks - item.offset_ticks
    groove = in_force(project, track, item.clip)
    for number in range((start - origin) // length, (end - 1 - origin) // length + 1):
        base = origin + number * length
        for note in item.clip.notes.between(max(0, start - base), min(length, end - base)):
            checkpoint()
            if note.probability < 100 and _chance(project.seed, item.clip.id, number, note) >= note.probability:
                continue
            tick, velocity = base + note.start_ticks, note.velocity
            if groove:
                own = grooves.own_tick(groove.template, tick, project.meter_map)
                shift, factor = grooves.apply(groove.template, own, groove.timing, groove.velocity)
                tick, velocity = tick + shift, louder(velocity, factor)
            tick = max(0, tick + note.offset_ticks)
            yield from _hits(track.id, note, tick, velocity, item.end_ticks)


def _hits(track_id: str, note: Note, tick: int, velocity: int, stop: int) -> Iterator[NoteEvent]:
    """Yield the note's ratchets, equal in length, none past where the clip stops."""
    count = min(note.ratchet, note.length_ticks)
    for hit in range(count):
        begin = tick + note.length_ticks * hit // count
        end = min(tick + note.length_ticks * (hit + 1) // count, max(stop, begin + 1))
        if begin < stop:
            yield NoteEvent(begin, end - begin, track_id, note.pitch, velocity, note.slide and hit == count - 1)


def _chance(seed: int, clip_id: str, number: int, note: Note) -> float:
    """Return a number in 0–100 drawn for this note on this pass."""
    words = f"{seed}|{clip_id}|{number}|{note.start_ticks}|{note.pitch}".encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big") / 2**64 * 100


def controls(project: ProjectState, playing: Sequence[Playing], span: Span, along: bool = True) -> list[ControlEvent]:
    """Return the automation of the span as steps of a 64th note, and exact jumps, only where the value changes.

    A clip's envelopes loop with it; a track's run along the timeline and yield to the clip's. What one clip moves goes
    back to the track's own setting where a clip that does not move it follows.

    along   whether what plays is the arrangement: a scene does not follow the envelopes along that
    """
    found: list[ControlEvent] = []
    for track in project.tracks if along else ():
        for automation in track.automation:
            for start, end in _left_to(track.id, automation, playing, span):
                found += _steps(track.id, automation, start, end, 0, span.end_ticks + 1)
    for item in playing:
        start, end = max(span.start_ticks, item.start_ticks), min(span.end_ticks, item.end_ticks)
        for automation in item.clip.automation:
            origin = item.start_ticks - item.offset_ticks
            found += _steps(item.track_id, automation, start, end, origin, item.clip.length_ticks)
    found += _settled(project, playing, span)
    found.sort()
    return found


def _left_to(track_id: str, automation: Automation, playing: Sequence[Playing], span: Span) -> Iterator[Span]:
    """Yield where in the span an envelope along the song counts: where no clip of its track moves the same."""
    taken = sorted(
        (item.start_ticks, item.end_ticks)
        for item in playing
        if item.track_id == track_id and any(own.key == automation.key for own in item.clip.automation)
    )
    at = span.start_ticks
    for start, end in taken:
        if at < min(start, span.end_ticks):
            yield Span(at, min(start, span.end_ticks))
        at = max(at, end)
    if at < span.end_ticks:
        yield Span(at, span.end_ticks)


def is_along(project: ProjectState, playing: Sequence[Playing]) -> bool:
    """Return whether what plays is the arrangement, or there is none: then the timeline is that of the envelopes."""
    placed = {(track.id, one.start_ticks, one.clip) for track in project.tracks for one in track.placements}
    return not placed or all((item.track_id, item.start_ticks, item.clip.id) in placed for item in playing)


def _settled(project: ProjectState, playing: Sequence[Playing], span: Span) -> Iterator[ControlEvent]:
    """Yield the settings that come back in the span: at the start of a clip, of what only a clip before it moved."""
    moved: dict[str, set[tuple[str, str]]] = {}
    for item in sorted(playing, key=lambda item: item.start_ticks):
        own = {(automation.owner, automation.parameter) for automation in item.clip.automation}
        left = moved.get(item.track_id, set()) - own
        if left and span.start_ticks <= item.start_ticks < span.end_ticks:
            track = project.find_track(item.track_id)
            along = {(automation.owner, automation.parameter) for automation in track.automation}
            for owner, parameter in sorted(left - along):
                if (value := static(track, owner, parameter)) is not None:
                    yield ControlEvent(item.start_ticks, item.track_id, owner, parameter, value)
        if own or item.track_id in moved:
            moved[item.track_id] = own


def _steps(
    track_id: str, automation: Automation, start: int, end: int, origin: int, length: int
) -> Iterator[ControlEvent]:
    before: float | None = None
    for tick in _moments(automation, start, end, origin, length):
        checkpoint()
        value = automation.at((tick - origin) % length)
        if value != before:
            yield ControlEvent(max(tick, start), track_id, automation.owner, automation.parameter, value)
            before = value


def _moments(automation: Automation, start: int, end: int, origin: int, length: int) -> Iterable[int]:
    """Return where an envelope is looked at: on the grid, and exactly where a value that was held jumps."""
    first = start - (start - origin) % CONTROL_STEP_TICKS
    grid = range(first, end, CONTROL_STEP_TICKS)
    if start >= end or not (jumps := automation.jumps):
        return grid
    found = set(grid)
    for number in range((first - origin) // length, (end - 1 - origin) // length + 1):
        base = origin + number * length
        inside = jumps[bisect_left(jumps, first - base) : bisect_left(jumps, min(end - base, length))]
        found.update(base + tick for tick in inside)
    before = max(tick for tick in found if tick <= start)
    return sorted(tick for tick in found if tick >= before)
