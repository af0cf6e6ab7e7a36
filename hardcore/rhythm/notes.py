"""Notes of a performance as columns, and what is done to all of them at the end: no overlaps, choked notes cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hardcore.music.ticks import PPQ
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
        return Notes(*(column[which] for column in self.columns()))

    def part(self, begin: int, end: int) -> "Notes":
        """Return the notes at the places from `begin` to before `end`."""
        return Notes(*(column[begin:end] for column in self.columns()))

    def columns(self) -> tuple[Column, ...]:
        """Return the columns."""
        return self.grid, self.start, self.length, self.pitch, self.velocity, self.layer, self.swung

    def of_layer(self, layer: int) -> "Notes":
        """Return the notes of a layer, by its number."""
        return self.take(self.layer == layer)

    def __iter__(self) -> Iterator[DrumNote]:
        columns = (self.grid, self.start, self.length, self.pitch, self.velocity)
        return map(DrumNote._make, zip(*(column.tolist() for column in columns), strict=True))


def joined(pieces: Sequence[Notes]) -> Notes:
    """Return the notes of all pieces in one."""
    if len(pieces) == 1:
        return pieces[0]
    return Notes(*map(np.concatenate, zip(*(piece.columns() for piece in pieces or [NONE]), strict=True)))


NONE = Notes(*[np.zeros(0, np.int32)] * 7)


def finished(notes: Notes, rhythm: Rhythm) -> Notes:
    """Return the notes in order of start and pitch: one a pitch and tick, none over the next, choked ones cut."""
    notes = notes.take(np.lexsort((notes.layer, -notes.velocity, notes.start, notes.pitch)))
    same = (np.diff(notes.pitch, prepend=-1) == 0) & (np.diff(notes.start, prepend=-1) == 0)
    if same.any():
        notes = notes.take(~same)
    room = np.diff(notes.start, append=0)
    last = np.diff(notes.pitch, append=-1) != 0
    length = np.where(last, notes.length, np.minimum(notes.length, room))
    for number, chokers in _chokes(notes, rhythm):
        _cut(notes, length, notes.layer == number, chokers)
    return replace(notes, length=length.astype(np.int32)).take(np.lexsort((notes.pitch, notes.start)))


def snapped(notes: Notes, ppq: int) -> Notes:
    """Return the notes on the ticks that a file of `ppq` ticks a quarter has, each at least one of them long."""
    if ppq >= PPQ:
        return notes
    start, end = _snapped(notes.start, ppq), _snapped(notes.start.astype(np.int64) + notes.length, ppq)
    return replace(notes, start=start, length=np.maximum(end - start, -(-PPQ // ppq)))


def _snapped(ticks: Column | NDArray[np.int64], ppq: int) -> Column:
    whole = (ticks.astype(np.int64) * ppq * 2 + PPQ) // (2 * PPQ)
    return ((whole * PPQ * 2 + ppq) // (2 * ppq)).astype(np.int32)


class Settling:
    """Notes that come block by block and are given on, in order, once nothing that comes later can change them."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._rhythm = rhythm
        self._held = NONE

    def add(self, block: Notes, horizon_ticks: int) -> tuple[Notes, int]:
        """Return the notes that are settled, and the tick before which no other will begin.

        Of the blocks that come later no note begins before `horizon_ticks`.
        """
        notes = finished(joined([self._held, snapped(block, self._rhythm.ppq)]), self._rhythm)
        ringing = notes.start[notes.start.astype(np.int64) + notes.length > horizon_ticks]
        until = min(horizon_ticks, int(ringing.min(initial=np.iinfo(np.int32).max)))
        cut = int(np.searchsorted(notes.start, until))
        self._held = notes.part(cut, len(notes))
        return notes.part(0, cut), until

    def rest(self, block: Notes, end_ticks: int) -> Notes:
        """Return all notes that are left: they begin before the end, and end with it."""
        ppq = self._rhythm.ppq
        whole = joined([self._held, snapped(block, ppq)])
        whole = whole.take(whole.grid < end_ticks)
        self._held = NONE
        latest = _snapped(np.array(end_ticks - max(1, -(-PPQ // ppq))), min(ppq, PPQ))
        notes = finished(replace(whole, start=np.minimum(whole.start, latest)), self._rhythm)
        return replace(notes, length=np.minimum(notes.length, end_ticks - notes.start))


def _chokes(notes: Notes, rhythm: Rhythm) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each layer that is choked, with the notes that choke it."""
    layers = list(rhythm.layers.values())
    for number, layer in enumerate(layers):
        if layer.choke_with_note is None and layer.choke_group is None:
            continue
        chokers = np.zeros(len(notes), np.bool_)
        if layer.choke_with_note is not None:
            chokers |= (notes.pitch == layer.choke_with_note) & (notes.layer != number)
        if layer.choke_group is not None:
            for other, known in enumerate(layers):
                if other != number and known.choke_group == layer.choke_group:
                    chokers |= notes.layer == other
        if chokers.any():
            yield number, chokers


def _cut(notes: Notes, length: Column, choked: NDArray[np.bool_], chokers: NDArray[np.bool_]) -> None:
    """Shorten the choked notes to the first choker of any later step, in whatever bar it lies.

    A hit of the same step is part of the same stroke: it would cut the note at its birth.
    """
    order = np.argsort(notes.grid[chokers], kind="stable")
    grids, starts = notes.grid[chokers][order], notes.start[chokers][order]
    places = np.searchsorted(grids, notes.grid[choked], side="right")
    earliest = np.minimum.accumulate(np.append(starts, np.iinfo(np.int32).max)[::-1])[::-1]
    length[choked] = np.maximum(1, np.minimum(length[choked], earliest[places] - notes.start[choked]))
