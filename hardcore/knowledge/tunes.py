"""What is known of real melodies: counts of rhythms and steps, `knowledge_base/melody/pop909.json`.

`docs/decisions/melody.md` says where they come from and what each table means. Contexts are texts of values parted by
commas, rows are texts too, `value count value count …`: they are read when they are needed, few of them in a song.
"""

import json
from dataclasses import dataclass
from functools import cache

from hardcore.knowledge.source import folder

Rows = dict[str, str]


@dataclass(frozen=True, slots=True)
class TuneCounts:
    """The tables, from the shortest context to the longest where there are several.

    steps         scale steps to the next note
    cells         half-bar rhythms: bit q of the mask is an onset on 16th q
    first_cell    the half bar a tune begins with, per rhythm class
    start, run    chance that a half bar repeats the one `lag` bars before: to begin with that, to go on
    same, moved   chance of the pitch at the same place `lag` bars before; of the same step while pitches differ
    chord_odds    factor of a chord tone by metre level and class of length
    after         factor of a step by (was the last a chord tone, size, away from or towards the centre)
    length        sounding 16ths by (16ths to the next note, on a beat, rhythm class)
    legato        deciles of the share of notes held to the next, per rhythm class
    song_tilt     per song, seven factors of degrees and five of sizes of steps (0, 1, 2, 3, 4 and more)
    classes       shares of the rhythm classes by tempo
    centre        degree that a tune lies around
    """

    steps: tuple[Rows, ...]
    cells: tuple[Rows, ...]
    first_cell: dict[str, dict[str, int]]
    start: dict[str, float]
    run: dict[str, float]
    same: dict[str, float]
    moved: dict[str, float]
    chord_odds: dict[str, float]
    after: dict[str, float]
    length: Rows
    legato: dict[str, list[float]]
    song_tilt: dict[str, list[str]]
    classes: dict[str, list[float]]
    centre: dict[str, int]


def pairs(row: str) -> list[tuple[int, int]]:
    """Return a row's values, each with its count."""
    numbers = [int(number) for number in row.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@cache
def tune_counts() -> TuneCounts:
    """Return the counts, read once."""
    data = json.loads((folder() / "melody" / "pop909.json").read_text(encoding="utf-8"))
    return TuneCounts(
        steps=tuple(data["steps"]),
        cells=tuple(data["cells"]),
        first_cell=data["first_cell"],
        start=data["cell_copy"]["start"],
        run=data["cell_copy"]["run"],
        same=data["pitch_copy"]["abs"],
        moved=data["pitch_copy"]["interval"],
        chord_odds=data["chord_odds"],
        after=data["after"],
        length=data["length"],
        legato=data["legato"],
        song_tilt=data["song_tilt"],
        classes=data["class_by_tempo"],
        centre=data["centre_degree"],
    )
