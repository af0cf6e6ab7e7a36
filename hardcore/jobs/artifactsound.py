"""Sounds that become artifacts: written as FLAC of 24 bits, whole and on the disk before anything names them.

    made = keep_sound(audio, 48000, name="riser", kind="render", recipe={…}, licence="CC0-1.0")
    taken, heard = take_in(Path("loop.wav"))

In a worker: both load numpy, and `take_in` reads a file of unknown origin.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.errors import UserError
from hardcore.jobs.request import Progress
from hardcore.project import artifacts
from hardcore.project.artifact import MOST_PEAKS, Artifact, Recipe
from hardcore.project.recording import file_digest
from hardcore.project.soundfacts import said_bpm
from hardcore.project.values import clean_name
from hardcore.workers.context import Words

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

# Of stems that much is heard together: enough for tempo and key.
STEMS_HEARD_S = 180.0


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
            peaks=_peaks(fitting),
        )  # fmt: skip
    finally:
        stage.unlink(missing_ok=True)


def _peaks(audio: "Audio") -> list[int]:
    """Return the peaks of as many equal stretches of a sound as an artifact keeps, 0 to 255."""
    import numpy as np

    edges = np.unique(np.linspace(0, audio.shape[1], MOST_PEAKS + 1).astype(np.int64))
    loud = np.maximum.reduceat(np.abs(audio).max(axis=0), edges[:-1])
    return [int(value) for value in np.ceil(np.minimum(loud, 1.0) * 255)]


def take_in(path: Path) -> tuple[Artifact, Words]:
    """Return the artifact of a sound file, read through the gate for files of unknown origin, and what is heard in it.

    That is its tempo `bpm` and its `key`, None where there is none. Raises UserError.
    """
    from hardcore.audio.intake import whole

    audio, rate = whole(path)
    return _kept(path, audio, rate), heard_in(audio, rate, str(path))


def heard_in(audio: "Audio", rate: int, name: str) -> Words:
    """Return the tempo `bpm` and `key` that are heard in a sound, None where there is none; its name may say it."""
    from hardcore.audio.oneshots import HEARD_S, hear

    heard = hear(audio[:, : round(HEARD_S * rate)], rate, seconds=audio.shape[1] / rate, bpm_said=said_bpm(name))
    return {"bpm": heard.bpm, "key": heard.key}


def keep_file(path: Path, name: str) -> Artifact:
    """Return the artifact of a sound file of unknown origin under a name; nobody listens to it. Raises UserError."""
    from hardcore.audio.intake import whole

    audio, rate = whole(path)
    return _kept(path, audio, rate, name)


def take_in_stems(paths: Sequence[Path], progress: Progress) -> tuple[list[Artifact], Words]:
    """Return the artifacts of the sound files of one piece, and the tempo and key of what they are together.

    Raises UserError, naming the file that cannot be read.
    """
    import numpy as np

    from hardcore.audio.analysis import analyse
    from hardcore.audio.intake import whole

    known: list[Artifact] = []
    together, rate = np.zeros(0, np.float32), 0
    for place, path in enumerate(paths):
        progress(place / (len(paths) + 1), f"reading {path.name}")
        audio, own_rate = whole(path)
        known.append(_kept(path, audio, own_rate))
        rate = rate or own_rate
        if own_rate == rate:
            one = audio.mean(axis=0)[: round(STEMS_HEARD_S * rate)]
            together = np.pad(together, (0, max(0, len(one) - len(together))))
            together[: len(one)] += one
    progress(len(paths) / (len(paths) + 1), "listening")
    heard = analyse(together[None], rate)
    return known, {"bpm": heard.rhythm.tempo_bpm or None, "key": heard.harmony.name or None}


def _kept(path: Path, audio: "Audio", rate: int, name: str = "") -> Artifact:
    recipe: Recipe = {"file": (name or path.name)[:200], "sha256": file_digest(path)}
    return keep_sound(audio, rate, name=clean_name((name or path.stem)[:80]), kind="import", recipe=recipe)
