"""Hearing it: play, stop, launch clips and scenes on the grid, and how punctual all that is."""

import time
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.call import Call
from hardcore.commands.playing import asked
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.types import Bars, Choice, Flag, Kind, Toggle, TrackRef, Where
from hardcore.errors import UserError, nearest
from hardcore.project.playback import Launched, Loop, Playback, Quantum
from hardcore.project.state import ProjectState


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    for scene in project.scenes:
        yield Choice(scene.name, f"scene, {len(scene.slots)} clips")
    for scene in project.scenes:
        for track in project.tracks:
            if track.id in scene.slots:
                yield Choice(f"{track.name}:{scene.name}", "clip")


Target = Annotated[str, Kind("scene or clip", "a scene, track:scene, or a track that has one clip", _targets)]
CountIn = Annotated[int, Field(ge=0, le=8), Kind("bars", "bars of clicks before it starts, 0 to 8")]
Grid = Annotated[Quantum, Kind("grid", "none, 1/16 to 1/2, or 1, 2, 4, 8 bars")]


def _here(project: ProjectState, tick: float) -> str:
    at = project.meter_map.position(int(tick))
    return f"{at.bar}.{at.beat}.{at.sixteenth}"


def _said(call: Call, words: str, state: Playback, trouble: bool = False) -> Done:
    """Return the words; below them what happened unasked, and the trouble when it just began or one asks."""
    lines = [words, call.player.news(), state.trouble if trouble else ""]
    return Done(message="\n".join(filter(None, lines)))


def _is_first(call: Call) -> bool:
    """Return whether the player has yet to start, and its trouble to be said; a full screen shows that by itself."""
    return not call.player.latest().sound and call.studio.stage is None


def _tick(project: ProjectState, place: Where) -> int:
    return project.meter_map.tick(*place)


@command("play", "play 2.1", effects={"player"}, immediate=True)
async def play(call: Call, place: Where | None = None, *, count_in: CountIn = 0, arrangement: Flag = False) -> Done:
    """Play from a place, or from where it stands: what was launched, else the arrangement, else the first scene.

    --arrangement forgets what was launched.
    """
    project = call.project
    tick = None if place is None else _tick(project, place)
    first = _is_first(call)
    state = await asked(call, lambda player: player.play(tick, count_in=count_in, arrangement=arrangement))
    return _said(call, f"playing from {_here(project, state.start_tick)}", state, first)


@command("stop", "stop", effects={"player"}, immediate=True)
async def stop(call: Call) -> Done:
    """Stop, and go back to where play began; a second time, to the beginning."""
    state = await asked(call, lambda player: player.stop())
    return _said(call, f"stopped at {_here(call.project, state.tick)}", state)


@command("pause", "pause", effects={"player"}, immediate=True)
async def pause(call: Call) -> Done:
    """Stop here; play goes on from here."""
    state = await asked(call, lambda player: player.pause())
    return _said(call, f"paused at {_here(call.project, state.tick)}", state)


@command("seek", "seek 2.1.1", effects={"player"}, immediate=True)
async def seek(call: Call, place: Where) -> Done:
    """Go to a place, playing or not."""
    tick = _tick(call.project, place)
    state = await asked(call, lambda player: player.seek(tick))
    return Done(message=f"{'playing' if state.playing else 'stopped'} at {_here(call.project, tick)}")


@command("loop", "loop 1 --bars 2", effects={"player"})
async def loop(call: Call, place: Where | None = None, *, bars: Bars = 4, off: Flag = False) -> Done:
    """Repeat so many bars from a place, say what repeats, or repeat no longer (--off)."""
    project = call.project
    if off:
        await asked(call, lambda player: player.loop(None))
        return Done(message="the loop is off")
    if place is None:
        looped = (await asked(call, lambda player: player.state())).loop
        if looped is None:
            return Done(message="the loop is off")
    else:
        start = _tick(project, place)
        end = project.meter_map.bar_start(project.meter_map.bar_of(start) + bars)
        looped = wanted = Loop(start_ticks=start, end_ticks=end)
        await asked(call, lambda player: player.loop(wanted))
    return Done(message=f"looping {_here(project, looped.start_ticks)} to {_here(project, looped.end_ticks)}")


@command("launch", "launch A --grid 1/4", effects={"player"}, immediate=True)
async def launch(call: Call, target: Target, *, grid: Grid | None = None) -> Done:
    """Start a scene or a clip on --grid, else the clip's own grid, else the launch grid; from standing, at once."""
    project = call.project
    name, clips = _launched(project, target)
    first = _is_first(call)
    state = await asked(call, lambda player: player.launch(clips, grid))
    waiting = [launched.tick for track, launched in state.queue.items() if track in clips]
    when = f"at {_here(project, max(waiting))}" if waiting else "now"
    return _said(call, f"{name} starts {when}", state, first)


def _launched(project: ProjectState, target: str) -> tuple[str, dict[str, str | None]]:
    """Return a name, and clips by track: a scene's, and nothing on tracks where it has none; or one clip."""
    scene = next((s for s in project.scenes if target.casefold() in (s.id, s.name.casefold())), None)
    if scene is not None:
        if not scene.slots:
            raise UserError(f"scene {scene.name} is empty", "scene put fills it")
        playing = [track.id for track in project.tracks if track.clips]
        return f"scene {scene.name}", {track: scene.slots.get(track) for track in playing}
    try:
        track, clip = project.find_clip(target)
    except UserError as error:
        if ":" in target:
            raise
        names = [choice.value for choice in _targets(project, ())]
        raise UserError(f"no scene or clip '{target}'", nearest(target, names)) from error
    return f"{track.name}: {clip.name}", {track.id: clip.id}


@command("launch stop", "launch stop kick", effects={"player"}, immediate=True)
async def launch_stop(call: Call, track: TrackRef | None = None, *, grid: Grid | None = None) -> Done:
    """Stop the clip of a track on the grid, or the clips of all tracks; time goes on."""
    project = call.project
    chosen = [project.find_track(track)] if track else [known for known in project.tracks if known.clips]
    state = await asked(call, lambda player: player.launch({known.id: None for known in chosen}, grid))
    waiting = [state.queue[known.id].tick for known in chosen if known.id in state.queue]
    when = f"at {_here(project, max(waiting))}" if waiting else "now"
    return Done(message=f"{chosen[0].name if track else 'all tracks'}: silent {when}")


@command("launch quantize", "launch quantize 1/4", effects={"player"}, immediate=True, aliases=("quantize-launch",))
async def launch_quantize(call: Call, grid: Grid | None = None) -> Done:
    """Say or set the launch grid: none, 1/16 to 1/2, or 1, 2, 4, 8 bars."""
    state = await asked(call, lambda player: player.state() if grid is None else player.quantize(grid))
    unit = "" if state.quantum == "none" or "/" in state.quantum else " bars" if state.quantum != "1" else " bar"
    return Done(message=f"clips are launched on: {state.quantum}{unit}")


@command("launch queue", "launch queue", effects={"player"}, immediate=True, aliases=("queue",))
async def launch_queue(call: Call) -> Table:
    """Show what plays on each track, and what waits for the grid."""
    project, state = call.project, await asked(call, lambda player: player.state())
    names = {clip.id: clip.name for _, clip in project.clips()}
    rows = []
    for track in project.tracks:
        now, after = state.clips.get(track.id), state.queue.get(track.id)
        if now or after:
            when = _here(project, after.tick) if after else ""
            rows.append((track.name, _name(names, now), _name(names, after), when))
    return Table(columns=("track", "plays", "then", "at"), rows=tuple(rows), empty="nothing was launched")


def _name(names: dict[str, str], launched: Launched | None) -> str:
    if launched is None:
        return ""
    return names.get(launched.clip, "(deleted)") if launched.clip else "(silence)"


@command("metronome", "metronome on", effects={"player"}, immediate=True)
async def metronome(call: Call, on: Toggle = None) -> Done:
    """Click on every beat, higher on the first; without a word, switch."""
    state = await asked(call, lambda player: player.metronome(not player.state().metronome if on is None else on))
    return Done(message=f"metronome {'on' if state.metronome else 'off'}")


@command("panic", "panic", effects={"player"}, immediate=True)
async def panic(call: Call) -> Done:
    """Silence everything at once, tails too, and stop."""
    await asked(call, lambda player: player.panic())
    return Done(message="silent")


@command("lamps", "lamps", effects={"player"})
async def lamps(call: Call) -> Done:
    """Say which tracks went over 0 dBFS, and put out their clipping lamps."""
    clipped = set((await asked(call, lambda player: player.state())).clipped)
    names = [track.name for track in call.project.tracks if track.id in clipped]
    await asked(call, lambda player: player.put_out_lamps())
    return Done(message=f"over 0 dBFS: {', '.join(names)}; the lamps are out" if names else "no track went over 0 dBFS")


@command("position", "position", effects={"player"})
async def position(call: Call) -> Done:
    """Say where the music is (bar.beat.sixteenth), and on which engine."""
    project, state = call.project, await asked(call, lambda player: player.state())
    here = _here(project, max(0.0, state.tick_at(project, time.monotonic())))
    words = f"{'playing' if state.playing else 'stopped'} at {here}, engine: {state.sound or 'not started'}"
    return _said(call, words, state, True)


@command("timing", "timing", effects={"player"})
async def timing(call: Call) -> Table:
    """Show how punctual the player is: how long before their time bundles were sent, late ones, the engine's load.

    A bundle should be more than 10 ms early. Dropouts are leaps of the engine's samples: sound the card missed.
    """
    found = await asked(call, lambda player: player.timing())
    rows = tuple(("late" if edge == 0 else f"under {edge} ms early", count) for edge, count in found.margins_ms)
    clock = "exact to the sample" if found.settled else "settling (2 s after the start)"
    note = (
        f"{found.sent} bundles, {found.late} late, the nearest {found.worst_margin_ms:g} ms early; engine load "
        f"{found.load_percent:g} %, peak {found.peak_percent:g} %; dropouts {found.dropouts}; clock {clock}; "
        f"restarts {found.restarts}"
    )
    return Table(columns=("bundles sent", "how many"), rows=rows, note=note, empty=note)
