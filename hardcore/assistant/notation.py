"""The notation in which a model writes music: a text a bar, short and easily checked. The guide page Ask documents it.

Parts with pitches: notes one after the other, each PITCH:LENGTH in sixteenths; `-:2` is a rest, `C3+Eb3+G3:8` a chord,
`!` behind it an accent, `?` a soft note: `F1:4! -:2 Ab1:2 C2:8`. Drums: a letter a sixteenth, `X` accent, `x` hit, `o`
soft, `.` nothing: `X..x..x.`.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.music.pitch import note_name, parse_note
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.note import Note

SPELLING = (
    "A bar is one text. Parts with pitches: notes one after the other as PITCH:LENGTH, LENGTH in sixteenths; -:2 is a "
    "rest, C3+Eb3+G3:8 a chord, ! behind a note an accent, ? a soft note, as in: F1:4! -:2 Ab1:2 C2:8. Drums: one "
    "letter a sixteenth, X accent, x hit, o soft, . nothing, as in: X..x..x.X..x..x."
)
_TOKEN = re.compile(r"([A-Ga-g][#b]?-?\d(?:\+[A-Ga-g][#b]?-?\d)*|-):(\d{1,3}(?:\.\d{1,3})?)([!?]?)")
_FORCE = {"!": 116, "": 94, "?": 62}
_HITS = {"X": 116, "x": 94, "o": 62}


class Bar(NamedTuple):
    """A bar as it was written: its notes from its start, the ticks it takes, and what could not be read of it."""

    notes: tuple[Note, ...]
    length_ticks: int
    strange: tuple[str, ...]


def read_bar(text: str) -> Bar:
    """Return the notes of a bar of a part with pitches; what is no note is left out, and named."""
    notes: list[Note] = []
    strange: list[str] = []
    now = 0
    for word in re.sub(r"[|,]", " ", text).split():
        match = _TOKEN.fullmatch(word)
        length = round(float(match[2]) * SIXTEENTH) if match else 0
        if match is None or length < 1:
            strange.append(word[:20])
            continue
        if match[1] != "-":
            try:
                pitches = {parse_note(name) for name in match[1].split("+")}
            except UserError:
                strange.append(word[:20])
                continue
            notes += [Note(now, length, pitch, _FORCE[match[3]]) for pitch in sorted(pitches)]
        now += length
    return Bar(tuple(notes), now, tuple(strange))


def read_drums(text: str, pitch: int) -> Bar:
    """Return the hits of a bar of drums; what is no step is left out, and named."""
    steps = re.sub(r"[\s|]", "", text)
    strange = tuple(sorted({letter for letter in steps if letter not in _HITS and letter not in ".-"}))
    hits = (Note(at * SIXTEENTH, SIXTEENTH, pitch, _HITS[step]) for at, step in enumerate(steps) if step in _HITS)
    return Bar(tuple(hits), len(steps) * SIXTEENTH, strange)


def write_bars(notes: Iterable[Note], bars: int, bar_ticks: int, *, drums: bool) -> list[str]:
    """Return notes as the bars of the notation, on the sixteenths nearest to them."""
    rows: list[list[Note]] = [[] for _ in range(bars)]
    for note in notes:
        if note.start_ticks < bars * bar_ticks:
            rows[note.start_ticks // bar_ticks].append(
                note._replace(start_ticks=round(note.start_ticks % bar_ticks / SIXTEENTH))
            )
    steps = bar_ticks // SIXTEENTH
    return [_drum_bar(row, steps) if drums else _bar(row, steps) for row in rows]


def _drum_bar(notes: Sequence[Note], steps: int) -> str:
    letters = ["."] * steps
    for note in notes:
        letters[min(note.start_ticks, steps - 1)] = "X" if note.velocity > 108 else "o" if note.velocity < 75 else "x"
    return "".join(letters)


def _bar(notes: Sequence[Note], steps: int) -> str:
    """Return the notes of a bar, placed in sixteenths; each lasts until the next one at most."""
    chords = [(start, list(group)) for start, group in groupby(notes, key=lambda note: note.start_ticks)]
    words: list[str] = []
    now = 0
    for place, (start, chord) in enumerate(chords):
        following = chords[place + 1][0] if place + 1 < len(chords) else steps
        if following <= start:
            continue
        words += [f"-:{start - now}"] if start > now else []
        length = min(max(round(chord[0].length_ticks / SIXTEENTH), 1), following - start)
        mark = "!" if chord[0].velocity > 108 else "?" if chord[0].velocity < 75 else ""
        words.append(f"{'+'.join(note_name(note.pitch, flats=True) for note in chord)}:{length}{mark}")
        now = start + length
    words += [f"-:{steps - now}"] if now < steps else []
    return " ".join(words)
