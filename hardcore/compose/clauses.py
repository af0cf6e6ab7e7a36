"""Clauses: a follow-up cut at commas and "and", and what each clause names, counts and points at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from hardcore.compose.lexicon import Piece
from hardcore.knowledge.vocabulary import DegreeWords, InstrumentWords, SideWords, SignWords, TraitWords
from hardcore.project.roles import Role


class Target(NamedTuple):
    """A part that is named: by its roles and instrument, or as a track."""

    words: str
    roles: tuple[Role, ...] = ()
    entry: InstrumentWords | None = None
    track: str = ""


class Order(NamedTuple):
    """One edit.

    sign     −1 or 1, −2 for "none at all"; 0 where the edit has no direction
    amount   0.5 a bit, 1, 2 a lot
    targets  the parts it is about; empty for the whole
    value    a number, a Key, a (sign, number) step, words: what the edit needs
    """

    change: str
    words: str
    sign: int = 0
    amount: float = 1.0
    targets: tuple[Target, ...] = ()
    value: Any = None


@dataclass
class Clause:
    """The pieces of a clause by what they are."""

    row: list[Piece]
    targets: list[Target] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def of(self, *kinds: str) -> list[Piece]:
        """Return the pieces of these kinds."""
        return [piece for piece in self.row if piece.kind in kinds]

    @property
    def words(self) -> str:
        """Return the clause as typed, as far as its pieces go."""
        return " ".join(piece.text for piece in self.row)

    @property
    def amount(self) -> float:
        """Return how far: 0.5 a bit, 2 a lot."""
        factors = [piece.entry.factor for piece in self.row if isinstance(piece.entry, DegreeWords)]
        found = 1.0
        for factor in factors:
            found *= 2 if factor >= 1.5 else 0.5 if 0 < factor < 1 else 1
        return min(max(found, 0.25), 4.0)

    def quantity(self, *kinds: str) -> Any:
        """Return the value of the clause's last quantity of these kinds, or None."""
        found = [piece.span.value for piece in self.row if piece.span and piece.span.kind in kinds]
        return found[-1] if found else None


def clauses(row: Sequence[Piece]) -> Iterator[Clause]:
    """Yield the clauses of a follow-up."""
    part: list[Piece] = []
    for piece in row:
        if piece.kind in ("stop", "joiner") or piece.text.casefold() == "then":
            if part:
                yield Clause(part)
            part = []
        else:
            part.append(piece)
    if part:
        yield Clause(part)


def targets_in(clause: Clause) -> Iterator[Target]:
    """Yield the parts that a clause names."""
    for piece in clause.row:
        if isinstance(piece.entry, InstrumentWords):
            yield Target(piece.text, piece.entry.roles, piece.entry)
        elif piece.kind == "track":
            yield Target(piece.text, track=piece.style)


def only_names(clause: Clause) -> bool:
    """Return whether a clause says nothing but the names of parts."""
    return all(piece.kind in ("instruments", "track", "filler", "same", "traits", "moods") for piece in clause.row)


def unknown(clause: Clause) -> Iterator[str]:
    """Yield the words of a clause that nothing is known of, and quantities that cannot be."""
    run = ""
    for piece in clause.row:
        if piece.kind == "unknown" and run:
            run += f" {piece.text}"
            continue
        if run:
            yield run
        run = piece.text if piece.kind == "unknown" else ""
        if piece.kind == "unavailable":
            yield f"{piece.text} ({getattr(piece.entry, 'why', '')})"
        elif piece.kind == "genre":
            yield f"{piece.text} (another style is a new prompt)"
        elif piece.span and piece.span.kind in ("wrong", "seed"):
            yield f"{piece.text} ({piece.span.why})"
    if run:
        yield run


ADJECTIVES = ("moods", "pace", "swing", "traits")


def sign_of(clause: Clause) -> int:
    """Return the direction that "more", "down", "no" say: −2, −1, 1, or 0."""
    found = [piece.entry.sign for piece in clause.row if isinstance(piece.entry, SignWords)]
    if clause.of("negation"):
        return 1 if any(piece.text.casefold() == "enough" for piece in clause.row) else -2  # "not dark enough"
    if any(isinstance(piece.entry, DegreeWords) and piece.entry.factor < 0 for piece in clause.row):
        return -1  # "not too dark"
    if any(one.text.casefold() == "too" and other.kind in ADJECTIVES for one, other in pairwise(clause.row)):
        return -1  # "too dark"
    return found[-1] if found else 0


def traits_in(clause: Clause) -> tuple[str, ...]:
    """Return the adjectives of a new part."""
    found = [piece.entry.trait for piece in clause.row if isinstance(piece.entry, TraitWords)]
    return tuple(dict.fromkeys((*found, *(piece.text.casefold() for piece in clause.of("moods")))))


def side_of(clause: Clause) -> float | None:
    """Return the place that is asked for, −1 left to 1 right, or None; "hard left" is −1, "left" −0.5."""
    sides = [piece.entry.pan for piece in clause.row if isinstance(piece.entry, SideWords)]
    if not sides:
        return None
    percent = clause.quantity("percent")
    return round(sides[-1] * (min(percent[1], 100) / 100 if percent else min(0.5 * clause.amount, 1)), 3)


def is_setting(clause: Clause) -> bool:
    """Return whether a clause sets a number and names no part."""
    return not clause.targets and bool(clause.of("quantity"))


def semitones(clause: Clause, count: float) -> float:
    """Return a step in semitones; it may be counted in octaves."""
    return count * (12 if clause.quantity("octaves") is not None else 1)
