"""Hearing it: play, stop, launch clips and scenes on the grid, and how punctual all that is."""

import time
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Bars, Choice, Flag, Kind, Toggle, TrackRef, Where
from hardcore.commands.performance.linksession import starts_with_link
from hardcore.commands.performance.playing import asked, ready
from hardcore.errors import UserError
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.launching import BESIDE, launch_of
from hardcore.project.playback import Launched, Loop, Playback, Quantum
from hardcore.project.state import ProjectState


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    for scene in project.scenes:
        yield Choice(scene.name, f"scene, {len(scene.slots)} clips")
    for scene in project.scenes:
        for track in project.tracks:
            if track.id in scene.slots:
                yield Choice(f"{track.name}:{scene.name}", "clip")
    yield from (Choice(word, "scene, from the one that plays") for word in BESIDE)


Target = Annotated[
    str, Kind("scene or clip", "a scene, track:scene, a track that has one clip; next, previous, random", _targets)
]
CountIn = Annotated[int, Field(ge=0, le=8), Kind("bars", "bars of clicks before it starts, 0 to 8")]
LoopMoves = Annotated[int, Field(ge=-256, le=256), Kind("times", "how often, below 0 back")]
Grid = Annotated[Quantum, Kind("grid", "none, 1/16 to 1/2, or 1, 2, 4, 8 bars")]


def _here(project: ProjectState, tick: float) -> str:
    return project.meter_map.place(int(tick))


class LoopRow(Row):
    """What repeats: from where to where (bar.beat.sixteenth), and in ticks."""

    start: str
    end: str
    start_ticks: int
    end_ticks: int


class Transport(Done):
    """How the player stands after a command.

    at      where the music is, bar.beat.sixteenth, and in ticks
    loop    what repeats; null: nothing
    launch_grid   none, 1/16 to 1/2, or 1, 2, 4, 8 bars
    engine  what plays, in words; null: not started yet
    trouble what the user should know; null when all is well
    clipped ids of the tracks that went over 0 dBFS since the lamps were put out
    """

    playing: bool
    at: str
    tick: int
    loop: LoopRow | None
    metronome: bool
    launch_grid: str
    engine: str | None
    trouble: str | None
    load_percent: float | None
    clipped: tuple[str, ...]
    restarts: int


def _answer(call: Call, words: str, state: Playback, tick: float | None = None) -> Transport:
    """Return the words with the state of the player; `tick` is where the music is, if not where the state says."""
    project, repeats = call.project, state.loop
    here = int(max(0.0, state.tick if tick is None else tick))
    loop = None
    if repeats is not None:
        start, end = repeats.start_ticks, repeats.end_ticks
        loop = LoopRow(start=_here(project, start), end=_here(project, end), start_ticks=start, end_ticks=end)
    return Transport(
        message=words,
        playing=state.playing,
        at=_here(project, here),
        tick=here,
        loop=loop,
        metronome=state.metronome,
        launch_grid=state.quantum,
        engine=state.sound or None,
        trouble=state.trouble or None,
        load_percent=state.load_percent,
        clipped=tuple(state.clipped),
        restarts=state.restarts,
    )


def _said(call: Call, words: str, state: Playback, trouble: bool = False, tick: float | None = None) -> Transport:
    """Return the words; below them what happened unasked, and the trouble when it just began or one asks."""
    lines = [words, call.player.news(), state.trouble if trouble else ""]
    return _answer(call, "\n".join(filter(None, lines)), state, tick)


def _is_first(call: Call) -> bool:
    """Return whether the player has yet to start, and its trouble to be said; a full screen shows that by itself."""
    return not call.player.latest().sound and call.studio.stage is None


def _tick(project: ProjectState, place: Where) -> int:
    return project.meter_map.tick(*place)


@command(
    "play",
    "play 2.1",
    effects={"player"},
    immediate=True,
    about={"arrangement": "the arrangement, not what was launched"},
)
async def play(
    call: Call, place: Where | None = None, *, count_in: CountIn = 0, arrangement: Flag = False
) -> Transport:
    """Play from a place, or from where it stands: what was launched, else the arrangement, else the first scene.

    --arrangement forgets what was launched; while it plays, the song takes over on the launch grid.
    """
    project = call.project
    tick = None if place is None else _tick(project, place)
    first = _is_first(call)
    if not count_in and starts_with_link(call, tick):
        return _said(call, "playing begins with the next bar of the Link session", call.player.latest(), first)
    await ready(call)
    state = await asked(call, lambda player: player.play(tick, count_in=count_in, arrangement=arrangement))
    if state.song_at is not None:
        return _said(call, f"the song takes over at {_here(project, state.song_at)}", state)
    return _said(call, f"playing from {_here(project, state.start_tick)}", state, first)


@command("stop", "stop", effects={"player"}, immediate=True)
async def stop(call: Call) -> Transport:
    """Stop, and go back to where play began; a second time, to the beginning."""
    state = await asked(call, lambda player: player.stop())
    return _said(call, f"stopped at {_here(call.project, state.tick)}", state)


@command("pause", "pause", effects={"player"}, immediate=True)
async def pause(call: Call) -> Transport:
    """Stop here; play goes on from here."""
    state = await asked(call, lambda player: player.pause())
    return _said(call, f"paused at {_here(call.project, state.tick)}", state)


@command("seek", "seek 2.1.1", effects={"player"}, immediate=True)
async def seek(call: Call, place: Where) -> Transport:
    """Go to a place, playing or not."""
    tick = _tick(call.project, place)
    state = await asked(call, lambda player: player.seek(tick))
    words = f"{state.transport} at {_here(call.project, tick)}"
    return _answer(call, words, state, tick)


@command(
    "loop", "loop 1 --bars 2", effects={"player"}, about={"bars": "how many bars go round", "off": "repeat no longer"}
)
async def loop(call: Call, place: Where | None = None, *, bars: Bars = 4, off: Flag = False) -> Transport:
    """Repeat so many bars from a place, say what repeats, or repeat no longer (--off)."""
    if off:
        return await _looped(call, None)
    if place is None:
        return await _looped(call, (await asked(call, lambda player: player.state())).loop)
    start, meters = _tick(call.project, place), call.project.meter_map
    return await _looped(call, Loop(start_ticks=start, end_ticks=meters.bar_start(meters.bar_of(start) + bars)))


@command(
    "loop here", "loop here --bars 2", effects={"player"}, immediate=True, about={"bars": "how many bars go round"}
)
async def loop_here(call: Call, *, bars: Bars = 4) -> Transport:
    """Repeat so many bars from the one that plays; where a loop is on already, it ends."""
    now = call.player.latest()
    if now.loop is not None:
        return await _looped(call, None)
    meters = call.project.meter_map
    bar = meters.bar_of(max(0, int(now.tick_at(call.project, time.monotonic()))))
    return await _looped(call, Loop(start_ticks=meters.bar_start(bar), end_ticks=meters.bar_start(bar + bars)))


@command("loop half", "loop half", effects={"player"}, immediate=True)
async def loop_half(call: Call) -> Transport:
    """Repeat half of what repeats, down to a sixteenth."""
    known = _loop(call)
    size = (known.end_ticks - known.start_ticks) // 2
    if size < SIXTEENTH:
        raise UserError("a loop is no shorter than a sixteenth", "loop double")
    return await _looped(call, known.evolve(end_ticks=known.start_ticks + size))


@command("loop double", "loop double", effects={"player"}, immediate=True)
async def loop_double(call: Call) -> Transport:
    """Repeat twice as much, from where it begins."""
    known = _loop(call)
    return await _looped(call, known.evolve(end_ticks=2 * known.end_ticks - known.start_ticks))


@command("loop move", "loop move 1", effects={"player"}, immediate=True)
async def loop_move(call: Call, times: LoopMoves) -> Transport:
    """Move what repeats on by its own length, so many times, or back."""
    known = _loop(call)
    by = times * (known.end_ticks - known.start_ticks)
    by = max(by, -known.start_ticks)
    return await _looped(call, Loop(start_ticks=known.start_ticks + by, end_ticks=known.end_ticks + by))


def _loop(call: Call) -> Loop:
    known = call.player.latest().loop
    if known is None:
        raise UserError("nothing repeats", "loop here")
    return known


async def _looped(call: Call, wanted: Loop | None) -> Transport:
    state = await asked(call, lambda player: player.loop(wanted))
    if state.loop is None:
        return _answer(call, "the loop is off", state)
    words = f"looping {_here(call.project, state.loop.start_ticks)} to {_here(call.project, state.loop.end_ticks)}"
    return _answer(call, words, state)


@command("launch", "launch A --grid 1/4", effects={"player"}, immediate=True)
async def launch(call: Call, target: Target, *, grid: Grid | None = None) -> Transport:
    """Start a scene or a clip on --grid, else the clip's own grid, else the launch grid; from standing, at once."""
    return await launch_now(call, target, grid)


async def launch_now(call: Call, target: str, grid: Quantum | None = None) -> Transport:
    """Launch a scene or a clip; say when it begins. Raises HardcoreError."""
    project = call.project
    now = call.player.latest()
    found = launch_of(project, target, {**now.clips, **now.queue}, call.controller.now() * 7.3 % 1)
    first = _is_first(call)
    await ready(call)
    state = await asked(call, lambda player: player.launch(found.clips, grid, scene=found.scene))
    return launched(call, f"{found.name} starts", state, found.clips, first)


def launched(call: Call, words: str, state: Playback, tracks: Iterable[str], trouble: bool = False) -> Transport:
    """Return the words, and when that happens on these tracks."""
    waiting = [state.queue[track].tick for track in tracks if track in state.queue]
    when = f"at {_here(call.project, max(waiting))}" if waiting else "now"
    return _said(call, f"{words} {when}", state, trouble)


@command("launch stop", "launch stop kick", effects={"player"}, immediate=True)
async def launch_stop(call: Call, track: TrackRef | None = None, *, grid: Grid | None = None) -> Transport:
    """Stop the clip of a track on the grid, or the clips of all tracks; time goes on."""
    project = call.project
    chosen = [project.find_track(track)] if track else [known for known in project.tracks if known.clips]
    state = await asked(call, lambda player: player.launch({known.id: None for known in chosen}, grid))
    return launched(call, f"{chosen[0].name if track else 'all tracks'}: silent", state, [one.id for one in chosen])


@command("launch quantize", "launch quantize 1/4", effects={"player"}, immediate=True, aliases=("quantize-launch",))
async def launch_quantize(call: Call, grid: Grid | None = None) -> Transport:
    """Say or set the launch grid: none, 1/16 to 1/2, or 1, 2, 4, 8 bars."""
    state = await asked(call, lambda player: player.state() if grid is None else player.quantize(grid))
    unit = "" if state.quantum == "none" or "/" in state.quantum else " bars" if state.quantum != "1" else " bar"
    return _answer(call, f"clips are launched on: {state.quantum}{unit}", state)


class LaunchedClip(Row):
    """A clip that loops since a tick, by id; null: silence. Its name is null when it was deleted since."""

    clip: str | None
    clip_name: str | None
    tick: int

    def shown(self) -> str:
        """Return it as it stands in the table."""
        return (self.clip_name or "(deleted)") if self.clip else "(silence)"


class LaunchRow(Row):
    """What was launched on a track, and what waits for the grid and where (bar.beat.sixteenth)."""

    track: str
    track_name: str
    plays: LaunchedClip | None
    then: LaunchedClip | None
    at: str | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.track_name, self.plays and self.plays.shown(), self.then and self.then.shown(), self.at)


class LaunchQueue(Listing[LaunchRow]):
    """What was launched, and what waits."""

    headings = ("track", "plays", "then", "at")


@command("launch queue", "launch queue", effects={"player"}, immediate=True, aliases=("queue",))
async def launch_queue(call: Call) -> LaunchQueue:
    """Show what plays on each track, and what waits for the grid."""
    project, state = call.project, await asked(call, lambda player: player.state())
    names = {clip.id: clip.name for _, clip in project.clips()}
    rows = []
    for track in project.tracks:
        now, after = state.clips.get(track.id), state.queue.get(track.id)
        if now or after:
            rows.append(
                LaunchRow(
                    track=track.id,
                    track_name=track.name,
                    plays=_clip(names, now),
                    then=_clip(names, after),
                    at=_here(project, after.tick) if after else None,
                )
            )
    return LaunchQueue(items=tuple(rows), empty="nothing was launched")


def _clip(names: dict[str, str], launched: Launched | None) -> LaunchedClip | None:
    if launched is None:
        return None
    return LaunchedClip(clip=launched.clip, clip_name=names.get(launched.clip or ""), tick=launched.tick)


@command("metronome", "metronome on", effects={"player"}, immediate=True)
async def metronome(call: Call, on: Toggle = None) -> Transport:
    """Click on every beat, higher on the first; without a word, switch."""
    state = await asked(call, lambda player: player.metronome(not player.state().metronome if on is None else on))
    return _answer(call, f"metronome {'on' if state.metronome else 'off'}", state)


@command("panic", "panic", effects={"player"}, immediate=True)
async def panic(call: Call) -> Transport:
    """Silence everything at once, tails and what hands hold too, and stop."""
    if call.studio.hands is not None:
        call.studio.hands.silence()
    state = await asked(call, lambda player: player.panic())
    return _answer(call, "silent", state)


@command("lamps", "lamps", effects={"player"})
async def lamps(call: Call) -> Transport:
    """Say which tracks went over 0 dBFS, and put out their clipping lamps."""
    state = await asked(call, lambda player: player.state())
    names = [track.name for track in call.project.tracks if track.id in state.clipped]
    await asked(call, lambda player: player.put_out_lamps())
    words = f"over 0 dBFS: {', '.join(names)}; the lamps are out" if names else "no track went over 0 dBFS"
    return _answer(call, words, state)


@command("position", "position", effects={"player"})
async def position(call: Call) -> Transport:
    """Say where the music is (bar.beat.sixteenth), and on which engine."""
    project, state = call.project, await asked(call, lambda player: player.state())
    tick = max(0.0, state.tick_at(project, time.monotonic()))
    words = f"{state.transport} at {_here(project, tick)}, "
    return _said(call, f"{words}engine: {state.sound or 'not started'}", state, True, tick)


class MarginRow(Row):
    """How many bundles were sent less than so many ms before their time; 0: after it."""

    under_ms: int
    bundles: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return ("late" if self.under_ms == 0 else f"under {self.under_ms} ms early", self.bundles)


class Punctuality(Listing[MarginRow]):
    """How punctual the player is since its start; `settled`: its clock is exact to the sample."""

    headings = ("bundles sent", "how many")

    sent: int
    late: int
    worst_margin_ms: float
    load_percent: float
    peak_percent: float
    settled: bool
    dropouts: int
    restarts: int


@command("timing", "timing", effects={"player"})
async def timing(call: Call) -> Punctuality:
    """Show how punctual the player is: how long before their time bundles were sent, late ones, the engine's load.

    A bundle should be more than 10 ms early. Dropouts are leaps of the engine's samples: sound the card missed.
    """
    found = await asked(call, lambda player: player.timing())
    rows = tuple(MarginRow(under_ms=edge, bundles=count) for edge, count in found.margins_ms)
    clock = "exact to the sample" if found.settled else "settling (2 s after the start)"
    note = (
        f"{found.sent} bundles, {found.late} late, the nearest {found.worst_margin_ms:g} ms early; engine load "
        f"{found.load_percent:g} %, peak {found.peak_percent:g} %; dropouts {found.dropouts}; clock {clock}; "
        f"restarts {found.restarts}"
    )
    figures = found.model_dump(exclude={"margins_ms"})
    return Punctuality(items=rows, **figures, note=note, empty=note)
