"""Preferences: what a profile would do to a piece of a style."""

from typing import NamedTuple

from hardcore.profile.model import Profile
from hardcore.profile.quantities import quantity
from hardcore.profile.statistics import learned


class Preference(NamedTuple):
    """One thing that a person likes otherwise than it was composed.

    value   how far to move it, or the name of the choice
    pieces  how many pieces say so; 0: it was set by hand
    """

    part: str
    what: str
    value: float | str
    pieces: int


def preferences(profile: Profile, style: str) -> tuple[Preference, ...]:
    """Return what a profile would do in a style: what was set by hand, and what is certain and large enough."""
    found: dict[tuple[str, str], Preference] = {}
    for part, what in dict.fromkeys((part, what) for _, part, what in profile.places()):
        known = learned(profile.pieces, style, part, what)
        value = bounded(what, known.value) if known.holds and known.value is not None else None
        if value is not None:
            found[part, what] = Preference(part, what, value, known.pieces)
    for choice in sorted(profile.chosen, key=lambda one: one.style != ""):
        if choice.style in ("", style):
            found[choice.part, choice.what] = Preference(choice.part, choice.what, choice.value, 0)
    return tuple(found.values())


def bounded(what: str, value: float | str) -> float | str | None:
    """Return a move as it is made: within what the profile may do, in steps; None where it is too small to be made."""
    measure = quantity(what)
    if measure is None or isinstance(value, str):
        return value
    inside = min(max(value, -measure.most), measure.most)
    stepped = round(round(inside / measure.step) * measure.step, 6)
    return stepped if abs(stepped) >= measure.least else None
