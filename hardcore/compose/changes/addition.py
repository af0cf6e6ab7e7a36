"""Addition: a new part, made by the producer in the project's style, key and chords, and grafted on."""

from collections.abc import Mapping, Sequence

from hardcore.compose.changes.levels import unmute
from hardcore.compose.changes.renewal import anew, knows, made
from hardcore.compose.changes.scope import Outcome, already, device_of, found, of_role, other_sound, plays
from hardcore.compose.counter import COUNTER, RESPONSE
from hardcore.compose.intent import Intent
from hardcore.compose.orders import Order
from hardcore.compose.producer import asked_of, compose, source_of
from hardcore.compose.styles import DEFAULT_STYLE, closest, styles
from hardcore.compose.vary import HARMONY_SEED
from hardcore.knowledge.vocabulary import InstrumentWords
from hardcore.project.clip import Automation, Clip, Provenance
from hardcore.project.mixer import Effect
from hardcore.project.roles import UNTUNED, Role
from hardcore.project.routing import ensure_no_loop
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name


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
    if not roles and ({COUNTER, RESPONSE} & set(entry.traits) or (entry.traits and entry.roles == ("riser",))):
        # the part that is there plays the line
        return anew(project, order._replace(targets=(target,), value=entry.traits), seed)
    if not roles:
        if other_sound(target, of_role(project, target)):
            project, line = _added(project, entry.roles[0], entry, traits, seed)
            return Outcome(project, (line,))
        if entry.traits and any(made(track) and not knows(track, entry.traits) for track in here):
            # a break is how the snare plays
            return anew(project, order._replace(targets=(target,), value=entry.traits), seed)
        return Outcome(project, (), (already(target),))
    return Outcome(project, tuple(said))


def _added(
    project: ProjectState, role: Role, entry: InstrumentWords, traits: Sequence[str], seed: int
) -> tuple[ProjectState, str]:
    """Return the project with a new part, made by the producer in the project's style, key and chords."""
    wanted = _wanted(project, role, entry, traits)
    chords = _chords(project, source_of(project), seed)
    made = compose(wanted, chords)
    track = next(track for track in made.tracks if track.role == role)
    project, track = _grafted(project, made, track)
    ensure_no_loop(project)
    notes = sum(len(clip.notes) for clip in track.clips)
    instrument = device_of(track)
    return project, f"{track.name}: added, {instrument.name}, {notes} notes"


def _chords(project: ProjectState, source: Provenance | None, seed: int) -> int:
    """Return the seed of the chords that the pitched parts play."""
    for track, clip in project.clips():
        if track.role not in UNTUNED and clip.provenance is not None:
            text = clip.provenance.intent.get(HARMONY_SEED, "")
            return int(text) if text.isdecimal() else clip.provenance.seed
    return source.seed if source else seed


def _wanted(project: ProjectState, role: Role, entry: InstrumentWords, traits: Sequence[str]) -> Intent:
    """Return the project's intent, with what it has become since, and the new part."""
    intent = asked_of(project) or Intent(genre=_genre(project))
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


def _grafted(project: ProjectState, made: ProjectState, part: Track) -> tuple[ProjectState, Track]:
    """Return the project with `part` of `made`, and the new track: ids of its own, sends and side-chains by name."""
    project, track_id = project.taken("t")
    project, effects = _effects(project, made, part)
    returns = {track.name.casefold(): track.id for track in project.tracks if track.kind == "return"}
    heard = [(made.find_track(send.target).name.casefold(), send) for send in part.sends]
    clips: list[Clip] = []
    slots: dict[str, str] = {}
    for scene in [scene for scene in project.scenes if scene.slots] or list(project.scenes[:1]):
        project, clip_id = project.taken("c")
        clips.append(_own(part.clips[0], part.id, track_id, clip_id, f"{part.name} {scene.name}"))
        slots[scene.id] = clip_id
    track = part.evolve(
        id=track_id,
        name=free_name(project, part.name),
        output=_output(project, made, part),
        effects=effects,
        sends=tuple(send.evolve(target=returns[name]) for name, send in heard if name in returns),
        clips=tuple(clips),
    )
    return _placed(project, track, slots), track


def _output(project: ProjectState, made: ProjectState, part: Track) -> str:
    """Return the group of that name that the part feeds where it was made, else the master."""
    wanted = next((track.name for track in made.tracks if track.id == part.output and track.kind == "group"), None)
    groups = (track.id for track in project.tracks if track.kind == "group" and track.name == wanted)
    return next(groups, MASTER_ID)


def _effects(project: ProjectState, made: ProjectState, part: Track) -> tuple[ProjectState, tuple[Effect, ...]]:
    """Return the effects of a part with ids of the project; what listens to a part that is not there is left out."""
    effects: list[Effect] = []
    for effect in part.effects:
        role = made.find_track(effect.side).role if effect.side is not None else None
        side = next((track.id for track in project.tracks if role is not None and track.role == role), None)
        if effect.side is not None and side is None:
            continue
        project, effect_id = project.taken("e")
        effects.append(effect.evolve(id=effect_id, side=side))
    return project, tuple(effects)


def _placed(project: ProjectState, track: Track, slots: Mapping[str, str]) -> ProjectState:
    """Return the project with the track before the returns and its clips in the scenes' slots."""
    place = next(at for at, other in enumerate(project.tracks) if other.kind in ("return", "master"))
    scenes = tuple(
        scene.evolve(slots={**scene.slots, track.id: slots[scene.id]}) if scene.id in slots else scene
        for scene in project.scenes
    )
    return project.evolve(tracks=(*project.tracks[:place], track, *project.tracks[place:]), scenes=scenes)


def _own(clip: Clip, old_owner: str, new_owner: str, clip_id: str, name: str) -> Clip:
    def owned(automation: Automation) -> Automation:
        return automation.evolve(owner=new_owner) if automation.owner == old_owner else automation

    envelopes = tuple(owned(automation) for automation in clip.automation if automation.owner == old_owner)
    return clip.evolve(id=clip_id, name=name, automation=envelopes)
