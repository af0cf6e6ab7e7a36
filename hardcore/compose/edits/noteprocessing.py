"""Note processing: notes of parts backwards, broken into arpeggios, struck several times."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

from hardcore.compose.edits.density import grouped
from hardcore.compose.edits.outcome import Outcome
from hardcore.project.clip import Clip
from hardcore.project.clips import block, replace_clip, reverse_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

Way = Literal["up", "down", "up-down"]


def reverse(project: ProjectState, selected: Sequence[Selected]) -> Outcome:
    """Return the project with the clips of parts played backwards: ends become starts, envelopes are mirrored."""
    said, failed = [], []
    for track, clips in selected:
        for clip in clips:
            project = reverse_clip(project, clip.id)
        if all(project.find_clip(clip.id)[1] == clip for clip in clips):
            failed.append(f"{track.name} is the same backwards")
        else:
            said.append(f"{track.name}: {_count(clips)} notes backwards")
    return Outcome(project, tuple(said), tuple(failed))


def ratchet(project: ProjectState, selected: Sequence[Selected], count: int, every: int = 1) -> Outcome:
    """Return the project with each (or each `every`-th) note of parts struck `count` times in its length, 1 to 16."""

    def struck(clip: Clip) -> NoteBlock:
        chosen = set(list(grouped(clip.notes))[every - 1 :: every])
        return clip.notes.map(lambda note: note._replace(ratchet=count) if note.start_ticks in chosen else note)

    words = "one hit a note again" if count == 1 else f"struck {count} times"
    return _changed(project, selected, struck, words, f"is struck {count} times a note already")


def arpeggiate(project: ProjectState, selected: Sequence[Selected], rate_ticks: int, way: Way = "up") -> Outcome:
    """Return the project with chords of parts broken: their notes one after the other, a step each, while they last."""
    return _changed(
        project,
        selected,
        lambda clip: _broken(clip, rate_ticks, way),
        f"{way} in steps of {rate_ticks / 1920:.3g} beats",
        "plays one note at a time",
    )


def _broken(clip: Clip, rate: int, way: Way) -> NoteBlock:
    groups = grouped(clip.notes)
    ends = [*list(groups)[1:], *([clip.length_ticks] if groups else [])]
    found: list[Note] = []
    for (start, group), after in zip(groups.items(), ends, strict=True):
        if len(group) < 2:
            found += group
            continue
        last = min(max(note.end_ticks for note in group), after)
        row = _order(sorted(group, key=lambda note: note.pitch), way)
        steps = list(range(start, max(last, start + 1), rate))
        for place, (at, stop) in enumerate(pairwise([*steps, last])):
            note = row[place % len(row)]
            found.append(note._replace(start_ticks=at, length_ticks=max(stop - at, 1)))
    return block(found)


def _order(rising: Sequence[Note], way: Way) -> list[Note]:
    if way == "down":
        return list(rising)[::-1]
    return [*rising, *list(rising)[-2:0:-1]] if way == "up-down" else list(rising)


def _changed(
    project: ProjectState, selected: Sequence[Selected], change: Callable[[Clip], NoteBlock], words: str, why: str
) -> Outcome:
    said, failed = [], []
    for track, clips in selected:
        new = [clip.evolve(notes=change(clip)) for clip in clips]
        if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
            failed.append(f"{track.name} {why}")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        before, after = _count(clips), _count(new)
        said.append(f"{track.name}: {before if before == after else f'{before} → {after}'} notes, {words}")
    return Outcome(project, tuple(said), tuple(failed))


def _count(clips: Sequence[Clip]) -> int:
    return sum(len(clip.notes) for clip in clips)
