"""Recording: what is launched while it plays is written into the arrangement, and what plays becomes a scene."""

import time

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import SpacedCallName
from hardcore.commands.timeline.sessionrecorder import SessionRecorder
from hardcore.controller.events import PlaybackChanged
from hardcore.errors import UserError
from hardcore.project import scenes
from hardcore.project.launches import arranged
from hardcore.project.playback import Playback
from hardcore.project.retiming import retimed
from hardcore.project.state import ProjectState


class SessionRecording(Done):
    """What is launched is written down from now on, or from when it plays, if it does not yet."""

    playing: bool


@command("record session", "record session", effects={"jobs"})
def record_session(call: Call) -> SessionRecording:
    """Write down what is launched from now on, for the arrangement: `record session stop` puts it there."""
    studio = call.studio
    playback = call.player.latest()
    if playback.loop is not None:
        raise UserError("a stretch repeats: nothing could be written along it", "/loop --off")
    if (before := studio.recall(SessionRecorder)) is not None:
        before.stop()
    recorder = SessionRecorder()
    recorder.note(playback)
    recorder.stop = studio.controller.events.subscribe(PlaybackChanged, recorder.heard)
    studio.keep(recorder)
    words = "recording what is launched" + ("" if playback.playing else "; it begins when it plays")
    return SessionRecording(message=words, playing=playback.playing)


@command("record session stop", "record session stop")
def record_session_stop(call: Call) -> Done:
    """Put what was launched since `record session` into the arrangement where it was heard, over what was there.

    Tempos and meters that scenes have brought become changes of the song's.
    """
    recorder, player = call.studio.recall(SessionRecorder), call.player
    if recorder is None:
        raise UserError("nothing is recorded", "record session begins")
    playback = player.latest()
    recorder.note(playback)
    recorder.stop()
    call.studio.forget(SessionRecorder)
    brought = recorder.last.retimings
    meters = retimed(call.project, brought).meter_map
    heard = recorder.ended if recorder.ended is not None else int(playback.tick_at(call.project, time.monotonic()))
    # from the bar line on: what played there went on
    start = meters.bar_start(meters.bar_of(recorder.start or 0))
    bar = meters.bar_of(max(start, heard - 1))
    end = meters.bar_start(bar + 1)
    call.edit(lambda project: arranged(retimed(project, brought), recorder.launches, start, end))
    first = meters.bar_of(start) + 1
    return Done(message=f"{counted(len(recorder.launches), 'clip')} launched, bars {first} to {bar + 1}")


@command("scene capture", "scene capture jam", about={"name": "what the scene is called; without it, the next letter"})
def scene_capture(call: Call, name: SpacedCallName | None = None) -> Done:
    """Make a scene of the clips that play now: of what was launched, or of the song where it stands."""
    playback = call.player.latest()
    playing = _playing(call.project, playback)
    if not playing:
        raise UserError("nothing plays", "/launch A starts a scene")
    new = call.edit(lambda project: scenes.capture(project, playing, name)[0])
    return Done(message=f"scene {new.scenes[-1].name}: {counted(len(playing), 'clip')}")


def _playing(project: ProjectState, playback: Playback) -> dict[str, str]:
    """Return the clips that play, by track."""
    from hardcore.project.placement import between

    tick = int(playback.tick_at(project, time.monotonic()))
    placed = {track.id: there.clip for track in project.tracks for there in between(track.placements, tick, tick + 1)}
    launched = {track: one.clip for track, one in playback.clips.items()}
    own = {track.id: track.places for track in project.tracks}
    return {
        track: clip for track, clip in (placed | launched).items() if clip is not None and clip in own.get(track, ())
    }
