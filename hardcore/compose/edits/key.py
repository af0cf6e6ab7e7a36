"""Key: every part moves into another one, degree by degree; kicks and blows that are tuned in Hz follow its tonic."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import within
from hardcore.compose.mix.mixing import tonic_hz, tune_of
from hardcore.errors import UserError
from hardcore.music.chord import Chord, parse_chord
from hardcore.music.pitch import pitch_class
from hardcore.music.scale import Key
from hardcore.project.clip import CHORDS, Clip, Provenance
from hardcore.project.clips import replace_clip
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.parts import device_of, is_drum, plays
from hardcore.project.sectionkeys import lift_of, raised
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_parameter

Move = Callable[[int], int]
_TYPED = "progression"  # in an intent: the chords that were typed
_MIDDLE = 60
# how `Chord.name` writes intervals that no symbol names
_UNNAMED = re.compile(r"([A-G][#b]?)\(([\d,]{1,40})\)(?:/([A-G][#b]?))?")


def set_key(project: ProjectState, key: Key, *, bare: bool = False) -> Outcome:
    """Return the project in `key`: notes keep their degree, by the shortest move of the tonic. Raises UserError.

    bare   only the name of the key is another one: no note moves
    """
    if key == project.key:
        raise UserError(f"the key is {key.name} already")
    if bare:
        return Outcome(project.evolve(key=key), (f"key {project.key.name} → {key.name}, no note moved",))
    return moved(project, key, lambda pitch: project.key.map_to(key, pitch))


def moved(project: ProjectState, key: Key, move: Move) -> Outcome:
    """Return the project in `key`, its pitches moved by `move`; what leaves an instrument's range is folded back."""
    old, count, tuned = project.key, 0, []
    for track in project.tracks:
        if not plays(track):
            continue
        if device_of(track).pitched or track.role == "riser":
            project, changed = _with_pitches(project, track, move)
            count += changed
        elif track.role in ("kick", "impact") and old.tonic != key.tonic:
            after = _tuned(project, track, key)
            tuned += [track.name] if after is not project else []
            project = after
    said = f"key {old.name} → {key.name}, {count} notes moved" + (f", {' and '.join(tuned)} tuned" if tuned else "")
    return Outcome(_retold(project, move, key).evolve(key=key), (said,))


def placed(note: Note, move: Move, device: Device) -> Note:
    """Return the note moved; where that leaves the range it was in, folded back by octaves."""
    pitch = move(note.pitch)
    if device.low_note <= note.pitch <= device.high_note:
        while pitch < device.low_note and pitch + 12 <= device.high_note:
            pitch += 12
        while pitch > device.high_note and pitch - 12 >= device.low_note:
            pitch -= 12
    return note._replace(pitch=min(max(pitch, 0), 127))


def _with_pitches(project: ProjectState, track: Track, move: Move) -> tuple[ProjectState, int]:
    """Return the project with a track's notes moved, and how many were."""
    device, count = device_of(track), 0
    for clip in track.clips:
        own = _beside(move, lift_of(project, track, clip))
        notes = clip.notes.map(partial(placed, move=own, device=device))
        if notes != clip.notes:
            count += sum(placed(note, own, device) != note for note in clip.notes)
            project = replace_clip(project, clip.evolve(notes=notes))
    return project, count


def _beside(move: Move, lift: int) -> Move:
    """Return how the notes of a clip move whose section lies so many semitones above the key."""

    def beside(pitch: int) -> int:
        return move(pitch - lift) + lift

    return beside if lift else move


def _tuned(project: ProjectState, track: Track, key: Key) -> ProjectState:
    """Return the project with the pitch of a kick or a blow in Hz moved to the tonic, where it has been set."""
    assert track.instrument is not None
    parameter = tune_of(device_of(track))
    if parameter is None or "tune" not in track.instrument.settings:
        return project
    before = track.instrument.value("tune")
    value = within(parameter, tonic_hz(key.tonic, before, parameter))
    return project if value == before else set_parameter(project, track.id, "tune", value)


def _retold(project: ProjectState, move: Move, key: Key) -> ProjectState:
    """Return the project whose clips know the chords they play now, and what was typed of them."""
    for track, clip in list(project.clips()):
        by = lift_of(project, track, clip)
        if not is_drum(track) and (new := retold(clip, _beside(move, by), raised(key, by))) is not clip:
            project = replace_clip(project, new)
    source = project.provenance
    return project if source is None else project.evolve(provenance=_source(source, move, key))


def retold(clip: Clip, move: Move, key: Key) -> Clip:
    """Return a clip that knows the chords it plays when its notes are moved, as `key` spells them."""
    if clip.provenance is None:
        return clip
    new = _source(clip.provenance, move, key)
    return clip if new is clip.provenance else clip.evolve(provenance=new)


def _source(source: Provenance, move: Move, key: Key) -> Provenance:
    intent = dict(source.intent)
    if CHORDS in intent:
        intent[CHORDS] = renamed(intent[CHORDS], move, key)
    if _TYPED in intent:
        with suppress(ValueError):
            intent[_TYPED] = json.dumps([renamed(name, move, key) for name in json.loads(intent[_TYPED])])
    return source if intent == source.intent else source.evolve(intent=intent)


def renamed(text: str, move: Move, key: Key) -> str:
    """Return a row of chords (`Fm | Db Ab7`) as they are called when their notes are moved.

    What is no symbol, such as a numeral or a bar line, stays as it is.
    """
    return " ".join(_chord(word, move, key) for word in text.split(" "))


def _chord(word: str, move: Move, key: Key) -> str:
    chord = _read(word)
    if chord is None:
        return word
    root = move(_MIDDLE + chord.root)
    above = {move(_MIDDLE + chord.root + interval) - root for interval in chord.intervals}
    bass = None if chord.bass is None else move(_MIDDLE + chord.bass) % 12
    inside = tuple(sorted(interval for interval in above if 0 <= interval <= 36))
    return Chord(root=root % 12, intervals=inside, bass=bass, flats=key.flats).name.replace(" ", ",")


def _read(word: str) -> Chord | None:
    """Return the chord that a word of such a row is, None for one that is none."""
    if match := _UNNAMED.fullmatch(word):
        intervals = tuple(sorted({min(int(number), 36) for number in match[2].split(",") if number}))
        bass = pitch_class(match[3]) if match[3] else None
        return Chord(root=pitch_class(match[1]), intervals=intervals, bass=bass) if intervals else None
    try:
        return parse_chord(word)
    except UserError:
        return None
