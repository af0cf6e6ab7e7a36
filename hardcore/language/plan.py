"""A reading: what a sentence was taken for. A plan is commands as data; this package imports no command."""

from dataclasses import dataclass, field, replace
from typing import Any

from hardcore.language.guard import Footprint

CREATED = "@"


@dataclass(frozen=True, slots=True)
class Call:
    """One command with its arguments by name, as data; `words` is the stretch of the sentence that asks for it."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def created(number: int) -> str:
    """Return what stands for the id of the `number`th track that a plan adds, from 1, until it is there."""
    return f"{CREATED}{number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Commands that do what a sentence asks, in order, and what they may touch according to its words.

    cost      how far the sentence is from the frames it was read by; of two plans the cheaper is the likelier
    notes     what is to be said of the reading: a word that was corrected, a degree left out
    doubts    why it is not sure, such as words that made no difference: with any, it is offered and not carried out
    """

    calls: tuple[Call, ...]
    footprint: Footprint
    cost: float = 0.0
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def noted(self, *notes: str) -> "Plan":
        """Return the plan with more to say of its reading."""
        return replace(self, notes=(*self.notes, *notes))


@dataclass(frozen=True, slots=True)
class NewPiece:
    """A description of a piece of music: it replaces what is there."""

    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked; it changes nothing."""

    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Talk that asks for nothing; `answer` is a friendly line."""

    answer: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """What could not be read. `why` is one line, `hint` the nearest thing that works; `candidates` may be chosen."""

    why: str
    hint: str = ""
    candidates: tuple[Plan | NewPiece, ...] = ()


Reading = Plan | NewPiece | Question | Remark | Unclear
