"""The samples that come with the program: what the sampler can play. They are read from their manifest, once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hardcore.errors import NotFound, UserError, nearest
from hardcore.paths import data_folder

SAMPLER = "sampler"
# The instruments that play samples.
MULTISAMPLE = "multisample"
PLAYERS = (SAMPLER, "slicer", "granular", MULTISAMPLE)
# What a sampler plays when nothing else is said.
DEFAULT_SAMPLE = "perc_wood"


@dataclass(frozen=True, slots=True)
class Sample:
    """One recorded sound of `frames` at `rate` Hz, in a file whose SHA-256 is known.

    root_note   MIDI note at which it plays at its own speed
    loop        whether its end runs on into its beginning
    device, notes, held_s, settings   what it was made from: an instrument, its notes, how long, its settings
    """

    name: str
    file: str
    sha256: str
    frames: int
    rate: int
    channels: int
    root_note: int
    loop: bool
    role: str
    licence: str
    device: str
    notes: tuple[int, ...]
    held_s: float
    settings: Mapping[str, float]

    @property
    def path(self) -> Path:
        """Return where its file lies. Raises UserError when the program's samples are missing."""
        return data_folder("samples") / self.file

    @property
    def seconds(self) -> float:
        """Return its length at its own speed, seconds."""
        return self.frames / self.rate

    @property
    def controls(self) -> dict[str, float]:
        """Return the sampler's parameters that come with the sample, unless a track sets them itself."""
        return {"loop": float(self.loop), "root_note": float(self.root_note)}


@cache
def samples() -> dict[str, Sample]:
    """Return every sample by name, in the manifest's order. Raises UserError when the manifest cannot be read."""
    path = data_folder("samples") / "manifest.json"
    try:
        entries = json.loads(path.read_text("utf-8"))["samples"]
        return {entry["name"]: _sample(entry) for entry in entries}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("the samples of the program cannot be read", f"install hardcore again ({path})") from error


def _sample(entry: dict[str, Any]) -> Sample:
    return Sample(**{**entry, "notes": tuple(entry["notes"])})


def sample(name: str) -> Sample:
    """Return the sample called `name`. Raises UserError naming the nearest one."""
    if name not in samples():
        raise NotFound(f"no sample '{name}'", nearest(name, samples()))
    return samples()[name]


def sample_for(role: str | None) -> Sample:
    """Return the sample a new sampler track of `role` plays: the first of that role, else DEFAULT_SAMPLE."""
    suited = [known for known in samples().values() if known.role == role]
    return suited[0] if suited else sample(DEFAULT_SAMPLE)
