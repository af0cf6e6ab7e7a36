"""How well tunes are told from those of POP909: `python -m tests.compose.pop909 FOLDER` prints an AUC for each style.

FOLDER is that of the data set with a folder for each song (github.com/music-x-lab/POP909-Dataset, MIT licence); it is
no part of the project. A forest learns, from three quarters of the tunes, which are real, and is asked of the rest:
0.5 is a coin, 1 is told apart at once. A: the figures of README's table of references; B: those of the classifier of
styles. It is a figure of styles of songs: real folk tunes are told from real pop tunes with .99.
"""

import sys
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log2
from pathlib import Path

import mido
import numpy as np
from numpy.typing import NDArray

from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project.notes import Note
from tests.compose.classifier import heard, melody
from tests.compose.judge import BEAT, STEP, figures, tune_of

BAR, BARS = 4 * BEAT, 8
_LEAST, _EMPTY = 12, 2  # notes of a window, and empty bars at most
_TREES, _FOLDS = 48, 4
_SEEDS, _NEAR = range(2000, 2060), 150  # tunes of a style, and the real songs whose tempo is nearest to its own
Matrix = NDArray[np.float64]


def real_tune(folder: Path) -> tuple[float, list[Note]]:
    """Return the tempo of a song and its melody, in sixteenths from a bar line on; none where the metre is unsteady."""
    beats = [float(line.split()[0]) for line in (folder / "beat_midi.txt").read_text().splitlines()]
    places = [(float(a), float(b)) for a, b, _ in map(str.split, (folder / "chord_midi.txt").read_text().splitlines())]
    changes = Counter(
        round(_beat(beats, start)) % BEAT for start, end in places if end - start > 0.9 * (beats[1] - beats[0])
    )
    phase = max(changes, key=lambda at: (changes[at], -at))
    if changes[phase] + changes[(phase + 2) % BEAT] < 0.8 * changes.total():
        return 0.0, []
    file, now, begun, notes = mido.MidiFile(folder / f"{folder.name}.mid"), 0.0, dict[int, float](), list[Note]()
    tempo = next(message.tempo for message in file.tracks[0] if message.type == "set_tempo")
    for message in next(track for track in file.tracks if track.name == "MELODY"):
        now += mido.tick2second(message.time, file.ticks_per_beat, tempo)
        if message.type == "note_on" and message.velocity:
            begun[message.note] = now
        elif message.type in ("note_on", "note_off") and message.note in begun:
            start, end = (round((_beat(beats, at) - phase) * BEAT) for at in (begun.pop(message.note), now))
            if start >= 0:
                notes.append(Note(start * STEP, max(end - start, 1) * STEP, message.note))
    return 60 * (len(beats) - 1) / (beats[-1] - beats[0]), sorted(notes)


def _beat(beats: Sequence[float], second: float) -> float:
    at = min(max(bisect_right(beats, second) - 1, 0), len(beats) - 2)
    return at + (second - beats[at]) / (beats[at + 1] - beats[at])


def window(notes: Sequence[Note], number: int) -> list[Note]:
    """Return eight bars that begin with a phrase, the `number`th that is full enough; empty where there is none."""
    first, found = 0, 0
    while notes and first < notes[-1].start_ticks // STEP // BAR:
        cut = [note._replace(start_ticks=note.start_ticks - first * BAR * STEP) for note in notes]
        row = [note for note in cut if 0 <= note.start_ticks < BARS * BAR * STEP]
        empty = BARS - len({note.start_ticks // STEP // BAR for note in row})
        before = [note.end_ticks for note in cut if note.start_ticks < 0]
        begins = row and row[0].start_ticks < BAR * STEP
        rests = begins and (not before or row[0].start_ticks - before[-1] >= BEAT // 2 * STEP)
        if len(row) >= _LEAST and empty <= _EMPTY and rests:
            if found == number:
                return row
            found, first = found + 1, first + BARS
        else:
            first += 1
    return []


def references(notes: Sequence[Note]) -> list[float]:
    """Return the figures of the references, and how many bars have notes, of a tune."""
    tune = tune_of(notes, BAR * STEP)
    moves, sizes = tune.intervals(), [abs(move) for move in tune.intervals()]
    onsets, gaps = [at for at, _, _ in tune.notes], [b[0] - a[0] for a, b in pairwise(tune.notes)]
    rows, phrases = tune.rhythms(), tune.phrases()
    spans = [(row[-1][0] + row[-1][1] - row[0][0]) / BAR for row in phrases]
    bars = [tuple((at % BAR, pitch) for at, _, pitch in tune.notes if at // BAR == bar) for bar in range(BARS)]
    full = [bar for bar in bars if bar]
    pairs = [(move, length) for move, (_, length, _) in zip(moves, tune.notes, strict=False)]
    fours = [tuple(pairs[at : at + 4]) for at in range(len(pairs) - 3)]
    leaps = [(a, b) for a, b in pairwise(moves) if abs(a) >= 5]
    ends = [row[-1][1] > np.mean([length for _, length, _ in row]) for row in phrases if len(row) > 1]
    text = bytes(byte for move, gap in zip(moves, gaps, strict=True) for byte in (move & 255, min(gap, 255)))
    known = figures(tune)
    return [
        *(known[name] for name in (
            "steps", "repeats", "direction kept", "figures that recur", "notes a phrase", "phrase length",
            "over barlines", "pickups", "range", "bar rhythms")),
        len(onsets) / BARS, 1 - min(sum(length for _, length, _ in tune.notes) / (BARS * BAR), 1), BARS - len(full),
        *(np.mean([low <= size <= high for size in sizes]) for low, high in ((3, 4), (5, 7), (8, 11), (12, 99))),
        float(np.mean(sizes)), _bits(pitch % 12 for _, _, pitch in tune.notes), len({p % 12 for _, _, p in tune.notes}),
        float(np.mean([a * b < 0 for a, b in leaps])) if leaps else 0.5, _bits(gaps), len(rows),
        *(float(np.mean([at % BEAT in places for at in onsets])) for places in ((0,), (1, 3))),
        float(np.mean([any(at == 0 for at, _ in bar) for bar in full])), max(spans), float(np.mean(ends or [0])),
        1 - len(set(full)) / len(full), 1 - len(set(fours)) / max(len(fours), 1), len(zlib.compress(text)) / len(text),
    ]  # fmt: skip


def _bits(things: object) -> float:
    counts = Counter(things)  # type: ignore[call-overload]
    return float(-sum(n / counts.total() * log2(n / counts.total()) for n in counts.values()))


def _tree(rows: Matrix, real: Matrix, rng: np.random.Generator, depth: int = 12) -> object:
    """Return a tree of random cuts: (figure, cut, lower, higher), or the share of real tunes."""
    share = float(real.mean())
    if share in (0, 1) or len(real) < 6 or not depth:
        return share
    best: tuple[float, int, float] | None = None
    for figure in rng.choice(rows.shape[1], max(int(rows.shape[1] ** 0.5), 1), replace=False):
        low, high = rows[:, figure].min(), rows[:, figure].max()
        if low < high:
            cut = rng.uniform(low, high)
            below = rows[:, figure] < cut
            sides = (real[below], real[~below])
            impurity = sum(len(side) * side.mean() * (1 - side.mean()) for side in sides if len(side))
            if best is None or impurity < best[0]:
                best = (impurity, int(figure), float(cut))
    if best is None:
        return share
    below = rows[:, best[1]] < best[2]
    sides = [_tree(rows[one], real[one], rng, depth - 1) for one in (below, ~below)]
    return (best[1], best[2], *sides)


def _guess(tree: object, row: Matrix) -> float:
    while isinstance(tree, tuple):
        tree = tree[2] if row[tree[0]] < tree[1] else tree[3]
    return float(tree)  # type: ignore[arg-type]


def auc(real: Matrix, made: Matrix, seed: int = 1) -> float:
    """Return how surely a forest tells real rows from made ones that it has not learned from, 0.5–1."""
    rng, right = np.random.default_rng(seed), list[float]()
    parts = [np.array_split(rng.permutation(len(rows)), _FOLDS) for rows in (real, made)]
    for fold in range(_FOLDS):
        learned = [np.delete(rows, part[fold], axis=0) for rows, part in zip((real, made), parts, strict=True)]
        asked = [rows[part[fold]] for rows, part in zip((real, made), parts, strict=True)]
        count = min(map(len, learned))
        truth, forest = np.repeat([1.0, 0.0], count), list[object]()
        for _ in range(_TREES):
            rows = np.concatenate([side[rng.integers(0, len(side), count)] for side in learned])
            forest.append(_tree(rows, truth, rng))
        sure = [np.array([np.mean([_guess(tree, row) for tree in forest]) for row in side]) for side in asked]
        wins = (sure[0][:, None] > sure[1][None]) + 0.5 * (sure[0][:, None] == sure[1][None])
        right.append(float(wins.mean()))
    return float(np.mean(right))


def main(folder: str, *styles: str) -> None:
    """Print the AUC of styles of songs in 4/4, all unless named, beside real songs of their tempo; first of POP909."""
    songs = [real_tune(one) for one in sorted(Path(folder).iterdir()) if (one / "beat_midi.txt").exists()]
    real = [(bpm, row) for bpm, song in songs if (row := window(song, 0))]
    bpms, both = np.array([bpm for bpm, _ in real]), _figures([row for _, row in real])
    print(f"{len(real)} songs", *(f"{auc(side[::2], side[1::2]):.2f}" for side in both), flush=True)
    for style in styles or [name for name in genre_ids() if genre(name).kind == "song"]:
        made = [list(notes) for seed in _SEEDS for notes, _, bar in (melody(style, seed),) if bar == BAR * STEP]
        made = [row for row in made if len(row) >= _LEAST]
        near = np.argsort(abs(bpms - genre(style).tempo.default), kind="stable")[:_NEAR]
        if made:
            found = (auc(one[near], other) for one, other in zip(both, _figures(made), strict=True))
            print(
                style,
                f"{genre(style).tempo.default:g} bpm, {np.median(bpms[near]):.0f}",
                *(f"{one:.2f}" for one in found),
            )


def _figures(rows: Sequence[Sequence[Note]]) -> tuple[Matrix, Matrix]:
    """Return the figures A and B of tunes on the grid; degrees count from their commonest pitch."""
    grid = [
        [
            Note(round(one.start_ticks / STEP) * STEP, max(round(one.length_ticks / STEP), 1) * STEP, one.pitch)
            for one in row
        ]
        for row in rows
    ]
    home = [Counter(note.pitch % 12 for note in row).most_common(1)[0][0] for row in grid]
    others = [heard(row, tonic, BAR * STEP)[0] for row, tonic in zip(grid, home, strict=True)]
    return np.array([references(row) for row in grid]), np.array(others)


if __name__ == "__main__":
    main(*sys.argv[1:])
