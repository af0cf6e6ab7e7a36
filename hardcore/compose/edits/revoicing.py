"""Revoicing: notes that are there, moved to the nearest notes of other chords; their rhythm stays."""

from collections.abc import Collection, Sequence
from itertools import groupby

from hardcore.music.chord import Chord
from hardcore.music.ticks import PPQ
from hardcore.project.clip import Clip
from hardcore.project.clips import block
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.parts import device_of
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_TRIAD = 3  # notes of a chord before its seventh


def revoiced(project: ProjectState, track: Track, clip: Clip, chords: Sequence[Chord]) -> Clip:
    """Return a clip over chords, one a bar from its start, again and again.

    A bass that plays roots on its beats goes to the bass of each chord, notes that are struck together stay as many and
    in their order, a line keeps what passes between its beats in the key. Where three or more are struck together, a
    seventh or further tone of the chord that none of them plays is struck with them.
    """
    meter, device, found = project.meter_map, device_of(track), []
    for start, group in groupby(clip.notes, key=lambda note: note.start_ticks):
        chord = chords[meter.bar_of(start) % len(chords)]
        notes = list(group)
        if len(notes) > 1:
            found += _stacked(notes, chord, device)
        elif track.role in ("bass", "sub") and start % PPQ == 0:
            root = chord.root if chord.bass is None else chord.bass
            found.append(_to(notes[0], (root,), device))
        elif start % PPQ == 0 or notes[0].length_ticks >= PPQ:
            found.append(_to(notes[0], chord.pitch_classes, device))
        else:
            found.append(_to(notes[0], {*project.key.pitch_classes, *chord.pitch_classes}, device))
    return clip.evolve(notes=block(found))


def _stacked(notes: Sequence[Note], chord: Chord, device: Device) -> list[Note]:
    """Return notes that sound together on chord tones, each above the one below it."""
    found: list[Note] = []
    lowest = 0
    for note in sorted(notes, key=lambda note: note.pitch):
        tones = [pitch for pitch in range(lowest, 128) if pitch % 12 in chord.pitch_classes]
        inside = [pitch for pitch in tones if device.low_note <= pitch <= device.high_note] or tones
        if not inside:
            break
        pitch = min(inside, key=lambda one: (abs(one - note.pitch), one))
        found.append(note._replace(pitch=pitch))
        lowest = pitch + 1
    return found + _further(found, chord, device) if len(found) >= _TRIAD else found


def _further(notes: Sequence[Note], chord: Chord, device: Device) -> list[Note]:
    """Return the tones of a chord beyond its triad that none of these notes plays, nearest to the middle of them."""
    there = {note.pitch for note in notes}
    classes = {pitch % 12 for pitch in there}
    top = max(notes, key=lambda note: note.pitch)
    middle = (min(there) + top.pitch) / 2
    found: list[Note] = []
    for interval in chord.intervals[_TRIAD:]:
        wanted = (chord.root + interval) % 12
        free = [
            pitch
            for pitch in range(device.low_note, device.high_note + 1)
            if pitch % 12 == wanted and pitch not in there
        ]
        if wanted not in classes and free:
            found.append(top._replace(pitch=min(free, key=lambda pitch: (abs(pitch - middle), pitch))))
    return found


def _to(note: Note, classes: Collection[int], device: Device) -> Note:
    """Return a note on the nearest pitch of some classes, in the instrument's range where it was in it."""
    tones = [pitch for pitch in range(128) if pitch % 12 in classes]
    inside = [pitch for pitch in tones if device.low_note <= pitch <= device.high_note] or tones
    return note._replace(pitch=min(inside, key=lambda pitch: (abs(pitch - note.pitch), pitch)))
