"""Sounds that become artifacts: written as FLAC of 24 bits, whole and on the disk before anything names them.

    made = keep_sound(audio, 48000, name="riser", kind="render", recipe={…}, licence="CC0-1.0")
    taken = take_in(Path("loop.wav"))

In a worker: both load numpy, and `take_in` reads a file of unknown origin.
"""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.errors import UserError
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact, Recipe

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio


def keep_sound(
    audio: "Audio", rate: int, *, name: str, kind: str, recipe: Recipe | None = None, again: bool = False,
    parents: Collection[str] = (), licence: str | None = None, tags: Collection[str] = (),
) -> Artifact:  # fmt: skip
    """Return the artifact that a sound, float32 [channels, frames] of one or two channels, was kept as.

    What goes over full scale is turned down to it, and the artifact says by how much (`gain_db`). Raises UserError.
    """
    import numpy as np

    from hardcore.audio import files
    from hardcore.audio.samples import peak, scaled

    if not 1 <= audio.shape[0] <= 2:
        raise UserError(f"{name} has {audio.shape[0]} channels", "1 or 2")
    over = peak(audio)
    gain_db = 20 * float(np.log10(over)) if over > 1 else 0.0
    stage = artifacts.staged()
    try:
        fitting = scaled(audio, 1 / over) if over > 1 else audio
        written = files.write(stage, fitting, rate, depth="24")
        return artifacts.keep(
            stage, name=name[:80], frames=written.frames, rate=written.rate, channels=written.channels, kind=kind,
            recipe=recipe, again=again, parents=parents, licence=licence, tags=tags, gain_db=gain_db,
        )  # fmt: skip
    finally:
        stage.unlink(missing_ok=True)


def take_in(path: Path, name: str | None = None) -> Artifact:
    """Return the artifact of a sound file, read through the gate for files of unknown origin. Raises UserError."""
    from hardcore.audio.intake import whole
    from hardcore.project.recording import file_digest

    audio, rate = whole(path)
    recipe: Recipe = {"file": path.name[:200], "sha256": file_digest(path)}
    return keep_sound(audio, rate, name=name or path.stem or "sound", kind="import", recipe=recipe)
