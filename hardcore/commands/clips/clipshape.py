"""Clips in another shape: double, crop, lengthen, split, join; stretches of notes copied and cut."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import Bars, ClipRef, Where
from hardcore.commands.timeline.blocks import place_tick
from hardcore.errors import UserError
from hardcore.project import clipshapes
from hardcore.project.scope import Stretch
from hardcore.project.state import ProjectState


def _bars(project: ProjectState, clip_id: str) -> str:
    clip = project.find_clip(clip_id)[1]
    return f"{clip.length_ticks / project.meter_map.bar_ticks():g} bars"


@command("clip double", "clip double bass:A")
def clip_double(call: Call, clip: ClipRef) -> Done:
    """Make a clip twice as long, playing twice what it played: then the second time can be another."""
    _, found = call.project.find_clip(clip)
    new = call.edit(lambda project: clipshapes.double(project, found.id))
    return Done(message=f"{found.name}: {_bars(new, found.id)}")


@command("clip lengthen", "clip lengthen bass:A --bars 2", about={"bars": "how many bars it has then"})
def clip_lengthen(call: Call, clip: ClipRef, *, bars: Bars = 1) -> Done:
    """Put rests at the end of a clip."""
    _, found = call.project.find_clip(clip)
    ticks = bars * call.project.meter_map.bar_ticks()
    new = call.edit(lambda project: clipshapes.lengthen(project, found.id, ticks))
    return Done(message=f"{found.name}: {_bars(new, found.id)}, the last {counted(bars, 'bar')} silent")


@command("clip crop", "clip crop bass:A --end 2")
def clip_crop(call: Call, clip: ClipRef, *, start: Where | None = None, end: Where | None = None) -> Done:
    """Keep of a clip what lies from --start to --end, wherever it plays."""
    _, found = call.project.find_clip(clip)
    first = 0 if start is None else place_tick(call.project, start)
    last = found.length_ticks if end is None else place_tick(call.project, end)
    if (first, last) == (0, found.length_ticks):
        raise UserError("that is all of it", "such as clip crop bass:A --end 2")
    new = call.edit(lambda project: clipshapes.crop(project, found.id, first, last))
    return Done(message=f"{found.name}: {_bars(new, found.id)}")


@command("clip split", "clip split bass:A 2")
def clip_split(call: Call, clip: ClipRef, at: Where) -> Done:
    """Split a clip: the first part stays in its slot, the second comes into the next scene that has room.

    In the arrangement the clip goes on as it was; `arrangement split` splits it there.
    """
    track, found = call.project.find_clip(clip)
    tick, scenes = place_tick(call.project, at), list[str]()

    def change(project: ProjectState) -> ProjectState:
        project, scene = clipshapes.split(project, found.id, tick)
        scenes.append(scene)
        return project

    call.edit(change)
    return Done(
        message=f"{found.name}: split at {call.project.meter_map.place(tick)}, {track.name}:{scenes[-1]} goes on"
    )


@command("clip join", "clip join bass:A bass:B")
def clip_join(call: Call, clip: ClipRef, other: ClipRef) -> Done:
    """Let a clip be followed by another one of its track, as one clip in its slot; the other stays too."""
    track, found = call.project.find_clip(clip)
    _, second = call.project.find_clip(other)
    new = call.edit(lambda project: clipshapes.join(project, found.id, second.id))
    made = new.find_track(track.id).clips[-1]
    return Done(message=f"{found.name} and {second.name}: {_bars(new, made.id)}")


@command("note copy", "note copy bass:A 1.1.1 2.1.1 --until 1.3.1")
def note_copy(
    call: Call, clip: ClipRef, at: Where, to: Where, *, until: Where | None = None, into: ClipRef | None = None
) -> Done:
    """Copy the notes from a place --until another (a bar without it) to a place, there or --into another clip.

    They take the place of the notes that begin there.
    """
    _, found = call.project.find_clip(clip)
    _, target = call.project.find_clip(into) if into is not None else (None, found)
    stretch, tick, count = _stretch(call, at, until), place_tick(call.project, to), list[int]()
    if tick >= target.length_ticks:
        raise UserError(f"{target.name} ends before that")

    def change(project: ProjectState) -> ProjectState:
        project, copied = clipshapes.copy_notes(project, found.id, stretch, target.id, tick)
        count.append(copied)
        return project

    call.edit(change)
    return Done(message=f"{target.name}: {counted(count[-1], 'note')} at {call.project.meter_map.place(tick)}")


@command("note cut", "note cut bass:A 1.1.1 --until 1.3.1")
def note_cut(call: Call, clip: ClipRef, at: Where, *, until: Where | None = None) -> Done:
    """Take out the notes that begin from a place --until another (a bar without it)."""
    _, found = call.project.find_clip(clip)
    stretch, count = _stretch(call, at, until), list[int]()

    def change(project: ProjectState) -> ProjectState:
        project, gone = clipshapes.cut_notes(project, found.id, stretch)
        count.append(gone)
        return project

    call.edit(change)
    return Done(message=f"{found.name}: {counted(count[-1], 'note')} less")


def _stretch(call: Call, at: Where, until: Where | None) -> Stretch:
    start = place_tick(call.project, at)
    end = start + call.project.meter_map.bar_ticks(start) if until is None else place_tick(call.project, until)
    if end <= start:
        raise UserError("that ends before it begins", f"--until after {call.project.meter_map.place(start)}")
    return Stretch(start, end)
