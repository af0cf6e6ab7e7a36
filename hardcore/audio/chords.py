"""Which chord sounds when: chroma by beats against templates, with a chord's habit of lasting (Viterbi)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardcore.audio import tonality
from hardcore.music.pitch import class_name

# intervals above the root, and how readily the kind is believed: a triad explains most of what sounds
KINDS = {
    "": ((0, 4, 7), 1.0),
    "m": ((0, 3, 7), 1.0),
    "dim": ((0, 3, 6), 0.94),
    "sus4": ((0, 5, 7), 0.94),
    "5": ((0, 7), 0.97),
}
# under this likeness of chroma and template there is no chord
_NO_CHORD = 0.62
_BASS_SHARE, _STAY = 0.35, 0.35
_SHARPNESS = 6.0
# without beats, chords are looked for in spans of this length
_SPAN_S = 0.5

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Chord:
    """A chord from `start_s` to `end_s`: its symbol, such as `F#m`, empty where nothing like a chord sounds."""

    start_s: float
    end_s: float
    name: str


def chords(chroma: Curve, bass: Curve, beats_s: Curve, length_s: float, flats: bool = False) -> list[Chord]:
    """Return the chords in order, without gaps, from chroma and bass [frames, 12] of `tonality` and the beats.

    Each span between beats is compared (cosine) with templates of five kinds on twelve roots; the bass adds to its
    root; the best path is found where changing has a price (after Sheh and Ellis 2003). `flats` spells Bb for A#.
    """
    edges = _edges(beats_s, length_s)
    if len(edges) < 2 or not chroma.any():
        return [Chord(0.0, length_s, "")] if length_s > 0.0 else []
    upper, low = (_spans(part, edges) for part in (chroma, bass))
    names, templates, trust = _templates(flats)
    likeness = (_unit(upper) @ templates.T) * trust
    roots = np.tile(np.arange(12), len(KINDS))
    likeness += _BASS_SHARE * (low / np.maximum(low.sum(axis=1, keepdims=True), 1e-12))[:, roots]
    loud = upper.sum(axis=1)
    none = np.where(loud > 0.01 * loud.max(), _NO_CHORD, 9.0)[:, None]
    path = _best_path(np.hstack((likeness, none)) * _SHARPNESS)
    return _joined([*names, ""], path, edges)


def _edges(beats_s: Curve, length_s: float) -> Curve:
    inside = beats_s[(beats_s > 0.1) & (beats_s < length_s - 0.1)]
    if len(inside) < 2:
        inside = np.arange(_SPAN_S, length_s - 0.1, _SPAN_S)
    return np.concatenate(([0.0], inside, [length_s])) if length_s > 0.0 else np.zeros(0)


def _spans(frames: Curve, edges: Curve) -> Curve:
    """Return the sum of the frames between neighbouring edges; at least one frame each."""
    starts = np.clip(np.rint(edges * tonality.FRAME_RATE).astype(int), 0, len(frames) - 1)
    totals = np.vstack((np.zeros(12), np.cumsum(frames, axis=0)))
    ends = np.maximum(starts[1:], starts[:-1] + 1)
    spans: Curve = totals[ends] - totals[starts[:-1]]
    return spans


def _templates(flats: bool) -> tuple[list[str], Curve, Curve]:
    names, rows, trust = [], [], []
    for kind, (intervals, believed) in KINDS.items():
        for root in range(12):
            row = np.zeros(12)
            row[[(root + interval) % 12 for interval in intervals]] = 1.0
            names.append(class_name(root, flats) + kind)
            rows.append(row)
            trust.append(believed)
    return names, _unit(np.array(rows)), np.array(trust)


def _unit(rows: Curve) -> Curve:
    scaled: Curve = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return scaled


def _best_path(scores: Curve) -> list[int]:
    """Return the state of each span on the path with the highest sum, when a change costs _STAY · _SHARPNESS."""
    price = _STAY * _SHARPNESS
    total = scores[0].copy()
    came = np.zeros(scores.shape, int)
    for place in range(1, len(scores)):
        best = int(np.argmax(total))
        moved = total[best] - price
        came[place] = np.where(total >= moved, np.arange(len(total)), best)
        total = np.maximum(total, moved) + scores[place]
    path = [int(np.argmax(total))]
    for place in range(len(scores) - 1, 0, -1):
        path.append(int(came[place][path[-1]]))
    return path[::-1]


def _joined(names: list[str], path: list[int], edges: Curve) -> list[Chord]:
    found: list[Chord] = []
    for state, start, end in zip(path, edges[:-1], edges[1:], strict=True):
        if found and found[-1].name == names[state]:
            found[-1] = Chord(found[-1].start_s, float(end), names[state])
        else:
            found.append(Chord(float(start), float(end), names[state]))
    return found
