"""Tuning: "tune the kick to F": a drum's own pitch in Hz, or the notes of one that is played by notes."""

from collections import Counter

from hardcore.compose.changes.scope import Outcome, chosen, device_of, figure, plays, within
from hardcore.compose.mix import tonic_hz, tune_of
from hardcore.compose.orders import Order
from hardcore.music.pitch import class_name
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_parameter


def tune(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named drums tuned to the note whose pitch class is the order's value, 0–11."""
    if order.value is None or not order.targets:
        return Outcome(project, (), ("say what to tune, and to which note: tune the kick to F",))
    tracks, failed = chosen(project, order, lambda track: False)
    said = []
    for track in tracks:
        project, line, why = _tuned(project, track, int(order.value))
        said += [line] if line else []
        failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def _tuned(project: ProjectState, track: Track, note: int) -> tuple[ProjectState, str, str]:
    name = class_name(note)
    if not plays(track) or track.role not in DRUMS:
        return project, "", f"{track.name} plays the notes of the key (say: in {name}, or transpose the {track.name} 2)"
    device = device_of(track)
    if device.pitched:
        return _moved(project, track, note)
    assert track.instrument is not None
    parameter = tune_of(device)
    if parameter is None:
        return project, "", f"{track.name} has no pitch to tune"
    before = track.instrument.value("tune")
    after = within(parameter, tonic_hz(note, before, parameter))
    if abs(before - after) < 0.01:
        return project, "", f"{track.name} is tuned to {name} already"
    return (
        set_parameter(project, track.id, "tune", after),
        f"{track.name}: {figure(before)} → {figure(after)} Hz ({name})",
        "",
    )


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
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project, f"{track.name}: {step:+d} semitones, to {class_name(note)}", ""
