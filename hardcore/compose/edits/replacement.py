"""Replacement: another instrument for a part: set as the style has it, its notes folded into the new one's range."""

from collections.abc import Sequence

from hardcore.compose.edits.naming import Named, device_for
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.form.transition import retimed
from hardcore.compose.mix.mixing import instrument_settings, sound
from hardcore.compose.plan import make_plan
from hardcore.compose.producer import intent_of, source_of
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.clips import replace_clip
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.parts import device_of, is_drum, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_instrument


def replace(project: ProjectState, tracks: Sequence[Track], part: Named) -> Outcome:
    """Return the project with tracks played by the instrument that a part's words mean; level and effects stay."""
    said, failed = [], []
    for track in tracks:
        if not plays(track):
            failed.append(f"{track.name} plays nothing")
            continue
        wanted, old = device_for(part, is_drum(track)), device_of(track)
        if wanted is None:
            failed.append(f"{part.words} is not an instrument for {track.name}")
        elif wanted.id == old.id:
            failed.append(f"{track.name} is a {old.name} already")
        else:
            project = played_by(project, track, wanted)
            said.append(f"{track.name}: {old.name} → {wanted.name}")
    return Outcome(project, tuple(said), tuple(failed))


def played_by(project: ProjectState, track: Track, wanted: Device) -> ProjectState:
    """Return the project with a track played by another instrument."""
    old, settings, key = device_of(track), _settings(project, track, wanted), project.key
    project = set_instrument(project, track.id, wanted.id)
    if settings:
        project = project.with_track(track.id, lambda now: _with_settings(now, settings))
    if wanted.pitched:
        for clip in track.clips:
            notes = clip.notes.map(lambda note: placed(note, key, old, wanted))
            project = replace_clip(project, project.find_clip(clip.id)[1].evolve(notes=notes))
    return retimed(project, track.id)


def _with_settings(track: Track, settings: dict[str, float]) -> Track:
    assert track.instrument is not None
    return track.evolve(instrument=track.instrument.evolve(settings=settings))


def _settings(project: ProjectState, track: Track, wanted: Device) -> dict[str, float]:
    """Return the settings that the project's style gives the instrument in this role, tuned to its key."""
    role = track.role
    source = next((clip.provenance for clip in track.clips if clip.provenance), None) or source_of(project)
    if role is None or source is None:
        return {}
    try:
        intent = intent_of(source)
        intent = intent.evolve(devices={**intent.devices, role: wanted.id})
        plan = make_plan(intent, source.seed, bpm=project.tempo_map.bpm, key=project.key)
        return instrument_settings(plan, role, sound(plan, role))
    except (ValueError, UserError):
        return {}


def placed(note: Note, key: Key, old: Device, wanted: Device) -> Note:
    """Return the note in the new instrument's range: a drum without a pitch starts on the tonic, others by octaves."""
    pitch = note.pitch
    if not old.pitched:
        span = range(wanted.low_note, wanted.high_note + 1)
        pitch = next((found for found in span if found % 12 == key.tonic), wanted.low_note)
    while pitch < wanted.low_note and pitch + 12 <= 127:
        pitch += 12
    while pitch > wanted.high_note and pitch - 12 >= 0:
        pitch -= 12
    return note._replace(pitch=pitch)
