"""Spans: stretches of a sentence with the senses they can have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Sense(NamedTuple):
    """What a stretch of words can mean: its kind ("move", "amount", "part" …) and a value, `key` names the value.

    kind   what it is grammatically
    key    which of its kind, such as `level` of a move or `db` of an amount; frames ask for it
    value  what it carries: a sign, a number, tracks
    """

    kind: str
    key: str = ""
    value: Any = None


class Span(NamedTuple):
    """Characters [start, end) of the sentence, as typed, and the senses they can have.

    lead    the prepositions right before it, with spaces: "of the" of "the level of the bass"; after a link "and"
    """

    start: int
    end: int
    text: str
    senses: tuple[Sense, ...]
    slip: str = ""  # the word it was taken for, where it was misspelt
    lead: str = ""

    def of(self, kind: str) -> Sense | None:
        """Return its sense of a kind, or None."""
        return next((sense for sense in self.senses if sense.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit.

    sign    −1 or 1 where the sentence writes one, else 0
    mode    "to" (also at, =), "near" (around, about), "by", or "" where nothing says
    """

    value: float
    sign: int = 0
    mode: str = ""

    @property
    def signed(self) -> float:
        """Return the number with the sign that is written."""
        return -self.value if self.sign < 0 else self.value


@dataclass(frozen=True, slots=True)
class Part:
    """Tracks that are named; `ids` is empty where the project has none of them.

    roles, device   what the words mean in the vocabulary, for a part that is not there yet
    bus             the group track that the tracks feed, for what is done to them as one (its fader, its effects)
    """

    words: str
    ids: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    device: str | None = None
    traits: tuple[str, ...] = ()
    group: bool = False
    bus: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in time: `text` is what the option --in takes, `words` what was said."""

    text: str
    words: str


def unique(senses: Iterable[Sense]) -> tuple[Sense, ...]:
    """Return senses in their order, each once."""
    found: list[Sense] = []
    for sense in senses:
        if sense not in found:
            found.append(sense)
    return tuple(found)
