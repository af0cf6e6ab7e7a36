"""Melody: movement, transposition, octaves."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.changes.scope import Outcome, chosen, device_of, is_drum, parameter_of, plays, shown, turned
from hardcore.compose.edits import key
from hardcore.compose.orders import Order
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ
from hardcore.project.clip import Clip
from hardcore.project.devices import Device
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

MOVED = 0.4  # of the notes that may move
NEAR, FAR = (1, -1, 2, -2), (3, 4, 7)  # scale steps; 7 is an octave in a scale of seven notes
LEAP = 0.3  # chance that a note leaps before it tries a step
MOVEMENT_PERCENT = 20.0


def movement(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less movement: pitches that leave the root, velocities of drums that breathe."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role in ("bass", "lead", "pluck"))
    said = []
    for track in tracks:
        if plays(track) and not is_drum(track) and device_of(track).pitched:
            project, line = _pitches_moved(project, track, order, seed)
        else:
            project, line = _velocities_moved(project, track, order, seed)
        project, more = _parameter_moved(project, project.find_track(track.id), order)
        lines = [text for text in (line, more) if text]
        if lines:
            said.append(f"{track.name}: {', '.join(lines)}")
        else:
            failed.append(f"{track.name} cannot move {'more' if order.sign > 0 else 'less'}")
    if not said and not failed:
        failed.append("there is no bass or lead to move")
    return Outcome(project, tuple(said), tuple(failed))


def _pitches_moved(project: ProjectState, track: Track, order: Order, seed: int) -> tuple[ProjectState, str]:
    device, before, after = device_of(track), 0, 0
    for clip in track.clips:
        if order.sign > 0:
            notes = wandering(clip, project.key, device, min(MOVED * order.amount, 0.9), seed)
        else:
            notes = settled(clip, min(MOVED * order.amount, 1.0), seed)
        before += travel(clip.notes)
        after += travel(notes)
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project, f"travels {before} → {after} semitones" if before != after else ""


def travel(notes: NoteBlock) -> int:
    """Return how far the highest voice moves from hit to hit, in semitones in all."""
    top: dict[int, int] = {}
    for note in notes:
        top[note.start_ticks] = max(top.get(note.start_ticks, 0), note.pitch)
    line = [top[start] for start in sorted(top)]
    return sum(abs(b - a) for a, b in pairwise(line))


def wandering(clip: Clip, key: Key, device: Device, share: float, seed: int) -> NoteBlock:
    """Return the notes, some of them moved by scale steps, each such that the line travels further.

    First notes of bars stay; long notes are cut in two where there are too few others. Pitches stay in the key and in
    the instrument's range.
    """
    chance = stream(seed, "movement", clip.id)
    notes = _cut_long(clip.notes)
    starts = Counter(note.start_ticks for note in notes)
    free = [place for place, note in enumerate(notes) if starts[note.start_ticks] == 1 and note.start_ticks % (4 * PPQ)]
    chance.shuffle(free)
    for place in sorted(free[: max(1, round(len(free) * share))]):
        note = notes[place]
        before = notes[place - 1].pitch if place else note.pitch
        after = notes[place + 1].pitch if place + 1 < len(notes) else note.pitch
        near, far = chance.sample(NEAR, len(NEAR)), chance.sample(FAR, len(FAR))
        order = [*far, *near] if chance.random() < LEAP else [*near, *far]
        wanted = [key.step(note.pitch, steps) for steps in order]
        inside = [pitch for pitch in wanted if device.low_note <= pitch <= device.high_note and key.contains(pitch)]
        old = abs(note.pitch - before) + abs(after - note.pitch)
        further = [pitch for pitch in inside if abs(pitch - before) + abs(after - pitch) > old]
        if further:
            notes[place] = note._replace(pitch=further[0])
    return NoteBlock.of(notes)


def _cut_long(block: NoteBlock) -> list[Note]:
    """Return the notes in order; in a line of few long notes each of two beats and more is cut in two."""
    notes = list(block)
    if not notes or len(notes) > 2 * len({note.start_ticks // (4 * PPQ) for note in notes}):
        return notes
    cut: list[Note] = []
    for note in notes:
        if note.length_ticks >= 2 * PPQ:
            first = note.length_ticks // 2 // (PPQ // 4) * (PPQ // 4)
            cut.append(note._replace(length_ticks=first))
            cut.append(note._replace(start_ticks=note.start_ticks + first, length_ticks=note.length_ticks - first))
        else:
            cut.append(note)
    return sorted(cut)


def settled(clip: Clip, share: float, seed: int) -> NoteBlock:
    """Return the notes, some of them on the pitch of the note before, so that the line travels less."""
    chance = stream(seed, "movement", clip.id)
    notes = list(clip.notes)
    starts = Counter(note.start_ticks for note in notes)
    moving = [
        place
        for place in range(1, len(notes))
        if notes[place].pitch != notes[place - 1].pitch and starts[notes[place].start_ticks] == 1
    ]
    chance.shuffle(moving)
    for place in sorted(moving[: max(1, round(len(moving) * share))] if moving else []):
        notes[place] = notes[place]._replace(pitch=notes[place - 1].pitch)
    return NoteBlock.of(notes)


def _velocities_moved(project: ProjectState, track: Track, order: Order, seed: int) -> tuple[ProjectState, str]:
    before, count = 0.0, 0
    after = 0.0
    for clip in track.clips:
        notes = _breathing(clip, order, seed)
        before += spread(clip.notes)
        after += spread(notes)
        count += 1
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    changed = count and abs(after - before) > 0.05
    return project, f"velocity spread {before / count:.1f} → {after / count:.1f}" if changed else ""


def spread(notes: NoteBlock) -> float:
    """Return the mean distance of the velocities from their mean."""
    velocities = [note.velocity for note in notes]
    mean = sum(velocities) / max(len(velocities), 1)
    return sum(abs(velocity - mean) for velocity in velocities) / max(len(velocities), 1)


def _breathing(clip: Clip, order: Order, seed: int) -> NoteBlock:
    """Return the notes with velocities further from (or nearer to) their mean, and drawn a little."""
    mean = sum(note.velocity for note in clip.notes) / max(len(clip.notes), 1)
    chance = stream(seed, "breathe", clip.id)
    factor = 1 + 0.4 * order.sign * min(order.amount, 2)
    most = 12 * order.amount if order.sign > 0 else 0

    def moved(note: Note) -> Note:
        away = note.velocity - mean
        drawn = chance.uniform(0, most) * (1 if away > 0 or (away == 0 and chance.random() < 0.5) else -1)
        return note._replace(velocity=min(max(round(mean + away * factor + drawn), 12), 127))

    return clip.notes.map(moved)


def _parameter_moved(project: ProjectState, track: Track, order: Order) -> tuple[ProjectState, str]:
    parameter = parameter_of(device_of(track), ("movement",)) if plays(track) else None
    if parameter is None:
        return project, ""
    way = MOVEMENT_PERCENT * order.sign * order.amount
    project, before, after = turned(project, track, parameter, lambda value: value + way)
    return project, shown(parameter, before, after) if before != after else ""


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
