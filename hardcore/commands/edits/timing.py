"""Time: tempo and meter."""

from typing import Annotated

from pydantic import BaseModel

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind, number, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import (
    BarNumber,
    Meter,
    Tempo,
)
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

FromBar = Annotated[BarNumber, Kind("bar", "the bar from which on it holds, to the next change")]
RemoveFlag = Annotated[bool, Kind("", "take the change in --bar out")]
TempoStep = Annotated[
    float, text_as(lambda text: number(text, "(?:bpm)?")), Kind("bpm", "BPM more; below 0 less, such as -6")
]


class TempoAt(BaseModel):
    """A tempo and where it begins: its bar, from 1, and its place, `9` or `9.3.1` within the bar.

    ramp   it is reached there evenly from the tempo before; without it the tempo jumps
    """

    bar: int
    place: str
    bpm: float
    ramp: bool = False

    def text(self) -> str:
        """Return it as a line: `from bar 9: 140 bpm`."""
        return f"{'in a ramp to' if self.ramp else 'from'} bar {self.place}: {self.bpm:g} bpm"


class TempoView(Result):
    """The tempo map."""

    points: tuple[TempoAt, ...]

    def text(self) -> str:
        """Return the first tempo, and each change in a line of its own."""
        later = (f"  {point.text()}" for point in self.points[1:])
        return "\n".join([f"tempo {self.points[0].bpm:g} bpm", *later])


class MeterAt(BaseModel):
    """A meter, as `7/8`, and the bar it begins with, from 1."""

    bar: int
    meter: str


class MeterView(Result):
    """The meter map."""

    points: tuple[MeterAt, ...]

    def text(self) -> str:
        """Return the first meter, and each change in a line of its own."""
        later = (f"  from bar {point.bar}: {point.meter}" for point in self.points[1:])
        return "\n".join([f"meter {self.points[0].meter}", *later])


@command("tempo", "tempo 138", aliases=("bpm",))
def tempo(
    call: Call,
    bpm: Tempo | None = None,
    *,
    by: TempoStep | None = None,
    factor: Factor | None = None,
    bar: FromBar | None = None,
    ramp: Annotated[bool, Kind("", "reach it in --bar evenly, from the change of tempo before")] = False,
    over: Annotated[BarNumber, Kind("bars", "reach it in --bar in a ramp of so many bars")] | None = None,
    remove: RemoveFlag = False,
    bare: Annotated[bool, Kind("", "the tempo alone: delays and risers keep their seconds")] = False,
) -> TempoView | Done:
    """Say all tempos, or set one; what is set in beats (delays, risers, gated kicks) stays in time.

    Without --bar the whole piece: later changes go along by the same factor. With it the tempo holds from that bar to
    the next change; delays follow the first tempo. --by and --factor change the tempo that is there, from 20 to 400.
    With --ramp, or --over so many bars, the tempo gets there evenly, as much on every beat.
    """
    from hardcore.compose.edits import tempo as edits
    from hardcore.compose.edits.amount import asked

    if remove:
        if bar is None:
            raise UserError("say which change of tempo", "such as --bar 33")
        return carry_out(call, lambda project: edits.remove_tempo(project, bar))
    if bpm is None and by is None and factor is None:
        return TempoView(points=tempos(call.project))
    if (ramp or over is not None) and bar is None:
        raise UserError("say in which bar the ramp gets there", "such as --bar 33")
    ramp = ramp or over is not None
    return _set_tempo(call, asked(bpm, by, factor, "138, --by -6 or --factor 2"), bar, bare, ramp, over)


def _set_tempo(call: Call, amount: Amount, bar: int | None, bare: bool, ramp: bool, over: int | None) -> Done:
    """Set the tempo of the whole, or from a bar on, to what `amount` makes of the one there, within its range."""
    from hardcore.compose.edits import tempo as edits
    from hardcore.compose.edits.amount import clipped

    start = call.project.meter_map.bar_start((bar or 1) - 1)
    wanted, limit = clipped(round(amount.of(call.project.tempo_map.at(start)), 3), *edits.RANGE, unit=" bpm")

    def change(project: ProjectState) -> Outcome:
        if bar is None:
            return edits.set_tempo(project, wanted, bare=bare)
        if ramp:
            return edits.ramp_tempo(project, bar, wanted, over)
        return edits.set_tempo_from(project, bar, wanted, bare=bare)

    done = carry_out(call, change)
    return Done(message=done.message, details=(*done.details, limit)) if limit else done


def tempos(project: ProjectState) -> tuple[TempoAt, ...]:
    """Return every tempo and where it begins."""
    from hardcore.compose.edits.tempo import places

    return tuple(
        TempoAt(bar=int(place.partition(".")[0]), place=place, bpm=bpm, ramp=ramp)
        for place, bpm, ramp in places(project.tempo_map, project.meter_map)
    )


def meters(project: ProjectState) -> tuple[MeterAt, ...]:
    """Return every meter and the bar it begins with."""
    from hardcore.compose.edits.meter import places

    return tuple(MeterAt(bar=bar, meter=name) for bar, name in places(project.meter_map))


@command("meter", "meter 7/8")
def meter(
    call: Call,
    meter: Meter | None = None,
    *,
    bar: FromBar | None = None,
    remove: RemoveFlag = False,
    bare: Annotated[bool, Kind("", "the meter alone: clips and places stay in ticks")] = False,
) -> MeterView | Done:
    """Say all meters, or set one, from the beginning or from a bar on; what stands in a bar stays in it.

    Parts made from a prompt are made again in the new meter, with the chances they had. Other clips are taken bar by
    bar, each cut, or filled up with its own beginning. In an arrangement a change on the way leaves the clips and cuts
    their placements into bars.
    """
    from hardcore.compose.edits import meter as edits

    if remove:
        if bar is None:
            raise UserError("say which change of meter", "such as --bar 9")
        return carry_out(call, lambda project: edits.remove_meter(project, bar))
    if meter is None:
        return MeterView(points=meters(call.project))
    wanted = meter
    return carry_out(call, lambda project: edits.set_meter_from(project, bar or 1, *wanted, bare=bare))
