"""Micro-timing: how far notes are played from where they stand: earlier, later, looser, tighter.

It is written into the notes, beside what a groove does, in ticks: at another tempo it is as much of a beat as before.
"""

from collections.abc import Callable, Sequence

from hardcore.compose.chance import stream
from hardcore.compose.edits.outcome import Outcome
from hardcore.music.tempo import PPQ
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.notes import Note
from hardcore.project.roles import TRANSITIONS
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

LOOSEST_TICKS = 90  # 20 ms at 140 BPM: what 100 % moves a note at most
FURTHEST_TICKS = PPQ  # what a note can hold
_Change = Callable[[Clip], Clip]


def shift(project: ProjectState, selected: Sequence[Selected], ms: float) -> Outcome:
    """Return the project with parts played later by `ms` at its first tempo, earlier below 0."""
    ticks = round(ms / 60_000 * project.tempo_map.bpm * PPQ)

    def moved(note: Note) -> Note:
        offset = min(max(note.offset_ticks + ticks, -FURTHEST_TICKS), FURTHEST_TICKS)
        return note._replace(offset_ticks=offset)

    return _played(
        project,
        selected,
        lambda clip: clip.evolve(notes=clip.notes.map(moved)),
        _late_ms,
        f"{ms:g} ms is less than a tick" if not ticks else f"as far as it goes ({FURTHEST_TICKS} ticks, a beat)",
    )


def humanize(project: ProjectState, selected: Sequence[Selected], percent: float, seed: int) -> Outcome:
    """Return the project with notes of parts drawn further from where they stand, by up to `percent` of 90 ticks.

    Each is moved by a third of that at least, away from the grid, so that what is loose gets looser. Notes that start
    together stay together.
    """
    most = round(LOOSEST_TICKS * percent / 100)

    def loosened(clip: Clip) -> Clip:
        chance, drawn = stream(seed, "loose", clip.id), dict[int, int]()
        for note in clip.notes:
            away = chance.randint(most // 3, most)
            late = note.offset_ticks > 0 or (note.offset_ticks == 0 and chance.random() < 0.5)
            # never before the start of the clip, where nothing is heard
            early = not late and (note.start_ticks + note.offset_ticks - away >= 0 or note.offset_ticks < 0)
            drawn.setdefault(note.start_ticks, -away if early else away)
        return clip.evolve(notes=clip.notes.map(lambda note: _moved(note, drawn[note.start_ticks])))

    return _played(project, selected, loosened, _loose_ms, "that is too little to move anything")


def _moved(note: Note, ticks: int) -> Note:
    limit = max(PPQ // 8, abs(note.offset_ticks))
    return note._replace(offset_ticks=min(max(note.offset_ticks + ticks, -limit), limit))


def tighten(project: ProjectState, selected: Sequence[Selected], percent: float) -> Outcome:
    """Return the project with notes of parts nearer to where they stand by `percent` of the way; 100 is there."""
    left = 1 - percent / 100

    def tightened(clip: Clip) -> Clip:
        return clip.evolve(notes=clip.notes.map(lambda n: n._replace(offset_ticks=int(n.offset_ticks * left))))

    return _played(project, selected, tightened, _loose_ms, "it is exact already")


def _played(
    project: ProjectState, selected: Sequence[Selected], change: _Change, measure: Callable[..., float], why: str
) -> Outcome:
    said, failed, bpm = [], [], project.tempo_map.bpm
    for track, clips in selected:
        if track.role in TRANSITIONS and len(selected) > 1:
            continue  # what ends with the scene stays where it stands
        new = [change(clip) for clip in clips]
        if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
            failed.append(f"{track.name}: {why}")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        said.append(f"{track.name}: {measure(clips, bpm):.1f} → {measure(new, bpm):.1f} ms {_WORDS[measure]}")
    return Outcome(project, tuple(said), tuple(failed))


def _late_ms(clips: Sequence[Clip], bpm: float) -> float:
    """Return how late notes are on average, ms; early is below 0."""
    return _mean_ms([note.offset_ticks for clip in clips for note in clip.notes], bpm)


def _loose_ms(clips: Sequence[Clip], bpm: float) -> float:
    """Return how far notes are from where they stand on average, ms."""
    return _mean_ms([abs(note.offset_ticks) for clip in clips for note in clip.notes], bpm)


def _mean_ms(ticks: Sequence[int], bpm: float) -> float:
    return sum(ticks) / max(len(ticks), 1) / PPQ * 60_000 / bpm + 0.0


_WORDS: dict[Callable[..., float], str] = {_late_ms: "late", _loose_ms: "off the grid"}
