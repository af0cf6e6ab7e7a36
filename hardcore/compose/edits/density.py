"""Density: more or fewer hits in the same time.

Twice is each hit again halfway to the next, half is every second hit. In between, hits are added on free sixteenths,
off the beat first, and taken from the weakest places; a bar that had any keeps one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.edits.outcome import Outcome
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.clips import replace_clip
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

FINEST_TICKS = 60  # a 128th note: nothing is doubled beyond it
STEP = 0.3  # of the hits, more or fewer
_ROLL = 8  # the most hits that one note is rolled into


def set_density(project: ProjectState, selected: Sequence[Selected], factor: float, seed: int) -> Outcome:
    """Return the project with `factor` times as many hits in parts, above 0; notes that start together are one."""
    said, failed = [], []
    for track, clips in selected:
        new = [scaled(clip, project.meter_map, factor, seed) for clip in clips]
        before, after = (sum(hits(clip.notes) for clip in row) for row in (clips, new))
        if before == after:
            failed.append(f"{track.name}: nothing to change, {before} hits")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        said.append(f"{track.name}: {before} → {after} hits")
    return Outcome(project, tuple(said), tuple(failed))


def of_steps(steps: float) -> float:
    """Return the factor that steps mean: one more is 30 % more hits, one fewer 30 % fewer; a tenth at least."""
    return max(1 + STEP * steps, 0.1)


def hits(notes: Iterable[Note]) -> int:
    """Return how many hits are heard: notes that start together are one, a roll is several."""
    rolls: dict[int, int] = {}
    for note in notes:
        rolls[note.start_ticks] = max(rolls.get(note.start_ticks, 0), note.ratchet)
    return sum(rolls.values())


def scaled(clip: Clip, meter: MeterMap, factor: float, seed: int) -> Clip:
    """Return a clip with `factor` times as many hits, as far as there is room."""
    wanted = max(round(hits(clip.notes) * factor), 1)
    notes = clip.notes
    while factor >= 2 and len(more := doubled(notes, clip.length_ticks)) > len(notes):
        notes, factor = more, factor / 2
    while factor <= 0.5 and _bars(fewer := halved(notes), meter) == _bars(notes, meter) and fewer != notes:
        notes, factor = fewer, factor * 2
    clip = clip.evolve(notes=notes)
    left = wanted - hits(notes)
    if left > 0 and factor > 1:
        return clip.evolve(notes=denser(clip, left, seed))
    return clip.evolve(notes=sparser(clip, meter, -left, seed)) if left < 0 and factor < 1 else clip


def _bars(notes: NoteBlock, meter: MeterMap) -> set[int]:
    return {meter.bar_of(note.start_ticks) for note in notes}


def doubled(notes: NoteBlock, clip_ticks: int) -> NoteBlock:
    """Return the notes with each hit again halfway to the next, softer; gaps under a 64th stay."""
    if 2 * len(notes) > MAX_NOTES:
        return notes
    groups = grouped(notes)
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


def halved(notes: NoteBlock) -> NoteBlock:
    """Return every second hit: of the two ways to count, the one that keeps the stronger places and hits."""
    groups = list(grouped(notes).values())

    def weight(row: list[list[Note]]) -> float:
        return sum(_strength(group[0].start_ticks) + group[0].velocity / 127 for group in row) / max(len(row), 1)

    kept = max(groups[::2], groups[1::2], key=weight) if len(groups) > 1 else groups
    return NoteBlock.of(note for group in kept for note in group)


def grouped(notes: Iterable[Note]) -> dict[int, list[Note]]:
    """Return the notes by where they start, in order."""
    groups: dict[int, list[Note]] = {}
    for note in notes:
        groups.setdefault(note.start_ticks, []).append(note)
    return groups


def denser(clip: Clip, wanted: int, seed: int) -> NoteBlock:
    """Return the notes with `wanted` hits more: on free sixteenths after a hit; where none is free, as rolls."""
    groups = grouped(clip.notes)
    taken = {_step(start) for start in groups}
    steps = range(clip.length_ticks // SIXTEENTH)
    starts = list(groups)
    free = [step for step in steps if step not in taken and _before(starts, step) is not None]
    chance = stream(seed, "denser", clip.id)
    chance.shuffle(free)
    # off the beat first: the new notes lead into the old ones
    free.sort(key=lambda step: step % 2 == 0)
    new: list[Note] = []
    for step in free[:wanted]:
        before = _before(starts, step)
        assert before is not None
        new += [_echoed(note, step * SIXTEENTH) for note in groups[before]]
    cut = _cut([*clip.notes, *new])
    left = wanted - len(free[:wanted])
    if left <= 0 or not clip.notes:
        return NoteBlock.of(cut[:MAX_NOTES])
    struck = sorted({note.start_ticks for note in cut})
    rolled = set(chance.sample(struck, min(left, len(struck))))
    return NoteBlock.of(
        note._replace(ratchet=min(note.ratchet * 2, _ROLL)) if note.start_ticks in rolled else note for note in cut
    )


def _step(tick: int) -> int:
    return (tick + SIXTEENTH // 2) // SIXTEENTH


def _before(starts: Sequence[int], step: int) -> int | None:
    """Return the start of the last hit before a step, at most a bar away; `starts` rise."""
    place = bisect_left(starts, step * SIXTEENTH)
    return starts[place - 1] if place and step * SIXTEENTH - starts[place - 1] <= 4 * PPQ else None


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


def sparser(clip: Clip, meter: MeterMap, drop: int, seed: int) -> NoteBlock:
    """Return the notes without `drop` hits, the weakest first; a bar that had notes keeps at least one."""
    groups = grouped(clip.notes)
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
