"""Edits of a song's time: sections are added, removed, moved, copied and resized, and what plays goes with them.

Time is cut out and put in on bar lines: placements, envelopes along the song, tempo changes and markers move alike.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from hardcore.errors import Conflict, NotFound, UserError, nearest
from hardcore.music.tempo import TempoMap, TempoPoint
from hardcore.project import envelopes
from hardcore.project.blocks import within
from hardcore.project.clip import Automation
from hardcore.project.placement import Placement
from hardcore.project.placing import placements_around
from hardcore.project.scope import section_bars
from hardcore.project.section import MOST_BARS, Marker, Section, starts
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


class Stretch(NamedTuple):
    """What plays over a stretch of the song, its times from the start of the stretch: by track, and the markers."""

    length_ticks: int
    placements: dict[str, tuple[Placement, ...]]
    automation: dict[str, tuple[Automation, ...]]
    markers: tuple[Marker, ...] = ()


def with_sections(project: ProjectState) -> ProjectState:
    """Return the project with sections: those it has, else one for each stretch that plays a scene.

    Bars that belong to no scene are sections called `part`. Raises UserError where there is no arrangement, Conflict
    where a stretch is longer than a section may be.
    """
    if project.sections:
        return project
    if not project.arrangement:
        raise UserError("there is no song yet: the piece is a loop", "/song makes one")
    found: list[Section] = []
    end = 0
    total = project.meter_map.bar_of(max(p.start_ticks + p.length_ticks for p in project.arrangement) - 1) + 1
    for name, first, last in [*section_bars(project), ("", total + 1, total)]:
        if first - 1 > end:
            project, found = _appended(project, found, "part", first - 1 - end)
        if name and last > max(first - 1, end):
            project, found = _appended(project, found, name, last - max(first - 1, end))
        end = max(end, last)
    return project.evolve(sections=tuple(found))


def _appended(project: ProjectState, found: list[Section], name: str, bars: int) -> tuple[ProjectState, list[Section]]:
    if bars > MOST_BARS:
        raise Conflict(f"{bars} bars are more than a section may have ({MOST_BARS})", "section add parts the song")
    project, section_id = project.taken("f")
    return project, [*found, Section(id=section_id, name=name, kind=kind_of(name), bars=bars)]


def kind_of(name: str) -> str:
    """Return what a section is in the form, from its name: `drop 2` is a drop."""
    return name.casefold().rstrip("0123456789 ") or name


def find_section(project: ProjectState, reference: str) -> int:
    """Return the place of the section with that id, name or number from 1. Raises UserError naming the nearest."""
    wanted = reference.strip().casefold()
    for place, section in enumerate(project.sections):
        if wanted in (section.id, section.name.casefold()):
            return place
    if wanted.isdecimal() and 1 <= int(wanted) <= len(project.sections):
        return int(wanted) - 1
    name, _, number = wanted.rpartition(" ")
    alike = [place for place, section in enumerate(project.sections) if section.kind.casefold() == name]
    if number.isdecimal() and 1 <= int(number) <= len(alike):
        return alike[int(number) - 1]
    raise NotFound(f"no section '{reference}'", nearest(wanted, [section.name for section in project.sections]))


def ticks_of(project: ProjectState, place: int) -> tuple[int, int]:
    """Return where the section at a place in the list starts and ends."""
    bars = starts(project.sections)
    bar_start = project.meter_map.bar_start
    return bar_start(bars[place]), bar_start(bars[place + 1])


def rename(project: ProjectState, place: int, name: str) -> ProjectState:
    """Return the project with a section renamed. Raises UserError when another one has the name."""
    if any(one.name.casefold() == name.casefold() for at, one in enumerate(project.sections) if at != place):
        raise UserError(f"there is already a section named '{name}'")
    return _listed(project, place, project.sections[place].evolve(name=name, kind=kind_of(name)))


def set_energy(project: ProjectState, place: int, energy: float) -> ProjectState:
    """Return the project with the energy that a section is meant to have, 0–1."""
    return _listed(project, place, project.sections[place].evolve(energy=energy))


def remove(project: ProjectState, place: int) -> ProjectState:
    """Return the project without a section and without the time it takes. Raises UserError for the last."""
    if len(project.sections) == 1:
        raise UserError("that is the only section", "/arrangement clear makes a loop of it again")
    start, end = ticks_of(project, place)
    project = cut(project, start, end)
    return project.evolve(sections=(*project.sections[:place], *project.sections[place + 1 :]))


def move(project: ProjectState, place: int, to: int) -> ProjectState:
    """Return the project with a section at another place of the list, counted as it is after the move."""
    start, end = ticks_of(project, place)
    taken, section = lift(project, start, end), project.sections[place]
    left = (*project.sections[:place], *project.sections[place + 1 :])
    project = cut(project, start, end).evolve(sections=left)
    at = project.meter_map.bar_start(starts(left)[to])
    return insert(project, at, taken).evolve(sections=(*left[:to], section, *left[to:]))


def swap(project: ProjectState, one: int, other: int) -> ProjectState:
    """Return the project with two sections in each other's place of the list."""
    first, last = sorted((one, other))
    return move(move(project, last, first), first + 1, last)


def playing(project: ProjectState, place: int) -> tuple[Track, ...]:
    """Return the tracks that play in the section at a place of the list."""
    start, end = ticks_of(project, place)
    return tuple(
        track
        for track in project.tracks
        if any(one.start_ticks < end and one.end_ticks > start for one in track.placements)
    )


def copy(project: ProjectState, place: int, to: int, name: str | None = None) -> ProjectState:
    """Return the project with the section again, put before the section that is at place `to`. Raises UserError."""
    start, end = ticks_of(project, place)
    section = project.sections[place]
    taken = lift(project, start, end)._replace(markers=())
    project, section_id = project.taken("f")
    new = section.evolve(id=section_id, name=name or free_name(project.sections, section.kind))
    at = project.meter_map.bar_start(starts(project.sections)[to])
    sections = (*project.sections[:to], new, *project.sections[to:])
    return insert(project, at, taken).evolve(sections=sections)


def resize(project: ProjectState, place: int, bars: int) -> ProjectState:
    """Return the project with a section so many bars long: what plays at its end goes on, or is cut."""
    if bars < 1:
        raise UserError("a section has at least one bar")
    start, end = ticks_of(project, place)
    target = project.meter_map.bar_start(starts(project.sections)[place] + bars)
    if target < end:
        project = cut(project, target, end)
    elif target > end:
        size = end - start
        while end < target:
            # whole rounds of the section, then as much of one as is missing
            part = min(size, target - end)
            project = insert(project, end, lift(project, start, start + part)._replace(markers=()))
            end += part
        project = _joined(project)
    return _listed(project, place, project.sections[place].evolve(bars=bars))


def insert_time(project: ProjectState, bar: int, bars: int, filling: Stretch | None = None) -> ProjectState:
    """Return the project with bars put in before a bar (from 0), empty or filled; its section grows by them.

    On the edge of two sections the first one grows. Raises UserError.
    """
    at, start = project.meter_map.bar_start(bar + bars), project.meter_map.bar_start(bar)
    project = insert(project, start, filling or Stretch(at - start, {}, {}))
    edges = starts(project.sections)
    place = next((at for at, end in enumerate(edges[1:]) if bar <= end), None)
    if place is None:
        return project
    return _listed(project, place, project.sections[place].evolve(bars=project.sections[place].bars + bars))


def delete_time(project: ProjectState, bar: int, bars: int) -> ProjectState:
    """Return the project without bars from a bar on (from 0); sections lose them, and go when nothing is left."""
    bar_start = project.meter_map.bar_start
    edges = starts(project.sections)
    left = []
    for section, first, last in zip(project.sections, edges, edges[1:], strict=False):
        gone = max(0, min(last, bar + bars) - max(first, bar))
        if section.bars > gone:
            left.append(section.evolve(bars=section.bars - gone))
    return cut(project, bar_start(bar), bar_start(bar + bars)).evolve(sections=tuple(left))


def free_name(there: Iterable[Section], kind: str) -> str:
    """Return a name for another section of a kind beside those there are: `drop`, `drop 2` …"""
    used = {section.name.casefold() for section in there}
    numbered = (f"{kind} {number}" for number in range(2, 9999))
    return next(name for name in chain((kind,), numbered) if name.casefold() not in used)


def lift(project: ProjectState, start: int, end: int) -> Stretch:
    """Return what plays in [start, end) ticks."""
    placements = {}
    automation = {}
    for track in project.tracks:
        own = [within(one, start, end) for one in track.placements if one.start_ticks < end and one.end_ticks > start]
        placements[track.id] = tuple(own)
        automation[track.id] = tuple(one.evolve(points=envelopes.stretch(one, start, end)) for one in track.automation)
    markers = tuple(one.evolve(tick=one.tick - start) for one in project.markers if start <= one.tick < end)
    return Stretch(end - start, placements, automation, markers)


def cut(project: ProjectState, start: int, end: int) -> ProjectState:
    """Return the project without the time [start, end): what comes after moves up. Raises UserError."""
    _one_meter(project)
    size = end - start
    hole = Placement(clip="c1", start_ticks=start, length_ticks=size)

    def change(track: Track) -> Track:
        left = [part for one in track.placements for part in placements_around(one, hole)]
        moved = (one.evolve(start_ticks=one.start_ticks - size) if one.start_ticks >= end else one for one in left)
        moving = tuple(one.evolve(points=envelopes.without(one, start, end)) for one in track.automation)
        return track.evolve(placements=tuple(moved), automation=moving)

    markers = [one if one.tick < start else one.evolve(tick=one.tick - size) for one in project.markers
               if not start <= one.tick < end]  # fmt: skip
    tempo = project.tempo_map.evolve(points=_tempo_without(project, start, end))
    tracks = tuple(_if_changed(track, change(track)) for track in project.tracks)
    return project.evolve(tracks=tracks, markers=tuple(markers), tempo_map=tempo)


def _tempo_without(project: ProjectState, start: int, end: int) -> tuple[TempoPoint, ...]:
    tempo, size = project.tempo_map, end - start
    if all(point.tick < start for point in tempo.points[1:]):
        return tempo.points
    kept = {point.tick: point for point in tempo.points if point.tick < start}
    kept |= {point.tick - size: point.evolve(tick=point.tick - size) for point in tempo.points if point.tick >= end}
    # what goes on after the cut is reached in the ramp that leads into it
    into = TempoPoint(tick=start, bpm=tempo.at(end), ramp=tempo.ramp_over(start) is not None)
    kept[start] = into if start not in kept or kept[start].ramp else kept[start]
    return tuple(kept[tick] for tick in sorted(kept))


def insert(project: ProjectState, at: int, stretch: Stretch) -> ProjectState:
    """Return the project with time put in at a tick, filled with what a stretch plays. Raises UserError."""
    _one_meter(project)
    size = stretch.length_ticks

    def change(track: Track) -> Track:
        placed: list[Placement] = []
        for one in track.placements:
            if one.end_ticks <= at:
                placed.append(one)
            elif one.start_ticks >= at:
                placed.append(one.evolve(start_ticks=one.start_ticks + size))
            else:
                placed.append(one.evolve(length_ticks=at - one.start_ticks))
                rest = one.evolve(
                    start_ticks=at + size,
                    length_ticks=one.end_ticks - at,
                    offset_ticks=one.offset_ticks + at - one.start_ticks,
                )
                placed.append(rest)
        placed += [one.evolve(start_ticks=one.start_ticks + at) for one in stretch.placements.get(track.id, ())]
        new = {one.key: one.points for one in stretch.automation.get(track.id, ())}
        moved = tuple(
            one.evolve(points=envelopes.parted(one, at, size, new.get(one.key, ()))) for one in track.automation
        )
        return track.evolve(placements=tuple(placed), automation=moved)

    markers = [one if one.tick < at else one.evolve(tick=one.tick + size) for one in project.markers]
    markers += [one.evolve(tick=one.tick + at) for one in stretch.markers]
    tracks = tuple(_if_changed(track, change(track)) for track in project.tracks)
    tempo = project.tempo_map.evolve(points=_tempo_with(project.tempo_map, at, size))
    return project.evolve(tracks=tracks, markers=tuple(markers), tempo_map=tempo)


def _tempo_with(tempo: TempoMap, at: int, size: int) -> tuple[TempoPoint, ...]:
    """Return the points of a tempo map with time put in at a tick: a ramp stops there and goes on behind it."""
    places = ((p.tick if p.tick < at or not p.tick else p.tick + size, p) for p in tempo.points)
    kept = {tick: point.evolve(tick=tick) for tick, point in places}
    if tempo.ramp_over(at) is not None:
        kept[at] = TempoPoint(tick=at, bpm=tempo.at(at), ramp=True)
        kept[at + size] = TempoPoint(tick=at + size, bpm=tempo.at(at))
    elif at == 0 and len(tempo.points) > 1 and tempo.points[1].ramp:
        kept[size] = tempo.points[0].evolve(tick=size)
    return tuple(kept[tick] for tick in sorted(kept))


def _joined(project: ProjectState) -> ProjectState:
    """Return the project with placements that go on where another of the same clip ends joined to one."""
    return project.evolve(tracks=tuple(_if_changed(track, _joined_track(track, project)) for track in project.tracks))


def _joined_track(track: Track, project: ProjectState) -> Track:
    lengths = {clip.id: clip.length_ticks for clip in track.clips}
    found: list[Placement] = []
    for one in track.placements:
        last = found[-1] if found else None
        if last is not None and last.clip == one.clip and last.end_ticks == one.start_ticks:
            length = lengths[one.clip]
            if (last.offset_ticks + last.length_ticks - one.offset_ticks) % length == 0:
                found[-1] = last.evolve(length_ticks=last.length_ticks + one.length_ticks)
                continue
        found.append(one)
    return track.evolve(placements=tuple(found)) if len(found) != len(track.placements) else track


def _if_changed(old: Track, new: Track) -> Track:
    return old if old.placements == new.placements and old.automation == new.automation else new


def _one_meter(project: ProjectState) -> None:
    if len(project.meter_map.points) > 1:
        raise UserError("time can't be moved where the meter changes on the way", "/meter lists the changes")


def _listed(project: ProjectState, place: int, section: Section) -> ProjectState:
    sections: Sequence[Section] = project.sections
    return project.evolve(sections=(*sections[:place], section, *sections[place + 1 :]))
