"""Pieces that several tests of edits start from."""

from functools import cache

from hardcore.compose.form.song import composed
from hardcore.compose.producer import compose
from hardcore.language.prompt.understand import understand
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track

BAR = 7680
BEAT = 1920


@cache
def techno() -> ProjectState:
    """Return eight bars at 138 BPM in F minor with drums, bass, lead, pad, chords and a riser, made from a prompt."""
    return compose(
        understand("warehouse techno, 138 bpm, F minor, rolling bass, lead, snare, pad, chords, riser, 8 bars"), 7
    )


@cache
def trance() -> ProjectState:
    """Return a song of some sections, each with placements of its scene."""
    return composed(understand("a full uplifting trance song, 138 bpm, A minor"), 2)[0]


def made_by_hand(notes: dict[str, list[Note]], bars: int = 2) -> ProjectState:
    """Return a project of tracks with a clip each, in scene A; the name of a track is its role."""
    devices = {"kick": "kick909", "snare": "snare909", "hat_closed": "hat_closed", "bass": "reese", "lead": "supersaw"}
    project = new_project("by hand", seed=1)
    for role, row in notes.items():
        project, track_id = tracks.add_track(project, role, role=role, instrument=devices[role])  # type: ignore[arg-type]
        project, _ = clips.add_clip(project, track_id, "s2", bars * BAR, row)
    return project


def part(project: ProjectState, role: str) -> Track:
    """Return the first track of a role."""
    return next(track for track in project.tracks if track.role == role)


def starts(project: ProjectState, role: str) -> list[int]:
    """Return where the notes of a role's first clip stand."""
    return [note.start_ticks for note in part(project, role).clips[0].notes]
