"""Parts: who plays, from a reading: only these, these as well, none of these, and on which instruments."""

from typing import Any

from hardcore.compose.styles import Style
from hardcore.language.prompt.reading import Reading
from hardcore.project.roles import DRUMS, ROLES, Role


def parts_of(reading: Reading, style: Style) -> dict[str, Any]:
    """Return only, include, exclude, devices and traits; a group such as drums means those the style has."""

    def narrowed(asked: dict[Role, str]) -> tuple[Role, ...]:
        own = {role for role in asked if role not in reading.groups or role in style.roles}
        if not own.intersection(DRUMS) and any(role in reading.groups for role in asked):
            own |= {role for role in ("kick", "snare", "hat_closed") if role in asked}
        return tuple(role for role in ROLES if role in own)

    only = narrowed(reading.only)
    left = {role: words for role, words in reading.include.items() if role not in only}
    if only:
        left = _after_only(reading, left)
    return {
        "only": only,
        "include": narrowed(left),
        "exclude": tuple(role for role in ROLES if role in reading.exclude),
        "devices": {role: reading.devices[role] for role in ROLES if role in reading.devices},
        "traits": {role: reading.traits[role] for role in ROLES if role in reading.traits},
    }


def _after_only(reading: Reading, include: dict[Role, str]) -> dict[Role, str]:
    """Return the parts that are still wanted beside an "only": those named after it; the others are told."""
    places = {words: at for at, (words, meaning) in reading.places.items()}
    said = sorted((at, words) for at, (words, meaning) in reading.places.items() if meaning.startswith("only "))
    first = min(at for at, _ in said) if said else 0
    kept = {role: words for role, words in include.items() if places.get(words, 0) > first}
    for role, words in include.items():
        if role not in kept:
            reading.overrule(words, f"only {said[0][1]}" if said else "only")
            reading.devices.pop(role, None)
            reading.traits.pop(role, None)
    return kept
