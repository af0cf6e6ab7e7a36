"""How a piece of a length is planned: knowledge_base/planner.yaml, loaded and checked once per process."""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import UserError
from hardcore.knowledge.section import Section
from hardcore.knowledge.source import folder, read_yaml
from hardcore.project.roles import Role

SectionRole = Literal["intro", "motif", "chorus", "development", "bridge", "resolution", "outro"]
Layer = Literal["rhythm", "bass", "harmony", "lead", "textures", "vocals"]
Energy = Literal["low", "medium", "high"]
LAYERS: tuple[Layer, ...] = ("rhythm", "bass", "harmony", "lead", "textures", "vocals")
Words = Annotated[str, Field(min_length=1, max_length=128)]
Items = tuple[Words, ...]


class SectionTemplate(Section):
    """A section of a form; `bars`: what it has where nothing presses, the least, the most."""

    role: SectionRole
    bars: tuple[int, int, int]
    energy: Energy

    @model_validator(mode="after")
    def _ordered(self) -> "SectionTemplate":
        base, least, most = self.bars
        if not 1 <= least <= base <= most <= 128:
            raise ValueError(f"bars {list(self.bars)}: write what it has, the least and the most")
        return self


class FormTemplate(Section):
    """A form for pieces of at least `least_s` seconds."""

    least_s: Annotated[float, Field(ge=0)]
    sections: Annotated[tuple[SectionTemplate, ...], Field(min_length=1)]


class RoleTemplate(Section):
    """What a section of a role is for; `layers` counts what plays, in the order of `LAYERS`.

    kind   of section that it is made like where nothing says more
    """

    label: Words
    kind: Words
    directive: Words
    axes: Items
    cadence: str
    layers: Annotated[tuple[int, ...], Field(min_length=6, max_length=6)]
    verb: Words
    prompt: Annotated[str, Field(max_length=200)]
    transition: Words


class LayerTemplate(Section):
    """A layer: the roles of parts that are it, and what is said of one that is made alone.

    word   for such parts in a description: what stands before it is how they play
    """

    word: Words
    roles: tuple[Role, ...]
    directive: Words
    energy: Energy
    keeps: tuple[Layer, ...]


class Keywords(Section):
    """Words of a prompt and what they mean for the theme; an instrument is (layer, description)."""

    instruments: dict[str, tuple[Layer, Words]]
    rhythms: dict[str, Words]
    textures: dict[str, Words]


class Profile(Section):
    """What a kind of music adds to a theme."""

    instruments: dict[Layer, Items]
    rhythm: Words
    texture: Words


class Fallback(Section):
    """What is taken where a prompt says nothing."""

    instruments: Items
    rhythms: dict[Energy, Words]
    layers: dict[Layer, Items]


class Dynamics(Section):
    """How a section sounds in the course of a piece."""

    first: dict[Energy, Words]
    later_intro: Words
    last_outro: Words
    last: Words
    chorus: Words
    bridge: Words
    energy: dict[Energy, Words]


class Planning(Section):
    """The whole file."""

    long: tuple[FormTemplate, ...]
    short: tuple[FormTemplate, ...]
    motif: tuple[FormTemplate, ...]
    kinds: dict[Words, SectionRole]
    roles: dict[SectionRole, RoleTemplate]
    layers: dict[Layer, LayerTemplate]
    keywords: Keywords
    profiles: dict[str, Profile]
    profile_words: dict[str, Items]
    fallback: Fallback
    dynamics: Dynamics


@cache
def planning() -> Planning:
    """Return the file, checked. Raises UserError `planner.yaml: key: what is wrong`."""
    try:
        return Planning.model_validate(read_yaml(folder() / "planner.yaml"))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top level"
        raise UserError(f"planner.yaml: {key}: {first['msg'].removeprefix('Value error, ')}") from error
