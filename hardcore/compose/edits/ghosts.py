"""Ghost notes: hits that are felt rather than heard, softer than any other, on free sixteenths beside those."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from hardcore.compose.chance import stream
from hardcore.compose.edits.outcome import Outcome
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.clips import block, replace_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState

GHOST_VELOCITY = 60  # softer than this is a ghost note
GHOSTS_A_BAR = 2
MOST_GHOSTS = 0.5  # of the sixteenths of a clip


def add_ghosts(project: ProjectState, selected: Sequence[Selected], amount: float, seed: int) -> Outcome:
    """Return the project with ghost notes in parts: `amount` times two a bar, on free sixteenths beside hits."""
    return _ghosted(project, selected, lambda clip: _with_ghosts(clip, amount, seed), "has no room for ghost notes")


def remove_ghosts(project: ProjectState, selected: Sequence[Selected], amount: float) -> Outcome:
    """Return the project without half of the ghost notes of parts; from an amount of 2 on without any."""
    return _ghosted(project, selected, lambda clip: _without_ghosts(clip.notes, amount), "has no ghost notes")


def ghosts(notes: Iterable[Note]) -> int:
    """Return how many notes are ghosts."""
    return sum(note.velocity < GHOST_VELOCITY for note in notes)


def _ghosted(
    project: ProjectState, selected: Sequence[Selected], change: Callable[[Clip], NoteBlock], why: str
) -> Outcome:
    said, failed = [], []
    for track, clips in selected:
        new = [clip.evolve(notes=change(clip)) for clip in clips]
        before, after = (sum(ghosts(clip.notes) for clip in row) for row in (clips, new))
        if before == after:
            failed.append(f"{track.name} {why}")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        said.append(f"{track.name}: ghost notes {before} → {after}")
    return Outcome(project, tuple(said), tuple(failed))


def _with_ghosts(clip: Clip, amount: float, seed: int) -> NoteBlock:
    """Return the notes with ghosts; at most half the steps are ghosts."""
    notes = list(clip.notes)
    if not notes:
        return clip.notes
    steps = clip.length_ticks // SIXTEENTH
    taken = {(note.start_ticks + SIXTEENTH // 2) // SIXTEENTH % max(steps, 1) for note in notes}
    room = max(0, int(steps * MOST_GHOSTS) - ghosts(notes))
    wanted = min(max(1, round(GHOSTS_A_BAR * amount * clip.length_ticks / (4 * PPQ))), room)
    chance = stream(seed, "ghost", clip.id)
    free = [step for step in range(steps) if step not in taken]
    chance.shuffle(free)
    free.sort(key=lambda step: not ({step - 1, step + 1} & taken))
    pitch = Counter(note.pitch for note in notes).most_common(1)[0][0]
    new = [Note(step * SIXTEENTH, SIXTEENTH // 2, pitch, chance.randint(32, 52)) for step in free[:wanted]]
    return block([*notes, *new])


def _without_ghosts(notes: NoteBlock, amount: float) -> NoteBlock:
    """Return the notes without some of the ghosts; the clip keeps at least one note."""
    soft = [note for note in notes if note.velocity < GHOST_VELOCITY]
    gone = set(soft if amount >= 2 else soft[:: 2 if amount >= 1 else 4])
    left = [note for note in notes if note not in gone]
    return NoteBlock.of(left) if left else notes
