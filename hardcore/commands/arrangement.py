"""The arrangement (clips on a timeline) and automation (parameters that move)."""

from hardcore.commands import arrangementchart
from hardcore.commands.call import Call
from hardcore.commands.note import shown_place, tick_of
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Listing, Result, Row
from hardcore.commands.types import Bars, ClipRef, Count, NewName, Number, SceneRef, Where
from hardcore.errors import UserError
from hardcore.project import automation, placing
from hardcore.project.timeline import bars_of, scene_length, timeline


class PlacementRow(Row):
    """A clip in the arrangement: from where it plays (bar.beat.sixteenth), how long, and how far into itself it begins.

    `track` and `clip` are ids.
    """

    at: str
    start_ticks: int
    track: str
    track_name: str
    clip: str
    clip_name: str
    bars: float
    length_ticks: int
    offset_ticks: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.at, self.track_name, self.clip_name, self.bars)


class PlacementList(Listing[PlacementRow]):
    """What the arrangement plays."""

    headings = ("at", "track", "clip", "bars")


@command("arrangement list", "arrangement list", effects=(), aliases=("arrangement",))
def arrangement_list(call: Call) -> PlacementList:
    """List what the arrangement plays; while it is empty, scenes are played in order."""
    project = call.project
    names = {clip.id: clip.name for _, clip in project.clips()} | {track.id: track.name for track in project.tracks}
    rows = tuple(
        PlacementRow(
            at=shown_place(project, p.start_ticks),
            track_name=names[p.track],
            clip_name=names[p.clip],
            bars=p.length_ticks / project.meter_map.bar_ticks(),
            **p._asdict(),
        )
        for p in project.arrangement
    )
    return PlacementList(items=rows, empty="the arrangement is empty")


class ArrangementView(Result):
    """How many bars play, and what plays when, drawn."""

    bars: int
    drawing: str

    def text(self) -> str:
        """Return the drawing."""
        return self.drawing


@command("arrangement show", "arrangement show", effects=())
def arrangement_show(call: Call) -> ArrangementView:
    """Draw what plays when, a line a track: `#` its first clip, `=` `+` `%` others, `.` none.

    While the arrangement is empty it is every scene in order, as a render plays them.
    """
    playing = timeline(call.project)
    if not playing:
        raise UserError("nothing plays yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    return ArrangementView(bars=bars_of(call.project, playing), drawing=arrangementchart.draw(call.project, playing))


@command("arrangement place", "arrangement place bass:A 1 --bars 8", aliases=("place",))
def arrangement_place(call: Call, clip: ClipRef, bar: Bars, *, bars: Bars | None = None) -> Done:
    """Put a clip at a bar of the arrangement, looping for --bars; it covers what its track had there."""
    track, found = call.project.find_clip(clip)
    start = call.project.meter_map.bar_start(bar - 1)
    length = call.project.meter_map.bar_start(bar - 1 + bars) - start if bars else None
    call.edit(lambda project: placing.place(project, found.id, start, length))
    return Done(message=f"{found.name} plays at bar {bar} on {track.name}")


@command("arrangement scene", "arrangement scene A 1 --bars 8")
def arrangement_scene(call: Call, scene: SceneRef, bar: Bars, *, bars: Bars | None = None) -> Done:
    """Put all clips of a scene at a bar of the arrangement."""
    row = call.project.find_scene(scene)
    start = call.project.meter_map.bar_start(bar - 1)
    length = call.project.meter_map.bar_start(bar - 1 + bars) - start if bars else scene_length(call.project, row)
    call.edit(lambda project: placing.place_scene(project, row.id, start, length))
    return Done(message=f"scene {row.name} plays at bar {bar}")


@command("arrangement clear", "arrangement clear")
def arrangement_clear(call: Call) -> Done:
    """Empty the arrangement; clips and scenes stay."""
    call.edit(placing.clear)
    return Done(message="the arrangement is empty; scenes play in order")


class Point(Row):
    """A value of an envelope, and where."""

    tick: int
    value: float


class EnvelopeRow(Row):
    """A parameter that moves: in which clip or along the track, of what, and its points.

    owner   the id of the track or effect whose parameter it is
    """

    track: str
    track_name: str
    where: str
    owner: str
    owner_name: str
    parameter: str
    points: tuple[Point, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        values = " ".join(f"{point.value:g}" for point in self.points[:8])
        return (self.track_name, self.where, self.owner_name, self.parameter, values)


class EnvelopeList(Listing[EnvelopeRow]):
    """The parameters that move."""

    headings = ("track", "in", "of", "parameter", "values")


@command("automation list", "automation list", effects=(), aliases=("automation",))
def automation_list(call: Call) -> EnvelopeList:
    """List the parameters that move in clips and along tracks."""
    rows = tuple(
        EnvelopeRow(
            track=track.id,
            track_name=track.name,
            where=where,
            owner=envelope.owner,
            owner_name=owner,
            parameter=envelope.parameter,
            points=tuple(Point(tick=point.tick, value=point.value) for point in envelope.points),
        )
        for track, where, owner, envelope in automation.listed(call.project)
    )
    return EnvelopeList(items=rows, empty="nothing moves yet")


@command("automation add", "automation add bass:A cutoff 1.1.1 300", aliases=("automate",))
def automation_add(
    call: Call, clip: ClipRef, parameter: NewName, at: Where, value: Number, *, effect: Count | None = None
) -> Done:
    """Set a point of a clip's envelope: an instrument's parameter, gain_db, pan, or one of --effect PLACE.

    Values run in straight lines between points and loop with the clip.
    """
    track, found = call.project.find_clip(clip)
    tick = tick_of(call.project, found, at)
    owner = call.project.find_effect(track, str(effect)).id if effect is not None else track.id
    call.edit(lambda project: automation.with_point(project, found.id, owner, parameter, tick, value))
    return Done(message=f"{found.name}: {parameter} is {value:g} at {shown_place(call.project, tick)}")


@command("automation clear", "automation clear bass:A cutoff")
def automation_clear(call: Call, clip: ClipRef, parameter: NewName) -> Done:
    """Take a parameter's envelopes out of a clip."""
    _, found = call.project.find_clip(clip)
    call.edit(lambda project: automation.without(project, found.id, parameter))
    return Done(message=f"{found.name}: {parameter} no longer moves")
