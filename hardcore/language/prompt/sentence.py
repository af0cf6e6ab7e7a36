"""Sentence: the pieces of a prompt put together, from left to right, into a reading.

Adjectives go with the instrument they stand before, a second style colours the first; who plays alone `lineup` says.
"""

from collections.abc import Sequence
from math import prod

from hardcore.compose.harmony.chordwords import meaning
from hardcore.knowledge.groove import groove
from hardcore.knowledge.vocabulary import InstrumentWords, PaceWords
from hardcore.language.numbers import Quantity
from hardcore.language.prompt.adjectives import BESIDE, adjective, scaled, set_swing, with_degrees
from hardcore.language.prompt.exclusion import negated
from hardcore.language.prompt.lineup import alone
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Level, Reading, said_parts
from hardcore.language.prompt.sections import sectioned
from hardcore.project import devices
from hardcore.project.roles import DRUMS


def read(row: Sequence[Piece]) -> Reading:
    """Return the reading of a prompt's pieces; styles and quantities are gathered, not yet resolved."""
    named = [(at, piece) for at, piece in enumerate(row) if piece.kind == "style"]
    reading = Reading(
        styles={piece.style for _, piece in named},
        plain_styles={piece.style for _, piece in named if piece.other is None},
        last_style=max((at for at, _ in named), default=0),
    )
    reading.asked, spent = sectioned(row)
    reading.spent = frozenset(row[at].start for at in spent)
    only = alone(row, spent)
    at = 0
    while at < len(row):
        piece = row[at]
        if at in spent or any(one.piece is piece for one in reading.asked):
            at += 1
        elif piece.kind == "neg":
            at = negated(reading, row, at)
        elif piece.kind in BESIDE:
            at = _described(reading, row, at, only)
        else:
            _single(reading, row, at, only)
            at += 1
    _counted(reading, row)
    return reading


def _counted(reading: Reading, row: Sequence[Piece]) -> None:
    """Read "four tracks: kick, hats, bass, pad": as many tracks as parts are named, one for each of them."""
    piece = reading.quantities.pop("tracks", None)
    if piece is None:
        return
    named = [one for one in row if one.kind == "part"]
    if piece.entry.value != len(named):
        reading.lose(piece.start, piece.text, f"{len(named)} parts are named")
        return
    reading.understand(piece.start, piece.text, "one for each part that is named")
    for one in named:
        for role in one.entry.roles[1:] if not one.entry.group else ():
            reading.include.pop(role, None)
            reading.only.pop(role, None)


def _is_of_members(row: Sequence[Piece], piece: Piece, only: frozenset[int]) -> bool:
    """Return whether a group stands for those of it that play alone: the drums of "just drums: kick, toms"."""
    members = {role for at in only for role in row[at].entry.roles}
    return bool(members) and piece.entry.group and members < set(piece.entry.roles)


def _single(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> None:
    """Read a piece that stands for itself."""
    piece = row[at]
    match piece.kind:
        case "part" if at not in only and _is_of_members(row, piece, only):
            reading.understand(piece.start, piece.text, "those that are named")
        case "part":
            _instrument(reading, piece, (), at in only)
        case "style":
            _style(reading, row, at)
        case "quantity":
            _quantity(reading, piece)
        case "pace":
            _pace(reading, piece)
        case "leaning":
            _leaning(reading, piece)
        case "groove":
            _groove(reading, piece)
        case "harmony":
            reading.harmony.append(piece.entry)
            reading.understand(piece.start, piece.text, meaning(piece.entry))
        case "chords":
            reading.chords = piece
        case "absent":
            reading.exclude |= dict.fromkeys(DRUMS, piece.text)
            reading.understand(piece.start, piece.text, "without drums")
        case "song":
            reading.song.append(piece)
        case "lift":
            reading.lift = piece
        case "unavailable":
            reading.lose(piece.start, piece.text, getattr(piece.entry, "why", ""))
        case "unknown":
            reading.lose(piece.start, piece.text)


def _described(reading: Reading, row: Sequence[Piece], at: int, only: frozenset[int]) -> int:
    """Read adjectives and degrees from `at`, with the instrument they stand before, if any; return what is next."""
    end = at
    while end < len(row) and row[end].kind in BESIDE:
        end += 1
    words = row[at:end]
    instrument = row[end] if end < len(row) and row[end].kind == "part" else None
    if end < len(row) and row[end].kind == "pace" and words[-1].kind == "degree":
        return _paced(reading, row, at, end)
    said = with_degrees(reading, words, instrument is not None)
    for piece, factor, text in said:
        adjective(reading, piece, factor, text, instrument)
    if instrument is None:
        return end
    adjectives = tuple(piece.word for piece, _, _ in said if piece.kind in ("mood", "swing"))
    _instrument(reading, instrument, adjectives, end in only)
    return end + 1


def _paced(reading: Reading, row: Sequence[Piece], at: int, end: int) -> int:
    """Read "very slow", "a bit faster" after other adjectives; return what is next."""
    first = end
    while first > at and row[first - 1].kind == "degree":
        first -= 1
    for piece, factor, text in with_degrees(reading, row[at:first], False):
        adjective(reading, piece, factor, text, None)
    words = " ".join(piece.text for piece in row[first : end + 1])
    factor = prod(piece.entry.factor for piece in row[first:end])
    place = scaled(row[end].entry.place, factor)
    _pace(reading, row[end]._replace(text=words, start=row[first].start, entry=PaceWords(say=(words,), place=place)))
    return end + 1


def _instrument(reading: Reading, piece: Piece, adjectives: tuple[str, ...], only: bool) -> None:
    """Read an instrument that is wanted: alone ("only"), or as well."""
    entry = piece.entry
    assert isinstance(entry, InstrumentWords)
    displaced: set[str] = set()
    for role in entry.roles:
        if role in reading.exclude:
            reading.overrule(reading.exclude.pop(role), piece.text)
        if entry.group:
            reading.groups.add(role)
        asked = reading.only if only else reading.include
        if entry.device:
            if reading.devices.get(role, entry.device) != entry.device:
                displaced.add(asked.get(role, ""))
            reading.devices[role] = entry.device
        asked[role] = piece.text
        words = (*reading.traits.get(role, ()), *entry.traits, *adjectives)
        if words:
            reading.traits[role] = tuple(dict.fromkeys(words))
    for before in displaced.difference((*reading.only.values(), *reading.include.values())):
        reading.overrule(before, piece.text)
    what = [devices.instrument(entry.device).name] if entry.device else []
    said = ", ".join((*what, *entry.traits, *adjectives))
    parts = said_parts(entry.roles, entry.group)
    spelt = "took " if piece.slip else ""
    meant = f"{spelt}{'only ' if only else ''}{parts}{': ' + said if said else ''}"
    reading.understand(piece.start, piece.text, meant)


def _style(reading: Reading, row: Sequence[Piece], at: int) -> None:
    """Read a style; where another one is named, a word that is also an instrument or an adjective is read as that."""
    piece = row[at]
    if (
        piece.other
        and reading.styles - {piece.style}
        and (reading.plain_styles - {piece.style} or at < reading.last_style)
    ):
        _as_other(reading, piece)
        return
    reading.genre = piece


def _as_other(reading: Reading, piece: Piece) -> None:
    """Read the name of a music as the instrument or the adjective that the word is as well."""
    assert piece.other is not None
    meant = piece._replace(kind=piece.other.kind, entry=piece.other.value)
    if meant.kind == "part":
        _instrument(reading, meant, (), False)
    elif meant.kind == "pace":
        _pace(reading, meant)
    else:
        adjective(reading, meant, 1.0, meant.text, None)


_FORMS = frozenset({"ballad", "ballads", "song", "anthem"})  # what is said of a music, not which


def _leaning(reading: Reading, piece: Piece) -> None:
    """Read music that is no style here: the last one counts; beside a style it is its other meaning."""
    if piece.other is not None and reading.styles:
        _as_other(reading, piece)
        return
    before = reading.leaning
    if before is not None and piece.word.split()[-1] in _FORMS:  # "a smooth jazz ballad" is smooth jazz
        reading.understand(piece.start, piece.text, f"as {before.text}")
        for name, value in piece.entry.sets.items():
            reading.set_level(name, Level(value, piece.text, False, False))
        return
    if before is not None and before.style != piece.style:
        reading.lose(before.start, before.text, f"{piece.text} comes later")
    elif before is not None:
        reading.understand(before.start, before.text, f"as {piece.text}")
    reading.leaning = piece


def _groove(reading: Reading, piece: Piece) -> None:
    """Read a groove: the last one counts, and overrules a swing."""
    if reading.groove is not None:
        reading.overrule(reading.groove.text, f"{piece.text}")
    reading.groove = piece
    reading.understand(piece.start, piece.text, f"groove {groove(piece.entry).name}")


def _quantity(reading: Reading, piece: Piece) -> None:
    span = piece.entry
    assert isinstance(span, Quantity)
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
        if before is not None and before.entry[2:] != span[2:]:
            reading.lose(before.start, before.text, f"{piece.text} comes later")
        elif before is not None and before.word != piece.word:
            reading.understand(before.start, before.text, f"as {piece.text}")
    reading.quantities[span.kind] = piece


def _pace(reading: Reading, piece: Piece) -> None:
    place = float(getattr(piece.entry, "place", 0.5))
    if reading.pace and reading.pace[0] != place:
        reading.lose(reading.pace[1].start, reading.pace[1].text, f"{piece.text} comes later")
    reading.pace = (place, piece)
