"""Sentence: the pieces of a prompt put together, from left to right, into a reading.

Adjectives go with the instrument they stand before, "only" with its list, a second style colours the first.
"""

from collections.abc import Iterator, Sequence

from hardcore.compose.adjectives import BESIDE, adjective, set_swing, with_degrees
from hardcore.compose.exclusion import negated
from hardcore.compose.lexicon import Piece
from hardcore.compose.reading import Reading, said_parts
from hardcore.knowledge.vocabulary import InstrumentWords
from hardcore.project import devices


def read(row: Sequence[Piece]) -> Reading:
    """Return the reading of a prompt's pieces; styles and quantities are gathered, not yet resolved."""
    named = [(at, piece) for at, piece in enumerate(row) if piece.kind == "genre"]
    reading = Reading(
        styles={piece.style for _, piece in named},
        plain_styles={piece.style for _, piece in named if piece.other is None},
        last_style=max((at for at, _ in named), default=0),
    )
    only = _only_list(row)
    at = 0
    while at < len(row):
        piece = row[at]
        if piece.kind == "negation":
            at = negated(reading, row, at)
        elif piece.kind in BESIDE:
            at = _described(reading, row, at, only)
        else:
            _single(reading, row, at, only)
            at += 1
    return reading


def _single(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> None:
    """Read a piece that stands for itself."""
    piece = row[at]
    if piece.kind == "instruments":
        _instrument(reading, piece, (), at in only)
    elif piece.kind == "genre":
        _style(reading, row, at)
    elif piece.kind == "quantity":
        _quantity(reading, piece)
    elif piece.kind == "pace":
        _pace(reading, piece)
    elif piece.kind == "leaning":
        if reading.leaning is not None and reading.leaning.style != piece.style:
            reading.lose(reading.leaning.start, reading.leaning.text, f"{piece.text} comes later")
        elif reading.leaning is not None:
            reading.understand(reading.leaning.start, reading.leaning.text, f"as {piece.text}")
        reading.leaning = piece
    elif piece.kind == "unavailable":
        reading.lose(piece.start, piece.text, getattr(piece.entry, "why", ""))
    elif piece.kind == "unknown":
        reading.lose(piece.start, piece.text)


def _only_list(row: Sequence[Piece]) -> frozenset[int]:
    """Return the places of the instruments that an "only" is about: the list after it, else the one before it."""
    found: set[int] = set()
    for at, piece in enumerate(row):
        if piece.kind == "only":
            if piece.text.casefold() == "solo" and at > 0 and row[at - 1].kind == "instruments":
                continue  # "a fiddle solo" is no piece for a fiddle alone
            after, before = range(at + 1, len(row)), range(at - 1, -1, -1)
            # "drums only" looks back, "only drums" and "just drums" ahead
            postfix = at > 0 and row[at - 1].kind == "instruments" and piece.text.casefold() == "only"
            found |= set(_listed(row, before if postfix else after))
    return frozenset(found)


def _listed(row: Sequence[Piece], order: range) -> Iterator[int]:
    for at in order:
        if row[at].kind == "instruments":
            yield at
        elif row[at].kind not in ("joiner", "filler", *BESIDE):
            return


def _described(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> int:
    """Read adjectives and degrees from `at`, with the instrument they stand before, if any; return what is next."""
    end = at
    while end < len(row) and row[end].kind in BESIDE:
        end += 1
    words = row[at:end]
    instrument = row[end] if end < len(row) and row[end].kind == "instruments" else None
    said = with_degrees(reading, words, instrument is not None)
    for piece, factor, text in said:
        adjective(reading, piece, factor, text, instrument)
    if instrument is None:
        return end
    adjectives = tuple(piece.text.casefold() for piece, _, _ in said if piece.kind in ("moods", "swing"))
    _instrument(reading, instrument, adjectives, end in only)
    return end + 1


def _instrument(reading: Reading, piece: Piece, adjectives: tuple[str, ...], only: bool) -> None:
    """Read an instrument that is wanted: alone ("only"), or as well."""
    entry = piece.entry
    assert isinstance(entry, InstrumentWords)
    only = only or (entry.alone and not reading.styles)
    for role in entry.roles:
        if role in reading.exclude:
            reading.overrule(reading.exclude.pop(role), piece.text)
        if entry.group:
            reading.groups.add(role)
        (reading.only if only else reading.include)[role] = piece.text
        if entry.device:
            if reading.devices.get(role, entry.device) != entry.device:
                reading.overrule(reading.include.get(role, ""), piece.text)
            reading.devices[role] = entry.device
        words = (*reading.traits.get(role, ()), *entry.traits, *adjectives)
        if words:
            reading.traits[role] = tuple(dict.fromkeys(words))
    what = [devices.instrument(entry.device).name] if entry.device else []
    said = ", ".join((*what, *entry.traits, *adjectives))
    parts = said_parts(entry.roles, entry.group)
    reading.understand(piece.start, piece.text, f"{'only ' if only else ''}{parts}{': ' + said if said else ''}")


def _style(reading: Reading, row: Sequence[Piece], at: int) -> None:
    """Read a style; where another one is named, a word that is also an instrument or an adjective is read as that."""
    piece = row[at]
    if (
        piece.other
        and reading.styles - {piece.style}
        and (reading.plain_styles - {piece.style} or at < reading.last_style)
    ):
        meant = piece._replace(kind=piece.other.kind, entry=piece.other.entry)
        if meant.kind == "instruments":
            _instrument(reading, meant, (), False)
        else:
            adjective(reading, meant, 1.0, meant.text, None)
        return
    reading.genre = piece


def _quantity(reading: Reading, piece: Piece) -> None:
    span = piece.span
    assert span is not None
    if span.kind in ("wrong", "seed"):
        reading.lose(piece.start, piece.text, span.why)
        return
    if span.kind == "swing":
        set_swing(reading, piece.start, piece.text, float(str(span.value)))
        return
    kinds = {"bars": ("bars", "seconds", "beats"), "key": ("key", "mode")}
    same = next((group for group in kinds.values() if span.kind in group), (span.kind,))
    for kind in same:
        before = reading.quantities.pop(kind, None)
        if before is not None and before.span and before.span[2:] != span[2:]:
            reading.lose(before.start, before.text, f"{piece.text} comes later")
        elif before is not None and before.text.casefold() != piece.text.casefold():
            reading.understand(before.start, before.text, f"as {piece.text}")
    reading.quantities[span.kind] = piece


def _pace(reading: Reading, piece: Piece) -> None:
    place = float(getattr(piece.entry, "place", 0.5))
    if reading.pace and reading.pace[0] != place:
        reading.lose(reading.pace[1].start, reading.pace[1].text, f"{piece.text} comes later")
    reading.pace = (place, piece)
