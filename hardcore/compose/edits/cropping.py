"""Cropping: a stretch of the loop, as it is; the rest is cut off."""

from functools import partial

from hardcore.compose.edits.length import bars_of, scenes_of, told, with_clips
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project import lyrics
from hardcore.project.clip import Clip
from hardcore.project.envelopes import looped
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.scene import Scene
from hardcore.project.scope import Scope, Stretch, length_bars
from hardcore.project.scopededits import cut_out
from hardcore.project.sections import delete_time
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def crop(project: ProjectState, bars: int, first: int = 1, scene: Scene | None = None) -> Outcome:
    """Return the project with `bars` bars of its scenes, or of one, from bar `first` (from 1) on, and nothing else.

    Notes that sound into the stretch begin with it, those that ring out of it end with it. Raises UserError.
    """
    done: dict[str, int] = {}
    old, said = project, []
    for one in scenes_of(project, scene):
        there = bars_of(old, one)
        if first + bars - 1 > there:
            raise UserError(f"scene {one.name} has {there:g} bars", "length makes it longer")
        start, end = (old.meter_map.bar_start(bar) for bar in (first - 1, first + bars - 1))
        project, changed = with_clips(project, one, done, partial(_cropped, start=start, end=end))
        said += [(one.name, there, bars, changed)] if changed else []
    if not said:
        raise UserError(f"it is {bars} bars long already")
    return Outcome(project, told("cropped", said))


def only_there(project: ProjectState, scope: Scope) -> ProjectState:
    """Return a project that is nothing but one stretch of the piece, as it plays there. Raises UserError."""
    first, last = scope.bars(project)
    if not project.arrangement:
        whole = (first, last) == (1, length_bars(project))
        return project if whole else crop(project, last - first + 1, first).project
    after = length_bars(project) - last
    project = delete_time(project, last, after) if after else project
    return delete_time(project, 0, first - 1) if first > 1 else project


def _cropped(track: Track, clip: Clip, start: int, end: int) -> Clip:
    return cropped(clip, start, end)


def cropped(clip: Clip, start: int, end: int) -> Clip:
    """Return [start, end) of a clip as it loops; one whose rounds fit the stretch as they are stays the same."""
    size = clip.length_ticks
    if start % size == 0 and (end - start) % size == 0:
        return clip
    if clip.region is not None:
        return cut_out(clip, clip.id, start, Stretch(start, end))
    notes: list[Note] = []
    for base in range(start // size * size, end, size):
        for note in clip.notes:
            first, last = max(base + note.start_ticks, start), min(base + note.end_ticks, end)
            if first < last:
                notes.append(note._replace(start_ticks=first - start, length_ticks=last - first))
    envelopes = tuple(one.evolve(points=looped(one, size, start, end - start)) for one in clip.automation)
    words = lyrics.looped(clip.lyrics, size, start, end - start)
    return clip.evolve(length_ticks=end - start, notes=NoteBlock.of(notes), automation=envelopes, lyrics=words)
