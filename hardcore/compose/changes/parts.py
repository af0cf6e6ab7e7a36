"""Parts: remove one, give one another instrument, make one anew."""

from hardcore.compose.changes.addition import add
from hardcore.compose.changes.scope import Outcome, device_of, found, no, of_role
from hardcore.compose.mix import instrument_settings, sound
from hardcore.compose.orders import Order, Target
from hardcore.compose.plan import make_plan
from hardcore.compose.producer import intent_of, source_of
from hardcore.compose.transition import retimed
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import remove_track, set_instrument


def remove(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project without the tracks of the named parts."""
    said, failed = [], [] if order.targets else ["say what to remove: remove the lead"]
    for target in order.targets:
        here = [track for track in found(project, target, stand_in=False) if track.kind != "master"]
        failed += [] if here else [f"{no(target)} to remove"]
        for track in here:
            notes = sum(len(clip.notes) for clip in track.clips)
            project = remove_track(project, track.id)
            said.append(f"{track.name}: removed with its {notes} notes")
    return Outcome(project, tuple(said), tuple(failed))


def swap(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts on another instrument."""
    said: list[str] = []
    failed: list[str] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.kind == "midi"]
        failed += [] if here else [f"{no(target)} to swap"]
        for track in here:
            project, line, why = _played_by(project, track, order.value)
            said += [line] if line else []
            failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def use(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with an instrument in its role: on the part that is there, or on a new one."""
    target = order.value
    here = [track for track in of_role(project, target) if track.kind == "midi"]
    if not here or target.entry is None or target.entry.device is None:
        return add(project, order._replace(value=(target, ())), seed)
    by_role = target._replace(entry=target.entry.model_copy(update={"device": None}))
    return swap(project, order._replace(targets=(by_role,)), seed)


def _played_by(project: ProjectState, track: Track, target: Target) -> tuple[ProjectState, str, str]:
    """Return the project with the track played by the instrument of `target`, what was said, and why not."""
    wanted = _device_for(track, target)
    if wanted is None:
        return project, "", f"{target.words} is not an instrument for {track.name}"
    old = device_of(track)
    if wanted.id == old.id:
        return project, "", f"{track.name} is a {old.name} already"
    settings, key = _settings(project, track, wanted), project.key
    project = set_instrument(project, track.id, wanted.id)
    if settings:
        project = project.with_track(
            track.id,
            lambda now: now.evolve(instrument=now.instrument.evolve(settings=settings) if now.instrument else None),
        )
    if wanted.pitched:
        for clip in track.clips:
            notes = clip.notes.map(lambda note: _placed(note, key, old, wanted))
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return retimed(project, track.id), f"{track.name}: {old.name} → {wanted.name}", ""


def _device_for(track: Track, target: Target) -> Device | None:
    """Return the instrument that the words mean for the track: the one said, else the role's own."""
    entry = target.entry
    if entry is None:
        return None
    if entry.device is not None:
        wanted = devices.instrument(entry.device)
        drum = track.role in DRUMS
        return wanted if drum == (wanted.roles[:1] != () and wanted.roles[0] in DRUMS) else None
    if target.words.casefold().startswith(("808", "909")):
        return None
    role = entry.roles[0]
    fit = [device for device in devices.instruments().values() if device.roles[:1] == (role,)]
    return fit[0] if fit and (role in DRUMS) == (track.role in DRUMS) else None


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


def _placed(note: Note, key: Key, old: Device, wanted: Device) -> Note:
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
