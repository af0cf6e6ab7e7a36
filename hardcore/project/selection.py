"""Selection: the notes that an edit is about: parts with all their clips, or one clip alone."""

from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project.clip import Clip
from hardcore.project.clips import ensure_notes
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


class Selected(NamedTuple):
    """A track, and those of its clips that are meant."""

    track: Track
    clips: tuple[Clip, ...]


def select(project: ProjectState, reference: str) -> tuple[Selected, ...]:
    """Return what is meant by parts (`bass,lead`, `drums`, `all-kick`) or by a clip: `bass:A`, its name or its id.

    Raises UserError naming the nearest, or saying that there are no notes.
    """
    try:
        tracks = project.find_tracks(reference, members=True)
    except UserError:
        if ":" not in reference and not any(reference in (clip.id, clip.name) for _, clip in project.clips()):
            raise
        track, clip = project.find_clip(reference)
        ensure_notes(clip)
        return (Selected(track, (clip,)),)
    found = tuple(Selected(track, track.clips) for track in tracks if any(len(clip.notes) for clip in track.clips))
    if not found:
        raise UserError(f"{', '.join(track.name for track in tracks[:8])}: no notes there", "clip list shows the clips")
    return found
