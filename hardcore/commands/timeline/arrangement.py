"""The arrangement: clips on a timeline."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Result, Row
from hardcore.commands.core.types import Bars, ClipRef, SceneRef
from hardcore.commands.timeline import arrangementchart
from hardcore.errors import UserError
from hardcore.project import placing
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
            at=project.meter_map.place(p.start_ticks),
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
    """Draw what plays when, a line a track: `#` its first clip, `=` `+` `%` others, `.` none, `~` a latent.

    While the arrangement is empty it is every scene in order, as a render plays them.
    """
    playing = timeline(call.project)
    if not playing:
        raise UserError("nothing plays yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    return ArrangementView(bars=bars_of(call.project, playing), drawing=arrangementchart.draw(call.project, playing))


@command(
    "arrangement place",
    "arrangement place bass:A 1 --bars 8",
    aliases=("place",),
    about={"bar": "the bar it begins at, from 1", "bars": "how many bars it plays there"},
)
def arrangement_place(call: Call, clip: ClipRef, bar: Bars, *, bars: Bars | None = None) -> Done:
    """Put a clip at a bar of the arrangement, looping for --bars; it covers what its track had there."""
    track, found = call.project.find_clip(clip)
    start = call.project.meter_map.bar_start(bar - 1)
    length = call.project.meter_map.bar_start(bar - 1 + bars) - start if bars else None
    call.edit(lambda project: placing.place(project, found.id, start, length))
    return Done(message=f"{found.name} plays at bar {bar} on {track.name}")


@command(
    "arrangement scene",
    "arrangement scene A 1 --bars 8",
    about={"bar": "the bar it begins at, from 1", "bars": "how many bars it plays there"},
)
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
