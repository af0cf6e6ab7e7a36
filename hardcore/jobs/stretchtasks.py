"""The task that stretches sounds. The library holds the interpreter for as long as it works: a worker does it."""

from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.errors import UserError
from hardcore.jobs.request import Progress
from hardcore.project import artifacts
from hardcore.project.artifact import SoundRef
from hardcore.project.state import ProjectState
from hardcore.project.stretching import KIND, Stretch, missing, with_stretched
from hardcore.workers.context import Context, Words

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio


def stretch(context: Context, stretches: list[Words]) -> Words:
    """Make sounds faster or slower and keep them, ready for the engine; return how many were made."""
    wanted = [Stretch(SoundRef.model_validate(one.pop("sound")), **one) for one in stretches]
    return {"made": make(wanted, context.progress)}


def stretched(project: ProjectState, progress: Progress) -> ProjectState:
    """Return a project as it is to be rendered: everything that it needs stretched is made first. Raises UserError."""
    make(missing(project), lambda share, words: progress(0.0, words))
    return with_stretched(project)


def make(wanted: list[Stretch], progress: Progress) -> int:
    """Make each of the stretches and keep it as an artifact; return how many. One whose sound is gone is left out."""
    from hardcore.jobs.artifactsound import keep_sound
    from hardcore.jobs.soundfiles import playable

    made = 0
    for place, one in enumerate(wanted):
        progress(place / len(wanted), f"stretching {one.sound.name}")
        source = artifacts.path_of(one.sound.artifact)
        if not source.is_file():
            continue
        audio = _stretched(source, one)
        known = keep_sound(
            audio, one.sound.rate, name=one.sound.name, kind=KIND, recipe=one.recipe, again=True,
            parents=[one.sound.artifact],
        )  # fmt: skip
        playable(artifacts.recording_of(known.sound), artifacts.path_of(known.sha256))
        made += 1
    return made


def _stretched(source: Path, one: Stretch) -> "Audio":
    """Return the sound of a stretch."""
    from hardcore.audio.intake import whole
    from hardcore.audio.stretch import stretched as faster

    audio, rate = whole(source)
    part = audio[:, one.first : one.first + one.frames]
    if not part.shape[1]:
        raise UserError(f"{one.sound.name} is shorter than it was")
    return faster(part, rate, one.factor, one.semitones)
