"""Addition: a new part, made by the producer in the project's style, key, chords and length."""

from hardcore.compose.edits.naming import Named
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.partinsertion import grafted
from hardcore.compose.intent import Intent
from hardcore.compose.producer import asked_of, compose, source_of
from hardcore.compose.styles import DEFAULT_STYLE, closest, styles
from hardcore.compose.vary import HARMONY_SEED
from hardcore.errors import UserError
from hardcore.project.clip import Provenance
from hardcore.project.parts import device_of, plays
from hardcore.project.roles import UNTUNED, Role
from hardcore.project.routing import ensure_no_loop
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_KIT: tuple[Role, ...] = ("kick", "clap", "hat_closed", "hat_open")


def add(project: ProjectState, part: Named, seed: int, *, another: bool = False) -> tuple[Outcome, tuple[str, ...]]:
    """Return the project with a part that was not there, and the ids of the new tracks.

    another   one more, though a part of its role is there; so it is where the words name an instrument nobody plays
    Of words for several parts (hats, drums) those that are missing are added. Raises UserError where all are there.
    """
    there = {track.role: track for track in project.tracks if track.role}
    roles = [role for role in part.roles if (role in _KIT or not part.group)]
    missing = [role for role in roles if role not in there]
    played = {device_of(track).id for track in project.tracks if plays(track)}
    if another:
        missing = roles
    elif not missing and part.device is not None and part.device not in played:
        missing = roles[:1]
    if not missing:
        known = there[part.roles[0]]
        raise UserError(
            f"{known.name} is there already" + (", muted" if known.mixer.mute else ""),
            f"part replace {known.name} {part.words}, or --another for one more",
        )
    said, ids = [], []
    for role in missing:
        project, track = added(project, role, part, seed)
        notes = sum(len(clip.notes) for clip in track.clips)
        said.append(f"{track.name}: added, {device_of(track).name}, {notes} notes")
        ids.append(track.id)
    return Outcome(project, tuple(said)), tuple(ids)


def added(project: ProjectState, role: Role, part: Named, seed: int) -> tuple[ProjectState, Track]:
    """Return the project with a new part, made by the producer in the project's style, key and chords."""
    made = compose(_wanted(project, role, part), _chords(project, source_of(project), seed))
    track = next(track for track in made.tracks if track.role == role)
    project, track = grafted(project, made, track)
    ensure_no_loop(project)
    return project, track


def _chords(project: ProjectState, source: Provenance | None, seed: int) -> int:
    """Return the seed of the chords that the pitched parts play."""
    for track, clip in project.clips():
        if track.role not in UNTUNED and clip.provenance is not None:
            text = clip.provenance.intent.get(HARMONY_SEED, "")
            return int(text) if text.isdecimal() else clip.provenance.seed
    return source.seed if source else seed


def _wanted(project: ProjectState, role: Role, part: Named) -> Intent:
    """Return the project's intent, with what it has become since, and the new part."""
    intent = asked_of(project) or Intent(genre=_genre(project))
    there = tuple(dict.fromkeys(track.role for track in project.tracks if track.role and track.role != role))
    words = (*intent.traits.get(role, ()), *part.traits)
    given = {**intent.devices}
    if part.device:
        given[role] = part.device
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
