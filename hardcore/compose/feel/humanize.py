"""Human hands: how far played parts are from the grid and how unevenly they are struck, by role.

Drums have their own in the grammar (`late_ms`, `spread_ms`, `spread`), comping its `late_ticks` and strums: what has a
timing already keeps it. What all do together is `drift`. The groove of a project is put on while playing, before this.
"""

from collections.abc import Sequence
from itertools import groupby
from random import Random

from hardcore.music.ticks import PPQ
from hardcore.project.notes import Note
from hardcore.project.roles import Role

# at full amount: how far from the grid, ms (±), and how far from its force, MIDI velocity (±); a hat has 1.5 ms
TIMING_MS: dict[Role, float] = {
    "sub": 3.0, "bass": 5.0, "chords": 7.0, "pluck": 7.0, "keys": 8.0, "lead": 9.0, "pad": 12.0,
}  # fmt: skip
FORCE: dict[Role, int] = {"sub": 3, "bass": 5, "chords": 5, "pluck": 6, "keys": 7, "lead": 8, "pad": 3}


def humanized(
    notes: Sequence[Note], role: Role, amount: float, bpm: float, bar_ticks: int, rng: Random, mono: bool = False
) -> list[Note]:
    """Return the notes as hands would play them: notes that start together stay together.

    amount  0 (as written) to 1
    mono    whether one voice plays: a note then ends where the next one starts
    No note leaves its bar or comes before the one it follows: it moves at most a third of the way to its neighbour.
    """
    if not amount or role not in TIMING_MS:
        return list(notes)
    ticks = TIMING_MS[role] * amount * bpm * PPQ / 60_000
    timed = any(note.offset_ticks for note in notes)
    groups = [(start, list(group)) for start, group in groupby(sorted(notes), key=lambda note: note.start_ticks)]
    starts = [start for start, _ in groups]
    made: list[Note] = []
    for place, (start, group) in enumerate(groups):
        late = min(max(rng.gauss(0.0, ticks / 2), -ticks), ticks)
        force = rng.gauss(0.0, FORCE[role] * amount / 2)
        before = start - starts[place - 1] if place else start
        after = starts[place + 1] - start if place + 1 < len(starts) else bar_ticks
        early = min(before // 3, start % bar_ticks)
        moved = 0 if timed else round(min(max(late, -early), min(after // 3, bar_ticks - 1 - start % bar_ticks)))
        for note in group:
            velocity = min(max(round(note.velocity + force + rng.uniform(-1, 1)), 1), 127)
            made.append(note._replace(velocity=velocity, offset_ticks=note.offset_ticks + moved))
    return apart(made) if mono else made


def apart(notes: list[Note]) -> list[Note]:
    """Return one voice's notes, each that does not slide ending before the next one sounds."""
    kept = []
    for place, note in enumerate(notes):
        after = notes[place + 1] if place + 1 < len(notes) else None
        if after is not None and not note.slide:
            room = after.start_ticks + after.offset_ticks - note.start_ticks - note.offset_ticks
            note = note._replace(length_ticks=max(min(note.length_ticks, room), 1))
        kept.append(note)
    return kept
