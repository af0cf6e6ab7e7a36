"""Velocity: how hard notes of parts are struck, how much that differs, and how likely they are struck at all."""

from collections.abc import Callable, Mapping, Sequence

from hardcore.compose.chance import stream
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.outcome import Outcome
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

SOFTEST, HARDEST = 1, 127
Velocity = Callable[[Note], float]


def set_velocity(project: ProjectState, selected: Sequence[Selected], amount: Amount) -> Outcome:
    """Return the project with velocities of parts at a value, moved or multiplied, within 1 to 127."""
    return _struck(project, selected, lambda clip: lambda note: amount.of(note.velocity))


def spread_velocity(project: ProjectState, selected: Sequence[Selected], percent: float, seed: int) -> Outcome:
    """Return the project with velocities of each clip so far from their mean on average, in per cent of it.

    0 makes all the same. What is louder stays louder; where all are the same, chance decides which is.
    """

    def changed(clip: Clip) -> Velocity:
        mean = _mean([clip])
        away = _away([clip])
        if not away and percent:
            chance = stream(seed, "velocity", clip.id)
            drawn = {note[:3]: chance.uniform(-2, 2) for note in clip.notes}
            return lambda note: mean * (1 + drawn[note[:3]] * percent / 100)
        factor = percent / 100 * mean / away if away else 0
        return lambda note: mean + (note.velocity - mean) * factor

    return _struck(project, selected, changed)


def humanize_velocity(project: ProjectState, selected: Sequence[Selected], percent: float, seed: int) -> Outcome:
    """Return the project with each velocity of parts drawn by up to `percent` of itself, softer or harder."""

    def changed(clip: Clip) -> Velocity:
        chance = stream(seed, "force", clip.id)
        drawn = {note[:3]: chance.uniform(-percent, percent) / 100 for note in clip.notes}
        return lambda note: note.velocity * (1 + drawn[note[:3]])

    return _struck(project, selected, changed)


def set_probability(project: ProjectState, selected: Sequence[Selected], percent: int) -> Outcome:
    """Return the project with notes of parts that sound with such a chance on each pass, 0 to 100 %."""

    def chances(clips: Sequence[Clip]) -> str:
        found = sorted({note.probability for clip in clips for note in clip.notes})
        return f"{found[0]:g} %" if len(found) == 1 else f"{found[0]:g} to {found[-1]:g} %"

    said, failed = [], []
    for track, clips in selected:
        new = [clip.evolve(notes=clip.notes.map(lambda note: note._replace(probability=percent))) for clip in clips]
        if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
            failed.append(f"{track.name} has a chance of {percent} % already")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        said.append(f"{track.name}: chance {chances(clips)} → {chances(new)}")
    return Outcome(project, tuple(said), tuple(failed))


def _struck(project: ProjectState, selected: Sequence[Selected], change: Callable[[Clip], Velocity]) -> Outcome:
    said, failed = [], []
    for track, clips in selected:
        new, limited = [], 0
        for clip in clips:
            velocity = change(clip)
            wanted = {note[:3]: velocity(note) for note in clip.notes}
            limited += sum(not SOFTEST <= round(value) <= HARDEST for value in wanted.values())
            new.append(clip.evolve(notes=_with_velocities(clip.notes, wanted)))
        if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
            failed.append(f"{track.name} is at {_figures(clips)} already")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        line = f"{track.name}: velocity {_figures(clips)} → {_figures(new)}"
        said.append(line + (f", {limited} as far as they go ({SOFTEST} to {HARDEST})" if limited else ""))
    return Outcome(project, tuple(said), tuple(failed))


def _with_velocities(notes: NoteBlock, wanted: Mapping[tuple[int, int, int], float]) -> NoteBlock:
    """Return the notes as hard as `wanted` says by their start, length and pitch, within the range."""
    return notes.map(lambda n: n._replace(velocity=min(max(round(wanted[n[:3]]), SOFTEST), HARDEST)))


def _figures(clips: Sequence[Clip]) -> str:
    """Return the mean velocity of clips, and how far they are from it on average."""
    mean, away = _mean(clips), _away(clips)
    return f"{mean:.0f}" + (f" ± {away:.0f}" if away >= 0.5 else "")


def _mean(clips: Sequence[Clip]) -> float:
    velocities = [note.velocity for clip in clips for note in clip.notes]
    return sum(velocities) / max(len(velocities), 1)


def _away(clips: Sequence[Clip]) -> float:
    """Return the mean distance of velocities from the mean of their clip."""
    away = [abs(note.velocity - mean) for clip in clips for mean in (_mean([clip]),) for note in clip.notes]
    return sum(away) / max(len(away), 1)
