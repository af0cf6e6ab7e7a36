"""The lexicon: a prompt as a row of pieces, each a known phrase, a quantity, a sign or an unknown word."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from hardcore.compose.keyphrases import keys
from hardcore.compose.numbers import Span, bare_tempo, quantities
from hardcore.compose.steps import steps
from hardcore.compose.styles import Style
from hardcore.compose.words import LETTER, STOPS, Match, Phrasebook, Token, tokens
from hardcore.knowledge.vocabulary import Said, Vocabulary, plural, vocabulary

PieceKind = Literal[
    "instruments", "traits", "moods", "swing", "pace", "degrees", "unavailable", "genre", "negation", "only", "filler",
    "joiner", "stop", "unknown", "quantity", "changes", "things", "signs", "amounts", "sides", "make", "same",
    "everything", "track", "leaning",
]  # fmt: skip
JOINERS = frozenset({",", "and", "&", "+", "/", "or", "nor", "plus", "n"})
_FOLLOW_ENTRIES: tuple[PieceKind, ...] = ("changes", "things", "signs", "amounts", "sides")
_FOLLOW_WORDS: tuple[PieceKind, ...] = ("make", "same", "everything")
_GLUE = re.compile(LETTER)
_ENTRIES: tuple[PieceKind, ...] = ("instruments", "traits", "moods", "swing", "pace", "degrees", "unavailable")


class Meaning(NamedTuple):
    """What a phrase means: an entry of the vocabulary or the id of a style; `other` what it means beside a style."""

    kind: PieceKind
    entry: Said | None = None
    style: str = ""
    other: "Meaning | None" = None


class Piece(NamedTuple):
    """A stretch of the text: as typed, and what it is. A quantity has its span.

    slip   it is not spelled so
    """

    kind: PieceKind
    text: str
    start: int
    entry: Said | None = None
    style: str = ""
    other: Meaning | None = None
    span: Span | None = None
    slip: bool = False


@lru_cache(maxsize=8)
def phrasebook(styles: tuple[tuple[str, tuple[str, ...]], ...]) -> Phrasebook[Meaning]:
    """Return the phrases of the vocabulary and of the styles, each given as (id, phrases)."""
    known = _words(vocabulary())
    for style_id, phrases in styles:
        for phrase in phrases:
            before = known.get(phrase)
            other = before if before and before.kind in ("instruments", "moods", "traits") else None
            known[phrase] = Meaning("genre", None, style_id, other)
    return Phrasebook(known)


@lru_cache(maxsize=8)
def follow_phrasebook(styles: tuple[tuple[str, tuple[str, ...]], ...]) -> Phrasebook[Meaning]:
    """Return the phrases of follow-ups: those of prompts, and before them those that change what is there."""
    vocab = vocabulary()
    known = _words(vocab)
    for style_id, phrases in styles:
        for phrase in phrases:
            before = known.get(phrase)
            known[phrase] = Meaning(
                "genre", None, style_id, before if before and before.kind == "instruments" else None
            )
    for kind in _FOLLOW_ENTRIES:
        entries: Iterable[Said] = getattr(vocab, kind)
        known.update({phrase: Meaning(kind, entry) for entry in entries for phrase in entry.say})
    for kind in _FOLLOW_WORDS:
        known.update({phrase: Meaning(kind) for phrase in getattr(vocab, kind)})
    return Phrasebook(known)


def follow_pieces(text: str, styles: Sequence[Style], tracks: Mapping[str, str] | None = None) -> list[Piece]:
    """Return the pieces of a cleaned follow-up, in order; steps ("3 db", "5 bpm faster") are quantities, too.

    `tracks` are ids by name; a name counts where it says more than the words of the vocabulary ("lead 2", "Fred").
    """
    book = follow_phrasebook(tuple((style.id, style.phrases) for style in styles))
    names = Phrasebook({name: Meaning("track", None, track_id) for name, track_id in (tracks or {}).items()})
    return _with_parts(split(text, _Both(book, names), _piece, claimed(text, steps(text))))


def _with_parts(row: list[Piece]) -> list[Piece]:
    """Return the pieces with a style that is also an instrument read as that where a change is said of a part.

    "change the bass to acid", "add acid", but not "make it acid".
    """
    found: list[Piece] = []
    verbs: set[str] = set()
    part = made = False
    for piece in row:
        changed = verbs & {"add", "mute", "remove", "unmute", "solo"} or (part and (verbs or made))
        if piece.kind == "genre" and piece.other is not None and changed:
            piece = piece._replace(kind=piece.other.kind, entry=piece.other.entry, style="", other=None)
        elif piece.style == "waltz" and piece.kind == "genre" and made:
            piece = as_meter(piece)
        found.append(piece)
        if piece.kind == "changes":
            verbs.add(getattr(piece.entry, "change", ""))
        elif piece.kind == "signs":
            verbs.add("add")
        part = part or piece.kind in ("instruments", "track")
        made = made or piece.kind == "make"
    return found


def as_meter(piece: Piece) -> Piece:
    """Return a waltz that is not the style as its meter: "waltz techno", "make it a waltz"."""
    span = Span(piece.start, piece.start + len(piece.text), "meter", (3, 4))
    return piece._replace(kind="quantity", style="", span=span)


class _Both(Phrasebook[Meaning]):
    """Two phrasebooks, the second for what the first does not know or where it knows a longer phrase."""

    def __init__(self, first: Phrasebook[Meaning], second: Phrasebook[Meaning]) -> None:
        self._books = first, second

    def find(self, row: Sequence[Token], at: int) -> Match[Meaning] | None:
        """Return the longer of the two matches, of equals the first book's."""
        known, other = (book.find(row, at) for book in self._books)
        if known is None or other is None:
            return known or other
        return other if other.end > known.end else known


def _words(vocab: Vocabulary) -> dict[str, Meaning]:
    known: dict[str, Meaning] = {phrase: Meaning("filler") for phrase in vocab.filler}
    for kind in _ENTRIES:
        entries: Iterable[Said] = getattr(vocab, kind)
        for entry in entries:
            for phrase in entry.say:
                known[phrase] = Meaning(kind, entry)
                if kind == "instruments":
                    known.setdefault(plural(phrase), Meaning(kind, entry))
    for leaning in vocab.leanings:
        for phrase in leaning.say:
            known.setdefault(phrase, Meaning("leaning", leaning, leaning.style))
    for phrase in vocab.negation:
        known[phrase] = Meaning("negation")
    for phrase in vocab.only:
        known[phrase] = Meaning("only")
    return known


def pieces(text: str, styles: Sequence[Style]) -> list[Piece]:
    """Return the pieces of a cleaned text, in order; every word is in one of them."""
    book = phrasebook(tuple((style.id, style.phrases) for style in styles))
    return split(text, book, _piece)


def split(
    text: str,
    book: Phrasebook[Meaning],
    piece: Callable[[str, list[Token], Match[Meaning]], Piece],
    spans: Sequence[Span] | None = None,
) -> list[Piece]:
    """Return quantities and, between them, phrases of `book` as pieces."""
    found: list[Piece] = []
    at = 0
    ends = Span(len(text), len(text), "wrong")
    for span in (*(spans if spans is not None else claimed(text)), ends):
        row = tokens(text[at : span.start], at)
        found += (piece(text, row, match) for match in book.scan(row))
        if span is not ends:
            found.append(Piece("quantity", text[span.start : span.end].strip(), span.start, span=span))
        at = span.end
    return found


def claimed(text: str, first: Sequence[Span] = ()) -> list[Span]:
    """Return the quantities and keys of a text, in order; those of `first`, then quantities, have the right of way."""
    numbers: list[Span] = []
    covered = bytearray(len(text))
    for span in (*first, *quantities(text)):
        if _whole(text, span) and not any(covered[span.start : span.end]):
            numbers.append(span)
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    free = (key for key in keys(text) if not any(covered[key.start : key.end]) and _whole(text, key))
    return sorted([*numbers, *free], key=lambda span: span.start)


def _whole(text: str, span: Span) -> bool:
    """Return whether no letter of any script is glued to either end of a span."""
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return not (_GLUE.fullmatch(before) or (_GLUE.fullmatch(after) and text[span.end - 1] not in " ,;."))


def _piece(text: str, row: list[Token], match: Match[Meaning]) -> Piece:
    first, last = row[match.start], row[match.end - 1]
    words = text[first.start : last.end]
    if match.end - match.start == 1:
        if first.word in JOINERS:
            return Piece("joiner", words, first.start)
        if first.word in STOPS:
            return Piece("stop", words, first.start)
        if not first.word[0].isalnum() and len(first.word) == 1 and first.word.isascii():
            return Piece("filler", words, first.start)
    if match.meaning is None:
        bpm = bare_tempo(text, first.start, last.end)
        span = Span(first.start, last.end, "tempo", bpm) if bpm is not None and _alone(text, first) else None
        return Piece("quantity" if span else "unknown", words, first.start, span=span)
    meaning = match.meaning
    return Piece(meaning.kind, words, first.start, meaning.entry, meaning.style, meaning.other)


def _alone(text: str, token: Token) -> bool:
    """Return whether a number is not signed and not counting something named before it ("-60", "#140")."""
    return text[max(token.start - 1, 0) : token.start] not in ("-", "#", "+", "$", "€", "£")
