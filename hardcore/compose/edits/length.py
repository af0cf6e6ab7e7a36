"""Length: the loop so many bars long, repeated with small differences or cut."""

from collections.abc import Callable, Sequence
from functools import partial

from hardcore.compose.chance import stream
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.form.transition import retimed
from hardcore.errors import UserError
from hardcore.project import lyrics
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.clips import replace_clip
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.parts import is_drum
from hardcore.project.scene import Scene
from hardcore.project.scope import Stretch
from hardcore.project.scopededits import cut_out
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length
from hardcore.project.track import Track

MAX_BARS = 512
MAX_POINTS = 4096
Change = Callable[[Track, Clip], Clip]


def set_length(project: ProjectState, amount: Amount, seed: int, scene: Scene | None = None) -> Outcome:
    """Return the project with every clip of its scenes, or of one, as many bars long as `amount` makes of its scene's.

    A longer clip repeats, each time a little different in its velocities; soft hits of drums are left out here and
    there. A shorter one is cut; a riser ends at the new end. Raises UserError.
    """
    done: dict[str, int] = {}
    old, said = project, []
    for one in scenes_of(project, scene):
        bars = bars_of(old, one)
        count = round(amount.of(bars))
        if not 1 <= count <= MAX_BARS:
            raise UserError(f"{count} bars are too {'many' if count > 1 else 'few'} (1 to {MAX_BARS})")
        length = project.meter_map.bar_start(count)
        project, changed = with_clips(project, one, done, partial(_fitted, length_ticks=length, seed=seed))
        said += [(one.name, bars, count, changed)] if changed else []
    if not said:
        raise UserError(f"it is {bars_of(old, scenes_of(old, scene)[0]):g} bars long already")
    return Outcome(project, told("length", said))


def scenes_of(project: ProjectState, scene: Scene | None) -> Sequence[Scene]:
    """Return the scenes with clips. Raises UserError where there is none, or a song that they are placed in."""
    if project.arrangement:
        end = max(one.start_ticks + one.length_ticks for one in project.arrangement)
        bars = project.meter_map.bar_of(end - 1) + 1
        raise UserError(
            f"there is a song of {bars} bars made of this loop",
            "song --minutes 3 makes it another length; arrangement clear keeps the loop alone",
        )
    found = [one for one in ([scene] if scene else project.scenes) if one.slots]
    if not found:
        raise UserError("there is no clip yet" if scene is None else f"scene {scene.name} is empty")
    return found


def bars_of(project: ProjectState, scene: Scene) -> float:
    """Return how many bars a scene has."""
    return project.meter_map.bar_of(scene_length(project, scene))


def with_clips(project: ProjectState, scene: Scene, done: dict[str, int], change: Change) -> tuple[ProjectState, int]:
    """Return the project with the clips of a scene changed, those once that other scenes share, and how many were."""
    before, count = project, 0
    for track, clip in list(project.clips()):
        if scene.slots.get(track.id) != clip.id or clip.id in done:
            continue
        try:
            new = change(track, clip)
        except ValueError as error:
            raise UserError(f"{clip.name}: {error}") from error
        done[clip.id] = new.length_ticks
        if new is not clip:
            count += 1
            project = retimed(replace_clip(project, new), track.id, before)
    return project, count


def told(what: str, rows: Sequence[tuple[str, float, int, int]]) -> tuple[str, ...]:
    """Return what became of scenes, from rows of name, bars before and after, and clips."""
    lines = [f"{what} {old:g} → {new} bars, {count} clips" for _, old, new, count in rows]
    return tuple(
        f"{line} of scene {name}" if len(rows) > 1 else line for line, (name, *_) in zip(lines, rows, strict=True)
    )


def _fitted(track: Track, clip: Clip, length_ticks: int, seed: int) -> Clip:
    if clip.length_ticks == length_ticks:
        return clip
    new = resized(clip, length_ticks, is_drum(track), seed)
    if track.role == "riser" and length_ticks < clip.length_ticks:
        new = new.evolve(notes=NoteBlock.of(_shortened(clip, length_ticks)))
    return new


def resized(clip: Clip, length_ticks: int, drum: bool, seed: int) -> Clip:
    """Return the clip at another length: cut, or repeated, each repetition a little different in its velocities.

    Raises ValueError when there would be too many notes.
    """
    if clip.region is not None:
        return cut_out(clip, clip.id, 0, Stretch(0, length_ticks))
    chance = stream(seed, "bars", clip.id)
    notes: list[Note] = []
    for number in range(-(-length_ticks // clip.length_ticks)):
        base = number * clip.length_ticks
        if len(notes) + len(clip.notes) > MAX_NOTES:
            raise ValueError(f"too many notes; at most {MAX_NOTES}")
        for note in clip.notes:
            start = base + note.start_ticks
            if start >= length_ticks:
                continue
            room = max(length_ticks - start, 1)
            again = number and note.velocity < 120
            velocity = min(max(note.velocity + chance.randint(-5, 5), 1), 127) if again else note.velocity
            # a soft hit of a drum is left out here and there
            if drum and number and note.velocity < 60 and chance.random() < 0.2:
                continue
            notes.append(note._replace(start_ticks=start, length_ticks=min(note.length_ticks, room), velocity=velocity))
    envelopes = tuple(_looped(automation, clip.length_ticks, length_ticks) for automation in clip.automation)
    words = lyrics.looped(clip.lyrics, clip.length_ticks, 0, length_ticks)
    return clip.evolve(length_ticks=length_ticks, notes=NoteBlock.of(notes), automation=envelopes, lyrics=words)


def _looped(automation: Automation, old_ticks: int, new_ticks: int) -> Automation:
    """Return an envelope repeated as its clip is, within the limit of points."""
    points: dict[int, AutomationPoint] = {}
    for number in range(-(-new_ticks // old_ticks)):
        base = number * old_ticks
        if len(points) + len(automation.points) > MAX_POINTS:
            break
        for point in automation.points:
            if base + point.tick <= new_ticks:
                points[base + point.tick] = point.evolve(tick=base + point.tick)
    return automation.evolve(points=tuple(points[tick] for tick in sorted(points)) or automation.points[:1])


def _shortened(clip: Clip, length_ticks: int) -> list[Note]:
    """Return the notes of a riser in a clip that is cut: they end where they ended before the end, the last always."""
    away = clip.length_ticks - length_ticks
    found = []
    for note in sorted(clip.notes):
        end = note.end_ticks - away
        length = min(note.length_ticks, max(length_ticks // 2, 1))
        if end - length >= 0:
            found.append(note._replace(start_ticks=end - length, length_ticks=length))
    return found
