"""Edits of markers, and the marks that an exported file carries."""

from collections.abc import Iterable

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.section import Marker, starts
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name

MOST = 4096


def find_marker(project: ProjectState, reference: str) -> Marker:
    """Return the marker with that id, name or number from 1. Raises UserError naming the nearest."""
    wanted = reference.strip().casefold()
    for marker in project.markers:
        if wanted in (marker.id, marker.name.casefold()):
            return marker
    if wanted.isdecimal() and 1 <= int(wanted) <= len(project.markers):
        return project.markers[int(wanted) - 1]
    names = [marker.name for marker in project.markers]
    raise NotFound(f"no marker '{reference}'", nearest(wanted, names) if names else "marker add makes one")


def add(project: ProjectState, name: str, tick: int) -> ProjectState:
    """Return the project with a marker. Raises UserError when the name is another one's."""
    name = _free(project, name)
    project, marker_id = project.taken("m")
    return project.evolve(markers=(*project.markers, Marker(id=marker_id, name=name, tick=tick)))


def add_all(project: ProjectState, marks: Iterable[tuple[int, str]]) -> ProjectState:
    """Return the project with markers (tick, name) from a file; of a name that is another one's they get a number."""
    taken = {one.name.casefold() for one in project.markers}
    new = []
    for tick, name in marks:
        name, number = clean_name(name)[:70].rstrip(), 2
        free = name
        while free.casefold() in taken:
            free, number = f"{name} {number}", number + 1
        taken.add(free.casefold())
        project, marker_id = project.taken("m")
        new.append(Marker(id=marker_id, name=free, tick=tick))
    return project.evolve(markers=(*project.markers, *new[: MOST - len(project.markers)]))


def change(project: ProjectState, marker: Marker, *, name: str | None = None, tick: int | None = None) -> ProjectState:
    """Return the project with a marker renamed or moved. Raises UserError when the name is another one's."""
    new = marker.evolve(
        name=marker.name if name is None else _free(project, name, marker), tick=marker.tick if tick is None else tick
    )
    return project.evolve(markers=tuple(new if one.id == marker.id else one for one in project.markers))


def remove(project: ProjectState, marker: Marker) -> ProjectState:
    """Return the project without a marker."""
    return project.evolve(markers=tuple(one for one in project.markers if one.id != marker.id))


def _free(project: ProjectState, name: str, own: Marker | None = None) -> str:
    name = clean_name(name)
    if any(one.name.casefold() == name.casefold() and one != own for one in project.markers):
        raise UserError(f"there is already a marker named '{name}'", "marker move takes it elsewhere")
    return name


def marks(project: ProjectState, end_ticks: int) -> tuple[tuple[int, str], ...]:
    """Return what a file of the arrangement is marked with before its end: markers, and where sections begin."""
    found = [(marker.tick, marker.name) for marker in project.markers]
    if project.arrangement:
        bars = starts(project.sections)
        sections = zip(bars, project.sections, strict=False)
        found += [(project.meter_map.bar_start(bar), section.name) for bar, section in sections]
    return tuple(sorted({mark for mark in found if mark[0] < end_ticks}))
