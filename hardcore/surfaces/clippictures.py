"""What a view draws of clips: where their notes lie, or how loud their sound is, as numbers that fit any size."""

from collections.abc import Collection
from typing import Any

from hardcore.commands.core.results import counted
from hardcore.music.pitch import note_name
from hardcore.project import waveform
from hardcore.project.clip import Clip
from hardcore.project.state import ProjectState

# A clip's length in a picture of its notes, and the bars of a waveform.
COLUMNS, BARS = 256, 128
_WORD = (1 << 64) - 1


def version(clip: Clip) -> str:
    """Return what changes, within this process, when the picture of a clip does."""
    return f"{hash((clip.length_ticks, clip.notes.chunks, clip.region)) & _WORD:016x}"


def pictures(project: ProjectState, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the pictures of clips by their ids, as JSON-ready data; of ids that there are not, nothing.

    version  as of `version`
    ticks    the clip's length
    words    what is drawn, for who does not see it
    notes    [column, columns, pitch, velocity] each, of COLUMNS from its start to its end
    levels   of an audio clip: BARS peaks from its start to its end, 0 to 1
    """
    clips = (clip for track in project.tracks for clip in track.clips if clip.id in names)
    return {clip.id: {"version": version(clip), "ticks": clip.length_ticks, **_drawn(project, clip)} for clip in clips}


def _drawn(project: ProjectState, clip: Clip) -> dict[str, Any]:
    if clip.region is not None:
        levels = [round(level, 3) for level in waveform.levels(project.tempo_map, clip, BARS)]
        return {"words": "audio", "levels": levels}
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for note in clip.notes:
        column = min(note.start_ticks * COLUMNS // clip.length_ticks, COLUMNS - 1)
        width = max(1, note.length_ticks * COLUMNS // clip.length_ticks)
        cells[column, note.pitch] = max(cells.get((column, note.pitch), (0, 0)), (width, note.velocity))
    notes = [[column, width, pitch, velocity] for (column, pitch), (width, velocity) in cells.items()]
    return {"words": _words(clip, sorted({pitch for _, pitch in cells})), "notes": notes}


def _words(clip: Clip, pitches: list[int]) -> str:
    if not pitches:
        return "empty"
    low, high = note_name(pitches[0]), note_name(pitches[-1])
    return f"{counted(len(clip.notes), 'note')}, {low}" + (f" to {high}" if high != low else "")
