"""Movement: how far the line of a part travels, how much the hits of a drum breathe, and what moves in its sound."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import parameter_of, shown, turned
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.devices import Device
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.parts import device_of, is_drum, plays
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

MOVED = 0.4  # of the notes that may move
NEAR, FAR = (1, -1, 2, -2), (3, 4, 7)  # scale steps; 7 is an octave in a scale of seven notes
LEAP = 0.3  # chance that a note leaps before it tries a step
MOVEMENT_PERCENT = 20.0


def move(project: ProjectState, selected: Sequence[Selected], steps: float, seed: int) -> Outcome:
    """Return the project with more movement in parts, less below 0; a step is four notes of ten. Raises UserError.

    A part with a pitch leaves its root, by steps of the key in its instrument's range, or settles on it; velocities of
    a drum go further from their mean, or nearer; a sound with a parameter called movement has more or less of it.
    """
    if not steps:
        raise UserError("0 moves nothing", "--by 1 moves more, --by -1 less")
    said, failed = [], []
    for track, clips in selected:
        lines = []
        if plays(track) and not is_drum(track) and device_of(track).pitched:
            new = [clip.evolve(notes=_travelling(project.key, track, steps, seed, clip)) for clip in clips]
            before, after = (sum(travel(clip.notes) for clip in row) for row in (clips, new))
            lines += [f"travels {before} → {after} semitones"] if before != after else []
        else:
            new = [clip.evolve(notes=_breathing(clip, steps, seed)) for clip in clips]
            soft, hard = (sum(spread(clip.notes) for clip in row) / len(row) for row in (clips, new))
            lines += [f"velocity spread {soft:.1f} → {hard:.1f}"] if abs(soft - hard) > 0.05 else []
        for clip in new if lines else ():
            project = replace_clip(project, clip)
        project, line = _parameter_moved(project, project.find_track(track.id), steps)
        lines += [line] if line else []
        said += [f"{track.name}: {', '.join(lines)}"] if lines else []
        failed += [] if lines else [f"{track.name} cannot move {'more' if steps > 0 else 'less'}"]
    return Outcome(project, tuple(said), tuple(failed))


def _travelling(key: Key, track: Track, steps: float, seed: int, clip: Clip) -> NoteBlock:
    if steps > 0:
        return wandering(clip, key, device_of(track), min(MOVED * steps, 0.9), seed)
    return settled(clip, min(-MOVED * steps, 1.0), seed)


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


def spread(notes: NoteBlock) -> float:
    """Return the mean distance of the velocities from their mean."""
    velocities = [note.velocity for note in notes]
    mean = sum(velocities) / max(len(velocities), 1)
    return sum(abs(velocity - mean) for velocity in velocities) / max(len(velocities), 1)


def _breathing(clip: Clip, steps: float, seed: int) -> NoteBlock:
    """Return the notes with velocities further from (or nearer to) their mean, and drawn a little."""
    mean = sum(note.velocity for note in clip.notes) / max(len(clip.notes), 1)
    chance = stream(seed, "breathe", clip.id)
    factor = 1 + 0.4 * min(max(steps, -2), 2)
    most = 12 * max(steps, 0)

    def moved(note: Note) -> Note:
        away = note.velocity - mean
        drawn = chance.uniform(0, most) * (1 if away > 0 or (away == 0 and chance.random() < 0.5) else -1)
        return note._replace(velocity=min(max(round(mean + away * factor + drawn), 12), 127))

    return clip.notes.map(moved)


def _parameter_moved(project: ProjectState, track: Track, steps: float) -> tuple[ProjectState, str]:
    parameter = parameter_of(device_of(track), ("movement",)) if plays(track) else None
    if parameter is None:
        return project, ""
    project, before, after = turned(project, track, parameter, lambda value: value + MOVEMENT_PERCENT * steps)
    return project, shown(parameter, before, after) if before != after else ""
