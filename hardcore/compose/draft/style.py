"""A style's sections from songs: tempo, keys, drums, progressions, bass figures, rhythms of the tune, and form."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hardcore.compose.draft.chords import bar_chords, key_of, progressions, weights_of
from hardcore.compose.draft.material import Material, steps
from hardcore.music.scale import Key
from hardcore.project.notes import Note

_STEPS = 16
_PATTERNS, _FIGURES, _PROGRESSIONS, _CELLS, _SECTIONS = 4, 5, 6, 16, 12
_HALF_BAR = 8
_ACCENT, _SOFT = 0.92, 0.6  # of a drum's loudest hit
_BLOCK = 8  # bars of a section
_AROUND = 0.06  # share that a tempo range goes beyond what was heard
_TONES = {0: "1", 3: "3", 4: "3", 5: "4", 7: "5", 9: "6", 10: "7", 11: "7"}


def draft(songs: Sequence[Material]) -> dict[str, Any]:
    """Return the sections of a style's file that songs tell of, as plain data."""
    found: dict[str, Any] = {"tempo": _tempo([song.bpm for song in songs]), "keys": _keys(songs)}
    meter = Counter(song.meter for song in songs).most_common(1)[0][0]
    if meter != "4/4":
        found["meter"] = meter
    straight = [song for song in songs if song.meter == "4/4"]
    if drums := _drums(straight):
        found["drums"] = {"parts": drums}
    if rows := _weighed(row for song in songs for row in progressions(song, _key(song), _PROGRESSIONS)):
        found["harmony"] = {"progressions": [{"numerals": one, "weight": weight} for one, weight in rows]}
    if figures := _common((one for song in straight for one in _figures(song)), _FIGURES):
        found["bass"] = {"behaviours": {"figure": 1}, "figures": list(figures)}
    if cells := _common((cell for song in straight for cell in _cells(song)), _CELLS):
        found["lead"] = {"behaviours": {"motif": 1}, "tune": {"cells": list(cells), "own": 0.85}}
    found["song"] = _form(max(songs, key=lambda song: song.bars))
    return found


def _tempo(heard: Sequence[float]) -> dict[str, float]:
    low, high = min(heard) * (1 - _AROUND), max(heard) * (1 + _AROUND)
    return {"low": float(round(low)), "high": float(round(high)), "default": float(sorted(heard)[len(heard) // 2])}


def _key(song: Material) -> Key:
    """Return the key that is heard; of its relatives, whose notes are the same, the one that the file says."""
    found = key_of(weights_of(song.tonal)) if song.tonal else Key(tonic=0)
    said = song.key
    return said if said is not None and set(said.pitch_classes) == set(found.pitch_classes) else found


def _keys(songs: Sequence[Material]) -> list[dict[str, Any]]:
    counted = Counter(_key(song).name for song in songs)
    return [{"key": name, "weight": count} for name, count in counted.most_common()]


def _drums(songs: Sequence[Material]) -> dict[str, Any]:
    """Return the commonest bars of each drum as patterns, weighed by how often they are played."""
    found: dict[str, Any] = {}
    for role in dict.fromkeys(role for song in songs for role in song.drums):
        rows = Counter(
            pattern
            for song in songs
            for number in range(song.bars)
            if (pattern := _pattern(song.drums.get(role, []), number * song.bar_ticks)).strip(". ")
        )
        if rows:
            patterns = [{"steps": steps, "weight": count} for steps, count in rows.most_common(_PATTERNS)]
            found[role] = {"patterns": patterns}
    return found


def _pattern(hits: Sequence[Note], first: int) -> str:
    loudest = max((note.velocity for note in hits), default=1)
    row = ["."] * _STEPS
    for at, note in steps(hits, first, _STEPS).items():
        force = note.velocity / loudest
        row[at] = "X" if force >= _ACCENT else "x" if force >= _SOFT else "o"
    return " ".join("".join(row[at : at + 4]) for at in range(0, _STEPS, 4))


def _figures(song: Material) -> Iterable[str]:
    """Yield the bass of each bar as a figure: what its notes are above the root of the bar's chord."""
    for number, chord in enumerate(bar_chords(song)):
        hits = steps(song.bass, number * song.bar_ticks, _STEPS)
        if chord is None or not hits:
            continue
        lowest, row = min(note.pitch for note in hits.values()), ["."] * _STEPS
        for at, note in hits.items():
            tone = (note.pitch - chord[0]) % 12
            row[at] = "8" if tone == 0 and note.pitch >= lowest + 12 else _TONES.get(tone, "l")
            held = min(round(note.length_ticks / song.bar_ticks * _STEPS), _STEPS - at)
            for more in range(at + 1, at + held):
                row[more] = "-" if more not in hits and row[more] == "." else row[more]
        yield _tied("".join(row))


def _tied(row: str) -> str:
    """Return a figure in which nothing is held that was not struck: a hold goes on from a hit."""
    signs = list(row)
    for at, sign in enumerate(signs):
        if sign == "-" and (at == 0 or signs[at - 1] == "."):
            signs[at] = "."
    return "".join(signs)


def _cells(song: Material) -> Iterable[str]:
    """Yield the rhythm of each half bar of the tune in which something begins."""
    half = song.bar_ticks // 2
    for number in range(song.bars * 2):
        struck = steps(song.lead, number * half, _HALF_BAR)
        if struck:
            yield "".join("x" if at in struck else "." for at in range(_HALF_BAR))


def _form(song: Material) -> list[dict[str, Any]]:
    """Return the sections of a song in blocks of eight bars: who plays in each; those alike have one name."""
    found: list[dict[str, Any]] = []
    names: dict[tuple[str, ...], str] = {}
    for first in range(0, song.bars, _BLOCK):
        bars = min(_BLOCK, song.bars - first)
        start, end = first * song.bar_ticks, (first + bars) * song.bar_ticks
        playing = tuple(
            name for name, notes in song.names.items() if any(start <= note.start_ticks < end for note in notes)
        )
        if playing:
            name = names.setdefault(playing, f"part {len(names) + 1}")
            found.append({"name": name, "bars": bars, "play": list(playing)})
    return found[:_SECTIONS]


def _common(rows: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(row for row, _ in Counter(rows).most_common(most))


def _weighed(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for row, count in rows:
        found[row] += count
    return found.most_common(_PROGRESSIONS)
