"""Structure: how the bars of one scene differ, how one section leads into the next, and what a song is made of."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hardcore.knowledge.section import Section, Unit01, Word
from hardcore.project.roles import Player, Role

Letter = Annotated[str, StringConstraints(pattern=r"^[A-H]'*$")]
Ending = Literal["hit", "ritard", "fade"]
RiserBars = Annotated[int, Field(ge=1, le=16)]


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


class Transition(Section):
    """What leads into the sections of a scene and marks their start, where a riser or an impact plays.

    section_bars  sections begin on this grid, where the letter of the form changes, in scenes of at least two
    riser_bars    how long a riser is, one is drawn; never longer than half of the section it ends
    riser         chance that a riser leads into a section inside the scene; one always leads into the scene's start
    impact        chance that an impact marks a section inside the scene; one always marks the scene's start
    """

    section_bars: Annotated[int, Field(ge=1, le=64)] = 8
    riser_bars: Annotated[tuple[RiserBars, ...], Field(min_length=1, max_length=16)] = (1, 2, 2)
    riser: Unit01 = 0.8
    impact: Unit01 = 0.7


class KeyLift(Section):
    """How often a style's songs are in a higher key from their last chorus on, and by how many semitones.

    chance     that a song is
    semitones  one is drawn
    """

    chance: Unit01 = 0
    semitones: Annotated[tuple[Annotated[int, Field(ge=1, le=5)], ...], Field(min_length=1, max_length=8)] = (1, 2)


class SongSection(Section):
    """A section of a song: which parts of the piece play in it, `drums` standing for all of them.

    bars  its length, where the song is as long as the style says
    play  only these; where it is empty, all but those of `rest`
    vary  share of its bars that are made anew, so that it is not what was heard before
    A section named like an earlier one is that one again.
    """

    name: Word
    bars: Annotated[int, Field(ge=1, le=128)]
    play: tuple[Player, ...] = ()
    rest: tuple[Player, ...] = ()
    vary: Unit01 = 0
