"""Headroom: the accompaniment keeps under the tune."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from hardcore.project.notes import Note

CLEAR = 3  # semitones between the tune and what plays under it
_FLOOR = 40  # MIDI pitch that voices are not moved below: chords are mud there


def under(notes: Sequence[Note], tune: Sequence[Note], low: int) -> list[Note]:
    """Return an accompaniment with the voices that reach into the tune an octave lower, not below the pitch `low`.

    A voice that would come to lie on another, or too low, is left out; of each strike one voice stays.
    """
    row = sorted(tune)
    starts = [note.start_ticks for note in row]
    floor = max(low, _FLOOR)
    kept: list[Note] = []
    for _, strike in groupby(sorted(notes), key=lambda note: note.start_ticks):
        voices = list(strike)
        found: dict[int, Note] = {}
        for note in voices:
            pitch = _below(note.pitch, _ceiling(note, row, starts), floor)
            if pitch is not None:
                found.setdefault(pitch, note._replace(pitch=pitch))
        kept += found.values() or voices[:1]
    return sorted(kept)


def _ceiling(note: Note, row: Sequence[Note], starts: Sequence[int]) -> int:
    """Return the highest pitch that leaves the tune room while a note sounds."""
    first = bisect_right(starts, note.start_ticks) - 1
    inside = list(row[first + 1 : bisect_left(starts, note.end_ticks)])
    if first >= 0 and row[first].end_ticks > note.start_ticks:
        inside.append(row[first])
    return min((one.pitch for one in inside), default=128) - CLEAR


def _below(pitch: int, ceiling: int, floor: int) -> int | None:
    """Return the pitch, octaves lower until it is under the ceiling; None where there is no room for it."""
    while pitch > ceiling:
        pitch -= 12
    return pitch if pitch >= floor else None
