"""Structure: how the bars of one scene differ."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hardcore.knowledge.section import Section, Unit01
from hardcore.project.roles import Role

Letter = Annotated[str, StringConstraints(pattern=r"^[A-H]'*$")]


class Layer(Section):
    """When a role plays, as parts of the scene: it enters at `start` and stops at `end`, on bar lines."""

    start: Unit01 = 0.0
    end: Unit01 = 1.0


class Structure(Section):
    """The plan of a scene.

    form        a letter for each bar, repeated: bars of one letter play one pattern, a prime varies it
    fill_every  a fill at the end of every so many bars, 0 for none but the last
    fill_chance chance that such a fill is played (the scene's last bar always has one)
    layers      roles that don't play all through; used from 8 bars on, and not for what was asked for by name
    lift        energy gained from the first bar to the last
    tension     how tense the bars of a letter are, 0–1; letters that are not named: A 0.3, B 0.7, C 0.8, others 0.5
    """

    form: Annotated[tuple[Letter, ...], Field(min_length=1, max_length=64)]
    fill_every: Annotated[int, Field(ge=0, le=64)] = 4
    fill_chance: Unit01 = 0.8
    layers: dict[Role, Layer] = {}
    lift: Annotated[float, Field(ge=-1, le=1)] = 0.1
    tension: dict[Annotated[str, StringConstraints(pattern=r"^[A-H]$")], Unit01] = {}
