"""The figures that tunes and songs are judged by, measured from notes alone.

Measured as the references of real music were: a tune is monophonic, times are rounded to sixteenths, a beat is a
quarter; a phrase ends at a rest of at least half a beat or a note of at least a beat and a half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import correlation as _pearson
from statistics import fmean
from typing import Any

from hardcore.project.notes import Note
from hardcore.project.state import ProjectState

STEP = 480
BEAT = 4  # sixteenths


@dataclass(frozen=True)
class Tune:
    """A melody in sixteenths: (onset, length, pitch) of each note, and sixteenths a bar."""

    notes: tuple[tuple[int, int, int], ...]
    bar: int

    @property
    def bars(self) -> int:
        """Return the bars from the first to the last in which a note begins."""
        return self.notes[-1][0] // self.bar + 1

    def intervals(self) -> list[int]:
        """Return the semitones from note to note."""
        return [b[2] - a[2] for a, b in pairwise(self.notes)]

    def rhythms(self) -> list[tuple[int, ...]]:
        """Return the onsets of each bar that has any."""
        rows = [tuple(at % self.bar for at, _, _ in self.notes if at // self.bar == bar) for bar in range(self.bars)]
        return [row for row in rows if row]

    def phrases(self) -> list[tuple[tuple[int, int, int], ...]]:
        """Return the notes of each phrase."""
        found: list[list[tuple[int, int, int]]] = [[]]
        for note, after in zip(self.notes, [*self.notes[1:], None], strict=True):
            found[-1].append(note)
            rest = after[0] - note[0] - note[1] if after else 0
            if after and (rest >= BEAT / 2 or note[1] >= 1.5 * BEAT):
                found.append([])
        return [tuple(row) for row in found]


def tune_of(notes: Sequence[Note], bar_ticks: int) -> Tune:
    """Return the top line of some notes as a tune."""
    top: dict[int, tuple[int, int]] = {}
    for note in notes:
        onset = round(note.start_ticks / STEP)
        length = max(round(note.length_ticks / STEP), 1)
        if onset not in top or top[onset][1] < note.pitch:
            top[onset] = (length, note.pitch)
    row = [(onset, *top[onset]) for onset in sorted(top)]
    cut = [(a, min(length, b[0] - a), pitch) for (a, length, pitch), b in pairwise(row)]
    return Tune((*cut, *row[-1:]), bar_ticks // STEP)


def figures(tune: Tune) -> dict[str, float]:
    """Return what is judged of a tune of at least eight notes."""
    moves = tune.intervals()
    moving = [move for move in moves if move]
    rhythms, phrases = tune.rhythms(), tune.phrases()
    fours = [tuple(moves[at : at + 4]) for at in range(len(moves) - 3)]
    spans = [(row[-1][0] + row[-1][1] - row[0][0]) / tune.bar for row in phrases]
    crossing = [at // tune.bar != (at + length - 1) // tune.bar for at, length, _ in tune.notes]
    return {
        "steps": _share(abs(move) in (1, 2) for move in moves),
        "repeats": _share(not move for move in moves),
        "direction kept": _share(a * b > 0 for a, b in pairwise(moving)),
        "bar rhythms": len(set(rhythms)) / len(rhythms),
        "figures that recur": 1 - len(set(fours)) / len(fours) if fours else 0.0,
        "notes a phrase": len(tune.notes) / len(phrases),
        "phrase length": sum(spans) / len(spans),
        "over barlines": _share(crossing),
        "pickups": _share(row[0][0] % tune.bar >= 0.6 * tune.bar for row in phrases),
        "range": float(max(p for _, _, p in tune.notes) - min(p for _, _, p in tune.notes)),
        "notes a bar": len(tune.notes) / tune.bars,
    }


def chord_tone_bars(tune: Tune, chords: Sequence[frozenset[int]]) -> float:
    """Return the share of bars with notes in which every note is one of the bar's chord tones (pitch classes a bar)."""
    rows = [[pitch for at, _, pitch in tune.notes if at // tune.bar == bar] for bar in range(tune.bars)]
    return _share(all(p % 12 in chords[bar % len(chords)] for p in row) for bar, row in enumerate(rows) if row)


def covered(lead: Sequence[Note], others: Sequence[Note]) -> float:
    """Return the share of a lead's notes at or under the highest note that sounds with them when they begin."""
    found = []
    for note in lead:
        heard = [one.pitch for one in others if one.start_ticks <= note.start_ticks < one.end_ticks]
        found.append(bool(heard) and max(heard) >= note.pitch)
    return _share(found)


def deviations(notes: Sequence[Note], bar: int, bpm: float) -> dict[int, float]:
    """Return how late what begins near each sixteenth is, ms, less the mean of its place in a bar of `bar` sixteenths.

    So a groove, which is the same in every bar, is no deviation. Places that are played once say nothing.
    """
    rows: dict[int, list[float]] = {}
    for note in notes:
        at = note.start_ticks + note.offset_ticks
        rows.setdefault(round(at / STEP), []).append((at - round(at / STEP) * STEP) * 60_000 / bpm / (4 * STEP))
    late = {step: fmean(row) for step, row in rows.items()}
    places = {place: [late[step] for step in late if step % bar == place] for place in range(bar)}
    return {step: value - fmean(places[step % bar]) for step, value in late.items() if len(places[step % bar]) > 1}


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None of fewer than eight pairs, or where one side stands still."""
    if len(pairs) < 8 or any(len(set(side)) == 1 for side in zip(*pairs, strict=True)):
        return None
    return _pearson(*(list(side) for side in zip(*pairs, strict=True)))


@dataclass(frozen=True)
class Song:
    """What sounds in each bar of a song, part by part: (part, place in the bar, length, pitch), and its sections.

    sections   (kind, first bar, bar after the last)
    """

    bars: tuple[frozenset[tuple[str, int, int, int]], ...]
    sections: tuple[tuple[str, int, int], ...]

    def unique(self) -> float:
        """Return the share of different bars among those in which something sounds."""
        sounding = [bar for bar in self.bars if bar]
        return len(set(sounding)) / len(sounding)

    def repeated(self, least: int = 4) -> float:
        """Return the share of bars in stretches of `least` or more that were heard note for note before."""
        heard: set[int] = set()
        runs: dict[int, int] = {}  # bars alike up to here, by the earlier bar
        for at, bar in enumerate(self.bars):
            runs = {earlier: runs.get(earlier - 1, 0) + 1 for earlier in range(at) if bar and self.bars[earlier] == bar}
            longest = max(runs.values(), default=0)
            if longest >= least:
                heard.update(range(at - longest + 1, at + 1))
        return len(heard) / len(self.bars)

    def movement(self, step: int = 4) -> float:
        """Return in which share of the places inside sections, every `step` bars, parts have come in or gone."""
        moved = []
        for _, first, end in self.sections:
            rows = [
                {part for bar in self.bars[at : at + step] for part, *_ in bar} for at in range(first, end - 1, step)
            ]
            moved += [before != after for before, after in pairwise(rows)]
        return _share(moved)

    def of(self, kind: str, number: int = 0) -> tuple[frozenset[tuple[str, int, int, int]], ...]:
        """Return the bars of the section of a kind that comes so many after the first of it."""
        found = [(first, end) for name, first, end in self.sections if name == kind]
        first, end = found[number]
        return self.bars[first:end]


def song_of(project: ProjectState) -> Song:
    """Return the song that a project's arrangement is."""
    bar = project.meter_map.bar_ticks()
    total = sum(section.bars for section in project.sections)
    rows: list[set[tuple[str, int, int, int]]] = [set() for _ in range(total)]
    for track in project.tracks:
        for placed in track.placements:
            clip = next(clip for clip in track.clips if clip.id == placed.clip)
            for note in clip.notes:
                # every round of the clip that lies in the placement
                first = placed.start_ticks - placed.offset_ticks + note.start_ticks
                for at in range(first, placed.start_ticks + placed.length_ticks, clip.length_ticks):
                    if at >= placed.start_ticks:
                        rows[at // bar].add((track.name, at % bar, note.length_ticks, note.pitch))
    ends = [0]
    for section in project.sections:
        ends.append(ends[-1] + section.bars)
    sections = tuple((one.kind, a, b) for one, a, b in zip(project.sections, ends, ends[1:], strict=False))
    return Song(tuple(frozenset(row) for row in rows), sections)


def different(one: Sequence[frozenset[Any]], other: Sequence[frozenset[Any]], tune: set[str], chords: set[str]) -> bool:
    """Return whether sections have chords a quarter apart, by edits of bars, or tunes that share no more than half.

    tune, chords   parts that play the one and the other; a bar's chord is every pitch class that sounds in it
    """
    rows = [
        [frozenset(pitch % 12 for part, _, _, pitch in bar if part in chords) for bar in bars] for bars in (one, other)
    ]
    if edits(*rows) >= 0.25 * max(len(one), len(other)):
        return True
    lines = [[{(at, pitch) for part, at, _, pitch in bar if part in tune} for bar in bars] for bars in (one, other)]
    return any(any(line) for line in lines) and likeness(*([frozenset(bar) for bar in line] for line in lines)) <= 0.5


def edits(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many things must be changed, added or taken away to make one row the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, b in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (a != b))
    return row[-1]


def likeness(one: Sequence[frozenset[Any]], other: Sequence[frozenset[Any]]) -> float:
    """Return the share of what sounds in both, bar by bar, of what sounds in either."""
    shared = sum(len(a & b) for a, b in zip(one, other, strict=False))
    either = sum(len(a | b) for a, b in zip(one, other, strict=False))
    return shared / either if either else 1.0


def only(bars: Sequence[frozenset[tuple[str, int, int, int]]], part: str) -> list[frozenset[tuple[int, int]]]:
    """Return where and at what pitch a part plays in each bar."""
    return [frozenset((at, pitch) for name, at, _, pitch in bar if name == part) for bar in bars]


def _share(values: object) -> float:
    row = list(values)  # type: ignore[call-overload]
    return sum(row) / len(row) if row else 0.0
