"""Sections: how long a piece is, and whether it is a scene that loops or a song in sections, with which ones."""

import re
from collections.abc import Sequence
from typing import Any

from hardcore.compose.intent import MOST_BARS, MOST_SONG_BARS
from hardcore.compose.styles import Style
from hardcore.knowledge.form import SongSection
from hardcore.knowledge.loader import genre
from hardcore.language.numbers import Quantity
from hardcore.language.prompt.compounds import is_long
from hardcore.language.prompt.lineup import WITH
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Asked, Reading
from hardcore.project.roles import ROLES, Role

_SONG = re.compile(r"\bsong\b")
# what is a loop, or a part of a song that is there
_NO_SONG = re.compile(
    r"\b(?:loops?|beats?|riffs?|jingle|scene|clip|patterns?|grooves?|not? (?:a )?song"
    r"|(?:for|to|in|of|like) (?:a|an|my|the|this|our) (?:\S+ )?song)\b"
)
# a scene that loops is shorter than this
LEAST_S = 90.0
MOST_SECTION = 128


def song_of(reading: Reading, row: Sequence[Piece], style: Style, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of length and form, and tell of unwanted sections: a song has those of its style."""
    form = _form(reading, row, style, fields)
    for at, words in reading.unwanted:
        if form.get("song") and not form.get("sections"):
            reading.lose(at, words, "a song has the sections of its style")
        else:
            reading.understand(at, words, "no such section")
    return form


def _form(reading: Reading, row: Sequence[Piece], style: Style, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of length and form: bars of a scene; of a song, which minutes mean too, its sections.

    Who calls it a song and says no length, no loop and no other music that it is for, means a song.
    """
    lift = _lift(reading)
    timed = [one for one in reading.asked if one.bars]
    names = [one.name for one in reading.asked]
    if (
        any(one.sole for one in reading.asked) or len(timed) > 1 or (len(names) > 3 and len(set(names)) < len(names))
    ):  # "intro verse chorus verse outro"
        return {"song": True, "sections": _sections(reading, style)} | lift
    bars = _bars(reading, style, fields)
    seconds = None if reading.quantities.get("bars") else reading.quantities.get("seconds")
    song = bool(reading.song) or bool(lift) or (seconds is not None and float(seconds.entry.value) >= LEAST_S)
    if (named := _named_song(reading, row)) is not None:
        song = True
        reading.understand(*named, "a song in sections, not a loop: it is called a song")
    for piece in reading.song:
        reading.understand(piece.start, piece.text, "a song in sections")
    for one in reading.asked:
        alone = len(reading.asked) == 1 and not one.wished
        song = song or not alone
        reading.understand(
            one.piece.start, one.piece.text, "a scene of that" if alone and not song else "a song in sections"
        )
    return {"song": True, "song_bars": bars} | lift if song else {"bars": bars}


def _named_song(reading: Reading, row: Sequence[Piece]) -> tuple[int, str] | None:
    """Return where a description calls itself a song and its words; None where it names a length, a loop or a part."""
    words = " ".join(piece.text.casefold() for piece in row)
    if reading.song or reading.asked or reading.only or reading.quantities.keys() & {"bars", "beats", "seconds"}:
        return None
    if not _SONG.search(words) or _NO_SONG.search(words):
        return None
    found = ((piece, _SONG.search(piece.text.casefold())) for piece in row)
    return next((piece.start + match.start(), match[0]) for piece, match in found if match)


def _lift(reading: Reading) -> dict[str, int]:
    """Return the field of a key change, empty where none is asked for."""
    if reading.lift is None:
        return {}
    by = int(reading.lift.entry)
    how = "a semitone" if by == 1 else "a tone"
    reading.understand(reading.lift.start, reading.lift.text, f"the last chorus {how} higher")
    return {"lift": by}


def _bars(reading: Reading, style: Style, fields: dict[str, Any]) -> int | None:
    """Return the length in bars; seconds are converted at the tempo asked for, or the style's."""
    over, under = fields.get("numerator") or style.meter[0], fields.get("denominator") or style.meter[1]
    beats_per_bar = over * 4 / under
    for kind in ("bars", "beats", "seconds"):
        piece = reading.quantities.get(kind)
        if piece is None:
            continue
        value = float(piece.entry.value)
        bpm = fields.get("bpm") or style.default_bpm
        beats = value * bpm / 60 if kind == "seconds" else value
        most = MOST_SONG_BARS if kind == "seconds" and value >= LEAST_S else MOST_BARS
        bars = int(value) if kind == "bars" else min(max(round(beats / beats_per_bar), 1), most)
        at = f" at {bpm:g} BPM: {bars * beats_per_bar * 60 / bpm:.1f} s" if kind == "seconds" else ""
        reading.understand(piece.start, piece.text, f"{bars} bar{'s' if bars != 1 else ''}{at}")
        return bars
    return None


def _sections(reading: Reading, style: Style) -> tuple[SongSection, ...]:
    """Return the sections as they are listed: those without a length have the style's, or eight bars.

    Where a section says who plays alone, they do; else all but those whose first section is a later one.
    """
    usual = {section.name: section for section in genre(style.id).song}
    found: list[SongSection] = []
    before: set[Role] = set()
    for place, one in enumerate(reading.asked):
        before |= set(one.roles)
        later = {role for other in reading.asked[place + 1 :] for role in other.roles} - before
        own = usual.get(one.name)
        bars = one.bars or (own.bars if own else 8)
        rest = tuple(role for role in ROLES if role in later)
        if own and not one.roles:
            found.append(own.evolve(bars=min(bars, MOST_SECTION)))
        else:
            play = one.roles if one.only else ()
            section = SongSection(name=one.name, bars=min(bars, MOST_SECTION), play=play, rest=() if one.only else rest)
            found.append(section)
        reading.understand(one.piece.start, one.piece.text, f"section {one.name}, {bars} bars")
    return tuple(found)


def sectioned(row: Sequence[Piece]) -> tuple[list[Asked], frozenset[int]]:
    """Return the sections that a prompt names, and the pieces that say something of one of them and nothing else.

    Those are, where two sections or more have lengths, the lengths and "only".
    """
    forms = [at for at, piece in enumerate(row) if piece.kind == "form" and not _after(row, at, "neg")]
    forms = forms or [at for at, piece in enumerate(row) if _can_be_form(piece) and _only_of(row, at, len(row))]
    if forms:  # "break" is a section beside others, else a drum break
        forms = sorted({*forms, *(at for at, piece in enumerate(row) if _can_be_form(piece))})
    # "verse 16 chorus 8" or "16 bars verse, 8 bars chorus"
    follows = bool(forms) and _length_of(row, forms[0], (-1,)) is None
    lengths = {at: _length_of(row, at, (1, -1) if follows else (-1, 1)) for at in forms}
    timed = sum(length is not None for length in lengths.values()) > 1
    found, spent = [], set()
    for number, at in enumerate(forms):
        end = forms[number + 1] if number + 1 < len(forms) else len(row)
        name = row[at].entry if row[at].kind == "form" else row[at].other.value  # type: ignore[union-attr]
        wished = _after(row, at, "with") or row[at].word.endswith("s") or (at > 0 and is_long(row[at - 1]))
        asked = Asked(row[at], str(name), wished=wished, sole=len(forms) == 1 and _is_sole(row, at))
        if asked.sole:
            spent.add(at + 1)
        if timed:
            length = lengths[at]
            inside = range(at + 1, end)
            asked.bars = int(row[length].entry.value) if length is not None else None
            asked.roles = tuple(role for n in inside if row[n].kind == "part" for role in row[n].entry.roles)
            asked.only = any(row[n].kind == "only" for n in inside)
            spent |= {n for n in inside if row[n].kind == "only"} | ({length} if length is not None else set())
        elif (only := _only_of(row, at, end)) is not None:
            spent.add(only)
        found.append(asked)
    return found, frozenset(spent)


def _is_sole(row: Sequence[Piece], at: int) -> bool:
    """Return whether an "only" behind a section is of the section: "trance breakdown only, supersaws"."""
    rest = row[at + 1 : at + 3]
    return bool(rest) and rest[0].kind == "only" and (len(rest) == 1 or rest[1].kind in ("stop", "link"))


def _can_be_form(piece: Piece) -> bool:
    return piece.other is not None and piece.other.kind == "form"


def _only_of(row: Sequence[Piece], form: int, end: int) -> int | None:
    """Return the place of an "only" that says who plays in a section: "break in the middle with just pads"."""
    for at in range(form + 1, end):
        if row[at].kind == "only":
            between = row[form + 1 : at]
            with_it = any(one.word.split()[-1] in WITH for one in between if one.kind == "filler")
            return at if with_it else None
        if row[at].kind not in ("filler", "link", "unknown"):
            return None
    return None


def with_lengths(row: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with bare numbers after sections as their bars: "intro 4, verse 8, chorus 8"."""
    found = list(row)
    counts = [at for at, piece in enumerate(row) if piece.text.isdigit() and _form_before(row, at)]
    counts = [at for at in counts if 0 < int(row[at].text) <= MOST_SECTION]
    for at in counts if len(counts) > 1 else ():
        found[at] = row[at]._replace(kind="quantity", entry=Quantity(0, 0, "bars", float(row[at].text)))
    return found


def _form_before(row: Sequence[Piece], at: int) -> bool:
    """Return whether a section stands right before a piece, perhaps with a sign between."""
    before = row[at - 1] if at else None
    if before is not None and before.kind == "filler" and before.text in ("(", ":", "=", "-", "x") and at > 1:
        before = row[at - 2]
    forms = before is not None and (before.kind == "form" or (before.other is not None and before.other.kind == "form"))
    return forms and row[at].kind in ("unknown", "quantity")


def _after(row: Sequence[Piece], at: int, what: str) -> bool:
    """Return whether a section stands after "no", or in a list after "with"."""
    while at > 0:
        at -= 1
        piece = row[at]
        if piece.kind == what or (what == "with" and piece.kind == "filler" and piece.word in WITH):
            return True
        if piece.kind not in ("filler", "link", "form", "mood", "pace", "degree"):
            return False
    return False


def _length_of(row: Sequence[Piece], at: int, steps: Sequence[int]) -> int | None:
    """Return the place of the bars that a section has: "8 bars intro", "intro (8 bars)", "an 8-bar intro"."""
    for step in steps:
        other = at + step
        while 0 <= other < len(row) and row[other].kind == "filler":
            other += step
        if 0 <= other < len(row) and row[other].kind == "quantity" and row[other].entry.kind == "bars":
            return other
    return None
