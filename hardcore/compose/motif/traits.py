"""Traits: what makes the tunes of one song one song's. Drawn once, kept by every section."""

from dataclasses import dataclass
from random import Random

from hardcore.compose.motif.counts import MASKS, cell_weights
from hardcore.knowledge.melodic import LeadStyle, TuneStyle
from hardcore.knowledge.tunes import tune_counts
from hardcore.music.scale import Key

_TILT = 0.7  # how far a song's own taste goes
_VOCABULARY = 12  # half-bar rhythms a song likes, of those its style has
_LIKED, _OTHERS = 2.5, 0.2
_KEPT = 0.5  # chance that a rhythm of the style is one of the song
_SHARE = 1.5  # power of `own` that is the share of the style's rhythms
# what a mode is known by, as a factor of its degree
_COLOURS = {"dorian": (5, 1.6), "phrygian": (1, 1.7), "mixolydian": (6, 1.5), "lydian": (3, 1.6)}


@dataclass(frozen=True, slots=True)
class Traits:
    """What a song's tunes share.

    mode      maj or min: which counts hold
    kind      rhythm class: 0 plain, 1 syncopated, 2 sixteenths
    centre    degree that the tune lies around
    legato    share of notes held to the next
    degrees   seven factors
    sizes     five factors of repeated notes, steps, thirds, fourths, leaps
    cells     factor of each half-bar rhythm that is learned
    own       the style's half-bar rhythms that the song uses, each with its weight; together 1
    share     of all rhythms that are the style's own
    colour    degree of the mode's colour and its factor where it does not stress
    """

    mode: str
    kind: int
    centre: int
    legato: float
    degrees: tuple[float, ...]
    sizes: tuple[float, ...]
    cells: tuple[float, ...]
    own: dict[int, float]
    share: float
    colour: tuple[int, float] | None


def draw_traits(style: LeadStyle, key: Key, bpm: float, rng: Random) -> Traits:
    """Return the traits of a song in a style at a tempo."""
    counts, tune = tune_counts(), style.tune
    mode = "min" if 3 in key.intervals and 4 not in key.intervals else "maj"
    classes = tune.classes or counts.classes[min(counts.classes, key=lambda low: _distance(float(low), bpm))]
    kind = rng.choices(range(3), classes)[0]
    centres = [counts.centre.get(f"{mode},{degree}", 0) for degree in range(7)]
    tilt = [float(number) for number in rng.choice(counts.song_tilt[mode]).split()]
    degrees, sizes = tilt[:7], tilt[7:]
    row = counts.legato[str(kind)]
    place = min(max(rng.random() + 0.9 * (tune.legato - 0.5), 0.0), 0.999) * (len(row) - 1)
    legato = row[int(place)] + (row[int(place) + 1] - row[int(place)]) * (place % 1)
    leap = (style.leap / 0.2) ** 0.5 if style.leap else 0.1
    return Traits(
        mode=mode,
        kind=kind,
        centre=rng.choices(range(7), centres)[0],
        legato=legato,
        degrees=tuple(max(a, 0.05) ** _TILT * b for a, b in zip(degrees, tune.degrees or (1,) * 7, strict=True)),
        sizes=tuple(
            max(a, 0.05) ** _TILT * b * (leap if size > 2 else 1)
            for size, (a, b) in enumerate(zip(sizes, tune.steps, strict=True))
        ),
        cells=_cells(kind, rng),
        own=_own(tune, rng),
        share=tune.own**_SHARE if tune.cells else 0.0,
        colour=_COLOURS.get(key.mode),
    )


def _distance(low: float, bpm: float) -> float:
    """Return how far below the tempo a class of tempi begins; those above it are far."""
    return bpm - low if bpm >= low else 1000 + low


def _cells(kind: int, rng: Random) -> tuple[float, ...]:
    """Return the factor of each learned half-bar rhythm: those a song likes."""
    factors = [_OTHERS] * MASKS
    general = cell_weights(kind, 0, 0, 0)
    masks = list(general)
    for mask in _drawn(masks, [general[mask] ** 0.7 for mask in masks], _VOCABULARY, rng):
        factors[mask] = _LIKED
    return tuple(factors)


def _own(tune: TuneStyle, rng: Random) -> dict[int, float]:
    """Return the rhythms of the style that a song uses, the first of its list the likeliest, with their weights."""
    own = [mask_of(text) for text in tune.cells]
    weights = [rng.uniform(0.2, 1.8) * (1.4 - 0.8 * place / len(own)) for place in range(len(own))]
    kept = [rng.random() < _KEPT for _ in own]
    found = {mask: weight for mask, weight, keep in zip(own, weights, kept, strict=True) if keep or not any(kept)}
    return {mask: weight / sum(found.values()) for mask, weight in found.items()}


def mask_of(text: str) -> int:
    """Return the mask of a half bar written as `x..x..x.`."""
    return sum(1 << place for place, sign in enumerate(text) if sign == "x")


def _drawn(things: list[int], weights: list[float], count: int, rng: Random) -> list[int]:
    """Return different things, drawn by weight."""
    keys = [(rng.random() ** (1 / weight), thing) for thing, weight in zip(things, weights, strict=True)]
    return [thing for _, thing in sorted(keys, reverse=True)[:count]]
