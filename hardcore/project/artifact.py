"""An artifact: a sound that was taken in or made, as a file of its own, known by its content and how it came to be."""

import json
from hashlib import blake2b
from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.project.recording import LARGEST_FILE, Recording, Sha256
from hardcore.project.values import GainDb, Name

MOST_TAGS, MOST_PARENTS, MOST_PEAKS, LARGEST_RECIPE = 64, 256, 1024, 1 << 18
# What a project may keep of its artifacts, in its file and in the user's folder: FLAC, so about thirty hours of stereo.
LARGEST_TOTAL = 8 << 30

Tag = Annotated[Name, Field(max_length=40)]
Recipe = dict[str, JsonValue]


class SoundRef(Model):
    """Which artifact plays, and the facts that playing it needs.

    artifact  the SHA-256 of its file
    size      of the file, bytes
    """

    artifact: Sha256
    name: Name
    size: Annotated[int, Field(ge=1, le=LARGEST_FILE)]
    frames: Annotated[int, Field(ge=1, le=1 << 40)]
    rate: Annotated[int, Field(ge=1, le=1_000_000)]
    channels: Annotated[int, Field(ge=1, le=2)]

    @property
    def seconds(self) -> float:
        """Return its length at its own speed, seconds."""
        return self.frames / self.rate


class Artifact(Model):
    """All that is known of an artifact.

    kind     how it came to be: import, render, stretch, freeze, bounce, resample …
    recipe   what it was made from, as JSON: enough to make it again where `again`
    again    whether the program makes the same sound again from recipe and parents; others go into project files
    parents  the artifacts it was made from, by hash
    gain_db  what was taken off so that it fits under full scale: whoever plays it adds that again
    made_at  seconds since 1970
    peaks    how loud it is from its beginning to its end, 0 to 255 each: what its waveform is drawn from
    """

    sound: SoundRef
    kind: Name
    recipe: Recipe = {}
    again: bool = False
    parents: Annotated[tuple[Sha256, ...], Field(max_length=MOST_PARENTS)] = ()
    licence: Name | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)] = ()
    gain_db: GainDb = 0.0
    made_at: Annotated[float, Field(ge=0, le=1e11)] = 0.0
    peaks: Annotated[tuple[Annotated[int, Field(ge=0, le=255)], ...], Field(max_length=MOST_PEAKS)] = ()

    @model_validator(mode="after")
    def _small(self) -> Self:
        if len(json.dumps(self.recipe)) > LARGEST_RECIPE:
            raise UserError("the recipe of an artifact is too long", f"{LARGEST_RECIPE >> 10} KiB at most")
        return self

    @property
    def sha256(self) -> str:
        """Return the hash of its file."""
        return self.sound.artifact

    @property
    def id(self) -> str:
        """Return the beginning of its hash, by which it is called."""
        return self.sha256[:12]

    @property
    def name(self) -> str:
        """Return its name."""
        return self.sound.name

    @property
    def words(self) -> str:
        """Return all by which it is found, in lower case."""
        about = json.dumps(self.recipe, ensure_ascii=False)
        return " ".join([self.name, self.kind, *self.tags, self.licence or "", about]).casefold()


def recipe_key(kind: str, recipe: Recipe, parents: tuple[str, ...] = ()) -> str:
    """Return what names a recipe: the same words and parents have the same key, in whatever order the words stand."""
    words = json.dumps([kind, recipe, list(parents)], sort_keys=True, ensure_ascii=False)
    return blake2b(words.encode(), digest_size=20).hexdigest()


def as_recording(sound: SoundRef, path: str) -> Recording:
    """Return the artifact in `path` as what samplers and the engine's loader play."""
    return Recording(
        sha256=sound.artifact, name=sound.name, path=path, size=sound.size,
        frames=sound.frames, rate=sound.rate, channels=sound.channels,
    )  # fmt: skip
