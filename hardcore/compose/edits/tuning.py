"""Tuning: drums to a note: a drum's own pitch in Hz, or the notes of one that is played by notes."""

from collections import Counter
from collections.abc import Sequence

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure, turned, within
from hardcore.compose.mix.mixing import tonic_hz, tune_of
from hardcore.music.pitch import class_name
from hardcore.project.clips import replace_clip
from hardcore.project.parts import device_of, is_drum, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def tune(project: ProjectState, tracks: Sequence[Track], note: int) -> Outcome:
    """Return the project with drums tuned to the nearest pitch of a class, 0 (C) to 11, that they can have."""
    said, failed = [], []
    for track in tracks:
        project, line, why = _tuned(project, track, note)
        said += [line] if line else []
        failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def _tuned(project: ProjectState, track: Track, note: int) -> tuple[ProjectState, str, str]:
    name = class_name(note)
    if not plays(track) or not is_drum(track):
        return project, "", f"{track.name} plays the notes of the key (transpose {track.name} 2, or key {name} minor)"
    if device_of(track).pitched:
        return _moved(project, track, note)
    assert track.instrument is not None
    parameter = tune_of(device_of(track))
    if parameter is None:
        return project, "", f"{track.name} has no pitch to tune"
    before = track.instrument.value("tune")
    after = within(parameter, tonic_hz(note, before, parameter))
    if abs(before - after) < 0.01:
        return project, "", f"{track.name} is tuned to {name} already, {figure(before)} Hz"
    project, _, _ = turned(project, track, parameter, lambda value: value * after / before)
    return project, f"{track.name}: {figure(before)} → {figure(after)} Hz ({name})", ""


def _moved(project: ProjectState, track: Track, note: int) -> tuple[ProjectState, str, str]:
    """Return the project with a drum's notes moved so that the one it plays most is the wanted one."""
    counts = Counter(one.pitch for clip in track.clips for one in clip.notes)
    if not counts:
        return project, "", f"{track.name} plays nothing"
    main = counts.most_common(1)[0][0]
    step = (note - main + 6) % 12 - 6
    if not step:
        return project, "", f"{track.name} is tuned to {class_name(note)} already"
    device = device_of(track)
    # the nearest way that stays in the range
    if not device.low_note <= main + step <= device.high_note:
        step += 12 if step < 0 else -12
    for clip in track.clips:
        notes = clip.notes.map(lambda one: one._replace(pitch=min(max(one.pitch + step, 0), 127)))
        project = replace_clip(project, clip.evolve(notes=notes))
    return project, f"{track.name}: {step:+d} semitones, to {class_name(note)}", ""
