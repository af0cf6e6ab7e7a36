"""Time of the song: bars put in, taken out and repeated, for all tracks alike; and markers."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row, counted
from hardcore.commands.core.types import BarNumber, Bars, CallName, SpacedCallName, Where
from hardcore.commands.timeline.blocks import place_tick
from hardcore.errors import UserError
from hardcore.project import markers, sections
from hardcore.project.scope import length_bars
from hardcore.project.state import ProjectState


def _markers(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(marker.name, project.meter_map.place(marker.tick)) for marker in project.markers)


MarkerRef = Annotated[str, Field(min_length=1, max_length=200), Kind("marker", "a marker's name or number", _markers)]


def _song(call: Call, bar: int) -> None:
    """Raise UserError unless there is a song that has that bar."""
    if not call.project.arrangement:
        raise UserError("there is no song yet: the piece is a loop", "/song makes one; /length changes a loop")
    if bar > length_bars(call.project):
        raise UserError(f"there is no bar {bar}", f"the song has {length_bars(call.project)}")


@command("time insert", "time insert 1 --bars 4", about={"bars": "how many empty bars"})
def time_insert(call: Call, bar: BarNumber, *, bars: Bars = 1) -> Done:
    """Put empty bars into the song before a bar; what plays there is parted, its section grows."""
    _song(call, bar)
    new = call.edit(lambda project: sections.insert_time(project, bar - 1, bars))
    return Done(message=f"{counted(bars, 'empty bar')} from bar {bar}; the song has {length_bars(new)}")


@command("time delete", "time delete 1 --bars 1", aliases=("time remove",), about={"bars": "how many bars go"})
def time_delete(call: Call, bar: BarNumber, *, bars: Bars = 1) -> Done:
    """Take bars out of the song, for all tracks; what comes after moves up, sections lose them."""
    _song(call, bar)
    total = length_bars(call.project)
    count = min(bars, total - bar + 1)
    if count == total:
        raise UserError("that would be all of the song", "arrangement clear makes a loop of it again")
    new = call.edit(lambda project: sections.delete_time(project, bar - 1, count))
    return Done(message=f"bars {bar} to {bar + count - 1} are gone; the song has {length_bars(new)}")


@command("time duplicate", "time duplicate 1 --bars 1", about={"bars": "how many bars are repeated"})
def time_duplicate(call: Call, bar: BarNumber, *, bars: Bars = 1) -> Done:
    """Repeat bars of the song right after them, for all tracks, with what moves; the section there grows."""
    _song(call, bar)

    def change(project: ProjectState) -> ProjectState:
        start, end = (project.meter_map.bar_start(at) for at in (bar - 1, bar - 1 + bars))
        taken = sections.lift(project, start, end)._replace(markers=())
        return sections.insert_time(project, bar - 1 + bars, bars, taken)

    new = call.edit(change)
    return Done(message=f"bars {bar} to {bar + bars - 1} twice; the song has {length_bars(new)}")


class MarkerRow(Row):
    """A marker: its place in the list from 1, and where it stands (bar.beat.sixteenth)."""

    number: int
    id: str
    name: str
    at: str
    tick: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.number, self.name, self.at)


class MarkerList(Listing[MarkerRow]):
    """The markers of the song."""

    headings = ("#", "marker", "at")


@command("marker list", "marker list", effects=(), aliases=("markers",))
def marker_list(call: Call) -> MarkerList:
    """List the markers of the song."""
    rows = tuple(
        MarkerRow(
            number=place,
            id=marker.id,
            name=marker.name,
            at=call.project.meter_map.place(marker.tick),
            tick=marker.tick,
        )
        for place, marker in enumerate(call.project.markers, 1)
    )
    return MarkerList(items=rows, empty="no markers yet: marker add NAME PLACE")


@command("marker add", "marker add solo 3.1.1", about={"name": 'what the place is called; "in quotes" with spaces'})
def marker_add(call: Call, name: CallName, at: Where) -> Done:
    """Name a place of the song; exported MIDI and WAV files carry the name, beside those of the sections."""
    tick = place_tick(call.project, at)
    call.edit(lambda project: markers.add(project, name, tick))
    return Done(message=f"{name} at {call.project.meter_map.place(tick)}")


@command("marker remove", "marker remove solo", aliases=("marker delete",))
def marker_remove(call: Call, marker: MarkerRef) -> Done:
    """Remove a marker."""
    found = markers.find_marker(call.project, marker)
    call.edit(lambda project: markers.remove(project, found))
    return Done(message=f"{found.name} is gone")


@command("marker rename", "marker rename solo bridge", about={"name": "what the marker is called from now on"})
def marker_rename(call: Call, marker: MarkerRef, name: SpacedCallName) -> Done:
    """Give a marker another name."""
    found = markers.find_marker(call.project, marker)
    call.edit(lambda project: markers.change(project, found, name=name))
    return Done(message=f"{found.name} is now {name}")


@command("marker move", "marker move solo 5")
def marker_move(call: Call, marker: MarkerRef, at: Where) -> Done:
    """Move a marker to another place."""
    found, tick = markers.find_marker(call.project, marker), place_tick(call.project, at)
    call.edit(lambda project: markers.change(project, found, tick=tick))
    return Done(message=f"{found.name} at {call.project.meter_map.place(tick)}")
