"""Moving a project to another key: notes by degree, tuned drums with them."""

from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.clip import Clip
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def in_key(project: ProjectState, key: Key) -> ProjectState:
    """Return the project in `key`: every note of a pitched track keeps its degree, drums that have no pitch stay."""
    old = project.key

    def moved(note: Note) -> Note:
        pitch = old.map_to(key, note.pitch)
        return note._replace(pitch=pitch if 0 <= pitch <= 127 else note.pitch)

    def clip_in_key(clip: Clip) -> Clip:
        return clip.evolve(notes=clip.notes.map(moved))

    def track_in_key(track: Track) -> Track:
        if track.instrument is None or not devices.instrument(track.instrument.device).pitched:
            return track
        return track.evolve(clips=tuple(clip_in_key(clip) for clip in track.clips))

    return project.evolve(key=key, tracks=tuple(track_in_key(track) for track in project.tracks))
