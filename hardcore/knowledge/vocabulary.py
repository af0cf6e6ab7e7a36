"""The words of prompts: knowledge_base/vocabulary.yaml, loaded and checked once per process."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import UserError
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.knowledge.section import Section, Unit01
from hardcore.project import devices
from hardcore.project.roles import Role

Level = Literal["energy", "density", "ghost", "darkness", "space", "drive", "movement"]
Phrases = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1)]


class Said(Section):
    """An entry of the vocabulary: the phrases that mean it."""

    say: Phrases


class InstrumentWords(Said):
    """What plays: a role each, or a `group` of roles (drums), the catalogue instrument asked for, and traits.

    alone   where no style is named, nothing else plays (a string quartet)
    """

    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    device: str | None = None
    traits: tuple[str, ...] = ()
    group: bool = False
    alone: bool = False

    @model_validator(mode="after")
    def _known(self) -> "InstrumentWords":
        if self.device is not None:
            try:
                devices.instrument(self.device)
            except UserError as error:
                raise ValueError(error.line()) from error
        return self


class TraitWords(Said):
    """How a part behaves; without an instrument beside it, the trait is of `roles`. `sets` as for moods."""

    trait: str
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    sets: dict[Level, Unit01] = {}


class MoodWords(Said):
    """Adjectives and the levels they set.

    mode    major or minor, where the word says as much
    leans   the style that is meant where no style and no instruments are named
    """

    sets: Annotated[dict[Level, Unit01], Field(min_length=1)]
    mode: Literal["major", "minor"] | None = None
    leans: str | None = None


class SwingWords(Said):
    """Words for a swing, in percent."""

    percent: Annotated[float, Field(ge=50, le=75)]


class PaceWords(Said):
    """Words for a tempo: its place in the style's range, 0 the slowest, 1 the fastest.

    bpm   of a mark that is a tempo of its own, in the middle of what metronomes print for it
    """

    place: Unit01
    bpm: Annotated[float, Field(ge=20, le=300)] | None = None


class DegreeWords(Said):
    """Words that scale how far from the middle (0.5) the next word goes; below 0 they turn it round."""

    factor: Annotated[float, Field(ge=-2, le=2)]


class LeaningWords(Said):
    """Words for music that is no style of the knowledge base, the style that is nearest to it, and levels they set."""

    style: str
    sets: dict[Level, Unit01] = {}


class UnavailableWords(Said):
    """Words that are understood but cannot be had, and why."""

    why: str


class Vocabulary(Section):
    """The whole file."""

    instruments: tuple[InstrumentWords, ...]
    flavours: dict[str, dict[Level, Unit01]] = {}
    traits: tuple[TraitWords, ...]
    moods: tuple[MoodWords, ...]
    swing: tuple[SwingWords, ...]
    pace: tuple[PaceWords, ...]
    degrees: tuple[DegreeWords, ...]
    leanings: tuple[LeaningWords, ...] = ()
    negation: Phrases
    only: Phrases
    absent: Phrases
    nothing_else: Phrases
    song: Phrases
    unavailable: tuple[UnavailableWords, ...]
    filler: Phrases


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary. Raises UserError naming what is wrong in the file."""
    return read_vocabulary(folder() / "vocabulary.yaml")


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the vocabulary in a YAML file. Raises UserError `file: key: what is wrong`."""
    try:
        return Vocabulary.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top level"
        raise UserError(f"{path.name}: {key}: {first['msg'].removeprefix('Value error, ')}") from error


def plural(phrase: str) -> str:
    """Return the plural of a phrase's last word: kick drum, kick drums."""
    if phrase.endswith("s"):
        return phrase
    return phrase + ("es" if phrase.endswith(("ch", "sh", "x")) else "s")
