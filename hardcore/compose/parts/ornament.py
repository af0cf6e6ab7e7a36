"""Ornaments: grace notes, scoops and bends into a note, falls out of it, as singers, horns and guitars have them.

They are notes of their own, so the engine glides, a MIDI file bends, and a hand can move them. What slides needs an
instrument of one voice; others have grace notes only.
"""

from collections.abc import Mapping, Sequence
from random import Random

from hardcore.knowledge.melodic import Ornament
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.devices import Device
from hardcore.project.notes import Note

_GRACE, _SCOOP, _BEND, _FALL = 110, 130, 220, 160  # ticks
OVER = 120  # ticks that what slides sounds on: a swing may move the two apart
_FALLS = 3  # scale steps
_SOFTER = 14  # velocity of what is hardly struck


def ornamented(
    notes: Sequence[Note], chances: Mapping[Ornament, float], key: Key, device: Device, rng: Random
) -> list[Note]:
    """Return a line's notes with ornaments by chance, one a note at most, within the device's range.

    grace  a step of the key below, just before a beat      scoop, bend  a tone below, gliding into a long note
    fall   a long note before a rest slides down
    """
    found: list[Note] = []
    for place, note in enumerate(notes):
        room = notes[place + 1].start_ticks - note.start_ticks if place + 1 < len(notes) else 4 * PPQ
        drawn = {kind: rng.random() < chance for kind, chance in chances.items()}
        low = key.step(note.pitch, -1)
        if device.mono and note.length_ticks >= PPQ // 2 and (drawn.get("scoop") or drawn.get("bend")):
            size = _BEND if drawn.get("bend") else _SCOOP
            found += _into(note, size) if note.pitch - 2 >= device.low_note else [note]
        elif device.mono and drawn.get("fall") and room - note.length_ticks >= PPQ // 2 <= note.length_ticks:
            found += _falling(note, max(key.step(note.pitch, -_FALLS), device.low_note))
        elif drawn.get("grace") and note.start_ticks % PPQ == 0 and _is_free(found, note) and low >= device.low_note:
            found += _graced(found, note, low)
        else:
            found.append(note)
    return found


def _is_free(before: Sequence[Note], note: Note) -> bool:
    """Return whether there is time for a grace note between a note and the one before it."""
    return note.start_ticks >= SIXTEENTH and (not before or note.start_ticks - before[-1].start_ticks >= SIXTEENTH)


def _into(note: Note, size: int) -> list[Note]:
    """Return a note that begins a tone lower."""
    begins = note._replace(length_ticks=size + OVER, pitch=note.pitch - 2, slide=True)
    return [begins, note._replace(start_ticks=note.start_ticks + size, length_ticks=note.length_ticks - size)]


def _falling(note: Note, pitch: int) -> list[Note]:
    """Return a note that slides down at its end."""
    held = note.length_ticks - _FALL
    falls = note._replace(
        start_ticks=note.start_ticks + held, length_ticks=_FALL, pitch=pitch, slide=False,
        velocity=max(note.velocity - _SOFTER, 1),
    )  # fmt: skip
    return [note._replace(length_ticks=held + OVER, slide=True), falls]


def _graced(before: list[Note], note: Note, pitch: int) -> list[Note]:
    """Return a note with a grace note before it; the one before that makes room."""
    start = note.start_ticks - _GRACE
    if before and before[-1].end_ticks > start:
        before[-1] = before[-1]._replace(length_ticks=start - before[-1].start_ticks, slide=False)
    grace = note._replace(
        start_ticks=start, length_ticks=_GRACE, pitch=pitch, velocity=max(note.velocity - _SOFTER, 1), slide=False
    )
    return [grace, note]


def plain(notes: Sequence[Note], chances: Mapping[Ornament, float]) -> list[Note]:
    """Return the notes that others hear as the line: without its ornaments, where it has any."""
    return [note for note in notes if not _is_ornament(note)] if chances else list(notes)


def _is_ornament(note: Note) -> bool:
    return note.length_ticks <= (_BEND + OVER if note.slide else _FALL)
