"""Blocks of the arrangement: where clips play on tracks, cut out, put in, split, trimmed and joined.

A stretch of some tracks is `Held`: what plays there, as placements from the start of the stretch.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project import envelopes, lyrics
from hardcore.project.clip import Automation, Clip
from hardcore.project.clips import ensure_notes
from hardcore.project.lyrics import Lyric
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.placement import Placement, between
from hardcore.project.placing import placements_around
from hardcore.project.scope import Stretch
from hardcore.project.scopededits import cut_out
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

SHORTEST = 120


class Held(NamedTuple):
    """What plays over a stretch, from its start: its length, and the placements by track."""

    length_ticks: int
    placements: Mapping[str, tuple[Placement, ...]]


def block_at(project: ProjectState, track: Track, tick: int) -> Placement:
    """Return what plays on a track at a tick. Raises UserError where nothing does, naming the nearest block."""
    found = between(track.placements, tick, tick + 1)
    if found:
        return found[0]
    if not track.placements:
        raise UserError(f"nothing is placed on {track.name}", "arrangement place puts a clip there")
    near = min(track.placements, key=lambda one: min(abs(one.start_ticks - tick), abs(one.end_ticks - tick)))
    where = project.meter_map.bar_of(near.start_ticks) + 1
    raise UserError(f"nothing plays on {track.name} there", f"the nearest block begins at bar {where}")


def blocks_at(project: ProjectState, tracks: Sequence[Track], tick: int) -> dict[str, Placement]:
    """Return the blocks that play on tracks at a tick, by track. Raises UserError where none does."""
    found = {track.id: playing[0] for track in tracks if (playing := between(track.placements, tick, tick + 1))}
    if not found:
        block_at(project, tracks[0], tick)
    return found


def within(one: Placement, start: int, end: int) -> Placement:
    """Return what of a placement lies in [start, end), from start."""
    first, last = max(one.start_ticks, start), min(one.end_ticks, end)
    offset = one.offset_ticks + first - one.start_ticks
    return one.evolve(start_ticks=first - start, length_ticks=last - first, offset_ticks=offset)


def held(project: ProjectState, tracks: Sequence[str], start: int, end: int) -> Held:
    """Return what plays on tracks in [start, end); scraps under a 64th note are left out."""
    found = {}
    for name in tracks:
        parts = (within(one, start, end) for one in between(project.find_track(name).placements, start, end))
        found[name] = tuple(part for part in parts if part.length_ticks >= SHORTEST)
    return Held(end - start, found)


def cut(project: ProjectState, tracks: Sequence[str], start: int, end: int) -> ProjectState:
    """Return the project with nothing playing on tracks in [start, end)."""
    return put(project, Held(end - start, dict.fromkeys(tracks, ())), start)


def put(project: ProjectState, what: Held, at: int) -> ProjectState:
    """Return the project with what was held playing from a tick on; it covers what was there."""
    hole = Placement(clip="c1", start_ticks=at, length_ticks=max(what.length_ticks, SHORTEST))

    def changed(track: Track) -> Track:
        left = [part for one in track.placements for part in placements_around(one, hole)]
        new = [one.evolve(start_ticks=one.start_ticks + at) for one in what.placements[track.id]]
        return track.evolve(placements=(*left, *new))

    for name in what.placements:
        project = project.with_track(name, changed)
    return project


def reshaped(project: ProjectState, track_id: str, old: Placement, new: Placement) -> ProjectState:
    """Return the project with a block in the place of another; it covers what it reaches over."""

    def changed(track: Track) -> Track:
        others = [one for one in track.placements if one != old]
        left = [part for one in others for part in placements_around(one, new)]
        return track.evolve(placements=(*left, new))

    return project.with_track(track_id, changed)


def split(project: ProjectState, track_id: str, tick: int) -> ProjectState:
    """Return the project with a block in two at a tick. Raises UserError where none can be split."""
    track = project.find_track(track_id)
    one = block_at(project, track, tick)
    if min(tick - one.start_ticks, one.end_ticks - tick) < SHORTEST:
        raise UserError(f"a block of {track.name} begins or ends there", "split it somewhere inside")
    parts = [within(one, one.start_ticks, tick), within(one, tick, one.end_ticks)]
    whole = [parts[0].evolve(start_ticks=one.start_ticks), parts[1].evolve(start_ticks=tick)]
    kept = [other for other in track.placements if other != one]
    return project.with_track(track_id, lambda track: track.evolve(placements=(*kept, *whole)))


def trim(project: ProjectState, track_id: str, one: Placement, start: int, end: int) -> ProjectState:
    """Return the project with a block from start to end: shorter, or longer, as its clip loops on. Raises UserError."""
    if end - start < SHORTEST:
        raise UserError("nothing of the block would be left", "arrangement remove takes it out")
    clip = project.find_clip(one.clip)[1]
    offset = (one.offset_ticks + start - one.start_ticks) % clip.length_ticks
    new = one.evolve(start_ticks=start, length_ticks=end - start, offset_ticks=offset)
    return reshaped(project, track_id, one, new)


def join(project: ProjectState, track_id: str, stretch: Stretch) -> ProjectState:
    """Return the project with the blocks of a track in a stretch as one; of several clips one new one is made.

    Gaps between them become rests. Raises UserError where there are not two.
    """
    track = project.find_track(track_id)
    there = between(track.placements, *stretch)
    if len(there) < 2:
        raise UserError(f"there are no two blocks of {track.name} to join there", "name the bars they are in: --bars 8")
    start, end = there[0].start_ticks, there[-1].end_ticks
    if _goes_on(project, there):
        new = there[0].evolve(length_ticks=end - start)
    else:
        project, clip_id = project.taken("c")
        clip = _joined(project, clip_id, there)
        project = project.with_track(track_id, lambda track: track.evolve(clips=(*track.clips, clip)))
        new = Placement(clip=clip_id, start_ticks=start, length_ticks=end - start)
    kept = [one for one in track.placements if one not in there]
    return project.with_track(track_id, lambda track: track.evolve(placements=(*kept, new)))


def _goes_on(project: ProjectState, there: Sequence[Placement]) -> bool:
    """Return whether each block goes on where the one before ends, in the same clip."""
    length = project.find_clip(there[0].clip)[1].length_ticks
    return all(
        a.clip == b.clip
        and a.end_ticks == b.start_ticks
        and (a.offset_ticks + a.length_ticks - b.offset_ticks) % length == 0
        for a, b in pairwise(there)
    )


def _joined(project: ProjectState, clip_id: str, there: Sequence[Placement]) -> Clip:
    start, end = there[0].start_ticks, there[-1].end_ticks
    notes: list[Note] = []
    words: list[Lyric] = []
    moving: dict[tuple[str, str], list[envelopes.Points]] = {}
    first = project.find_clip(there[0].clip)[1]
    ensure_notes(first)
    for one in there:
        whole = project.find_clip(one.clip)[1]
        part = cut_out(whole, clip_id, one.offset_ticks, Stretch(one.start_ticks, one.end_ticks))
        at = one.start_ticks - start
        for note in part.notes:
            room = part.length_ticks - note.start_ticks
            moved = note._replace(start_ticks=note.start_ticks + at, length_ticks=min(note.length_ticks, room))
            notes.append(moved)
        words += lyrics.shifted(part.lyrics, at)
        for envelope in part.automation:
            moving.setdefault(envelope.key, []).append(envelopes.shifted(envelope.points, at))
    made = tuple(
        Automation(owner=owner, parameter=parameter, points=envelopes.merged(*parts))
        for (owner, parameter), parts in moving.items()
    )
    block = NoteBlock.of(notes)
    return first.evolve(id=clip_id, length_ticks=end - start, notes=block, automation=made, lyrics=tuple(words))
