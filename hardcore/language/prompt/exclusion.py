"""Exclusion: "no hats", "without kick, snare or bass", "not too dark", and how far a "no" reaches."""

from collections.abc import Sequence

from hardcore.knowledge.vocabulary import InstrumentWords, MoodWords, SwingWords
from hardcore.language.prompt.adjectives import BESIDE, set_levels, set_swing
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Reading, name, said_parts
from hardcore.project.roles import Role

SPECIFIC: tuple[Role, ...] = ("kick", "snare", "bass", "lead", "chords")


def negated(reading: Reading, row: Sequence[Piece], at: int) -> int:
    """Read "no", "without" and what they are about; return what is next."""
    start, first = at, row[at]
    at += 1
    mild = False
    while at < len(row) and row[at].kind in ("filler", "degree", "only", "neg"):
        mild = mild or row[at].kind == "degree" or row[at].word == "too"
        at += 1
    if at >= len(row):  # nothing that is known follows: "no synths"
        reading.lose(first.start, " ".join(piece.text for piece in row[start:at]))
        return at
    first = first._replace(text=" ".join(piece.text for piece in row[start:at]))
    if row[at].kind in ("mood", "trait", "swing") and not _stands_before(row, at):
        return _not_so(reading, row, at, first, mild)
    skipped = at
    while skipped < len(row) and row[skipped].kind in BESIDE:
        skipped += 1
    if skipped < len(row) and row[skipped].kind == "part":
        said = " ".join(piece.text for piece in (first, *row[at:skipped]))
        return _excluded(reading, row, skipped, first._replace(text=said))
    return _denied(reading, row, start, at, first)


def _denied(reading: Reading, row: Sequence[Piece], start: int, at: int, first: Piece) -> int:
    """Read a "no" to what is neither a part nor an adjective; return what is next."""
    denied = row[at]
    words = f"{first.text} {denied.text}"
    if denied.kind == "style":
        reading.avoid.add(denied.style)
        reading.understand(first.start, words, f"not {denied.style.replace('_', ' ')}")
    elif denied.kind == "unavailable":
        reading.understand(first.start, words, "there are none")
    elif denied.kind == "song":
        reading.understand(first.start, words, "a loop")
    elif denied.kind == "form":
        reading.unwanted.append((first.start, words))
    elif denied.kind == "quantity" and denied.entry.kind == "meter":
        reading.avoid_meter = denied.entry.value
        reading.understand(first.start, words, f"not {denied.text}")
    elif denied.kind in ("groove", "harmony", "chords"):
        reading.understand(first.start, words, "not asked for")
    elif denied.kind in ("unknown", "quantity", "pace", "leaning"):
        reading.lose(first.start, words)
    else:
        for piece in row[start:at]:
            if piece.kind in ("neg", "degree"):
                reading.lose(piece.start, piece.text)
        return at
    return at + 1


def _stands_before(row: Sequence[Piece], at: int) -> bool:
    """Return whether the adjectives at `at` stand before an instrument."""
    while at < len(row) and row[at].kind in BESIDE:
        at += 1
    return at < len(row) and row[at].kind == "part"


def _not_so(reading: Reading, row: Sequence[Piece], at: int, first: Piece, mild: bool) -> int:
    """Read "not dark", "not too bright or busy", "no swing": the other side of the middle, mildly."""
    text, start = first.text, first.start
    while True:
        piece = row[at]
        words = f"{text} {piece.text}"
        if isinstance(piece.entry, MoodWords):
            main = next(iter(piece.entry.sets))
            noun = first.word.split()[0] in ("no", "without", "minus", "zero")
            factor = -0.25 if mild else -1.0 if noun else -0.5
            set_levels(reading, start, words, {main: piece.entry.sets[main]}, factor, False)
        elif isinstance(piece.entry, SwingWords):
            set_swing(reading, start, words, 50.0)
        else:
            reading.lose(start, words, "a part's way to play cannot be excluded")
        if at + 2 < len(row) and _goes_on(row[at + 1]) and row[at + 2].kind in ("mood", "trait", "swing"):
            at, start, text = at + 2, row[at + 2].start, ""
            text = first.text
            continue
        return at + 1


def _goes_on(piece: Piece) -> bool:
    return (piece.kind == "link" and piece.word in ("or", "nor", "and", "&", "/")) or piece.text == "nor"


def _excluded(reading: Reading, row: Sequence[Piece], at: int, first: Piece) -> int:
    """Read the instruments after a "no": one, or a list joined by "or", "and", or commas that end in an "or"."""
    commas = (not first.word.startswith("no ") and first.word != "no") or _ends_in_or(row, at)
    lead = f"{first.text} "
    while True:
        _exclude_one(reading, row[at], first if lead else row[at], f"{lead}{row[at].text}")
        lead = ""
        step = at + 1
        while step < len(row) and (_goes_on(row[step]) or (commas and row[step].text == "," and _ends_list(row, step))):
            step += 1
        if step == at + 1 or step >= len(row) or row[step].kind != "part":
            return at + 1
        at = step


def _ends_in_or(row: Sequence[Piece], at: int) -> bool:
    """Return whether the plain list of instruments at `at` ends in "or"."""
    step = at + 1
    while step + 1 < len(row) and row[step].kind == "link":
        if row[step].word in ("or", "nor"):
            return True
        if row[step + 1].kind == "part":
            step += 2
        elif row[step + 1].kind in ("link", "neg"):
            step += 1
        else:
            return False
    return False


def _ends_list(row: Sequence[Piece], at: int) -> bool:
    """Return whether the list that goes on at the comma `at` ends in "or" or "and"."""
    while at + 1 < len(row) and row[at].kind == "link":
        if row[at].text != ",":
            return row[at + 1].kind == "part"
        at += 2 if row[at + 1].kind == "part" else 1
    return False


def _exclude_one(reading: Reading, piece: Piece, first: Piece, words: str) -> None:
    entry = piece.entry
    assert isinstance(entry, InstrumentWords)
    special = bool(entry.traits) or (entry.device is not None and entry.device != entry.roles[0])
    if special and entry.roles[0] in SPECIFIC:
        reading.lose(first.start, words, f"only whole parts can be left out: no {name(entry.roles[0])}")
        return
    for role in entry.roles:
        for asked in (reading.include, reading.only):
            if role in asked:
                before = asked.pop(role)
                if before not in asked.values():  # "drums, no kick" are drums still
                    reading.overrule(before, words)
                reading.devices.pop(role, None)
                reading.traits.pop(role, None)
        reading.exclude[role] = words
    reading.understand(first.start, words, f"without {said_parts(entry.roles, entry.group)}")
