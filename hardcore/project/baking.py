"""Baking: a groove written into the notes of clips, as micro-timing and velocity, and taken off there."""

from math import lcm

from hardcore.errors import UserError
from hardcore.music.groove import GrooveTemplate, apply, own_tick
from hardcore.project import lyrics
from hardcore.project.clip import Clip, GrooveUse
from hardcore.project.envelopes import looped
from hardcore.project.grooves import InForce, in_force, louder
from hardcore.project.notes import MAX_TICKS, Note, NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

MOST_PASSES = 16  # a clip is written out at most so often, to be as long as the groove that is baked into it
MOST_OFFSET = 1920  # what a note's micro-timing can hold


def commit(project: ProjectState, thing: ProjectState | Track | Clip) -> ProjectState:
    """Return the project with the groove in force baked into the notes of a clip, a track or all, and taken off there.

    The timing goes into micro-timing, so notes stay where they are written. A clip shorter than its groove is written
    out until both end together, as if it began where the groove does. Raises UserError when nothing is grooved.
    """
    own = None if isinstance(thing, ProjectState) else thing.id
    wanted = [clip.id for track, clip in project.clips() if own in (None, track.id, clip.id)]
    grooved = [clip_id for clip_id in wanted if in_force(project, *project.find_clip(clip_id))]
    if not grooved:
        raise UserError(f"{getattr(thing, 'name', 'the project')} is played straight: there is nothing to commit")
    for clip_id in grooved:
        track, clip = project.find_clip(clip_id)
        groove = in_force(project, track, clip)
        assert groove is not None
        baked = _baked(project, clip, groove)
        project = project.with_clip(clip_id, lambda _, baked=baked: baked)  # type: ignore[misc]
    return _straight(project, thing)


def _straight(project: ProjectState, thing: ProjectState | Track | Clip) -> ProjectState:
    """Return the project with `thing` played straight, and nothing said where that is so anyway."""
    if isinstance(thing, ProjectState):
        tracks = tuple(
            track.evolve(
                groove=None, clips=tuple(clip.evolve(groove=None) if clip.groove else clip for clip in track.clips)
            )
            for track in project.tracks
        )
        return project.evolve(tracks=tracks, active_groove=None, groove_amount=1.0, groove_velocity=None)
    if isinstance(thing, Track):
        use = GrooveUse() if project.active_groove is not None else None
        clips = tuple(clip.evolve(groove=None) if clip.groove else clip for clip in project.find_track(thing.id).clips)
        return project.with_track(thing.id, lambda track: track.evolve(groove=use, clips=clips))
    track, _ = project.find_clip(thing.id)
    use = GrooveUse() if project.active_groove is not None or track.groove is not None else None
    return project.with_clip(thing.id, lambda clip: clip.evolve(groove=use))


def _baked(project: ProjectState, clip: Clip, groove: InForce) -> Clip:
    passes = _passes(project, clip, groove.template)
    length = clip.length_ticks
    # a note written past the clip's end never sounds, and would in the passes after
    sounding = [note for note in clip.notes if note.start_ticks < length]
    notes = [
        _played(project, note._replace(start_ticks=note.start_ticks + number * length), groove)
        for number in range(passes)
        for note in (sounding if passes > 1 else clip.notes)
    ]
    moving, words = clip.automation, clip.lyrics
    if passes > 1:
        moving = tuple(one.evolve(points=looped(one, length, 0, length * passes)) for one in clip.automation)
        words = lyrics.looped(clip.lyrics, length, 0, length * passes)
    try:
        notes_played = NoteBlock.of(notes)
        return clip.evolve(length_ticks=length * passes, notes=notes_played, automation=moving, lyrics=words)
    except ValueError as error:
        raise UserError(f"{clip.name}: the groove does not fit into its notes: {error}") from error


def _passes(project: ProjectState, clip: Clip, template: GrooveTemplate) -> int:
    """Return how often a clip plays until it ends together with the groove. Raises UserError when that is too often."""
    period = template.length_ticks
    if template.bar_ticks:
        period = template.length_ticks // template.bar_ticks * project.meter_map.bar_ticks()
    passes = lcm(clip.length_ticks, period) // clip.length_ticks
    if passes > MOST_PASSES or clip.length_ticks * passes > MAX_TICKS:
        bars = f"{clip.length_ticks / project.meter_map.bar_ticks():g} bars"
        raise UserError(f"{clip.name} ({bars}) and the groove {template.name} never end together", "make it whole bars")
    return passes


def _played(project: ProjectState, note: Note, groove: InForce) -> Note:
    """Return the note as it sounds with the groove, written as micro-timing and velocity."""
    own = own_tick(groove.template, note.start_ticks, project.meter_map)
    shift, factor = apply(groove.template, own, groove.timing, groove.velocity)
    offset = min(max(note.offset_ticks + shift, -MOST_OFFSET), MOST_OFFSET)
    return note._replace(offset_ticks=offset, velocity=louder(note.velocity, factor))
