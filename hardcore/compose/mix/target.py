"""Wanted: what a project's mix should be like: its genre's loudness, bands and places, as its prompt bends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardcore.compose.intent import Intent
from hardcore.compose.mix import mixing
from hardcore.compose.plan import Plan, make_plan
from hardcore.compose.producer import asked_of
from hardcore.errors import UserError
from hardcore.knowledge.mixing import wanted_lufs
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import ProjectState

Span = tuple[float, float]

# how far a level away from the genre's own moves the edges of its bands, dB
ROOM_DB = 4.0
DARK_DB, BRIGHT_DB, LOW_DB = 14.0, 8.0, 4.0
# an instrument that was asked for sounds as it sounds
DEVICE_DB = 3.0


@dataclass(frozen=True)
class Wanted:
    """What a mix should be like.

    lufs    integrated loudness; right within 1 LU
    bands   least and most energy by band, dB of the whole; none where a prompt asks for single parts
    places  loudness of each part before the master by track id, LUFS
    sides_db, crest_db   least and most of sides against the middle, and of peak above the mean level; None: anything
    """

    style: str
    lufs: float
    bands: Mapping[str, Span]
    places: Mapping[str, float] = field(default_factory=dict)
    sides_db: Span | None = None
    crest_db: Span | None = None


def wanted(project: ProjectState, style: str | None = None) -> Wanted:
    """Return what the project's mix should be like; `style` is a genre's id, without it the one it was made from.

    Raises UserError for a project that was not made from a prompt, without a style.
    """
    plan = _plan(project, style)
    known = plan.genre
    places = {
        track.id: round(wanted_lufs(known, track.role) + _leaning(plan, track.role), 1)
        for track in project.tracks
        if track.kind == "midi" and track.role is not None
    }
    return Wanted(known.name, known.mix.target_lufs, _bands(plan, project), places)


def _plan(project: ProjectState, style: str | None) -> Plan:
    intent = Intent(genre=style) if style else asked_of(project)
    if intent is None:
        raise UserError("this project was not made from a prompt", "name what it should sound like: --style house")
    roles = tuple(dict.fromkeys(track.role for track in project.tracks if track.role))
    return make_plan(intent, project.seed, roles=roles or None)


def _leaning(plan: Plan, role: Role) -> float:
    """Return how much louder the prompt wants a part than the genre has it, dB."""
    own = plan.genre.mix.strips.get(role)
    return mixing.strip(plan, role).gain_db - own.gain_db if own is not None else 0.0


def _bands(plan: Plan, project: ProjectState) -> dict[str, Span]:
    """Return the genre's bands with their edges moved as the levels are; none where low or high parts are missing."""
    heard = {track.role for track in project.tracks if track.role and not track.mixer.mute}
    usual = {role for role, part in plan.genre.parts.items() if part.chance >= 0.9}
    missing = {role for role in usual if role not in heard}
    if (
        missing & {"kick", "bass", "sub"}
        or len(missing) > len(usual) / 3
        or not heard & {*DRUMS, "pad", "keys", "chords"}
    ):
        return {}
    room = ROOM_DB * sum(abs(plan.shift(name)) for name in ("energy", "density", "space", "drive", "movement"))
    room += DEVICE_DB * bool(plan.devices)
    dark = plan.shift("darkness")
    moved: dict[str, Span] = {}
    for band, (low, high) in plan.genre.mix.bands.items():
        top = band in ("high", "air")
        down = (DARK_DB if top else LOW_DB) * max(dark, 0.0)
        up = (BRIGHT_DB if top else 0.0) * max(-dark, 0.0) + (0.0 if top else LOW_DB) * max(dark, 0.0)
        moved[band] = (round(low - room - down, 1), round(min(high + room + up, 3.0), 1))
    return moved
