"""Articulation: how long notes of parts are held. What rings by itself decays longer, a riser climbs longer."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure, parameter_of, shown, turned
from hardcore.compose.form.transition import longest_ticks, retimed
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.parts import device_of, plays
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

STACCATO = 0.5
_SHORTEST = 120  # a 64th
_Held = Callable[[Clip, bool], NoteBlock]


def hold(project: ProjectState, selected: Sequence[Selected], factor: float) -> Outcome:
    """Return the project with notes of parts `factor` times as long; none reaches into the next of its voice.

    A drum that rings by itself decays so much longer; a riser climbs twice or half as long and ends where it ends.
    """

    def longer(clip: Clip, mono: bool) -> NoteBlock:
        return held(clip.notes, factor, clip.length_ticks, mono)

    return _articulated(project, selected, longer, factor)


def staccato(project: ProjectState, selected: Sequence[Selected]) -> Outcome:
    """Return the project with notes of parts half as long."""
    return hold(project, selected, STACCATO)


def legato(project: ProjectState, selected: Sequence[Selected]) -> Outcome:
    """Return the project with each note of parts held until the next one of them is struck."""
    return _articulated(project, selected, lambda clip, mono: joined(clip), None)


def _articulated(project: ProjectState, selected: Sequence[Selected], change: _Held, factor: float | None) -> Outcome:
    said, failed = [], []
    for track, clips in selected:
        if plays(track) and not device_of(track).gated:
            project, line = _decayed(project, track, factor) if factor else (project, "")
            why = "rings by itself" + (" as long as it can" if factor else ", it cannot be held")
        elif track.role == "riser":
            project, line = _climbing(project, track, clips, factor or 2.0)
            why = "climbs as long as it can"
        else:
            project, line = _with_lengths(project, track, clips, change)
            why = "has notes of that length already"
        said += [f"{track.name}: {line}"] if line else []
        failed += [] if line else [f"{track.name} {why}"]
    return Outcome(project, tuple(said), tuple(failed))


def _decayed(project: ProjectState, track: Track, factor: float) -> tuple[ProjectState, str]:
    parameter = parameter_of(device_of(track), ("decay", "release", "length"))
    if parameter is None:
        return project, ""
    project, before, after = turned(project, track, parameter, lambda value: value * factor)
    return project, shown(parameter, before, after) if before != after else ""


def _with_lengths(
    project: ProjectState, track: Track, clips: Sequence[Clip], change: _Held
) -> tuple[ProjectState, str]:
    mono = plays(track) and device_of(track).mono
    new = [clip.evolve(notes=change(clip, mono)) for clip in clips]
    if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
        return project, ""
    for clip in new:
        project = replace_clip(project, clip)
    before, after = (_mean_ticks(row) for row in (clips, new))
    return project, f"notes {before / SIXTEENTH:.2f} → {after / SIXTEENTH:.2f} sixteenths"


def _mean_ticks(clips: Sequence[Clip]) -> float:
    lengths = [note.length_ticks for clip in clips for note in clip.notes]
    return sum(lengths) / max(len(lengths), 1)


def held(notes: NoteBlock, factor: float, clip_ticks: int, mono: bool) -> NoteBlock:
    """Return the notes `factor` as long, none shorter than a 64th nor, when lengthened, into the next one."""
    ordered = list(notes)
    starts = sorted({note.start_ticks for note in ordered})
    after = dict(pairwise([*starts, clip_ticks]))
    again: dict[int, int] = {}
    changed = []
    for note in reversed(ordered):
        limit = after[note.start_ticks] if mono else again.get(note.pitch, clip_ticks)
        again[note.pitch] = note.start_ticks
        wanted = max(round(note.length_ticks * factor), min(_SHORTEST, note.length_ticks))
        room = max(limit - note.start_ticks, note.length_ticks)
        changed.append(note._replace(length_ticks=min(wanted, room)))
    return NoteBlock.of(changed)


def joined(clip: Clip) -> NoteBlock:
    """Return the notes of a clip, each held until the next is struck, the last until the clip comes round."""
    starts = sorted({note.start_ticks for note in clip.notes})
    after = dict(pairwise([*starts, clip.length_ticks + min(starts, default=0)]))
    return clip.notes.map(lambda note: note._replace(length_ticks=after[note.start_ticks] - note.start_ticks))


def _climbing(project: ProjectState, track: Track, clips: Sequence[Clip], factor: float) -> tuple[ProjectState, str]:
    """Return the project with a riser's notes twice or half as long, ending where they end, and what was said.

    None reaches further than halfway back to the one before, nor further than the instrument can climb.
    """
    longest = longest_ticks(device_of(track), project.tempo_map.bpm)
    new = [clip.evolve(notes=_reaching(clip.notes, 2.0 if factor > 1 else 0.5, longest)) for clip in clips]
    if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
        return project, ""
    for clip in new:
        project = replace_clip(project, clip)
    before, after = (_mean_ticks(row) for row in (clips, new))
    return retimed(project, track.id), f"climbs {figure(before / PPQ)} → {figure(after / PPQ)} beats"


def _reaching(notes: NoteBlock, factor: float, longest: int) -> NoteBlock:
    ends = [0, *(note.end_ticks for note in notes)]
    room = min((end - before for before, end in pairwise(ends)), default=0) // 2
    found: list[Note] = []
    for note in notes:
        wanted = round(note.length_ticks * factor)
        length = min(wanted, max(min(room, longest), note.length_ticks)) if factor > 1 else max(wanted, PPQ)
        length = length if factor > 1 else min(length, note.length_ticks)
        found.append(note._replace(start_ticks=note.end_ticks - length, length_ticks=length))
    return NoteBlock.of(found)
