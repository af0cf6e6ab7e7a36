"""Scopes: where in time an edit holds, as the option --in takes it: a section, `5-8`, `last4`, `every2`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from hardcore.errors import UserError, nearest
from hardcore.project.state import ProjectState

EXAMPLES = "a section such as drop, bars such as 5-8 or 5, first4, last4, even, odd, every4"
_BARS = re.compile(r"(?:bars? ?)?(\d{1,5})(?: ?[-–] ?(\d{1,5}))?")
_EDGE = re.compile(r"(first|last) ?(\d{1,4})")
_EVERY = re.compile(r"every ?(\d{1,3})")


class Stretch(NamedTuple):
    """A stretch of the timeline, [start, end) in ticks."""

    start_ticks: int
    end_ticks: int


class Scope(NamedTuple):
    """Where an edit holds: stretches in order, none over the next, what they are called, the section if it is one."""

    words: str
    stretches: tuple[Stretch, ...]
    section: str = ""

    def bars(self, project: ProjectState) -> tuple[int, int]:
        """Return the first and last bar of its one stretch, from 1. Raises UserError where it is several."""
        if len(self.stretches) != 1:
            raise UserError(f"'{self.words}' is several places", "one at a time, such as 9-16")
        bar_of, (start, end) = project.meter_map.bar_of, self.stretches[0]
        return bar_of(start) + 1, bar_of(end - 1) + 1


def find_scope(project: ProjectState, text: str) -> Scope:
    """Return the scope that a text names in the arrangement, or in the loop where there is none.

    A name means every section of that name, `drop 2` the second (or the one that is called so), `drop 2` and numbers
    count from 1. Several are joined by commas: `1-4,drop`. Raises UserError that names the nearest.
    """
    if "," in text:
        several = [find_scope(project, one) for one in text.split(",")]
        return Scope(text.strip(), _merged(one for scope in several for one in scope.stretches))
    wanted = text.strip().casefold()
    total = length_bars(project)
    rows = section_bars(project)
    named = [row for row in rows if row[0].casefold() == wanted]
    if not named and (match := re.fullmatch(r"(.+?) (\d{1,3})", wanted)):
        alike = [row for row in rows if _base(row[0]) == match[1]]
        named = alike[int(match[2]) - 1 : int(match[2])] if int(match[2]) else []
        if named and len(alike) > 1:  # one of several that may share a scene
            return _scope(project, text.strip(), [(first, last) for _, first, last in named])
    elif named and all(_base(row[0]) == wanted for row in named):
        # "drop" is every drop, those that are called "drop 2" too
        named = [row for row in rows if _base(row[0]) == wanted]
    if named:
        return _scope(project, text.strip(), [(first, last) for _, first, last in named], named[0][0])
    return _scope(project, text.strip(), _counted(wanted, total, [name for name, _, _ in rows]))


def _merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those that touch or lie over each other as one."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.start_ticks <= found[-1].end_ticks:
            found[-1] = Stretch(found[-1].start_ticks, max(found[-1].end_ticks, one.end_ticks))
        else:
            found.append(one)
    return tuple(found)


def _counted(wanted: str, total: int, names: list[str]) -> list[tuple[int, int]]:
    if match := _BARS.fullmatch(wanted):
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise UserError(f"bars {wanted} are none", "bars count from 1, such as 5-8")
        if first > total:
            raise UserError(f"there is no bar {first}", f"the piece has {total} bars")
        return [(first, min(last, total))]
    if match := _EDGE.fullmatch(wanted):
        count = min(int(match[2]), total)
        if not count:
            raise UserError(f"'{wanted}' are no bars", EXAMPLES)
        return [(1, count)] if match[1] == "first" else [(total - count + 1, total)]
    step = 2 if wanted in ("even", "odd") else int(match[1]) if (match := _EVERY.fullmatch(wanted)) else 0
    if step:
        found = [(bar, bar) for bar in range(1 if wanted == "odd" else step, total + 1, step)]
        if found:
            return found
        raise UserError(f"the piece has only {total} bars", EXAMPLES)
    raise UserError(f"'{wanted}' is no place in the piece", nearest(wanted, names) if names else EXAMPLES)


def _scope(project: ProjectState, words: str, bars: list[tuple[int, int]], section: str = "") -> Scope:
    start = project.meter_map.bar_start
    return Scope(words, tuple(Stretch(start(first - 1), start(last)) for first, last in bars), section)


def length_bars(project: ProjectState) -> int:
    """Return how many bars the piece has: of its arrangement, else of its longest clip."""
    placed = max((one.start_ticks + one.length_ticks for one in project.arrangement), default=0)
    ticks = placed or max((clip.length_ticks for _, clip in project.clips()), default=0)
    return project.meter_map.bar_of(max(ticks - 1, 0)) + 1


def section_bars(project: ProjectState) -> list[tuple[str, int, int]]:
    """Return the sections of the arrangement: name, first and last bar, from 1.

    Where a project has none, stretches in which all clips of one scene begin count as such.
    """
    rows, at = [], 1
    for one in getattr(project, "sections", ()):
        rows.append((one.name, at, at + one.bars - 1))
        at += one.bars
    return rows or _by_scene(project)


def _by_scene(project: ProjectState) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    begun: dict[int, dict[str, str]] = {}
    for placed in project.arrangement:
        begun.setdefault(placed.start_ticks, {})[placed.track] = placed.clip
    bar_of, starts = project.meter_map.bar_of, sorted(begun)
    for start, after in zip(starts, [*starts[1:], 0], strict=False):
        scene = next((row for row in project.scenes if row.slots and dict(row.slots) == begun[start]), None)
        if scene is not None:
            here = [one for one in project.arrangement if one.start_ticks == start]
            end = max(one.start_ticks + one.length_ticks for one in here)
            end = min(end, after) if after else end
            found.append((scene.name, bar_of(start) + 1, bar_of(max(end - 1, 0)) + 1))
    return found


def _base(name: str) -> str:
    return re.sub(r" \d+$", "", name.casefold())
