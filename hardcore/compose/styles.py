"""Styles as the reader of prompts sees them: a genre's phrases, tempo, character and usual parts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from hardcore.knowledge import loader
from hardcore.knowledge.genre import Genre
from hardcore.music.meter import parse_meter
from hardcore.music.scale import Key
from hardcore.project.roles import Role

DEFAULT_STYLE = "warehouse_techno"


class Style(NamedTuple):
    """What a prompt's words can mean in a genre. `character` holds its levels, `roles` the parts it usually has."""

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

    def bpm_at(self, place: float) -> float:
        """Return the tempo at a place of the range, 0 the slowest and 1 the fastest, in whole BPM."""
        return float(round(self.low_bpm + (self.high_bpm - self.low_bpm) * place))


def styles() -> tuple[Style, ...]:
    """Return a style for every genre of the knowledge base."""
    return _styles(loader.stamp())


@lru_cache(maxsize=4)
def _styles(stamp: loader.Stamp) -> tuple[Style, ...]:
    return tuple(style_of(genre_id, loader.genre(genre_id)) for genre_id in loader.genre_ids())


def style_of(genre_id: str, genre: Genre) -> Style:
    """Return the style of a genre; its key is the one drawn most often."""
    usual = max(genre.keys, key=lambda choice: choice.weight)
    return Style(
        id=genre_id,
        name=genre.name,
        phrases=(genre.name, *genre.synonyms),
        low_bpm=genre.tempo.low,
        default_bpm=genre.tempo.default,
        high_bpm=genre.tempo.high,
        key=usual.key,
        meter=parse_meter(genre.meter),
        character=genre.character._fields(),
        roles=tuple(role for role, part in genre.parts.items() if part.chance >= 0.5),
        devices=frozenset(sound.device for sounds in genre.palette.values() for sound in sounds),
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
) -> Style:
    """Return the style nearest to a tempo, levels, instruments and parts; the default where little tells them apart."""
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
        return far - (0.3 if style.id == default else 0)

    allowed = [style for style in known if style.id not in avoid] or list(known)
    return min(allowed, key=lambda style: (round(distance(style), 9), style.id))
