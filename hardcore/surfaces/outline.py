"""The project as a view draws it: tracks, grid and arrangement, without the notes, so that it is read at every step."""

from typing import Any

from hardcore.project.playback import Playback
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from hardcore.surfaces.clippictures import version


def outline(project: ProjectState) -> dict[str, Any]:
    """Return title, tempo, key, tracks, the grid of scenes and the arrangement as JSON-ready data; times in ticks.

    `versions` of a track say which pictures of its clips have changed (`clippictures.py`).
    """
    meter = project.meter_map
    bars = starts(project.sections)
    return {
        "title": project.title,
        "bpm": project.tempo_map.bpm,
        "key": project.key.name,
        "tracks": [
            {
                "id": track.id,
                "name": track.name,
                "kind": track.kind,
                **track.mixer.model_dump(mode="json"),
                "clips": {clip.id: clip.name for clip in track.clips},
                "versions": {clip.id: version(clip) for clip in track.clips},
                "placements": [
                    {"clip": one.clip, "start": one.start_ticks, "length": one.length_ticks, "offset": one.offset_ticks}
                    for one in track.placements
                ],
            }
            for track in project.tracks
        ],
        "scenes": [{"id": one.id, "name": one.name, "slots": dict(one.slots)} for one in project.scenes],
        "sections": [
            {"id": one.id, "name": one.name, "bar": bar + 1, "bars": one.bars, "start": meter.bar_start(bar),
             "length": meter.bar_start(bar + one.bars) - meter.bar_start(bar), "energy": one.energy}
            for one, bar in zip(project.sections, bars, strict=False)
        ],
    }  # fmt: skip


def transport(playback: Playback | None, project: ProjectState, now_s: float) -> dict[str, Any]:
    """Return what a player does and where it is at `now_s` on the steady clock; nothing plays where there is none.

    clips, queue   ids by track: what was launched, and what waits for the grid
    """
    playback = playback or Playback()
    tick = max(0, int(playback.tick_at(project, now_s)))
    return {
        "playing": playback.playing,
        "tick": tick,
        "at": project.meter_map.place(tick),
        "sound": playback.sound,
        "clips": {track: launched.clip for track, launched in playback.clips.items()},
        "queue": {track: launched.clip for track, launched in playback.queue.items()},
    }
