"""An automation take: what was moved while the music ran, pass by pass, as points of envelopes."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from hardcore.music.ticks import MAX_TICKS, SIXTEENTH, WHOLE
from hardcore.project import lanes
from hardcore.project.automation import parameter_of
from hardcore.project.clip import AutomationPoint
from hardcore.project.envelopes import MOST_POINTS, Points
from hardcore.project.lanes import Lane
from hardcore.project.playback import Playback
from hardcore.project.scope import Stretch
from hardcore.project.state import ProjectState

# A value that lasts longer than this before the next one was held; what is shorter is on its way there.
HELD_TICKS = SIXTEENTH // 2
_BEAT = WHOLE // 4


class Place(NamedTuple):
    """Where the music is for one track.

    clip        the clip that is heard, None: the song
    tick        in the clip, or of the song
    start, end  the stretch that repeats, in ticks
    at_s        when that is, seconds of the machine's steady clock
    """

    clip: str | None
    tick: int
    start: int
    end: int
    at_s: float


def place_of(project: ProjectState, now: Playback, track: str, at_s: float) -> Place:
    """Return where the music is for a track at a time near now, while it plays."""
    tick = now.looped(project, project.tempo_map.ticks(max(0.0, now.seconds_at(project, at_s))))
    start, end = 0, MAX_TICKS
    if now.loop is not None and now.tick < now.loop.end_ticks:
        start, end = now.loop.start_ticks, now.loop.end_ticks
    launched = now.clips.get(track)
    clips = project.find_track(track).clips
    clip = next((one for one in clips if launched is not None and one.id == launched.clip), None)
    if launched is not None and clip is not None and launched.tick <= tick:
        inside = int(tick - launched.tick) % clip.length_ticks
        return Place(clip.id, inside, 0, clip.length_ticks, at_s)
    return Place(None, int(tick), start, end, at_s)


@dataclass(slots=True)
class _Pass:
    """Moves over one stretch of a clip or the song, (tick, value) in order, and where it ends."""

    clip: str | None
    moves: list[tuple[int, float]]
    end: int = 0

    def points(self, near: float) -> Points:
        """Return the points of the way, each at most `near` off; what was only held is one point."""
        made = dict(self.moves[:1])
        for (tick, value), (after, moved) in pairwise(self.moves):
            if after - tick > HELD_TICKS:
                made[after - 1] = value
            made[after] = moved
        points = [AutomationPoint(tick=tick, value=made[tick]) for tick in sorted(made)]
        if all(point.value == points[0].value for point in points):
            points = points[:1]
        *kept, last = lanes.thinned(points, near)
        return (*kept, last.evolve(shape="step"))


@dataclass(slots=True)
class LaneTake:
    """The moves of one parameter of a track; `owner` and `key` say which (see `Lane`). `value` is the latest."""

    track: str
    owner: str
    key: str
    value: float
    _last: Place | None = None
    _passes: list[_Pass] = field(default_factory=list)

    def move(self, project: ProjectState, place: Place, value: float) -> None:
        """Take in that the parameter is at a value from a place on."""
        self._go_on(project, place)
        moves = self._passes[-1].moves
        while moves and moves[-1][0] >= place.tick:
            moves.pop()
        moves.append((place.tick, value))
        self._last, self.value = place, value

    def end(self, project: ProjectState, place: Place) -> None:
        """Take in that the parameter was held up to a place, where the take ends."""
        self._go_on(project, place)
        self._passes[-1].end = place.tick

    def _go_on(self, project: ProjectState, place: Place) -> None:
        """Let the present pass reach a place: round the loop, or anew where the music went elsewhere."""
        last = self._last
        if last is None or not self._passes or last.clip != place.clip:
            if last is not None and self._passes:
                self._passes[-1].end = last.tick + HELD_TICKS
            self._passes.append(_Pass(place.clip, []))
            return
        ran = (place.at_s - last.at_s) * project.tempo_map.at(last.tick) * _BEAT / 60
        size, went = place.end - place.start, place.tick - last.tick
        rounds = round((ran - went) / size)
        if abs(ran - went - rounds * size) > SIXTEENTH or rounds < 0:
            self._passes[-1].end = last.tick + HELD_TICKS
            self._passes.append(_Pass(place.clip, []))
        elif rounds > 0:
            self._passes[-1].end = place.end
            if rounds > 1:
                self._passes.append(_Pass(place.clip, [(place.start, self.value)], place.end))
            self._passes.append(_Pass(place.clip, [(place.start, self.value)]))

    def written(self, project: ProjectState, share: float) -> ProjectState:
        """Return the project with the take in its envelopes, within a share (0–1) of the range; the last pass counts.

        What the project no longer has is left out.
        """
        for one in self._passes:
            lane = self._lane(project, one.clip)
            if lane is None or not one.moves:
                continue
            low, high = lane.parameter.low, lane.parameter.high
            one.moves = [(tick, min(max(value, low), high)) for tick, value in one.moves]
            near = share * (high - low)
            points = one.points(near)
            while len(points) > MOST_POINTS // 2:
                near *= 2
                points = one.points(near)
            start = points[0].tick
            stretch = Stretch(start, max(one.end, points[-1].tick + 1, start + 2))
            project = lanes.ramp(project, lane, stretch, (low, high), drawn=points)
        return project

    def lifted(self, project: ProjectState) -> ProjectState:
        """Return the project without envelopes of the parameter, so that it is heard as it is set."""
        key = (self.owner, self.key)
        track = project.find_track(self.track)
        clips = tuple(
            clip.evolve(automation=tuple(one for one in clip.automation if one.key != key)) if clip.automation else clip
            for clip in track.clips
        )
        own = tuple(one for one in track.automation if one.key != key)
        return project.with_track(track.id, lambda one: one.evolve(clips=clips, automation=own))

    def _lane(self, project: ProjectState, clip: str | None) -> Lane | None:
        track = next((one for one in project.tracks if one.id == self.track), None)
        if track is None or (clip is not None and all(one.id != clip for one in track.clips)):
            return None
        parameter = parameter_of(track, self.owner, self.key)
        return None if parameter is None else Lane(track.id, clip, self.owner, parameter, self.key, track.name)
