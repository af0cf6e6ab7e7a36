"""What a player says and is asked: where it is, what sounds, what waits. Values only; the player is a process."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from hardcore.model import Model
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import SIXTEENTH, WHOLE
from hardcore.project.retiming import Retiming
from hardcore.project.state import ProjectState
from hardcore.project.values import ClipId, Quantum, SceneId, TrackId, TransportState

__all__ = ["Arm", "Fired", "Launched", "LaunchedScene", "Loop", "Playback", "Quantum", "Timing", "next_on_grid"]

_PARTS = {"1/16": SIXTEENTH, "1/8": 2 * SIXTEENTH, "1/4": WHOLE // 4, "1/2": WHOLE // 2}


class Launched(Model):
    """A clip that loops on its track since `tick`; None: the track was stopped and keeps silent.

    repeat   while it waits: it begins again on every place of that grid, until `Session.let_go`
    since    where it was launched, from where what follows it is counted; None: at `tick`
    """

    clip: ClipId | None
    tick: int
    repeat: Quantum | None = None
    since: int | None = None


class LaunchedScene(Model):
    """A scene that was launched at a tick, or is to be; None: silence follows it."""

    scene: SceneId | None
    tick: int


class Loop(Model):
    """A stretch that repeats, [start, end) in ticks."""

    start_ticks: int
    end_ticks: Annotated[int, Field(gt=0)]


class Arm(NamedTuple):
    """Something that a rule does at a tick, told to the player ahead. It is done once: `key` says which it is.

    epoch   of the music: it rises at play, at a seek and where a loop begins again, so that a tick comes once in it
    action  {"do": launch, stop, pause, seek or audition, and what it needs}; without: it is only told
    """

    rule: str
    tick: int
    epoch: int
    action: dict[str, Any] = {}

    @property
    def key(self) -> tuple[str, int, int]:
        """Return what tells it from every other."""
        return self.rule, self.tick, self.epoch


class Fired(NamedTuple):
    """An arm whose tick was heard.

    did         what the player did of it; empty: it only tells
    late_ticks  how long after its tick that was
    error       why it could not be done, in one line
    """

    rule: str
    tick: int
    epoch: int
    did: str = ""
    late_ticks: int = 0
    error: str = ""


class Playback(Model):
    """The state of a player. At `at_s` on the machine's steady clock it is at `tick`, and moves on while `playing`.

    paused      it was stopped where it stands, to go on from there
    start_tick  where the last play began, and stop returns to
    clips       what was launched, by track: it takes the place of the track's arrangement
    queue       what waits for the grid, by track
    followers   what follows launched clips by itself, by track
    scene       the scene that was launched last
    next_scene  the scene that waits for the grid
    scene_follower  the scene that follows the launched one by itself
    retimings   tempos and meters that scenes have brought since play began
    song_at     where the song takes over from what was launched; None: it does not
    sound       the engine in words
    silent      whether nothing can be heard: there is no engine, only time
    trouble     what the user should know, one line; empty when all is well
    load_percent   the engine's load, None without one
    overloaded     whether the engine has more to do than it can: sound is lost, or soon will be
    peaks_db, rms_db   levels in dBFS by track, −100 for silence; the master's is what arrives at its guard
    cue         tracks that are heard on the cue output; with the clip that one of them plays there only, else None
    clipped     tracks that went over 0 dBFS since the lamps were put out
    restarts    how often the player or its engine ended unasked and was started again
    epoch       a number that rises at play, at a seek and where a loop begins again
    lap         how often the loop has begun again since the last play or seek
    """

    playing: bool = False
    paused: bool = False
    tick: float = 0
    at_s: float = 0
    start_tick: int = 0
    loop: Loop | None = None
    metronome: bool = False
    quantum: Quantum = "1"
    clips: Mapping[TrackId, Launched] = {}
    queue: Mapping[TrackId, Launched] = {}
    followers: Mapping[TrackId, Launched] = {}
    scene: LaunchedScene | None = None
    next_scene: LaunchedScene | None = None
    scene_follower: LaunchedScene | None = None
    retimings: tuple[Retiming, ...] = ()
    song_at: int | None = None
    sound: str = ""
    silent: bool = False
    trouble: str = ""
    load_percent: float | None = None
    overloaded: bool = False
    peaks_db: Mapping[TrackId, float] = {}
    rms_db: Mapping[TrackId, float] = {}
    clipped: tuple[TrackId, ...] = ()
    cue: Mapping[TrackId, Launched | None] = {}
    restarts: int = 0
    epoch: int = 0
    lap: int = 0

    @property
    def transport(self) -> TransportState:
        """Return whether it plays, pauses or is stopped."""
        return "playing" if self.playing else "paused" if self.paused else "stopped"

    @property
    def ran_ticks(self) -> int:
        """Return how many ticks its loop has gone back since the last play or seek."""
        return self.lap * (self.loop.end_ticks - self.loop.start_ticks) if self.loop is not None else 0

    def tick_at(self, project: ProjectState, now_s: float) -> float:
        """Return the tick at `now_s` on the steady clock: the loop is obeyed, the tempo map too."""
        if not self.playing:
            return self.tick
        return self.looped(project, project.tempo_map.ticks(self.seconds_at(project, max(now_s, self.at_s))))

    def seconds_at(self, project: ProjectState, now_s: float) -> float:
        """Return how many seconds into the song it is at `now_s`, before `at_s` too, as if a loop had no end."""
        return project.tempo_map.seconds(self.tick) + (now_s - self.at_s)

    def looped(self, project: ProjectState, tick: float) -> float:
        """Return where the loop has taken the music that would be at a tick without it."""
        if not self.loop or not self.tick < self.loop.end_ticks <= tick:
            return tick
        seconds = project.tempo_map.seconds
        start, end = seconds(self.loop.start_ticks), seconds(self.loop.end_ticks)
        return project.tempo_map.ticks(start + (seconds(tick) - end) % (end - start))


class Timing(Model):
    """How punctual the player is: since its start.

    margins_ms  bundles by how long before their time they were sent: (at most so many ms, how many)
    late        bundles that reached the engine after their time
    load        the engine's load in percent: average and peak
    settled     whether the sample clock stands on enough probes to be exact to the sample
    dropouts    leaps of the engine's samples against its time: sound that was lost on the way to the card
    """

    sent: int
    late: int
    margins_ms: tuple[tuple[int, int], ...]
    worst_margin_ms: float
    load_percent: float
    peak_percent: float
    settled: bool
    dropouts: int = 0
    restarts: int = 0


def next_on_grid(meters: MeterMap, tick: float, quantum: Quantum) -> int:
    """Return the first place of the grid at or after `tick`; a grid finer than a bar begins anew on every bar."""
    from math import ceil

    at = ceil(tick)
    if quantum == "none":
        return at
    bar = meters.bar_of(at)
    start, after = meters.bar_start(bar), meters.bar_start(bar + 1)
    if quantum in _PARTS:
        part = _PARTS[quantum]
        return min(start + -(-(at - start) // part) * part, after)
    first = bar if at == start else bar + 1
    count = int(quantum)
    return meters.bar_start(-(-first // count) * count)
