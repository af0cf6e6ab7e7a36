"""Styles as the reader of prompts sees them: a genre's phrases, tempo, character and usual parts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from hardcore.knowledge import index
from hardcore.music.meter import parse_meter
from hardcore.music.scale import Key
from hardcore.project.roles import Role

DEFAULT_STYLE = "warehouse_techno"
DERIVED_FARTHER = 0.9


class Style(NamedTuple):
    """What a prompt's words can mean in a genre. `character` holds its levels, `roles` the parts it usually has.

    `derived`: it builds on another style. `major`: some of its keys are.
    """

    id: str
    name: str
    phrases: tuple[str, ...]
    low_bpm: float
    default_bpm: float
    high_bpm: float
    key: Key
    meter: tuple[int, int]
    character: Mapping[str, float]
    roles: tuple[Role, ...]
    devices: frozenset[str]
    derived: bool = False
    major: bool = True

    def bpm_at(self, place: float) -> float:
        """Return the tempo at a place of the range, 0 the slowest and 1 the fastest, in whole BPM."""
        return float(round(self.low_bpm + (self.high_bpm - self.low_bpm) * place))


def styles() -> tuple[Style, ...]:
    """Return a style for every genre of the knowledge base."""
    return _styles(index.state())


@lru_cache(maxsize=4)
def _styles(state: str) -> tuple[Style, ...]:
    return tuple(style_of(entry) for entry in index.entries())


def style_of(entry: index.Entry) -> Style:
    """Return the style of a genre; its key is the one drawn most often."""
    return Style(
        id=entry.id,
        name=entry.name,
        phrases=entry.phrases,
        low_bpm=entry.low_bpm,
        default_bpm=entry.default_bpm,
        high_bpm=entry.high_bpm,
        key=Key.parse(entry.usual_key),
        meter=parse_meter(entry.meter),
        character=entry.character,
        roles=entry.roles,
        devices=frozenset(entry.devices),
        derived=entry.based_on is not None,
        major=entry.major,
    )


def closest(
    known: Sequence[Style],
    default: str,
    *,
    bpm: float | None,
    levels: Mapping[str, float],
    devices: Iterable[str],
    roles: Iterable[Role],
    avoid: Collection[str] = (),
    plain: bool = True,
) -> Style:
    """Return the style nearest to a tempo, levels, instruments and parts; the default where little tells them apart.

    plain   the default and the styles that others build on are likelier
    """
    devices, roles = tuple(devices), tuple(roles)

    def distance(style: Style) -> float:
        far = 0.0
        if bpm is not None:
            # a tempo outside the range weighs more the further it is; the middle of the range is a little nearer
            outside = max(style.low_bpm - bpm, bpm - style.high_bpm, 0.0) / style.default_bpm
            far += 8 * outside + 0.5 * abs(bpm - style.default_bpm) / style.default_bpm
        far += sum(abs(style.character.get(name, 0.5) - value) for name, value in levels.items())
        far += 0.6 * sum(device not in style.devices for device in devices)
        far += 0.2 * sum(role not in style.roles for role in roles)
        far += 0.5 * (style.meter != (4, 4))
        # unnamed, a style that others build on is likelier than one of those
        return far + DERIVED_FARTHER * style.derived - (0.3 if style.id == default else 0) if plain else far

    allowed = [style for style in known if style.id not in avoid] or list(known)
    return min(allowed, key=lambda style: (round(distance(style), 9), style.id))
