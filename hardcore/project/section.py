"""Sections, which part a song's time among them, and markers, which name a place in it."""

from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter
from typing import Annotated

from pydantic import Field

from hardcore.model import Model, Shared
from hardcore.music.tempo import Ticks
from hardcore.project.values import MarkerId, Name, SectionId


class Section(Model):
    """A stretch of a song: it starts where the one before it ends, so that moving one is moving it in the list.

    kind     what it is in the form: intro, verse, build, drop …
    energy   how much goes on in it, 0–1
    """

    id: SectionId
    name: Name
    kind: Name
    bars: Annotated[int, Field(ge=1, le=4096)]
    energy: Annotated[float, Field(ge=0, le=1)] = 0.5


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
