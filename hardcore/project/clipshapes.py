"""Clips in another shape: doubled, cropped, lengthened, split, joined; and stretches of their notes copied."""

from hardcore.errors import UserError
from hardcore.project import envelopes, lyrics
from hardcore.project.clip import Automation, Clip
from hardcore.project.clips import block, ensure_notes, put, replace_clip
from hardcore.project.notes import MAX_TICKS, Note
from hardcore.project.scenes import with_free_scene
from hardcore.project.scope import Stretch
from hardcore.project.scopededits import cut_out
from hardcore.project.state import ProjectState

_SHORTEST = 120


def double(project: ProjectState, clip_id: str) -> ProjectState:
    """Return the project with a clip twice as long: it plays what it played, twice. Raises UserError."""
    clip = _sized(project, clip_id, 2)
    return replace_clip(project, cut_out(clip, clip.id, 0, Stretch(0, 2 * clip.length_ticks)))


def lengthen(project: ProjectState, clip_id: str, ticks: int) -> ProjectState:
    """Return the project with rests at the end of a clip, so many ticks. Raises UserError."""
    clip = project.find_clip(clip_id)[1]
    if clip.length_ticks + ticks > MAX_TICKS:
        raise UserError(f"{clip.name} would be too long")
    return replace_clip(project, clip.evolve(length_ticks=clip.length_ticks + ticks))


def crop(project: ProjectState, clip_id: str, start: int, end: int) -> ProjectState:
    """Return the project with [start, end) of a clip in its place. Raises UserError for less than a 64th note."""
    clip = project.find_clip(clip_id)[1]
    return replace_clip(project, _part(clip, clip.id, start, end))


def _part(clip: Clip, clip_id: str, start: int, end: int) -> Clip:
    """Return [start, end) of a clip as one of its own; notes end where it does."""
    if not 0 <= start < end <= clip.length_ticks or end - start < _SHORTEST:
        raise UserError(f"{clip.name} has no such part", "its end comes after its start, both inside it")
    part = cut_out(clip, clip_id, start, Stretch(0, end - start))

    def ended(note: Note) -> Note:
        return note._replace(length_ticks=min(note.length_ticks, end - start - note.start_ticks))

    return part.evolve(notes=part.notes.map(ended))


def split(project: ProjectState, clip_id: str, tick: int) -> tuple[ProjectState, str]:
    """Return the project with a clip in two, and the name of the scene that has the second part.

    The first part stays in the clip's slots, the second comes into the next scene that has room, else a new one. In
    the arrangement the clip goes on as it was. Raises UserError.
    """
    track, clip = project.find_clip(clip_id)
    project, first_id = project.taken("c")
    project, second_id = project.taken("c")
    parts = (_part(clip, first_id, 0, tick), _part(clip, second_id, tick, clip.length_ticks))
    last = max((at for at, scene in enumerate(project.scenes) if scene.slots.get(track.id) == clip_id), default=-1)
    project, free = with_free_scene(project, track.id, last + 1)
    row = project.find_scene(free)
    second = parts[1].evolve(name=f"{track.name} {row.name}")
    project = project.with_track(track.id, lambda track: track.evolve(clips=(*track.clips, parts[0], second)))
    return put(_instead(project, clip_id, first_id), row.id, track.id, second_id), row.name


def join(project: ProjectState, clip_id: str, other_id: str) -> ProjectState:
    """Return the project with a clip followed by another one of its track, as one, in the slots of the first.

    The other stays where it is; in the arrangement both go on as they were. Raises UserError.
    """
    track, clip = project.find_clip(clip_id)
    owner, other = project.find_clip(other_id)
    if owner.id != track.id:
        raise UserError(f"{other.name} is a clip of {owner.name}", f"clip copy brings it to {track.name}")
    length = clip.length_ticks + other.length_ticks
    if length > MAX_TICKS:
        raise UserError(f"{clip.name} and {other.name} would be too long")
    project, new_id = project.taken("c")
    ensure_notes(clip)
    parts = _part(clip, new_id, 0, clip.length_ticks), _part(other, new_id, 0, other.length_ticks)
    moved = [note._replace(start_ticks=note.start_ticks + clip.length_ticks) for note in parts[1].notes]
    moving: dict[tuple[str, str], envelopes.Points] = {one.key: one.points for one in parts[0].automation}
    for one in parts[1].automation:
        shifted = envelopes.shifted(one.points, clip.length_ticks)
        moving[one.key] = envelopes.merged(moving.get(one.key, ()), shifted)
    made = tuple(Automation(owner=key[0], parameter=key[1], points=points) for key, points in moving.items())
    notes = block([*parts[0].notes, *moved])
    words = (*parts[0].lyrics, *lyrics.shifted(parts[1].lyrics, clip.length_ticks))
    new = clip.evolve(id=new_id, length_ticks=length, notes=notes, automation=made, lyrics=words)
    project = project.with_track(track.id, lambda track: track.evolve(clips=(*track.clips, new)))
    return _instead(project, clip_id, new_id)


def _instead(project: ProjectState, old: str, new: str) -> ProjectState:
    """Return the project with a clip in the slots of another, which goes unless the arrangement plays it."""
    track, _ = project.find_clip(old)
    for scene in project.scenes:
        if scene.slots.get(track.id) == old:
            project = put(project, scene.id, track.id, new)
    if any(one.clip == old for one in track.placements):
        return project
    return project.with_track(
        track.id, lambda track: track.evolve(clips=tuple(clip for clip in track.clips if clip.id != old))
    )


def _sized(project: ProjectState, clip_id: str, times: int) -> Clip:
    clip = project.find_clip(clip_id)[1]
    if clip.length_ticks * times > MAX_TICKS:
        raise UserError(f"{clip.name} would be too long")
    return clip


def copy_notes(
    project: ProjectState, clip_id: str, stretch: Stretch, to_id: str, tick: int
) -> tuple[ProjectState, int]:
    """Return the project with the notes that begin in a stretch of a clip again in a clip from a tick on, and how many.

    They take the place of the notes that begin there. Raises UserError where there are none, or the clip ends before.
    """
    clip, target = project.find_clip(clip_id)[1], project.find_clip(to_id)[1]
    taken = list(clip.notes.between(*stretch))
    if not taken:
        raise UserError(f"{clip.name} has no notes there")
    end = min(tick + stretch.end_ticks - stretch.start_ticks, target.length_ticks)
    new = [note._replace(start_ticks=note.start_ticks - stretch.start_ticks + tick) for note in taken]
    new = [note for note in new if note.start_ticks < end]
    kept = [note for note in target.notes if not tick <= note.start_ticks < end]
    notes = block([*kept, *new])
    return project.with_clip(to_id, lambda clip: clip.evolve(notes=notes)), len(new)


def cut_notes(project: ProjectState, clip_id: str, stretch: Stretch) -> tuple[ProjectState, int]:
    """Return the project without the notes that begin in a stretch of a clip, and how many. Raises UserError."""
    clip = project.find_clip(clip_id)[1]
    kept = [note for note in clip.notes if not stretch.start_ticks <= note.start_ticks < stretch.end_ticks]
    if len(kept) == len(clip.notes):
        raise UserError(f"{clip.name} has no notes there")
    return project.with_clip(clip_id, lambda clip: clip.evolve(notes=block(kept))), len(clip.notes) - len(kept)
