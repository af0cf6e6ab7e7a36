"""Edits of mappings."""

from typing import Any

from hardcore.errors import NotFound, UserError
from hardcore.project.controlmap import MOST_MAPS, ControlMap
from hardcore.project.state import ProjectState

_CONTROLLER = ("message", "number", "port", "channel")


def find_map(project: ProjectState, reference: str) -> ControlMap:
    """Return the mapping with that id or number from 1. Raises NotFound."""
    wanted = reference.strip().casefold()
    for one in project.maps:
        if one.id == wanted:
            return one
    if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(project.maps):
        return project.maps[int(wanted) - 1]
    raise NotFound(f"no mapping '{reference}'", f"1 to {len(project.maps)}" if project.maps else "learn makes one")


def add(project: ProjectState, **settings: Any) -> ProjectState:
    """Return the project with a mapping behind the others, in place of what the same controller did.

    Raises UserError where there are too many.
    """
    project, map_id = project.taken("k")
    new = ControlMap(id=map_id, **settings)
    kept = [one for one in project.maps if _controller(one) != _controller(new)]
    if len(kept) >= MOST_MAPS:
        raise UserError(f"a project holds {MOST_MAPS:,} mappings at most", "map remove takes one away")
    return project.evolve(maps=(*kept, new))


def remove(project: ProjectState, map_id: str) -> ProjectState:
    """Return the project without a mapping."""
    return project.evolve(maps=tuple(one for one in project.maps if one.id != map_id))


def _controller(one: ControlMap) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _CONTROLLER)
