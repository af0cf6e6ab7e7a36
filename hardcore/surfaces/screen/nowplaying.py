"""What plays: the grid with a scene, or the song with a section; what comes next, and in how many bars."""

from math import ceil
from typing import NamedTuple

from hardcore.music.scale import Key
from hardcore.project.placement import between
from hardcore.project.playback import Launched
from hardcore.project.scene import Scene
from hardcore.project.section import starts
from hardcore.project.sectionkeys import key_at, lift_among, raised
from hardcore.project.state import ProjectState
from hardcore.surfaces.screen.cells import cut, safe
from hardcore.surfaces.screen.view import Shown


class Now(NamedTuple):
    """What plays: `grid`, `song`, both or nothing; the scene or section, what comes after it, in how many bars."""

    place: str = ""
    name: str = ""
    after: str = ""
    bars: int = 0

    def text(self) -> str:
        """Return it in words: `scene A, then B in 2 bars`, `song: build, then drop in 3 bars`."""
        if not self.place:
            return ""
        name = cut(safe(self.name), 16)
        what = {"song": f"song: {name}" if name else "song", "grid": name or "clips"}.get(self.place, f"{name} + song")
        if not self.after:
            return what
        return f"{what}, then {cut(safe(self.after), 16)} in {self.bars} bar{'' if self.bars == 1 else 's'}"


def now_playing(shown: Shown) -> Now:
    """Return what plays now; nothing while it is stopped."""
    if not shown.playback.playing:
        return Now()
    tick = max(0, int(shown.tick))
    scene, after = playing_scene(shown), _queued(shown)
    follows = shown.playback.scene_follower
    if not after and follows is not None:
        name = next((one.name for one in shown.project.scenes if one.id == follows.scene), "silence")
        return Now("grid", _playing_name(scene), name, _bars(shown.project, tick, follows.tick))
    if any(launched.clip for launched in shown.playback.clips.values()) or after:
        if shown.playback.song_at is not None:
            return Now("grid", _playing_name(scene), "the song", _bars(shown.project, tick, shown.playback.song_at))
        waits = max((launched.tick for launched in shown.playback.queue.values()), default=tick)
        placed = any(
            between(track.placements, tick, tick + 1) and track.id not in shown.playback.clips
            for track in shown.project.tracks
        )
        where = "grid + song" if placed else "grid"
        return Now(where, _playing_name(scene), after, _bars(shown.project, tick, waits))
    if not shown.project.arrangement:
        return Now()
    return _in_song(shown.project, tick)


def playing_key(shown: Shown) -> Key:
    """Return the key of what plays: of the section the song is in, or of what was launched where that is all."""
    project = shown.project
    if now_playing(shown).place != "grid":
        return key_at(project, max(0, int(shown.tick)))
    launched = {one.clip for one in shown.playback.clips.values()}
    heard = [(track, clip) for track, clip in project.clips() if clip.id in launched]
    return raised(project.key, lift_among(project, heard))


def _playing_name(scene: Scene | None) -> str:
    return f"scene {scene.name}" if scene is not None else "clips"


def _bars(project: ProjectState, tick: int, end: int) -> int:
    return max(1, ceil((end - tick) / project.meter_map.bar_ticks(tick)))


def _in_song(project: ProjectState, tick: int) -> Now:
    bars, bar = starts(project.sections), project.meter_map.bar_of(tick)
    place = next((at for at in range(len(project.sections)) if bars[at] <= bar < bars[at + 1]), None)
    if place is None:
        return Now("song")
    end = project.meter_map.bar_start(bars[place + 1])
    after = project.sections[place + 1].name if place + 1 < len(project.sections) else "end"
    return Now("song", project.sections[place].name, after, _bars(project, tick, end))


def playing_scene(shown: Shown) -> Scene | None:
    """Return the one scene that plays: what was launched is all of it and nothing else, or the song is in its section.

    Of several that play the same clips it is the focused one, else the first.
    """
    launched = {track: one.clip for track, one in shown.playback.clips.items() if one.clip is not None}
    if launched:
        told = shown.playback.scene
        known = next((one for one in shown.project.scenes if told is not None and one.id == told.scene), None)
        if known is not None and dict(known.slots) == launched:
            return known
        return _matching(shown, launched)
    tick = max(0, int(shown.tick))
    placed = {
        track.id: there.clip for track in shown.project.tracks for there in between(track.placements, tick, tick + 1)
    }
    section = _in_song(shown.project, tick).name.casefold()
    named = (scene for scene in shown.project.scenes if scene.name.casefold() == section and scene.slots)
    return next(named, None) or (_matching(shown, placed) if placed else None)


def _matching(shown: Shown, playing: dict[str, str]) -> Scene | None:
    found = [scene for scene in shown.project.scenes if scene.slots and dict(scene.slots) == playing]
    focused = shown.focus.scene(shown.project)
    return focused if focused in found else next(iter(found), None)


def _queued(shown: Shown) -> str:
    """Return what waits for the grid: a scene's name, a clip's, or nothing."""
    queue: dict[str, Launched] = dict(shown.playback.queue)
    if not queue:
        return ""
    clips = {track: one.clip for track, one in shown.playback.clips.items()}
    clips |= {track: one.clip for track, one in queue.items()}
    coming = {track: clip for track, clip in clips.items() if clip is not None}
    found = [scene for scene in shown.project.scenes if scene.slots and dict(scene.slots) == coming]
    # of those that share clips it is not the one that plays
    if found:
        return next((scene for scene in reversed(found) if scene is not playing_scene(shown)), found[0]).name
    names = {clip.id: clip.name for _, clip in shown.project.clips()}
    waiting = [names.get(one.clip, "") for one in queue.values() if one.clip is not None]
    return waiting[0] if len(waiting) == 1 else f"{len(waiting)} clips" if waiting else "silence"
