"""Transitions: more and fewer risers and impacts, longer and shorter risers; what they lead to stays where it is."""

from itertools import pairwise

from hardcore.compose.changes.levels import gain
from hardcore.compose.changes.scope import Outcome, chosen
from hardcore.compose.orders import Order
from hardcore.project.clip import Clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def sections(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with twice or half as many of the named risers and impacts; where that cannot be, louder or
    quieter ones.
    """
    tracks, failed = chosen(project, order, lambda track: False)
    said: list[str] = []
    for track in tracks:
        before = sum(len(clip.notes) for clip in track.clips)
        for clip in track.clips:
            notes = _more(clip, track, project.meter_map.bar_ticks()) if order.sign > 0 else _fewer(clip, track)
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=NoteBlock.of(notes)))  # type: ignore[misc]
        after = sum(len(clip.notes) for clip in project.find_track(track.id).clips)
        said += [f"{track.name}: {before} → {after} notes"] if before != after else []
    if tracks and not said:
        return gain(project, order._replace(change="gain", value=None), seed)
    return Outcome(project, tuple(said), tuple(failed))


def _fewer(clip: Clip, track: Track) -> list[Note]:
    """Return every second note; a riser into the start of the scene and an impact on it stay."""
    notes = sorted(clip.notes)
    return notes[::-1][::2] if track.role == "riser" else notes[::2]


def _more(clip: Clip, track: Track, bar_ticks: int) -> list[Note]:
    """Return the notes with one more halfway between each two, on a bar line and where there is room for it."""
    notes = sorted(clip.notes)
    if track.role == "riser":
        places = [0, *(note.end_ticks for note in notes)]
    else:
        places = [*(note.start_ticks for note in notes), clip.length_ticks]
    found = list(notes)
    for note, (start, end) in zip(notes, pairwise(places), strict=True):
        half = (end - start) // 2 // bar_ticks * bar_ticks
        if half < max(note.length_ticks, bar_ticks):
            continue
        at = start + half - (note.length_ticks if track.role == "riser" else 0)
        found.append(note._replace(start_ticks=at))
    return found
