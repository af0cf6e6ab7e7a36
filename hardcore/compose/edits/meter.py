"""Meter: another one from the beginning or from a bar on. What stands in a bar stays in it.

Parts made from a prompt are made again, with the same chances, as bars of the new meter are grouped. Other clips are
taken bar by bar: each is cut at its end, or filled up with its own beginning. In an arrangement clips are shared, so a
change on the way leaves them and cuts their placements into bars instead.
"""

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.rebar import Bars, first_meter, rebarred
from hardcore.compose.vary import from_prompt, made_again
from hardcore.errors import UserError
from hardcore.music.meter import MeterMap
from hardcore.project.state import ProjectState


def set_meter(project: ProjectState, numerator: int, denominator: int, *, bare: bool = False) -> Outcome:
    """Return the project in another first meter; later changes keep their bars. Raises UserError.

    bare   the meter map alone is another one: clips, places and lengths stay in ticks
    """
    old = project.meter_map
    if (numerator, denominator) == (old.numerator, old.denominator):
        raise UserError(f"the meter is {old.text} already")
    new = old.with_meter(numerator, denominator)
    said = f"meter {old.text} → {new.text}"
    if bare:
        return Outcome(project.evolve(meter_map=new), (f"{said}; clips keep their notes and lengths",))
    own = Bars(first_meter(old), first_meter(new)) if project.arrangement else Bars(old, new)
    project = rebarred(project, Bars(old, new), own)
    made = sum(from_prompt(track, clip) for track, clip in project.clips())
    cut = sum(1 for _ in project.clips()) - made
    if made:
        project = made_again(project)
    how = [f"{made} clips made again"] if made else []
    how += [f"{cut} clips taken bar by bar"] if cut else []
    return Outcome(project, (f"{said}: {', '.join(how)}" if how else said,))


def set_meter_from(project: ProjectState, bar: int, numerator: int, denominator: int, *, bare: bool = False) -> Outcome:
    """Return the project in another meter from `bar` (from 1) to the next change. Raises UserError."""
    if bar == 1:
        return set_meter(project, numerator, denominator, bare=bare)
    old = project.meter_map
    there = old.at(old.bar_start(bar - 1))
    if (numerator, denominator) == (there.numerator, there.denominator):
        raise UserError(f"the meter in bar {bar} is {there.text} already")
    new = old.with_change(bar - 1, numerator, denominator)
    said = f"meter {there.text} → {numerator}/{denominator} from bar {bar}"
    return _on_the_way(project, new, said, bare=bare)


def remove_meter(project: ProjectState, bar: int) -> Outcome:
    """Return the project without the change of meter at `bar` (from 1). Raises UserError naming where there are any."""
    old = project.meter_map
    starts = [first + 1 for first in old.starts[1]]
    if bar == 1:
        raise UserError("the first meter stays", "another one replaces it: meter 3/4")
    if bar not in starts:
        there = ", ".join(map(str, starts[1:9]))
        raise UserError(f"no change of meter at bar {bar}", f"there are changes at bar {there}" if there else "none")
    place = starts.index(bar)
    before, gone = old.points[place - 1], old.points[place]
    new = old.with_change(bar - 1, before.numerator, before.denominator)
    new = new.evolve(points=tuple(point for point in new.points if point.tick != new.bar_start(bar - 1)))
    said = f"bar {bar}: {gone.text} → {before.text}"
    return _on_the_way(project, new, said, mended=True)


def places(meter_map: MeterMap) -> list[tuple[int, str]]:
    """Return the bar (from 1) in which each meter begins, and the meter as `7/8`."""
    named = [point.text for point in meter_map.points]
    return [(first + 1, text) for first, text in zip(meter_map.starts[1], named, strict=True)]


def _on_the_way(
    project: ProjectState, new: MeterMap, said: str, *, bare: bool = False, mended: bool = False
) -> Outcome:
    if bare:
        return Outcome(project.evolve(meter_map=new), (f"{said}; clips keep their notes and lengths",))
    bars = Bars(project.meter_map, new)
    if project.arrangement:
        before = len(project.arrangement)
        project = rebarred(project, bars, None, mended)
        return Outcome(project, (f"{said}: {before} → {len(project.arrangement)} placements, each in its bars",))
    old = {clip.id: clip for _, clip in project.clips()}
    project = rebarred(project, bars, bars)
    changed = sum(old[clip.id] != clip for _, clip in project.clips())
    return Outcome(project, (f"{said}: {changed} clips taken bar by bar",))
