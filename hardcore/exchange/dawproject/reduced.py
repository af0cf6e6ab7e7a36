"""A project reduced to what DAWproject can say, and what that takes away.

What comes of it sounds as the project does, as far as the format reaches: reading the file gives this project again.
"""

from collections.abc import Iterator

from hardcore.errors import UserError
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_BPM, MIN_BPM
from hardcore.project import placing
from hardcore.project.baking import commit
from hardcore.project.clip import Automation, Clip, GrooveUse
from hardcore.project.envelopes import straightened
from hardcore.project.grooves import in_force
from hardcore.project.midilanes import MIDI
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.region import AudioRegion
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track


def reduced(project: ProjectState, losses: Losses) -> ProjectState:
    """Return the project with only what the format holds; what it loses is told to `losses`."""
    _without_place(project, losses)
    if not project.arrangement:
        losses.add("scenes without an arrangement", "they are placed one after another, for programs without scenes")
    project = arranged(_without_grooves(project, losses))
    used = {placed.clip for placed in project.arrangement}
    used |= {clip for scene in project.scenes for clip in scene.slots.values()}
    tracks = tuple(_track(project, track, used, losses) for track in project.tracks)
    project = project.evolve(tracks=tracks)
    return project.evolve(tracks=(*_nested(project, MASTER_ID), project.master))


def _without_place(project: ProjectState, losses: Losses) -> None:
    """Tell what the format has no place for at all."""
    nowhere = "the format has no place for them"
    for what, there in (("rules", project.rules), ("control maps", project.maps)):
        if there:
            losses.add(what, nowhere)
    if project.sections:
        losses.add("sections", "they are markers there")
    if project.vibe:
        losses.add("the vibe", "the format has no place for it")
    made = [track.name for track in project.tracks if any(clip.provenance for clip in track.clips)]
    if made or project.provenance:
        losses.add("prompts and seeds", nowhere, made)
    heard = [track.name for track in project.tracks if track.midi_in is not None]
    if heard:
        losses.add("MIDI inputs", nowhere, heard)
    sent = [track.name for track in project.tracks if track.midi_out is not None]
    if sent:
        losses.add("MIDI outputs", nowhere, sent)
    sided = [track.name for track in project.tracks if track.mixer.side is not None]
    if sided:
        losses.add("the sides of the crossfader", nowhere, sided)
    brings = [scene.name for scene in project.scenes if scene.follow or scene.bpm or scene.meter or scene.notes]
    if brings:
        losses.add("what scenes bring along", nowhere, brings)
    followed = [clip.name for _, clip in project.clips() if clip.follow is not None]
    if followed:
        losses.add("follow actions of clips", nowhere, followed)
    gridded = [clip.name for _, clip in project.clips() if clip.quantum is not None]
    if gridded:
        losses.add("launch grids of clips", nowhere, gridded)


def _without_grooves(project: ProjectState, losses: Losses) -> ProjectState:
    """Return the project with every groove in the times and velocities of the notes."""
    for track, clip in list(project.clips()):
        if clip.region is not None or in_force(project, track, clip) is None:
            continue
        try:
            project = commit(project, clip)
            losses.add("grooves", "they are in the times of the notes", track.name)
        except UserError as error:
            losses.add("the groove", str(error), track.name)
            project = project.with_clip(clip.id, lambda clip: clip.evolve(groove=GrooveUse()))
    return project


def arranged(project: ProjectState) -> ProjectState:
    """Return the project with an arrangement: of one that has none, its scenes in their order."""
    for item in () if project.arrangement else timeline(project):
        project = placing.place(project, item.clip.id, item.start_ticks, item.end_ticks - item.start_ticks)
    return project


def _nested(project: ProjectState, output: str) -> Iterator[Track]:
    """Yield the tracks that feed one, each group before those that feed it."""
    for track in project.tracks:
        if track.output == output:
            yield track
            yield from _nested(project, track.id)


def _track(project: ProjectState, track: Track, used: set[str], losses: Losses) -> Track:
    if unused := [clip.name for clip in track.clips if clip.id not in used]:
        losses.add("clips that are in no scene and not in the arrangement", "the format has no place for them", unused)
    if track.frozen is not None:
        losses.add("freezing", "its audio is a track of its own, and it is muted", track.name)
    clips = tuple(_clip(project, track, clip, losses) for clip in track.clips if clip.id in used)
    mixer = track.mixer.evolve(mute=True) if track.frozen is not None else track.mixer
    automation = _straight(track, track.automation, losses)
    return track.evolve(
        clips=clips,
        mixer=mixer,
        automation=automation,
        frozen=None,
        groove=None,
        groove_amount=1.0,
        midi_in=None,
        midi_out=None,
        file_channel=None,
    )


def _straight(track: Track, automation: tuple[Automation, ...], losses: Losses) -> tuple[Automation, ...]:
    if any(one.parameter.startswith(MIDI) for one in automation):
        losses.add("bends, aftertouch and controllers of MIDI", "a MIDI file has them", track.name)
        automation = tuple(one for one in automation if not one.parameter.startswith(MIDI))
    if not any(point.shape == "curve" for one in automation for point in one.points):
        return automation
    losses.add("curves of automation", "they are straight pieces there", track.name)
    return tuple(one.evolve(points=straightened(one)) for one in automation)


def _clip(project: ProjectState, track: Track, clip: Clip, losses: Losses) -> Clip:
    automation = _straight(track, clip.automation, losses)
    region = _region(project, track, clip, losses) if clip.region else None
    notes = NoteBlock.of(_notes(track, clip, losses))
    if clip.lyrics:
        losses.add("lyrics", "a MIDI file and a score have them", clip.name)
    kept = {"notes": notes, "region": region, "automation": automation}
    return clip.evolve(**kept, provenance=None, groove=None, quantum=None, lyrics=())


def _notes(track: Track, clip: Clip, losses: Losses) -> Iterator[Note]:
    """Yield the notes of a clip as they begin to sound, repeated hits one by one."""
    for note in clip.notes:
        if note.start_ticks >= clip.length_ticks:
            losses.add("notes after the end of their clip", "they never sound", track.name)
            continue
        if note.probability < 100:
            losses.add("chances of notes", "every note sounds", track.name)
        if note.slide:
            losses.add("slides", "the next note begins by itself", track.name)
        start = note.start_ticks + note.offset_ticks
        if start < 0:
            losses.add("notes before the beginning of their clip", "they begin with it", track.name)
        count = min(note.ratchet, note.length_ticks)
        for hit in range(count):
            begin = note.length_ticks * hit // count
            end = note.length_ticks * (hit + 1) // count
            yield Note(max(0, start + begin), end - begin, note.pitch, note.velocity)


def _region(project: ProjectState, track: Track, clip: Clip, losses: Losses) -> AudioRegion:
    """Return a clip's audio with the pitch of audio at its own speed as the speed of audio that follows the tempo."""
    region = clip.region
    assert region is not None
    if region.key is not None:
        losses.add("keys of audio clips", "the format has no place for them", track.name)
        region = region.evolve(key=None)
    if region.warp == "repitch":
        return region.evolve(transpose=0)
    if region.warp == "stretch":
        return region
    if region.transpose:
        own = project.tempo_map.bpm / region.speed
        if not MIN_BPM <= own <= MAX_BPM:
            losses.add("the speed of audio", "it is too far from its own", track.name)
            return region.evolve(transpose=0, bpm=None)
        if len(project.tempo_map.points) > 1:
            losses.add("audio at a speed of its own", "it follows the changes of tempo", track.name)
        return region.evolve(warp="repitch", bpm=own, transpose=0)
    return region.evolve(bpm=None)
