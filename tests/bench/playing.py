"""From a key press to sound: the start of play, and an edit while it plays; and what a player takes of a core.

Linux only: it needs a recorded device.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from hardcore.music.tempo import PPQ
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from tests.bench.timing import Measure
from tests.player.device import FRAME_BYTES, PLUGINS, RATE, Recorder
from tests.player.jack import children
from tests.surfaces.screen import cpu_s

RUNS = 9
LOUD = 0.02
TRACKS = 24
# the longest tails, of a reverb after a delay, and two rests after them: a track's, and its group's
SILENT_S = 25.0


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times from `play` and from an edit to sound that leaves the engine."""
    if sys.platform != "linux":
        return
    place = folder / "device"
    place.mkdir()
    recorder = Recorder(place)
    os.environ["ALSA_CONFIG_PATH"] = str(recorder.config)
    if PLUGINS.is_dir():
        os.environ["ALSA_PLUGIN_DIR"] = str(PLUGINS)
    project = held()
    remote = Remote(project, EngineChoice, lambda: folder / "player.log")
    try:
        begun = perf_counter()
        remote.state()
        yield Measure("the player's process and engine start", perf_counter() - begun, "s")
        remote.play()
        first = [from_play(remote, recorder) for _ in range(RUNS)]
        yield Measure("start of sound after play", median(first), "ms", goal=0.15)
        edits = [from_edit(remote, recorder, project, number) for number in range(RUNS)]
        yield Measure("an edit of a fader to sound", median(edits), "ms", goal=0.1)
        remote.stop()
        yield Measure("a player at rest, of a core", share(remote), "%", goal=0.03)
        full, seldom = (playing_share(remote, crowd(project, sounding)) for sounding in (TRACKS, 1))
        yield Measure(f"{TRACKS} tracks with effects in groups play, of a core", full, "%")
        yield Measure("… one of them does, the others sleep", seldom, "%", "all of them", seldom / full)
    finally:
        remote.close()
        recorder.close()


def crowd(before: ProjectState, sounding: int) -> ProjectState:
    """Return a next version of the piece: tracks with effects, six to a group with a reverb; so many have notes."""
    project = before
    for number in range(TRACKS):
        if number % 6 == 0:
            project, group = tracks.add_track(project, f"group {number}", "group")
            project, _ = tracks.add_effect(project, group, "reverb")
        project, track = tracks.add_track(project, f"part {number}", instrument="pluck")
        for device in ("eq", "filter", "chorus", "delay"):
            project, _ = tracks.add_effect(project, track, device)
        project = tracks.route(project, track, group)
        if number < sounding:
            notes = [Note(at, PPQ // 4, 60) for at in range(0, 4 * PPQ, PPQ)]
            project, _ = clips.add_clip(project, track, "s2", 4 * PPQ, notes)
    return project


def playing_share(remote: Remote, project: ProjectState) -> float:
    """Return what a player takes of a core while it plays a project, once what is silent sleeps."""
    remote.stop()
    remote.follow(project)
    remote.play(0)
    return share(remote)


def share(remote: Remote) -> float:
    """Return what a player and its engine take of a core, for three seconds when what rings has rung out."""
    sleep(SILENT_S)
    remote.state()
    assert remote.process_id is not None
    processes = [remote.process_id, *children(remote.process_id)]
    before, begun = sum(map(cpu_s, processes)), perf_counter()
    sleep(3.0)
    return (sum(map(cpu_s, processes)) - before) / (perf_counter() - begun)


def held() -> ProjectState:
    """Return one long note."""
    project = new_project(seed=1)
    project, track = tracks.add_track(project, "sub", instrument="sub")
    return clips.add_clip(project, track, "s2", 1024 * PPQ, [Note(0, 1000 * PPQ, 45)])[0]


def loud(recorder: Recorder, since: int) -> bool:
    """Return whether anything since a frame is heard."""
    sound = recorder.sound(since)
    return bool(sound.size) and float(abs(sound).max()) > LOUD


def until(recorder: Recorder, wanted: bool) -> float:
    """Return when what comes out is (or is not) loud, on the steady clock, within 5 ms."""
    deadline = monotonic() + 5
    while monotonic() < deadline:
        since = recorder.frames
        while recorder.frames < since + RATE // 200:
            sleep(0.0005)
        if loud(recorder, since) is wanted:
            return monotonic()
    raise RuntimeError(f"{recorder.frames * FRAME_BYTES} bytes, and nothing changed")


def from_play(remote: Remote, recorder: Recorder) -> float:
    """Return the seconds from `play` to sound."""
    remote.stop()
    until(recorder, False)
    begun = monotonic()
    remote.play(0)
    return until(recorder, True) - begun


def from_edit(remote: Remote, recorder: Recorder, project: ProjectState, number: int) -> float:
    """Return the seconds from a mute to silence, or back to sound."""
    silent = number % 2 == 0
    begun = monotonic()
    remote.follow(project.with_mixer(project.find_track("sub").id, mute=silent))
    return until(recorder, not silent) - begun
