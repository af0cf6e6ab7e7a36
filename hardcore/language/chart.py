"""The chart: every stretch of a sentence with its senses, and the cheapest ways to cover the sentence with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from hardcore.compose.words import Token, tokens
from hardcore.language.amounts import amounts
from hardcore.language.ground import Ground, fixed_phrases
from hardcore.language.lexicon import lexicon
from hardcore.language.scopes import scopes
from hardcore.language.spans import Sense, Span
from hardcore.language.spelling import corrected

PATHS = 16
# what says nothing by itself
SILENT = frozenset({"filler", "prep"})
_COST = {"filler": 0.12, "prep": 0.1, "link": 0.1, "unknown": 10.0, "degree": 0.6, "amount": 0.9, "scope": 0.5}


@dataclass(frozen=True, slots=True)
class Path:
    """One way to cover a sentence: its spans from left to right, and how likely it is (less is likelier)."""

    spans: tuple[Span, ...]
    cost: float


def paths(text: str, ground: Ground) -> tuple[list[Path], list[str]]:
    """Return the cheapest covers of a cleaned sentence, the best first, and words read as others."""
    row = tokens(text)
    if not row:
        return [], []
    books = (ground.parts(), fixed_phrases(), lexicon())
    built = [*amounts(text), *scopes(text, ground.project)]
    right, slips = corrected(row, books, built)
    if slips:  # keys and places may be misspelt too
        for token, other in reversed(list(zip(row, right, strict=True))):
            text = text[: token.start] + (other.word if other.word != token.word else token.text) + text[token.end :]
        row, built = tokens(text), [*amounts(text), *scopes(text, ground.project)]
    edges = _edges(text, row, built, books)
    best: list[list[tuple[float, tuple[Span, ...]]]] = [[] for _ in range(len(row) + 1)]
    best[0] = [(0.0, ())]
    for at in range(len(row)):
        if not best[at]:
            continue
        best[at] = nsmallest(PATHS, best[at], key=lambda pair: pair[0])
        for end, span in edges[at]:
            cost = _cost(span)
            best[end] += [(before + cost, (*spans, span)) for before, spans in best[at]]
    found = nsmallest(PATHS, best[-1], key=lambda pair: pair[0])
    return [Path(spans, cost) for cost, spans in found], slips


def _edges(
    text: str, row: Sequence[Token], built: Sequence[Span], books: tuple[object, ...]
) -> list[list[tuple[int, Span]]]:
    senses: list[dict[int, list[Sense]]] = [{} for _ in row]
    for at in range(len(row)):
        for book in books:
            for found in book.at(row, at):  # type: ignore[attr-defined]
                senses[at].setdefault(found.end, []).extend(found.senses)
    starts = {token.start: at for at, token in enumerate(row)}
    ends = {token.end: at + 1 for at, token in enumerate(row)}
    for span in built:
        lead = len(span.text) - len(span.text.lstrip())
        start, end = starts.get(span.start + lead), ends.get(span.start + len(span.text.rstrip()))
        if start is not None and end is not None and start < end:
            senses[start].setdefault(end, []).extend(span.senses)
    return [
        [(end, _span(text, row, at, end, tuple(dict.fromkeys(known)))) for end, known in found.items()]
        or [(at + 1, _span(text, row, at, at + 1, (Sense("unknown", row[at].word),)))]
        for at, found in enumerate(senses)
    ]


def _span(text: str, row: Sequence[Token], start: int, end: int, senses: tuple[Sense, ...]) -> Span:
    first, last = row[start].start, row[end - 1].end
    return Span(first, last, text[first:last], senses)


def _cost(span: Span) -> float:
    return min(_COST.get(sense.kind, 1.0) for sense in span.senses)
