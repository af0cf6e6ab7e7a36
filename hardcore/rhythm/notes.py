"""Notes of a performance as columns, and what is done to all of them at the end: no overlaps, choked notes cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hardcore.rhythm.config import Rhythm

Column = NDArray[np.int32]


class DrumNote(NamedTuple):
    """One note: where its step is and where it sounds, in ticks from the start."""

    grid_ticks: int
    start_ticks: int
    length_ticks: int
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Notes:
    """Columns of one length: the step's tick, start, length, pitch, velocity, the layer's number, the swung step.

    `swung` is where the layer's swing puts the step: the start without the micro-timing.
    """

    grid: Column
    start: Column
    length: Column
    pitch: Column
    velocity: Column
    layer: Column
    swung: Column

    def __len__(self) -> int:
        return len(self.start)

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Notes":
        """Return the notes at the places `which` (places or booleans)."""
        return Notes(*(getattr(self, field.name)[which] for field in fields(self)))

    def of_layer(self, layer: int) -> "Notes":
        """Return the notes of a layer, by its number."""
        return self.take(self.layer == layer)

    def __iter__(self) -> Iterator[DrumNote]:
        columns = (self.grid, self.start, self.length, self.pitch, self.velocity)
        return map(DrumNote._make, zip(*(column.tolist() for column in columns), strict=True))


def joined(pieces: Sequence[Notes]) -> Notes:
    """Return the notes of all pieces in one."""
    return Notes(*(np.concatenate([getattr(p, f.name) for p in pieces] or [_NONE]) for f in fields(Notes)))


_NONE = np.zeros(0, np.int32)


def finished(notes: Notes, rhythm: Rhythm) -> Notes:
    """Return the notes in order of start and pitch: one a pitch and tick, none over the next, choked ones cut."""
    notes = notes.take(np.lexsort((notes.layer, -notes.velocity, notes.start, notes.pitch)))
    same = (np.diff(notes.pitch, prepend=-1) == 0) & (np.diff(notes.start, prepend=-1) == 0)
    notes = notes.take(~same)
    room = np.diff(notes.start, append=0)
    last = np.diff(notes.pitch, append=-1) != 0
    length = np.where(last, notes.length, np.minimum(notes.length, room))
    for number, chokers in _chokes(notes, rhythm):
        _cut(notes, length, notes.layer == number, chokers)
    notes = Notes(
        notes.grid, notes.start, length.astype(np.int32), notes.pitch, notes.velocity, notes.layer, notes.swung
    )
    return notes.take(np.lexsort((notes.pitch, notes.start)))


def _chokes(notes: Notes, rhythm: Rhythm) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each layer that is choked, with the notes that choke it."""
    names = list(rhythm.layers)
    for number, layer in enumerate(rhythm.layers.values()):
        chokers = np.zeros(len(notes), np.bool_)
        if layer.choke_with_note is not None:
            chokers |= (notes.pitch == layer.choke_with_note) & (notes.layer != number)
        if layer.choke_group is not None:
            for other, name in enumerate(names):
                if other != number and rhythm.layers[name].choke_group == layer.choke_group:
                    chokers |= notes.layer == other
        if chokers.any():
            yield number, chokers


def _cut(notes: Notes, length: Column, choked: NDArray[np.bool_], chokers: NDArray[np.bool_]) -> None:
    """Shorten the choked notes to the next choker of a later step, in whatever bar it lies.

    A hit of the same step is part of the same stroke: it would cut the note at its birth.
    """
    order = np.lexsort((notes.start[chokers], notes.grid[chokers]))
    grids, starts = notes.grid[chokers][order], notes.start[chokers][order]
    places = np.searchsorted(grids, notes.grid[choked], side="right")
    following = np.append(starts, np.iinfo(np.int32).max)[places]
    length[choked] = np.maximum(1, np.minimum(length[choked], following - notes.start[choked]))
