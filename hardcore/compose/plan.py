"""Plan: an intent with everything decided that the prompt left open."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from hardcore.compose.chance import pick, stream
from hardcore.compose.form.taste import Taste, taste_of
from hardcore.compose.intent import ChordWord, Intent
from hardcore.errors import UserError
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.loader import genre as genre_called
from hardcore.knowledge.loader import kin
from hardcore.music.meter import MeterMap, parse_meter
from hardcore.music.scale import Key
from hardcore.project.roles import ROLES, Role

LEVELS = ("energy", "density", "ghost", "darkness", "space", "drive", "movement")

# words that make one role play more or less, in parts of the way to the end of the scale
_BUSY = {"busy": 0.4, "dense": 0.4, "double": 0.6, "doubled": 0.6, "rolling": 0.25, "driving": 0.2, "frantic": 0.6}
_THIN = {"sparse": -0.5, "minimal": -0.5, "simple": -0.4, "thin": -0.5, "stripped": -0.5, "subtle": -0.4}
_AMOUNT = _BUSY | _THIN


@dataclass(frozen=True)
class Plan:
    """What will be made. The levels are 0–1; `roles` are the parts in track order; `asked` those the prompt names.

    song_seed   of what the sections of a song share; the seed, where there is one scene
    taste       what the section of a song is like that is made
    style_bpm   the tempo that was asked for, or the style's: another tempo later makes no other tune
    """

    genre_id: str
    genre: Genre
    seed: int
    song_seed: int
    taste: Taste
    style_bpm: float
    bpm: float
    key: Key
    meter: MeterMap
    bars: int
    energy: float
    density: float
    ghost: float
    darkness: float
    space: float
    drive: float
    movement: float
    swing_percent: float
    groove: str | None
    chords: tuple[ChordWord, ...]
    progression: tuple[str, ...]
    roles: tuple[Role, ...]
    asked: frozenset[Role]
    devices: dict[Role, str]
    traits: dict[Role, tuple[str, ...]]

    def stream(self, *words: str | int) -> Random:
        """Return the random stream of a purpose in this style at its tempo."""
        return stream(self.seed, self.genre_id, f"{self.style_bpm:g}", *words)

    def song_stream(self) -> Random:
        """Return the random stream of what all sections of a song share."""
        return stream(self.song_seed, self.genre_id, f"{self.style_bpm:g}", "song")

    @property
    def length_ticks(self) -> int:
        """Return the length of every clip."""
        return self.meter.bar_start(self.bars)

    @property
    def bar_ticks(self) -> int:
        """Return the length of a bar."""
        return self.meter.bar_ticks()

    def sings(self, role: Role) -> bool:
        """Return whether a role has the tune in a style of songs."""
        return role == "lead" and self.genre.kind == "song"

    def shift(self, level: str) -> float:
        """Return how far a level is from the genre's own, −1…1: 0 is what the genre does unasked."""
        return float(getattr(self, level) - getattr(self.genre.character, level))

    def relative(self, level: str, role: Role | None = None) -> float:
        """Return a level on the scale where 0.5 is what the genre does unasked; a role's traits move its density."""
        own = float(getattr(self.genre.character, level))
        value = float(getattr(self, level))
        scaled = 0.5 * value / own if value <= own and own > 0 else 0.5 + 0.5 * (value - own) / max(1 - own, 1e-9)
        scaled += {"density": self.taste.density, "movement": self.taste.movement}.get(level, 0.0)
        if role is not None and level == "density":
            amount = sum(_AMOUNT.get(word, 0.0) for word in self.traits.get(role, ()))
            scaled += amount * (1 - scaled if amount > 0 else scaled)
        return min(max(scaled, 0.0), 1.0)


def make_plan(intent: Intent, seed: int, section: str = "", **current: Any) -> Plan:
    """Return the plan for an intent; `current` (bpm, key, meter, bars, roles, song_seed) overrules both.

    section   the kind of section of a song that it is for
    Raises UserError.
    """
    genre = genre_called(intent.genre)
    levels: dict[str, Any] = {name: _level(intent, genre, name) for name in LEVELS}
    taste = taste_of(section)
    levels["energy"] = min(max(levels["energy"] + taste.energy, 0.0), 1.0)
    swing = genre.swing.default if intent.swing_percent is None else intent.swing_percent
    decided: dict[str, Any] = {
        "bpm": intent.bpm or genre.tempo.default,
        "key": intent.key or _key(genre, levels["darkness"], seed, intent.mode),
        "meter": _meter(intent, genre),
        "bars": intent.bars or genre.bars,
        "song_seed": seed,
        **{name: value for name, value in current.items() if value is not None and name != "roles"},
    }
    return Plan(
        genre_id=intent.genre,
        genre=genre,
        seed=seed,
        taste=taste,
        style_bpm=intent.bpm or genre.tempo.default,
        swing_percent=swing,
        groove=intent.groove,
        chords=intent.chords,
        progression=intent.progression,
        roles=tuple(current.get("roles") or _roles(intent, genre, levels, seed)),
        asked=frozenset((*intent.only, *intent.include)),
        devices=dict(intent.devices),
        traits=dict(intent.traits),
        **decided,
        **levels,
    )


def _level(intent: Intent, genre: Genre, name: str) -> float:
    asked = getattr(intent, name)
    return float(getattr(genre.character, name) if asked is None else asked)


def _key(genre: Genre, darkness: float, seed: int, mode: str | None) -> Key:
    """Return a key by weight; the further a key's darkness is from the wanted one, the less likely.

    mode   major or minor: a key of a style that has none of that kind keeps its notes, at the relative tonic
    """
    thirds = {"major": 4, "minor": 3}
    fits = [choice for choice in genre.keys if mode is None or thirds[mode] in choice.key.intervals]
    choices = fits or genre.keys
    near = [choice.weight * max(0.02, 1 - 1.6 * abs(choice.darkness - darkness)) for choice in choices]
    key = pick(choices, near, stream(seed, "key").random()).key
    if mode is None or fits:
        return key
    return Key(tonic=(key.tonic + (3 if mode == "major" else 9)) % 12, mode=mode)


def _meter(intent: Intent, genre: Genre) -> MeterMap:
    numerator, denominator = parse_meter(genre.meter)
    asked = intent.denominator or (denominator if intent.numerator else None)
    return MeterMap().with_meter(intent.numerator or numerator, asked or denominator)


def _roles(intent: Intent, genre: Genre, levels: dict[str, float], seed: int) -> Iterable[Role]:
    """Return the parts that play, in track order. Raises UserError when none is left."""
    if intent.only:
        wanted = {*intent.only, *intent.include}
    else:
        wanted = {role for role in genre.parts if _takes_part(role, genre, levels, seed)} | {*intent.include}
        wanted |= {role for role in intent.devices if role not in intent.exclude}
    left = [role for role in ROLES if role in wanted and role not in intent.exclude]
    if not left:
        raise UserError("nothing is left to play", "exclude fewer parts")
    return left


def _takes_part(role: Role, genre: Genre, levels: dict[str, float], seed: int) -> bool:
    part = genre.parts[role]
    if part.chance in (0, 1):
        return part.chance == 1 and part.energy[0] <= levels["energy"] <= part.energy[1]
    more = levels["density"] - genre.character.density + 0.6 * (levels["energy"] - genre.character.energy)
    low, high = part.energy
    inside = low <= levels["energy"] <= high
    return inside and stream(seed, role, "part").random() < part.chance + more


def sources(plan: Plan) -> tuple[Genre, ...]:
    """Return the plan's genre and those it borrows from for what it does not know itself."""
    return tuple(kin(plan.genre_id))
