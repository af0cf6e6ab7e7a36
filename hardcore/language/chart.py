"""The chart: every stretch of a sentence with its senses, and the cheapest ways to cover the sentence with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple, Optional

from hardcore.language.amounts import amounts
from hardcore.language.lexicon import Phrases, lexicon
from hardcore.language.referents import Ground, fixed_phrases
from hardcore.language.scopes import scopes
from hardcore.language.spans import Sense, Span, unique
from hardcore.language.spelling import corrected
from hardcore.language.words import Token, tokens

PATHS = 10
# what says nothing by itself; a noun only beside what it is of
SILENT = frozenset({"filler", "prep", "noun"})
_COST = {
    "filler": 0.12, "prep": 0.1, "noun": 0.12, "link": 0.1, "unknown": 10.0, "degree": 0.6, "amount": 0.9, "scope": 0.5,
    "rhythm": 0.4,
}  # fmt: skip
# what a noun can be of, and what may stand between
_NAMED = ("part", "whole", "rest", "fx", "verbfx", "master", "pronoun", "excepted", "topic", "param", "rhythm", "trait",
          "adj", "style", "form")  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an", "of", "my", "our", "for", "on", "in", "to"))
Edges = list[list[tuple[int, Span]]]


@dataclass(frozen=True, slots=True)
class Path:
    """One way to cover a sentence: its spans from left to right, and how likely it is (less is likelier)."""

    spans: tuple[Span, ...]
    cost: float


class _Step(NamedTuple):
    """The last span of a cover, and the cover before it."""

    cost: float
    span: Span | None = None
    before: Optional["_Step"] = None


def stray_nouns(spans: Sequence[Span]) -> list[Span]:
    """Return the nouns that are not of what stands beside them: the bus of "chords to bus A", not of "the drum bus"."""
    return [span for at, span in enumerate(spans) if _only(span, "noun") and not _is_of_something(spans, at)]


def _is_of_something(spans: Sequence[Span], at: int) -> bool:
    before, after = spans[at - 1 : at], [span for span in spans[at + 1 :] if span.text.casefold() not in _ARTICLES]
    return any(span.of(kind) for span in (*before, *after[:1]) for kind in _NAMED)


def _only(span: Span, kind: str) -> bool:
    return all(sense.kind == kind for sense in span.senses)


def paths(text: str, ground: Ground) -> tuple[list[Path], list[str]]:
    """Return the cheapest covers of a cleaned sentence, the best first, and words read as others."""
    row = tokens(text)
    if not row:
        return [], []
    books = (ground.parts(), fixed_phrases(), lexicon())
    built = [*amounts(text), *scopes(text, ground.project)]
    right, slips = corrected(row, books, built)
    if slips:  # keys and places may be misspelt too
        text = respelled(text, row, right)
        row, built = tokens(text), [*amounts(text), *scopes(text, ground.project)]
    return cheapest(edges(text, row, built, books), _cost, PATHS), slips


def respelled(text: str, row: Sequence[Token], right: Sequence[Token]) -> str:
    """Return the text with the tokens of `row` written as those of `right`."""
    for token, other in reversed(list(zip(row, right, strict=True))):
        text = text[: token.start] + (other.word if other.word != token.word else token.text) + text[token.end :]
    return text


def cheapest(known: Edges, cost: Callable[[Span], float], most: int) -> list[Path]:
    """Return the `most` cheapest ways from the first token to the last, the best first."""
    best: list[list[_Step]] = [[] for _ in range(len(known) + 1)]
    best[0] = [_Step(0.0)]
    for at, spans in enumerate(known):
        best[at] = nsmallest(most, best[at], key=lambda step: step.cost)
        for end, span in spans:
            own = cost(span)
            best[end] += [_Step(before.cost + own, span, before) for before in best[at]]
    return [Path(_unrolled(step), step.cost) for step in nsmallest(most, best[-1], key=lambda step: step.cost)]


def _unrolled(step: _Step | None) -> tuple[Span, ...]:
    found: list[Span] = []
    while step is not None and step.span is not None:
        found.append(step.span)
        step = step.before
    return tuple(reversed(found))


def edges(text: str, row: Sequence[Token], built: Iterable[Span], books: Iterable[Phrases]) -> Edges:
    """Return for every token the spans that begin there, each with the token after it; a word nobody knows is one."""
    senses: list[dict[int, list[Sense]]] = [{} for _ in row]
    for book in books:
        for at in range(len(row)):
            for found in book.at(row, at):
                senses[at].setdefault(found.end, []).extend(found.senses)
    starts = {token.start: at for at, token in enumerate(row)}
    ends = {token.end: at + 1 for at, token in enumerate(row)}
    for span in built:
        lead = len(span.text) - len(span.text.lstrip())
        start, end = starts.get(span.start + lead), ends.get(span.start + len(span.text.rstrip()))
        if start is not None and end is not None and start < end:
            senses[start].setdefault(end, []).extend(span.senses)
    if senses:  # an article is never the last word: "tune the kick to A"
        last = senses[-1].get(len(row), [])
        if row[-1].word == "a" and len(row) > 1:
            last[:] = [sense for sense in last if sense.kind != "prep"]
            if not last:
                senses[-1].pop(len(row), None)
    return [
        [(end, _span(text, row, at, end, unique(known))) for end, known in found.items()]
        or [(at + 1, _span(text, row, at, at + 1, (Sense("unknown", row[at].word),)))]
        for at, found in enumerate(senses)
    ]


def _span(text: str, row: Sequence[Token], start: int, end: int, senses: tuple[Sense, ...]) -> Span:
    first, last = row[start].start, row[end - 1].end
    return Span(first, last, text[first:last], senses)


def _cost(span: Span) -> float:
    return min(_COST.get(sense.kind, 1.0) for sense in span.senses)
