"""Parts: add one, remove one, give one another instrument, make one anew."""

import json
from collections.abc import Sequence

from hardcore.compose.changes.levels import unmute
from hardcore.compose.changes.scope import Outcome, device_of, found, label, plays
from hardcore.compose.intent import Intent
from hardcore.compose.orders import Order, Target
from hardcore.compose.plan import make_plan
from hardcore.compose.producer import compose, intent_of
from hardcore.compose.styles import DEFAULT_STYLE, closest, styles
from hardcore.compose.vary import HARMONY_SEED, vary
from hardcore.errors import UserError
from hardcore.knowledge.vocabulary import InstrumentWords
from hardcore.project import devices
from hardcore.project.clip import Automation, Clip, Provenance
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, Role
from hardcore.project.routing import ensure_no_loop
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name, remove_track, set_instrument


def remove(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project without the tracks of the named parts."""
    said, failed = [], [] if order.targets else ["say what to remove: remove the lead"]
    for target in order.targets:
        here = [track for track in found(project, target, stand_in=False) if track.kind != "master"]
        failed += [] if here else [f"there is no {label(target)} to remove"]
        for track in here:
            notes = sum(len(clip.notes) for clip in track.clips)
            project = remove_track(project, track.id)
            said.append(f"{track.name}: removed with its {notes} notes")
    return Outcome(project, tuple(said), tuple(failed))


def add(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with a part that was not there; one that is muted comes back."""
    target, traits = order.value
    entry = target.entry
    if entry is None:
        return Outcome(project, (), (f"{target.words} is there already",))
    here = found(project, target, stand_in=False)
    muted = [track for track in here if track.mixer.mute]
    if muted:
        return unmute(project, order._replace(targets=(target,)), seed)
    roles = [role for role in entry.roles if all(track.role != role for track in project.tracks)]
    if entry.group:
        roles = [role for role in roles if role in ("kick", "clap", "hat_closed", "hat_open")]
    said: list[str] = []
    for role in roles:
        project, line = _added(project, role, entry, traits, seed)
        said.append(line)
    if not roles:
        if entry.device and here and all(plays(t) and device_of(t).id != entry.device for t in here):
            project, line = _second(project, here[0], entry, traits, seed)
            return Outcome(project, (line,))
        return Outcome(project, (), (f"there is a {label(target)} already (more {label(target)}, another {label(target)})",))
    return Outcome(project, tuple(said))


def _second(
    project: ProjectState, beside: Track, entry: InstrumentWords, traits: Sequence[str], seed: int
) -> tuple[ProjectState, str]:
    """Return the project with a second part of a role that has one, on another instrument."""
    role = beside.role
    assert role is not None
    return _added(project, role, entry, traits, seed)


def _added(
    project: ProjectState, role: Role, entry: InstrumentWords, traits: Sequence[str], seed: int
) -> tuple[ProjectState, str]:
    """Return the project with a new part, made by the producer in the project's style, key and chords."""
    source = _source(project)
    wanted = _wanted(project, source, role, entry, traits)
    chords = _chords(project, source, seed)
    made = compose(wanted, chords)
    track = next(track for track in made.tracks if track.role == role)
    project, track = _grafted(project, made, track, entry)
    ensure_no_loop(project)
    notes = sum(len(clip.notes) for clip in track.clips)
    instrument = device_of(track)
    return project, f"{track.name}: added, {instrument.name}, {notes} notes"


def _source(project: ProjectState) -> Provenance | None:
    clips = (clip.provenance for _, clip in project.clips() if clip.provenance and "genre" in clip.provenance.intent)
    known = project.provenance if project.provenance and "genre" in project.provenance.intent else None
    return known or next(clips, None)


def _chords(project: ProjectState, source: Provenance | None, seed: int) -> int:
    """Return the seed of the chords that the pitched parts play."""
    for track, clip in project.clips():
        if track.role not in DRUMS and clip.provenance is not None:
            text = clip.provenance.intent.get(HARMONY_SEED, "")
            return int(text) if text.isdecimal() else clip.provenance.seed
    return source.seed if source else seed


def _wanted(
    project: ProjectState, source: Provenance | None, role: Role, entry: InstrumentWords, traits: Sequence[str]
) -> Intent:
    """Return the project's intent, with what it has become since, and the new part."""
    intent = Intent(genre=_genre(project))
    if source is not None:
        try:
            intent = intent_of(source)
        except ValueError:
            pass
    there = tuple(dict.fromkeys(track.role for track in project.tracks if track.role and track.role != role))
    words = (*intent.traits.get(role, ()), *entry.traits, *traits)
    given = {**intent.devices}
    if entry.device:
        given[role] = entry.device
    meter = project.meter_map
    length = _length(project)
    return intent.evolve(
        bpm=project.tempo_map.bpm,
        key=project.key,
        numerator=meter.numerator,
        denominator=meter.denominator,
        bars=min(max(-(-length // meter.bar_ticks()), 1), 512),
        only=(*there, role),
        include=(),
        exclude=(),
        devices=given,
        traits={**intent.traits, role: tuple(dict.fromkeys(words))} if words else intent.traits,
    )


def _genre(project: ProjectState) -> str:
    """Return the style nearest to a project that was not made from a prompt."""
    used = [device_of(track).id for track in project.tracks if plays(track)]
    roles = [track.role for track in project.tracks if track.role]
    bpm = project.tempo_map.bpm
    return closest(styles(), DEFAULT_STYLE, bpm=bpm, levels={}, devices=used, roles=roles).id


def _length(project: ProjectState) -> int:
    first = next((scene for scene in project.scenes if scene.slots), None)
    lengths = [clip.length_ticks for _, clip in project.clips() if first is None or clip.id in first.slots.values()]
    return max(lengths, default=8 * project.meter_map.bar_ticks())


def _grafted(
    project: ProjectState, made: ProjectState, part: Track, entry: InstrumentWords
) -> tuple[ProjectState, Track]:
    """Return the project with `part` of `made`, and the new track: ids of its own, sends and side-chains by name."""
    project, track_id = project.taken("t")
    effects = []
    for effect in part.effects:
        side = None
        if effect.side is not None:
            role = made.find_track(effect.side).role
            side = next((track.id for track in project.tracks if track.role == role and track.role), None)
            if side is None:
                continue
        project, effect_id = project.taken("e")
        effects.append(effect.evolve(id=effect_id, side=side))
    returns = {track.name.casefold(): track.id for track in project.tracks if track.kind == "return"}
    sends = tuple(
        send.evolve(target=returns[name])
        for send in part.sends
        if (name := made.find_track(send.target).name.casefold()) in returns
    )
    clips, slots = [], {}
    for scene in [scene for scene in project.scenes if scene.slots] or list(project.scenes[:1]):
        project, clip_id = project.taken("c")
        clips.append(_own(part.clips[0], part.id, track_id, clip_id, f"{part.name} {scene.name}"))
        slots[scene.id] = clip_id
    track = part.evolve(
        id=track_id, name=free_name(project, part.name), output=MASTER_ID, effects=tuple(effects), sends=sends, clips=tuple(clips)
    )
    place = next(at for at, other in enumerate(project.tracks) if other.kind in ("return", "master"))
    scenes = tuple(
        scene.evolve(slots={**scene.slots, track_id: slots[scene.id]}) if scene.id in slots else scene
        for scene in project.scenes
    )
    tracks = (*project.tracks[:place], track, *project.tracks[place:])
    return project.evolve(tracks=tracks, scenes=scenes), track


def _own(clip: Clip, old_owner: str, new_owner: str, clip_id: str, name: str) -> Clip:
    def owned(automation: Automation) -> Automation:
        return automation.evolve(owner=new_owner) if automation.owner == old_owner else automation

    envelopes = tuple(owned(automation) for automation in clip.automation if automation.owner == old_owner)
    return clip.evolve(id=clip_id, name=name, automation=envelopes)


def swap(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts on another instrument."""
    said: list[str] = []
    failed: list[str] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.kind == "midi"]
        failed += [] if here else [f"there is no {label(target)} to swap"]
        for track in here:
            project, line, why = _played_by(project, track, order.value)
            said += [line] if line else []
            failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def use(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with an instrument in its role: on the part that is there, or on a new one."""
    target = order.value
    here = [track for track in found(project, target, stand_in=False) if track.kind == "midi"]
    if not here or target.entry is None or target.entry.device is None:
        return add(project, order._replace(value=(target, ())), seed)
    return swap(project, order._replace(targets=(target,)), seed)


def _played_by(project: ProjectState, track: Track, target: Target) -> tuple[ProjectState, str, str]:
    """Return the project with the track played by the instrument of `target`, what was said, and why not."""
    wanted = _device_for(track, target)
    if wanted is None:
        return project, "", f"{target.words} is not an instrument for {track.name}"
    old = device_of(track)
    if wanted.id == old.id:
        return project, "", f"{track.name} is a {old.name} already"
    settings, kept = _settings(project, track, wanted), project
    project = set_instrument(project, track.id, wanted.id)
    if settings:
        project = project.with_track(
            track.id, lambda now: now.evolve(instrument=now.instrument.evolve(settings=settings) if now.instrument else None)
        )
    if wanted.pitched:
        for clip in kept.find_track(track.id).clips:
            notes = clip.notes.map(lambda note: _placed(note, project, old, wanted))
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project, f"{track.name}: {old.name} → {wanted.name}", ""


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
    from hardcore.compose.mix import instrument_settings, sound

    role = track.role
    source = next((clip.provenance for clip in track.clips if clip.provenance), None) or _source(project)
    if role is None or source is None:
        return {}
    try:
        intent = intent_of(source)
        intent = intent.evolve(devices={**intent.devices, role: wanted.id})
        plan = make_plan(intent, source.seed, bpm=project.tempo_map.bpm, key=project.key)
        return instrument_settings(plan, role, sound(plan, role))
    except (ValueError, UserError):
        return {}


def _placed(note: Note, project: ProjectState, old: Device, wanted: Device) -> Note:
    """Return the note in the new instrument's range: a drum without a pitch starts on the tonic, others by octaves."""
    pitch = note.pitch
    if not old.pitched:
        span = range(wanted.low_note, wanted.high_note + 1)
        pitch = next((found for found in span if found % 12 == project.key.tonic), wanted.low_note)
    while pitch < wanted.low_note and pitch + 12 <= 127:
        pitch += 12
    while pitch > wanted.high_note and pitch - 12 >= 0:
        pitch -= 12
    return note._replace(pitch=pitch)


def anew(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts (or all) made anew, with traits where some are said."""
    names: list[str] = []
    failed: list[str] = []
    tracks: list[Track] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.clips]
        failed += [] if here else [f"there is no {label(target)} to make anew"]
        tracks += here
    if order.targets and not tracks:
        return Outcome(project, (), tuple(failed))
    wanted = {track.id for track in tracks} or {track.id for track in project.tracks}
    if order.value:
        project = _with_traits(project, wanted, order.value)
    old = {clip.id: clip.notes for _, clip in project.clips()}
    try:
        project = vary(project, seed, keep=[track.id for track in project.tracks if track.id not in wanted])
    except UserError as error:
        return Outcome(project, (), (*failed, error.line()))
    for track, clip in project.clips():
        if old.get(clip.id) != clip.notes:
            words = f" ({', '.join(order.value)})" if order.value else ""
            names.append(f"{track.name}: made anew{words}, {len(old[clip.id])} → {len(clip.notes)} notes")
    if not names:
        failed.append("it came out the same; say it again for another chance")
    return Outcome(project, tuple(dict.fromkeys(names)), tuple(failed))


def _with_traits(project: ProjectState, wanted: set[str], words: Sequence[str]) -> ProjectState:
    """Return the project with the traits of some tracks' clips added to what they are made from; the last counts most."""
    for track, clip in list(project.clips()):
        if track.id not in wanted or clip.provenance is None or track.role is None:
            continue
        known = json.loads(clip.provenance.intent.get("traits", "{}"))
        known[track.role] = list(dict.fromkeys((*words, *known.get(track.role, ()))))[::-1][-8:]
        source = clip.provenance.evolve(intent={**clip.provenance.intent, "traits": json.dumps(known, sort_keys=True)})
        project = project.with_clip(clip.id, lambda clip, source=source: clip.evolve(provenance=source))  # type: ignore[misc]
    return project
