"""The clipboard of the arrangement: copy, cut and paste what plays over a stretch of some tracks."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, Parts, Where
from hardcore.commands.timeline.blocks import held_there, named_there, place_tick, put_there, removed_there
from hardcore.errors import UserError
from hardcore.project.blocks import Held
from hardcore.project.state import ProjectState


class Copied(Done):
    """What is kept for pasting: the ids of its tracks, and how many blocks."""

    tracks: tuple[str, ...]
    blocks: int


@command(
    "clipboard copy",
    "clipboard copy bass,kick 1 --bars 2",
    effects={"screen"},
    about={"bars": "of how many bars, from that place"},
)
def clipboard_copy(
    call: Call, tracks: Parts, at: Where, *, bars: Bars | None = None, until: Where | None = None
) -> Copied:
    """Keep what plays at a place for pasting: whole blocks, so many --bars, or --until a place."""
    _, held = held_there(call, tracks, at, bars, until)
    call.studio.clipboard = held
    blocks = sum(map(len, held.placements.values()))
    return Copied(message=f"copied: {named_there(call, held)}", tracks=tuple(held.placements), blocks=blocks)


@command("clipboard cut", "clipboard cut bass,kick 1 --bars 2", about={"bars": "of how many bars, from that place"})
def clipboard_cut(
    call: Call, tracks: Parts, at: Where, *, bars: Bars | None = None, until: Where | None = None
) -> Done:
    """Take out of the arrangement what plays at a place, and keep it for pasting."""
    tick, what = held_there(call, tracks, at, bars, until)
    call.edit(lambda project: removed_there(project, what, tick, bars is None and until is None))
    call.studio.clipboard = what
    return Done(message=f"cut: {named_there(call, what)}")


@command("clipboard paste", "clipboard paste 5")
def clipboard_paste(call: Call, at: Where) -> Done:
    """Let what was copied or cut play from a place on, on the tracks it came from; it covers what is there."""
    what, tick = call.studio.clipboard, place_tick(call.project, at)
    if what is None:
        raise UserError("nothing was copied yet", "such as clipboard copy bass 1 --bars 4")
    kept = _there(call.project, what)
    call.edit(lambda project: put_there(project, kept, tick, False))
    return Done(message=f"{named_there(call, kept)}: pasted at {call.project.meter_map.place(tick)}")


def _there(project: ProjectState, what: Held) -> Held:
    """Return what was kept, of the tracks and clips that are still there. Raises UserError when none is."""
    tracks = {track.id: track for track in project.tracks}
    left = {
        name: tuple(one for one in placements if one.clip in tracks[name].places)
        for name, placements in what.placements.items()
        if name in tracks
    }
    if not any(left.values()):
        raise UserError("what was copied is no longer there", "copy it again")
    return what._replace(placements=left)
