"""Sections, which part a song's time among them, and markers, which name a place in it."""

from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter
from typing import Annotated

from pydantic import Field

from hardcore.model import Model, Shared
from hardcore.music.tempo import Ticks
from hardcore.project.roles import Player
from hardcore.project.values import MarkerId, Name, SectionId, Seed

MOST_BARS = 4096


class Section(Model):
    """A stretch of a song: it starts where the one before it ends, so that moving one is moving it in the list.

    kind         what it is in the form: intro, verse, build, drop …
    energy       how much goes on in it: the share of the parts that play, 0–1
    play, rest   what plays in it when it is made from the plan: only these; where that is empty, all but `rest`
    vary         share of its bars that are made anew then, so that it is not what was heard before
    lift         semitones that its key lies above that of the project
    seed         of what is made; sections of one kind and one seed are the same music again
    """

    id: SectionId
    name: Name
    kind: Name
    bars: Annotated[int, Field(ge=1, le=MOST_BARS)]
    energy: Annotated[float, Field(ge=0, le=1)] = 0.5
    play: Annotated[tuple[Player, ...], Field(max_length=32)] = ()
    rest: Annotated[tuple[Player, ...], Field(max_length=32)] = ()
    vary: Annotated[float, Field(ge=0, le=1)] = 0
    lift: Annotated[int, Field(ge=-12, le=12)] = 0
    seed: Seed | None = None


class Marker(Model):
    """A place on the timeline that has a name."""

    id: MarkerId
    name: Name
    tick: Ticks


class Markers(Shared[Marker]):
    """The markers of a project, ordered by time."""

    def __new__(cls, markers: Iterable[Marker] = ()) -> "Markers":
        return super().__new__(cls, sorted(markers, key=attrgetter("tick")))


def starts(sections: tuple[Section, ...]) -> list[int]:
    """Return the bar, from 0, where each section starts, and last the one where the last ends."""
    return list(accumulate((section.bars for section in sections), initial=0))
