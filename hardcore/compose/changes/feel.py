"""Feel: swing, tightness, and the length of notes."""

from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.changes.scope import (
    Outcome,
    chosen,
    device_of,
    is_drum,
    parameter_of,
    plays,
    shown,
    turned,
)  # fmt: skip
from hardcore.compose.changes.transitions import climbing
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.swing import percent_of, set_swing
from hardcore.compose.orders import Order
from hardcore.knowledge.groove import groove as known_groove
from hardcore.project.grooves import put_on_project, put_on_track
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import TRANSITIONS
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

SWING_STEP = 4.0
MOST_SWING = 72.0  # past it the late sixteenth runs into the next beat
LOOSE_TICKS = 45  # 10 ms at 140 BPM
LONGER, SHORTER = 1.5, 0.65


def swing(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more, less or exactly so much swing."""
    before = percent_of(project)
    if order.value is not None:
        after = float(order.value)
        if order.sign > 0 and after <= before:
            after = min(before + order.amount * SWING_STEP, max(MOST_SWING, before))
    elif order.sign < -1:
        after = 50.0
    else:
        step = order.sign * order.amount * SWING_STEP
        after = min(max(before + step, 50.0), max(MOST_SWING, before))
    return set_swing(project, Amount(to=after))


def groove(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project, or the parts that are named, played with the groove whose id is the order's value."""
    template = known_groove(str(order.value))
    if not order.targets:
        before = project.groove.name if project.groove else "straight"
        return Outcome(put_on_project(project, template, 1.0, 1.0), (f"groove {before} → {template.name}",))
    tracks, failed = chosen(project, order, lambda track: False)
    said = []
    for track in tracks:
        if track.kind == "midi":
            project = put_on_track(project, track.id, template, 1.0, 1.0)
            said.append(f"{track.name}: groove {template.name}")
    return Outcome(project, tuple(said), tuple(failed))


def straight(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project without swing."""
    return swing(project, order._replace(value=50.0), seed)


def tight(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with less (sign 1) or more micro-timing; a tighter single drum or bass is shorter, too."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role not in TRANSITIONS)
    before = sum(_loose(track) for track in tracks)
    for track in tracks:
        for clip in track.clips:
            notes = _tightened(clip.notes, order, seed, clip.id)
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    after = sum(_loose(project.find_track(track.id)) for track in tracks)
    said = []
    if before != after:
        count = max(1, sum(len(clip.notes) for track in tracks for clip in track.clips))
        said.append(f"micro-timing {before / count:.1f} → {after / count:.1f} ticks a note")
    if order.targets:
        for track in tracks:
            project, line = _decayed(project, project.find_track(track.id), 0.8 if order.sign > 0 else 1.25)
            said += [f"{track.name}: {line}"] if line else []
    if not said and not failed:
        failed.append("the timing is exact already")
    return Outcome(project, tuple(said), tuple(failed))


def _loose(track: Track) -> float:
    return sum(abs(note.offset_ticks) for clip in track.clips for note in clip.notes)


def _tightened(notes: NoteBlock, order: Order, seed: int, clip_id: str) -> NoteBlock:
    if order.sign > 0:
        factor = 0.5**order.amount
        return notes.map(lambda note: note._replace(offset_ticks=int(note.offset_ticks * factor)))
    chance = stream(seed, "loose", clip_id)
    most = round(LOOSE_TICKS * order.amount)

    def moved(note: Note) -> Note:
        # away from where it is, so that the sum grows
        away = chance.randint(most // 3, most)
        sign = 1 if note.offset_ticks > 0 or (note.offset_ticks == 0 and chance.random() < 0.5) else -1
        sign = 1 if note.start_ticks + note.offset_ticks - away < 0 and note.offset_ticks >= 0 else sign
        return note._replace(offset_ticks=min(max(note.offset_ticks + sign * away, -240), 240))

    return notes.map(moved)


def _decayed(project: ProjectState, track: Track, factor: float) -> tuple[ProjectState, str]:
    if not (plays(track) and (is_drum(track) or track.role in ("bass", "sub"))):
        return project, ""
    parameter = parameter_of(device_of(track), ("decay", "release"))
    if parameter is None:
        return project, ""
    project, before, after = turned(project, track, parameter, lambda value: value * factor)
    return project, shown(parameter, before, after) if before != after else ""


def length(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with longer or shorter notes; a drum that rings by itself decays longer or shorter."""
    tracks, failed = chosen(project, order, _lasts)
    factor = (LONGER if order.sign > 0 else SHORTER) ** order.amount
    said = []
    for track in tracks:
        if plays(track) and not device_of(track).gated:
            project, line = _decayed(project, track, factor)
        elif track.role == "riser":
            project, line = climbing(project, track, factor)
        else:
            project, line = _stretched(project, track, factor)
        if line:
            said.append(f"{track.name}: {line}")
        else:
            failed.append(f"the notes of {track.name} are as {'long' if factor > 1 else 'short'} as they can be")
    return Outcome(project, tuple(said), tuple(failed))


def _lasts(track: Track) -> bool:
    """Return whether "longer notes" means a track that is not named."""
    gated = plays(track) and device_of(track).gated and bool(track.clips)
    return gated and track.role not in TRANSITIONS


def _stretched(project: ProjectState, track: Track, factor: float) -> tuple[ProjectState, str]:
    before = after = count = 0
    mono = plays(track) and device_of(track).mono
    for clip in track.clips:
        notes = held(clip.notes, factor, clip.length_ticks, mono)
        count += len(notes)
        before += sum(note.length_ticks for note in clip.notes)
        after += sum(note.length_ticks for note in notes)
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    if before == after or not count:
        return project, ""
    return project, f"notes {before / count / 480:.2f} → {after / count / 480:.2f} sixteenths"


def held(notes: NoteBlock, factor: float, clip_ticks: int, mono: bool) -> NoteBlock:
    """Return the notes `factor` as long, none shorter than a 64th nor, when lengthened, into the next one."""
    ordered = list(notes)
    starts = sorted({note.start_ticks for note in ordered})
    after = dict(pairwise([*starts, clip_ticks]))
    again: dict[int, int] = {}
    changed = []
    for note in reversed(ordered):
        limit = after[note.start_ticks] if mono else again.get(note.pitch, clip_ticks)
        again[note.pitch] = note.start_ticks
        wanted = max(round(note.length_ticks * factor), min(120, note.length_ticks))
        room = max(limit - note.start_ticks, note.length_ticks)
        changed.append(note._replace(length_ticks=min(wanted, room)))
    return NoteBlock.of(changed)
