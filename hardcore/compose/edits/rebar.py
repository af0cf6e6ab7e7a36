"""Rebar: clips, arrangement, envelopes and maps of a project whose bars become longer or shorter.

Bar 5 stays bar 5: what stands in a bar moves with its beginning, and what no longer fits into it is gone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from hardcore.music.meter import MeterMap
from hardcore.project.clip import Automation, Clip
from hardcore.project.clips import block
from hardcore.project.notes import Note
from hardcore.project.placement import Placement
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_SHORTEST_TICKS = 120


class Bars(NamedTuple):
    """The bars of one meter map as those of another: bar 5 is bar 5, and keeps what fits into it."""

    old: MeterMap
    new: MeterMap

    def edge(self, tick: int) -> int:
        """Return where `tick` is now; at the end of its bar where that has become too short for it."""
        bar = self.old.bar_of(tick)
        return min(self.new.bar_start(bar) + tick - self.old.bar_start(bar), self.new.bar_start(bar + 1))

    def fits(self, tick: int) -> bool:
        """Return whether `tick` still lies in its bar."""
        return self.edge(tick) < self.new.bar_start(self.old.bar_of(tick) + 1)


def first_meter(meter_map: MeterMap) -> MeterMap:
    """Return a map of the first meter alone: the bars of a clip, which count from its own start."""
    return meter_map.evolve(points=meter_map.points[:1])


def rebarred(project: ProjectState, bars: Bars, own: Bars | None, mended: bool = False) -> ProjectState:
    """Return the project in the new meter map; `own` are the bars within clips, None: the clips stay as they are.

    mended   placements that were cut bar by bar are one again, where the bars are as they were before
    """
    tempo = project.tempo_map
    points = {bars.edge(point.tick): point.evolve(tick=bars.edge(point.tick)) for point in tempo.points}
    return project.evolve(
        meter_map=bars.new,
        tempo_map=tempo.evolve(points=tuple(points[tick] for tick in sorted(points))),
        tracks=tuple(_track(track, bars, own, mended) for track in project.tracks),
    )


def _track(track: Track, bars: Bars, own: Bars | None, mended: bool) -> Track:
    clips = track.clips if own is None else tuple(rebarred_clip(clip, own) for clip in track.clips)
    envelopes = tuple(_envelope(one, bars) for one in track.automation)
    sizes = {old.id: (old.length_ticks, new.length_ticks) for old, new in zip(track.clips, clips, strict=True)}
    placed = [
        piece for one in track.placements for piece in _joined([*_pieces(one, bars, own, *sizes[one.clip])], sizes)
    ]
    if mended:
        placed = _joined(placed, sizes, lambda one: _changed(one, bars))
    moved = {"clips": clips, "automation": envelopes, "placements": tuple(placed)}
    new = {name: value for name, value in moved.items() if value != getattr(track, name)}
    return track.evolve(**new) if new else track


def _changed(one: Placement, bars: Bars) -> bool:
    """Return whether a placement begins in a bar that is longer or shorter than it was."""
    old = bars.old.bar_start(bars.new.bar_of(one.start_ticks))
    return bars.old.bar_ticks(old) != bars.new.bar_ticks(one.start_ticks)


def rebarred_clip(clip: Clip, bars: Bars) -> Clip:
    """Return a clip bar by bar in another meter; its bars count from its own start."""
    length = max(bars.edge(clip.length_ticks), _SHORTEST_TICKS)
    if length == clip.length_ticks and bars.old == bars.new:
        return clip
    kept = [
        note._replace(
            start_ticks=bars.edge(note.start_ticks),
            length_ticks=max(bars.edge(note.end_ticks) - bars.edge(note.start_ticks), 1),
        )
        for note in clip.notes
        if bars.fits(note.start_ticks)
    ]
    notes = block([*kept, *_filling(clip, bars, kept)])
    words = tuple(one.evolve(tick=bars.edge(one.tick)) for one in clip.lyrics if bars.fits(one.tick))
    envelopes = tuple(_envelope(one, bars) for one in clip.automation)
    return clip.evolve(length_ticks=length, notes=notes, automation=envelopes, lyrics=words)


def _filling(clip: Clip, bars: Bars, kept: list[Note]) -> Iterator[Note]:
    """Yield the beginnings of bars again where the bars have become longer; what still sounds there is not repeated."""
    for bar in range(bars.old.bar_of(max(clip.length_ticks - 1, 0)) + 1):
        old, new = bars.old.bar_start(bar), bars.new.bar_start(bar)
        size, room = bars.old.bar_start(bar + 1) - old, bars.new.bar_start(bar + 1) - new
        for note in clip.notes.between(old, old + max(room - size, 0)):
            start = new + size + note.start_ticks - old
            sounding = any(one.pitch == note.pitch and one.start_ticks < start < one.end_ticks for one in kept)
            if start < new + room and not sounding:
                yield note._replace(start_ticks=start, length_ticks=min(note.length_ticks, new + room - start))


def _envelope(envelope: Automation, bars: Bars) -> Automation:
    points = {bars.edge(point.tick): point.evolve(tick=bars.edge(point.tick)) for point in envelope.points}
    return envelope.evolve(points=tuple(points[tick] for tick in sorted(points)))


def _pieces(one: Placement, bars: Bars, own: Bars | None, before: int, now: int) -> Iterator[Placement]:
    """Yield a placement bar by bar, each piece where its bar is now and as far into the clip as it was.

    before, now   the length of its clip, ticks
    """
    first, last = bars.old.bar_of(one.start_ticks), bars.old.bar_of(one.end_ticks - 1)
    inner = (bars.old.bar_start(bar) for bar in range(first + 1, last + 1))
    for start, stop in pairwise((one.start_ticks, *inner, one.end_ticks)):
        length = bars.edge(stop) - bars.edge(start)
        offset = (one.offset_ticks + start - one.start_ticks) % before
        if own is not None:
            offset = own.edge(offset) % now
        if length >= _SHORTEST_TICKS:
            yield one.evolve(start_ticks=bars.edge(start), length_ticks=length, offset_ticks=offset)


def _joined(
    pieces: Iterable[Placement],
    sizes: Mapping[str, tuple[int, int]],
    may: Callable[[Placement], bool] = lambda one: True,
) -> list[Placement]:
    """Return placements with those in one that go on where the one before ends, in the clip too."""
    found: list[Placement] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.clip, last.end_ticks) == (piece.clip, piece.start_ticks)
            and (last.offset_ticks + last.length_ticks - piece.offset_ticks) % sizes[piece.clip][1] == 0
            and may(piece)
        ):
            found[-1] = last.evolve(length_ticks=last.length_ticks + piece.length_ticks)
        else:
            found.append(piece)
    return found
