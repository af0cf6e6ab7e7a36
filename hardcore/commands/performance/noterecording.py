"""Recording by hand: notes into a slot, with a count-in, over what is there or in its place."""

import time
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import Flag, Kind, Length, SceneRef, TrackRef, Where
from hardcore.commands.performance.noterecorder import NoteRecorder
from hardcore.commands.performance.playing import asked, ready
from hardcore.commands.performance.transport import CountIn
from hardcore.errors import UserError
from hardcore.project.clip import Clip
from hardcore.project.playback import Playback, next_on_grid
from hardcore.project.scenes import free_scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

RecordBars = Annotated[int, Field(ge=1, le=64), Kind("bars", "1 to 64")]


PreRoll = Annotated[int, Field(ge=0, le=8), Kind("bars", "bars that are played before it, 0 to 8")]
PUNCH = {
    "at": "the place of the song where recording begins, instead of the next bar",
    "pre_roll": "with --at: how many bars are played before it",
}


class Recording(Done):
    """What is recorded into: track and scene by id, and from where to where in ticks; no end: until it is stopped.

    scene   None: a new one is made for it
    """

    track: str
    scene: str | None
    start_ticks: int
    end_ticks: int | None


@command(
    "record notes",
    "record notes bass --bars 2 --count-in 1",
    effects={"project", "player"},
    about={
        "bars": "how many bars; without it, until record notes stop",
        "quantize": "move what was played to a grid",
        "takes": "each round of the clip is a take: the last one counts, the others are branches to choose from",
        "replace": "in place of the notes that are there, instead of over them",
        **PUNCH,
    },
)
async def record_notes(
    call: Call,
    track: TrackRef,
    scene: SceneRef | None = None,
    *,
    bars: RecordBars | None = None,
    count_in: CountIn = 0,
    quantize: Length | None = None,
    replace: Flag = False,
    takes: Flag = False,
    at: Where | None = None,
    pre_roll: PreRoll = 1,
) -> Recording:
    """Record what is played by hand on a track, from the next bar on; where nothing plays yet, it begins to.

    Into the scene's slot, or the next free one: a new clip, or over the notes of the clip that is there, which plays
    meanwhile and goes round. With --takes each round is a take: F6 shows them as branches, `history hear` plays one,
    `history merge` brings it to the present. It ends after --bars, at `record notes stop`, or when the music stops; it
    is one step. --at 5 punches in at bar 5 of the song, and after --bars out: into a new clip, which a song has there.
    """
    project = call.project
    found = project.find_track(track)
    if found.midi_in is None:
        raise UserError(f"{found.name} hears no MIDI input", f"midi input {found.name}")
    row, clip = _slot(project, found, scene)
    if takes and clip is None:
        raise UserError("takes go round a clip: name a scene whose slot has one", f"/clip add {found.name} A --bars 2")
    if at is not None and clip is not None:
        raise UserError("a punch in the song makes a clip of its own", "leave the scene out, or name a free slot")
    await ready(call)
    if at is not None:
        start = await punched_in(call, at, pre_roll, count_in)
    else:
        start = await _begun(call, found, clip, count_in)
    end = None if bars is None else start + bars * project.meter_map.bar_ticks(start)
    if (old := call.studio.recall(NoteRecorder)) is not None:
        old.end()
    recorder = NoteRecorder(
        call.studio, found.id, row, start, end, clip.id if clip is not None else None, replace, quantize, takes,
        placed=at is not None and bool(project.arrangement),
    )  # fmt: skip
    call.studio.keep(recorder)
    recorder.begin()
    how = f"{counted(bars, 'bar')}" if bars is not None else "until record notes stop"
    place = found.name if row is None else f"{found.name}:{project.find_scene(row).name}"
    words = f"{place} records from {project.meter_map.place(start)}, {how}"
    return Recording(message=words, track=found.id, scene=row, start_ticks=start, end_ticks=end)


async def _begun(call: Call, track: Track, clip: Clip | None, count_in: int) -> int:
    """Let the clip play, or the music where none plays yet; return the tick at which the recording begins."""
    before = call.player.latest()
    if clip is not None:
        await asked(call, lambda player: player.launch({track.id: clip.id}))
    elif not before.playing:
        await asked(call, lambda player: player.play(None, count_in=count_in))
    return _start(call.project, before, call.player.latest(), track)


async def punched_in(call: Call, at: tuple[int, ...], pre_roll: int, count_in: int) -> int:
    """Let the song play from so many bars before a place, and return the tick of the place."""
    meters = call.project.meter_map
    start = meters.tick(*at)
    before = meters.bar_start(max(0, meters.bar_of(start) - pre_roll)) if pre_roll else start
    song = bool(call.project.arrangement)
    await asked(call, lambda player: player.play(before, count_in=count_in, arrangement=song))
    return start


@command("record notes stop", "record notes stop", effects={"project", "player"})
def record_notes_stop(call: Call) -> Done:
    """Stop recording by hand, and keep what was played."""
    recorder = call.studio.recall(NoteRecorder)
    if recorder is None:
        raise UserError("nothing is recorded", "record notes bass begins")
    return Done(message=recorder.end())


def _slot(project: ProjectState, track: Track, scene: str | None) -> tuple[str | None, Clip | None]:
    """Return the scene to record in and the clip that is there; None for a scene that is yet to be made."""
    if scene is None:
        return free_scene(project, track.id), None
    row = project.find_scene(scene)
    return row.id, next((clip for clip in track.clips if clip.id == row.slots.get(track.id)), None)


def _start(project: ProjectState, before: Playback, now: Playback, track: Track) -> int:
    """Return the tick that the recording begins at: where its clip does, or the next bar line."""
    if (launched := now.queue.get(track.id) or (now.clips.get(track.id) if not before.playing else None)) is not None:
        return launched.tick
    if not before.playing:
        return now.start_tick
    return next_on_grid(project.meter_map, now.tick_at(project, time.monotonic()), "1")
