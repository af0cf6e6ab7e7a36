"""Which style a melody is of: a classifier that hears its notes alone, without tempo, register and instrument.

What it hears of a melody (`heard`) shares nothing with what makes it; it learns some seeds and is asked others.
`python -m tests.compose.classifier` tells how right it is on all styles, and what it takes for what.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.knowledge.loader import genre_ids
from hardcore.project.notes import Note
from tests.compose.judge import STEP, Tune, figures, tune_of

BARS = 8
_PLACES, _MOVES, _GAPS = 16, 12, 8
_CELL = 8  # sixteenths
_CELLS = 96  # half-bar rhythms that are counted, the commonest
_SHRINK = 0.15
Matrix = NDArray[np.float64]


@cache
def melody(style: str, seed: int) -> tuple[tuple[Note, ...], int, int]:
    """Return the lead of eight bars of a style, its tonic as a pitch class, and the ticks of a bar."""
    project = compose(Intent(genre=style, bars=BARS, only=("lead",)), seed)
    notes = tuple(sorted(note for track, clip in project.clips() if track.role == "lead" for note in clip.notes))
    return notes, project.key.tonic, project.meter_map.bar_ticks()


def heard(notes: Sequence[Note], tonic: int, bar_ticks: int) -> tuple[list[float], Counter[int]]:
    """Return figures of a melody, none of which changes with tempo, octave or instrument; and its half-bar rhythms."""
    tune = tune_of(notes, bar_ticks)
    moves, gaps = tune.intervals(), [b[0] - a[0] for a, b in pairwise(tune.notes)]
    row = [
        *_shares((at % tune.bar * _PLACES // tune.bar for at, _, _ in tune.notes), _PLACES),
        *_shares((min(max(move, -_MOVES), _MOVES) + _MOVES for move in moves), 2 * _MOVES + 1),
        *_shares(((pitch - tonic) % 12 for _, _, pitch in tune.notes), 12),
        *_shares((min(gap, _GAPS) - 1 for gap in gaps), _GAPS),
        *_shares((min(length, _GAPS) - 1 for _, length, _ in tune.notes), _GAPS),
        *(_again(tune, lag) for lag in (1, 2, 4)),
        *(figures(tune).values() if len(tune.notes) > 1 else [0.0] * 11),
        np.mean(
            [min(note.length_ticks / STEP / gap, 1.0) for note, gap in zip(sorted(notes), gaps, strict=False)] or 1
        ),
        np.mean([note.slide for note in notes]),
        float(tune.bar),
    ]
    cells = Counter(
        sum(1 << at % _CELL for at, _, _ in tune.notes if at // _CELL == cell)
        for cell in range(BARS * tune.bar // _CELL)
    )
    return [float(figure) for figure in row], cells


def _shares(places: Iterable[int], count: int) -> list[float]:
    found = np.bincount(list(places), minlength=count)[:count]
    return list(found / max(found.sum(), 1))


def _again(tune: Tune, lag: int) -> float:
    """Return the share of notes that were at the same place so many bars before."""
    known = {(at, pitch % 12) for at, _, pitch in tune.notes}
    return sum((at - lag * tune.bar, pitch % 12) in known for at, _, pitch in tune.notes) / len(tune.notes)


class Classifier:
    """Linear discriminants with a shared, shrunk covariance, learned from the melodies of some seeds."""

    def __init__(self, styles: Sequence[str], seeds: Sequence[int]) -> None:
        told = [[heard(*melody(style, seed)) for seed in seeds] for style in styles]
        common = sum((cells for row in told for _, cells in row), Counter[int]())
        self.styles, self.cells = tuple(styles), [mask for mask, _ in common.most_common(_CELLS)]
        rows = np.array([[self._row(*one) for one in row] for row in told])
        flat = rows.reshape(-1, rows.shape[2])
        self.mean, self.spread = flat.mean(axis=0), flat.std(axis=0) + 1e-6
        rows = (rows - self.mean) / self.spread
        self.centres = rows.mean(axis=1)
        inside = (rows - self.centres[:, None]).reshape(-1, rows.shape[2])
        within = inside.T @ inside / max(len(inside) - len(styles), 1)
        within = (1 - _SHRINK) * within + _SHRINK * np.eye(len(within)) * np.trace(within) / len(within)
        self.metric = np.linalg.inv(within)

    def _row(self, row: list[float], cells: Counter[int]) -> list[float]:
        total = max(cells.total(), 1)
        return [*row, *(np.sqrt(cells[mask] / total) for mask in self.cells)]

    def ranked(self, notes: Sequence[Note], tonic: int, bar_ticks: int) -> list[str]:
        """Return the styles, the one that a melody is likeliest of first."""
        one = (np.array(self._row(*heard(notes, tonic, bar_ticks))) - self.mean) / self.spread
        away: Matrix = self.centres - one
        far = np.einsum("ij,jk,ik->i", away, self.metric, away)
        return [self.styles[at] for at in np.argsort(far, kind="stable")]


class Answers:
    """What a classifier said of melodies that it had not heard: shares of right answers, and what it took for what."""

    def __init__(self, classifier: Classifier, seeds: Sequence[int]) -> None:
        self.ranks: dict[str, list[int]] = {}
        self.taken: Counter[tuple[str, str]] = Counter()
        for style in classifier.styles:
            for seed in seeds:
                row = classifier.ranked(*melody(style, seed))
                self.ranks.setdefault(style, []).append(row.index(style))
                self.taken[style, row[0]] += 1
        self.asked = len(seeds)

    def top(self, count: int) -> float:
        """Return the share of melodies whose style is one of the first so many answers."""
        ranks = [rank for row in self.ranks.values() for rank in row]
        return sum(rank < count for rank in ranks) / len(ranks)

    def confused(self) -> list[tuple[float, str, str]]:
        """Return the share of a style's melodies that were taken for another style, the highest first."""
        pairs = [(count / self.asked, *pair) for pair, count in self.taken.items() if pair[0] != pair[1]]
        return sorted(pairs, reverse=True)


def main(learned: int = 24, asked: int = 12) -> None:
    """Tell how right the classifier is on all styles."""
    answers = Answers(Classifier(genre_ids(), range(learned)), range(1000, 1000 + asked))
    print(f"{len(genre_ids())} styles: top-1 {answers.top(1):.2f}, top-5 {answers.top(5):.2f}")
    for share, style, other in answers.confused()[:40]:
        print(f"  {share:.2f} {style} as {other}")
    for style, ranks in sorted(answers.ranks.items(), key=lambda one: -one[1].count(0)):
        print(f"  {ranks.count(0) / len(ranks):.2f} {style}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
