"""Fade: out at the end or in at the beginning, of the whole or of parts.

In an arrangement it is an envelope along it, of the master's fader or of parts' own. A loop has no place along which an
envelope runs, so there it lies in the clips of the last scene (the first, for a fade in) and comes with every pass.
The amplitude falls or rises evenly: half of it, 6 dB, is in the middle.
"""

from collections.abc import Sequence
from functools import partial
from math import log10
from typing import Literal, NamedTuple

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.ramps import ramp
from hardcore.errors import UserError
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.clips import copy_clip, replace_clip
from hardcore.project.envelopes import Points
from hardcore.project.lanes import Lane
from hardcore.project.scene import Scene
from hardcore.project.scope import Stretch
from hardcore.project.scopededits import cut_out
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, scene_length, timeline
from hardcore.project.track import Track

Way = Literal["in", "out"]

SILENT_DB = -96.0
# between these shares of the way lines in decibels are as good as a line in amplitude
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
USUAL_BARS = 8


class Span(NamedTuple):
    """Where a fade lies, [start, end) in ticks, and over how many bars."""

    start: int
    end: int
    bars: int


def fade(project: ProjectState, way: Way, bars: int | None = None, tracks: Sequence[Track] | None = None) -> Outcome:
    """Return the project fading over `bars` (8, or half of what is shorter); a fade that is there is replaced.

    tracks   those that fade; None: the master, in a loop every part

    Raises UserError when nothing plays.
    """
    if project.arrangement:
        end = end_ticks(timeline(project))
        span = _span(project, way, end, bars)
        return _along(project, way, span, tracks or [project.master])
    scenes = [scene for scene in project.scenes if scene.slots]
    if not scenes:
        raise UserError("there is nothing that could fade")
    scene = scenes[-1] if way == "out" else scenes[0]
    span = _span(project, way, scene_length(project, scene), bars)
    chosen = tracks or [track for track in project.tracks if track.id in scene.slots]
    return _in_clips(project, way, span, scene, chosen)


def fade_over(project: ProjectState, way: Way, over: str, tracks: Sequence[Track]) -> Outcome:
    """Return the project with tracks rising from silence, or falling to it, over a stretch of the song.

    Around it nothing changes; clips that move the fader stop doing so there. Raises UserError without a song.
    """

    def ends(lane: Lane, held: float, rest: float) -> tuple[float, float]:
        return (SILENT_DB, held) if way == "in" else (held, SILENT_DB)

    return ramp(project, [track.id for track in tracks], "gain_db", over, ends, points=partial(_fade_points, way=way))


def _fade_points(lane: Lane, stretch: Stretch, values: tuple[float, float], way: Way) -> Points:
    """Return a fade over a stretch as points: its amplitude changes evenly."""
    level, size = values[1] if way == "in" else values[0], stretch.end_ticks - 1 - stretch.start_ticks
    made = {}
    for share in SHARES:
        loss_db = 20 * log10(1 - share) if share < 1 else SILENT_DB
        at = round((1 - share if way == "in" else share) * size)
        made[stretch.start_ticks + at] = round(max(level + loss_db, SILENT_DB), 2)
    return tuple(AutomationPoint(tick=tick, value=made[tick]) for tick in sorted(made))


def _span(project: ProjectState, way: Way, end: int, bars: int | None) -> Span:
    meter = project.meter_map
    total = max(meter.bar_of(end - 1) + 1, 1)
    wanted = min(USUAL_BARS, max(total // 2, 1)) if bars is None else bars
    if wanted > total:
        raise UserError(f"{wanted} bars are more than there are", f"1 to {total}")
    if way == "in":
        return Span(0, min(meter.bar_start(wanted), end), wanted)
    return Span(min(meter.bar_start(total - wanted), end - 1), end, wanted)


def _along(project: ProjectState, way: Way, span: Span, tracks: Sequence[Track]) -> Outcome:
    said, failed = [], []
    for track in tracks:
        if any(_overlaps(track, clip, span) for clip in track.clips):
            why = "its clips move the fader themselves there (automation clear takes that out)"
            failed.append(f"{track.name}: {why}")
            continue
        old = next((one for one in track.automation if _is_fader(one, track)), None)
        new = _faded(old, track, way, span)
        if old is not None and new.points == old.points:
            failed.append(f"{track.name} fades {way} over {span.bars} bars already")
            continue
        kept = tuple(one for one in track.automation if not _is_fader(one, track))
        project = project.with_track(track.id, partial(_moving, envelopes=(*kept, new)))
        first = project.meter_map.bar_of(span.start) + 1
        said.append(f"{track.name}: fades {way} over {span.bars} bars, {first} to {first + span.bars - 1}")
    return Outcome(project, tuple(said), tuple(failed))


def _moving(track: Track, envelopes: tuple[Automation, ...]) -> Track:
    return track.evolve(automation=envelopes)


def _is_fader(one: Automation, track: Track) -> bool:
    return (one.owner, one.parameter) == (track.id, "gain_db")


def _overlaps(track: Track, clip: Clip, span: Span) -> bool:
    """Return whether a clip that moves its track's fader itself plays in a span: it counts before the track's."""
    placed = (one for one in track.placements if one.clip == clip.id)
    plays = any(one.start_ticks < span.end and span.start < one.start_ticks + one.length_ticks for one in placed)
    return plays and any(_is_fader(one, track) for one in clip.automation)


def _in_clips(project: ProjectState, way: Way, span: Span, scene: Scene, tracks: Sequence[Track]) -> Outcome:
    said, failed = [], []
    for track in tracks:
        if track.id not in scene.slots:
            failed.append(f"{track.name} has no clip in {scene.name} (a song has an end to fade: /song)")
            continue
        made, clip = _own_clip(project, scene, track)
        old = next((one for one in clip.automation if _is_fader(one, track)), None)
        # a clip that does not fill the scene comes round in it: it fades in each round
        shift = max(span.end - clip.length_ticks, 0)
        new = _faded(old, track, way, span._replace(start=max(span.start - shift, 0), end=span.end - shift))
        if old is not None and new.points == old.points:
            failed.append(f"{track.name} fades {way} over {span.bars} bars already")
            continue
        kept = tuple(one for one in clip.automation if not _is_fader(one, track))
        project = replace_clip(made, clip.evolve(automation=(*kept, new)))
        said.append(f"{track.name}: fades {way} over {span.bars} bars of {scene.name}, at every pass")
    return Outcome(project, tuple(said), tuple(failed))


def _own_clip(project: ProjectState, scene: Scene, track: Track) -> tuple[ProjectState, Clip]:
    """Return the project with a clip in a scene's slot that fills the scene and is no other scene's, and that clip."""
    clip = track.clips[track.places[scene.slots[track.id]]]
    if any(row.slots.get(track.id) == clip.id for row in project.scenes if row.id != scene.id):
        project, clip_id = copy_clip(project, clip.id, track.id, scene.id)
        clip = project.find_clip(clip_id)[1]
    length = scene_length(project, scene)
    if clip.length_ticks < length and length % clip.length_ticks == 0:
        clip = cut_out(clip, clip.id, 0, Stretch(0, length))
        project = replace_clip(project, clip)
    return project, clip


def _faded(old: Automation | None, track: Track, way: Way, span: Span) -> Automation:
    """Return the envelope of a track's fader with a fade over a span in place of one that was there."""
    before = _without(old, way)
    rest = track.mixer.gain_db

    def level(tick: float) -> float:
        return before.at(tick) if before is not None else rest

    points = dict(_outside(before, way, span))
    for share in SHARES:
        way_on = round(share * (span.end - span.start))
        # the last tick that sounds is silent
        tick = min(span.start + way_on, span.end - 1) if way == "out" else span.end - way_on
        loss_db = 20 * log10(1 - share) if share < 1 else SILENT_DB
        points[tick] = round(max(level(tick) + loss_db, SILENT_DB), 2)
    ordered = tuple(AutomationPoint(tick=tick, value=points[tick]) for tick in sorted(points))
    return Automation(owner=track.id, parameter="gain_db", points=ordered)


def _outside(envelope: Automation | None, way: Way, span: Span) -> list[tuple[int, float]]:
    """Return the points of an envelope that a fade leaves: those before it, or behind it."""
    if envelope is None:
        return []
    kept = [point for point in envelope.points if (point.tick < span.start if way == "out" else point.tick >= span.end)]
    return [(point.tick, point.value) for point in kept]


def _without(envelope: Automation | None, way: Way) -> Automation | None:
    """Return an envelope without a fade at its end, or beginning: what falls to silence there, or rises from it."""
    if envelope is None:
        return None
    points = list(envelope.points if way == "out" else reversed(envelope.points))
    if points[-1].value > SILENT_DB:
        return envelope
    while len(points) > 1 and points[-2].value >= points[-1].value:
        points.pop()
    kept = points if way == "out" else points[::-1]
    return envelope.evolve(points=tuple(kept))
