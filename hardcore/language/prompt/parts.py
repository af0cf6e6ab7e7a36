"""Parts: who plays, from a reading: only these, these as well, none of these, and on which instruments."""

from collections.abc import Sequence
from typing import Any

from hardcore.compose.parts.chordparts import ALONE
from hardcore.compose.styles import Style
from hardcore.language.prompt.pieces import Piece
from hardcore.language.prompt.reading import Reading
from hardcore.project.roles import DRUMS, ROLES, Role

# they play a tune and accompany it
TWO_HANDED = frozenset({
    "piano", "harpsichord", "epiano", "organ", "pipe_organ", "clavinet", "nylon_guitar", "electric_guitar", "harp",
    "koto", "marimba", "vibraphone", "kalimba", "music_box",
})  # fmt: skip


def both_hands(row: Sequence[Piece], style: Style, parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts with a tune beside the accompaniment where one such instrument plays solo: "solo piano"."""
    role = parts["only"][0] if len(parts["only"]) == 1 else None
    device = parts["devices"].get(role)
    solo = any(piece.kind == "only" and piece.word == "solo" for piece in row)
    if not solo or device not in TWO_HANDED or role == "lead" or parts["traits"].get(role):
        return parts
    if device == "electric_guitar" and device not in style.devices and "nylon_guitar" in style.devices:
        device = "nylon_guitar"
    return parts | {"only": ("lead", role), "devices": {"lead": device, role: device}, "traits": {role: (ALONE,)}}


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
