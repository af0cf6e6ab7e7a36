"""A genre: everything the producer knows about one style of music. The schema of knowledge_base/genres/*.yaml."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from hardcore.errors import UserError
from hardcore.knowledge.form import Ending, KeyLift, SongSection, Structure, Transition
from hardcore.knowledge.grammar import DrumGrammar
from hardcore.knowledge.melodic import BassStyle, HarmonyStyle, LeadStyle, Ornament, TextureStyle
from hardcore.knowledge.section import Section, Unit01, Weight, Word
from hardcore.knowledge.sound import Mix, Part, Sound
from hardcore.music.meter import parse_meter
from hardcore.music.scale import Key
from hardcore.music.tempo import Bpm
from hardcore.project.roles import Role

Percent = Annotated[float, Field(ge=50, le=75)]


class Tempo(Section):
    """The range the genre lives in and what it plays unasked, in BPM."""

    low: Bpm
    high: Bpm
    default: Bpm

    @model_validator(mode="after")
    def _ordered(self) -> "Tempo":
        if not self.low <= self.default <= self.high:
            raise ValueError(f"{self.default:g} is not within {self.low:g} to {self.high:g}")
        return self


class KeyChoice(Section):
    """A key and how likely it is drawn; dark prompts favour the keys with a high `darkness`."""

    key: Key
    weight: Weight = 1
    darkness: Unit01 = 0.5

    @field_validator("key", mode="before")
    @classmethod
    def _parsed(cls, value: Any) -> Any:
        try:
            return Key.parse(value) if isinstance(value, str) else value
        except UserError as error:
            raise ValueError(error.line()) from error


class Swing(Section):
    """Swing in the field's percent (50 straight, 66.7 a triplet), on 16ths or 8ths; `velocity` factors per 16th."""

    default: Percent = 50
    low: Percent = 50
    high: Percent = 75
    grid: Annotated[int, Field(ge=8, le=16, multiple_of=8)] = 16
    velocity: Annotated[tuple[Annotated[float, Field(ge=0.2, le=1.5)], ...], Field(max_length=64)] = ()


class Character(Section):
    """What the genre is like when the prompt does not say, each 0–1."""

    energy: Unit01
    density: Unit01
    ghost: Unit01
    darkness: Unit01
    space: Unit01
    drive: Unit01
    movement: Unit01


class Genre(Section):
    """One file of knowledge_base/genres; `docs` of each key: knowledge_base/SCHEMA.md."""

    name: Word
    about: str
    based_on: str | None = None
    synonyms: tuple[Word, ...] = ()
    kin: tuple[str, ...]
    kind: Literal["song", "club"] = "club"
    tempo: Tempo
    keys: Annotated[tuple[KeyChoice, ...], Field(min_length=1)]
    meter: str = "4/4"
    bars: Annotated[int, Field(ge=1, le=64)] = 8
    swing: Swing = Swing()
    human: Unit01 = 0
    character: Character
    parts: Annotated[dict[Role, Part], Field(min_length=1)]
    drums: DrumGrammar
    palette: dict[Role, Annotated[tuple[Sound, ...], Field(min_length=1)]]
    mix: Mix
    structure: Structure
    transition: Transition = Transition()
    song: Annotated[tuple[SongSection, ...], Field(min_length=1, max_length=32)]
    ending: Ending = "hit"
    lift: KeyLift = KeyLift()
    ornaments: dict[Ornament, Unit01] = {}
    harmony: HarmonyStyle
    bass: BassStyle
    lead: LeadStyle
    texture: TextureStyle

    @field_validator("meter")
    @classmethod
    def _meter(cls, text: str) -> str:
        try:
            parse_meter(text)
        except UserError as error:
            raise ValueError(error.line()) from error
        return text

    @model_validator(mode="after")
    def _sends_have_returns(self) -> "Genre":
        for role, strip in self.mix.strips.items():
            for name in strip.sends:
                if name not in self.mix.returns:
                    raise ValueError(f"mix.strips.{role} sends to '{name}', which is not a return")
        return self
