"""Projects with audio clips for tests: sounds that are kept as artifacts, on tracks of their own."""

from typing import Any

import numpy as np

from hardcore.audio.samples import Audio
from hardcore.jobs.artifactsound import keep_sound
from hardcore.music.tempo import PPQ
from hardcore.project import clips, tracks
from hardcore.project.artifact import Artifact
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState, new_project

RATE = 48_000
BAR = 4 * PPQ


def noise(seconds: float, channels: int = 2, seed: int = 1) -> Audio:
    """Return soft noise on a grid of 24 bits, so that it comes back from FLAC bit by bit."""
    values = np.random.default_rng(seed).integers(-(1 << 19), 1 << 19, (channels, round(seconds * RATE)))
    return (values / (1 << 23)).astype(np.float32)


def clicks(places: list[int], frames: int) -> Audio:
    """Return one channel of silence with a click at each place."""
    sound = np.zeros((1, frames), np.float32)
    sound[0, places] = 0.5
    return sound


def kept(sound: Audio, name: str = "sound", rate: int = RATE) -> Artifact:
    """Return the artifact of a sound."""
    return keep_sound(sound, rate, name=name, kind="import")


def with_audio(
    project: ProjectState | None, known: Artifact, length_ticks: int = BAR, name: str = "audio", **region: Any
) -> tuple[ProjectState, str, str]:
    """Return a project with an audio clip in its first scene, and the ids of track and clip."""
    project = project or new_project(seed=1)
    project, track = tracks.add_track(project, name, "audio")
    made = AudioRegion(**{"sound": known.sound, "frames": known.sound.frames, **region})
    project, clip = clips.add_clip(project, track, project.scenes[0].id, length_ticks, region=made)
    return project, track, clip
