"""Understand: a description of music becomes an intent; every word is understood, says nothing, or is told."""

import re
from collections.abc import Sequence
from typing import Any

from hardcore.compose.harmony.chordnames import key_for
from hardcore.compose.harmony.chordwords import merged
from hardcore.compose.intent import Intent, Understood
from hardcore.compose.styles import Style
from hardcore.compose.styles import styles as known_styles
from hardcore.errors import UserError
from hardcore.language.prompt.compounds import compounds
from hardcore.language.prompt.parts import both_hands, parts_of
from hardcore.language.prompt.pieces import Piece, pieces
from hardcore.language.prompt.reading import Reading
from hardcore.language.prompt.sections import song_of, with_lengths
from hardcore.language.prompt.sentence import read
from hardcore.language.prompt.style import chamber, style_of
from hardcore.language.words import clean, tokens
from hardcore.music.scale import Key

LONGEST = 10_000
EXAMPLE = "like: dark warehouse techno, 138 bpm, F minor, rolling bass"
_WITH = re.compile(r"\bw/?(?= )", re.IGNORECASE)
_ISH = re.compile(r"(?<=\d)( ?bpm)? ?-?ish\b", re.IGNORECASE)
SLOW = 0.15  # of a style's range of tempos, as "slow" says


def understand(text: str, *, genres: Sequence[Style] | None = None, default_genre: str | None = None) -> Intent:
    """Return what `text` asks for. Raises UserError with an example when there is no word in it, or too many.

    genres         the styles that can be named; all of the knowledge base unless given
    default_genre  taken when no style is named; without it, the style nearest to the tempo, moods and instruments
    Of two things that contradict each other the later wins, and `ignored` says so.
    """
    plain = clean(text)
    if not any(token.word[0].isalnum() or not token.word.isascii() for token in tokens(plain)):
        raise UserError("there is nothing to play in that", EXAMPLE)
    if len(plain) > LONGEST:
        raise UserError(f"that is {len(plain):,} characters long", f"{LONGEST:,} at most")
    known = tuple(genres if genres is not None else known_styles())
    row = compounds(with_lengths(pieces(_spelled_out(plain), known)))
    reading = read(row)
    style = style_of(reading, row, known, default_genre)
    levels = {name: level.value for name, level in reading.levels.items()}
    fields: dict[str, Any] = {
        **levels,
        **_tempo(reading, style),
        **_meter(reading),
        **both_hands(row, style, parts_of(reading, style)),
        "key": _key_of(reading, style, _key(reading, style)),
        "mode": reading.mode if not reading.quantities.keys() & {"key", "mode"} else None,
        "progression": reading.chords.entry.names if reading.chords else (),
        "swing_percent": reading.swing[0] if reading.swing else None,
        "groove": reading.groove.entry if reading.groove else None,
        "chords": merged(reading.harmony),  # type: ignore[arg-type]
    }
    if reading.groove and reading.swing:
        reading.overrule(reading.swing[1], reading.groove.text)
    fields |= song_of(reading, row, style, fields)
    _tell_rest(reading, row)
    return Intent(
        prompt=plain.strip(),
        genre=style.id,
        **fields,
        understood=_in_order(reading.places),
        ignored=_ignored(reading.lost, _spelled_out(plain)),
    )


def _spelled_out(text: str) -> str:
    """Return a text with what is written short spelled out: "w just pads" is with them, "118ish" about 118."""
    return _ISH.sub(r"\1", _WITH.sub("with", text))


def _key_of(reading: Reading, style: Style, said: Key | None) -> Key | None:
    """Return the key that is said, else the one that holds the typed chords."""
    piece = reading.chords
    if piece is None:
        return said
    words = f"the chords {' '.join(piece.entry.names)}"
    reading.understand(piece.start, piece.text, words)
    if said is not None or piece.entry.names[0][0] not in "ABCDEFG":
        return said
    key = key_for(piece.entry.names, style.key, keep=False)
    reading.understand(piece.start, piece.text, f"{words}, in {key.name}")
    return key


def _tempo(reading: Reading, style: Style) -> dict[str, float]:
    """Return the tempo in numbers, else the one that "fast" or "slow" means in the style."""
    piece = reading.quantities.get("tempo")
    if reading.pace:
        place, word = reading.pace
        if piece:
            reading.lose(word.start, word.text, f"{piece.text} is said")
        else:
            bpm = getattr(word.entry, "bpm", None) or style.bpm_at(place)
            reading.understand(word.start, word.text, f"tempo {bpm:g} BPM")
            return {"bpm": bpm}
    elif piece is None and reading.genre is not None and "slow" in reading.genre.word.split():
        slow = style.bpm_at(SLOW)
        reading.understand(reading.genre.start, reading.genre.text, f"style {style.name}, tempo {slow:g} BPM")
        return {"bpm": slow}
    if piece is None:
        return {}
    bpm = float(piece.entry.value)
    reading.understand(piece.start, piece.text, f"tempo {bpm:g} BPM")
    return {"bpm": bpm}


def _key(reading: Reading, style: Style) -> Key | None:
    """Return the key; a letter alone is major unless the style never is, a mode alone has the style's tonic."""
    piece = reading.quantities.get("key") or reading.quantities.get("mode")
    if piece is None:
        return None
    value, why = piece.entry.value, ""
    if isinstance(value, int) and _can_be_major(reading, style):
        key, why = Key(tonic=value, mode="major"), " (a letter alone)"
    elif isinstance(value, int):
        key, why = Key(tonic=value, mode=style.key.mode), f" ({style.name} is usually {style.key.mode})"
    elif isinstance(value, str):
        key, why = Key(tonic=style.key.tonic, mode=value), f" ({style.name} is often in {style.key.tonic_name})"
    else:
        assert isinstance(value, Key)
        key = value
    reading.understand(piece.start, piece.text, f"key {key.name}{why}")
    return key


def _can_be_major(reading: Reading, style: Style) -> bool:
    return style.major or (reading.genre is None and reading.leaning is None and chamber(reading))


def _meter(reading: Reading) -> dict[str, int]:
    piece = reading.quantities.get("meter")
    if piece is None and reading.avoid_meter == (4, 4):  # "not in 4/4": the odd meter that is used most
        return {"numerator": 7, "denominator": 8}
    if piece is None:
        return {}
    numerator, denominator = piece.entry.value
    reading.understand(piece.start, piece.text, f"meter {numerator}/{denominator}")
    return {"numerator": numerator, "denominator": denominator}


# what says nothing by itself, and what is told with what it is about
_SILENT = frozenset({"filler", "link", "stop", "neg", "only", "nothing_else", "degree"})


def _tell_rest(reading: Reading, row: Sequence[Piece]) -> None:
    """Tell every piece that was taken for nothing: no word of a prompt is left out without a word."""
    told = [(at, at + len(words)) for at, (words, _) in reading.places.items()]
    told += [(at, at + len(words)) for at, words, _ in reading.lost]
    for piece in row:
        end = piece.start + len(piece.text)
        counts = piece.kind not in _SILENT and piece.start not in reading.spent
        if counts and not any(start < end and piece.start < stop for start, stop in told):
            reading.lose(piece.start, piece.text)


def _in_order(places: dict[int, tuple[str, str]]) -> tuple[Understood, ...]:
    return tuple(dict.fromkeys(Understood(*places[at]) for at in sorted(places)))


def _ignored(lost: list[tuple[int, str, str]], text: str) -> tuple[str, ...]:
    """Return what does not count, in order; neighbouring unknown words together, a reason in parentheses."""
    runs: list[tuple[int, str, str]] = []
    for at, words, why in sorted(lost):
        if runs and not why and not runs[-1][2]:
            start, before, _ = runs[-1]
            end = start + len(before)
            if text[end:at] == " " and text[start:end] == before and len(before) < 60:
                runs[-1] = (start, f"{before} {words}", "")
                continue
        runs.append((at, words, why))
    return tuple(dict.fromkeys(f"{words} ({why})" if why else words for _, words, why in runs))
