"""Feedback: what faders and buttons on a network show: every address that differs from what they were told before."""

from collections.abc import Iterator

from hardcore.commands.performance.maptarget import Range, target_of
from hardcore.project.launching import launched_scene
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.surfaces.osc.addresses import Value

Told = tuple[str, tuple[Value, ...]]


class Feedback:
    """What one subscriber was told."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Value, ...]] = {}

    def changes(self, project: ProjectState, playback: Playback | None, now_s: float) -> list[Told]:
        """Return addresses and values that are new since the last time."""
        fresh = dict(_state(project, playback or Playback(), now_s))
        found = [(address, values) for address, values in fresh.items() if self._known.get(address) != values]
        self._known = fresh
        return found


def _state(project: ProjectState, playback: Playback, now_s: float) -> Iterator[Told]:
    yield "/transport/playing", (int(playback.playing),)
    yield "/tempo", (float(project.tempo_map.bpm),)
    yield "/crossfade", (round((project.master.mixer.crossfade + 1) / 2, 4),)
    at = project.meter_map.position(int(max(0.0, playback.tick_at(project, now_s))))
    yield "/position", (at.bar, at.beat)
    scene = launched_scene(project, playback.clips)
    yield "/scene", (scene.name if scene is not None and playback.playing else "",)
    for track in project.tracks:
        name = track.name.replace(" ", "_")
        yield f"/track/{name}/gain", (float(track.mixer.gain_db),)
        yield f"/track/{name}/pan", (float(track.mixer.pan),)
        yield f"/track/{name}/mute", (int(track.mixer.mute),)
        yield f"/track/{name}/solo", (int(track.mixer.solo),)
        target = target_of(project, f"track gain {track.id}")
        assert target is not None
        yield f"/track/{name}/fader", (round(Range(target.parameter).share(target.value), 4),)
