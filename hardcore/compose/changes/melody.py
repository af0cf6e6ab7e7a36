"""Melody: movement, transposition, octaves."""

from collections.abc import Callable

from hardcore.compose.changes.scope import Outcome, chosen, device_of, is_drum, plays
from hardcore.compose.edits import key
from hardcore.compose.edits.movement import move
from hardcore.compose.orders import Order
from hardcore.music.scale import Key
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def movement(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less movement: pitches that leave the root, velocities of drums that breathe."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role in ("bass", "lead", "pluck"))
    outcome = move(project, [Selected(track, track.clips) for track in tracks], order.sign * order.amount, seed)
    failed += outcome.failed
    if not outcome.said and not failed:
        failed.append("there is no bass or lead to move")
    return outcome._replace(failed=tuple(failed))


def octave(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with parts moved by octaves."""
    step = order.sign * 12 * int(order.value or 1)
    return _transposed(project, order, step, f"{abs(step) // 12} octave{'s' if abs(step) > 12 else ''}")


def transpose(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with parts moved by semitones; the whole moves its key along."""
    step = order.sign * int(order.value or 0)
    if order.targets or step % 12 == 0:
        return _transposed(project, order, step, f"{abs(step)} semitones")
    target = Key(tonic=(project.key.tonic + step) % 12, mode=project.key.mode)
    return key.moved(project, target, lambda pitch: pitch + step)


def _transposed(project: ProjectState, order: Order, step: int, what: str) -> Outcome:
    """Return the project with pitched parts moved; a part that would leave its instrument's range stays."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and not is_drum(track))
    said = []
    for track in tracks:
        if not plays(track) or not device_of(track).pitched:
            failed += [f"{track.name} has no pitch"] if order.targets else []
            continue
        pitches = [note.pitch for clip in track.clips for note in clip.notes]
        if not pitches:
            continue
        low, high = device_of(track).low_note, device_of(track).high_note
        if min(pitches) + step < min(low, min(pitches)) or max(pitches) + step > max(high, max(pitches)):
            way = "up" if step > 0 else "down"
            failed.append(f"{track.name}: {what} {way} would leave its range ({low} to {high})")
            continue
        project = _moved(project, track, lambda pitch: pitch + step)
        way = "up" if step > 0 else "down"
        said.append(f"{track.name}: {what} {way}, lowest note {min(pitches)} → {min(pitches) + step}")
    if not said and not failed:
        failed.append("there is nothing with a pitch to move")
    return Outcome(project, tuple(said), tuple(failed))


def _moved(project: ProjectState, track: Track, move: Callable[[int], int]) -> ProjectState:
    for clip in track.clips:
        project = project.with_clip(
            clip.id, lambda clip: clip.evolve(notes=clip.notes.map(lambda note: note._replace(pitch=move(note.pitch))))
        )
    return project
