"""From a key press to sound: the start of play, and an edit while it plays. Linux only: it needs a recorded device."""

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

RUNS = 9
LOUD = 0.02


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
    finally:
        remote.close()
        recorder.close()


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
