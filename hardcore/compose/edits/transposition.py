"""Transposition: parts up or down by semitones, octaves or steps of the key; of all parts, the key goes along."""

from collections.abc import Callable, Sequence

from hardcore.compose.edits import key
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.parts import device_of, is_drum, plays
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

# semitones a chord may lie outside the range of what plays it
MOST_OUTSIDE = 5


def transpose(project: ProjectState, selected: Sequence[Selected], semitones: int) -> Outcome:
    """Return the project with the notes of parts moved by semitones; see `_moved`. Raises UserError."""
    if not semitones:
        raise UserError("0 semitones moves nothing", "such as 12 or -3")
    octaves, rest = divmod(abs(semitones), 12)
    count = f"{octaves} octave{'s' * (octaves > 1)}" if not rest else f"{abs(semitones)} semitones"
    return _moved(project, selected, lambda pitch: pitch + semitones, f"{count} {'up' if semitones > 0 else 'down'}")


def transpose_degrees(project: ProjectState, selected: Sequence[Selected], degrees: int) -> Outcome:
    """Return the project with the notes of parts moved by so many steps of the key: a third is 2. Raises UserError."""
    if not degrees:
        raise UserError("0 steps of the key move nothing", "a third up is --degrees 2")
    words = f"{abs(degrees)} steps of {project.key.name} {'up' if degrees > 0 else 'down'}"
    return _moved(project, selected, lambda pitch: project.key.step(pitch, degrees), words)


def transpose_all(project: ProjectState, semitones: int) -> Outcome:
    """Return the project in a key so many semitones away, every part moved with it, tuned kicks too."""
    target = Key(tonic=(project.key.tonic + semitones) % 12, mode=project.key.mode)
    return key.moved(project, target, lambda pitch: pitch + semitones)


def _moved(project: ProjectState, selected: Sequence[Selected], move: Callable[[int], int], words: str) -> Outcome:
    """Return the project with pitched parts moved; drums stay.

    A note that was in its instrument's range and would leave it is folded back by octaves, and that is said.
    """
    said, failed = [], []
    for track, clips in selected:
        if not plays(track) or not device_of(track).pitched:
            what = "is a drum" if is_drum(track) else "plays nothing that has a pitch"
            failed.append(f"{track.name} {what} (a drum's own pitch: track set {track.name} tune)")
            continue
        lows, folded = [], 0
        for clip in clips:
            new, count = _moved_clip(clip, move, device_of(track), project.key)
            lows += [(before.pitch, after.pitch) for before, after in zip(clip.notes, new.notes, strict=False)]
            folded += count
            project = replace_clip(project, new)
        if not lows:
            failed.append(f"{track.name} has no notes to move")
            continue
        before, after = (min(pitches) for pitches in zip(*lows, strict=True))
        if all(old == new for old, new in lows):
            failed.append(f"{track.name}: {words} would leave its range ({_range(device_of(track))})")
            continue
        line = f"{track.name}: {words}, lowest note {_name(project, before)} → {_name(project, after)}"
        said.append(line + (f", {folded} folded into its range ({_range(device_of(track))})" if folded else ""))
    return Outcome(project, tuple(said), tuple(failed))


def _moved_clip(clip: Clip, move: Callable[[int], int], device: Device, home: Key) -> tuple[Clip, int]:
    """Return a clip moved, with the names of its chords, and how many notes were folded back.

    A clip of chords that leaves the range by a few semitones stays whole: a guitar is tuned down, not voiced anew.
    """
    if _stays_whole(clip, move, device):
        return key.retold(clip, move, home).evolve(notes=clip.notes.map(lambda note: _shifted(note, move))), 0
    folded = sum(key.placed(note, move, device).pitch != move(note.pitch) for note in clip.notes)
    notes = clip.notes.map(lambda note: key.placed(note, move, device))
    return key.retold(clip, move, home).evolve(notes=notes), folded


def _stays_whole(clip: Clip, move: Callable[[int], int], device: Device) -> bool:
    starts = [note.start_ticks for note in clip.notes]
    if len(set(starts)) == len(starts):
        return False
    low, high = device.low_note - MOST_OUTSIDE, device.high_note + MOST_OUTSIDE
    return all(low <= move(note.pitch) <= high for note in clip.notes)


def _shifted(note: Note, move: Callable[[int], int]) -> Note:
    return note._replace(pitch=min(max(move(note.pitch), 0), 127))


def _range(device: Device) -> str:
    return f"{device.low_note} to {device.high_note}"


def _name(project: ProjectState, pitch: int) -> str:
    return project.key.note_name(pitch)
