"""The session: which clips were launched on which tracks, and which wait for the grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import is_
from typing import Any, NamedTuple

from hardcore.music.meter import MeterMap
from hardcore.project.clip import Clip
from hardcore.project.follow import STOP, due_tick
from hardcore.project.following import clip_follower, scene_due, scene_follower
from hardcore.project.launching import scene_clips
from hardcore.project.placement import between
from hardcore.project.playback import Launched, LaunchedScene, next_on_grid
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing

Piece = tuple[int, tuple[int, str, int]]


class _Due(NamedTuple):
    """When something follows a clip: the first tick from `first` on, as long as nothing it depends on has changed."""

    first: int
    tick: int
    what: tuple[Launched, Clip, MeterMap]


@dataclass
class Session:
    """Launched clips and the queue, by track. A track that is in `clips` does not play its arrangement.

    `piece` is the one that they belong to: which project was opened, and what was made in it. Ids begin anew with every
    piece, so that what was launched in one says nothing about the next.
    """

    clips: dict[str, Launched] = field(default_factory=dict)
    queue: dict[str, Launched] = field(default_factory=dict)
    # The scene that was launched last, and the one that waits for the grid.
    scene: LaunchedScene | None = None
    next_scene: LaunchedScene | None = None
    # Another version is heard for a while: what it has no track for is launched again afterwards.
    provisional: bool = False
    piece: Piece = (0, (0, "", 0))
    # Nobody asked for what plays: it was the first scene while there was no song, and gives way to one.
    by_itself: bool = False
    # Tracks that are heard on the cue alone: what they play is no part of the music.
    apart: set[str] = field(default_factory=set)
    _left: dict[Piece, dict[str, Launched]] = field(default_factory=dict)
    _aside: dict[str, Launched] = field(default_factory=dict)
    _dues: dict[str, _Due] = field(default_factory=dict)
    _project: ProjectState | None = None
    _by_id: dict[str, Clip] = field(default_factory=dict)

    def without_apart(self, launched: dict[str, Launched]) -> dict[str, Launched]:
        """Return what was launched, by track, without what is heard on the cue alone."""
        return {track: one for track, one in launched.items() if track not in self.apart} if self.apart else launched

    def launch_first(self, project: ProjectState, tick: int) -> None:
        """Launch the first scene that has clips, at `tick`."""
        scene = next((scene for scene in project.scenes if scene.slots), None)
        if scene is not None:
            self.clips = {track: Launched(clip=clip, tick=tick) for track, clip in scene.slots.items()}
            self.scene = LaunchedScene(scene=scene.id, tick=tick)
            self.by_itself = True

    def follow(self, project: ProjectState, before: ProjectState) -> None:
        """Forget what was launched on tracks that are gone; a clip that is gone is silent.

        A track that was not there `before` joins the scene that plays, in step with it.
        """
        tracks = {track.id for track in project.tracks}
        known = self._aside | self.clips
        self.clips = {track: launched for track, launched in known.items() if track in tracks}
        gone = {track: launched for track, launched in (known | self.queue).items() if track not in tracks}
        self._aside = gone if self.provisional else {}
        self.queue = {track: launched for track, launched in self.queue.items() if track in tracks}
        for track in tracks - {track.id for track in before.tracks} - self.clips.keys() - self.queue.keys():
            self._join(project, track)

    def _join(self, project: ProjectState, track: str) -> None:
        """Launch the clip of a track that has just come, when most of what was launched is of its clip's scene."""
        launched = {known: one for known, one in (self.clips | self.queue).items() if one.clip is not None}
        for scene in project.scenes:
            others = [known for known, one in launched.items() if scene.slots.get(known) == one.clip]
            if track in scene.slots and 2 * len(others) > len(launched):
                place = self.queue if others[0] in self.queue else self.clips
                place[track] = Launched(clip=scene.slots[track], tick=launched[others[0]].tick)
                return

    def change(self, piece: Piece, project: ProjectState, tick: int, playing: bool) -> None:
        """Go on with another piece: what was launched in it when it was left, else its first scene, from `tick` on.

        While nothing is playing only what was launched in it is in place; `play` sees to the rest.
        """
        self._left[self.piece] = self.clips | self.queue
        kept = self._left.pop(piece, {})
        self.piece = piece
        self.clips, self.queue, self._aside, self.by_itself = {}, {}, {}, False
        self.scene = self.next_scene = None
        own = {track.id: track.places for track in project.tracks}
        for track, launched in kept.items():
            if track in own and (launched.clip is None or launched.clip in own[track]):
                self.clips[track] = launched.evolve(tick=tick)
        if not playing:
            return
        goes_on = any(track.placements and track.placements[-1].end_ticks > tick for track in project.tracks)
        if not any(launched.clip for launched in self.clips.values()) and not goes_on:
            self.launch_first(project, tick)
        self.clips, self.queue = {}, self.clips

    def forget(self) -> None:
        """Forget what was launched; what waits still comes."""
        self.clips.clear()
        self.scene = None
        self._aside.clear()
        self.by_itself = False

    def due(self, project: ProjectState, tick: int) -> list[str]:
        """Launch what waits for `tick` or before, and return those tracks; what repeats waits again.

        What follows by itself is launched too, where nothing waits that was launched by hand.
        """
        if self.next_scene is not None and self.next_scene.tick <= tick:
            self.scene, self.next_scene = self.next_scene, None
        self._queue_followers(project, tick)
        tracks = [track for track, launched in self.queue.items() if launched.tick <= tick]
        for track in tracks:
            launched = self.queue.pop(track)
            self.clips[track] = self._begun(project, track, launched, tick)
            if launched.repeat is not None:
                again = next_on_grid(project.meter_map, tick + 1, launched.repeat)
                self.queue[track] = launched.evolve(tick=again)
        return tracks

    def _begun(self, project: ProjectState, track: str, launched: Launched, tick: int) -> Launched:
        """Return what plays once it is launched at `tick`: a legato clip began where the clip before it did."""
        clip, before = self._clips(project).get(launched.clip or ""), self.clips.get(track)
        if clip is None or not clip.legato or before is None or not before.clip:
            return Launched(clip=launched.clip, tick=tick)
        return Launched(clip=clip.id, tick=before.tick, since=tick if clip.follow is not None else None)

    def _queue_followers(self, project: ProjectState, tick: int) -> None:
        """Queue what follows by itself at a tick: the scene's follower first, else those of clips."""
        after = self.scene_follower(project, tick)
        if after is not None and after.tick <= tick:
            row = next((scene for scene in project.scenes if scene.id == after.scene), None)
            self.scene = after if row is not None else None
            clips = scene_clips(project, row) if row is not None else dict.fromkeys(self.clips)
            self.queue = {track: Launched(clip=clip, tick=tick) for track, clip in clips.items()} | self.queue
        for track, clip, launched in list(self._followed(project)):
            if self._due(project, clip, launched, tick) <= tick and track not in self.queue:
                follower = clip_follower(project, track, clip, tick)
                if follower is not None:
                    self.queue[track] = Launched(clip=None if follower == STOP else follower, tick=tick)

    def followers(self, project: ProjectState, now: int) -> dict[str, Launched]:
        """Return what follows launched clips by itself, the first from a tick on, by track."""
        found = {}
        for track, clip, launched in self._followed(project):
            tick = self._due(project, clip, launched, now)
            follower = clip_follower(project, track, clip, tick)
            if follower is not None:
                found[track] = Launched(clip=None if follower == STOP else follower, tick=tick)
        return found

    def scene_follower(self, project: ProjectState, now: int) -> LaunchedScene | None:
        """Return the scene that follows by itself, the first from a tick on; None while another one waits."""
        if self.next_scene is not None or self.scene is None:
            return None
        tick = scene_due(project, self.scene, now)
        follower = scene_follower(project, self.scene.scene, tick) if tick is not None else None
        if tick is None or follower is None:
            return None
        return LaunchedScene(scene=None if follower == STOP else follower, tick=tick)

    def scenes(self, project: ProjectState, now: int) -> dict[str, Any]:
        """Return what a player says of scenes and followers; see `Playback`."""
        return {
            "followers": {track: one for track, one in self.followers(project, now).items() if track not in self.queue},
            "scene": self.scene,
            "next_scene": self.next_scene,
            "scene_follower": self.scene_follower(project, now),
        }

    def _followed(self, project: ProjectState) -> Iterable[tuple[str, Clip, Launched]]:
        clips = self._clips(project)
        for track, launched in self.clips.items():
            clip = clips.get(launched.clip or "")
            if clip is not None and clip.follow is not None:
                yield track, clip, launched

    def _due(self, project: ProjectState, clip: Clip, launched: Launched, now: int) -> int:
        """Return the first tick from `now` on at which something follows a launched clip."""
        assert clip.follow is not None
        what = (launched, clip, project.meter_map)
        known = self._dues.get(clip.id)
        if known is not None and known.first <= now <= known.tick and all(map(is_, known.what, what)):
            return known.tick
        since = launched.tick if launched.since is None else launched.since
        tick = due_tick(clip.follow, project.meter_map, since, clip.length_ticks, now)
        self._dues[clip.id] = _Due(now, tick, what)
        return tick

    def note_scene(self, scene: str | None, ticks: Sequence[int]) -> None:
        """Note that a scene was launched for these ticks; None: tracks stop, and with the last of them the scene."""
        if scene is not None:
            self.next_scene = LaunchedScene(scene=scene, tick=min(ticks))
        elif len(ticks) >= sum(launched.clip is not None for launched in self.clips.values()):
            self.scene = self.next_scene = None

    def leap(self, project: ProjectState, ticks: int) -> None:
        """Follow the music to another place: what follows by itself is due after as much of it as before."""
        for track, _, launched in list(self._followed(project)):
            since = launched.tick if launched.since is None else launched.since
            self.clips[track] = launched.evolve(since=since + ticks)
        if self.scene is not None:
            self.scene = self.scene.evolve(tick=self.scene.tick + ticks)

    def let_go(self, tracks: Iterable[str]) -> None:
        """Repeat the clips of tracks no longer; one that has not begun yet still does, once."""
        for track in tracks:
            waiting, now = self.queue.get(track), self.clips.get(track)
            if waiting is None or waiting.repeat is None:
                continue
            if now is not None and now.clip == waiting.clip:
                del self.queue[track]
            else:
                self.queue[track] = waiting.evolve(repeat=None)

    def next_tick(self, project: ProjectState, after: int, otherwise: int) -> int:
        """Return the next tick after `after` for which something waits, or at which something may follow."""
        waiting = [launched.tick for launched in self.queue.values() if launched.tick > after]
        waiting += [self._due(project, clip, launched, after + 1) for _, clip, launched in self._followed(project)]
        return min((*waiting, self.next_scene_tick(project, after, otherwise)), default=otherwise)

    def next_scene_tick(self, project: ProjectState, after: int, otherwise: int) -> int:
        """Return the next tick after `after` at which a scene begins or may follow."""
        ticks = [self.next_scene.tick] if self.next_scene is not None and self.next_scene.tick > after else []
        if self.scene is not None and (due := scene_due(project, self.scene, after + 1)) is not None:
            ticks.append(due)
        return min(ticks, default=otherwise)

    def playing(self, project: ProjectState, start: int, end: int, forever: int) -> list[Playing]:
        """Return what plays in [start, end): the launched clips, and the arrangement of the other tracks."""
        clips = self._clips(project)
        found = [
            Playing(track.id, clips[placed.clip], placed.start_ticks, placed.end_ticks, placed.offset_ticks)
            for track in project.tracks
            if track.placements and track.id not in self.clips
            for placed in between(track.placements, start, end)
        ]
        for track, launched in self.clips.items():
            if launched.clip is not None and launched.clip in clips:
                found.append(Playing(track, clips[launched.clip], launched.tick, forever))
        # A clip is cut where the next one of its track begins.
        ends = {track: launched.tick for track, launched in self.queue.items()}
        cut = [item._replace(end_ticks=min(item.end_ticks, ends.get(item.track_id, forever))) for item in found]
        return [item for item in cut if item.start_ticks < end and start < item.end_ticks]

    def along(self, project: ProjectState) -> bool:
        """Return whether some track still plays the arrangement, or there is none."""
        placed = [track.id for track in project.tracks if track.placements]
        return not placed or any(track_id not in self.clips for track_id in placed)

    def _clips(self, project: ProjectState) -> dict[str, Clip]:
        if project is not self._project:
            self._project = project
            self._by_id = {clip.id: clip for _, clip in project.clips()}
        return self._by_id

    def rewind(self, project: ProjectState, tick: int) -> None:
        """Move the origins of clips back by whole passes until they lie at or before `tick`."""
        clips = self._clips(project)
        for track, launched in self.clips.items():
            if launched.tick > tick and launched.clip in clips:
                length = clips[launched.clip].length_ticks
                self.clips[track] = launched.evolve(tick=launched.tick - -(-(launched.tick - tick) // length) * length)

    def restart(self, tick: int) -> None:
        """Let every launched clip begin at `tick`; what waits is launched too."""
        self.clips |= self.queue
        self.queue.clear()
        scene, self.next_scene = self.next_scene or self.scene, None
        self.scene = scene.evolve(tick=tick) if scene is not None else None
        self.clips = {track: Launched(clip=launched.clip, tick=tick) for track, launched in self.clips.items()}

    def jump(self, project: ProjectState, end: int, start: int) -> None:
        """Follow the music from `end` to `start`: what would have waited beyond the end is due at once."""
        self.rewind(project, start)
        self.leap(project, start - end)
        if self.next_scene is not None and self.next_scene.tick >= end:
            self.next_scene = self.next_scene.evolve(tick=start)
        late = {track: launched for track, launched in self.queue.items() if launched.tick >= end}
        self.queue |= {track: launched.evolve(tick=start) for track, launched in late.items()}
