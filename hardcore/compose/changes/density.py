"""Density: twice or half as many hits, denser and sparser, ghost notes."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.changes.scope import Outcome, chosen, is_drum
from hardcore.compose.orders import Order
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.roles import TRANSITIONS
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

FINEST_TICKS = 60  # a 128th note: nothing is doubled beyond it
GHOST_VELOCITY = 60  # softer than this is a ghost note
GHOSTS_A_BAR = 2
MOST_GHOSTS = 0.5  # of the sixteenths of a clip
ANCHORS = ("kick", "snare", "clap", "sub", "pad", "texture", *TRANSITIONS)  # they stay as they are unless named

Edit = Callable[[Clip], NoteBlock]


def double(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with twice as many hits, each new one halfway to the next; with sign −1 half as many."""
    if not order.targets:
        return Outcome(project, (), (f"say what to {'double' if order.sign > 0 else 'halve'}: double the hats",))
    tracks, failed = chosen(project, order, lambda track: False)
    if all(set(target.roles) == {"hat_closed", "hat_open"} for target in order.targets):
        # of both hats the closed one keeps the time
        tracks = [track for track in tracks if track.role == "hat_closed"] or tracks
    change = doubled if order.sign > 0 else halved
    return _counted(project, tracks, lambda clip: change(clip.notes, clip.length_ticks), failed, "hits")


def double_time(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with its drums, or the named parts, playing twice as many hits in the same time."""
    if order.targets:
        return double(project, order, seed)
    tracks = [track for track in project.tracks if is_drum(track) and track.clips]
    if not tracks:
        return Outcome(project, (), ("there are no drums to play in double time",))
    return _counted(project, tracks, lambda clip: doubled(clip.notes, clip.length_ticks), [], "hits")


def doubled(notes: NoteBlock, clip_ticks: int) -> NoteBlock:
    """Return the notes with each hit again halfway to the next, softer; gaps under a 64th stay."""
    if 2 * len(notes) > MAX_NOTES:
        return notes
    groups = _groups(notes)
    found: list[Note] = []
    for start, after in pairwise([*groups, clip_ticks + min(groups, default=0)]):
        half = (after - start) // 2
        if half < FINEST_TICKS:
            found += groups[start]
            continue
        for note in groups[start]:
            first = note._replace(length_ticks=min(note.length_ticks, half))
            soft = max(1, round(note.velocity * 0.8))
            found += [first, first._replace(start_ticks=(start + half) % clip_ticks, velocity=soft)]
    return NoteBlock.of(found)


def halved(notes: NoteBlock, clip_ticks: int) -> NoteBlock:
    """Return every second hit: of the two ways to count, the one that keeps the stronger places and hits."""
    groups = list(_groups(notes).values())

    def weight(row: list[list[Note]]) -> float:
        return sum(_strength(group[0].start_ticks) + group[0].velocity / 127 for group in row) / max(len(row), 1)

    kept = max(groups[::2], groups[1::2], key=weight) if len(groups) > 1 else groups
    return NoteBlock.of(note for group in kept for note in group)


def _groups(notes: Iterable[Note]) -> dict[int, list[Note]]:
    groups: dict[int, list[Note]] = {}
    for note in notes:
        groups.setdefault(note.start_ticks, []).append(note)
    return groups


def _counted(project: ProjectState, tracks: list[Track], edit: Edit, failed: list[str], what: str) -> Outcome:
    """Return the project with the clips of the tracks edited, and how many hits there were and are."""
    said = []
    for track in tracks:
        before = sum(_hits(clip.notes) for clip in track.clips)
        for clip in track.clips:
            project = project.with_clip(clip.id, lambda clip: clip.evolve(notes=edit(clip)))
        after = sum(_hits(clip.notes) for clip in project.find_track(track.id).clips)
        if before != after:
            said.append(f"{track.name}: {before} → {after} {what}")
        else:
            failed.append(
                f"{track.name}: nothing to change, {before} {what}" if before else f"{track.name} plays nothing"
            )
    return Outcome(project, tuple(said), tuple(failed))


def _hits(notes: NoteBlock) -> int:
    return sum(note.ratchet for note in notes)


def density(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or fewer notes in the named parts, or in all but kick, backbeat and backgrounds."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role not in ANCHORS)
    if order.sign > 0:
        return _counted(project, tracks, lambda clip: denser(clip, order.amount, seed), failed, "notes")
    meter = project.meter_map
    return _counted(project, tracks, lambda clip: sparser(clip, meter, order.amount, seed), failed, "notes")


def denser(clip: Clip, amount: float, seed: int) -> NoteBlock:
    """Return the notes with up to a third more: on free sixteenths after a hit; where none is free, as rolls."""
    groups = _groups(clip.notes)
    wanted = max(1, round(len(groups) * 0.3 * amount))
    taken = {_step(start) for start in groups}
    steps = range(clip.length_ticks // SIXTEENTH)
    free = [step for step in steps if step not in taken and _before(groups, step) is not None]
    chance = stream(seed, "denser", clip.id)
    chance.shuffle(free)
    # off the beat first: the new notes lead into the old ones
    free.sort(key=lambda step: step % 2 == 0)
    new: list[Note] = []
    for step in free[:wanted]:
        before = _before(groups, step)
        assert before is not None
        new += [_echoed(note, step * SIXTEENTH) for note in groups[before]]
    cut = _cut([*clip.notes, *new])
    left = wanted - len(free[:wanted])
    if left <= 0 or not clip.notes:
        return NoteBlock.of(cut[:MAX_NOTES])
    rolls = {note[:3] for note in chance.sample(cut, min(left, len(cut)))}
    return NoteBlock.of(note._replace(ratchet=min(note.ratchet * 2, 8)) if note[:3] in rolls else note for note in cut)


def _step(tick: int) -> int:
    return (tick + SIXTEENTH // 2) // SIXTEENTH


def _before(groups: dict[int, list[Note]], step: int) -> int | None:
    """Return the start of the last hit before a step, at most a bar away."""
    found = [start for start in groups if 0 < step * SIXTEENTH - start <= 4 * PPQ]
    return max(found, default=None)


def _echoed(note: Note, start: int) -> Note:
    length, velocity = min(note.length_ticks, SIXTEENTH), max(1, round(note.velocity * 0.78))
    return Note(start, length, note.pitch, velocity, note.probability)


def _cut(notes: list[Note]) -> list[Note]:
    """Return the notes, each ending where the next of its pitch starts."""
    done: list[Note] = []
    after: dict[int, int] = {}
    for note in sorted(notes, reverse=True):
        end = after.get(note.pitch, note.end_ticks)
        after[note.pitch] = note.start_ticks
        done.append(note._replace(length_ticks=max(1, min(note.length_ticks, end - note.start_ticks))))
    return done[::-1]


def sparser(clip: Clip, meter: MeterMap, amount: float, seed: int) -> NoteBlock:
    """Return the notes without up to a third, the weakest first; a bar that had notes keeps at least one."""
    groups = _groups(clip.notes)
    drop = min(round(len(groups) * 0.3 * amount) or 1, len(groups) - 1)
    chance = stream(seed, "sparser", clip.id)
    loud = {start: max(note.velocity for note in group) for start, group in groups.items()}
    weight = {start: (_strength(start), loud[start], chance.random()) for start in groups}
    left = Counter(meter.bar_of(start) for start in groups)
    gone: set[int] = set()
    for start in sorted(groups, key=lambda start: weight[start]):
        bar = meter.bar_of(start)
        if len(gone) < drop and left[bar] > 1:
            gone.add(start)
            left[bar] -= 1
    return NoteBlock.of(note for note in clip.notes if note.start_ticks not in gone)


def _strength(tick: int) -> int:
    """Return how strong a place in the bar is: 3 on a beat, 2 on an eighth, 1 on a sixteenth, 0 between."""
    return next((weight for weight, grid in ((3, PPQ), (2, PPQ // 2), (1, PPQ // 4)) if tick % grid == 0), 0)


def ghost(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or fewer ghost notes: on the named drums, else the snare, else another drum."""
    tracks, failed = chosen(project, order, lambda track: track.role == "snare" and bool(track.clips))
    if not tracks and not failed:
        drums = [track for track in project.tracks if track.clips]
        for role in ("clap", "rim", "perc", "hat_closed", "kick"):
            tracks = tracks or [track for track in drums if track.role == role]
    if order.sign < 0 and not order.targets:
        tracks = [track for track in project.tracks if is_drum(track) and any(_ghosts(c.notes) for c in track.clips)]
    said = []
    for track in tracks:
        before = sum(_ghosts(clip.notes) for clip in track.clips)
        for clip in track.clips:
            notes = _ghosted(clip, order, seed) if order.sign > 0 else _without_ghosts(clip.notes, order)
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
        after = sum(_ghosts(clip.notes) for clip in project.find_track(track.id).clips)
        if before != after:
            said.append(f"{track.name}: ghost notes {before} → {after}")
    if not said and not failed:
        failed.append(
            "there is no drum for ghost notes" if not tracks and order.sign > 0 else "no ghost note to change"
        )
    return Outcome(project, tuple(said), tuple(failed))


def _ghosts(notes: NoteBlock) -> int:
    return sum(note.velocity < GHOST_VELOCITY for note in notes)


def _ghosted(clip: Clip, order: Order, seed: int) -> NoteBlock:
    """Return the notes with ghosts on free sixteenths, beside a hit first; at most half the steps are ghosts."""
    notes = list(clip.notes)
    if not notes:
        return clip.notes
    steps = clip.length_ticks // SIXTEENTH
    taken = {_step(note.start_ticks) % max(steps, 1) for note in notes}
    room = max(0, int(steps * MOST_GHOSTS) - _ghosts(clip.notes))
    wanted = min(max(1, round(GHOSTS_A_BAR * order.amount * clip.length_ticks / (4 * PPQ))), room)
    chance = stream(seed, "ghost", clip.id)
    free = [step for step in range(steps) if step not in taken]
    chance.shuffle(free)
    free.sort(key=lambda step: not ({step - 1, step + 1} & taken))
    pitch = Counter(note.pitch for note in notes).most_common(1)[0][0]
    new = [Note(step * SIXTEENTH, SIXTEENTH // 2, pitch, chance.randint(32, 52)) for step in free[:wanted]]
    return NoteBlock.of([*notes, *new])


def _without_ghosts(notes: NoteBlock, order: Order) -> NoteBlock:
    """Return the notes without half of the ghosts, or all of them; the clip keeps at least one note."""
    soft = [note for note in notes if note.velocity < GHOST_VELOCITY]
    gone = set(soft if order.sign < -1 or order.amount >= 2 else soft[:: 2 if order.amount >= 1 else 4])
    left = [note for note in notes if note not in gone]
    return NoteBlock.of(left) if left else notes
