"""Capturing: what hands have played becomes a clip: afterwards, or while it is recorded."""

import time
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import Kind, Length, Tempo, TrackRef
from hardcore.commands.performance.played import PlayedNotes
from hardcore.errors import UserError
from hardcore.music.tempo import PPQ
from hardcore.project import clips, scenes
from hardcore.project.state import ProjectState
from hardcore.project.take import Played, Take, latest, on_the_grid, unclocked

# So many bars without a note, and what was played before is another idea.
PAUSE_BARS = 2
CaptureBars = Annotated[int, Field(ge=1, le=32), Kind("bars", "1 to 32")]


class Captured(Done):
    """What was captured: its clip and scene, how long it is, and the tempo that was guessed, None where music ran."""

    track: str
    clip: str
    scene: str
    bars: float
    notes: int
    bpm: float | None


@command(
    "capture",
    "capture bass --bars 4",
    about={"track": "the one it was played on", "bars": "how far back, 16", "quantize": "move its notes to a grid"},
)
def capture(
    call: Call,
    track: TrackRef | None = None,
    *,
    bars: CaptureBars = 16,
    quantize: Length | None = None,
    bpm: Tempo | None = None,
) -> Captured:
    """Make a clip of what was just played by hand, though nothing was recorded: it is kept all the time.

    What was played before the studio was killed is there, too, once the project is open again.

    While the music runs the clip begins on the bar of the first note. While it stands still its first note is the first
    beat; tempo and length are guessed, and an empty project takes the tempo. The clip is a loop of 1, 2, 4, 8 or 16
    bars in the next free slot of the track.
    """
    played = _recent(call, track, bars)
    project, owner = call.project, played[-1].track
    played = [one for one in played if one.track == owner]
    bar_ticks = project.meter_map.bar_ticks()
    if played[0].tick is None:
        known = bpm or (project.tempo_map.bpm if any(True for _ in project.clips()) else None)
        take = unclocked(played, bar_ticks, bars, known)
    else:
        take = on_the_grid(played, project.tempo_map.at(played[-1].tick or 0) * PPQ / 60, bar_ticks, bars)
    return put_take(call, owner, take, quantize, retime=take.bpm if played[0].tick is None else None)


def _recent(call: Call, track: str | None, bars: int) -> list[Played]:
    """Return the notes to capture. Raises UserError where there are none."""
    project = call.project
    kept = call.studio.recall(PlayedNotes)
    now_s = time.monotonic()
    notes = kept.notes(now_s) if kept is not None else []
    if not notes and kept is not None and call.studio.hands is not None:
        kept.restore(call.studio.hands.left(project.piece), now_s)
        call.studio.hands.forget_left(project.piece)
        notes = kept.notes(now_s)
    known = {one.id for one in project.tracks} if track is None else {project.find_track(track).id}
    bar_s = project.tempo_map.seconds(project.meter_map.bar_ticks())
    mine = [one for one in notes if one.track in known]
    found = latest(mine, mine[-1].on_s if mine else now_s, bars * bar_s, PAUSE_BARS * bar_s)
    if not found:
        raise UserError("nothing was played by hand", "midi input bass lets a track hear a keyboard")
    return found


def put_take(call: Call, track_id: str, take: Take, quantize: int | None, *, retime: float | None = None) -> Captured:
    """Put a take into the next free slot of its track, as one edit; `retime`: an empty project takes that tempo."""

    def change(project: ProjectState) -> ProjectState:
        if retime is not None and not any(True for _ in project.clips()):
            project = project.evolve(tempo_map=project.tempo_map.with_bpm(retime))
        project, free = scenes.with_free_scene(project, track_id)
        project, clip = clips.add_clip(project, track_id, free, take.length_ticks, take.notes)
        if quantize is not None:
            project = clips.edit_notes(project, clip, clips.quantized(quantize, 1.0, take.length_ticks))
        return project

    new = call.edit(change)
    track = new.find_track(track_id)
    clip = track.clips[-1]
    scene = next(scene for scene in new.scenes if scene.slots.get(track_id) == clip.id)
    bars = clip.length_ticks / new.meter_map.bar_ticks()
    tempo = f", {retime:g} bpm" if retime is not None else ""
    words = f"{track.name}:{scene.name} is {counted(len(clip.notes), 'note')} in {bars:g} bars{tempo}"
    return Captured(
        message=words, track=track.id, clip=clip.id, scene=scene.id, bars=bars, notes=len(clip.notes), bpm=retime
    )
