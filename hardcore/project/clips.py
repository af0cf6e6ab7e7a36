"""Edits of clips: add, copy, delete, and what can be done to all the notes of one."""

from collections.abc import Callable, Iterable

from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project import lyrics
from hardcore.project.clip import Automation, AutomationPoint, Clip, Provenance
from hardcore.project.notes import MAX_TICKS, Note, NoteBlock
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS
from hardcore.project.values import LONGEST_NAME


def add_clip(
    project: ProjectState,
    track_id: str,
    scene_id: str | None,
    length_ticks: int,
    notes: Iterable[Note] = (),
    name: str | None = None,
    provenance: Provenance | None = None,
    automation: tuple[Automation, ...] = (),
    region: AudioRegion | None = None,
) -> tuple[ProjectState, str]:
    """Return the project with a clip on the track, in the scene's slot when one is given, and the clip's id.

    A clip that was in the slot stays on its track. Raises UserError.
    """
    track = project.find_track(track_id)
    if track.kind not in HOLDS_CLIPS:
        raise UserError(f"{track.name} is a {track.kind} track and holds no clips")
    if (track.kind == "audio") != (region is not None):
        holds = "audio" if track.kind == "audio" else "notes"
        raise UserError(
            f"{track.name} is a{'n' if holds == 'audio' else ''} {track.kind} track: its clips hold {holds}"
        )
    project, clip_id = project.taken("c")
    scene = next((scene for scene in project.scenes if scene.id == scene_id), None)
    clip = Clip(
        id=clip_id,
        name=name or (f"{track.name} {scene.name}"[:LONGEST_NAME].rstrip() if scene else track.name),
        length_ticks=length_ticks,
        notes=block(notes),
        provenance=provenance,
        automation=automation,
        region=region,
    )
    project = project.with_track(track_id, lambda track: track.evolve(clips=(*track.clips, clip)))
    return (put(project, scene.id, track_id, clip_id) if scene else project), clip_id


def block(notes: Iterable[Note]) -> NoteBlock:
    """Return the notes packed, if they are not yet. Raises UserError that names the value out of range."""
    if isinstance(notes, NoteBlock):
        return notes
    try:
        return NoteBlock.of(notes)
    except ValueError as error:
        raise UserError(str(error)) from error


def put(project: ProjectState, scene_id: str, track_id: str, clip_id: str | None) -> ProjectState:
    """Return the project with the clip (or nothing) in the scene's slot for the track."""

    def slots(before: dict[str, str]) -> dict[str, str]:
        kept = {track: clip for track, clip in before.items() if track != track_id}
        return {**kept, track_id: clip_id} if clip_id else kept

    return project.evolve(
        scenes=tuple(
            scene.evolve(slots=slots(dict(scene.slots))) if scene.id == scene_id else scene for scene in project.scenes
        )
    )


def copy_clip(project: ProjectState, clip_id: str, track_id: str, scene_id: str) -> tuple[ProjectState, str]:
    """Return the project with an independent copy of the clip in the slot, and its id. Raises UserError.

    Envelopes follow only where the copy stays on its track: their targets belong to it.
    """
    source, clip = project.find_clip(clip_id)
    project, copy_id = add_clip(
        project,
        track_id,
        scene_id,
        clip.length_ticks,
        clip.notes,
        provenance=clip.provenance,
        automation=clip.automation if source.id == track_id else (),
        region=clip.region,
    )
    if clip.groove is not None or clip.lyrics:
        project = project.with_clip(copy_id, lambda copy: copy.evolve(groove=clip.groove, lyrics=clip.lyrics))
    return project, copy_id


def delete_clip(project: ProjectState, clip_id: str) -> ProjectState:
    """Return the project without the clip, its slots and its placements."""
    track, _ = project.find_clip(clip_id)
    scenes = tuple(
        scene.evolve(slots={t: c for t, c in scene.slots.items() if c != clip_id})
        if clip_id in scene.slots.values()
        else scene
        for scene in project.scenes
    )
    left = tuple(clip for clip in track.clips if clip.id != clip_id)
    placed = tuple(placement for placement in track.placements if placement.clip != clip_id)
    project = project.with_track(track.id, lambda track: track.evolve(clips=left, placements=placed))
    return project.evolve(scenes=scenes)


def replace_clip(project: ProjectState, clip: Clip) -> ProjectState:
    """Return the project with a clip in place of the one with its id."""
    return project.with_clip(clip.id, lambda _: clip)


def edit_notes(
    project: ProjectState, clip_id: str, change: Callable[[NoteBlock], NoteBlock | Iterable[Note]]
) -> ProjectState:
    """Return the project with the clip's notes replaced by `change(notes)`. Raises UserError."""

    def edited(clip: Clip) -> Clip:
        ensure_notes(clip)
        try:
            new = change(clip.notes)
            return clip.evolve(notes=new if isinstance(new, NoteBlock) else NoteBlock.of(new))
        except ValueError as error:
            raise UserError(f"{clip.name}: {error}") from error

    return project.with_clip(clip_id, edited)


def ensure_notes(clip: Clip) -> None:
    """Raise UserError for a clip that holds audio."""
    if clip.region is not None:
        raise UserError(f"{clip.name} holds audio, and no notes", "clip show says what it is")


def transposed(semitones: int) -> Callable[[NoteBlock], NoteBlock]:
    """Return the change that moves every note by `semitones`; out of 0–127 is a ValueError."""
    return lambda notes: notes.map(lambda note: note._replace(pitch=note.pitch + semitones))


def quantized(grid_ticks: int, amount: float, length_ticks: int) -> Callable[[NoteBlock], NoteBlock]:
    """Return the change that moves starts toward the grid by `amount` 0–1; at 1 micro-offsets go too.

    A note that lands on the clip's end wraps to its start.
    """

    def moved(note: Note) -> Note:
        nearest = (note.start_ticks + grid_ticks // 2) // grid_ticks * grid_ticks
        start = round(note.start_ticks + (nearest - note.start_ticks) * amount)
        return note._replace(start_ticks=start % length_ticks, offset_ticks=round(note.offset_ticks * (1 - amount)))

    return lambda notes: notes.map(moved)


def scaled(key: Key) -> Callable[[NoteBlock], NoteBlock]:
    """Return the change that moves every note to the nearest pitch of the key."""
    return lambda notes: notes.map(lambda note: note._replace(pitch=key.nearest(note.pitch)))


def reverse_clip(project: ProjectState, clip_id: str) -> ProjectState:
    """Return the project with the clip played backwards: ends become starts, inside the clip; lyrics go."""

    def reversed_clip(clip: Clip) -> Clip:
        length = clip.length_ticks
        if clip.region is not None:
            region = clip.region.evolve(reverse=not clip.region.reverse)
            return clip.evolve(region=region, automation=tuple(_mirrored(one, length) for one in clip.automation))

        def turned(note: Note) -> Note:
            held = min(note.length_ticks, length - note.start_ticks) if note.start_ticks < length else 1
            return note._replace(
                start_ticks=max(0, length - note.start_ticks - held), length_ticks=max(1, held), offset_ticks=0
            )

        envelopes = tuple(_mirrored(automation, length) for automation in clip.automation)
        return clip.evolve(notes=clip.notes.map(turned), automation=envelopes, lyrics=())

    return project.with_clip(clip_id, reversed_clip)


def _mirrored(automation: Automation, length_ticks: int) -> Automation:
    points: dict[int, AutomationPoint] = {}
    for before, point in zip((None, *automation.points), automation.points, strict=False):
        # the way to the next point belongs to the point it begins at, which is the other one now
        tick, shape = max(0, length_ticks - point.tick), before.shape if before else "linear"
        if before is not None and shape == "step":
            points[tick + 1] = AutomationPoint(tick=tick + 1, value=before.value, shape="step")
            shape = "linear"
        points[tick] = point.evolve(tick=tick, shape=shape, bend=0.0 - before.bend if before else 0.0)  # never -0.0
    return automation.evolve(points=tuple(points[tick] for tick in sorted(points)))


def stretch_clip(project: ProjectState, clip_id: str, factor: float) -> ProjectState:
    """Return the project with the clip `factor` times as long: 2 is half time, 0.5 double time. Raises UserError."""
    if not 0.01 <= factor <= 100:
        raise UserError(f"stretch {factor:g} is out of range", "0.01 to 100; 2 is half time")

    def stretched(clip: Clip) -> Clip:
        def moved(note: Note) -> Note:
            start, end = round(note.start_ticks * factor), round(note.end_ticks * factor)
            return note._replace(start_ticks=start, length_ticks=max(1, end - start))

        points = (
            automation.evolve(
                points=tuple(
                    {round(p.tick * factor): p.evolve(tick=round(p.tick * factor)) for p in automation.points}.values()
                )
            )
            for automation in clip.automation
        )
        length = round(clip.length_ticks * factor)
        if not 120 <= length <= MAX_TICKS:
            raise UserError(f"{clip.name} would be {length / 1920:g} beats long")
        region = None if clip.region is None else _over_beats(clip.name, clip.region, factor)
        words = lyrics.scaled(clip.lyrics, factor)
        return clip.evolve(
            length_ticks=length, notes=clip.notes.map(moved), automation=tuple(points), region=region, lyrics=words
        )

    return project.with_clip(clip_id, stretched)


def _over_beats(name: str, region: AudioRegion, factor: float) -> AudioRegion:
    """Return a region that plays as much over `factor` times as many beats. Raises UserError for one without warp."""
    if region.warp == "off" or region.bpm is None:
        raise UserError(f"{name} keeps its own speed", "clip warp CLIP stretch lets it follow the tempo")
    return region.evolve(
        bpm=region.bpm * factor,
        **{name: round(getattr(region, name) * factor) for name in ("start_ticks", "loop_ticks")},
    )
