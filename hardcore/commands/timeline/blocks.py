"""Blocks of the arrangement: clips where they play, removed, moved, copied, split, trimmed and joined."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, ClipRef, Count, Parts, Place, TrackRef, Where
from hardcore.errors import UserError
from hardcore.project import blocks
from hardcore.project.blocks import Held
from hardcore.project.placement import between
from hardcore.project.scope import Stretch
from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track


def place_tick(project: ProjectState, place: Place) -> int:
    """Return the tick of a place in the song."""
    return project.meter_map.tick(place.bar, place.beat, place.sixteenth) + place.ticks


def _bars_later(project: ProjectState, tick: int, bars: int) -> int:
    """Return the tick so many bars later."""
    return tick + bars * project.meter_map.bar_ticks(tick)


def _chosen(call: Call, tracks: str) -> list[Track]:
    """Return the tracks that hold clips among those that are named. Raises UserError where none does."""
    found = [track for track in call.project.find_tracks(tracks, members=True) if track.kind in HOLDS_CLIPS]
    if not found:
        raise UserError(f"{tracks} holds no clips", "/track list lists the tracks")
    return found


def end_tick(project: ProjectState, tick: int, bars: int | None, until: Place | None) -> int | None:
    """Return where a stretch from a tick ends: so many bars later or at a place; None where neither is said."""
    if until is None:
        return None if bars is None else _bars_later(project, tick, bars)
    if (end := place_tick(project, until)) <= tick:
        raise UserError("that ends before it begins", f"--until after {project.meter_map.place(tick)}")
    return end


def held_there(
    call: Call, tracks: str, at: Place, bars: int | None = None, until: Place | None = None
) -> tuple[int, Held]:
    """Return where a stretch begins and what plays there: so many bars, or the blocks at a place. Raises UserError."""
    project, chosen, tick = call.project, _chosen(call, tracks), place_tick(call.project, at)
    if not chosen:
        raise UserError(f"{tracks} plays no clips")
    names, end = [track.id for track in chosen], end_tick(project, tick, bars, until)
    if end is None:
        there = blocks.blocks_at(project, chosen, tick)
        names, tick = list(there), min(one.start_ticks for one in there.values())
        end = max(one.end_ticks for one in there.values())
        # the blocks themselves, not what else plays beside the longest of them
        held = {name: (one.evolve(start_ticks=one.start_ticks - tick),) for name, one in there.items()}
        return tick, Held(end - tick, held)
    found = blocks.held(project, names, tick, end)
    if not any(found.placements.values()):
        blocks.block_at(project, chosen[0], tick)
    return tick, found


def removed_there(project: ProjectState, what: Held, at: int, whole: bool) -> ProjectState:
    """Return the project without what is held: the stretch is emptied, or each block alone is taken out."""
    if not whole:
        return blocks.cut(project, tuple(what.placements), at, at + what.length_ticks)
    for name, placements in what.placements.items():
        for one in placements:
            project = blocks.cut(project, (name,), at + one.start_ticks, at + one.end_ticks)
    return project


def put_there(project: ProjectState, what: Held, at: int, whole: bool) -> ProjectState:
    """Return the project with what is held put at a tick: the stretch is replaced, or each block alone is put in."""
    if not whole:
        return blocks.put(project, what, at)
    for name, placements in what.placements.items():
        for one in placements:
            alone = Held(one.length_ticks, {name: (one.evolve(start_ticks=0),)})
            project = blocks.put(project, alone, at + one.start_ticks)
    return project


def named_there(call: Call, what: Held) -> str:
    """Return the names of the tracks that play in what is held."""
    names = [call.project.find_track(name).name for name, placements in what.placements.items() if placements]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


@command(
    "arrangement remove",
    "arrangement remove bass 1 --bars 2",
    aliases=("arrangement delete",),
    about={"bars": "of how many bars, from that place"},
)
def arrangement_remove(
    call: Call, tracks: Parts, at: Where, *, bars: Bars | None = None, until: Where | None = None
) -> Done:
    """Take out of the arrangement what plays at a place.

    The whole block of each track, or just so many --bars, or --until a place.
    """
    tick, what = held_there(call, tracks, at, bars, until)
    whole = bars is None and until is None
    call.edit(lambda project: removed_there(project, what, tick, whole))
    return Done(message=f"{named_there(call, what)}: nothing plays from {call.project.meter_map.place(tick)}")


@command("arrangement move", "arrangement move bass 1 9 --bars 2", about={"bars": "of how many bars, from that place"})
def arrangement_move(
    call: Call, tracks: Parts, at: Where, to: Where, *, bars: Bars | None = None, until: Where | None = None
) -> Done:
    """Move what plays at a place to another, where it covers what is there.

    The whole block of each track, or just so many --bars, or --until a place.
    """
    tick, what = held_there(call, tracks, at, bars, until)
    whole = bars is None and until is None
    target = place_tick(call.project, to) - (place_tick(call.project, at) - tick)
    if target < 0:
        raise UserError("that would begin before the song", f"the block begins at {call.project.meter_map.place(tick)}")
    call.edit(lambda project: put_there(removed_there(project, what, tick, whole), what, target, whole))
    places = f"{call.project.meter_map.place(tick)} → {call.project.meter_map.place(target)}"
    return Done(message=f"{named_there(call, what)}: {places}")


@command("arrangement copy", "arrangement copy bass 1 9 --bars 2", about={"bars": "of how many bars, from that place"})
def arrangement_copy(
    call: Call, tracks: Parts, at: Where, to: Where, *, bars: Bars | None = None, until: Where | None = None
) -> Done:
    """Let what plays at a place play at another too; the clips stay the same ones.

    The whole block of each track, or just so many --bars, or --until a place.
    """
    tick, what = held_there(call, tracks, at, bars, until)
    whole = bars is None and until is None
    target = max(0, place_tick(call.project, to) - (place_tick(call.project, at) - tick))
    call.edit(lambda project: put_there(project, what, target, whole))
    return Done(message=f"{named_there(call, what)}: again at {call.project.meter_map.place(target)}")


@command(
    "arrangement duplicate",
    "arrangement duplicate bass 1 --times 2",
    about={"bars": "of how many bars, from that place", "times": "how many times more"},
)
def arrangement_duplicate(
    call: Call, tracks: Parts, at: Where, *, bars: Bars | None = None, until: Where | None = None, times: Count = 1
) -> Done:
    """Repeat what plays at a place right after it, --times over.

    The whole block of each track, or just so many --bars, or --until a place.
    """
    if not 1 <= times <= 256:
        raise UserError(f"{times} times are too {'few' if times < 1 else 'many'}", "1 to 256")
    tick, what = held_there(call, tracks, at, bars, until)
    whole = bars is None and until is None

    def change(project: ProjectState) -> ProjectState:
        for number in range(1, times + 1):
            project = put_there(project, what, tick + number * what.length_ticks, whole)
        return project

    call.edit(change)
    return Done(
        message=f"{named_there(call, what)}: again from {call.project.meter_map.place(tick + what.length_ticks)}"
    )


@command("arrangement replace", "arrangement replace bass 1 bass:B")
def arrangement_replace(call: Call, track: TrackRef, at: Where, clip: ClipRef) -> Done:
    """Let the block at a place play another clip of its track, from the clip's beginning."""
    found = call.project.find_track(track)
    owner, new = call.project.find_clip(clip)
    if owner.id != found.id:
        raise UserError(f"{new.name} is a clip of {owner.name}", f"clip copy brings it to {found.name}")
    one = blocks.block_at(call.project, found, place_tick(call.project, at))
    changed = one.evolve(clip=new.id, offset_ticks=0)
    call.edit(lambda project: blocks.reshaped(project, found.id, one, changed))
    return Done(message=f"{found.name}: {new.name} from {call.project.meter_map.place(one.start_ticks)}")


@command("arrangement split", "arrangement split bass 2")
def arrangement_split(call: Call, tracks: Parts, at: Where) -> Done:
    """Split what plays at a place into two blocks there."""
    tick = place_tick(call.project, at)
    there = blocks.blocks_at(call.project, _chosen(call, tracks), tick)

    def change(project: ProjectState) -> ProjectState:
        for name in there:
            project = blocks.split(project, name, tick)
        return project

    call.edit(change)
    names = ", ".join(call.project.find_track(name).name for name in there)
    return Done(message=f"{names}: split at {call.project.meter_map.place(tick)}")


@command("arrangement trim", "arrangement trim bass 1 --end 2")
def arrangement_trim(
    call: Call, track: TrackRef, at: Where, *, start: Where | None = None, end: Where | None = None
) -> Done:
    """Let a block begin at --start or end at --end instead: shorter or longer, its notes stay where they are."""
    if start is None and end is None:
        raise UserError("trim it to where?", "such as arrangement trim bass 1 --end 3")
    project, found = call.project, call.project.find_track(track)
    one = blocks.block_at(project, found, place_tick(project, at))
    first = one.start_ticks if start is None else place_tick(project, start)
    last = one.end_ticks if end is None else place_tick(project, end)
    call.edit(lambda project: blocks.trim(project, found.id, one, first, last))
    return Done(message=f"{found.name}: {project.meter_map.place(first)} to {project.meter_map.place(last)}")


@command("arrangement extend", "arrangement extend bass 1 --bars 4", about={"bars": "how many bars longer"})
def arrangement_extend(call: Call, tracks: Parts, at: Where, *, bars: Bars = 1) -> Done:
    """Let the blocks at a place go on for so many bars more; their clips loop."""
    there = blocks.blocks_at(call.project, _chosen(call, tracks), place_tick(call.project, at))

    def change(project: ProjectState) -> ProjectState:
        for name, one in there.items():
            end = _bars_later(project, one.end_ticks, bars)
            project = blocks.trim(project, name, one, one.start_ticks, end)
        return project

    call.edit(change)
    project = call.project
    ends = {name: project.meter_map.place(_bars_later(project, one.end_ticks, bars)) for name, one in there.items()}
    return Done(message=", ".join(f"{project.find_track(name).name} to {end}" for name, end in list(ends.items())[:4]))


@command("arrangement join", "arrangement join bass 1 --bars 8", about={"bars": "of how many bars, from that place"})
def arrangement_join(call: Call, tracks: Parts, at: Where, *, bars: Bars = 8, until: Where | None = None) -> Done:
    """Make one block of those that play in so many bars; of several clips one new clip, gaps become rests."""
    tick = place_tick(call.project, at)
    stretch = Stretch(tick, end_tick(call.project, tick, bars, until) or tick)
    chosen = _chosen(call, tracks)
    several = [track for track in chosen if len(between(track.placements, *stretch)) > 1]

    def change(project: ProjectState) -> ProjectState:
        for track in several or chosen[:1]:
            project = blocks.join(project, track.id, stretch)
        return project

    call.edit(change)
    return Done(message=f"{', '.join(track.name for track in several)}: one block")
