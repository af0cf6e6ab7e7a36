"""Automation: parameters that move along the song or in a clip, point by point, as ramps, copied and thinned."""

from collections.abc import Iterable, Iterator
from math import log10
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Value
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row, counted
from hardcore.commands.core.types import Parts, ScopeText, Share, Where
from hardcore.commands.timeline.blocks import place_tick
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project import automation, lanes
from hardcore.project.clip import AutomationPoint
from hardcore.project.lanes import Lane
from hardcore.project.midilanes import BEND, PRESSURE, midi_name
from hardcore.project.state import ProjectState
from hardcore.project.units import SAID, Quantity, in_unit_of

_NO_MOVE = "such as automation set bass cutoff 9.1.1 800"


def _places(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(track.name, "along the song") for track in project.tracks)
    for scene in project.scenes:
        yield from (Choice(f"{t.name}:{scene.name}", "in the clip") for t in project.tracks if t.id in scene.slots)


def _parameters(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    track = project.find_track(before[0].partition(":")[0])
    names = {effect.id: effect.device for effect in track.effects}
    yield from (Choice(known.id, known.help) for known in automation.FADER.values())
    yield from (Choice(f"send.{project.find_track(one.target).name}", "level of the send") for one in track.sends)

    if track.kind == "midi":
        yield from (Choice(midi_name(name), "as a MIDI file has it") for name in (BEND, PRESSURE))
    if track.instrument is not None:
        yield from (Choice(known.id, known.help) for known in track.instrument.definition.shown)
    for effect in track.effects:
        shown = effect.definition.shown
        yield from (Choice(f"{names[effect.id]}.{known.id}", known.help) for known in shown)


LanePlace = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind("where", "a track, along the song; or a clip, such as bass:A", _places, formerly="clip"),
]
LaneParameter = Annotated[
    str,
    Field(min_length=1, max_length=200),
    Kind("parameter", "cutoff, gain_db, pan, midi.bend, delay.mix, send.reverb, or what it is called", _parameters),
]
EffectPlace = Annotated[str | int, Kind("effect", "the effect that has it, by place or name")]
ShapeName = Annotated[
    Literal["linear", "step", "curve"], Kind("shape", "how it goes on: linear, step (held) or curve (--bend)")
]
Bend = Annotated[float, Field(ge=-1, le=1), Kind("bend", "of a curve: 0.5 slow first, -0.5 fast first, 0 straight")]


def _lane(project: ProjectState, where: str, parameter: str, effect: str | int | None = None) -> Lane:
    from hardcore.compose.edits.lanes import find_lane

    return find_lane(project, where, parameter, None if effect is None else str(effect))


def _value(project: ProjectState, lane: Lane, said: Quantity) -> float:
    if lane.parameter.unit == "db" and said.unit == "percent":
        # half of a level is 6 dB down
        return max(lane.parameter.low, round(20 * log10(said.value / 100), 2)) if said.value > 0 else lane.parameter.low
    return in_unit_of(lane.parameter, said, project.tempo_map.bpm)


def _figure(lane: Lane, value: float) -> str:
    return f"{value:g} {SAID.get(lane.parameter.unit, lane.parameter.unit)}".rstrip()


class PointRow(Row):
    """A point of an envelope: where (bar.beat.sixteenth), its value, and how it goes on to the next."""

    at: str
    tick: int
    value: float
    shape: str
    bend: float | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.at, self.value, self.shape, self.bend)


class PointList(Listing[PointRow]):
    """The points of one envelope."""

    headings = ("at", "value", "then", "bend")


class EnvelopeRow(Row):
    """A parameter that moves along the song, or in a clip, with its points.

    track, clip   ids; without a clip it moves along the song
    owner         the id of the track or effect whose parameter it is, or of the return that a send goes to
    """

    track: str
    track_name: str
    clip: str | None
    clip_name: str | None
    owner: str
    parameter: str
    points: tuple[PointRow, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        values = " ".join(f"{point.value:g}" for point in self.points[:8])
        place = self.clip_name if self.clip is not None else "the song"
        return (self.track_name, place, self.parameter, self.points[0].at, self.points[-1].at, values)


class EnvelopeList(Listing[EnvelopeRow]):
    """The parameters that move."""

    headings = ("track", "in", "parameter", "from", "to", "values")


@command("automation list", "automation list", effects=(), aliases=("automation",))
def automation_list(
    call: Call, where: LanePlace | None = None, parameter: LaneParameter | None = None
) -> EnvelopeList | PointList:
    """List the parameters that move, in clips and along the song; of one parameter its points."""
    project = call.project
    if where is not None and parameter is not None:
        lane = _lane(project, where, parameter)
        return PointList(items=tuple(_points(project, lanes.existing(project, lane).points)))
    chosen = None if where is None else project.find_track(where.partition(":")[0]).id
    rows = tuple(
        EnvelopeRow(
            track=track.id,
            track_name=track.name,
            clip=clip.id if clip is not None else None,
            clip_name=clip.name if clip is not None else None,
            owner=envelope.owner,
            parameter=automation.name_of(project, track, envelope),
            points=tuple(_points(project, envelope.points)),
        )
        for track, clip, envelope in automation.listed(project)
        if chosen in (None, track.id)
    )
    return EnvelopeList(items=rows, empty="nothing moves yet")


def _points(project: ProjectState, points: Iterable[AutomationPoint]) -> Iterator[PointRow]:
    for point in points:
        bend = point.bend if point.shape == "curve" else None
        at = project.meter_map.place(point.tick)
        yield PointRow(at=at, tick=point.tick, value=point.value, shape=point.shape, bend=bend)


@command("automation add", "automation add bass:A cutoff 1.1.1 300", aliases=("automate",))
def automation_add(
    call: Call,
    where: LanePlace,
    parameter: LaneParameter,
    at: Where,
    value: Value,
    *,
    effect: EffectPlace | None = None,
    shape: ShapeName = "linear",
    bend: Bend = 0.0,
) -> Done:
    """Set a point of an envelope, along the song (a track) or in a clip; one at its place is replaced.

    A parameter of the instrument, an effect (`delay.mix`), a send (`send.reverb`), or `gain_db` and `pan`: of parts,
    returns, groups and the master. Between points it goes straight, --shape step holds, a curve bends. A clip's
    envelopes loop with it, and count before those along the song.
    """
    lane = _lane(call.project, where, parameter, effect)
    tick, number = place_tick(call.project, at), _value(call.project, lane, value)
    point = AutomationPoint(tick=tick, value=number, shape=shape, bend=bend if shape == "curve" else 0.0)
    call.edit(lambda project: lanes.put(project, lane, point))
    return Done(message=f"{lane.name} is {_figure(lane, number)} at {call.project.meter_map.place(tick)}")


@command("automation set", "automation set bass:A cutoff 1.1.1 --shape step")
def automation_set(
    call: Call,
    where: LanePlace,
    parameter: LaneParameter,
    at: Where,
    value: Value | None = None,
    *,
    shape: ShapeName | None = None,
    bend: Bend | None = None,
) -> Done:
    """Change a point: its value, or how it goes on to the next one (--shape, --bend)."""
    if value is None and shape is None and bend is None:
        raise UserError("nothing to set", _NO_MOVE)
    lane = _lane(call.project, where, parameter)
    point = lanes.at(call.project, lane, place_tick(call.project, at))
    number = point.value if value is None else _value(call.project, lane, value)
    way = shape or ("curve" if bend else point.shape)
    new = point.evolve(value=number, shape=way, bend=(point.bend if bend is None else bend) if way == "curve" else 0.0)
    call.edit(lambda project: lanes.put(project, lane, new))
    how = f", then {way}" if shape or bend is not None else ""
    return Done(message=f"{lane.name} is {_figure(lane, number)} at {call.project.meter_map.place(point.tick)}{how}")


@command("automation move", "automation move bass:A cutoff 1.1.1 1.2.1 --value 900")
def automation_move(
    call: Call, where: LanePlace, parameter: LaneParameter, at: Where, to: Where, *, value: Value | None = None
) -> Done:
    """Move a point to another place, and to another value (--value)."""
    lane = _lane(call.project, where, parameter)
    point, tick = lanes.at(call.project, lane, place_tick(call.project, at)), place_tick(call.project, to)
    number = point.value if value is None else _value(call.project, lane, value)
    call.edit(lambda project: lanes.move(project, lane, point, tick, number))
    places = f"{call.project.meter_map.place(point.tick)} → {call.project.meter_map.place(tick)}"
    return Done(message=f"{lane.name}: {places}, {_figure(lane, number)}")


@command("automation remove", "automation remove bass:A cutoff 1.1.1")
def automation_remove(call: Call, where: LanePlace, parameter: LaneParameter, at: Where) -> Done:
    """Remove a point; with the last one the envelope goes."""
    lane = _lane(call.project, where, parameter)
    point = lanes.at(call.project, lane, place_tick(call.project, at))
    call.edit(lambda project: lanes.remove(project, lane, point))
    return Done(message=f"{lane.name}: no point at {call.project.meter_map.place(point.tick)}")


@command("automation clear", "automation clear bass:A cutoff")
def automation_clear(call: Call, where: LanePlace, parameter: LaneParameter, *, over: ScopeText | None = None) -> Done:
    """Take a parameter's envelope out of the song or a clip; --over only there, where it is as it is set."""
    from hardcore.compose.edits.lanes import stretches

    lane = _lane(call.project, where, parameter)
    there = stretches(call.project, lane, over) if over else ()
    call.edit(lambda project: lanes.clear(project, lane, there))
    return Done(message=f"{lane.name} no longer moves" + (f" in {over}" if over else ""))


@command("automation copy", "automation copy bass:A cutoff 1.3.1 --over 1")
def automation_copy(
    call: Call,
    where: LanePlace,
    parameter: LaneParameter,
    at: Where,
    *,
    over: ScopeText | None = None,
    to: LanePlace | None = None,
    to_parameter: LaneParameter | None = None,
) -> Done:
    """Do again from a place on what a parameter does --over a stretch; --to another track or clip."""
    from hardcore.compose.edits.lanes import stretches

    lane = _lane(call.project, where, parameter)
    other = _lane(call.project, to or where, to_parameter or parameter)
    stretch, tick = stretches(call.project, lane, over)[0], place_tick(call.project, at)
    call.edit(lambda project: lanes.copy(project, lane, stretch, other, tick))
    return Done(
        message=f"{other.name} at {call.project.meter_map.place(tick)}: as {lane.name} in {over or 'all of it'}"
    )


@command(
    "automation thin",
    "automation thin bass:A cutoff --within 2",
    about={"within": "how far an envelope may be from the old one, 0 to 100 % of its range"},
)
def automation_thin(call: Call, where: LanePlace, parameter: LaneParameter, *, within: Share = 1.0) -> Done:
    """Leave out points that change an envelope by less than --within per cent of the parameter's range."""
    lane = _lane(call.project, where, parameter)
    before = len(lanes.existing(call.project, lane).points)
    new = call.edit(lambda project: lanes.thin(project, lane, within / 100))
    left = len(lanes.existing(new, lane).points)
    return Done(message=f"{lane.name}: {counted(before, 'point')} → {left}")


@command("automation ramp", "automation ramp bass:A cutoff 4000 --start 300 --over 1")
def automation_ramp(
    call: Call,
    where: LanePlace,
    parameter: LaneParameter,
    value: Value,
    *,
    start: Value | None = None,
    over: ScopeText | None = None,
    shape: ShapeName = "linear",
    bend: Bend = 0.0,
) -> Done:
    """Move a parameter evenly to a value, from where it is or from --start, --over a section, bars or all of it.

    Of several tracks too (`bass,lead`). Around the stretch nothing changes; clips that move it themselves stop doing so
    there. Frequencies and times go in even ratios, as one hears them. The name of an effect means how much of it is
    heard: its mix, the send to it, of a return its fader.
    """
    from hardcore.compose.edits.ramps import How, ramp

    def ends(lane: Lane, held: float, rest: float) -> tuple[float, float]:
        first = held if start is None else _value(call.project, lane, start)
        return first, _value(call.project, lane, value)

    def edit(project: ProjectState) -> Outcome:
        return ramp(project, _several(project, where), parameter, over, ends, How(shape, bend))

    return carry_out(call, edit)


def _several(project: ProjectState, where: str) -> list[str]:
    """Return the tracks or the clip that a text names, one by one."""
    try:
        return [track.id for track in project.find_tracks(where)]
    except UserError:
        return [where]


@command("filter sweep", "filter sweep bass open --over 1")
def filter_sweep(
    call: Call,
    tracks: Parts,
    way: Annotated[Literal["open", "close"], Kind("open|close", "up to where it is set, or down from there")],
    *,
    over: ScopeText | None = None,
) -> Done:
    """Let the low-pass of parts open or close --over a section, bars, or all of it.

    It opens from three octaves below to where it is set, or closes as far; parts whose sound has none stay as they are.
    Clips that move it themselves stop doing so there.
    """
    from hardcore.compose.edits.ramps import sweep

    return carry_out(call, lambda project: sweep(project, project.find_tracks(tracks, members=True), way, over))
